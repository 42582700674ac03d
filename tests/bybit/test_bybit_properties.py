"""What holds for Bybit whatever is done in whatever order, and whatever bytes arrive."""

from __future__ import annotations

import json
import re
from decimal import Decimal
from itertools import pairwise
from typing import Any

import requests
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, rule

from contracts.dialects import bybit
from simulator import Misuse, Request, Simulator
from simulator.core.clock import ManualClock
from simulator.core.lifecycle import held_stages
from simulator.exchanges.bybit import BYBIT, wallets
from simulator.exchanges.bybit.lifecycle import LIFECYCLE, MOVES

Desk = Any
EVENTS = sorted({event for moves in MOVES.values() for event in moves})
START = Decimal("1000.000001")


class Withdrawals(RuleBasedStateMachine):
    """An account under random orders: money is conserved, final is final, and a cancel succeeds once at most."""

    ids = Bundle("ids")

    def __init__(self) -> None:
        super().__init__()
        self.clock = ManualClock(1_700_000_000_000)
        self.simulator = Simulator(clock=self.clock)
        self.account = self.simulator.bybit.account(
            balances={"USDT": START - 600},
            wallets={"UTA": {"USDT": "500"}, "EARN": {"USDT": "100"}},
            progress="timed",
        )
        self.accepted: dict[str, int] = {}
        self.final: dict[str, str] = {}

    @rule(
        target=ids,
        amount=st.decimals("0.000001", "400", places=6),
        network=st.sampled_from(["ETH", "TRX", "ARBI"]),
        state=st.sampled_from([state.name for state in LIFECYCLE.states]),
    )
    def create(self, amount: Decimal, network: str, state: str) -> str:
        before = self.account.balance("USDT")
        try:
            return str(self.account.withdrawal("USDT", amount, network=network, state=state).id)
        except Misuse:
            assert self.account.balance("USDT") == before
            return "1"

    def post(self, path: str, body: bytes) -> dict[str, Any]:
        sign = bybit.signature(self.account.api_secret, str(self.clock.now_ms), self.account.api_key, "", body)
        headers = (
            ("X-BAPI-API-KEY", self.account.api_key),
            ("X-BAPI-TIMESTAMP", str(self.clock.now_ms)),
            ("X-BAPI-SIGN", sign),
        )
        answered: dict[str, Any] = json.loads(self.simulator.answer(Request("POST", path, headers, body)).body)
        return answered

    @rule(
        target=ids,
        amount=st.decimals("1", "400", places=6),
        chain=st.sampled_from(["ETH", "TRX", "KAVAEVM"]),
        wallets=st.sampled_from(["FUND", "UTA", "EARN", "FUND,UTA", "FUND,UTA,EARN"]),
        fee_type=st.sampled_from([0, 1]),
        force_chain=st.sampled_from([1, 2]),
        refund=st.sampled_from(["source", "FUND"]),
    )
    def create_over_the_api(
        self, amount: Decimal, chain: str, wallets: str, fee_type: int, force_chain: int, refund: str
    ) -> str:
        self.account.set(behavior={"create.refund_wallet": refund, "create.address_book_is_required": False})
        before = self.account.balance("USDT")
        order = {
            "coin": "USDT",
            "chain": chain,
            "address": "12345",
            "amount": str(amount),
            "timestamp": self.clock.now_ms,
            "accountType": wallets,
            "feeType": fee_type,
            "forceChain": force_chain,
        }
        answered = self.post("/v5/asset/withdraw/create", json.dumps(order).encode())
        assert answered["retCode"] in (0, 131001, 131097)
        if answered["retCode"] == 0:
            return str(answered["result"]["id"])
        assert self.account.balance("USDT") == before
        return "1"

    @rule(withdrawal_id=ids)
    def cancel(self, withdrawal_id: str) -> None:
        answered = self.post("/v5/asset/withdraw/cancel", b'{"id":"%b"}' % withdrawal_id.encode())
        assert answered["retCode"] in (0, 131002, 131099)
        if answered["retCode"] == 0:
            self.accepted[withdrawal_id] = self.accepted.get(withdrawal_id, 0) + 1

    @rule(withdrawal_id=ids, event=st.sampled_from(EVENTS))
    def happen(self, withdrawal_id: str, event: str) -> None:
        for withdrawal in self.account.withdrawals:
            if withdrawal.id == withdrawal_id:
                before = self.account.balance("USDT")
                try:
                    withdrawal.event(event)
                except Misuse:
                    assert self.account.balance("USDT") == before

    @rule(seconds=st.integers(0, 200))
    def wait(self, seconds: int) -> None:
        self.clock.advance(seconds * 1000)

    @rule(seconds=st.floats(0, 200))
    def advance(self, seconds: float) -> None:
        self.account.advance(seconds=seconds)

    @rule(ms=st.integers(-5000, 5000))
    def set_clock(self, ms: int) -> None:
        self.clock.advance(ms)

    @rule(progress=st.sampled_from(["manual", "timed", "immediate"]))
    def change_progress(self, progress: str) -> None:
        self.account.set(progress=progress)

    @invariant()
    def money_is_conserved_and_held_for_what_is_under_way(self) -> None:
        balance = self.account.balance("USDT")
        withdrawals = self.account.withdrawals
        assert balance.total == START
        assert min(balance.available, balance.held, balance.spent) >= 0
        held = sum(((one.amount + one.fee) for one in withdrawals if one.stage in held_stages), Decimal(0))
        spent = sum(((one.amount + one.fee) for one in withdrawals if one.stage == "processed"), Decimal(0))
        assert (balance.held, balance.spent) == (held, spent)

    @invariant()
    def the_wallets_add_up_to_what_is_available_and_held(self) -> None:
        balance = self.account.balance("USDT")
        account = self.account._account
        free = [wallets.available(account, wallet, "USDT") for wallet in wallets.WALLETS]
        assert min(free) >= 0
        assert sum(free) == balance.available
        assert sum(wallets.held(account, wallet, "USDT") for wallet in wallets.WALLETS) == balance.held

    @invariant()
    def a_cancel_succeeds_once_and_is_seen(self) -> None:
        states = {withdrawal.id: withdrawal.state for withdrawal in self.account.withdrawals}
        assert all(count == 1 for count in self.accepted.values())
        assert all(states[withdrawal_id] == "CancelByUser" for withdrawal_id in self.accepted)

    @invariant()
    def final_is_final_and_history_goes_forward(self) -> None:
        for withdrawal in self.account.withdrawals:
            name = withdrawal.internal_state
            assert self.final.get(withdrawal.id, name) == name
            if LIFECYCLE.is_final(name):
                self.final[withdrawal.id] = name
            times = [step.at_ms for step in withdrawal.history]
            assert times == sorted(times)
            steps = withdrawal.history
            for before, after in pairwise(steps):
                assert MOVES[before.state][after.event] == after.state


TestWithdrawals = Withdrawals.TestCase
TestWithdrawals.settings = settings(max_examples=60, stateful_step_count=25, deadline=None)


ENVELOPE = re.compile(
    rb'\{"retCode":(0|[0-9]{5,6}),"retMsg":"(?:[^"\\]|\\.)*","result":\{.*\}(,"retExtInfo":\{\},"time":1700000000000)?\}',
    re.DOTALL,
)
HEADER_TEXT = st.binary(max_size=20).map(lambda raw: raw.decode("utf-8", "surrogateescape"))
TARGET = st.one_of(
    st.sampled_from([endpoint.path for endpoint in BYBIT.endpoints]),
    st.binary(max_size=20).map(lambda raw: "/v5/" + raw.decode("utf-8", "surrogateescape")),
)
QUERY = st.binary(max_size=30).map(lambda raw: "?" + raw.decode("utf-8", "surrogateescape")) | st.just("")
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["id", "x"]), inner, max_size=2),
    max_leaves=6,
).map(lambda value: json.dumps(value).encode())


def assert_bybit(at: Desk, reply: Any) -> None:
    assert reply.status in (200, 400, 401, 403, 404)
    if reply.status == 403:
        assert reply.header("Content-Type") == "text/html"
        assert b"The request could not be satisfied." in reply.body
        return
    if reply.status != 200:
        assert reply.body == b""
    else:
        assert ENVELOPE.fullmatch(reply.body)
        json.loads(reply.body)
    assert reply.header("Content-Type") == "application/json; charset=utf-8"
    assert at.account.balance("USDT").held == 14
    assert at.account.balance("USDT").total == 10_000


@given(
    method=st.sampled_from(["GET", "POST", "PUT", "get", ""]) | HEADER_TEXT,
    target=TARGET,
    query=QUERY,
    headers=st.dictionaries(
        st.sampled_from(["X-BAPI-API-KEY", "x-bapi-timestamp", "X-BAPI-SIGN", "X-BAPI-RECV-WINDOW", "Content-Type"]),
        HEADER_TEXT | st.sampled_from(["1700000000000", "5000", "testkey"]),
    ),
    body=st.binary(max_size=60),
)
def test_no_bytes_get_anything_but_an_answer_of_the_exchange(
    desk: type[Desk], method: str, target: str, query: str, headers: dict[str, str], body: bytes
) -> None:
    at = desk(api_key="testkey")
    at.account.withdrawal("USDT", "10")
    reply = at.simulator.answer(Request(method, target + query, tuple(headers.items()), body))
    assert_bybit(at, reply)


@given(endpoint=st.sampled_from(["cancel", "create"]), body=st.binary(max_size=60) | JSON)
def test_no_body_that_is_rightly_signed_does_harm(desk: type[Desk], endpoint: str, body: bytes) -> None:
    at = desk()
    at.account.withdrawal("USDT", "10")
    reply = at.post(body, target=f"/v5/asset/withdraw/{endpoint}")
    assert_bybit(at, reply)
    assert at.condition.startswith(("body.", endpoint + "."))


@given(raw=st.binary(max_size=60), name=st.sampled_from(["", "limit=", "cursor=", "coin=", "withdrawType="]))
def test_no_query_that_is_rightly_signed_does_harm(desk: type[Desk], raw: bytes, name: str) -> None:
    at = desk()
    at.account.withdrawal("USDT", "10")
    query = name + raw.decode("utf-8", "surrogateescape")
    reply = at.list(query)
    assert_bybit(at, reply)
    assert at.condition in (None, "list.bad_parameter", "list.bad_cursor")


GETS = [endpoint for endpoint in BYBIT.endpoints if endpoint.method == "GET"]
NAMES = [
    "coin",
    "chain",
    "addressType",
    "limit",
    "cursor",
    "accountType",
    "memberId",
    "withBonus",
    "startTime",
    "endTime",
]


@given(
    endpoint=st.sampled_from(GETS),
    pairs=st.lists(
        st.tuples(
            st.sampled_from(NAMES), st.sampled_from(["FUND", "UNIFIED", "USDT", "0", "1"]) | st.binary(max_size=9)
        ),
        max_size=4,
    ),
)
def test_no_query_of_any_endpoint_does_harm(desk: type[Desk], endpoint: Any, pairs: list[tuple[str, Any]]) -> None:
    at = desk()
    at.account.withdrawal("USDT", "10")
    texts = [
        (name, value if isinstance(value, str) else value.decode("utf-8", "surrogateescape")) for name, value in pairs
    ]
    reply = at.get(endpoint.path.removeprefix("/v5/"), "&".join(f"{name}={text}" for name, text in texts))
    assert_bybit(at, reply)


ORDER_NAMES = [
    *("coin", "chain", "address", "tag", "amount", "timestamp", "forceChain", "accountType", "feeType", "requestId"),
    *("transactionPurpose", "questionnaire", "beneficiary"),
]
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9) | st.just("9" * 5000),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=3), inner, max_size=2),
    max_leaves=4,
)


@given(changed=st.dictionaries(st.sampled_from(ORDER_NAMES), ANYTHING, min_size=1, max_size=3))
def test_no_order_with_a_wrong_value_is_taken_or_does_harm(desk: type[Desk], changed: dict[str, Any]) -> None:
    """Poor as the account is, an order that happens to be right is refused for its amount."""
    at = desk(balances={"USDT": "14"})
    withdrawal = at.account.withdrawal("USDT", "10")
    reply = at.create(**changed)
    assert ENVELOPE.fullmatch(reply.body)
    assert at.condition.startswith(("create.", "body."))
    assert [one.id for one in at.account.withdrawals] == [withdrawal.id]
    assert (at.account.balance("USDT").held, at.account.balance("USDT").total) == (14, 14)


@given(
    st.sampled_from(["X-BAPI-API-KEY", "X-BAPI-TIMESTAMP", "X-BAPI-RECV-WINDOW", "body"]),
    st.integers(0, 100),
    st.integers(1, 127),
)
def test_any_byte_changed_on_the_way_is_noticed(desk: type[Desk], part: str, position: int, mask: int) -> None:
    at = desk()
    withdrawal = at.account.withdrawal("USDT", "10")
    body = b'{"id":"%b"}' % withdrawal.id.encode()
    at.post(body, api_secret="another")  # only to see what would be sent
    headers = dict(at.last.request.headers)
    headers["X-BAPI-SIGN"] = bybit.signature(
        at.account.api_secret, headers["X-BAPI-TIMESTAMP"], at.account.api_key, "5000", body
    )
    text = bytearray(body if part == "body" else headers[part].encode())
    text[position % len(text)] ^= mask
    if part == "body":
        body = bytes(text)
    else:
        headers[part] = text.decode()
    reply = at.simulator.answer(Request("POST", "/v5/asset/withdraw/cancel", tuple(headers.items()), body))
    assert json.loads(reply.body)["retCode"] in (10001, 10002, 10003, 10004)
    assert withdrawal.state == "SecurityCheck"


@given(position=st.integers(0, 100), mask=st.integers(1, 127))
def test_any_byte_of_a_query_changed_on_the_way_is_noticed_and_echoed(
    desk: type[Desk], position: int, mask: int
) -> None:
    at = desk()
    query = b"coin=USDT&cursor=eyJ9%3D&limit=50"
    changed = bytearray(query)
    changed[position % len(query)] ^= mask
    sign = bybit.signature(at.account.api_secret, "1700000000000", at.account.api_key, "5000", query)
    reply = at.list(changed.decode(), signature=sign)
    # A "?" in the query is no second one, and the server signs what came behind the first.
    answered = json.loads(reply.body)
    assert answered["retCode"] == 10004
    assert answered["retMsg"] == f"error sign! origin_string[1700000000000{at.account.api_key}5000{changed.decode()}]"


@given(
    kinds=st.lists(st.booleans(), max_size=12),
    limit=st.integers(1, 5),
    wanted=st.sampled_from(["", "0", "1", "2"]),
)
def test_pages_partition_what_a_type_selects_in_strictly_falling_order(
    desk: type[Desk], kinds: list[bool], limit: int, wanted: str
) -> None:
    at = desk()
    made = [
        (at.account.withdrawal("USDT", "1", network=None if kind else "TRX", internal=kind).id, kind) for kind in kinds
    ]
    shown: list[str] = []
    cursor = ""
    while True:
        query = (
            f"limit={limit}" + (f"&withdrawType={wanted}" if wanted else "") + (f"&cursor={cursor}" if cursor else "")
        )
        page = json.loads(at.list(query).body)["result"]
        assert len(page["rows"]) <= limit
        shown += [row["withdrawId"] for row in page["rows"]]
        cursor = page["nextPageCursor"]
        assert bool(cursor) is bool(page["rows"])
        if not cursor:
            break
    selected = {"": [False], "0": [False], "1": [True], "2": [False, True]}[wanted]
    assert shown == [one for one, kind in reversed(made) if kind in selected]
    assert all(int(after) < int(before) for before, after in pairwise(shown))


@given(
    amount=st.decimals("1", "4000", places=6), fee_type=st.sampled_from([0, 1]), coin=st.sampled_from(["USDT", "USDC"])
)
def test_create_and_cancel_leave_every_wallet_as_it_was(
    desk: type[Desk], amount: Decimal, fee_type: int, coin: str
) -> None:
    at = desk()
    path, query = "asset/withdraw/withdrawable-amount", f"coin={coin}"
    before = at.get(path, query).body
    answered = json.loads(at.create(amount=str(amount), feeType=fee_type, coin=coin, accountType="FUND,UTA").body)
    if answered["retCode"] == 0:
        held = at.account.balance(coin).held
        [withdrawal] = at.account.withdrawals
        assert held == withdrawal.amount + withdrawal.fee
        assert fee_type == 0 or held == amount  # taken out of the amount: not a unit more leaves the account
        assert at.get(path, query).body != before
        at.cancel(answered["result"]["id"])
        assert at.condition is None
    else:
        assert at.condition == "create.fee_above_amount"
    assert at.get(path, query).body == before


def test_a_reply_over_http_is_as_long_as_its_compact_json_and_time_never_falls(simulator: Simulator) -> None:
    earlier = 0
    with simulator.bybit.account() as account:
        for path in [endpoint.path for endpoint in BYBIT.endpoints if endpoint.path != "/v5/account/info"]:
            reply = requests.get(simulator.url + path, timeout=10)
            if reply.status_code == 404:  # a POST endpoint
                assert reply.headers["Content-Length"] == "0"
                continue
            answered = json.loads(reply.content)
            compact = json.dumps(answered, separators=(",", ":"), ensure_ascii=False).encode()
            assert reply.content == compact
            assert reply.headers["Content-Length"] == str(len(compact))
            assert reply.headers["Timenow"] == str(answered["time"])
            assert answered["time"] >= earlier
            earlier = answered["time"]
        assert earlier <= account.now_ms
