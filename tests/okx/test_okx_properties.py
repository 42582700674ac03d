"""What holds for any sequence of calls and any bytes: money is conserved, and every answer is one of OKX's own."""

from __future__ import annotations

import contextlib
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
from simulator.exchanges.okx import OKX
from simulator.exchanges.okx.errors import Errors
from simulator.exchanges.okx.lifecycle import LIFECYCLE

CANCEL = "/api/v5/asset/cancel-withdrawal"
HISTORY = "/api/v5/asset/withdrawal-history"
CODES = {str(row.code) for row in rows(Errors)} | {"0"}
BY_CODE = {code: [row for row in rows(Errors) if str(row.code) == code] for code in CODES}
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
    assert document["code"] in ("0", 404) or reply.status in {row.status for row in BY_CODE[str(document["code"])]}


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


EVM = "0x7c3f1cd65d8a3c3b1c7a9d3c5f0e2b4a6d8c0e11"
amounts = st.decimals("0.1", "4", places=2).map(str)
ask = st.tuples(
    st.just("ask"),
    st.fixed_dictionaries(
        {"ccy": st.just("ETH"), "amt": amounts},
        optional={"clientId": st.sampled_from(["a", "b", "c"])},
    ),
    st.sampled_from([{"dest": "4", "toAddr": EVM}, {"dest": "3", "toAddr": "recipient@example.com"}]),
)


class Bank:
    """An account of 10 ETH, a client of it that signs, and a socket that hears everything."""

    def __init__(self, behavior: dict[str, Any] | None = None) -> None:
        self.clock = ManualClock()
        self.simulator = Simulator(clock=self.clock)
        self.account = self.simulator.okx.account(balances={"ETH": "10"}, behavior=behavior)
        self.socket = self.simulator.open_socket("/ws/v5/business")
        self.socket.send(dialect.login(self.account.credentials, str(self.clock.now_ms // 1000)))
        self.socket.send('{"op":"subscribe","args":[{"channel":"withdrawal-info"}]}')

    def get(self, path: str) -> list[dict[str, Any]]:
        reply = self.simulator.answer(signed(self.account, HttpCall("GET", "/api/v5/asset/" + path), self.clock.now_ms))
        assert_own(reply)
        data: list[dict[str, Any]] = json.loads(reply.body)["data"]
        return data

    def post(self, path: str, body: object) -> bool:
        """True if it was done."""
        headers = (("Content-Type", "application/json"),)
        call = HttpCall("POST", "/api/v5/asset/" + path, headers, json.dumps(body).encode())
        reply = self.simulator.answer(signed(self.account, call, self.clock.now_ms))
        assert_own(reply)
        return reply.body.startswith(b'{"code":"0"')

    def step(self, name: str, given_: list[Any]) -> None:
        made = self.account.withdrawals
        if name == "ask":
            self.post("withdrawal", {**given_[0], **given_[1]})
        elif name == "advance":
            self.account.advance(seconds=given_[0])
        elif made and name == "cancel":
            chosen = made[given_[0] % len(made)]
            may = chosen.state in ("0", "17", "19")
            # Of two cancels in a row the first is accepted, if any.
            done = [self.post("cancel-withdrawal", {"wdId": chosen.id}) for _ in range(2)]
            assert done == [may, False]
        elif made:
            with contextlib.suppress(Misuse):
                made[given_[0] % len(made)].event(given_[1])


@given(st.lists(st.one_of(ask, cancel, event, advance), max_size=25), st.booleans())
@settings(max_examples=60)
def test_pushes_history_bills_and_balances_agree_after_any_sequence(steps: list[Any], at_completion: bool) -> None:
    bank = Bank({"money.debited": "at completion"} if at_completion else None)
    heard: dict[str, list[str]] = {}
    for name, *given_ in steps:
        bank.step(name, given_)
        for frame in bank.socket.pushed():
            (row,) = json.loads(frame)["data"]
            heard.setdefault(row["wdId"], []).append(row["state"])
        balance = bank.account.balance("ETH")
        assert balance.total == 10
        assert {
            one.id: [step.state.removeprefix("internal ") for step in one.history] for one in bank.account.withdrawals
        } == heard
        assert {row["wdId"]: row["state"] for row in bank.get("withdrawal-history")} == {
            number: states[-1] for number, states in heard.items()
        }
        (shown,) = bank.get("balances") or [{"availBal": "0", "bal": "0", "frozenBal": "0"}]
        assert Decimal(shown["availBal"]) == balance.available
        assert Decimal(shown["bal"]) == balance.available + (balance.held if at_completion else 0)
        bills = bank.get("bills")
        assert Decimal(bills[0]["bal"]) == sum(Decimal(bill["balChg"]) for bill in bills) == Decimal(shown["bal"])
        assert len({bill["billId"] for bill in bills}) == len(bills)


def backwards(bank: Bank, path: str, size: int, by: str = "ts") -> list[dict[str, Any]]:
    """All rows, page by page, each page beginning at the oldest row of the one before: newest first."""
    seen: list[dict[str, Any]] = []
    while page := bank.get(f"{path}limit={size}" + (f"&after={seen[-1][by]}" if seen else "")):
        seen += page
    return seen


def forwards(bank: Bank, path: str, size: int, by: str = "ts") -> list[dict[str, Any]]:
    """All rows, page by page, each page beginning at the newest row of the one before; newest first in the end."""
    seen: list[dict[str, Any]] = []
    while page := bank.get(f"{path}limit={size}&before={seen[0][by] if seen else 0}"):
        seen = page + seen
    return seen


@given(st.lists(st.sampled_from([0, 0, 1, 2, 5000]), max_size=20), st.integers(1, 7), st.booleans())
@settings(max_examples=60)
def test_paging_backwards_and_forwards_visits_every_row_once(gaps_ms: list[int], size: int, cancels: bool) -> None:
    bank = Bank()
    for gap_ms in gaps_ms:
        bank.clock.advance(gap_ms)
        made = bank.account.withdrawal("ETH", "0.1")
        if cancels:
            made.event("fail")
    for path, by, count in (
        ("withdrawal-history?", "ts", len(gaps_ms)),
        ("bills?", "ts", (4 if cancels else 2) * len(gaps_ms) + 1),
        ("bills-history?", "ts", (4 if cancels else 2) * len(gaps_ms) + 1),
        ("bills-history?pagingType=2&", "billId", (4 if cancels else 2) * len(gaps_ms) + 1),
    ):
        everything = bank.get(path)
        assert len(everything) == count
        assert backwards(bank, path, size, by) == everything
        assert forwards(bank, path, size, by) == everything


@given(st.lists(st.sampled_from([0, 1, 700]), min_size=1, max_size=12), st.integers(1, 3), st.integers(-3000, 3000))
@settings(max_examples=40)
def test_a_clock_that_is_set_does_not_take_rows_out_of_the_pages(gaps_ms: list[int], size: int, skew_ms: int) -> None:
    bank = Bank()
    for number, gap_ms in enumerate(gaps_ms):
        bank.clock.advance(gap_ms)
        bank.account.withdrawal("ETH", "0.1")
        if number == len(gaps_ms) // 2:
            bank.account.set(skew_ms=skew_ms)
    bank.account.set(skew_ms=0)
    everything = bank.get("withdrawal-history?")
    assert len(everything) == len(gaps_ms)
    assert [int(row["ts"]) for row in everything] == sorted({int(row["ts"]) for row in everything}, reverse=True)
    assert backwards(bank, "withdrawal-history?", size) == forwards(bank, "withdrawal-history?", size) == everything


BODIES = {
    "withdrawal": {"ccy": "ETH", "amt": "1", "dest": "4", "toAddr": EVM, "rcvrInfo": {"walletType": "private"}},
    "withdrawal-lightning": {"ccy": "BTC", "invoice": "lnbc1m1" + "q" * 200, "memo": ""},
    "cancel-withdrawal": {"wdId": "1"},
}
known = st.sampled_from(["ccy", "amt", "dest", "toAddr", "toAddrType", "chain", "areaCode", "rcvrInfo", "clientId"])
spoiled = st.dictionaries(st.one_of(known, st.sampled_from(["invoice", "memo", "wdId"])), st.one_of(json_values, text))


@given(st.sampled_from(sorted(BODIES)), spoiled, st.sampled_from(["none", "any wallet"]))
@settings(max_examples=300)
def test_no_value_of_a_body_gets_anything_but_okx_answers(path: str, changes: dict[str, Any], rules: str) -> None:
    clock = ManualClock()
    simulator = Simulator(clock=clock)
    account = simulator.okx.account(balances={"ETH": "10"}, recipient_rules=rules)
    body = json.dumps({**BODIES[path], **changes}).encode()
    headers = (("Content-Type", "application/json"),)
    reply = simulator.answer(signed(account, HttpCall("POST", "/api/v5/asset/" + path, headers, body), clock.now_ms))
    assert_own(reply)
    balance = account.balance("ETH")
    assert balance.total == 10
    done = reply.body.startswith(b'{"code":"0"')
    assert (balance.held > 0) is done is bool(account.withdrawals)


READING = [one for one in OKX.endpoints if one.method == "GET"]
parameters = st.sampled_from(
    [
        "ccy",
        "wdId",
        "txId",
        "to",
        "chain",
        "state",
        "type",
        "toAddrType",
        "limit",
        "after",
        "before",
        "clientId",
        "pagingType",
        "instType",
        "uly",
    ]
)


@given(st.sampled_from(READING), st.lists(st.tuples(parameters, text), max_size=4))
@settings(max_examples=300)
def test_no_query_of_any_call_gets_anything_but_okx_answers(endpoint: Any, pairs: list[tuple[str, str]]) -> None:
    clock = ManualClock()
    simulator = Simulator(clock=clock)
    simulator.okx.set(behavior={"limit.public": True})
    account = simulator.okx.account(balances={"BTC": "10"}, limits=True)
    account.withdrawal("BTC", "1", state="2")
    before = account.balance("BTC")
    query = "&".join(f"{name}={value}" for name, value in pairs)
    target = f"{endpoint.path}?{query}".encode("utf-8", "replace").decode()
    assert_own(simulator.answer(signed(account, HttpCall("GET", target), clock.now_ms)))
    assert account.balance("BTC") == before


frame_values = st.one_of(
    text,
    st.builds(
        lambda op, args, more: json.dumps({"op": op, "args": args, **more}),
        st.sampled_from(["login", "subscribe", "unsubscribe", "x", 1, None]),
        st.one_of(
            json_values,
            st.lists(
                st.dictionaries(
                    st.sampled_from(["channel", "ccy", "apiKey", "passphrase", "timestamp", "sign", "x"]),
                    st.one_of(json_values, text, st.sampled_from(["withdrawal-info", "deposit-info", "BTC"])),
                ),
                max_size=3,
            ),
        ),
        st.dictionaries(st.sampled_from(["id", "x"]), json_values, max_size=1),
    ),
    st.builds(json.dumps, json_values),
)


@given(st.lists(frame_values, max_size=4), st.booleans())
@settings(max_examples=300)
def test_no_frame_gets_anything_but_okx_frames_or_moves_money(sent: list[str], logged_in: bool) -> None:
    clock = ManualClock()
    simulator = Simulator(clock=clock)
    account = simulator.okx.account(balances={"BTC": "10"})
    account.withdrawal("BTC", "1")
    before = account.balance("BTC")
    socket = simulator.open_socket("/ws/v5/business")
    if logged_in:
        socket.send(dialect.login(account.credentials, str(clock.now_ms // 1000)))
    for frame in sent:
        for answer in socket.send(frame):
            if answer != "pong":
                document = json.loads(answer)
                assert document["event"] in ("login", "subscribe", "unsubscribe", "error")
                assert document.get("code", "0") in CODES
                assert answer.endswith(f'"connId":"{document["connId"]}"}}')
        assert socket.closed is None
    assert account.balance("BTC") == before
