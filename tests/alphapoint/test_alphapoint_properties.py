"""What holds whatever is sent: money is conserved, both transports agree, and only the exchange's answers come."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from contracts.dialects import alphapoint as dialect
from contracts.wire import HttpCall
from simulator import Misuse, Request, Simulator
from simulator.core.clock import ManualClock
from simulator.exchanges.alphapoint import scalars
from simulator.exchanges.alphapoint.endpoints import ENDPOINTS
from simulator.exchanges.alphapoint.lifecycle import LIFECYCLE, NUMBERED

SIMULATOR = Simulator(clock=ManualClock())
NAMES = sorted({endpoint.path.rpartition("/")[2] for endpoint in ENDPOINTS})
HTTP_ONLY = {"Authenticate", "AuthenticateUser", "Authenticate2FA"}
FUNCTIONS = [
    endpoint.path.rpartition("/")[2]
    for endpoint in ENDPOINTS
    if endpoint.method != "WS" and endpoint.path.rpartition("/")[2] not in HTTP_ONLY
]
"""What both transports have and answers with nothing but what was asked: logins show other tokens each time."""

texts = st.text(st.characters(), max_size=20) | st.sampled_from(
    ["", "1", "0", "-1", "9" * 25, "٣", "\ud800", "\x00", "Google"]
)
numbers = st.integers() | st.floats() | st.booleans() | st.none() | st.just(2**70)
values = st.recursive(
    texts | numbers, lambda inner: st.lists(inner, max_size=2) | st.dictionaries(texts, inner, max_size=2)
)
FIELDS = ["OMSId", "omsid", "UserId", "AccountId", "RequestCode", "TFaType", "TFaCode", "Payload"]
FIELDS += ["ProductId", "Amount", "TemplateForm", "TemplateType", "AccountProviderId", "VerifyCode", "Code"]
FIELDS += ["OperatorId", "Status", "Comments", "RejectReason", "Limit", "StartIndex", "Depth", "IncludeComments"]
FIELDS += ["TransactionTypes", "TransactionReferenceTypes", "IncludePending", "InstrumentState", "Email"]
LOGIN_FIELDS = ["APIKey", "Signature", "Nonce", "UserName", "Password", "SessionToken"]
keys = st.sampled_from(FIELDS + LOGIN_FIELDS)
payloads = st.dictionaries(keys | texts, values, max_size=6)


class LedgerMachine(RuleBasedStateMachine):
    """Random withdrawals, cancels, events and times of one account."""

    def __init__(self) -> None:
        super().__init__()
        self.account = SIMULATOR.alphapoint.account(balances={"BTC": "100"})
        self.operator = SIMULATOR.alphapoint.account(balances={}, permissions=["Operator"])
        self.codes: list[str] = []
        self.listener = SIMULATOR.open_socket("/WSGateway/")
        self.listener.send(dialect.hello(self.account.credentials))
        payload = {"OMSId": 1, "AccountId": self.account.credentials["account_id"]}
        self.listener.send(dialect.frame(2, "SubscribeAccountEvents", payload))
        self.event_number = 0
        self.heard: dict[str, str] = {}
        self.heard_hold: Decimal | None = None
        self.ended: dict[str, str] = {}

    @rule(amount=st.decimals("0.0001", 50, places=8), state=st.sampled_from([state.name for state in LIFECYCLE.states]))
    def create(self, amount: Decimal, state: str) -> None:
        try:
            self.codes.append(self.account.withdrawal("BTC", amount, state=state).id)
        except Misuse:
            assert amount + Decimal("0.0002") > self.account.balance("BTC").available

    @precondition(lambda self: self.codes)
    @rule(data=st.data(), over_http=st.booleans(), later=st.booleans(), wide=st.booleans())
    def cancel(self, data: st.DataObject, over_http: bool, later: bool, wide: bool) -> None:
        code = data.draw(st.sampled_from(self.codes))
        self.account.set(
            behavior={
                "cancel.takes_effect": "later" if later else "at_once",
                "cancel.cancellable": "wide" if wide else "pending",
            }
        )
        before = next(found for found in self.account.withdrawals if found.id == code)
        stage, available = before.stage, self.account.balance("BTC").available
        answer = _ask(self.account, "CancelWithdraw", _asked(self.account, code), over_http=over_http)
        if answer["result"]:
            assert stage == "pending"
            assert before.stage == ("cancelling" if later else "cancelled")
            assert self.account.balance("BTC").available == available + (0 if later else before.amount + before.fee)
        else:
            assert answer["detail"] == "Withdraw ticket already processed"
            assert before.stage == stage

    @precondition(lambda self: self.codes)
    @rule(
        data=st.data(), event=st.sampled_from(sorted({event for moves in LIFECYCLE.moves.values() for event in moves}))
    )
    def happen(self, data: st.DataObject, event: str) -> None:
        withdrawal = data.draw(st.sampled_from(self.account.withdrawals))
        try:
            withdrawal.event(event)
        except Misuse:
            is_broke = withdrawal.amount + withdrawal.fee > self.account.balance("BTC").available
            assert not LIFECYCLE.allows(withdrawal.internal_state, event) or (event == "resubmit" and is_broke)

    @rule(
        amount=st.decimals(0, 60, places=9) | st.sampled_from([Decimal("0.5"), Decimal(1), Decimal(200)]),
        first=st.sampled_from(["Pending2Fa", "New", "AutoAccepted"]),
        over_http=st.booleans(),
    )
    def create_by_ticket(self, amount: Decimal, first: str, over_http: bool) -> None:
        self.account.set(behavior={"create.first_status": first})
        before = self.account.balance("BTC")
        wanted = {
            "OMSId": 1,
            "AccountId": self.account.credentials["account_id"],
            "ProductId": 1,
            "Amount": format(amount, "f"),
            "TemplateForm": {"ExternalAddress": "bc1q"},
            "TemplateType": "ToExternalBitcoinAddress",
        }
        answer = _ask(self.account, "CreateWithdrawTicket", wanted, over_http=over_http)
        if answer["result"]:
            self.codes.append(answer["detail"])
            assert self.account.balance("BTC").held == before.held + amount + Decimal("0.0002")
            assert self.account.withdrawals[-1].state == first
        else:
            assert answer["errorcode"] == 100
            assert self.account.balance("BTC") == before
            is_fine = amount > 0 and amount == amount.quantize(Decimal("1E-8"))
            assert not is_fine or amount + Decimal("0.0002") > before.available

    @precondition(lambda self: self.codes)
    @rule(data=st.data(), status=st.sampled_from(NUMBERED) | st.integers(-1, 23))
    def update(self, data: st.DataObject, status: str | int) -> None:
        code = data.draw(st.sampled_from(self.codes))
        withdrawal = next(found for found in self.account.withdrawals if found.id == code)
        before = withdrawal.internal_state
        wanted = {"OMSId": 1, "OperatorId": 1, "RequestCode": code, "Status": status}
        call = HttpCall("POST", "/AP/UpdateWithdrawTicket", (), json.dumps(wanted).encode())
        call = dialect.signed(call, self.operator.credentials, 1)
        answer = json.loads(SIMULATOR.answer(Request(call.method, call.target, call.headers, call.body)).body)
        if answer["result"]:
            assert withdrawal.state == (status if isinstance(status, str) else NUMBERED[status])
        else:
            assert answer["errorcode"] in (100, 101)
            assert withdrawal.internal_state == before

    @invariant()
    def the_position_is_the_ledger(self) -> None:
        payload = {"OMSId": 1, "AccountId": self.account.credentials["account_id"]}
        (position,) = _ask(self.account, "GetAccountPositions", payload, over_http=True)
        balance = self.account.balance("BTC")
        assert Decimal(str(position["Hold"])) == balance.held
        assert Decimal(str(position["Amount"])) == balance.available + balance.held

    @rule(seconds=st.integers(0, 400))
    def advance(self, seconds: int) -> None:
        self.account.advance(seconds=seconds)

    @invariant()
    def money_is_conserved(self) -> None:
        balance = self.account.balance("BTC")
        assert balance.total == 100
        held = [
            found.amount + found.fee for found in self.account.withdrawals if found.stage in ("pending", "cancelling")
        ]
        assert balance.held == sum(held, Decimal(0))
        spent = [found.amount + found.fee for found in self.account.withdrawals if found.stage == "processed"]
        assert balance.spent == sum(spent, Decimal(0))

    @invariant()
    def whoever_only_listens_knows_the_truth(self) -> None:
        for text in self.listener.pushed():
            frame = json.loads(text)
            assert frame["m"] == 3
            assert frame["i"] == self.event_number + 2
            self.event_number = frame["i"]
            content = json.loads(frame["o"], parse_float=Decimal)
            if frame["n"] == "WithdrawTicketUpdateEvent":
                self.heard[content["RequestCode"]] = content["Status"]
                assert content["CreatedTimestampTick"] <= content["LastUpdateTimestampTick"]
            else:
                assert frame["n"] == "AccountPositionEvent"
                self.heard_hold = Decimal(str(content["Hold"]))
        assert self.heard == {found.id: found.state for found in self.account.withdrawals}
        assert self.heard_hold in (None, self.account.balance("BTC").held)

    @invariant()
    def what_has_ended_stays_as_it_is(self) -> None:
        for found in self.account.withdrawals:
            if LIFECYCLE.is_final(found.internal_state):
                assert self.ended.setdefault(found.id, found.state) == found.state
            else:
                assert found.id not in self.ended

    def teardown(self) -> None:
        self.listener.close()
        self.account.delete()
        self.operator.delete()


TestLedger = LedgerMachine.TestCase


def _asked(account: Any, code: str) -> dict[str, Any]:
    credentials = account.credentials
    return {
        "OMSId": 1,
        "UserId": credentials["user_id"],
        "AccountId": credentials["account_id"],
        "RequestCode": code,
    }


def _ask(account: Any, function: str, payload: Any, *, over_http: bool) -> Any:
    """The object that a function gives, over one transport or the other."""
    if over_http:
        call = HttpCall("POST", f"/AP/{function}", (), json.dumps(payload).encode())
        call = dialect.signed(call, account.credentials, 1)
        reply = SIMULATOR.answer(Request(call.method, call.target, call.headers, call.body))
        return json.loads(reply.body, parse_float=Decimal)
    socket = SIMULATOR.open_socket("/WSGateway/")
    socket.send(dialect.hello(account.credentials))
    (told,) = socket.send(dialect.frame(7, function, payload))
    frame = json.loads(told)
    assert (frame["i"], frame["n"]) == (7, function)
    return json.loads(frame["o"], parse_float=Decimal)


@given(st.sampled_from(FUNCTIONS), payloads, st.booleans())
def test_both_transports_give_the_same_object(function: str, payload: dict[str, Any], is_real: bool) -> None:
    answers = []
    for over_http in (True, False):
        with SIMULATOR.alphapoint.account("twin") as account:
            code = account.withdrawal("USDT", "10").id
            given_payload = _asked(account, code) if is_real else {**_asked(account, code), **payload}
            answers.append(_ask(account, function, given_payload, over_http=over_http))
            answers.append([account.balance("USDT"), account.withdrawals[0].state])
    assert answers[:2] == answers[2:]


@given(st.sampled_from(FUNCTIONS), st.data())
def test_the_case_of_names_and_numbers_as_text_do_not_matter(function: str, data: st.DataObject) -> None:
    with SIMULATOR.alphapoint.account("twin") as account:
        code = account.withdrawal("USDT", "10").id
        plain = {**_asked(account, code), "ProductId": 3, "Amount": 10, "OperatorId": 1, "Limit": 1}
        odd = {}
        for name, value in plain.items():
            odd_name = "".join(letter.upper() if data.draw(st.booleans()) else letter.lower() for letter in name)
            odd[odd_name] = str(value) if data.draw(st.booleans()) else value
        expected = _ask(account, function, plain, over_http=True)
    with SIMULATOR.alphapoint.account("twin") as account:
        account.withdrawal("USDT", "10")
        assert _ask(account, function, odd, over_http=True) == expected


@given(st.integers(0, 3_155_378_975_999_999_999))
def test_a_date_is_its_tick_cut_off_at_milliseconds(tick: int) -> None:
    text = scalars.iso(tick)
    moment = datetime.fromisoformat(text)
    whole_ms = (moment - datetime(1, 1, 1, tzinfo=UTC)) // timedelta(milliseconds=1)
    assert whole_ms == tick // 10_000
    assert len(text) == len("0001-01-01T00:00:00.000Z")


@given(
    st.sampled_from(["GET", "POST", "PUT", "HEAD", ""]),
    st.sampled_from([f"/AP/{name}" for name in NAMES]) | texts.map(lambda text: "/AP/" + text),
    texts,
    st.lists(
        st.tuples(st.sampled_from(["aptoken", "APIKey", "Signature", "UserId", "Nonce", "Authorization"]), texts),
        max_size=5,
    ),
    st.binary(max_size=50) | payloads.map(lambda payload: json.dumps(payload).encode()),
    st.booleans(),
)
def test_no_request_gets_anything_but_the_exchanges_own_answers(
    method: str, path: str, query: str, headers: list[tuple[str, str]], body: bytes, signed: bool
) -> None:
    with SIMULATOR.alphapoint.account(behavior={"two_factor.guards_cancel": len(body) % 2 == 0}) as account:
        withdrawal = account.withdrawal("USDT", "10")
        call = HttpCall(method, f"{path}?{query}", tuple(headers), body)
        if signed:
            call = dialect.signed(HttpCall(method, f"{path}?{query}", (), body), account.credentials, 1)
        reply = SIMULATOR.answer(Request(call.method, call.target, call.headers, call.body))
        if reply.header("Content-Type") == "text/plain":
            assert (reply.status, reply.body) == (404, b"NOT FOUND")
        else:
            _is_an_object_of_the_exchange(reply.status, json.loads(reply.body))
        assert (withdrawal.state, account.balance("USDT").held) == ("Pending2Fa", 14)


FIRST_KEYS = {"msg", "Authenticated", "AssetManagerId", "result", "FeeAmount", "TemplateTypes", "Template", "UserId"}
FIRST_KEYS |= {"OMSID", "Subscribed", "Unsubscribed"}


def _is_an_object_of_the_exchange(status: int, answer: Any) -> None:
    assert status == 200
    if isinstance(answer, dict) and "errorcode" in answer:
        assert list(answer) == ["result", "errormsg", "errorcode", "detail"]
        assert answer["result"] is (answer["errorcode"] == 0)
        assert answer["errorcode"] in (0, 20, 100, 101, 104, 106, 909)
    elif isinstance(answer, dict):
        assert next(iter(answer)) in FIRST_KEYS
    else:
        assert isinstance(answer, list)


@given(
    st.lists(
        st.text(st.characters(), max_size=40)
        | st.builds(
            lambda kind, number, name, payload: json.dumps({"m": kind, "i": number, "n": name, "o": payload}),
            st.sampled_from([0, 2, 4]) | values,
            st.integers() | values,
            st.sampled_from(NAMES) | values,
            payloads.map(json.dumps) | values,
        ),
        max_size=4,
    )
)
def test_no_frame_gets_anything_but_a_reply_an_error_or_silence(frames: list[str]) -> None:
    with SIMULATOR.alphapoint.account() as account:
        withdrawal = account.withdrawal("USDT", "10")
        socket = SIMULATOR.open_socket("/WSGateway/")
        socket.send(dialect.hello(account.credentials))
        for text in frames:
            told = socket.send(text)
            assert len(told) <= 1  # nothing is subscribed to that could change here
            for frame in map(json.loads, told):
                assert list(frame) == ["m", "i", "n", "o"]
                if frame["m"] == 5:
                    assert frame["o"] == "Endpoint Not Found"
                else:
                    assert frame["m"] == 1
                    _is_an_object_of_the_exchange(200, json.loads(frame["o"]))
        assert (withdrawal.state, account.balance("USDT").held) == ("Pending2Fa", 14)
