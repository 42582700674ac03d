"""Every place that refuses: provoked, with the bytes of its default row, and again mapped to another row."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pyotp
import pytest

from contracts.dialects import alphapoint as dialect
from contracts.wire import HttpCall
from simulator import Reply, Request
from simulator.core.rows import conditions, rows
from simulator.exchanges.alphapoint.behavior import Conditions, Fields
from simulator.exchanges.alphapoint.errors import Errors

Answer = Reply | tuple[str, ...]
GUID = "7d77a2b1-7b3f-4a5e-8a3e-0d2f4f1c9b10"

ROWS: dict[str, tuple[int, str]] = {
    "NOT_FOUND": (404, "NOT FOUND"),
    "ENDPOINT_NOT_FOUND": (404, "Endpoint Not Found"),
    "TOO_MANY_REQUESTS": (429, "TOO MANY REQUESTS"),
    "SILENCE": (200, ""),
    "LOGIN_FAILED": (200, '{"Authenticated":false,"Locked":false,"errormsg":"Invalid username or password"}'),
    "LOGIN_LOCKED": (200, '{"Authenticated":false,"Locked":true,"errormsg":"Invalid username or password"}'),
    "SECOND_FACTOR_FAILED": (200, '{"Authenticated":false}'),
    "TEMPLATE_NOT_AUTHORIZED": (200, '{"result":false,"errormsg":"Not Authorized","statuscode":32}'),
    "ASSET_MANAGER_NOT_FOUND": (200, '{"result":false,"errormsg":"AssetManager_Not_Found","statuscode":33}'),
    "NOT_AUTHORIZED": (200, '{"result":false,"errormsg":"Not Authorized","errorcode":20,"detail":null}'),
    "INVALID_REQUEST": (200, '{"result":false,"errormsg":"Invalid Request","errorcode":100,"detail":null}'),
    "CANCEL_FIELDS_REQUIRED": (
        200,
        '{"result":false,"errormsg":"Invalid Request","errorcode":100,'
        '"detail":"OMSId, UserId, AccountId and RequestCode are Required"}',
    ),
    "ACCOUNT_FIELDS_REQUIRED": (
        200,
        '{"result":false,"errormsg":"Invalid Request","errorcode":100,"detail":"OMSId and AccountId are Required"}',
    ),
    "OMS_REQUIRED": (200, '{"result":false,"errormsg":"Invalid Request","errorcode":100,"detail":"OMSId is Required"}'),
    "PRODUCT_FIELDS_REQUIRED": (
        200,
        '{"result":false,"errormsg":"Invalid Request","errorcode":100,"detail":"OMSId and ProductId are Required"}',
    ),
    "FEE_FIELDS_REQUIRED": (
        200,
        '{"result":false,"errormsg":"Invalid Request","errorcode":100,'
        '"detail":"OMSId, AccountId, ProductId and Amount are Required"}',
    ),
    "CREATE_FIELDS_REQUIRED": (
        200,
        '{"result":false,"errormsg":"Invalid Request","errorcode":100,'
        '"detail":"OMSId, AccountId, ProductId, Amount, TemplateForm and TemplateType are Required"}',
    ),
    "OPERATOR_FIELDS_REQUIRED": (
        200,
        '{"result":false,"errormsg":"Invalid Request","errorcode":100,"detail":"OMSId and OperatorId are Required"}',
    ),
    "UPDATE_FIELDS_REQUIRED": (
        200,
        '{"result":false,"errormsg":"Invalid Request","errorcode":100,'
        '"detail":"OMSId, OperatorId and RequestCode are Required"}',
    ),
    "INVALID_OMS_OR_OPERATOR": (
        200,
        '{"result":false,"errormsg":"Invalid Request","errorcode":100,"detail":"Invalid OMSId or OperatorId"}',
    ),
    "INSUFFICIENT_BALANCE": (
        200,
        '{"result":false,"errormsg":"Invalid Request","errorcode":100,"detail":"Insufficient Balance"}',
    ),
    "OPERATION_FAILED": (200, '{"result":false,"errormsg":"Operation Failed","errorcode":101,"detail":null}'),
    "OPERATION_NOT_SUPPORTED": (
        200,
        '{"result":false,"errormsg":"Operation Not Supported","errorcode":106,"detail":null}',
    ),
    "OPERATION_IN_PROCESS": (200, '{"result":false,"errormsg":"Operation In Process","errorcode":107,"detail":null}'),
    "JWT_REFUSED": (200, '{"result":false,"errormsg":"Not Authorized","errorcode":401,"detail":null}'),
    "ALREADY_SUBSCRIBED": (
        200,
        '{"result":false,"errormsg":"Already Subscribed.","errorcode":909,'
        '"detail":"{\\"OMSId\\":1,\\"AccountId\\":«account_id»}"}',
    ),
    "CONFIRM_FAILED": (200, '{"result":false,"errormsg":"Operation Failed"}'),
    "INVALID_OMS": (200, '{"result":false,"errormsg":"Invalid Request","errorcode":100,"detail":"Invalid OMSId"}'),
    "TWO_FACTOR_REQUIRED": (
        200,
        '{"result":false,"errormsg":"This endpoint requires 2FACode along with the payload",'
        '"errorcode":100,"detail":null}',
    ),
    "TICKET_NOT_FOUND": (
        200,
        '{"result":false,"errormsg":"Operation Failed","errorcode":101,'
        '"detail":"Withdraw Ticket not found for OmsId, AccountId, RequestCode"}',
    ),
    "ALREADY_PROCESSED": (
        200,
        '{"result":false,"errormsg":"Operation Failed","errorcode":101,"detail":"Withdraw ticket already processed"}',
    ),
    "SERVER_ERROR": (200, '{"result":false,"errormsg":"Server Error","errorcode":102,"detail":null}'),
    "RESOURCE_NOT_FOUND": (200, '{"result":false,"errormsg":"Resource Not Found","errorcode":104,"detail":null}'),
}
"""Status and body of every row over HTTP; on a socket the same text is the `o`."""

TEXTS = {"NOT_FOUND", "ENDPOINT_NOT_FOUND", "TOO_MANY_REQUESTS"}


def _get(path: str, method: str = "GET") -> Callable[[Any], Answer]:
    return lambda desk: desk.simulator.answer(Request(method, path))


def _frame(text: str, *, logged_in: bool = True) -> Callable[[Any], Answer]:
    return lambda desk: desk.socket(logged_in=logged_in).send(text)


def _expired_token(desk: Any) -> Answer:
    token = desk.login()
    desk.clock.advance(3_600_000)
    return desk.with_token("CancelWithdraw", token)


def _ended_socket(desk: Any) -> Answer:
    socket = desk.socket(logged_in=False)
    told = socket.send(dialect.hello(desk.credentials))[0]
    desk.with_token("LogOut", json.loads(json.loads(told)["o"])["SessionToken"])
    return socket.send(dialect.frame(7, "GetWithdraws"))


def _second_key(desk: Any, **options: Any) -> dict[str, Any]:
    return {**desk.account.key(**options).credentials}


def _headers(desk: Any, without: str) -> Answer:
    proof = dialect.proof(desk.credentials, "1")
    del proof[without]
    return desk.send(HttpCall("POST", "/AP/CancelWithdraw", tuple(proof.items()), b"{}"))


def _login(*headers: tuple[str, str]) -> Callable[[Any], Answer]:
    return lambda desk: desk.send(HttpCall("GET", "/AP/Authenticate", headers))


def _password(desk: Any, username: str, password: str) -> Answer:
    return desk.send(dialect.with_password(HttpCall("GET", "/AP/AuthenticateUser"), username, password))


def _proven(desk: Any, **changes: Any) -> Answer:
    call = dialect.signed(HttpCall("POST", "/AP/Authenticate"), {**desk.credentials, **changes}, 1)
    return desk.send(call)


def _dead_session(desk: Any) -> Answer:
    return desk.socket(logged_in=False).send(dialect.frame(7, "WebAuthenticateUser", {"SessionToken": GUID}))


def _limited(desk: Any) -> Answer:
    desk.account.set(limits=True, behavior={"limit.calls_per_minute": 1})
    desk.call("GetWithdraws")
    return desk.call("GetWithdraws")


def _guarded(payload: dict[str, Any]) -> Callable[[Any], Answer]:
    def provoke(desk: Any) -> Answer:
        desk.account.set(behavior={"two_factor.guards_cancel": True})
        return desk.call("CancelWithdraw", payload)

    return provoke


def _cancel(**changes: Any) -> Callable[[Any], Answer]:
    return lambda desk: desk.call("CancelWithdraw", desk.asked(**changes))


def _other(desk: Any) -> Any:
    return desk.simulator.alphapoint.account()


def _in_state(state: str) -> Callable[[Any], Answer]:
    def provoke(desk: Any) -> Answer:
        return desk.call("CancelWithdraw", desk.asked(RequestCode=desk.account.withdrawal("USDT", "1", state=state).id))

    return provoke


def _foreign_code(desk: Any) -> Answer:
    return desk.call("CancelWithdraw", desk.asked(RequestCode=_other(desk).withdrawal("USDT", "1").id))


def _foreign_account(desk: Any) -> Answer:
    return desk.call("CancelWithdraw", desk.asked(AccountId=_other(desk).credentials["account_id"]))


def _no_permission(desk: Any) -> Answer:
    return desk.call("CancelWithdraw", **_second_key(desk, permissions=["Trading"]))


def _locked(desk: Any) -> Answer:
    desk.account.set(behavior={"login.failures_to_lock": 2})
    for _ in range(2):
        _password(desk, desk.credentials["username"], "x")
    return _password(desk, desk.credentials["username"], desk.credentials["password"])


def _second_factor(given: dict[str, Any]) -> Callable[[Any], Answer]:
    """The second half of a login, by somebody whose codes are known."""

    def provoke(desk: Any) -> Answer:
        with desk.simulator.alphapoint.account(use_2fa=True) as half:
            login = HttpCall("GET", "/AP/Authenticate")
            told = desk.send(dialect.with_password(login, half.credentials["username"], half.credentials["password"]))
            token = json.loads(told.body)["Pending2FaToken"]
            half.set(behavior=dict(desk.account._account.behavior.changes))
            reply = desk.send(
                HttpCall("POST", "/AP/Authenticate2FA", (("Pending2FaToken", token),), json.dumps(given).encode())
            )
            desk.refusals = [entry.refused for entry in half.journal if entry.refused]
            return reply

    return provoke


def _create(**changes: Any) -> Callable[[Any], Answer]:
    return lambda desk: desk.call("CreateWithdrawTicket", desk.wanted(**changes))


def _call(function: str, payload: dict[str, Any], *, permissions: list[str] | None = None) -> Callable[[Any], Answer]:
    """A call with the account's own ids beside `payload`."""

    def provoke(desk: Any) -> Answer:
        given = {"OMSId": 1, "AccountId": desk.credentials["account_id"], **payload}
        given = {name: value for name, value in given.items() if value is not None}
        return desk.call(function, given, **(_second_key(desk, permissions=permissions) if permissions else {}))

    return provoke


def _operate(function: str, payload: dict[str, Any]) -> Callable[[Any], Answer]:
    return _call(function, {"OperatorId": 1, **payload}, permissions=["Operator"])


def _other_user(desk: Any) -> Answer:
    return desk.call("GetUserInfo", {"UserId": _other(desk).credentials["user_id"]})


def _confirm_late(desk: Any) -> Answer:
    late = desk.account.withdrawal("USDT", "1", state="Confirmed2Fa")
    code = desk.account._account.book.find(late.id).confirmation_code
    return desk.call("ConfirmWithdraw", {"UserId": desk.credentials["user_id"], "VerifyCode": code})


def _update(status: object, state: str) -> Callable[[Any], Answer]:
    def provoke(desk: Any) -> Answer:
        code = desk.account.withdrawal("USDT", "1", state=state).id
        return _operate("UpdateWithdrawTicket", {"RequestCode": code, "Status": status})(desk)

    return provoke


def _resubmit_without_money(desk: Any) -> Answer:
    failed = desk.account.withdrawal("ETH", "9000", state="Failed")
    rest = desk.account.withdrawal("ETH", "9000")
    told = _operate("UpdateWithdrawTicket", {"RequestCode": failed.id, "Status": "Accepted"})(desk)
    rest.event("reject")
    return told


def _subscriptions(*functions: str) -> Callable[[Any], Answer]:
    def provoke(desk: Any) -> Answer:
        socket = desk.socket()
        payload = {"OMSId": 1, "AccountId": desk.credentials["account_id"]}
        told = [socket.send(dialect.frame(number, name, payload)) for number, name in enumerate(functions, start=1)]
        return told[-1]

    return provoke


PROVOKE: dict[str, tuple[Callable[[Any], Answer], str, tuple[int, str] | None]] = {
    # condition: how, default row, and for frames what they echo (i, n)
    "frame.not_json": (_frame("no JSON"), "SILENCE", (0, "")),
    "frame.unusable": (_frame('{"m":0,"i":1}'), "SILENCE", (0, "")),
    "route.unknown": (_get("/AP/GetServerTime"), "NOT_FOUND", None),
    "route.wrong_method": (_get("/AP/Ping", "PUT"), "NOT_FOUND", None),
    "socket.unknown_function": (_frame(dialect.frame(5, "GetServerTime")), "ENDPOINT_NOT_FOUND", (5, "GetServerTime")),
    "auth.no_credentials": (_get("/AP/CancelWithdraw", "POST"), "NOT_FOUND", None),
    "auth.unknown_token": (lambda desk: desk.with_token("CancelWithdraw", GUID), "NOT_FOUND", None),
    "auth.expired_token": (_expired_token, "NOT_FOUND", None),
    "auth.token_of_another_ip": (
        lambda desk: desk.with_token("CancelWithdraw", desk.login(), peer="192.0.2.1"),
        "NOT_FOUND",
        None,
    ),
    "auth.incomplete_headers": (lambda desk: _headers(desk, "Nonce"), "NOT_FOUND", None),
    "auth.unknown_key": (lambda desk: desk.call("CancelWithdraw", api_key="k"), "NOT_FOUND", None),
    "auth.wrong_user_id": (lambda desk: desk.call("CancelWithdraw", user_id=96), "NOT_FOUND", None),
    "auth.wrong_signature": (lambda desk: desk.call("CancelWithdraw", api_secret="s"), "NOT_FOUND", None),
    "auth.expired_key": (
        lambda desk: desk.call("CancelWithdraw", **_second_key(desk, expires="2020-01-01T00:00:00Z")),
        "NOT_FOUND",
        None,
    ),
    "auth.wrong_ip": (
        lambda desk: desk.call("CancelWithdraw", **_second_key(desk, ip_allowlist=["192.0.2.1"])),
        "NOT_FOUND",
        None,
    ),
    "socket.not_authenticated": (
        _frame(dialect.frame(6, "CancelWithdraw"), logged_in=False),
        "NOT_AUTHORIZED",
        (6, "CancelWithdraw"),
    ),
    "socket.session_ended": (_ended_socket, "NOT_AUTHORIZED", (7, "GetWithdraws")),
    "login.no_credentials": (_login(), "LOGIN_FAILED", None),
    "login.malformed": (_login(("Authorization", "Basic ???")), "LOGIN_FAILED", None),
    "login.unknown_user": (lambda desk: _password(desk, "nobody", "x"), "LOGIN_FAILED", None),
    "login.locked": (_locked, "LOGIN_LOCKED", None),
    "login.wrong_password": (
        lambda desk: _password(desk, desk.credentials["username"], "x"),
        "LOGIN_FAILED",
        None,
    ),
    "login.unknown_key": (lambda desk: _proven(desk, api_key="k"), "LOGIN_FAILED", None),
    "login.wrong_user_id": (lambda desk: _proven(desk, user_id=96), "LOGIN_FAILED", None),
    "login.wrong_signature": (lambda desk: _proven(desk, api_secret="s"), "LOGIN_FAILED", None),
    "login.expired_key": (
        lambda desk: _proven(desk, **_second_key(desk, expires="2020-01-01T00:00:00Z")),
        "LOGIN_FAILED",
        None,
    ),
    "login.wrong_ip": (
        lambda desk: _proven(desk, **_second_key(desk, ip_allowlist=["192.0.2.1"])),
        "LOGIN_FAILED",
        None,
    ),
    "login.dead_session": (_dead_session, "LOGIN_FAILED", (7, "WebAuthenticateUser")),
    "second_factor.not_pending": (
        lambda desk: desk.call("Authenticate2FA", {"Code": "123456"}),
        "SECOND_FACTOR_FAILED",
        None,
    ),
    "second_factor.missing": (_second_factor({}), "SECOND_FACTOR_FAILED", None),
    "second_factor.wrong": (_second_factor({"Code": "12345"}), "SECOND_FACTOR_FAILED", None),
    "limit.exceeded": (_limited, "TOO_MANY_REQUESTS", None),
    "two_factor.bare_payload": (_guarded({"OMSId": 1}), "TWO_FACTOR_REQUIRED", None),
    "two_factor.unknown_type": (
        _guarded({"TFaType": "SMS", "TFaCode": "123456", "Payload": "{}"}),
        "INVALID_REQUEST",
        None,
    ),
    "two_factor.wrong_code": (
        _guarded({"TFaType": "Google", "TFaCode": "12345", "Payload": "{}"}),
        "NOT_AUTHORIZED",
        None,
    ),
    "parameters.not_an_object": (lambda desk: desk.call("CancelWithdraw", b"[1]"), "INVALID_REQUEST", None),
    "cancel.field_missing": (_cancel(UserId=None), "CANCEL_FIELDS_REQUIRED", None),
    "read.field_missing": (lambda desk: desk.call("GetWithdraws", {"OMSId": 1}), "ACCOUNT_FIELDS_REQUIRED", None),
    "products.oms_missing": (_get("/AP/GetProducts"), "OMS_REQUIRED", None),
    "template.field_missing": (_call("GetWithdrawTemplate", {}), "PRODUCT_FIELDS_REQUIRED", None),
    "fee.field_missing": (_call("GetWithdrawFee", {"ProductId": 3}), "FEE_FIELDS_REQUIRED", None),
    "create.field_missing": (_create(Amount=None), "CREATE_FIELDS_REQUIRED", None),
    "confirm.field_missing": (_call("ConfirmWithdraw", {"UserId": 1}), "CONFIRM_FAILED", None),
    "all_tickets.field_missing": (_call("GetAllWithdrawTickets", {}), "OPERATOR_FIELDS_REQUIRED", None),
    "update.field_missing": (_call("UpdateWithdrawTicket", {"OperatorId": 1}), "UPDATE_FIELDS_REQUIRED", None),
    "parameters.wrong_type": (_cancel(UserId="x"), "INVALID_REQUEST", None),
    "auth.no_permission": (_no_permission, "NOT_AUTHORIZED", None),
    "template.no_permission": (
        _call("GetWithdrawTemplateTypes", {"ProductId": 3}, permissions=["Trading"]),
        "TEMPLATE_NOT_AUTHORIZED",
        None,
    ),
    "account.foreign": (_foreign_account, "NOT_AUTHORIZED", None),
    "cancel.unknown_account": (_cancel(AccountId=7), "TICKET_NOT_FOUND", None),
    "read.unknown_account": (
        lambda desk: desk.call("GetWithdraws", {"OMSId": 1, "AccountId": 7}),
        "NOT_AUTHORIZED",
        None,
    ),
    "cancel.wrong_oms": (_cancel(OMSId=2), "TICKET_NOT_FOUND", None),
    "read.wrong_oms": (lambda desk: desk.call("GetWithdraws", desk.asked(OMSId=2)), "INVALID_OMS", None),
    "cancel.wrong_user": (_cancel(UserId=96), "TICKET_NOT_FOUND", None),
    "cancel.malformed_code": (_cancel(RequestCode="Request Code GUID"), "TICKET_NOT_FOUND", None),
    "cancel.unknown_code": (_cancel(RequestCode=GUID), "TICKET_NOT_FOUND", None),
    "cancel.foreign_code": (_foreign_code, "TICKET_NOT_FOUND", None),
    "cancel.already_cancelled": (_in_state("UserCanceled"), "ALREADY_PROCESSED", None),
    "cancel.being_cancelled": (_in_state("Pending:cancelling"), "ALREADY_PROCESSED", None),
    "cancel.final": (_in_state("FullyProcessed"), "ALREADY_PROCESSED", None),
    "cancel.not_cancellable": (_in_state("Submitted"), "ALREADY_PROCESSED", None),
    "ticket.unknown": (
        lambda desk: desk.call("GetWithdrawTicket", desk.asked(RequestCode=GUID)),
        "RESOURCE_NOT_FOUND",
        None,
    ),
    "user.foreign": (_other_user, "NOT_AUTHORIZED", None),
    "user.unknown": (_operate("GetUserInfo", {"UserId": 96}), "RESOURCE_NOT_FOUND", None),
    "template.unknown_product": (
        _call("GetWithdrawTemplateTypes", {"ProductId": 96}),
        "ASSET_MANAGER_NOT_FOUND",
        None,
    ),
    "template.unknown": (
        _call("GetWithdrawTemplate", {"ProductId": 3, "TemplateType": "Carrier"}),
        "ASSET_MANAGER_NOT_FOUND",
        None,
    ),
    "create.unknown_product": (_create(ProductId=96), "INVALID_REQUEST", None),
    "create.unknown_template": (_create(TemplateType="Carrier"), "INVALID_REQUEST", None),
    "create.malformed_form": (_create(TemplateForm="{"), "INVALID_REQUEST", None),
    "create.no_address": (_create(TemplateForm="{}"), "INVALID_REQUEST", None),
    "create.amount": (_create(Amount=0), "INVALID_REQUEST", None),
    "create.precision": (_create(Amount="0.0000001"), "INVALID_REQUEST", None),
    "create.insufficient_balance": (_create(Amount=10_000), "INSUFFICIENT_BALANCE", None),
    "confirm.unknown_code": (_call("ConfirmWithdraw", {"UserId": 1, "VerifyCode": GUID}), "CONFIRM_FAILED", None),
    "confirm.too_late": (_confirm_late, "CONFIRM_FAILED", None),
    "withdraw.deprecated": (_call("Withdraw", {}), "OPERATION_NOT_SUPPORTED", None),
    "operator.wrong": (_operate("GetAllWithdrawTickets", {"OperatorId": 2}), "INVALID_OMS_OR_OPERATOR", None),
    "update.unknown_code": (_operate("UpdateWithdrawTicket", {"RequestCode": GUID}), "TICKET_NOT_FOUND", None),
    "update.impossible_status": (_update("FullyProcessed", "New"), "OPERATION_FAILED", None),
    "update.insufficient_balance": (_resubmit_without_money, "INSUFFICIENT_BALANCE", None),
    "subscribe.again": (
        _subscriptions("SubscribeAccountEvents", "SubscribeAccountEvents"),
        "ALREADY_SUBSCRIBED",
        (2, "SubscribeAccountEvents"),
    ),
    "unsubscribe.without": (
        _subscriptions("UnsubscribeAccountEvents"),
        "RESOURCE_NOT_FOUND",
        (1, "UnsubscribeAccountEvents"),
    ),
}


def _told(desk: Any, answer: Answer, row: str, echo: tuple[int, str] | None) -> None:
    """The answer is the row, in the transport's wrapping."""
    status, body = ROWS[row]
    body = body.replace("«account_id»", str(desk.credentials["account_id"]))
    if isinstance(answer, Reply):
        assert (answer.status, answer.body.decode()) == (status, body)
        assert answer.header("Content-Type") == ("text/plain" if row in {*TEXTS, "SILENCE"} else "application/json")
    elif row == "SILENCE":
        assert answer == ()
    else:
        assert echo is not None
        kind = 5 if row in TEXTS else 1
        expected = json.dumps({"m": kind, "i": echo[0], "n": echo[1], "o": body}, separators=(",", ":"))
        assert answer == (expected,)


def _condition(desk: Any) -> str | None:
    """The condition of the newest refusal, wherever it was noted."""
    entries = [*desk.account.journal, *desk.simulator.alphapoint.journal]
    refused = [entry.refused for entry in entries if entry.refused is not None] or desk.refusals
    return refused[-1].condition if refused else None


@pytest.mark.parametrize("name", PROVOKE)
def test_a_refusal_answers_with_the_bytes_of_its_default_row(desk: Any, name: str) -> None:
    provoke, row, echo = PROVOKE[name]
    _told(desk, provoke(desk), row, echo)
    assert _condition(desk) == name
    assert desk.withdrawal.state == "Pending2Fa"


@pytest.mark.parametrize("name", PROVOKE)
def test_a_refusal_answers_with_the_row_that_it_was_given(desk: Any, name: str) -> None:
    provoke, _, echo = PROVOKE[name]
    for row in ("SERVER_ERROR", "ENDPOINT_NOT_FOUND", "SILENCE"):
        desk.everywhere({name: row})
        if name == "limit.exceeded":
            desk.account.set(behavior={"limit.calls_per_minute": 1})
        _told(desk, provoke(desk), row, echo)
        desk.withdrawal = desk.account.withdrawal("USDT", "10")


def test_every_condition_is_provoked_in_the_order_of_the_table() -> None:
    assert list(PROVOKE) == [condition.name for condition in conditions(Conditions)]
    assert {condition.name: condition.default.name for condition in conditions(Conditions)} == {
        name: row for name, (_, row, _) in PROVOKE.items()
    }


def test_every_row_is_provoked_or_says_why_not() -> None:
    provoked = {row for _, row, _ in PROVOKE.values()}
    assert provoked == {row.name for row in rows(Errors) if not row.unreachable}
    assert set(ROWS) == {row.name for row in rows(Errors)}


def test_the_rows_of_withdrawals_have_the_error_codes_that_notbank_knows() -> None:
    published = {row.name: row.code for row in rows(Errors) if row.shape == ""}
    further = {"OPERATION_NOT_SUPPORTED": 106, "OPERATION_IN_PROCESS": 107, "JWT_REFUSED": 401}
    assert {name: published.pop(name) for name in further} == further
    assert published.pop("ALREADY_SUBSCRIBED") == 909
    assert set(published.values()) == {20, 100, 101, 102, 104}


def test_the_explanation_of_a_wrong_signature_has_the_text_that_was_signed(desk: Any) -> None:
    desk.call("CancelWithdraw", api_secret="s")
    because = next(iter(desk.account.journal)).refused.because
    credentials = desk.credentials
    assert f"the server signed '1700000000000{credentials['user_id']}{credentials['api_key']}'" in because
    assert (
        dialect.signature(
            credentials["api_secret"], "1700000000000", str(credentials["user_id"]), credentials["api_key"]
        )
        in because
    )


def _wrapped(desk: Any, code: object) -> dict[str, Any]:
    return {"TFaType": "Google", "TFaCode": code, "Payload": json.dumps(desk.asked())}


class TestFields:
    """Every field in each of its settings."""

    def test_every_field_has_a_test_here_or_with_the_functions_that_it_is_about(self) -> None:
        names = {field.name for field in vars(Fields).values() if hasattr(field, "checked")}
        assert names == {
            "http.content_type",
            "auth.signed_requests",
            "signature.uppercase_hex",
            "limit.calls_per_minute",
            "two_factor.guards_cancel",
            "cancel.cancellable",
            "cancel.takes_effect",
            "cancel.receipt_seconds",  # test_alphapoint_lifecycle.py
            "cancel.success_detail",
            # test_alphapoint_logins.py
            "login.failures_to_lock",
            # test_alphapoint_tickets.py
            "two_factor.guards_create",
            "create.first_status",
            "create.without_amount",
            "fee.shape",
            "template.types",
            "tickets.default_limit",
            "reads.lag_polls",
            "reads.lag_ms",
            # test_alphapoint_people_and_money.py
            "transactions.holds",
        }

    @pytest.mark.parametrize("setting", ["application/json", "application/json; charset=utf-8"])
    def test_the_content_type_may_name_its_charset(self, desk: Any, setting: str) -> None:
        desk.account.set(behavior={"http.content_type": setting})
        assert desk.call("GetWithdraws").header("Content-Type") == setting

    def test_signed_requests_may_be_switched_off_while_logins_with_a_key_stay(self, desk: Any) -> None:
        desk.account.set(behavior={"auth.signed_requests": False})
        refused = desk.call("CancelWithdraw")
        assert (refused.status, refused.body) == (404, b"NOT FOUND")
        told = list(desk.account.journal)[-1].refused
        assert told.condition == "auth.no_credentials"
        assert told.because == (
            "the four signed headers are right, but this account takes them at a login only (auth.signed_requests is "
            "false), so that they are no credentials of this call"
        )
        token = json.loads(_proven(desk).body)["SessionToken"]  # type: ignore[union-attr]
        assert json.loads(desk.with_token("CancelWithdraw", token).body)["result"] is True

    @pytest.mark.parametrize(("setting", "status"), [(False, 404), (True, 200)])
    def test_an_upper_case_signature_is_accepted_if_the_field_says_so(
        self, desk: Any, setting: bool, status: int
    ) -> None:
        desk.account.set(behavior={"signature.uppercase_hex": setting})
        proof = dialect.proof(desk.credentials, "1")
        proof["Signature"] = proof["Signature"].upper()
        call = HttpCall(
            "GET", f"/AP/GetWithdraws?OMSId=1&AccountId={desk.credentials['account_id']}", tuple(proof.items())
        )
        assert desk.send(call).status == status

    def test_calls_are_counted_per_minute_and_ip_only_when_limits_are_on(self, desk: Any) -> None:
        desk.account.set(behavior={"limit.calls_per_minute": 2})
        assert [desk.call("GetWithdraws").status for _ in range(4)] == [200] * 4
        desk.account.set(limits=True)
        assert [desk.call("GetWithdraws").status for _ in range(3)] == [200, 200, 429]
        assert desk.socket().send(dialect.frame(1, "GetWithdraws")) == (
            '{"m":5,"i":1,"n":"GetWithdraws","o":"TOO MANY REQUESTS"}',
        )
        token = desk.login(peer="192.0.2.1")
        assert desk.with_token("GetWithdraws", token, peer="192.0.2.1").status == 200
        desk.account.advance(minutes=1)
        assert desk.call("GetWithdraws").status == 200

    @pytest.mark.parametrize("shift_s", [-30, 0, 30])
    def test_a_guarded_cancel_takes_the_code_of_now_and_its_neighbours(self, desk: Any, shift_s: int) -> None:
        desk.account.set(behavior={"two_factor.guards_cancel": True})
        code = pyotp.TOTP(desk.credentials["totp_secret"]).at(1_700_000_000 + shift_s)
        assert json.loads(desk.call("CancelWithdraw", _wrapped(desk, code)).body)["result"] is True

    @pytest.mark.parametrize("shift_s", [-60, 60, 3600])
    def test_a_guarded_cancel_refuses_the_code_of_another_time(self, desk: Any, shift_s: int) -> None:
        desk.account.set(behavior={"two_factor.guards_cancel": True})
        code = pyotp.TOTP(desk.credentials["totp_secret"]).at(1_700_000_000 + shift_s)
        assert desk.call("CancelWithdraw", _wrapped(desk, code)).body.decode() == ROWS["NOT_AUTHORIZED"][1]

    def test_a_guarded_cancel_reads_its_wrapper_as_ccxt_spells_it_and_a_code_that_is_a_number(self, desk: Any) -> None:
        desk.account.set(behavior={"two_factor.guards_cancel": True})
        code = int(pyotp.TOTP(desk.credentials["totp_secret"]).at(1_700_000_000))
        payload = {"TfaType": "Google", "TFaCode": code, "Payload": json.dumps(desk.asked())}
        told = desk.socket().send(dialect.frame(3, "CancelWithdraw", payload))[0]
        assert json.loads(json.loads(told)["o"])["result"] is True

    @pytest.mark.parametrize("kind", ["Google", "google", "GOOGLE", "gOOGLE"])
    def test_a_guarded_cancel_takes_its_type_in_any_case(self, desk: Any, kind: str) -> None:
        desk.account.set(behavior={"two_factor.guards_cancel": True})
        code = pyotp.TOTP(desk.credentials["totp_secret"]).at(1_700_000_000)
        told = desk.call("CancelWithdraw", {**_wrapped(desk, code), "TFaType": kind})
        assert json.loads(told.body)["result"] is True

    @pytest.mark.parametrize(("code", "result"), [("002965", True), (2965, True), ("2965", False), (" 02965", False)])
    def test_a_code_with_leading_zeros_may_come_as_a_number(self, open_desk: Any, code: object, result: bool) -> None:
        desk = open_desk(totp_secret="JBSWY3DPEHPK3PXPJBSWY3DP", behavior={"two_factor.guards_cancel": True})
        desk.clock.advance(270_000)  # where the code is 002965
        assert json.loads(desk.call("CancelWithdraw", _wrapped(desk, code)).body)["result"] is result

    def test_a_guarded_cancel_guards_nothing_else(self, desk: Any) -> None:
        desk.account.set(behavior={"two_factor.guards_cancel": True})
        assert desk.call("GetWithdraws").body.startswith(b"[{")

    def test_a_supplied_totp_secret_makes_the_codes(self, open_desk: Any) -> None:
        desk = open_desk(totp_secret="JBSWY3DPEHPK3PXPJBSWY3DP", behavior={"two_factor.guards_cancel": True})
        code = pyotp.TOTP("JBSWY3DPEHPK3PXPJBSWY3DP").at(1_700_000_000)
        assert json.loads(desk.call("CancelWithdraw", _wrapped(desk, code)).body)["result"] is True

    @pytest.mark.parametrize(
        ("setting", "state", "result"),
        [
            ("pending", "Pending", True),
            ("pending", "Pending2Fa", True),
            ("pending", "New", False),
            ("pending", "AutoAccepted", False),
            ("wide", "Pending2Fa", True),
            ("wide", "New", True),
            ("wide", "AmlAccepted", True),
            ("wide", "Submitted", False),
            ("wide", "Confirmed", False),
        ],
    )
    def test_the_field_decides_which_statuses_can_be_cancelled(
        self, desk: Any, setting: str, state: str, result: bool
    ) -> None:
        desk.account.set(behavior={"cancel.cancellable": setting})
        assert json.loads(_in_state(state)(desk).body)["result"] is result  # type: ignore[union-attr]

    def test_a_cancel_takes_effect_at_once_by_default(self, desk: Any) -> None:
        desk.call("CancelWithdraw")
        assert desk.withdrawal.state == "UserCanceled"
        assert desk.account.balance("USDT").held == 0

    def test_a_cancel_that_takes_effect_later_shows_its_old_status_until_then(self, desk: Any) -> None:
        desk.account.set(behavior={"cancel.takes_effect": "later"})
        assert json.loads(desk.call("CancelWithdraw").body)["result"] is True
        assert (desk.withdrawal.state, desk.withdrawal.stage) == ("Pending2Fa", "cancelling")
        assert desk.call("CancelWithdraw").body.decode() == ROWS["ALREADY_PROCESSED"][1]
        desk.account.advance(seconds=2)
        assert desk.withdrawal.state == "UserCanceled"
        assert desk.account.balance("USDT").held == 0

    def test_a_cancel_that_takes_effect_later_may_lose_its_race(self, desk: Any) -> None:
        desk.account.set(behavior={"cancel.takes_effect": "later"})
        desk.call("CancelWithdraw")
        desk.withdrawal.event("lose_cancel")
        assert desk.withdrawal.state == "Confirmed2Fa"
        desk.account.advance(hours=1)
        assert desk.withdrawal.state == "FullyProcessed"
        assert desk.account.balance("USDT").spent == 14

    def test_whoever_asked_for_a_cancel_has_updated_the_ticket_even_if_it_loses_its_race(self, desk: Any) -> None:
        desk.account.set(behavior={"cancel.takes_effect": "later"})
        desk.account.advance(seconds=1)
        desk.call("CancelWithdraw")
        shown = []
        for event in (None, "lose_cancel"):
            if event:
                desk.withdrawal.event(event)
            ticket = json.loads(desk.call("GetWithdrawTicket").body)
            shown.append((ticket["Status"], ticket["UpdatedByUser"], ticket["UpdatedByUserName"]))
            assert ticket["LastUpdateTimestamp"] == "2023-11-14T22:13:21.000Z"
        user_id = desk.credentials["user_id"]
        assert shown == [
            ("Pending2Fa", user_id, "account-1@example.com"),
            ("Confirmed2Fa", user_id, "account-1@example.com"),
        ]

    @pytest.mark.parametrize(("setting", "detail"), [("request_code", True), ("null", False)])
    def test_a_success_names_the_request_code_or_nothing(self, desk: Any, setting: str, detail: bool) -> None:
        desk.account.set(behavior={"cancel.success_detail": setting})
        shown = f'"{desk.withdrawal.id}"' if detail else "null"
        expected = f'{{"result":true,"errormsg":null,"errorcode":0,"detail":{shown}}}'
        assert desk.call("CancelWithdraw").body.decode() == expected
