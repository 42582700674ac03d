"""The config file of `serve`: accounts, withdrawals, keys, behavior and faults declared in TOML.

    [exchanges.bybit.behavior]
    "cancel.unknown_id" = "SERVER_ERROR"

    [[exchanges.bybit.faults]]
    kind = "delay"
    endpoint = "time"
    seconds = 2

    [[accounts]]
    exchange = "bybit"
    name = "treasury"
    balances = { USDT = "100" }

    [[accounts.withdrawals]]
    asset = "USDT"
    amount = "10"

    [[accounts.withdrawals.plans]]
    event = "pass_review"
    before = "cancel"

    [[accounts.faults]]
    kind = "lose_reply"
    endpoint = "cancel"

The options are those of the control surface; `expires` of a key may be a date-time of TOML too, in UTC where it has no
offset. What is wrong is told with the file and the line or key.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import date, time
from pathlib import Path
from typing import Any

from simulator.core.book import Withdrawal
from simulator.core.misuse import Misuse, brief, did_you_mean, shown
from simulator.service import Service, faults, operations, plans, snapshots
from simulator.service.operations import Opened

length_max = 16 * 1024 * 1024
"""Characters: a pipe is read as well, and a device may have no end."""

_PARTS = ("withdrawals", "keys", "faults")


@dataclass(frozen=True, slots=True)
class Declared:
    """An account that the file declared, and its withdrawals."""

    opened: Opened
    withdrawals: tuple[Withdrawal, ...]


def load(path: Path) -> dict[str, Any]:
    """The file's document. Raises Misuse when it cannot be read or is no TOML."""
    import tomllib  # a server without a config file is ready the sooner

    try:
        # With a byte order mark or without: some editors put one before UTF-8.
        with path.open(encoding="utf-8-sig") as file:
            content = file.read(length_max + 1)
        document = tomllib.loads(content) if len(content) <= length_max else None
    except OSError as error:
        raise Misuse(f"{_named(path)}: cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise Misuse(f"{_named(path)}: is not UTF-8 text") from None
    except tomllib.TOMLDecodeError as error:
        raise Misuse(f"{_named(path)}: is not TOML: {brief(str(error), 200)}") from None
    except RecursionError:
        raise Misuse(f"{_named(path)}: is nested too deeply") from None
    except ValueError:  # what tomllib lets through: a whole number that Python refuses to read
        raise Misuse(f"{_named(path)}: has a number of thousands of digits") from None
    if document is None:
        raise Misuse(f"{_named(path)}: has more than the {length_max} characters that are read; name a config file")
    return document


def declare(
    service: Service, path: Path, defaults: Mapping[str, Any], known: Collection[str] | None = None
) -> list[Declared]:
    """Make what the file declares; `defaults` are options of accounts that do not say otherwise. Raises Misuse.

    `known` are the ids of accounts that a state file has brought; those are as it left them and are not made again.
    When it is given every account needs a name, by which a later run finds it.
    """
    document = load(path)
    with _at(path, ""):
        _known(document, ("exchanges", "accounts"))
        settings = _table(document.get("exchanges", {}), "exchanges")
        accounts = _tables(document.get("accounts", []), "accounts")
    for name, changes in settings.items():
        _exchange(service, path, name, changes)
    if known is not None:
        _rehearse(service, path, defaults, accounts, known)
    return [
        _account(service, path, f"accounts[{number}]", defaults, one)
        for number, one in enumerate(accounts)
        if known is None or _identity(one) not in known
    ]


def _exchange(service: Service, path: Path, name: str, given: object) -> None:
    """What is set for an exchange as a whole, and its faults, of calls that belong to no account."""
    where = f"exchanges.{brief(name)}"
    with _at(path, where):
        table = dict(_table(given, name))
        declared = _tables(table.pop("faults", []), "faults", f"{where}.")
        _check_names(table)
        operations.change_exchange(service, name, table)
    for number, fault in enumerate(declared):
        with _at(path, f"{where}.faults[{number}]"):
            faults.add_to_exchange(service, name, fault)


def _rehearse(
    service: Service, path: Path, defaults: Mapping[str, Any], accounts: list[dict[str, Any]], known: Collection[str]
) -> None:
    """See that every declaration makes sense, also of an account that is not made because the state has it.

    They are made in a service that is thrown away, beside what the state alone has. Raises Misuse.
    """
    declared = []
    for number, one in enumerate(accounts):
        with _at(path, f"accounts[{number}]"):
            declared.append(_identity(one))
    trial = Service(seed=service.seed, clock=service.clock)
    for name, world in service.worlds.items():
        trial.worlds[name].behavior, trial.worlds[name].skew_ms = world.behavior, world.skew_ms
    for identity in known:
        if identity not in declared:
            with suppress(Misuse):  # a sub-account whose main account is declared
                snapshots.restore(trial, snapshots.take(service, identity))
    for number, one in enumerate(accounts):
        _account(trial, path, f"accounts[{number}]", defaults, one)


def _identity(given: Mapping[str, Any]) -> str:
    """The id of the account that is declared. Raises Misuse for one without a name."""
    if "name" not in given:
        raise Misuse("the key 'name' is missing: with --state every account needs one, to be found again")
    return f"{given.get('exchange')}-{given['name']}"


def _account(
    service: Service, path: Path, where: str, defaults: Mapping[str, Any], given: Mapping[str, Any]
) -> Declared:
    with _at(path, where):
        own = _with_moment({name: value for name, value in given.items() if name not in _PARTS})
        _check_names(own)
        options = {**defaults, **own}
        if "exchange" not in options:
            raise Misuse("the key 'exchange' is missing: bybit, okx, kraken or alphapoint")
        exchange = options.pop("exchange")
        if not isinstance(exchange, str):
            raise Misuse("the key 'exchange' must be text, one of bybit, okx, kraken or alphapoint")
        opened = operations.create_account(service, exchange, options)
        parts = {part: _tables(given.get(part, []), part, "accounts.") for part in _PARTS}
    identity = opened.account.id
    for number, key in enumerate(parts["keys"]):
        with _at(path, f"{where}.keys[{number}]"):
            operations.create_key(service, identity, _with_moment(key))
    withdrawals = []
    for number, withdrawal in enumerate(parts["withdrawals"]):
        with _at(path, f"{where}.withdrawals[{number}]"):
            planned = _tables(withdrawal.get("plans", []), "plans", "accounts.withdrawals.")
            options = {name: value for name, value in withdrawal.items() if name != "plans"}
            withdrawals.append(operations.create_withdrawal(service, identity, options))
        for place, plan in enumerate(planned):
            with _at(path, f"{where}.withdrawals[{number}].plans[{place}]"):
                plans.add(service, identity, withdrawals[-1].id, plan)
    for number, fault in enumerate(parts["faults"]):
        with _at(path, f"{where}.faults[{number}]"):
            faults.add_to_account(service, identity, fault)
    return Declared(opened, tuple(withdrawals))


@contextmanager
def _at(path: Path, where: str) -> Iterator[None]:
    """Say of every wrong use inside where in the file it stands."""
    try:
        yield
    except Misuse as misuse:
        raise Misuse(f"{_named(path)}: {where + ': ' if where else ''}{misuse}") from None


def _named(path: Path) -> str:
    return brief(str(path), 1100)


def _with_moment(options: dict[str, Any]) -> dict[str, Any]:
    """`expires` as TOML writes dates and times, in the text that every other surface takes."""
    given = options.get("expires")
    return {**options, "expires": given.isoformat()} if isinstance(given, date | time) else options


def _check_names(options: Mapping[str, Any]) -> None:
    """Raises Misuse for a `behavior` whose name stands without quotes: to TOML its dot makes a table of a table."""
    behavior = options.get("behavior")
    for name, value in behavior.items() if isinstance(behavior, dict) else ():
        if isinstance(value, dict):
            whole = brief(".".join([name, *list(value)[:1]]))
            raise Misuse(f'the behavior {whole} has a dot in its name: put the name in quotes, "{whole}" = ...')


def _known(table: Mapping[str, Any], known: tuple[str, ...]) -> None:
    for name in table:
        if name not in known:
            raise Misuse(f"there is no key {shown(name)} here; {did_you_mean(name, known)}")


def _table(value: object, name: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise Misuse(f"{shown(name)} must be a table")
    return value


def _tables(value: object, name: str, within: str = "") -> list[dict[str, Any]]:
    if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
        raise Misuse(f"{shown(name)} must be an array of tables, written [[{within}{name}]]")
    return value
