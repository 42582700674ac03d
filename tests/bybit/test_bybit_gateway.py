"""Bybit's gateway: every answer byte for byte, every condition both ways, every field, and which check comes first."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import combinations
from types import MappingProxyType
from typing import Any, NamedTuple

import pytest

from simulator import Reply, Request
from simulator.exchanges.bybit import BYBIT
from simulator.exchanges.bybit.gateway import answer

Desk = Any
Ask = Any
NOTHING: Mapping[str, Any] = MappingProxyType({})


def envelope(code: int, message: str, result: str = "{}") -> bytes:
    """A whole body of this test's making; the clock stands still."""
    return (
        f'{{"retCode":{code},"retMsg":"{message}","result":{result},"retExtInfo":{{}},"time":1700000000000}}'.encode()
    )


OUTSIDE = (
    "invalid request, please check your server timestamp or recv_window param. "
    "req_timestamp[1699999994999],server_timestamp[1700000000000],recv_window[5000]"
)


class Provocation(NamedTuple):
    """What provokes a condition: account options, what is sent, and the answer of the default row."""

    condition: str
    row: str
    provoke: Callable[[Desk], Reply]
    expected: bytes
    options: Mapping[str, Any] = NOTHING
    status: int = 200


def spent_limit(desk: Desk) -> Reply:
    for _ in range(60):
        desk.post(b"{}")
    return desk.post(b"{}")


def foreign(desk: Desk) -> Reply:
    with desk.simulator.bybit.account("other") as other:
        return desk.cancel(other.withdrawal("USDT", "10").id)


def twice(desk: Desk) -> Reply:
    withdrawal = desk.account.withdrawal("USDT", "10")
    desk.cancel(withdrawal.id)
    return desk.cancel(withdrawal.id)


def processed(desk: Desk) -> Reply:
    return desk.cancel(desk.account.withdrawal("USDT", "10", state="success").id)


def unsigned(desk: Desk) -> Reply:
    return desk.cancel("1", dropped=frozenset({"X-BAPI-SIGN", "X-BAPI-API-KEY"}))


PARAMS_ERROR = envelope(131002, "params error")
NOT_CANCELLABLE = envelope(131099, "Hot wallet status can cancel the withdraw")

FORBIDDEN = (
    b"<HTML><HEAD><TITLE>ERROR: The request could not be satisfied</TITLE></HEAD>"
    b"<BODY><H1>403 ERROR</H1><H2>The request could not be satisfied.</H2></BODY></HTML>"
)


def spent_ip(desk: Desk) -> Reply:
    for _ in range(600):
        desk.get("market/time")
    return desk.get("market/time")


def in_parameters(desk: Desk) -> Reply:
    return desk.simulator.answer(
        Request("POST", "/v5/asset/withdraw/cancel", (), b'{"id":"1","api_key":"k","timestamp":1,"sign":"s"}')
    )


def soon(desk: Desk) -> Reply:
    desk.create()
    return desk.create()


def twice_requested(desk: Desk) -> Reply:
    desk.create(requestId="abc")
    return desk.create(requestId="abc")


UNEQUAL = envelope(131002, "Withdraw address chain or destination tag are not equal")
NEW_BOOK = [{"coin": "USDT", "chain": "ETH", "address": "0x7c3f1cd65d8a3c3b1c7a9d3c5f0e2b4a6d8c0e11", "new": True}]
COINS = "asset/transfer/query-account-coins-balance"
NO_COINS = envelope(131203, "request parameter err: Limit the query to 1 to 10 coins for account UNIFIED")

PROVOCATIONS = [
    Provocation(
        "edge.method_not_upper_case",
        "METHOD_NOT_UPPER_CASE",
        lambda desk: desk.cancel("1", method="post"),
        b"",
        status=400,
    ),
    Provocation("edge.get_with_body", "GET_WITH_BODY", lambda desk: desk.list(body=b"{}"), FORBIDDEN, status=403),
    Provocation("limit.ip_exceeded", "IP_ACCESS_TOO_FREQUENT", spent_ip, b"access too frequent", {"limits": True}, 403),
    Provocation(
        "route.unknown", "NOT_FOUND", lambda desk: desk.post(b"", target="/v5/asset/withdraw/cancel/"), b"", status=404
    ),
    Provocation("route.wrong_method", "NOT_FOUND", lambda desk: desk.post(b"", method="GET"), b"", status=404),
    Provocation("auth.in_parameters", "UNAUTHORIZED", in_parameters, b"", status=401),
    Provocation(
        "auth.empty_header",
        "EMPTY_VALUE",
        lambda desk: desk.cancel("1", dropped=frozenset({"X-BAPI-SIGN"}), api_key="k"),
        envelope(10001, "empty value: apiTimestamp[1700000000000] apiKey[k] apiSignature[]"),
    ),
    Provocation(
        "auth.timestamp_not_a_number",
        "TIMESTAMP_INVALID",
        lambda desk: desk.cancel("1", timestamp="1700000000000.0"),
        envelope(10001, "openapi params error! req_timestamp invalid"),
    ),
    Provocation(
        "auth.recv_window_not_a_number",
        "TIMESTAMP_INVALID",
        lambda desk: desk.cancel("1", recv_window="5s"),
        envelope(10001, "openapi params error! req_timestamp invalid"),
    ),
    Provocation(
        "auth.recv_window_too_large",
        "TIMESTAMP_INVALID",
        lambda desk: desk.cancel("1", recv_window="60001"),
        envelope(10001, "openapi params error! req_timestamp invalid"),
        {"behavior": {"auth.recv_window_max_ms": 60_000}},
    ),
    Provocation(
        "auth.timestamp_outside_window",
        "TIMESTAMP_OUTSIDE_WINDOW",
        lambda desk: desk.cancel("1", timestamp="1699999994999"),
        envelope(10002, OUTSIDE),
    ),
    Provocation(
        "auth.unknown_key",
        "API_KEY_INVALID",
        lambda desk: desk.cancel("1", api_key="nobody"),
        envelope(10003, "API key is invalid."),
    ),
    Provocation(
        "auth.expired_key",
        "API_KEY_EXPIRED",
        lambda desk: desk.cancel("1"),
        envelope(33004, "Your api key has expired."),
        {"expires": 1_700_000_000_000},
    ),
    Provocation(
        "auth.wrong_signature",
        "SIGNATURE_WRONG",
        lambda desk: desk.post(b'{"id":"10197"}', api_secret="another"),
        envelope(10004, r"error sign! origin_string[1700000000000testkey0123456789A5000{\"id\":\"10197\"}]"),
        {"api_key": "testkey0123456789A", "api_secret": "testsecret0123456789abcdefghijklmnop"},
    ),
    Provocation(
        "auth.wrong_ip",
        "IP_UNMATCHED",
        lambda desk: desk.cancel("1"),
        envelope(10010, "Unmatched IP, please check your API key's bound IP addresses."),
        {"ip_allowlist": ["192.0.2.1"]},
    ),
    Provocation(
        "auth.no_permission",
        "PERMISSION_DENIED",
        lambda desk: desk.cancel("1"),
        envelope(10005, "Permission denied, please check your API key permissions."),
        {"permissions": ["AccountTransfer"]},
    ),
    Provocation(
        "auth.read_only_key",
        "PERMISSION_DENIED",
        lambda desk: desk.cancel("1"),
        envelope(10005, "Permission denied, please check your API key permissions."),
        {"read_only": True},
    ),
    Provocation(
        "limit.exceeded",
        "TOO_MANY_VISITS",
        spent_limit,
        envelope(10006, "Too many visits. Exceeded the API Rate Limit."),
        {"limits": True},
    ),
    Provocation(
        "account.demo",
        "DEMO_NOT_SUPPORTED",
        lambda desk: desk.cancel("1"),
        envelope(10032, "Demo trading are not supported."),
        {"demo": True},
    ),
    Provocation(
        "account.sub_account",
        "NOT_SUPPORT_SUB_ACCOUNT",
        lambda desk: desk.cancel("1"),
        envelope(131003, "Not Support Sub Account"),
        {"sub_account": True},
    ),
    Provocation(
        "body.wrong_content_type",
        "PARAMS_ERROR",
        lambda desk: desk.cancel("1", headers=(("content-type", "text/plain; charset=utf-8"),)),
        PARAMS_ERROR,
    ),
    Provocation("body.empty", "PARAMS_ERROR", lambda desk: desk.post(b""), PARAMS_ERROR),
    Provocation("body.not_json", "PARAMS_ERROR", lambda desk: desk.post(b'{"id":'), PARAMS_ERROR),
    Provocation("body.not_an_object", "PARAMS_ERROR", lambda desk: desk.post(b'["10197"]'), PARAMS_ERROR),
    Provocation(
        "body.unknown_field",
        "PARAMS_ERROR",
        lambda desk: desk.post(b'{"id":"10197","reason":"late"}'),
        PARAMS_ERROR,
        {"behavior": {"body.unknown_fields_are_refused": True}},
    ),
    Provocation("cancel.id_missing", "PARAMS_ERROR", lambda desk: desk.post(b'{"withdrawId":"1"}'), PARAMS_ERROR),
    Provocation("cancel.id_empty", "PARAMS_ERROR", lambda desk: desk.post(b'{"id":""}'), PARAMS_ERROR),
    Provocation("cancel.id_malformed", "PARAMS_ERROR", lambda desk: desk.cancel("fakeId"), PARAMS_ERROR),
    Provocation("cancel.unknown_id", "PARAMS_ERROR", lambda desk: desk.cancel("10197"), PARAMS_ERROR),
    Provocation("cancel.foreign_id", "PARAMS_ERROR", foreign, PARAMS_ERROR),
    Provocation("cancel.already_cancelled", "NOT_CANCELLABLE", twice, NOT_CANCELLABLE),
    Provocation("cancel.not_cancellable", "NOT_CANCELLABLE", processed, NOT_CANCELLABLE),
    Provocation(
        "cancel.failed",
        "STATUS_ZERO",
        lambda desk: desk.cancel(desk.account.withdrawal("USDT", "10").id),
        envelope(0, "success", '{"status":0}'),
        {"behavior": {"cancel.fails": True}},
    ),
    Provocation("create.parameter_missing", "PARAMS_ERROR", lambda desk: desk.create("amount"), PARAMS_ERROR),
    Provocation("create.parameter_malformed", "PARAMS_ERROR", lambda desk: desk.create(amount=10), PARAMS_ERROR),
    Provocation(
        "create.timestamp_outside_window",
        "TIMESTAMP_OUT_OF_WINDOW",
        lambda desk: desk.create(timestamp=1_600_000_000_000),
        envelope(131002, "params err: timestamp out of invalid window"),
    ),
    Provocation(
        "create.request_id_repeated",
        "REPEATED_REQUEST",
        twice_requested,
        envelope(131082, "Do not repeat the request"),
        {"behavior": {"create.request_id_is_idempotent": False}},
    ),
    Provocation("create.unknown_coin", "PARAMS_ERROR", lambda desk: desk.create(coin="usdt"), PARAMS_ERROR),
    Provocation(
        "create.chain_is_a_name",
        "SERVICE_ERROR",
        lambda desk: desk.create(chain="Arbitrum One"),
        envelope(131001, "openapi svc error"),
    ),
    Provocation(
        "create.unknown_chain",
        "ADDRESS_INVALID",
        lambda desk: desk.create(chain="TRC20"),
        envelope(131002, "withdraw address is invalid"),
    ),
    Provocation(
        "create.chain_closed",
        "CURRENCY_CLOSED",
        lambda desk: desk.create(chain="KAVAEVM"),
        envelope(131097, "Withdrawal of this currency has been closed"),
    ),
    Provocation(
        "create.amount_accuracy",
        "AMOUNT_ACCURACY_ERROR",
        lambda desk: desk.create(amount="10.0000001"),
        envelope(131210, "Amount accuracy error"),
    ),
    Provocation(
        "create.amount_too_small",
        "AMOUNT_TOO_SMALL",
        lambda desk: desk.create(amount="0.999999"),
        envelope(131001, "Withdrawal amount must larger than 1"),
    ),
    Provocation(
        "create.amount_too_large",
        "AMOUNT_OUT_OF_LIMITS",
        lambda desk: desk.create(amount="5000000.000001"),
        envelope(131096, "Withdraw amount does not satify the lower limit or upper limit"),
    ),
    Provocation(
        "create.receiver_is_caller",
        "ADDRESS_IS_YOURSELF",
        lambda desk: desk.create("chain", forceChain=2, address=desk.account.credentials["user_id"]),
        envelope(131075, "InternalAddressCannotBeYourself"),
    ),
    Provocation(
        "create.receiver_not_in_book",
        "USER_ID_NOT_WHITELISTED",
        lambda desk: desk.create("chain", forceChain=2, address="24617704"),
        envelope(131094, "UserId is not in the whitelist"),
    ),
    Provocation(
        "create.tag_not_taken",
        "NO_TAG_PLEASE",
        lambda desk: desk.create(tag="7"),
        envelope(131081, "Do not input memo/tag,please."),
    ),
    Provocation(
        "create.address_not_in_book",
        "ADDRESS_CHAIN_TAG_UNEQUAL",
        lambda desk: desk.create(address="0x7C3F1CD65D8A3C3B1C7A9D3C5F0E2B4A6D8C0E11"),
        UNEQUAL,
    ),
    Provocation(
        "create.tag_not_equal",
        "ADDRESS_CHAIN_TAG_UNEQUAL",
        lambda desk: desk.create(coin="XRP", chain="XRP", address="rEb8TK3gBgk5auZkwc6sHnwrGVJH8DuaLh"),
        UNEQUAL,
    ),
    Provocation(
        "create.address_new",
        "NEW_ADDRESS",
        lambda desk: desk.create(),
        envelope(131098, "Withdrawal currently is not availble from new address"),
        {"address_book": NEW_BOOK},
    ),
    Provocation(
        "create.ten_seconds",
        "WAIT_TEN_SECONDS",
        soon,
        envelope(131001, "Please wait at least 10 seconds between withdrawals."),
        {"limits": True},
    ),
    Provocation(
        "create.verification_limit",
        "VERIFICATION_LIMIT_EXCEEDED",
        lambda desk: desk.create(),
        envelope(
            131088,
            "The withdrawal amount exceeds the remaining withdrawal limit of your identity verification level. "
            "The current available amount for withdrawal : 9.5",
        ),
        {"limit_amount_usd": "9.5"},
    ),
    Provocation(
        "create.fee_above_amount",
        "FEE_NOT_COVERED",
        lambda desk: desk.create(amount="4", feeType=1),
        envelope(131001, "the available balance is not sufficient to cover the handling fee"),
    ),
    Provocation(
        "create.balance",
        "BALANCE_INSUFFICIENT",
        lambda desk: desk.create(),
        envelope(131001, "Account available balance insufficient"),
        {"balances": {"USDT": "9.999999"}},
    ),
    Provocation(
        "create.balance_fee",
        "FEE_NOT_COVERED",
        lambda desk: desk.create(),
        envelope(131001, "the available balance is not sufficient to cover the handling fee"),
        {"balances": {"USDT": "13.999999"}},
    ),
    Provocation(
        "list.bad_cursor",
        "CURSOR_DECODE_ERROR",
        lambda desk: desk.list("cursor=eyJ"),
        envelope(131002, "Cursor Decode Error"),
    ),
    Provocation("list.bad_parameter", "PARAMS_ERROR", lambda desk: desk.list("limit=51"), PARAMS_ERROR),
    Provocation(
        "list.bad_interval",
        "INTERVAL_INCORRECT",
        lambda desk: desk.list("startTime=2&endTime=1"),
        envelope(131002, "The interval between the startTime and endTime is incorrect"),
    ),
    Provocation(
        "addresses.bad_cursor",
        "CURSOR_DECODE_ERROR",
        lambda desk: desk.get("asset/withdraw/query-address", "cursor=eyJ"),
        envelope(131002, "Cursor Decode Error"),
    ),
    Provocation(
        "addresses.bad_parameter",
        "PARAMS_ERROR",
        lambda desk: desk.get("asset/withdraw/query-address", "addressType=3"),
        PARAMS_ERROR,
    ),
    Provocation(
        "withdrawable.coin",
        "PARAMS_ERROR",
        lambda desk: desk.get("asset/withdraw/withdrawable-amount"),
        PARAMS_ERROR,
    ),
    Provocation(
        "balances.account_type",
        "ACCOUNT_TYPE_INVALID",
        lambda desk: desk.get(COINS, "accountType=SPOT"),
        envelope(131203, "request parameter err: accountType is invalid for current user"),
    ),
    Provocation(
        "balances.member",
        "MEMBER_ID_INVALID",
        lambda desk: desk.get(COINS, "accountType=FUND&memberId=1"),
        envelope(131203, "request parameter err: memberId invalid"),
    ),
    Provocation("balances.coins", "COINS_LIMIT", lambda desk: desk.get(COINS, "accountType=UNIFIED"), NO_COINS),
    Provocation(
        "balances.bad_parameter",
        "TRANSFER_PARAMETER_ERR",
        lambda desk: desk.get(COINS, "accountType=FUND&coin=USDX"),
        envelope(131203, "request parameter err"),
    ),
    Provocation(
        "wallet.account_type",
        "ACCOUNT_TYPE_UNSUPPORTED",
        lambda desk: desk.get("account/wallet-balance", "accountType=SPOT"),
        envelope(10001, "accountType only support UNIFIED and CONTRACT."),
    ),
    Provocation(
        "instruments.category",
        "REQUEST_PARAMETER_ERROR",
        lambda desk: desk.get("market/instruments-info"),
        envelope(10001, "Request parameter error"),
    ),
]


def condition(provocation: Provocation) -> str:
    return provocation.condition


@pytest.mark.parametrize("provocation", PROVOCATIONS, ids=condition)
def test_a_condition_is_answered_with_its_default_row(desk: type[Desk], provocation: Provocation) -> None:
    at = desk(**provocation.options)
    reply = provocation.provoke(at)
    assert reply.status == provocation.status
    assert reply.body == provocation.expected
    assert at.last.refused.condition == provocation.condition
    assert at.last.refused.row == provocation.row
    assert at.last.refused.because


@pytest.mark.parametrize("provocation", PROVOCATIONS, ids=condition)
def test_a_condition_can_be_given_another_row_by_the_account(desk: type[Desk], provocation: Provocation) -> None:
    behavior = {provocation.condition: "SERVER_ERROR"} | dict(provocation.options.get("behavior", {}))
    at = desk(**{**provocation.options, "behavior": behavior})
    if provocation.condition in ("auth.unknown_key", "auth.in_parameters"):
        # Nobody's account can say otherwise, so the exchange must.
        at.simulator.service.world("bybit").behavior = BYBIT.unknowns.behavior(behavior)
    if provocation.condition == "auth.empty_header":
        reply = at.cancel("1", dropped=frozenset({"X-BAPI-SIGN"}))
    else:
        reply = provocation.provoke(at)
    assert (reply.status, reply.body) == (200, envelope(131200, "server err "))
    assert reply.header("Ret_code") == "131200"
    assert at.last.refused.condition == provocation.condition
    assert at.last.refused.row == "SERVER_ERROR"


# Rows that stand as alternatives at a place whose answer is not known, and what else is no envelope with a text.
ALTERNATIVES = [
    ("ROUTE_NOT_FOUND", 200, envelope(10017, "Route not found.")),
    ("PARAMETER_ERROR", 200, envelope(131002, "Parameter error")),
    ("SERVER_ERROR", 200, envelope(131200, "server err ")),
    ("NOT_CANCELLABLE_V1", 200, envelope(131099, "The withdrawal status does not allow cancellation")),
    ("BALANCE_EXCEEDED", 200, envelope(131001, "Withdrawal amount is greater than your available balance ( )")),
    ("USER_INSUFFICIENT_BALANCE", 200, envelope(131212, "user insufficient balance")),
    ("REPEATED_REQUEST", 200, envelope(131082, "Do not repeat the request")),
    ("ADDRESS_NOT_WHITELISTED", 200, envelope(131093, "The withdrawal address is not in the whitelist")),
    ("ONLY_FROM_ADDRESS_BOOK", 200, envelope(131083, "Withdraw only allowed from address book")),
    ("INVALID_MEMBER_ID", 200, envelope(131202, "Invalid memberId")),
    ("TRANSFER_REQUEST_PARAMETER_ERROR", 200, envelope(131203, "Request parameter error")),
    ("INVALID_DUPLICATE_REQUEST", 200, envelope(10014, "Invalid duplicate request.")),
    ("FREQUENCY_PROTECTION", 429, b""),
    ("UNAUTHORIZED_TEXT", 401, b"not support auth type: Request parameter error."),
]


@pytest.mark.parametrize(("row", "status", "body"), ALTERNATIVES)
def test_an_alternative_is_rendered_byte_for_byte(desk: type[Desk], row: str, status: int, body: bytes) -> None:
    reply = desk(behavior={"cancel.unknown_id": row}).cancel("10197")
    assert (reply.status, reply.body) == (status, body)


def test_the_later_text_of_a_wrong_signature_shows_what_was_signed_too(desk: type[Desk]) -> None:
    at = desk(api_key="k", behavior={"auth.wrong_signature": "SIGNATURE_WRONG_LATER"})
    assert at.post(b"{}", api_secret="another").body == envelope(
        10004, "Error sign, please check your signature generation algorithm: origin_string[1700000000000k5000{}]"
    )


@pytest.mark.parametrize("provocation", PROVOCATIONS, ids=condition)
def test_whichever_row_answers_it_has_the_blanks_that_can_be_filled_here(
    desk: type[Desk], holes: Any, provocation: Provocation
) -> None:
    for row in holes.rows:
        behavior = {**provocation.options.get("behavior", {}), provocation.condition: row.name}
        at = desk(**{**provocation.options, "behavior": behavior})
        at.simulator.bybit.set(behavior=behavior)
        provocation.provoke(at)
        assert at.last.refused.row == row.name
        holes.check(provocation.condition, row)


def test_a_row_tells_of_the_call_that_it_answers(desk: type[Desk]) -> None:
    at = desk(
        api_key="k",
        balances={"USDT": "20"},
        behavior={
            "cancel.id_missing": "TIMESTAMP_OUTSIDE_WINDOW",
            "cancel.unknown_id": "SIGNATURE_WRONG",
            "create.amount_accuracy": "AMOUNT_TOO_SMALL",
            "create.amount_too_small": "BALANCE_EXCEEDED",
        },
    )
    told = "req_timestamp[1700000000000],server_timestamp[1700000000000],recv_window[5000]"
    assert told.encode() in at.post(b"{}").body
    assert at.post(b'{"id":7}').body == envelope(10004, 'error sign! origin_string[1700000000000k5000{\\"id\\":7}]')
    assert at.create(amount="1.1234567").body == envelope(131001, "Withdrawal amount must larger than 1")
    assert at.create(amount="0.5").body == envelope(
        131001, "Withdrawal amount is greater than your available balance (20 USDT)"
    )


def test_every_condition_is_provoked_in_the_order_of_the_table() -> None:
    assert [provocation.condition for provocation in PROVOCATIONS] == list(BYBIT.unknowns.conditions)


def test_every_row_that_can_be_provoked_is_provoked() -> None:
    provoked = {provocation.row for provocation in PROVOCATIONS} | {row for row, _, _ in ALTERNATIVES}
    assert provoked >= {name for name, row in BYBIT.unknowns.rows.items() if not row.unreachable}


def test_a_request_without_any_header_hears_that_all_three_are_empty(desk: type[Desk]) -> None:
    reply = desk().simulator.answer(Request("POST", "/v5/asset/withdraw/cancel", (), b'{"id":"10197"}'))
    assert reply.body == envelope(10001, "empty value: apiTimestamp[] apiKey[] apiSignature[]")


def test_the_brackets_of_empty_value_hold_what_was_received(desk: type[Desk]) -> None:
    reply = desk().cancel("1", dropped=frozenset({"X-BAPI-API-KEY", "X-BAPI-SIGN"}), timestamp="1685474109635")
    assert reply.body == envelope(10001, "empty value: apiTimestamp[1685474109635] apiKey[] apiSignature[]")


# --- the window ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("offset_ms", [-5000, -1, 0, 999])
def test_a_timestamp_inside_the_window_is_accepted(desk: type[Desk], offset_ms: int) -> None:
    at = desk()
    withdrawal = at.account.withdrawal("USDT", "10")
    reply = at.cancel(withdrawal.id, timestamp=str(1_700_000_000_000 + offset_ms))
    assert reply.body == envelope(0, "success", '{"status":1}')


@pytest.mark.parametrize("offset_ms", [-5001, 1000, 1002, -1_700_000_000_000])
def test_a_timestamp_outside_the_window_is_refused(desk: type[Desk], offset_ms: int) -> None:
    at = desk()
    reply = at.cancel("1", timestamp=str(1_700_000_000_000 + offset_ms))
    assert reply.body == envelope(
        10002,
        "invalid request, please check your server timestamp or recv_window param. "
        f"req_timestamp[{1_700_000_000_000 + offset_ms}],server_timestamp[1700000000000],recv_window[5000]",
    )


@pytest.mark.parametrize(
    ("recv_window", "oldest_ms"), [("", 5000), ("0", 0), ("05000", 5000), ("10000000", 10_000_000)]
)
def test_the_receive_window_is_what_the_header_says(desk: type[Desk], recv_window: str, oldest_ms: int) -> None:
    at = desk()
    at.cancel("1", recv_window=recv_window, timestamp=str(1_700_000_000_000 - oldest_ms))
    assert at.condition == "cancel.unknown_id"
    at.cancel("1", recv_window=recv_window, timestamp=str(1_700_000_000_000 - oldest_ms - 1))
    assert at.condition == "auth.timestamp_outside_window"


@pytest.mark.parametrize(
    "text", ["-1", "+1700000000000", " 1700000000000", "1e12", "١٧٠٠٠٠٠٠٠٠٠٠٠", "9" * 5000, "\udcff"]
)
def test_a_timestamp_that_is_no_plain_integer_is_refused(desk: type[Desk], text: str) -> None:
    at = desk()
    reply = at.cancel("1", timestamp=text, signature="0" * 64)
    assert reply.body == envelope(10001, "openapi params error! req_timestamp invalid")


def test_the_window_is_judged_by_the_server_clock_not_by_account_time(desk: type[Desk]) -> None:
    at = desk()
    at.account.advance(hours=1)
    at.cancel("1")
    assert at.condition == "cancel.unknown_id"


def test_the_expiry_of_a_key_is_judged_by_account_time(desk: type[Desk]) -> None:
    at = desk(expires="2023-11-14T22:13:21Z")
    at.cancel("1")
    assert at.condition == "cancel.unknown_id"
    at.account.advance(seconds=1)
    at.cancel("1")
    assert at.condition == "auth.expired_key"


# --- which check comes first --------------------------------------------------------------------------------------


class Spoiler(NamedTuple):
    """One thing that is wrong. What two spoilers would both set, the earlier one sets."""

    condition: str
    ask: Mapping[str, Any] = NOTHING
    options: Mapping[str, Any] = NOTHING
    spend_limit: bool = False
    spend_ip: bool = False


SPOILERS = [
    Spoiler("edge.method_not_upper_case", {"method": "post"}),
    Spoiler("edge.get_with_body", {"method": "GET", "body": b"{}"}),
    Spoiler("limit.ip_exceeded", options={"limits": True}, spend_ip=True),
    Spoiler("route.unknown", {"target": "/v5/asset/withdraw/cancle"}),
    Spoiler("route.wrong_method", {"method": "PUT"}),
    Spoiler(
        "auth.in_parameters",
        {
            "target": "/v5/asset/withdraw/cancel?api_key=k&sign=s",
            "dropped": frozenset({"X-BAPI-SIGN", "X-BAPI-API-KEY", "X-BAPI-TIMESTAMP"}),
        },
    ),
    Spoiler("auth.empty_header", {"dropped": frozenset({"X-BAPI-SIGN"})}),
    Spoiler("auth.timestamp_not_a_number", {"timestamp": "now"}),
    Spoiler("auth.recv_window_not_a_number", {"recv_window": "wide"}),
    Spoiler(
        "auth.recv_window_too_large",
        {"recv_window": "60001"},
        {"behavior": {"auth.recv_window_max_ms": 60_000}},
    ),
    Spoiler("auth.timestamp_outside_window", {"timestamp": "1600000000000"}),
    Spoiler("auth.unknown_key", {"api_key": "nobody"}),
    Spoiler("auth.expired_key", options={"expires": 1}),
    Spoiler("auth.wrong_signature", {"api_secret": "another"}),
    Spoiler("auth.wrong_ip", options={"ip_allowlist": ["192.0.2.1"]}),
    Spoiler("auth.no_permission", options={"permissions": []}),
    Spoiler("auth.read_only_key", options={"read_only": True}),
    Spoiler("limit.exceeded", options={"limits": True}, spend_limit=True),
    Spoiler("account.demo", options={"demo": True}),
    Spoiler("account.sub_account", options={"sub_account": True}),
    Spoiler("body.wrong_content_type", {"headers": (("Content-Type", "application/x-www-form-urlencoded"),)}),
    Spoiler("body.empty", {"body": b""}),
    Spoiler("body.not_json", {"body": b"{"}),
    Spoiler("body.not_an_object", {"body": b"10197"}),
    Spoiler("body.unknown_field", {"body": b'{"ID":"1"}'}, {"behavior": {"body.unknown_fields_are_refused": True}}),
    Spoiler("cancel.id_missing", {"body": b"{}"}),
    Spoiler("cancel.id_empty", {"body": b'{"id":""}'}),
    Spoiler("cancel.id_malformed", {"body": b'{"id":-1}'}),
    Spoiler("cancel.unknown_id", {"body": b'{"id":10197}'}),
    Spoiler("cancel.failed", options={"behavior": {"cancel.fails": True}}),
]


def refused_by(desk: type[Desk], ask: type[Ask], spoilers: list[Spoiler]) -> str | None:
    """The condition that answers a request which breaks all of `spoilers`."""
    parts: dict[str, Any] = {}
    options: dict[str, Any] = {}
    for spoiler in reversed(spoilers):
        parts |= spoiler.ask
        options |= spoiler.options
    at = desk(**options)
    at.simulator.service.world("bybit").behavior = BYBIT.unknowns.behavior(options.get("behavior"))
    if any(spoiler.spend_limit for spoiler in spoilers):
        clean = at.account.key()
        for _ in range(60):
            at.post(b"{}", api_key=clean.api_key, api_secret=clean.api_secret)
    if any(spoiler.spend_ip for spoiler in spoilers):
        for _ in range(600):
            at.get("market/time")
    if "body" not in parts:
        withdrawal = at.account.withdrawal("USDT", "10")
        parts["body"] = b'{"id":"%b"}' % withdrawal.id.encode()
    at.ask(ask(**parts))
    refused: str | None = at.condition
    return refused


# Calls by IP are counted in the account whose key is named: without a key of an account nothing is counted.
KEYLESS = {"auth.in_parameters", "auth.unknown_key"}
PAIRS = [
    pair
    for pair in combinations(SPOILERS, 2)
    if not (pair[0].condition == "limit.ip_exceeded" and pair[1].condition in KEYLESS)
]


@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: f"{pair[0].condition} before {pair[1].condition}")
def test_the_earlier_of_two_faults_is_answered(desk: type[Desk], ask: type[Ask], pair: tuple[Spoiler, Spoiler]) -> None:
    assert refused_by(desk, ask, list(pair)) == pair[0].condition


def test_repairing_the_first_fault_each_time_walks_down_the_column(desk: type[Desk], ask: type[Ask]) -> None:
    spoilers = [spoiler for spoiler in SPOILERS if spoiler.condition not in KEYLESS]
    met = [refused_by(desk, ask, spoilers[index:]) for index in range(len(spoilers) + 1)]
    assert met == [*(spoiler.condition for spoiler in spoilers), None]


def test_the_spoilers_stand_in_the_order_of_the_table() -> None:
    """What is left out needs a withdrawal of its own or belongs to another endpoint."""
    left_out = {"cancel.foreign_id", "cancel.already_cancelled", "cancel.not_cancellable"}
    column = ("edge", "limit", "route", "auth", "account", "body", "cancel")
    assert [spoiler.condition for spoiler in SPOILERS] == [
        name for name in BYBIT.unknowns.conditions if name.split(".")[0] in column and name not in left_out
    ]


# --- headers ------------------------------------------------------------------------------------------------------


def test_an_accepted_cancel_has_these_headers_in_this_order(desk: type[Desk]) -> None:
    at = desk()
    reply = at.cancel(at.account.withdrawal("USDT", "10").id)
    trace = reply.header("Traceid") or ""
    assert len(trace) == 32
    assert reply.headers == (
        ("Content-Type", "application/json; charset=utf-8"),
        ("Server", "Openresty"),
        ("Timenow", "1700000000000"),
        ("Traceid", trace),
        ("Cache-Control", "max-age=0, no-cache, no-store"),
        ("Pragma", "no-cache"),
        ("X-Bapi-Limit", "60"),
        ("X-Bapi-Limit-Status", "59"),
        ("X-Bapi-Limit-Reset-Timestamp", "1700000000000"),
    )


def test_a_business_error_has_ret_code_and_the_limit_headers(desk: type[Desk]) -> None:
    reply = desk().cancel("10197")
    assert [name for name, _ in reply.headers[6:]] == [
        "Ret_code",
        "X-Bapi-Limit",
        "X-Bapi-Limit-Status",
        "X-Bapi-Limit-Reset-Timestamp",
    ]
    assert reply.header("Ret_code") == "131002"


def test_a_refusal_before_the_limit_is_counted_has_no_limit_headers(desk: type[Desk]) -> None:
    reply = desk().cancel("10197", api_secret="another")
    assert reply.header("Ret_code") == "10004"
    assert reply.header("X-Bapi-Limit") is None


@pytest.mark.parametrize(("method", "target"), [("POST", "/v5/nope"), ("PATCH", "/v5/market/time"), ("GET", "/v5/")])
def test_an_unknown_route_is_a_404_without_a_body_but_with_a_json_type(
    desk: type[Desk], method: str, target: str
) -> None:
    reply = desk().simulator.answer(Request(method, target))
    assert (reply.status, reply.body) == (404, b"")
    trace = reply.header("Traceid") or ""
    assert len(trace) == 32
    assert reply.headers == (
        ("Content-Type", "application/json; charset=utf-8"),
        ("Server", "Openresty"),
        ("Timenow", "1700000000000"),
        ("Traceid", trace),
    )


def test_header_names_may_be_written_in_any_case(desk: type[Desk]) -> None:
    at = desk()
    withdrawal = at.account.withdrawal("USDT", "10")
    at.cancel(withdrawal.id, dropped=frozenset({"X-BAPI-API-KEY"}), headers=(("x-bapi-api-key", at.account.api_key),))
    assert at.condition is None


@pytest.mark.parametrize("sign_type", ["1", "2", "RSA"])
def test_the_sign_type_header_chooses_nothing(desk: type[Desk], sign_type: str) -> None:
    at = desk()
    at.cancel(at.account.withdrawal("USDT", "10").id, headers=(("X-BAPI-SIGN-TYPE", sign_type),))
    assert at.condition is None


# --- the limit ----------------------------------------------------------------------------------------------------


def test_the_sixty_first_cancel_in_a_minute_is_refused_until_the_first_is_a_minute_old(desk: type[Desk]) -> None:
    at = desk(limits=True)
    first = at.cancel("1")
    assert (first.header("X-Bapi-Limit-Status"), first.header("X-Bapi-Limit-Reset-Timestamp")) == (
        "59",
        "1700000000000",
    )
    at.account.advance(seconds=20)
    for _ in range(59):
        last = at.cancel("1")
    assert last.header("X-Bapi-Limit-Status") == "0"
    refused = at.cancel("1")
    assert refused.body == envelope(10006, "Too many visits. Exceeded the API Rate Limit.")
    assert refused.header("X-Bapi-Limit") == "60"
    assert refused.header("X-Bapi-Limit-Status") == "0"
    assert refused.header("X-Bapi-Limit-Reset-Timestamp") == "1700000040000"  # in server time: 40 s from now
    at.account.advance(seconds=40)
    at.cancel("1")
    assert at.condition == "cancel.unknown_id"


def test_the_limit_counts_by_endpoint_and_by_account(desk: type[Desk]) -> None:
    at = desk(limits=True)
    for _ in range(61):
        at.cancel("1")
    assert at.condition == "limit.exceeded"
    assert at.list().header("X-Bapi-Limit-Status") == "299"
    other = at.simulator.bybit.account("other", limits=True)
    reply = at.cancel("1", api_key=other.api_key, api_secret=other.api_secret)
    assert reply.header("X-Bapi-Limit-Status") == "59"


def test_a_second_key_of_the_account_shares_its_limit(desk: type[Desk]) -> None:
    at = desk(limits=True)
    at.cancel("1")
    key = at.account.key()
    reply = at.cancel("1", api_key=key.api_key, api_secret=key.api_secret)
    assert reply.header("X-Bapi-Limit-Status") == "58"


def test_a_refused_signature_uses_up_no_limit(desk: type[Desk]) -> None:
    at = desk(limits=True)
    at.cancel("1", api_secret="another")
    assert at.cancel("1").header("X-Bapi-Limit-Status") == "59"


def test_the_rate_limit_answer_has_the_byte_count_of_the_captured_one(desk: type[Desk]) -> None:
    reply = desk(behavior={"cancel.unknown_id": "TOO_MANY_VISITS"}).cancel("1")
    assert len(reply.body) == 123


def test_a_rate_limit_that_no_counter_gave_names_no_moment_of_reset(desk: type[Desk]) -> None:
    """pybit sleeps until that moment and fails on one that has passed; real ones came without (pybit#340)."""
    reply = desk(behavior={"cancel.unknown_id": "TOO_MANY_VISITS"}).cancel("1")
    assert reply.header("X-Bapi-Limit-Reset-Timestamp") is None


# --- ids ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("written", ['"{}"', "{}"], ids=["text", "integer"])
@pytest.mark.parametrize(
    "around", ['{{"id":{}}}', '{{"id": {}}}', '{{\n    "id":{}\n}}', '{{"id":"0","id":{},"x":[1]}}']
)
def test_an_id_is_taken_as_text_and_as_an_integer(desk: type[Desk], written: str, around: str) -> None:
    at = desk()
    withdrawal = at.account.withdrawal("USDT", "10")
    reply = at.post(around.format(written.format(withdrawal.id)).encode())
    assert reply.body == envelope(0, "success", '{"status":1}')


@pytest.mark.parametrize(
    ("body", "refused"),
    [
        (b"", "body.empty"),
        (b" ", "body.not_json"),
        (b"null", "body.not_an_object"),
        (b'"10197"', "body.not_an_object"),
        (b'{"id":"10197"', "body.not_json"),
        (b"id=10197", "body.not_json"),
        (b'{"id":NaN}', "body.not_json"),
        (b'{"id":1e999999999}', "body.not_json"),
        (b'{"id":' + b"9" * 5000 + b"}", "body.not_json"),
        (b"[" * 100_000, "body.not_json"),
        (b'{"id":' + b"[" * 200 + b"]" * 200 + b"}", "body.not_json"),
        (b"\xff\xfe", "body.not_json"),
        (b'\xef\xbb\xbf{"id":"10197"}', "body.not_json"),
        (b"{}", "cancel.id_missing"),
        (b'{"id":null}', "cancel.id_missing"),
        (b'{"id":""}', "cancel.id_empty"),
        (b'{"ID":"10197"}', "cancel.id_missing"),
        (b'{"\\ud800":1}', "cancel.id_missing"),
        (b'{"id":true}', "cancel.id_malformed"),
        (b'{"id":10197.0}', "cancel.id_malformed"),
        (b'{"id":["10197"]}', "cancel.id_malformed"),
        (b'{"id":" 10197"}', "cancel.id_malformed"),
        (b'{"id":"10197\\n"}', "cancel.id_malformed"),
        (b'{"id":"-1"}', "cancel.id_malformed"),
        (b'{"id":"\\ud800"}', "cancel.id_malformed"),
        ('{"id":"١"}'.encode(), "cancel.id_malformed"),
        (b'{"id":' + b"9" * 4000 + b"}", "cancel.id_malformed"),
        (b'{"id":0}', "cancel.unknown_id"),
        (b'{"id":"00010197"}', "cancel.unknown_id"),
    ],
)
def test_a_body_that_names_no_withdrawal_is_a_parameter_error(desk: type[Desk], body: bytes, refused: str) -> None:
    at = desk()
    at.account.withdrawal("USDT", "10")
    assert at.post(body).body == PARAMS_ERROR
    assert at.condition == refused


def test_the_java_sdks_name_for_the_id_is_not_taken(desk: type[Desk]) -> None:
    """bybit-java-api sends withdrawId; the documentation knows id alone."""
    at = desk()
    withdrawal = at.account.withdrawal("USDT", "10")
    at.post(b'{"withdrawId":"%b"}' % withdrawal.id.encode())
    assert at.condition == "cancel.id_missing"
    assert withdrawal.state == "SecurityCheck"


# --- who is told --------------------------------------------------------------------------------------------------


def test_a_refusal_explains_itself_in_the_journal_of_the_account_whose_key_it_names(desk: type[Desk]) -> None:
    at = desk(api_key="testkey0123456789A")
    at.cancel("1", timestamp="1600000000000")
    at.post(b"{}", api_secret="another")
    late, wrong = at.account.requests("cancel")
    assert late.refused is not None
    assert late.refused.because == ("the timestamp is -100000000000 ms from the server's; allowed is -5000 to +999")
    assert wrong.refused is not None
    assert wrong.refused.because.startswith("the server signed '1700000000000testkey0123456789A5000{}' and expected ")
    assert list(at.simulator.bybit.journal) == []


def test_what_names_nobodys_key_stands_in_the_journal_of_the_exchange(desk: type[Desk]) -> None:
    at = desk()
    at.cancel("1", api_key="nobody")
    at.simulator.answer(Request("GET", "/v5/market/time"))
    assert [entry.endpoint for entry in at.simulator.bybit.journal] == ["cancel", "time"]
    assert at.account.requests() == []


def test_the_public_time_is_that_of_the_server_clock(desk: type[Desk]) -> None:
    at = desk()
    at.account.advance(hours=1)
    at.clock.advance(403)
    reply = at.simulator.answer(Request("GET", "/v5/market/time"))
    assert reply.body == (
        b'{"retCode":0,"retMsg":"OK","result":{"timeSecond":"1700000000","timeNano":"1700000000403000000"},'
        b'"retExtInfo":{},"time":1700000000403}'
    )
    assert reply.header("X-Bapi-Limit") is None


def test_the_gateway_is_one_function_from_a_request_to_an_answer(desk: type[Desk]) -> None:
    at = desk()
    world = at.simulator.service.world("bybit")
    answered = answer(world, Request("GET", "/v5/market/time"))
    assert (answered.endpoint, answered.key, answered.refusal, answered.row) == ("time", None, None, None)


@pytest.mark.parametrize("wrong", [{"permissions": ["withdraw"]}, {"ip_allowlist": ["localhost"]}, {"expires": "soon"}])
def test_key_options_that_mean_nothing_are_refused_in_one_sentence(desk: type[Desk], wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=next(iter(wrong)).removesuffix("s")):
        desk(**wrong)


def test_a_key_bound_to_an_address_may_be_used_from_there(desk: type[Desk]) -> None:
    at = desk(ip_allowlist=["192.0.2.1", "127.0.0.1"])
    at.cancel("1")
    assert at.condition == "cancel.unknown_id"
    at.cancel("1", peer="192.0.2.2")
    assert at.condition == "auth.wrong_ip"


def test_a_read_only_key_may_look_but_not_cancel(desk: type[Desk]) -> None:
    at = desk(read_only=True)
    assert at.list().body == envelope(0, "success", '{"rows":[],"nextPageCursor":""}')
    at.cancel("1")
    assert at.condition == "auth.read_only_key"


@pytest.mark.parametrize(("option", "refused"), [("sub_account", "account.sub_account"), ("demo", "account.demo")])
def test_only_a_master_account_of_the_real_exchange_sees_withdrawals(
    desk: type[Desk], option: str, refused: str
) -> None:
    at = desk(**{option: True})
    at.list()
    assert at.condition == refused


def test_every_private_endpoint_has_a_limit() -> None:
    assert all(endpoint.limit for endpoint in BYBIT.endpoints if endpoint.permission is not None)


def test_an_account_says_what_a_client_of_it_needs(desk: type[Desk]) -> None:
    account = desk().account
    assert list(account.credentials) == ["api_key", "api_secret", "user_id"]
    assert [len(value) for value in account.credentials.values()] == [18, 36, 8]
    assert account.client_settings == {
        "asset": "USDT",
        "chain": "ETH",
        "address": "0x7c3f1cd65d8a3c3b1c7a9d3c5f0e2b4a6d8c0e11",
        "amount": "10",
        "account_type": "FUND",
    }


def test_what_comes_from_in_front_of_the_api_has_no_envelope_and_other_headers(desk: type[Desk]) -> None:
    at = desk(behavior={"cancel.unknown_id": "IP_ACCESS_TOO_FREQUENT"})
    assert at.cancel("1").headers == (("Content-Type", "text/plain; charset=utf-8"), ("Server", "Openresty"))
    assert at.list(body=b"{}").headers == (("Content-Type", "text/html"), ("Server", "CloudFront"))
