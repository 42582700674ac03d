"""Two things are wrong at once: the earlier check answers. Spoilers are listed in the order of the checks."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable
from typing import Any

import pytest

from contracts.dialects import alphapoint as dialect
from contracts.wire import HttpCall

GUID = "7d77a2b1-7b3f-4a5e-8a3e-0d2f4f1c9b10"


class Plan:
    """A cancel that would succeed, before the spoilers have been at it."""

    def __init__(self, desk: Any) -> None:
        self.desk = desk
        self.method = "POST"
        self.function = "CancelWithdraw"
        self.key: dict[str, Any] = {}
        self.changes: dict[str, Any] = {}
        self.headers_without = ""
        self.log_in = True
        self.exhausted = False
        self.guard: dict[str, Any] | None = None
        self.payload: dict[str, Any] = desk.asked()
        self.body: str | None = None
        self.frame: str | None = None
        self.token: str | None = None
        self.idle = False
        self.peer = "127.0.0.1"

    def _credentials(self) -> dict[str, Any]:
        credentials = self.desk.account.key(**self.key).credentials if self.key else self.desk.credentials
        return {**credentials, **self.changes}

    def _text(self) -> str:
        text = json.dumps(self.payload) if self.body is None else self.body
        return text if not self.guard else json.dumps({**self.guard, "Payload": text})

    def _prepare(self) -> None:
        account = self.desk.account
        if self.guard is not None:
            account.set(behavior={"two_factor.guards_cancel": True})
        if self.exhausted:
            account.set(limits=True, behavior={"limit.calls_per_minute": 0})

    def over_http(self) -> None:
        self._prepare()
        call = HttpCall(self.method, f"/AP/{self.function}", (), self._text().encode())
        call = dialect.signed(call, self._credentials(), 1)
        headers = tuple(header for header in call.headers if header[0] != self.headers_without)
        self.desk.send(HttpCall(call.method, call.target, headers, call.body))

    def with_a_token(self) -> None:
        self._prepare()
        login = dialect.signed(HttpCall("POST", "/AP/Authenticate"), self._credentials(), 1)
        token = self.token or json.loads(self.desk.send(login).body)["SessionToken"]
        if self.idle:
            self.desk.clock.advance(3_600_000)
        call = HttpCall(self.method, f"/AP/{self.function}", (), self._text().encode())
        self.desk.send(dialect.with_token(call, token), self.peer)

    def over_a_socket(self) -> None:
        self._prepare()
        socket = self.desk.socket(logged_in=False)
        if self.log_in:
            socket.send(dialect.hello(self._credentials()))
        text = json.dumps({"m": 0, "i": 1, "n": self.function, "o": self._text()})
        socket.send(text if self.frame is None else self.frame)


def _set(**changes: Any) -> Callable[[Plan], None]:
    def spoil(plan: Plan) -> None:
        for name, value in changes.items():
            setattr(plan, name, value)

    return spoil


def _key(**options: Any) -> Callable[[Plan], None]:
    return lambda plan: plan.key.update(options)


def _changed(**changes: Any) -> Callable[[Plan], None]:
    return lambda plan: plan.changes.update(changes)


def _payload(**changes: Any) -> Callable[[Plan], None]:
    return lambda plan: plan.payload.update(changes)


def _foreign_account(plan: Plan) -> None:
    other = plan.desk.simulator.alphapoint.account()
    plan.payload["AccountId"] = other.credentials["account_id"]


def _foreign_code(plan: Plan) -> None:
    plan.payload["RequestCode"] = plan.desk.simulator.alphapoint.account().withdrawal("USDT", "1").id


def _state(state: str) -> Callable[[Plan], None]:
    def spoil(plan: Plan) -> None:
        plan.payload["RequestCode"] = plan.desk.account.withdrawal("USDT", "1", state=state).id

    return spoil


SHARED: list[tuple[str, Callable[[Plan], None]]] = [
    ("limit.exceeded", _set(exhausted=True)),
    ("two_factor.bare_payload", _set(guard={})),
    ("two_factor.unknown_type", _set(guard={"TFaType": "SMS", "TFaCode": "x"})),
    ("two_factor.wrong_code", _set(guard={"TFaType": "Google", "TFaCode": "x"})),
    ("parameters.not_an_object", _set(body="[1]")),
    ("cancel.field_missing", _payload(UserId="")),
    ("parameters.wrong_type", _payload(OMSId="x")),
    ("auth.no_permission", _key(permissions=["Trading"])),
    ("cancel.unknown_account", _payload(AccountId=7)),
    ("account.foreign", _foreign_account),
    ("cancel.wrong_oms", _payload(OMSId=2)),
    ("cancel.wrong_user", _payload(UserId=96)),
    ("cancel.malformed_code", _payload(RequestCode="x")),
    ("cancel.foreign_code", _foreign_code),
    ("cancel.unknown_code", _payload(RequestCode=GUID)),
    ("cancel.already_cancelled", _state("UserCanceled")),
    ("cancel.being_cancelled", _state("New:cancelling")),
    ("cancel.final", _state("Rejected")),
    ("cancel.not_cancellable", _state("New")),
]

HTTP = [
    ("route.unknown", _set(function="GetServerTime")),
    ("route.wrong_method", _set(method="DELETE")),
    ("auth.incomplete_headers", _set(headers_without="Nonce")),
    ("auth.unknown_key", _changed(api_key="k")),
    ("auth.wrong_user_id", _changed(user_id=96)),
    ("auth.wrong_signature", _changed(api_secret="s")),
    ("auth.expired_key", _key(expires="2020-01-01T00:00:00Z")),
    ("auth.wrong_ip", _key(ip_allowlist=["192.0.2.1"])),
    *SHARED,
]

TOKEN = [
    ("route.unknown", _set(function="GetServerTime")),
    ("route.wrong_method", _set(method="DELETE")),
    ("auth.unknown_token", _set(token=GUID)),
    ("auth.expired_token", _set(idle=True)),
    ("auth.token_of_another_ip", _set(peer="192.0.2.1")),
    *SHARED,
]

SOCKET = [
    ("frame.not_json", _set(frame="x")),
    ("frame.unusable", _set(frame="[]")),
    ("socket.unknown_function", _set(function="GetServerTime")),
    ("socket.not_authenticated", _set(log_in=False)),
    *SHARED,
]


def _newest_refusal(desk: Any) -> str | None:
    entries = [*desk.account.journal, *desk.simulator.alphapoint.journal]
    refused = [entry.refused.condition for entry in entries if entry.refused is not None]
    return refused[-1] if refused else None


def _pairs(spoilers: list[Any]) -> list[Any]:
    return [pytest.param(*pair, id=f"{pair[0][0]}-{pair[1][0]}") for pair in itertools.combinations(spoilers, 2)]


@pytest.mark.parametrize(("earlier", "later"), _pairs(HTTP))
def test_the_earlier_check_answers_over_http(desk: Any, earlier: Any, later: Any) -> None:
    plan = Plan(desk)
    later[1](plan)
    earlier[1](plan)
    plan.over_http()
    assert _newest_refusal(desk) == earlier[0]


@pytest.mark.parametrize(("earlier", "later"), _pairs(TOKEN))
def test_the_earlier_check_answers_a_call_with_a_token(desk: Any, earlier: Any, later: Any) -> None:
    plan = Plan(desk)
    later[1](plan)
    earlier[1](plan)
    plan.with_a_token()
    assert _newest_refusal(desk) == earlier[0]


@pytest.mark.parametrize(("earlier", "later"), _pairs(SOCKET))
def test_the_earlier_check_answers_over_a_socket(desk: Any, earlier: Any, later: Any) -> None:
    plan = Plan(desk)
    later[1](plan)
    earlier[1](plan)
    plan.over_a_socket()
    assert _newest_refusal(desk) == earlier[0]


@pytest.mark.parametrize(
    ("spoilers", "send"),
    [(HTTP, Plan.over_http), (TOKEN, Plan.with_a_token), (SOCKET, Plan.over_a_socket)],
    ids=["HTTP", "token", "socket"],
)
def test_everything_is_wrong_and_is_repaired_check_by_check(open_desk: Any, spoilers: list[Any], send: Any) -> None:
    for first in range(len(spoilers) + 1):
        desk = open_desk()
        plan = Plan(desk)
        for _, spoil in reversed(spoilers[first:]):
            spoil(plan)
        send(plan)
        assert _newest_refusal(desk) == (spoilers[first][0] if first < len(spoilers) else None)
    assert desk.withdrawal.state == "UserCanceled"


def test_an_idle_session_is_told_before_its_ip_and_an_unknown_one_before_both(desk: Any) -> None:
    token = desk.login()
    desk.clock.advance(3_600_000)
    desk.with_token("CancelWithdraw", token, peer="192.0.2.1")
    assert _newest_refusal(desk) == "auth.expired_token"
    desk.with_token("CancelWithdraw", GUID, peer="192.0.2.1")
    assert [entry.refused.condition for entry in desk.simulator.alphapoint.journal if entry.refused] == [
        "auth.unknown_token"
    ]


def test_of_a_token_and_signed_headers_the_token_counts(desk: Any) -> None:
    call = dialect.signed(HttpCall("POST", "/AP/CancelWithdraw", (), b"{}"), desk.credentials, 1)
    assert desk.send(dialect.with_token(call, GUID)).status == 404
    assert desk.send(dialect.with_token(call, desk.login())).status == 200
    wrong = dialect.signed(
        HttpCall("POST", "/AP/CancelWithdraw", (), b"{}"), {**desk.credentials, "api_secret": "s"}, 1
    )
    assert desk.send(dialect.with_token(wrong, desk.login())).status == 200


# --- CreateWithdrawTicket and UpdateWithdrawTicket ----------------------------------------------------------------

CREATE: list[tuple[str, dict[str, Any]]] = [
    ("two_factor.bare_payload", {"behavior": "always"}),
    ("create.field_missing", {"TemplateForm": ""}),
    ("parameters.wrong_type", {"ProductId": "x"}),
    ("auth.no_permission", {"permissions": ["Trading"]}),
    ("read.unknown_account", {"AccountId": 7}),
    ("read.wrong_oms", {"OMSId": 2}),
    ("create.unknown_product", {"ProductId": 96}),
    ("create.unknown_template", {"TemplateType": "Carrier"}),
    ("create.malformed_form", {"TemplateForm": "{"}),
    ("create.no_address", {"TemplateForm": "{}"}),
    ("create.amount", {"Amount": 0}),
    ("create.precision", {"Amount": "0.0000001"}),
    ("create.insufficient_balance", {"Amount": 10_000}),
]

UPDATE: list[tuple[str, dict[str, Any]]] = [
    ("update.field_missing", {"RequestCode": ""}),
    ("parameters.wrong_type", {"OMSId": "x"}),
    ("auth.no_permission", {"permissions": ["Withdraw"]}),
    ("operator.wrong", {"OperatorId": 2}),
    ("update.unknown_code", {"RequestCode": GUID}),
    ("update.impossible_status", {"Status": "FullyProcessed"}),
]


def _ask(desk: Any, function: str, payload: dict[str, Any], permissions: list[str], spoilers: list[Any]) -> None:
    """Spoil in reverse, so that of two spoilers of one field the earlier check's counts."""
    for _, changes in reversed(spoilers):
        payload.update(changes)
    if payload.pop("behavior", None):
        desk.account.set(behavior={"two_factor.guards_create": "always"})
    key = desk.account.key(permissions=payload.pop("permissions", permissions)).credentials
    desk.call(function, payload, **key)


@pytest.mark.parametrize(("earlier", "later"), _pairs(CREATE))
def test_the_earlier_check_answers_when_a_ticket_is_created(desk: Any, earlier: Any, later: Any) -> None:
    _ask(desk, "CreateWithdrawTicket", desk.wanted(), ["Withdraw"], [earlier, later])
    assert _newest_refusal(desk) == earlier[0]


@pytest.mark.parametrize(("earlier", "later"), _pairs(UPDATE))
def test_the_earlier_check_answers_when_a_ticket_is_updated(desk: Any, earlier: Any, later: Any) -> None:
    payload = {"OMSId": 1, "OperatorId": 1, "RequestCode": desk.withdrawal.id, "Status": "Rejected"}
    _ask(desk, "UpdateWithdrawTicket", payload, ["Operator"], [earlier, later])
    assert _newest_refusal(desk) == earlier[0]


def test_a_ticket_is_created_and_updated_once_nothing_is_wrong(desk: Any) -> None:
    _ask(desk, "CreateWithdrawTicket", desk.wanted(), ["CreateWithdrawTicket"], [])
    payload = {"OMSId": 1, "OperatorId": 1, "RequestCode": desk.account.withdrawals[-1].id, "Status": "Rejected"}
    _ask(desk, "UpdateWithdrawTicket", payload, ["UpdateWithdrawTicket"], [])
    assert _newest_refusal(desk) is None
    assert desk.account.withdrawals[-1].state == "Rejected"
