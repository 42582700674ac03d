"""Whether an account could have come about: what a snapshot is asked before its account enters a world.

Every function raises Misuse with the first thing that is wrong. What only one exchange can tell, it checks itself.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from decimal import Decimal
from itertools import pairwise
from operator import itemgetter
from typing import Any

from simulator.core import opening
from simulator.core.accounts import Account, Key
from simulator.core.book import Withdrawal, settle
from simulator.core.exchange import Exchange
from simulator.core.faults import Fault, edge
from simulator.core.ids import Ids
from simulator.core.ledger import Ledger, Overdrawn, amount
from simulator.core.lifecycle import Stage, State
from simulator.core.misuse import Misuse, did_you_mean, shown

lead_limit_ms = 100 * 365 * 24 * 3600 * 1000
"""The furthest that an account may be ahead of the clock: a hundred years. Dates beyond 9999 cannot be written."""

_latest_ms = 221_845_392_000_000
"""The year 9000; with an account's lead it stays within the years that can be written."""


def state(account: Account, name: str) -> State:
    """The state of that very name. Raises Misuse."""
    for known in account.book.lifecycle.states:
        if known.name == name:
            return known
    names = [known.name for known in account.book.lifecycle.states]
    raise Misuse(f"the snapshot has a withdrawal in a state {name!r}, which there is not; {did_you_mean(name, names)}")


def check(exchange: Exchange, account: Account) -> None:
    """Everything that holds for accounts of every exchange."""
    if not 0 <= account.lead_ms <= lead_limit_ms:
        raise Misuse(f"the snapshot contradicts itself: lead_ms {account.lead_ms} is not from 0 to {lead_limit_ms}")
    _check_values("details", account.details)
    _check_streams(account)
    _check_names(exchange, account)
    _check_keys(account.keys)
    for name, counter in account.counters.items():
        _check_counter(f"counter {name!r}", counter)
    for number, withdrawal in enumerate(account.book):
        _check_values(f"withdrawal {number}", (withdrawal.id, withdrawal.tx_id, withdrawal.confirmation_code))
        _check_values(f"withdrawal {number}", withdrawal, any_text=True)
        _check_history(account, withdrawal)
    _check_steps(account)
    _check_money(account)
    for fault in account.faults:
        _check_fault(exchange, fault)
    check_unique("fault", [fault.id for fault in account.faults])


def _check_names(exchange: Exchange, account: Account) -> None:
    """Assets, permissions and addresses are words that there are."""
    for asset in {*account.ledger.balances(), *(withdrawal.asset for withdrawal in account.book)}:
        exchange.assets.named(asset)
    for key in account.keys:
        opening.permissions(tuple(key.permissions), exchange.permissions, ())
        opening.ip_allowlist(key.ip_allowlist)


def _check_streams(account: Account) -> None:
    owner = (account.exchange, account.name)
    for name, stream, expected in (("ids", account.ids, owner), ("traces", account.traces, (*owner, "traces"))):
        if stream.state.owner != expected:
            raise Misuse(f"the snapshot contradicts itself: {name} belong to {'/'.join(stream.state.owner)!r}")


def _check_keys(keys: list[Key]) -> None:
    if not keys:
        raise Misuse("the snapshot contradicts itself: the account has no key")
    check_unique("key", [key.api_key for key in keys])
    for key in keys:
        where = f"key {key.api_key!r}"
        if not key.api_key:
            raise Misuse("the snapshot contradicts itself: a key has no name")
        for name in ("secret", "passphrase", "permissions", "ip_allowlist", "supplied", "nonces", "details"):
            _check_values(f"{where} {name}", getattr(key, name))
        if key.nonces.window < 0:
            raise Misuse(f"the snapshot contradicts itself: {where} has a nonce window of {key.nonces.window}")
        for name, counter in key.counters.items():
            _check_counter(f"{where} counter {name!r}", counter)


def _check_counter(where: str, counter: Any) -> None:
    _check_values(where, counter)
    for name in ("limit", "window_ms", "decay_per_s"):
        if getattr(counter, name, 1) <= 0:
            raise Misuse(f"the snapshot contradicts itself: {where} has a {name} of {getattr(counter, name)}")


def _check_history(account: Account, withdrawal: Withdrawal) -> None:
    """A withdrawal begins by being created; from then on every step leads from its state to the next."""
    where, lifecycle, steps = f"withdrawal {withdrawal.id!r}", account.book.lifecycle, withdrawal.history
    if not steps or steps[0].event != "create" or steps[-1].state != withdrawal.state.name:
        raise Misuse(f"the snapshot contradicts itself: the history of {where} does not lead to its state")
    for before, after in pairwise(steps):
        if lifecycle.moves.get(before.state, {}).get(after.event) != after.state:
            raise Misuse(
                f"the snapshot contradicts itself: {after.event!r} does not lead {where} "
                f"from {before.state!r} to {after.state!r}"
            )
        if before.number >= after.number or before.at_ms > after.at_ms:
            raise Misuse(f"the snapshot contradicts itself: the history of {where} is not in order")
    state(account, steps[0].state)
    if (steps[0].at_ms, steps[-1].at_ms) != (withdrawal.created_ms, withdrawal.updated_ms):
        raise Misuse(f"the snapshot contradicts itself: {where} has other times than its history")
    if withdrawal.amount <= 0:
        raise Misuse(f"the snapshot contradicts itself: the amount of {where} is {withdrawal.amount:f}")


def _check_steps(account: Account) -> None:
    numbers = [step.number for withdrawal in account.book for step in withdrawal.history]
    if account.book.steps != len(numbers) or sorted(numbers) != list(range(1, len(numbers) + 1)):
        raise Misuse("the snapshot contradicts itself: the steps of its withdrawals are not numbered one by one")


def _check_money(account: Account) -> None:
    """What is available, held and spent is what comes of the deposits when all steps are taken once more."""
    replayed, stages = Ledger(), {state.name: state.stage for state in account.book.lifecycle.states}
    for asset, balance in account.ledger.balances().items():
        _check_values(f"balance of {asset}", balance)
        replayed.deposit(asset, balance.total)
    steps = sorted(
        ((step.number, one, at) for one in account.book for at, step in enumerate(one.history)), key=itemgetter(0)
    )
    try:
        for _, withdrawal, at in steps:
            if at == 0:
                replayed.hold(withdrawal.asset, withdrawal.gross)
            before = stages[withdrawal.history[at - 1].state] if at else Stage.PENDING
            settle(replayed, withdrawal, before, stages[withdrawal.history[at].state])
    except Overdrawn:
        raise Misuse("the snapshot contradicts itself: its withdrawals take more than there ever was") from None
    for asset, balance in replayed.balances().items():
        told = account.ledger.balance(asset)
        if balance != told:
            raise Misuse(
                f"the snapshot contradicts itself: of {asset} {told.held:f} is held and {told.spent:f} spent, "
                f"but by its withdrawals it is {balance.held:f} and {balance.spent:f}"
            )


def _check_fault(exchange: Exchange, fault: Fault) -> None:
    where = f"fault {fault.id!r}"
    _check_values(where, fault)
    if fault.nth < 1 or not 0 < fault.share <= 1 or fault.met < fault.fired or not 0 <= fault.seconds <= 3600:
        raise Misuse(
            f"the snapshot contradicts itself: {where} could not have been made, or not have been met so often"
        )
    if fault.endpoint is not None and fault.endpoint not in {endpoint.name for endpoint in exchange.endpoints}:
        raise Misuse(f"the snapshot contradicts itself: {exchange.name} has no endpoint {fault.endpoint!r}")
    if (fault.row or "row" in fault.kind.needed) and fault.row not in exchange.unknowns.rows:
        raise Misuse(f"the snapshot contradicts itself: {exchange.name} has no error row {fault.row!r}")
    if fault.status not in edge.PAGES or not fault.content_type:
        raise Misuse(f"the snapshot contradicts itself: {where} answers with what there is not")


def check_unique(what: str, names: list[str]) -> None:
    for name, count in Counter(names).items():
        if count > 1:
            raise Misuse(f"the snapshot contradicts itself: it has the {what} {name!r} twice")


def _check_values(where: str, value: Any, *, any_text: bool = False) -> None:
    """Numbers and texts that every part of the project can carry: times that have a date, money that is some.

    Clients may have written `any_text`, half of a surrogate pair too, into their withdrawals.
    """
    if isinstance(value, Decimal):
        amount(value, f"the snapshot's {where}")
    elif isinstance(value, int | float) and not -(2**63) < value < 2**64:
        raise Misuse(f"the snapshot's {where} {shown(value)} is out of range")
    elif isinstance(value, str) and not any_text and _has_half_a_character(value):
        raise Misuse(f"the snapshot's {where} has half of a surrogate pair, which is no character")
    elif isinstance(value, State | Ids):
        return
    elif is_dataclass(value):
        for field in fields(value):
            one = getattr(value, field.name)
            if field.name.endswith("_ms") and isinstance(one, int) and not -_latest_ms <= one <= _latest_ms:
                raise Misuse(f"the snapshot's {where} {field.name} {shown(one)} is no time that can be written")
            _check_values(f"{where} {field.name}", one, any_text=any_text)
    elif isinstance(value, Mapping):
        for name, one in value.items():
            _check_values(where, name, any_text=any_text)
            _check_values(f"{where} {name}", one, any_text=any_text)
    elif isinstance(value, list | tuple | set | frozenset | deque):
        for one in value:
            _check_values(where, one, any_text=any_text)


def _has_half_a_character(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return True
    return False


def readable(document: Mapping[str, Any]) -> dict[str, Any]:
    """A document with its decimals as floats, as which they were written. Raises Misuse for what nobody can carry."""
    read: dict[str, Any] = _numbers(document)
    _check_values("document", read, any_text=True)
    return read


def _numbers(value: Any) -> Any:
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, Mapping):
        return {name: _numbers(one) for name, one in value.items()}
    return [_numbers(one) for one in value] if isinstance(value, list) else value


def check_same(where: str, given: Any, written: Any) -> None:
    """Refuse what is lost or changed when the account is written again: a field that nobody reads, a thing twice."""
    if isinstance(given, dict) and isinstance(written, dict):
        for name in {**given, **written}:
            if name not in given or name not in written:
                what = "lacks" if name not in given else "has an unknown"
                raise Misuse(f"the snapshot is broken: it {what} {(where + '.' + name).lstrip('.')!r}")
            check_same(f"{where}.{name}", given[name], written[name])
    elif isinstance(given, list) and isinstance(written, list) and len(given) == len(written):
        for number, (one, other) in enumerate(zip(given, written, strict=True)):
            check_same(f"{where}[{number}]", one, other)
    elif given != written or isinstance(given, bool) is not isinstance(written, bool):
        raise Misuse(f"the snapshot is broken: {where.lstrip('.')} {shown(given)} is not as a snapshot writes it")
