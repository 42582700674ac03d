"""An account as a plain document, and back: everything it has but its journal and its open sockets.

Knows the shape of the document; what only one exchange has, its `Kept` declares. A document is believed in nothing: it
must have the types, agree with itself (`consistency`), and come out the same when it is written again.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Any, cast, get_type_hints

import msgspec

from simulator.core import consistency, documents
from simulator.core.accounts import Account, Key, Progress
from simulator.core.behavior import Setting
from simulator.core.book import Withdrawal
from simulator.core.exchange import Exchange
from simulator.core.faults import KINDS, Fault, Kind
from simulator.core.ids import Ids, StreamState
from simulator.core.kept import Kept
from simulator.core.ledger import Balance
from simulator.core.lifecycle import State
from simulator.core.limits import Counter, DecayingCounter, FixedWindow, SlidingWindow
from simulator.core.misuse import Misuse, brief, did_you_mean, shown
from simulator.core.options import Name
from simulator.core.world import World

FORMAT = "exchange-simulator account"
VERSION = 1
"""Of the document's shape: any change of it is another version."""

LEFT_OUT = frozenset({"id", "clock", "journal", "_is_past"})
"""What of an account is not in its document: what follows from the rest, the server's clock but for its skew, what
clients asked, what lasts for one turn only."""


def take(exchange: Exchange, world: World, account: Account) -> dict[str, Any]:
    """The document of an account, secrets included, of JSON's own types; amounts are text."""
    return {
        "format": FORMAT,
        "version": VERSION,
        "exchange": account.exchange,
        "name": account.name,
        "progress": account.progress,
        "delays": dict(account.delays),
        "polls": account.polls,
        "skew_ms": account.clock.skew_ms,
        "limited": account.limited,
        "lead_ms": account.lead_ms,
        "behavior": dict(account.behavior.changes),
        "ids": _plain(account.ids),
        "traces": _plain(account.traces),
        "ledger": _plain(account.ledger.balances()),
        "steps": account.book.steps,
        "details": _plain(account.details),
        "counters": _counters(account.counters),
        "keys": [_key(key) for key in account.keys],
        "book": [_plain(withdrawal) for withdrawal in account.book],
        "faults": [_fault(fault) for fault in account.faults],
        "faults_made": account.faults_made,
        "sessions": _plain(exchange.kept.sessions(world, account)),
    }


def rebuild(exchange: Exchange, world: World, document: Mapping[str, Any]) -> Account:
    """The account of a document, in the world. Raises Misuse, AlreadyThere; nothing is there then that was not before.

    A document of another format, version or exchange is refused, and one that is broken or contradicts itself.
    """
    check_head(exchange.name, document)
    document = documents.readable(document)
    record = _read(document, _types(exchange.kept).account)
    account = _account(exchange, world, record)
    consistency.check(exchange, account)
    world.check_free(account)
    exchange.kept.check(world, account)
    world.admit(account)
    try:
        exchange.kept.take_up(world, account, record.sessions)
        documents.check_same("", document, take(exchange, world, account))
    except Misuse:
        exchange.forget(world, account)
        world.delete_account(account.name)
        raise
    return account


def check_head(exchange_name: str, document: Mapping[str, Any]) -> None:
    """See that it is a snapshot, of this version and of that exchange. Raises Misuse."""
    if document.get("format") != FORMAT:
        raise Misuse(f"this is no snapshot of an account: its format is {shown(document.get('format'))}")
    version = document.get("version")
    if version != VERSION or type(version) is not int:  # true and 1.0 are equal to 1
        raise Misuse(f"the snapshot is of version {shown(version)}, and this simulator reads version {VERSION}")
    if document.get("exchange") != exchange_name:
        raise Misuse(f"the snapshot is of {shown(document.get('exchange'))}, not of {exchange_name!r}")


class _Types(msgspec.Struct):
    account: Any
    key: Any
    withdrawal: Any
    fault: Any


@lru_cache
def _types(kept: Kept) -> _Types:
    """The types of a document, made of those that the account's parts have anyway: a new field is in it by itself."""
    counters = dict[str, dict[str, Any]]
    key = _like(Key, ("account",), counters=counters, details=kept.key or None)
    withdrawal = _like(Withdrawal, state=str, details=kept.withdrawal)
    part = _like(Fault, ("does",), draws=StreamState)
    fault = msgspec.defstruct("Fault", [("kind", str)], bases=(part,), forbid_unknown_fields=True, kw_only=True)
    account = msgspec.defstruct(
        "Account",
        [
            ("format", str),
            ("version", int),
            ("exchange", str),
            ("name", Name),
            ("progress", Progress),
            ("delays", dict[str, int]),
            ("polls", int),
            ("skew_ms", int),
            ("limited", bool),
            ("lead_ms", int),
            ("behavior", dict[str, Setting]),
            ("ids", StreamState),
            ("traces", StreamState),
            ("ledger", dict[str, Balance]),
            ("steps", int),
            ("details", kept.account),
            ("counters", counters),
            ("keys", list[key]),  # type: ignore[valid-type]
            ("book", list[withdrawal]),  # type: ignore[valid-type]
            ("faults", list[fault]),  # type: ignore[valid-type]
            ("faults_made", int),
            ("sessions", list[kept.session] if kept.session else list[Any]),  # type: ignore[name-defined]
        ],
        forbid_unknown_fields=True,
        kw_only=True,
    )
    return _Types(account, key, withdrawal, fault)


def _like(source: type, without: tuple[str, ...] = (), **instead: Any) -> Any:
    """The type of a part as a document has it: its fields, some of them in another type. None is left out."""
    hints = get_type_hints(source, include_extras=True) | instead
    chosen = [(field.name, hints[field.name]) for field in fields(source) if field.name not in without]
    return msgspec.defstruct(source.__name__, chosen, forbid_unknown_fields=True, kw_only=True)


def _plain(value: Any) -> Any:
    """A value of an account in JSON's own types."""
    if isinstance(value, State | Kind):
        return value.name
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, Ids):
        value = value.state
    if is_dataclass(value):
        value = {field.name: getattr(value, field.name) for field in fields(value)}
    if isinstance(value, Mapping):
        return {name: _plain(one) for name, one in value.items()}
    if isinstance(value, set | frozenset):
        value = sorted(value)
    if isinstance(value, list | tuple | deque):
        return [_plain(one) for one in value]
    assert value is None or isinstance(value, str | int | float), f"a snapshot cannot hold {type(value).__name__}"
    return value


def _counters(counters: Mapping[str, Counter]) -> dict[str, Any]:
    return {name: {"kind": type(counter).__name__, **_plain(counter)} for name, counter in counters.items()}


def _key(key: Key) -> dict[str, Any]:
    parts = {field.name: getattr(key, field.name) for field in fields(key) if field.name != "account"}
    return {**{name: _plain(part) for name, part in parts.items()}, "counters": _counters(key.counters)}


def _fault(fault: Fault) -> dict[str, Any]:
    parts = _plain(fault)
    return {"kind": parts.pop("does"), **parts}


def _read(document: object, kind: Any) -> Any:
    try:
        return msgspec.convert(document, kind, dec_hook=_decoded)
    except msgspec.ValidationError as error:
        told = str(error)
        raise Misuse(f"the snapshot is broken: {brief(told[:1].lower() + told[1:].replace('`', ''), 200)}") from None
    except (UnicodeEncodeError, ArithmeticError):
        raise Misuse("the snapshot is broken: it has a text or a number that cannot be read") from None


def _decoded(kind: Any, value: Any) -> Any:
    """msgspec asks for the one type that it does not know itself: a deque."""
    return deque(msgspec.convert(value, list[int]))


def _account(exchange: Exchange, world: World, record: Any) -> Account:
    """The account of a record, in no world yet."""
    account = world.make_account(record.name, Ids.at(record.ids))
    account.traces = Ids.at(record.traces)
    account.progress, account.limited, account.lead_ms = record.progress, record.limited, record.lead_ms
    account.delays, account.polls, account.clock.skew_ms = record.delays, record.polls, record.skew_ms
    account.faults_made = record.faults_made
    account.behavior = exchange.unknowns.behavior(record.behavior)
    account.details = record.details
    account.ledger.enter(record.ledger)
    account.counters = _counters_of(exchange.kept, record.counters)
    for one in record.keys:
        parts = msgspec.structs.asdict(one)
        account.keys.append(Key(account=account, **parts | {"counters": _counters_of(exchange.kept, one.counters)}))
    consistency.check_unique("withdrawal", [one.id for one in record.book])
    withdrawals = [
        Withdrawal(**msgspec.structs.asdict(one) | {"state": consistency.state(account, one.state)})
        for one in record.book
    ]
    account.book.enter(withdrawals, record.steps)
    for one in record.faults:
        parts = msgspec.structs.asdict(one)
        kind, draws = _kind(parts.pop("kind")), Ids.at(parts.pop("draws"))
        account.faults.append(Fault(does=kind, draws=draws, **parts))
    return account


def _counters_of(kept: Kept, given: Mapping[str, Mapping[str, Any]]) -> dict[str, Counter]:
    known = {kind.__name__: kind for kind in (FixedWindow, SlidingWindow, DecayingCounter, *kept.counters)}
    made = {}
    for name, one in given.items():
        kind = one.get("kind")
        if not isinstance(kind, str) or kind not in known:
            raise Misuse(f"the snapshot has a counter of kind {shown(kind)}; {did_you_mean(kind, known)}")
        made[name] = cast(Counter, _read({part: value for part, value in one.items() if part != "kind"}, known[kind]))
    return made


def _kind(name: str) -> Kind:
    for kind in KINDS:
        if kind.name == name:
            return kind
    raise Misuse(f"the snapshot has a fault {shown(name)}; {did_you_mean(name, [kind.name for kind in KINDS])}")
