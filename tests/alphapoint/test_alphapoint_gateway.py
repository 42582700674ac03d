"""Both transports: what succeeds, byte for byte, and in how many ways it may be asked."""

from __future__ import annotations

import json
from typing import Any

import pytest

from contracts.dialects import alphapoint as dialect
from contracts.wire import HttpCall
from simulator import Misuse, Request
from simulator.exchanges.alphapoint.users import sessions

DATE = ("Date", "Tue, 14 Nov 2023 22:13:20 GMT")
GUID_LENGTH = 36


def _cancelled(desk: Any) -> str:
    return f'{{"result":true,"errormsg":null,"errorcode":0,"detail":"{desk.withdrawal.id}"}}'


def test_a_cancelled_withdrawal_answers_with_its_request_code_and_is_refunded(desk: Any) -> None:
    assert desk.account.balance("USDT").held == 14
    reply = desk.call("CancelWithdraw")
    assert reply.status == 200
    assert reply.headers == (DATE, ("Content-Type", "application/json"))
    assert reply.body.decode() == _cancelled(desk)
    assert desk.withdrawal.state == "UserCanceled"
    assert desk.account.balance("USDT").available == 10_000


@pytest.mark.parametrize(
    "path",
    [
        "/AP/CancelWithdraw",
        "/AP/CancelWithdraw/",
        "/ap/cancelwithdraw",
        "/aP/CANCELWITHDRAW/",
        "/AP/CancelWithdraw?x=1",
    ],
)
def test_a_path_is_found_in_any_case_and_with_or_without_a_slash_at_its_end(desk: Any, path: str) -> None:
    call = HttpCall("POST", path, (), json.dumps(desk.asked()).encode())
    assert desk.send(dialect.signed(call, desk.credentials, 1)).body.decode() == _cancelled(desk)


@pytest.mark.parametrize(
    "path", ["/AP/", "/ap", "/AP", "/AP/CancelWithdraw//", "/AP//CancelWithdraw", "/AP/Cancel%57ithdraw"]
)
def test_a_path_that_names_no_function_is_not_found(desk: Any, path: str) -> None:
    reply = desk.simulator.answer(Request("POST", path))
    assert (reply.status, reply.body) == (404, b"NOT FOUND")
    assert reply.headers == (DATE, ("Content-Type", "text/plain"))


@pytest.mark.parametrize("path", ["/WSGateway/", "/wsgateway"])
def test_the_socket_path_without_an_upgrade_is_not_found(desk: Any, path: str) -> None:
    assert desk.simulator.answer(Request("GET", path)).body == b"NOT FOUND"


@pytest.mark.parametrize("path", ["/apples", "/WSGatewayer"])
def test_a_path_that_only_begins_like_the_root_belongs_to_no_exchange(desk: Any, path: str) -> None:
    assert desk.simulator.answer(Request("GET", path)).header("Content-Type") == "application/problem+json"


@pytest.mark.parametrize("path", ["/WSGateway/", "/WSGateway", "/wsgateway/", "/wsgateway", "/WSGATEWAY"])
def test_a_socket_opens_at_its_path_in_any_case(desk: Any, path: str) -> None:
    socket = desk.simulator.open_socket(path)
    assert socket.send(dialect.frame(0, "Ping")) == ('{"m":1,"i":0,"n":"Ping","o":"{\\"msg\\":\\"PONG\\"}"}',)


@pytest.mark.parametrize("path", ["/WSGateway/x", "/AP/Ping", "/AP/"])
def test_a_socket_opens_nowhere_else(desk: Any, path: str) -> None:
    with pytest.raises(Misuse):
        desk.simulator.open_socket(path)


def test_a_get_with_a_query_cancels_too(desk: Any) -> None:
    query = "&".join(f"{name}={value}" for name, value in desk.asked().items())
    call = HttpCall("GET", f"/AP/CancelWithdraw?{query}")
    assert desk.send(dialect.signed(call, desk.credentials, 1)).body.decode() == _cancelled(desk)


@pytest.mark.parametrize(
    "spell",
    [
        lambda asked: {name.lower(): value for name, value in asked.items()},
        lambda asked: {name.upper(): value for name, value in asked.items()},
        lambda asked: {name: str(value) for name, value in asked.items()},
        lambda asked: {**asked, "RequestCode": asked["RequestCode"].upper()},
        lambda asked: {**asked, "nonce": "7", "Unknown": [{}]},
        lambda asked: dict(reversed(asked.items())),
        lambda asked: {"omsid": 2, **asked},
    ],
    ids=["lower case", "upper case", "numbers as text", "upper-case GUID", "further keys", "another order", "twice"],
)
def test_a_payload_may_be_spelled_in_many_ways(desk: Any, spell: Any) -> None:
    assert desk.call("CancelWithdraw", spell(desk.asked())).body.decode() == _cancelled(desk)


@pytest.mark.parametrize("name", ["OMSId", "UserId", "AccountId", "RequestCode"])
@pytest.mark.parametrize("value", [None, ""])
def test_every_field_is_required_and_not_empty(desk: Any, name: str, value: str | None) -> None:
    payload = {**desk.asked(), name: value}
    if value is None:
        payload = desk.asked(**{name: None})
    expected = (
        b'{"result":false,"errormsg":"Invalid Request","errorcode":100,'
        b'"detail":"OMSId, UserId, AccountId and RequestCode are Required"}'
    )
    assert desk.call("CancelWithdraw", payload).body == expected
    assert desk.call("CancelWithdraw", {**desk.asked(), name: None}).body == expected


@pytest.mark.parametrize("body", [b"", b"{}", b"null"])
def test_an_empty_body_lacks_every_field(desk: Any, body: bytes) -> None:
    assert b"are Required" in desk.call("CancelWithdraw", body).body


@pytest.mark.parametrize(
    "body",
    [b"{", b"[]", b'"text"', b"1", b"true", b"\xff", b"OMSId=1", b"[" * 100_000, b'{"a":NaN}', b'{"a":1e999999999}'],
)
def test_a_body_that_is_no_object_is_an_invalid_request(desk: Any, body: bytes) -> None:
    expected = b'{"result":false,"errormsg":"Invalid Request","errorcode":100,"detail":null}'
    assert desk.call("CancelWithdraw", body).body == expected


@pytest.mark.parametrize(
    "value", ["x", "1.0", "१", " 1", "1_0", "9" * 20, 2**63, True, 1.5, [1], {"a": 1}, "9223372036854775808"]
)
def test_an_id_that_is_no_64_bit_integer_is_an_invalid_request(desk: Any, value: object) -> None:
    expected = b'{"result":false,"errormsg":"Invalid Request","errorcode":100,"detail":null}'
    assert desk.call("CancelWithdraw", desk.asked(AccountId=value)).body == expected


@pytest.mark.parametrize("value", [5, [1], {"a": 1}, True])
def test_a_request_code_that_is_no_text_is_an_invalid_request(desk: Any, value: object) -> None:
    assert b'"detail":null' in desk.call("CancelWithdraw", desk.asked(RequestCode=value)).body


def test_an_operator_cancels_for_any_account_whatever_user_id_says(desk: Any) -> None:
    operator = desk.simulator.alphapoint.account(permissions=["Operator"])
    body = json.dumps(desk.asked(UserId=operator.credentials["user_id"])).encode()
    call = dialect.signed(HttpCall("POST", "/AP/CancelWithdraw", (), body), operator.credentials, 1)
    assert desk.send(call).body.decode() == _cancelled(desk)
    assert desk.withdrawal.history[-1].event == "cancel"
    ticket = json.loads(desk.call("GetWithdrawTicket").body)
    assert ticket["Status"] == "UserCanceled"
    assert ticket["UpdatedByUser"] == operator.credentials["user_id"]
    assert ticket["UpdatedByUserName"] == operator.credentials["username"]


def test_an_operator_sees_an_account_as_it_is_now(desk: Any) -> None:
    operator = desk.simulator.alphapoint.account(permissions=["SuperUser"])
    desk.account.set(progress="timed")
    desk.clock.advance(300_000)
    body = json.dumps(desk.asked()).encode()
    call = dialect.signed(HttpCall("POST", "/AP/CancelWithdraw", (), body), operator.credentials, 1)
    assert b"already processed" in desk.send(call).body


@pytest.mark.parametrize(
    ("permissions", "cancels", "reads"),
    [
        (["Withdraw"], True, False),
        (["CancelWithdraw"], True, False),
        (["Trading"], False, True),
        (["GetWithdraws"], False, True),
        (["Operator"], True, True),
        (["SuperUser"], True, True),
        (["Deposit", "AccountReadOnly"], False, False),
        ([], False, False),
    ],
)
def test_a_function_needs_its_umbrella_its_own_permission_or_an_operator(
    open_desk: Any, permissions: list[str], cancels: bool, reads: bool
) -> None:
    desk = open_desk(permissions=permissions)
    assert desk.call("GetWithdraws").body.startswith(b"[") is reads
    assert (desk.call("CancelWithdraw").body.decode() == _cancelled(desk)) is cancels


def test_signed_headers_may_repeat_their_nonce(desk: Any) -> None:
    assert desk.call("GetWithdraws").status == desk.call("GetWithdraws").status == 200


def test_a_login_by_password_gives_a_session_and_tells_of_the_user(desk: Any) -> None:
    credentials = desk.credentials
    call = HttpCall("GET", "/AP/Authenticate?grant_type=client_credentials")
    reply = desk.send(dialect.with_password(call, credentials["username"], credentials["password"]))
    token = json.loads(reply.body)["SessionToken"]
    assert len(token) == GUID_LENGTH
    assert reply.status == 200
    assert reply.body.decode() == (
        f'{{"Authenticated":true,"SessionToken":"{token}","User":{{"UserId":{credentials["user_id"]},'
        f'"UserName":"account-1@example.com","Email":"account-1@example.com","EmailVerified":true,'
        f'"AccountId":{credentials["account_id"]},"OMSId":1,"Use2FA":false}},"Locked":false,"Requires2FA":false,'
        '"EnforceEnable2FA":false,"TwoFAType":null,"TwoFAToken":null,"errormsg":null}'
    )
    assert desk.with_token("CancelWithdraw", token).body.decode() == _cancelled(desk)


@pytest.mark.parametrize("header", ["aptoken", "APToken", "apToken"])
def test_the_session_token_travels_in_its_header_in_any_case(desk: Any, header: str) -> None:
    body = json.dumps(desk.asked()).encode()
    reply = desk.send(HttpCall("POST", "/AP/CancelWithdraw", ((header, desk.login()),), body))
    assert reply.body.decode() == _cancelled(desk)


@pytest.mark.parametrize("function", ["Authenticate", "AuthenticateUser"])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_login_by_key_works_with_both_functions_and_methods(desk: Any, function: str, method: str) -> None:
    reply = desk.send(dialect.signed(HttpCall(method, f"/AP/{function}"), desk.credentials, 1))
    assert desk.with_token("CancelWithdraw", json.loads(reply.body)["SessionToken"]).status == 200


def test_a_session_by_password_may_do_what_the_accounts_first_key_may(open_desk: Any) -> None:
    desk = open_desk(permissions=["Trading"])
    desk.account.key(permissions=["Withdraw"])
    assert b"Not Authorized" in desk.with_token("CancelWithdraw", desk.login()).body


@pytest.mark.parametrize(
    "authorization",
    [
        "Basic",
        "Basic ",
        "Basic ???",
        "Basic bm9jb2xvbg==",
        "Basic /////w==",
        "Basic \xe9",
        "Bearer x",
        "",
        "Basic YTpi",
    ],
)
def test_a_broken_authorization_header_is_a_failed_login(desk: Any, authorization: str) -> None:
    reply = desk.send(HttpCall("GET", "/AP/Authenticate", (("Authorization", authorization),)))
    assert reply.status == 200
    assert reply.body == b'{"Authenticated":false,"Locked":false,"errormsg":"Invalid username or password"}'


def test_basic_credentials_alone_open_no_private_function(desk: Any) -> None:
    call = HttpCall("POST", "/AP/CancelWithdraw", (), json.dumps(desk.asked()).encode())
    reply = desk.send(dialect.with_password(call, desk.credentials["username"], desk.credentials["password"]))
    assert (reply.status, reply.body) == (404, b"NOT FOUND")


def test_an_hour_begins_anew_with_every_call(desk: Any) -> None:
    token = desk.login()
    for _ in range(3):
        desk.clock.advance(3_599_999)
        assert desk.with_token("GetWithdraws", token).status == 200
    desk.clock.advance(3_600_000)
    assert desk.with_token("GetWithdraws", token).body == b"NOT FOUND"


def test_the_lead_of_an_account_ends_no_session(desk: Any) -> None:
    token = desk.login()
    desk.account.advance(hours=48)
    assert desk.with_token("GetWithdraws", token).status == 200


def test_logging_out_ends_the_session(desk: Any) -> None:
    token = desk.login()
    reply = desk.with_token("Logout", token, {})
    assert reply.body == b'{"result":true,"errormsg":null,"errorcode":0,"detail":null}'
    assert desk.with_token("LogOut", token, {}).body == b"NOT FOUND"


def test_a_signed_log_out_has_nothing_to_end(desk: Any) -> None:
    token = desk.login()
    assert desk.call("LogOut").body == b'{"result":true,"errormsg":null,"errorcode":0,"detail":null}'
    assert desk.with_token("GetWithdraws", token).status == 200


def test_a_deleted_account_takes_its_sessions_with_it(desk: Any) -> None:
    token = desk.login()
    desk.account.delete()
    assert desk.with_token("GetWithdraws", token).body == b"NOT FOUND"


def test_an_account_keeps_the_64_sessions_that_were_used_last(desk: Any) -> None:
    tokens = [desk.login() for _ in range(64)]
    assert desk.with_token("GetWithdraws", tokens[0]).status == 200
    tokens.append(desk.login())
    assert desk.with_token("GetWithdraws", tokens[1]).status == 404
    assert list(desk.simulator.alphapoint.journal)[-1].refused.because == (
        f"the session '{tokens[1]}' was crowded out: an account keeps the 64 sessions that were used last"
    )
    assert {desk.with_token("GetWithdraws", token).status for token in (tokens[0], *tokens[2:])} == {200}


def test_a_call_with_a_token_and_a_login_with_a_password_see_the_account_as_it_is_now(desk: Any) -> None:
    desk.account.set(progress="timed")
    token = desk.login()
    desk.clock.advance(300_000)
    assert b"already processed" in desk.with_token("CancelWithdraw", token).body
    desk.clock.advance(5_000)
    desk.login()
    _, cancel, login = desk.account.journal
    assert [(change.source, change.target) for change in cancel.changes] == [("Pending2Fa", "Confirmed2Fa")]
    assert [(change.source, change.target) for change in login.changes] == [("Confirmed2Fa", "AutoAccepted")]


def test_the_sessions_of_an_account_end_when_it_is_deleted(desk: Any) -> None:
    table = sessions(desk.simulator.service.worlds["alphapoint"])
    token = desk.login()
    assert len(table) == 1
    desk.account.delete()
    assert len(table) == 0
    assert desk.with_token("GetWithdraws", token).status == 404


def test_that_others_log_in_often_does_not_change_what_an_idle_session_is_answered(desk: Any) -> None:
    token = desk.login()
    desk.clock.advance(3_600_000)
    others = [desk.simulator.alphapoint.account(balances={}) for _ in range(5)]
    for number in range(300):
        credentials = others[number % len(others)].credentials
        call = dialect.signed(HttpCall("POST", "/AP/Authenticate"), credentials, number)
        assert desk.simulator.answer(Request(call.method, call.target, call.headers)).status == 200
    desk.with_token("GetWithdraws", token)
    assert list(desk.account.journal)[-1].refused.condition == "auth.expired_token"


def test_ping_needs_nobody_and_allows_every_origin(desk: Any) -> None:
    reply = desk.simulator.answer(Request("GET", "/AP/Ping"))
    assert reply.body == b'{"msg":"PONG"}'
    assert reply.headers == (DATE, ("Content-Type", "application/json"), ("Access-Control-Allow-Origin", "*"))


def test_a_ticket_has_every_key_in_the_captured_order(desk: Any) -> None:
    credentials, withdrawal = desk.credentials, desk.withdrawal
    body = desk.call("GetWithdrawTicket").body.decode()
    number = json.loads(body)["TicketNumber"]
    address = "0x7c3f1cd65d8a3c3b1c7a9d3c5f0e2b4a6d8c0e11"
    form = (
        '{\\"TemplateType\\":\\"ToExternalEthereumAddress\\",\\"Comment\\":\\"\\",'
        f'\\"ExternalAddress\\":\\"{address}\\",\\"Amount\\":10}}'
    )
    transaction = (
        f'{{\\"TxId\\":null,\\"ExternalAddress\\":\\"{address}\\",\\"Amount\\":0,\\"Confirmed\\":false,'
        '\\"LastUpdated\\":\\"0001-01-01T00:00:00.000Z\\",\\"TimeSubmitted\\":\\"0001-01-01T00:00:00.000Z\\",'
        '\\"AccountProviderName\\":\\"ToExternalEthereumAddress\\",\\"AccountProviderId\\":9}'
    )
    assert body == (
        f'{{"AssetManagerId":1,"AccountProviderId":9,"AccountId":{credentials["account_id"]},'
        '"AccountName":"account-1@example.com","AssetId":3,"AssetName":"Tether USD","Amount":10,"NotionalValue":10,'
        f'"NotionalProductId":3,"TemplateForm":"{form}","TemplateFormType":"ToExternalEthereumAddress","OMSId":1,'
        f'"RequestCode":"{withdrawal.id}","RequestIP":null,"RequestUserId":{credentials["user_id"]},'
        '"RequestUserName":"account-1@example.com","OperatorId":1,"Status":"Pending2Fa","FeeAmt":4,"UpdatedByUser":0,'
        f'"UpdatedByUserName":null,"TicketNumber":{number},"WithdrawTransactionDetails":"{transaction}",'
        '"RejectReason":null,"CreatedTimestamp":"2023-11-14T22:13:20.000Z",'
        '"LastUpdateTimestamp":"2023-11-14T22:13:20.000Z","CreatedTimestampTick":638355968000000000,'
        '"LastUpdateTimestampTick":638355968000000000,"Comments":[],"Attachments":[],"AuditLog":[]}'
    )


def test_a_ticket_on_its_way_shows_its_transaction(desk: Any) -> None:
    desk.account.advance(hours=1)
    ticket = json.loads(desk.call("GetWithdrawTicket").body)
    details = json.loads(ticket["WithdrawTransactionDetails"])
    assert ticket["Status"] == "FullyProcessed"
    assert details["TxId"].startswith("0x")
    assert (details["Amount"], details["Confirmed"]) == (10, True)
    # 300 + 5 + 5 + 30 + 5 + 5 + 10 seconds to Submitted, then 60 to Confirmed and 60 to FullyProcessed.
    assert details["TimeSubmitted"] == "2023-11-14T22:19:20.000Z"
    assert details["LastUpdated"] == ticket["LastUpdateTimestamp"] == "2023-11-14T22:21:20.000Z"


@pytest.mark.parametrize(
    ("state", "confirmed"),
    [("Submitted", False), ("Confirmed", True), ("ManuallyConfirmed", True), ("FullyProcessed", True)],
)
def test_a_transaction_is_confirmed_only_after_it_was_submitted(desk: Any, state: str, confirmed: bool) -> None:
    withdrawal = desk.account.withdrawal("USDT", "10", state=state)
    ticket = json.loads(desk.call("GetWithdrawTicket", desk.asked(RequestCode=withdrawal.id)).body)
    details = json.loads(ticket["WithdrawTransactionDetails"])
    assert details["TxId"].startswith("0x")
    assert details["Confirmed"] is confirmed


def test_without_a_request_code_the_very_first_ticket_is_shown(desk: Any) -> None:
    desk.account.withdrawal("BTC", "0.0010")
    assert (
        json.loads(desk.call("GetWithdrawTicket", desk.asked(RequestCode=None)).body)["RequestCode"]
        == desk.withdrawal.id
    )


def test_an_account_without_tickets_has_no_first_one(desk: Any) -> None:
    other = desk.simulator.alphapoint.account()
    body = json.dumps({"OMSId": 1, "AccountId": other.credentials["account_id"]}).encode()
    reply = desk.send(dialect.signed(HttpCall("POST", "/AP/GetWithdrawTicket", (), body), other.credentials, 1))
    assert reply.body == b'{"result":false,"errormsg":"Resource Not Found","errorcode":104,"detail":null}'


def test_the_list_has_the_newest_withdrawal_first_with_decimals_as_they_were_given(desk: Any) -> None:
    newest = desk.account.withdrawal("BTC", "0.0010")
    body = desk.call("GetWithdraws").body.decode()
    records = json.loads(body)
    assert [record["WithdrawCode"] for record in records] == [newest.id, desk.withdrawal.id]
    assert body.startswith('[{"Amount":0.0010,"FeeAmount":0.0002,"NotionalValue":0.0010,"WithdrawId":')
    assert list(records[0]) == [
        "Amount",
        "FeeAmount",
        "NotionalValue",
        "WithdrawId",
        "AssetManagerId",
        "AccountId",
        "AssetId",
        "TemplateForm",
        "TemplateFormType",
        "omsId",
        "TicketStatus",
        "TicketNumber",
        "WithdrawTransactionDetails",
        "WithdrawType",
        "WithdrawCode",
        "AssetType",
        "Reaccepted",
        "NotionalProductId",
        "OMSId",
        "ProductId",
        "ProductType",
        "LastUpdateTimeStamp",
    ]
    assert records[0]["TicketNumber"] == records[1]["TicketNumber"] + 1
    assert records[1]["TicketStatus"] == "Pending2Fa"


def test_the_journal_names_endpoints_by_their_common_words(desk: Any) -> None:
    token = desk.login()
    for function in ("GetWithdraws", "GetWithdrawTicket", "CancelWithdraw", "LogOut"):
        desk.with_token(function, token)
    desk.simulator.answer(Request("GET", "/AP/Ping"))
    assert [entry.endpoint for entry in desk.account.journal] == ["login", "list", "ticket", "cancel", "logout"]
    assert [entry.endpoint for entry in desk.simulator.alphapoint.journal] == ["ping"]


class TestAccounts:
    """How accounts begin."""

    def test_credentials_have_the_common_names_and_the_exchanges_shapes(self, desk: Any) -> None:
        credentials = desk.credentials
        assert list(credentials) == [
            "api_key",
            "api_secret",
            "user_id",
            "account_id",
            "oms_id",
            "username",
            "password",
            "totp_secret",
        ]
        assert len(credentials["api_key"]) == len(credentials["api_secret"]) == 32
        assert credentials["oms_id"] == 1
        assert isinstance(credentials["user_id"], int)

    def test_client_settings_have_what_creating_a_withdrawal_takes(self, desk: Any) -> None:
        assert desk.account.client_settings == {
            "asset": "USDT",
            "product_id": 3,
            "template_type": "ToExternalEthereumAddress",
            "address": "0x7c3f1cd65d8a3c3b1c7a9d3c5f0e2b4a6d8c0e11",
            "amount": "10",
        }

    def test_a_chosen_user_name_and_password_log_in_and_a_name_without_at_gets_a_mail_address(
        self, open_desk: Any
    ) -> None:
        desk = open_desk(username="carol", password="pass:word")
        call = dialect.with_password(HttpCall("GET", "/AP/Authenticate"), "carol", "pass:word")
        user = json.loads(desk.send(call).body)["User"]
        assert (user["UserName"], user["Email"]) == ("carol", "carol@example.com")

    def test_chosen_numbers_are_the_users_and_the_accounts(self, open_desk: Any) -> None:
        desk = open_desk(user_id=96, account_id=7)
        assert (desk.credentials["user_id"], desk.credentials["account_id"]) == (96, 7)
        assert desk.object("CancelWithdraw", desk.asked(UserId=96, AccountId=7))["result"] is True

    def test_a_number_is_given_once(self, open_desk: Any) -> None:
        accounts = open_desk(user_id=96, account_id=7).simulator.alphapoint
        with pytest.raises(Misuse, match="already has the user_id 96; it must be another one"):
            accounts.account(user_id=96)
        with pytest.raises(Misuse, match="already has the account_id 7; it must be another one"):
            accounts.account(account_id=7)

    def test_a_user_name_is_given_once(self, open_desk: Any) -> None:
        desk = open_desk(username="carol")
        with pytest.raises(Misuse, match="already has a user 'carol'"):
            desk.simulator.alphapoint.account(username="carol")
        assert desk.simulator.alphapoint.account(username="dave").credentials["username"] == "dave"

    @pytest.mark.parametrize(
        "options",
        [
            {"username": "a:b"},
            {"username": ""},
            {"totp_secret": "1"},
            {"totp_secret": "é"},
            {"user_id": 0},
            {"user_id": "96"},
            {"account_id": 2**63},
        ],
    )
    def test_an_impossible_option_is_refused(self, open_desk: Any, options: dict[str, Any]) -> None:
        with pytest.raises(Misuse):
            open_desk(**options)

    def test_supplied_secrets_are_masked_even_in_a_basic_header(self, open_desk: Any) -> None:
        from simulator.service import views

        desk = open_desk(
            username="carol", password="hunter2!", api_secret="s3cr3t-value", totp_secret="JBSWY3DPEHPK3PXPJBSWY3DP"
        )
        call = dialect.with_password(HttpCall("GET", "/AP/Authenticate"), "carol", "hunter2!")
        desk.send(call)
        account = desk.simulator.service.worlds["alphapoint"].accounts[desk.account.name]
        shown = json.dumps([views.entry(entry) for entry in account.journal])
        assert "Authenticate" in shown
        for secret in ("hunter2!", dict(call.headers)["Authorization"].removeprefix("Basic ")):
            assert secret not in shown
        from simulator.exchanges.alphapoint import ALPHAPOINT

        credentials = views.credentials(ALPHAPOINT, account.keys[0])
        assert credentials["password"] == credentials["api_secret"] == credentials["totp_secret"] == "***"

    def test_numbers_are_never_given_twice(self, desk: Any, monkeypatch: pytest.MonkeyPatch) -> None:
        from simulator.core.ids import Ids

        taken = str(desk.credentials["user_id"])
        real, told = Ids.digits, []

        def digits(self: Ids, length: int) -> str:
            told.append(taken if not told else real(self, length))
            return told[-1]

        monkeypatch.setattr(Ids, "digits", digits)
        assert desk.simulator.alphapoint.account().credentials["user_id"] != int(taken)
