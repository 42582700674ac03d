"""Hypothesis strategies for property tests of clients and servers: build your own from them, the suite does too.

    from contracts import strategies

    @given(options=strategies.withdrawals("okx"))
    def test_...(exchange_simulator, options):
        with exchange_simulator.okx.account() as account:
            withdrawal = account.withdrawal(**options)

Every strategy takes the exchange's name: bybit, okx, kraken or alphapoint. Amounts are in units of the asset. Needs
Hypothesis (extra `contracts`).
"""

from __future__ import annotations

import re
from decimal import Decimal
from functools import cache, lru_cache
from typing import Any

import msgspec
from hypothesis import strategies as st

from contracts.cases import Call
from contracts.clients import CLIENTS
from contracts.clients.client import Client
from contracts.dialects import DIALECTS
from contracts.wire import HttpCall

_hole = re.compile("«[a-z_0-9]+»")

FAULTS = ("lose_reply", "close_before", "half_body", "garbled_body", "wrong_content_type")
"""The kinds of fault that need no option of their own."""


def _client(exchange: object) -> Client:
    if not isinstance(exchange, str) or exchange not in CLIENTS:
        raise ValueError(f"there is no exchange {exchange!r}; known are {', '.join(CLIENTS)}")
    return CLIENTS[exchange]


def amounts(exchange: str, asset: str | None = None, *, largest: int = 1000) -> st.SearchStrategy[Decimal]:
    """Amounts that the exchange takes for an asset (default: the one the suite withdraws), at its precision, up to
    `largest`. Raises ValueError for an exchange or an asset that is not known, and for a `largest` that is no whole
    number or less than the exchange takes.
    """
    client = _client(exchange)
    known = _asset(client, asset)
    minimum = client.precision(known)[1]
    if not isinstance(largest, int) or isinstance(largest, bool):
        raise ValueError(f"largest {largest!r} must be a whole number of {known}")
    if largest < minimum:
        raise ValueError(f"largest {largest} is less than the {minimum} {known} that {exchange} takes at least")
    return _amounts(exchange, known, largest)


@cache  # Hypothesis looks closely at every strategy that is new to it
def _amounts(exchange: str, asset: str, largest: int) -> st.SearchStrategy[Decimal]:
    places, minimum = CLIENTS[exchange].precision(asset)
    unit = Decimal(1).scaleb(-places)
    return st.integers(int(minimum / unit), int(largest / unit)).map(lambda units: units * unit)


def bad_amounts(exchange: str, asset: str | None = None) -> st.SearchStrategy[str]:
    """Texts that are no amount the exchange takes: one decimal too many, zero, negative, exponents, words."""
    client = _client(exchange)
    places, _ = client.precision(_asset(client, asset))
    too_fine = st.integers(1, 9).map(lambda digit: f"10.{'0' * places}{digit}")
    return too_fine | st.sampled_from(["0", "-1", "-0.5", "", " 10", "10 ", "ten", "NaN", "Infinity", "0x10", "１０"])


def withdrawals(exchange: str, *, states: bool = False, largest: int = 200) -> st.SearchStrategy[dict[str, Any]]:
    """Options of a withdrawal, as `account.withdrawal(**options)` and the control surface take them.

    With `states` some are in another state than the first one. Raises ValueError as `amounts` does.
    """
    return _withdrawals(exchange, bool(states), amounts(exchange, largest=largest))


@cache
def _withdrawals(exchange: str, states: bool, amounts: st.SearchStrategy[Decimal]) -> st.SearchStrategy[dict[str, Any]]:
    client = CLIENTS[exchange]
    amount = amounts.map(lambda value: format(value, "f"))
    options: dict[str, st.SearchStrategy[Any]] = {"asset": st.just(client.asset), "amount": amount}
    optional = {"state": st.sampled_from(client.states)} if states else {}
    return st.fixed_dictionaries(options, optional=optional)


def _asset(client: Client, asset: object) -> str:
    """The common ticker; None stands for the one that the suite withdraws. Raises ValueError."""
    if asset is None:
        return client.asset
    if not isinstance(asset, str):
        raise ValueError(f"asset {asset!r} must be a ticker such as {client.asset!r}")
    client.precision(asset)
    return asset


def unknown_ids(exchange: str) -> st.SearchStrategy[str]:
    """Ids of the right shape that no withdrawal of a fresh account has."""
    return st.sampled_from(_client(exchange).unknown_ids)


def broken_ids(exchange: str) -> st.SearchStrategy[str]:
    """Texts that are no id of any withdrawal: other alphabets, other lengths, and what parsers stumble over.

    None has a quotation mark, a backslash or a control character: they may stand inside JSON as they are.
    """
    _client(exchange)
    odd = [
        "",
        " ",
        "0",
        "-1",
        "1e3",
        "null",
        "true",
        "..",
        "../1",
        "%00",
        "１２３",
        "𝟙",
        "undefined",
        "[object Object]",
    ]
    letters = st.characters(exclude_categories=["C", "Zl", "Zp"], exclude_characters='"\\«»&=+%#')
    return st.sampled_from(odd) | st.text(letters, min_size=1, max_size=80)


def cancels(exchange: str, name: str = "withdrawal") -> st.SearchStrategy[Call]:
    """Cancel calls for the withdrawal in the hole «name», rightly signed; a client's clock may be off a little."""
    client = _client(exchange)  # here: what is not known is refused now, and not when a call is drawn
    if not isinstance(name, str) or not _hole.fullmatch(f"«{name}»"):
        raise ValueError(f"{name!r} is no name of a hole; it has small letters, digits and underscores, no others")
    return st.integers(-900, 900).map(lambda offset: _offset(client.cancel(name), offset))


def _offset(call: Call, offset_ms: int) -> Call:
    call.offset_ms = offset_ms
    return call


def spoiled(exchange: str, call: Call) -> st.SearchStrategy[Call]:
    """The same call with one thing wrong in how it proves who asks: another secret, no proof, or a known mistake.

    A mistake that makes no difference for this call is left out. Raises ValueError for what is no call.
    """
    _is_call(exchange, call)
    return _spoiled(exchange, msgspec.json.encode(call))


def _is_call(exchange: str, call: object) -> None:
    _client(exchange)
    if not isinstance(call, Call):
        raise ValueError(
            f"{call!r} is no call; take one that strategies.cancels({exchange!r}) gives, or a contracts.cases.Call"
        )
    try:  # msgspec looks at what is read, not at what is made
        msgspec.json.encode(call)
        msgspec.convert(msgspec.to_builtins(call), Call)
    except UnicodeEncodeError:
        raise ValueError(f"{call!r} is no call: half a letter, which no request can have, stands in it") from None
    except (msgspec.ValidationError, TypeError, ValueError) as error:
        raise ValueError(f"{call!r} is no call: {error}; see contracts.cases.Call") from None


@lru_cache(maxsize=256)  # Hypothesis looks closely at every strategy that is new to it
def _spoiled(exchange: str, written: bytes) -> st.SearchStrategy[Call]:
    call = msgspec.json.decode(written, type=Call)
    return st.sampled_from(["wrong", "not", *mistakes(exchange, call)]).map(lambda how: _signed(call, how))


def _signed(call: Call, how: str) -> Call:
    return Call(call.method, call.target, call.headers, call.body, how, call.offset_ms, call.changed)


def mistakes(exchange: str, call: Call) -> list[str]:
    """The dialect's mistakes that change the signature of a call. Raises ValueError for what is no call."""
    _is_call(exchange, call)
    # Plain numbers in the holes, as when it is signed: the marks of a hole would make differences of their own.
    target, body = (_hole.sub("1700000000001", text) for text in (call.target, call.body))
    return list(_mistakes(exchange, HttpCall(call.method, target, tuple(call.headers.items()), body.encode())))


@lru_cache(maxsize=256)
def _mistakes(exchange: str, bare: HttpCall) -> tuple[str, ...]:
    dialect = DIALECTS[exchange]
    made_up = {
        "api_key": "key",
        "api_secret": "c2VjcmV0c2VjcmV0",
        "passphrase": "phrase",
        "user_id": 7,
        "account_id": 8,
        "oms_id": 1,
    }
    right = dialect.signed(bare, made_up, 1_700_000_000_000)

    def differs(sign: Any) -> bool:
        try:
            return bool(sign(bare, made_up, 1_700_000_000_000) != right)
        except ValueError:  # it cannot be made: a body that is no JSON is not written again
            return False

    return tuple(name for name, sign in dialect.mistakes.items() if differs(sign))


def life_cycles(exchange: str) -> st.SearchStrategy[list[tuple[str, Any]]]:
    """What the world does to a withdrawal: ("event", its name) and ("advance", seconds), in some order.

    An event that the withdrawal's state does not have is for the reader to pass over.
    """
    event = st.tuples(st.just("event"), st.sampled_from(_client(exchange).events))
    wait = st.tuples(st.just("advance"), st.sampled_from([1, 30, 600, 3600, 86_400]))
    return st.lists(event | wait, max_size=8)


def fault_plans(exchange: str) -> st.SearchStrategy[list[dict[str, Any]]]:
    """Faults for the cancel call, as `account.fault(**options)` and the control surface take them; maybe none."""
    _client(exchange)
    plain = st.sampled_from(FAULTS).map(lambda kind: {"kind": kind})
    edge = st.builds(
        lambda status, acts: {"kind": "edge", "status": status, "acts": acts},
        st.sampled_from([429, 502, 503, 504, 520]),
        st.booleans(),
    )
    when = st.fixed_dictionaries({"endpoint": st.just("cancel"), "nth": st.integers(1, 3), "times": st.integers(1, 2)})
    return st.lists(st.builds(lambda kind, met: {**kind, **met}, plain | edge, when), max_size=3)
