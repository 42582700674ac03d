"""What holds for any sequence of calls and any bytes: money is conserved, and every answer is one of OKX's own."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.dialects import okx as dialect
from contracts.wire import HttpCall
from simulator import Misuse, Reply, Request, Simulator
from simulator.core.clock import ManualClock
from simulator.core.rows import rows
from simulator.exchanges.okx.errors import Errors
from simulator.exchanges.okx.lifecycle import LIFECYCLE

CANCEL = "/api/v5/asset/cancel-withdrawal"
HISTORY = "/api/v5/asset/withdrawal-history"
CODES = {str(row.code) for row in rows(Errors)} | {"0"}
EVENTS = sorted({event for moves in LIFECYCLE.moves.values() for event in moves})

create = st.tuples(
    st.just("create"),
    st.decimals("0.00000001", "6", places=8),
    st.sampled_from([state.name for state in LIFECYCLE.states]),
    st.sampled_from(["BTC-Bitcoin", "BTC-Lightning"]),
)
cancel = st.tuples(st.just("cancel"), st.integers(0, 9))
event = st.tuples(st.just("event"), st.integers(0, 9), st.sampled_from(EVENTS))
advance = st.tuples(st.just("advance"), st.integers(0, 100_000))


def assert_own(reply: Reply) -> None:
    """The reply is JSON with the code of a row, in one of the three shapes."""
    document = json.loads(reply.body)
    assert str(document["code"]) in CODES
    assert list(document) in (
        ["msg", "code"],
        ["code", "data", "msg"],
        ["code", "data", "detailMsg", "error_code", "error_message", "msg"],
    )
    assert reply.headers == (("Content-Type", "application/json"),)
    assert reply.status in (200, 400, 401, 404, 405)


def signed(account: Any, call: HttpCall, now_ms: int) -> Request:
    done = dialect.signed(call, account.credentials, now_ms)
    return Request(done.method, done.target, done.headers, done.body)


@given(st.lists(st.one_of(create, cancel, event, advance), max_size=30))
@settings(max_examples=60, deadline=None)
def test_no_sequence_of_steps_makes_or_loses_money(steps: list[tuple[Any, ...]]) -> None:
    clock = ManualClock()
    simulator = Simulator(clock=clock)
    account = simulator.okx.account(balances={"BTC": "10"})
    for name, *given_ in steps:
        made = account.withdrawals
        before = {one.id: one.state for one in made}
        try:
            if name == "create":
                account.withdrawal("BTC", given_[0], state=given_[1], network=given_[2])
            elif name == "advance":
                account.advance(seconds=given_[0])
            elif made and name == "event":
                made[given_[0] % len(made)].event(given_[1])
            elif made:
                chosen = made[given_[0] % len(made)]
                body = b'{"wdId":"%s"}' % chosen.id.encode()
                headers = (("Content-Type", "application/json"),)
                reply = simulator.answer(signed(account, HttpCall("POST", CANCEL, headers, body), clock.now_ms))
                assert_own(reply)
                accepted = reply.body.startswith(b'{"code":"0"')
                cancellable = before[chosen.id] in ("0", "17", "19") and chosen._withdrawal.network != "BTC-Lightning"
                assert accepted is cancellable
                assert chosen.state == ("-3" if accepted else before[chosen.id])
        except Misuse:
            assert {one.id: one.state for one in account.withdrawals} == before
        balance = account.balance("BTC")
        assert balance.total == 10
        held = [one._withdrawal.gross for one in account.withdrawals if one.stage in ("pending", "cancelling")]
        assert balance.held == sum(held, Decimal(0))


raw = st.binary(max_size=40).map(lambda data: data.decode("utf-8", "surrogateescape"))
text = st.one_of(raw, st.text(max_size=40), st.sampled_from(["", "0", "1", "-1", "٣", "9" * 5000, "1e999", "\ud800"]))
json_values = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=10)),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=5), inner, max_size=3)),
    max_leaves=5,
)
bodies = st.one_of(
    st.binary(max_size=60),
    st.builds(lambda value: json.dumps({"wdId": value}).encode(), json_values),
    st.builds(lambda value: json.dumps(value).encode(), json_values),
)
names = st.sampled_from(
    ["OK-ACCESS-KEY", "OK-ACCESS-SIGN", "OK-ACCESS-TIMESTAMP", "OK-ACCESS-PASSPHRASE", "x-simulated-trading"]
)


@given(
    st.one_of(st.sampled_from(["GET", "POST"]), text),
    st.one_of(st.sampled_from([CANCEL, HISTORY, "/api/v5/public/time"]), text.map(lambda end: "/api/v5/" + end)),
    st.dictionaries(st.one_of(names, text), text, max_size=4),
    bodies,
)
@settings(max_examples=300, deadline=None)
def test_no_bytes_get_anything_but_okx_answers_or_move_money(
    method: str, target: str, headers: dict[str, str], body: bytes
) -> None:
    clock = ManualClock()
    simulator = Simulator(clock=clock)
    account = simulator.okx.account(balances={"BTC": "10"})
    account.withdrawal("BTC", "1")
    before = account.balance("BTC")
    assert_own(simulator.answer(Request(method, target, tuple(headers.items()), body)))
    good = dialect.signed(HttpCall("POST", CANCEL, (), body), account.credentials, clock.now_ms)
    spoiled = {**dict(good.headers), "Content-Type": "application/json", **headers}
    assert_own(simulator.answer(Request("POST", CANCEL, tuple(spoiled.items()), body)))
    assert account.balance("BTC") == before


@given(bodies)
@settings(max_examples=300, deadline=None)
def test_no_signed_body_gets_anything_but_okx_answers(body: bytes) -> None:
    clock = ManualClock()
    simulator = Simulator(clock=clock)
    account = simulator.okx.account(balances={"BTC": "10"})
    headers = (("Content-Type", "application/json"),)
    reply = simulator.answer(signed(account, HttpCall("POST", CANCEL, headers, body), clock.now_ms))
    assert_own(reply)
    assert not reply.body.startswith(b'{"code":"0"')


@given(st.lists(st.tuples(st.sampled_from(["ccy", "wdId", "state", "type", "limit", "after", "before"]), text)))
@settings(max_examples=200, deadline=None)
def test_no_query_gets_anything_but_okx_answers(pairs: list[tuple[str, str]]) -> None:
    clock = ManualClock()
    simulator = Simulator(clock=clock)
    account = simulator.okx.account(balances={"BTC": "10"})
    account.withdrawal("BTC", "1")
    query = "&".join(f"{name}={value}" for name, value in pairs)
    target = f"{HISTORY}?{query}".encode("utf-8", "replace").decode()
    assert_own(simulator.answer(signed(account, HttpCall("GET", target), clock.now_ms)))
