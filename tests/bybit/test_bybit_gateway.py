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

# What each row looks like on the wire when nobody fills its blanks.
BARE = {
    "NOT_FOUND": (404, b""),
    "ROUTE_NOT_FOUND": (200, envelope(10017, "Route not found.")),
    "EMPTY_VALUE": (200, envelope(10001, "empty value: apiTimestamp[] apiKey[] apiSignature[]")),
    "TIMESTAMP_INVALID": (200, envelope(10001, "openapi params error! req_timestamp invalid")),
    "TIMESTAMP_OUTSIDE_WINDOW": (
        200,
        envelope(
            10002,
            "invalid request, please check your server timestamp or recv_window param. "
            "req_timestamp[],server_timestamp[],recv_window[]",
        ),
    ),
    "API_KEY_INVALID": (200, envelope(10003, "API key is invalid.")),
    "API_KEY_EXPIRED": (200, envelope(33004, "Your api key has expired.")),
    "SIGNATURE_WRONG": (200, envelope(10004, "error sign! origin_string[]")),
    "IP_UNMATCHED": (200, envelope(10010, "Unmatched IP, please check your API key's bound IP addresses.")),
    "PERMISSION_DENIED": (200, envelope(10005, "Permission denied, please check your API key permissions.")),
    "TOO_MANY_VISITS": (200, envelope(10006, "Too many visits. Exceeded the API Rate Limit.")),
    "DEMO_NOT_SUPPORTED": (200, envelope(10032, "Demo trading are not supported.")),
    "PARAMS_ERROR": (200, envelope(131002, "params error")),
    "PARAMETER_ERROR": (200, envelope(131002, "Parameter error")),
    "NOT_SUPPORT_SUB_ACCOUNT": (200, envelope(131003, "Not Support Sub Account")),
    "NOT_CANCELLABLE": (200, envelope(131099, "Hot wallet status can cancel the withdraw")),
    "REPEATED_REQUEST": (200, envelope(131082, "Do not repeat the request")),
    "SERVICE_ERROR": (200, envelope(131001, "openapi svc error")),
    "SERVER_ERROR": (200, envelope(131200, "server err ")),
    "STATUS_ZERO": (200, envelope(0, "success", '{"status":0}')),
    "CURSOR_DECODE_ERROR": (200, envelope(131002, "Cursor Decode Error")),
}


class Provocation(NamedTuple):
    """What provokes a condition: account options, what is sent, and the answer of the default row."""

    condition: str
    row: str
    provoke: Callable[[Desk], Reply]
    expected: bytes
    options: Mapping[str, Any] = NOTHING


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

PROVOCATIONS = [
    Provocation("route.unknown", "NOT_FOUND", lambda desk: desk.post(b"", target="/v5/asset/withdraw/cancel/"), b""),
    Provocation("route.wrong_method", "NOT_FOUND", lambda desk: desk.post(b"", method="GET"), b""),
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
    Provocation("body.not_an_object", "PARAMS_ERROR", lambda desk: desk.post(b'["10197"]'), PARAMS_ERROR),
    Provocation("cancel.id_missing", "PARAMS_ERROR", lambda desk: desk.post(b'{"withdrawId":"1"}'), PARAMS_ERROR),
    Provocation("cancel.id_malformed", "PARAMS_ERROR", lambda desk: desk.cancel("fakeId"), PARAMS_ERROR),
    Provocation("cancel.unknown_id", "PARAMS_ERROR", lambda desk: desk.cancel("10197"), PARAMS_ERROR),
    Provocation("cancel.foreign_id", "PARAMS_ERROR", foreign, PARAMS_ERROR),
    Provocation("cancel.already_cancelled", "NOT_CANCELLABLE", twice, NOT_CANCELLABLE),
    Provocation("cancel.not_cancellable", "NOT_CANCELLABLE", processed, NOT_CANCELLABLE),
    Provocation(
        "list.bad_cursor",
        "CURSOR_DECODE_ERROR",
        lambda desk: desk.list("cursor=eyJ"),
        envelope(131002, "Cursor Decode Error"),
    ),
    Provocation("list.bad_parameter", "PARAMS_ERROR", lambda desk: desk.list("limit=51"), PARAMS_ERROR),
]


def condition(provocation: Provocation) -> str:
    return provocation.condition


@pytest.mark.parametrize("provocation", PROVOCATIONS, ids=condition)
def test_a_condition_is_answered_with_its_default_row(desk: type[Desk], provocation: Provocation) -> None:
    at = desk(**provocation.options)
    reply = provocation.provoke(at)
    assert reply.status == BARE[provocation.row][0]
    assert reply.body == provocation.expected
    assert at.last.refused.condition == provocation.condition
    assert at.last.refused.row == provocation.row
    assert at.last.refused.because


@pytest.mark.parametrize("provocation", PROVOCATIONS, ids=condition)
def test_a_condition_can_be_given_another_row_by_the_account(desk: type[Desk], provocation: Provocation) -> None:
    at = desk(**provocation.options, behavior={provocation.condition: "SERVER_ERROR"})
    if provocation.condition == "auth.unknown_key":  # nobody's account can say otherwise, so the exchange must
        at.simulator.service.world("bybit").behavior = BYBIT.unknowns.behavior({"auth.unknown_key": "SERVER_ERROR"})
    if provocation.condition == "auth.empty_header":
        reply = at.cancel("1", dropped=frozenset({"X-BAPI-SIGN"}))
    else:
        reply = provocation.provoke(at)
    assert (reply.status, reply.body) == (200, envelope(131200, "server err "))
    assert reply.header("Ret_code") == "131200"
    assert at.last.refused.condition == provocation.condition
    assert at.last.refused.row == "SERVER_ERROR"


@pytest.mark.parametrize("row", BARE)
def test_every_row_is_rendered_byte_for_byte(desk: type[Desk], row: str) -> None:
    at = desk(behavior={"cancel.unknown_id": row})
    reply = at.cancel("10197")
    assert (reply.status, reply.body) == BARE[row]


def test_every_condition_is_provoked_in_the_order_of_the_table() -> None:
    assert [provocation.condition for provocation in PROVOCATIONS] == list(BYBIT.unknowns.conditions)


def test_every_row_that_can_be_provoked_is_provoked() -> None:
    assert set(BARE) == {name for name, row in BYBIT.unknowns.rows.items() if not row.unreachable}


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


SPOILERS = [
    Spoiler("route.unknown", {"target": "/v5/asset/withdraw/cancle"}),
    Spoiler("route.wrong_method", {"method": "PUT"}),
    Spoiler("auth.empty_header", {"dropped": frozenset({"X-BAPI-SIGN"})}),
    Spoiler("auth.timestamp_not_a_number", {"timestamp": "now"}),
    Spoiler("auth.recv_window_not_a_number", {"recv_window": "wide"}),
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
    Spoiler("body.not_an_object", {"body": b"10197"}),
    Spoiler("cancel.id_missing", {"body": b"{}"}),
    Spoiler("cancel.id_malformed", {"body": b'{"id":-1}'}),
    Spoiler("cancel.unknown_id", {"body": b'{"id":10197}'}),
]


def refused_by(desk: type[Desk], ask: type[Ask], spoilers: list[Spoiler]) -> str | None:
    """The condition that answers a request which breaks all of `spoilers`."""
    parts: dict[str, Any] = {}
    options: dict[str, Any] = {}
    for spoiler in reversed(spoilers):
        parts |= spoiler.ask
        options |= spoiler.options
    at = desk(**options)
    if any(spoiler.spend_limit for spoiler in spoilers):
        clean = at.account.key()
        for _ in range(60):
            at.post(b"{}", api_key=clean.api_key, api_secret=clean.api_secret)
    if "body" not in parts:
        withdrawal = at.account.withdrawal("USDT", "10")
        parts["body"] = b'{"id":"%b"}' % withdrawal.id.encode()
    at.ask(ask(**parts))
    refused: str | None = at.condition
    return refused


@pytest.mark.parametrize(
    "pair", list(combinations(SPOILERS, 2)), ids=lambda pair: f"{pair[0].condition} before {pair[1].condition}"
)
def test_the_earlier_of_two_faults_is_answered(desk: type[Desk], ask: type[Ask], pair: tuple[Spoiler, Spoiler]) -> None:
    assert refused_by(desk, ask, list(pair)) == pair[0].condition


def test_repairing_the_first_fault_each_time_walks_down_the_column(desk: type[Desk], ask: type[Ask]) -> None:
    met = [refused_by(desk, ask, SPOILERS[index:]) for index in range(len(SPOILERS) + 1)]
    assert met == [*(spoiler.condition for spoiler in SPOILERS), None]


def test_the_spoilers_stand_in_the_order_of_the_table() -> None:
    """What is left out needs a withdrawal of its own or belongs to the record query."""
    left_out = {
        "cancel.foreign_id",
        "cancel.already_cancelled",
        "cancel.not_cancellable",
        "list.bad_cursor",
        "list.bad_parameter",
    }
    assert [spoiler.condition for spoiler in SPOILERS] == [
        name for name in BYBIT.unknowns.conditions if name not in left_out
    ]


# --- fields -------------------------------------------------------------------------------------------------------


def uppercase(at: Desk) -> object:
    at.cancel("1", signature="F" * 64)
    assert at.condition == "auth.wrong_signature"
    lower = signature_of_unknown_id(at)
    at.cancel("1", signature=lower.upper())
    return at.condition


def signature_of_unknown_id(at: Desk) -> str:
    at.cancel("1")
    sent = dict(at.last.request.headers)["X-BAPI-SIGN"]
    assert at.condition == "cancel.unknown_id"
    return str(sent)


def content_type(at: Desk) -> object:
    at.cancel("1", headers=(("Content-Type", "text/plain"),))
    refused = at.condition
    for harmless in ((), (("CONTENT-TYPE", "Application/JSON ; charset=utf-8"),), (("Content-Type", ""),)):
        at.cancel("1", headers=harmless)
        assert at.condition == "cancel.unknown_id"
    return refused


def early_pending(at: Desk) -> object:
    words = {}
    for state in ("Pending", "Packed", "Download", "Broadcasted", "Processing"):
        at.cancel(at.account.withdrawal("USDT", "10", state=state).id)
        words[state] = at.condition
    return words


def ret_code(at: Desk) -> object:
    assert at.cancel("1").header("Ret_code") == "131002"
    return at.list().header("Ret_code")


REFUSED = "cancel.not_cancellable"
SETTINGS: list[tuple[str, object, Callable[[Desk], object], object]] = [
    ("signature.uppercase_hex", False, uppercase, "auth.wrong_signature"),
    ("signature.uppercase_hex", True, uppercase, "cancel.unknown_id"),
    ("body.content_type_is_enforced", True, content_type, "body.wrong_content_type"),
    ("body.content_type_is_enforced", False, content_type, "cancel.unknown_id"),
    (
        "cancel.early_pending_is_cancellable",
        False,
        early_pending,
        dict.fromkeys(["Pending", "Packed", "Download", "Broadcasted", "Processing"], REFUSED),
    ),
    (
        "cancel.early_pending_is_cancellable",
        True,
        early_pending,
        {"Pending": None, "Packed": None, "Download": None, "Broadcasted": REFUSED, "Processing": REFUSED},
    ),
    ("envelope.ret_code_on_success", False, ret_code, None),
    ("envelope.ret_code_on_success", True, ret_code, "0"),
]


@pytest.mark.parametrize(("name", "setting", "look", "expected"), SETTINGS)
def test_a_field_does_what_its_setting_says(
    desk: type[Desk], name: str, setting: object, look: Callable[[Desk], object], expected: object
) -> None:
    assert look(desk(behavior={name: setting})) == expected


@pytest.mark.parametrize(("name", "setting", "look", "expected"), SETTINGS)
def test_a_field_that_nobody_sets_has_its_default(
    desk: type[Desk], name: str, setting: object, look: Callable[[Desk], object], expected: object
) -> None:
    if BYBIT.unknowns.fields[name].default == setting:
        assert look(desk()) == expected


def test_every_field_is_tried_in_each_of_its_settings() -> None:
    tried = {(name, setting) for name, setting, _, _ in SETTINGS}
    assert tried == {(field.name, choice) for field in BYBIT.unknowns.fields.values() for choice in field.choices}


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
        (b"", "body.not_an_object"),
        (b"null", "body.not_an_object"),
        (b'"10197"', "body.not_an_object"),
        (b'{"id":"10197"', "body.not_an_object"),
        (b"id=10197", "body.not_an_object"),
        (b'{"id":NaN}', "body.not_an_object"),
        (b'{"id":1e999999999}', "body.not_an_object"),
        (b'{"id":' + b"9" * 5000 + b"}", "body.not_an_object"),
        (b"[" * 100_000, "body.not_an_object"),
        (b'{"id":' + b"[" * 200 + b"]" * 200 + b"}", "body.not_an_object"),
        (b"\xff\xfe", "body.not_an_object"),
        (b'\xef\xbb\xbf{"id":"10197"}', "body.not_an_object"),
        (b"{}", "cancel.id_missing"),
        (b'{"id":null}', "cancel.id_missing"),
        (b'{"id":""}', "cancel.id_missing"),
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
    }
