"""Every check of the cancel call in its order: what breaks it, what is answered byte for byte, what comes first."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest

from contracts.dialects import okx as dialect
from contracts.wire import HttpCall
from simulator import Reply, Request
from simulator.core.rows import conditions, rows
from simulator.exchanges.okx import OKX
from simulator.exchanges.okx.behavior import Conditions, Fields
from simulator.exchanges.okx.errors import Errors

CANCEL = "/api/v5/asset/cancel-withdrawal"
NOW = "2023-11-14T22:13:20.000Z"
KEY = "b68428e0-6ea2-4dd8-9de2-af7f6114ecb8"
PEER = "185.14.47.178"
ACCEPTED = b'{"code":"0","data":[{"wdId":"%s"}],"msg":""}'
BUSY = b'{"code":"50013","data":[],"msg":"Systems are busy. Please try again later."}'


@dataclass
class Attempt:
    """One cancel call that succeeds until something in it is spoiled."""

    account: dict[str, Any] = field(default_factory=dict)
    withdrawal: dict[str, Any] = field(default_factory=dict)
    method: str = "POST"
    path: str = CANCEL
    headers: dict[str, str] = field(default_factory=dict)
    content_type: str = "application/json"
    body: str = '{"wdId":"«id»"}'
    flips_environment: bool = False
    asks_for_anothers: bool = False
    calls: int = 1

    def run(self, bench: Any) -> Reply:
        """The reply to the last of the calls."""
        options = {"api_key": KEY, "balances": {"BTC": "10"}, "ip_allowlist": (PEER,), **self.account}
        account = bench.account(**options)
        owner = bench.account() if self.asks_for_anothers else account
        withdrawal = owner.withdrawal("BTC", "1", **self.withdrawal)
        for _ in range(self.calls):
            reply = bench.simulator.answer(self.request(account, withdrawal.id))
        return reply

    def request(self, account: Any, withdrawal_id: str) -> Request:
        body = self.body.replace("«id»", withdrawal_id).encode()
        sign = dialect.signature(account.api_secret, NOW, self.method, self.path, body)
        headers = {
            "OK-ACCESS-KEY": account.api_key,
            "OK-ACCESS-SIGN": sign,
            "OK-ACCESS-TIMESTAMP": NOW,
            "OK-ACCESS-PASSPHRASE": account.passphrase,
            "Content-Type": self.content_type,
            **self.headers,
        }
        if self.account.get("demo", False) != self.flips_environment:
            headers["x-simulated-trading"] = "1"
        sent = tuple((name, value) for name, value in headers.items() if value != "missing")
        return Request(self.method, self.path, sent, body, PEER)


@dataclass(frozen=True)
class Spoiler:
    """What breaks one condition; two of the same `slot` cannot be broken at once."""

    condition: str
    slot: str
    apply: Callable[[Attempt], object]
    status: int
    body: bytes


def header(name: str, value: str) -> Callable[[Attempt], object]:
    return lambda attempt: attempt.headers.update({name: value})


def option(**options: Any) -> Callable[[Attempt], object]:
    return lambda attempt: attempt.account.update(options)


def withdrawal(**options: Any) -> Callable[[Attempt], object]:
    return lambda attempt: attempt.withdrawal.update(options)


def part(name: str, value: Any) -> Callable[[Attempt], object]:
    return lambda attempt: setattr(attempt, name, value)


def limited(attempt: Attempt) -> None:
    attempt.account["limits"] = True
    attempt.calls = 7


_NOT_FOUND = b'{"code":404,"data":{},"detailMsg":"","error_code":"404","error_message":"Not Found","msg":"Not Found"}'
_NOT_ALLOWED = b'{"code":"58216","data":[],"msg":"Operation not allowed."}'
_CANCELLED = b'{"code":"58220","data":[],"msg":"Withdrawal request already canceled."}'
_NO_ID = b'{"code":"58215","data":[],"msg":"Withdrawal ID does not exist."}'
_NO_KEY = b'{"msg":"API key doesn\'t exist","code":"50119"}'
_SYNTAX = b'{"msg":"JSON syntax error","code":"50002"}'
_SUB = (
    b'{"code":"58209","data":[],"msg":"Sub-accounts don\'t support withdrawals or deposits. '
    b'Please use your main account instead"}'
)

SPOILERS = [
    Spoiler("route.unknown", "path", part("path", "/api/v5/zzz/nonexistent"), 404, _NOT_FOUND),
    Spoiler(
        "route.wrong_method",
        "method",
        part("method", "GET"),
        405,
        b'{"msg":"Invalid request method","code":"50115"}',
    ),
    Spoiler(
        "auth.key_empty",
        "key",
        header("OK-ACCESS-KEY", "missing"),
        401,
        b'{"msg":"Request header OK-ACCESS-KEY can not be empty.","code":"50103"}',
    ),
    Spoiler(
        "auth.passphrase_empty",
        "passphrase",
        header("OK-ACCESS-PASSPHRASE", ""),
        401,
        b'{"msg":"Request header OK-ACCESS-PASSPHRASE can not be empty.","code":"50104"}',
    ),
    Spoiler(
        "auth.sign_empty",
        "sign",
        header("OK-ACCESS-SIGN", "missing"),
        401,
        b'{"msg":"Request header OK-ACCESS-SIGN can not be empty.","code":"50106"}',
    ),
    Spoiler(
        "auth.timestamp_empty",
        "timestamp",
        header("OK-ACCESS-TIMESTAMP", ""),
        401,
        b'{"msg":"Request header OK-ACCESS-TIMESTAMP can not be empty.","code":"50107"}',
    ),
    Spoiler(
        "auth.timestamp_invalid",
        "timestamp",
        header("OK-ACCESS-TIMESTAMP", "1700000000000"),
        401,
        b'{"msg":"Invalid OK-ACCESS-TIMESTAMP","code":"50112"}',
    ),
    Spoiler(
        "auth.timestamp_expired",
        "timestamp",
        header("OK-ACCESS-TIMESTAMP", "2020-12-08T09:08:57.715Z"),
        401,
        b'{"msg":"Timestamp request expired","code":"50102"}',
    ),
    Spoiler(
        "auth.key_malformed",
        "key",
        header("OK-ACCESS-KEY", "test-key"),
        401,
        b'{"msg":"Invalid OK-ACCESS-KEY","code":"50111"}',
    ),
    Spoiler(
        "auth.unknown_key",
        "key",
        header("OK-ACCESS-KEY", "00000000-0000-0000-0000-000000000000"),
        401,
        _NO_KEY,
    ),
    Spoiler("auth.expired_key", "expiry", option(expires="2023-11-14T22:13:20Z"), 401, _NO_KEY),
    Spoiler(
        "auth.api_frozen",
        "frozen",
        option(api_frozen=True),
        400,
        b'{"msg":"API frozen, please contact customer service.","code":"50100"}',
    ),
    Spoiler("auth.user_blocked", "user", option(user_blocked=True), 200, b'{"msg":"User blocked.","code":"50007"}'),
    Spoiler(
        "auth.wrong_ip",
        "ip",
        option(ip_allowlist=("2001:db8::1",)),
        401,
        b'{"msg":"Your IP 185.14.47.178 is not included in your API key\'s '
        b'b68428e0-6ea2-4dd8-9de2-af7f6114ecb8 IP whitelist.","code":"50110"}',
    ),
    Spoiler(
        "auth.wrong_environment",
        "environment",
        part("flips_environment", True),
        401,
        b'{"msg":"APIKey does not match current environment.","code":"50101"}',
    ),
    Spoiler(
        "auth.wrong_passphrase",
        "passphrase",
        header("OK-ACCESS-PASSPHRASE", "another"),
        401,
        b'{"msg":"Request header OK-ACCESS-PASSPHRASE incorrect.","code":"50105"}',
    ),
    Spoiler(
        "auth.wrong_signature",
        "sign",
        header("OK-ACCESS-SIGN", "Hk4kQwpGsjoVyAHjRsGNRWEFxNNnK0rOdEJ1ptO5TWc="),
        401,
        b'{"msg":"Invalid Sign","code":"50113"}',
    ),
    Spoiler("limit.exceeded", "limit", limited, 429, b'{"msg":"Too Many Requests","code":"50011"}'),
    Spoiler(
        "auth.no_permission",
        "permission",
        option(permissions=("read_only", "withdraw")),
        401,
        b'{"msg":"This API key doesn\'t have permission to use this function","code":"50120"}',
    ),
    Spoiler(
        "body.content_type",
        "type",
        part("content_type", "application/x-www-form-urlencoded"),
        400,
        b'{"msg":"Invalid Content-Type. Please use \\"application/JSON\\".","code":"50006"}',
    ),
    Spoiler(
        "body.empty",
        "body",
        part("body", ""),
        400,
        b'{"msg":"Body for POST request cannot be empty.","code":"50000"}',
    ),
    Spoiler("body.not_json", "body", part("body", '{"wdId":"1123456"'), 400, _SYNTAX),
    Spoiler("body.not_an_object", "body", part("body", '["1123456"]'), 400, _SYNTAX),
    Spoiler(
        "cancel.id_missing",
        "body",
        part("body", '{"wdId":""}'),
        400,
        b'{"code":"50014","data":[],"msg":"Parameter wdId can not be empty."}',
    ),
    Spoiler(
        "cancel.id_malformed",
        "body",
        part("body", '{"wdId":["1123456"]}'),
        200,
        b'{"code":"51000","data":[],"msg":"Parameter wdId error."}',
    ),
    Spoiler(
        "cancel.demo",
        "demo",
        option(demo=True),
        200,
        b'{"code":"50038","data":[],"msg":"This feature is unavailable in demo trading"}',
    ),
    Spoiler(
        "cancel.account_blocked",
        "account",
        option(account_blocked=True),
        200,
        b'{"code":"58004","data":[],"msg":"Account blocked."}',
    ),
    Spoiler("cancel.sub_account", "sub", option(sub_account=True), 200, _SUB),
    Spoiler("cancel.id_not_numeric", "body", part("body", '{"wdId":"abc"}'), 200, _NO_ID),
    Spoiler("cancel.unknown_id", "body", part("body", '{"wdId":"1123456"}'), 200, _NO_ID),
    Spoiler("cancel.foreign_id", "owner", part("asks_for_anothers", True), 200, _NO_ID),
    Spoiler("cancel.lightning", "network", withdrawal(network="BTC-Lightning"), 200, _NOT_ALLOWED),
    Spoiler("cancel.still_cancelling", "state", withdrawal(state="-3"), 200, _CANCELLED),
    Spoiler("cancel.already_cancelled", "state", withdrawal(state="-2"), 200, _CANCELLED),
    Spoiler("cancel.not_cancellable", "state", withdrawal(state="7"), 200, _NOT_ALLOWED),
]
"""In the order of precedence."""

ALTERNATIVES = [
    (
        "route.wrong_method",
        "INTERNAL_SERVER_ERROR",
        500,
        b'{"code":500,"data":{},"detailMsg":"","error_code":"500","error_message":"Internal Server Error",'
        b'"msg":"Internal Server Error"}',
    ),
    ("auth.wrong_ip", "IP_INVALID", 401, b'{"msg":"Invalid IP","code":"50110"}'),
    (
        "limit.exceeded",
        "RATE_LIMIT_REACHED",
        200,
        b'{"code":"50011","data":[],"msg":"Rate limit reached. Please refer to API documentation and throttle '
        b'requests accordingly."}',
    ),
    ("auth.no_permission", "AUTHORITY_INVALID", 401, b'{"msg":"Invalid Authority","code":"50114"}'),
    (
        "cancel.id_missing",
        "PARAMETER_EMPTY_2022",
        400,
        b'{"code":"50014","data":[],"msg":"Parameter wdId cant be empty."}',
    ),
    (
        "cancel.unknown_id",
        "SERVICE_UNAVAILABLE",
        503,
        b'{"code":"50001","data":[],"msg":"Service temporarily unavailable. Please try again later."}',
    ),
    ("cancel.not_cancellable", "SYSTEMS_BUSY", 429, BUSY),
    (
        "cancel.id_not_numeric",
        "PARAMETER_ERROR",
        200,
        b'{"code":"51000","data":[],"msg":"Parameter wdId error."}',
    ),
    (
        "body.not_an_object",
        "PARAMETER_ERROR",
        200,
        b'{"code":"51000","data":[],"msg":"Parameter wdId error."}',
    ),
    ("cancel.unknown_id", "PARAMETER_ERROR", 200, b'{"code":"51000","data":[],"msg":"Parameter wdId error."}'),
    (
        "cancel.not_cancellable",
        "TOKEN_UNAVAILABLE",
        200,
        b'{"code":"58006","data":[],"msg":"Service unavailable for token BTC."}',
    ),
]
"""Rows that no condition has by default: a behavior brings them."""


def named(spoiler: Spoiler) -> str:
    return spoiler.condition


def refused(bench: Any) -> str:
    return str(bench.entries[-1].refused.condition)


def set_for_all(bench: Any, behavior: dict[str, Any]) -> None:
    """A behavior of the whole exchange, which holds for callers that are nobody too."""
    bench.simulator.service.worlds["okx"].behavior = OKX.unknowns.behavior(behavior)


def test_an_unspoiled_attempt_is_accepted(bench: Any) -> None:
    reply = Attempt().run(bench)
    assert reply.status == 200
    assert reply.headers == (("Content-Type", "application/json"),)
    withdrawal_id = bench.entries[-1].changes[0].withdrawal
    assert reply.body == ACCEPTED % withdrawal_id.encode()
    assert bench.entries[-1].endpoint == "cancel"


@pytest.mark.parametrize("spoiler", SPOILERS, ids=named)
def test_a_broken_check_answers_its_row(bench: Any, spoiler: Spoiler) -> None:
    attempt = Attempt()
    spoiler.apply(attempt)
    reply = attempt.run(bench)
    assert (reply.status, reply.body) == (spoiler.status, spoiler.body)
    assert reply.headers == (("Content-Type", "application/json"),)
    assert refused(bench) == spoiler.condition
    assert bench.entries[-1].refused.row == OKX.unknowns.conditions[spoiler.condition].default.name


PAIRS = [
    pytest.param(first, second, id=f"{first.condition}-before-{second.condition}")
    for first, second in itertools.combinations(SPOILERS, 2)
    if first.slot != second.slot
]


@pytest.mark.parametrize(("first", "second"), PAIRS)
def test_of_two_broken_checks_the_earlier_answers(bench: Any, first: Spoiler, second: Spoiler) -> None:
    attempt = Attempt()
    second.apply(attempt)
    first.apply(attempt)
    reply = attempt.run(bench)
    assert (reply.status, reply.body) == (first.status, first.body)
    assert refused(bench) == first.condition


@pytest.mark.parametrize("spoiler", SPOILERS, ids=named)
def test_a_condition_can_be_given_another_row(bench: Any, spoiler: Spoiler) -> None:
    set_for_all(bench, {spoiler.condition: "SYSTEMS_BUSY"})
    attempt = Attempt()
    spoiler.apply(attempt)
    reply = attempt.run(bench)
    assert (reply.status, reply.body) == (429, BUSY)
    assert refused(bench) == spoiler.condition


@pytest.mark.parametrize("spoiler", [one for one in SPOILERS if one.slot != "key"], ids=named)
def test_a_condition_that_knows_the_key_follows_the_account(bench: Any, spoiler: Spoiler) -> None:
    attempt = Attempt(account={"behavior": {spoiler.condition: "SYSTEMS_BUSY"}})
    spoiler.apply(attempt)
    assert attempt.run(bench).body == BUSY


@pytest.mark.parametrize(("condition", "row", "status", "body"), ALTERNATIVES)
def test_an_alternative_row_answers_where_a_behavior_puts_it(
    bench: Any, condition: str, row: str, status: int, body: bytes
) -> None:
    set_for_all(bench, {condition: row})
    attempt = Attempt()
    next(spoiler for spoiler in SPOILERS if spoiler.condition == condition).apply(attempt)
    reply = attempt.run(bench)
    assert (reply.status, reply.body) == (status, body)
    assert bench.entries[-1].refused.row == row


def test_every_condition_of_the_cancel_call_is_broken_in_the_order_of_the_table() -> None:
    rooms = ("route.", "auth.", "limit.", "body.", "cancel.")
    named = [condition.name for condition in conditions(Conditions) if condition.name.startswith(rooms)]
    assert [spoiler.condition for spoiler in SPOILERS] == named


def test_every_row_without_a_place_of_its_own_says_that_only_a_behavior_brings_it() -> None:
    defaults = {condition.default.name for condition in conditions(Conditions)}
    assert {row.name for row in rows(Errors) if not row.unreachable} == defaults


def test_the_key_shape_can_be_looked_at_before_the_timestamp(bench: Any) -> None:
    set_for_all(bench, {Fields.KEY_SHAPE_BEFORE_TIMESTAMP.name: True})
    attempt = Attempt(headers={"OK-ACCESS-KEY": "test-key", "OK-ACCESS-TIMESTAMP": "2020-12-08T09:08:57.715Z"})
    assert attempt.run(bench).body == b'{"msg":"Invalid OK-ACCESS-KEY","code":"50111"}'
    # A well-formed unknown key still meets the timestamp first, as it was seen to.
    attempt = Attempt(headers={**attempt.headers, "OK-ACCESS-KEY": "00000000-0000-0000-0000-000000000000"})
    attempt.account["api_key"] = "another"
    assert attempt.run(bench).body == b'{"msg":"Timestamp request expired","code":"50102"}'


@pytest.mark.parametrize("order", Fields.EMPTY_ORDER.choices)
def test_which_of_three_missing_headers_is_named_first_is_a_field(bench: Any, order: str) -> None:
    names = order.split(", ")
    missing = {f"OK-ACCESS-{name.upper()}": "missing" for name in names}
    for number, name in enumerate(names):
        headers = dict(list(missing.items())[number:])
        account = {"behavior": {Fields.EMPTY_ORDER.name: order}, "api_key": f"key-{number}"}
        Attempt(account=account, headers=headers).run(bench)
        assert refused(bench) == f"auth.{name}_empty"


def test_the_body_can_be_read_before_the_headers(bench: Any) -> None:
    account = {"behavior": {Fields.BODY_BEFORE_AUTH.name: True}}
    attempt = Attempt(account=account, headers={"OK-ACCESS-SIGN": "x"}, body="{")
    assert attempt.run(bench).body == _SYNTAX
    attempt = Attempt(account={**account, "api_key": "another"}, headers={"OK-ACCESS-SIGN": "x"})
    assert attempt.run(bench).body == b'{"msg":"Invalid Sign","code":"50113"}'
    attempt = Attempt(account={**account, "api_key": "a third"})
    assert attempt.run(bench).status == 200


def test_the_environment_can_be_compared_before_the_ip_list(bench: Any) -> None:
    options = {"behavior": {Fields.ENVIRONMENT_BEFORE_IP.name: True}, "ip_allowlist": ("2001:db8::1",)}
    Attempt(account=options, flips_environment=True).run(bench)
    assert refused(bench) == "auth.wrong_environment"


def test_the_signature_can_be_verified_before_the_passphrase(bench: Any) -> None:
    options = {"behavior": {Fields.SIGNATURE_BEFORE_PASSPHRASE.name: True}}
    Attempt(account=options, headers={"OK-ACCESS-PASSPHRASE": "x", "OK-ACCESS-SIGN": "x"}).run(bench)
    assert refused(bench) == "auth.wrong_signature"
    options = {**options, "api_key": "another"}
    Attempt(account=options, headers={"OK-ACCESS-PASSPHRASE": "x"}).run(bench)
    assert refused(bench) == "auth.wrong_passphrase"


@pytest.mark.parametrize(
    ("setting", "permissions", "accepted"),
    [
        ("trade", ["trade"], True),
        ("trade", ["read_only", "withdraw"], False),
        ("trade", [], False),
        ("withdraw", ["withdraw"], True),
        ("withdraw", ["read_only", "trade"], False),
        ("trade or withdraw", ["trade"], True),
        ("trade or withdraw", ["withdraw"], True),
        ("trade or withdraw", ["read_only"], False),
    ],
)
def test_the_permission_of_the_cancel_call_is_a_field(
    bench: Any, setting: str, permissions: list[str], accepted: bool
) -> None:
    account = bench.account(permissions=permissions, behavior={Fields.CANCEL_PERMISSION.name: setting})
    reply = bench.cancel(account, account.withdrawal("BTC", "1").id)
    assert (reply.status == 200) is accepted


def test_the_history_takes_the_permission_to_read(bench: Any) -> None:
    account = bench.account(permissions=["trade", "withdraw"])
    assert bench.history(account).status == 401
    assert refused(bench) == "auth.no_permission"


def test_another_content_type_can_be_let_through(bench: Any) -> None:
    attempt = Attempt(
        account={"behavior": {Fields.CONTENT_TYPE_CHECKED.name: False}},
        content_type="application/x-www-form-urlencoded",
    )
    assert attempt.run(bench).body.startswith(b'{"code":"0"')


@pytest.mark.parametrize("given", ["application/json; charset=utf-8", "Application/JSON", "application/json ;x=y"])
def test_a_json_content_type_may_be_written_in_several_ways(bench: Any, given: str) -> None:
    assert Attempt(content_type=given).run(bench).status == 200


def test_a_missing_content_type_is_refused(bench: Any) -> None:
    assert Attempt(content_type="missing").run(bench).status == 400
    assert refused(bench) == "body.content_type"


def test_a_number_as_id_is_taken_for_its_text_or_refused(bench: Any) -> None:
    assert Attempt(body='{"wdId":«id»}').run(bench).status == 200
    options = {"behavior": {Fields.COERCES_SCALARS.name: False}, "api_key": "another"}
    reply = Attempt(body='{"wdId":«id»}', account=options).run(bench)
    assert reply.body == b'{"code":"51000","data":[],"msg":"Parameter wdId error."}'


@pytest.mark.parametrize(
    ("given", "condition"),
    [
        *((given, "cancel.id_not_numeric") for given in ("true", "1.5", "-7", '"ä"', '"\\ud800"', '" "', '"٣"')),
        ("1e3", "cancel.unknown_id"),  # a number is taken for its digits
        ('"0"', "cancel.unknown_id"),
        ('"00000000000000000000000000000"', "cancel.unknown_id"),
    ],
)
def test_a_scalar_that_is_nobodys_id_is_unknown_and_one_that_is_not_all_digits_has_its_own_condition(
    bench: Any, given: str, condition: str
) -> None:
    assert Attempt(body=f'{{"wdId":{given}}}').run(bench).body == _NO_ID
    assert refused(bench) == condition


def test_a_boolean_is_taken_for_the_word_that_json_has_for_it(bench: Any) -> None:
    account = bench.account()
    body = '{"ccy":"BTC","amt":0.1,"dest":4,"toAddr":"17DKe3kkkkiiiiTvAKKi2vMPbm1Bz3CMKw","clientId":%s}'
    told = [bench.post(account, "asset/withdrawal", body % value).body for value in ("true", "false")]
    assert [b'"clientId":"true"' in told[0], b'"clientId":"false"' in told[1]] == [True, True]


@pytest.mark.parametrize("given", ["{}", '{"wdId":null}', '{"wdid":"1"}', '{"wdId":"1","wdId":""}'])
def test_an_absent_id_cannot_be_empty(bench: Any, given: str) -> None:
    assert Attempt(body=given).run(bench).body == b'{"code":"50014","data":[],"msg":"Parameter wdId can not be empty."}'


@pytest.mark.parametrize(
    "given",
    [
        "[" * 100_000,
        '{"wdId":' * 100_000,
        "NaN",
        '{"wdId":' + "9" * 5000 + "}",
        '{"wdId":1e999999999}',
        "\ufeff{}",
        " ",
    ],
    ids=["deep-array", "deep-object", "nan", "huge-integer", "huge-exponent", "byte-order-mark", "blank"],
)
def test_what_no_parser_takes_is_a_syntax_error(bench: Any, given: str) -> None:
    assert Attempt(body=given).run(bench).body == _SYNTAX


def test_a_body_that_is_no_utf_8_is_a_syntax_error(bench: Any) -> None:
    assert bench.ask(bench.account(), "POST", CANCEL, b'{"wdId":"\xff"}').body == _SYNTAX


def test_fields_that_nobody_knows_are_ignored(bench: Any) -> None:
    assert Attempt(body='{"wdId":"«id»","tag":"159881cb7207BCDE"}').run(bench).status == 200


def test_a_repeat_while_cancelling_can_be_acknowledged_again(bench: Any) -> None:
    account = bench.account(behavior={Fields.REPEAT_WHILE_CANCELLING.name: "accepted"})
    withdrawal = account.withdrawal("BTC", "1")
    accepted = ACCEPTED % withdrawal.id.encode()
    assert bench.cancel(account, withdrawal.id).body == accepted
    assert bench.cancel(account, withdrawal.id).body == accepted
    assert [step.state for step in withdrawal.history] == ["0", "-3"]
    account.advance(seconds=10)
    assert bench.cancel(account, withdrawal.id).body == _CANCELLED


def test_six_calls_a_second_are_allowed_in_windows_aligned_with_the_clock(bench: Any) -> None:
    account = bench.account(limits=True)
    bench.clock.advance(900)
    assert [bench.cancel(account, "1").status for _ in range(7)] == [200] * 6 + [429]
    bench.clock.advance(99)
    assert bench.cancel(account, "1").status == 429
    bench.clock.advance(1)
    assert bench.cancel(account, "1").status == 200


def test_the_window_can_be_a_sliding_one(bench: Any) -> None:
    account = bench.account(limits=True, behavior={Fields.LIMIT_WINDOW.name: "sliding"})
    bench.clock.advance(900)
    assert [bench.cancel(account, "1").status for _ in range(7)] == [200] * 6 + [429]
    bench.clock.advance(999)
    assert bench.cancel(account, "1").status == 429
    bench.clock.advance(1)
    assert bench.cancel(account, "1").status == 200


def test_a_limit_belongs_to_the_user_and_to_one_endpoint(bench: Any) -> None:
    account = bench.account(limits=True)
    second = account.key()
    assert [bench.cancel(key, "1").status for key in (account, second) * 4] == [200] * 6 + [429] * 2
    assert [bench.history(account).status for _ in range(7)] == [200] * 6 + [429]
    assert bench.cancel(bench.account(limits=True), "1").status == 200


def test_without_limits_nothing_is_counted(bench: Any) -> None:
    account = bench.account()
    assert {bench.cancel(account, "1").status for _ in range(20)} == {200}


@pytest.mark.parametrize(
    ("stamp", "passes"),
    [
        ("2023-11-14T22:12:50.000Z", True),
        ("2023-11-14T22:12:49.999Z", False),
        ("2023-11-14T22:13:50.000Z", True),
        ("2023-11-14T22:13:50.001Z", False),
        ("2023-11-14T22:13:20Z", True),
        ("2023-11-14T22:13:20.5Z", True),
        ("2023-11-14T22:13:20.55Z", True),
    ],
)
def test_a_timestamp_may_be_30_seconds_away_and_needs_no_fraction(bench: Any, stamp: str, passes: bool) -> None:
    reply = Attempt(headers={"OK-ACCESS-TIMESTAMP": stamp}).run(bench)
    # The attempt is signed with another time, so that passing the window means failing at the signature.
    assert refused(bench) == ("auth.wrong_signature" if passes else "auth.timestamp_expired")
    assert reply.status == 401


def stamped(bench: Any, stamp: str, forms: str) -> str:
    """What condition refuses a cancel that is stamped, and rightly signed, in this way; "" when none does."""
    account = bench.account(behavior={Fields.TIMESTAMP_FORMS.name: forms})
    request = Attempt().request(account, account.withdrawal("BTC", "1").id)
    sign = dialect.signature(account.api_secret, stamp, "POST", CANCEL, request.body)
    changed = {**dict(request.headers), "OK-ACCESS-TIMESTAMP": stamp, "OK-ACCESS-SIGN": sign}
    bench.simulator.answer(Request("POST", CANCEL, tuple(changed.items()), request.body, PEER))
    told = bench.entries[-1].refused
    return told.condition if told else ""


@pytest.mark.parametrize(
    ("stamp", "refusal"),
    [
        (NOW, ""),
        ("2023-11-14T22:13:20", ""),
        ("2023-11-14T22:13:20.000000Z", ""),
        ("2023-11-15T00:13:20.000+02:00", ""),
        ("1700000000", ""),
        ("1700000000000", ""),
        ("2023-11-14T22:13:20+00:00", ""),
        ("1699999969", "auth.timestamp_expired"),
        ("17000000000", "auth.timestamp_invalid"),
        ("1700000000.5", "auth.timestamp_invalid"),
        ("2023-11-14 22:13:20Z", "auth.timestamp_invalid"),
        ("2023-11-14T22:13:20+99:99", "auth.timestamp_invalid"),
        ("2023-13-14T22:13:20Z", "auth.timestamp_invalid"),
    ],
)
def test_which_forms_of_a_timestamp_are_read_is_a_field(bench: Any, stamp: str, refusal: str) -> None:
    assert stamped(bench, stamp, "any") == refusal
    assert stamped(bench, stamp, "documented") == ("" if stamp == NOW else "auth.timestamp_invalid")


@pytest.mark.parametrize(
    "stamp",
    [
        "1700000000",
        "1700000000.000",
        "2023-11-14T22:13:20",
        "2023-11-14T22:13:20.000+00:00",
        "2023-11-14T22:13:20.000000Z",
        "2023-11-14T22:13:20.Z",
        "2023-11-14T22:13:20.000z",
        "2023-11-14 22:13:20.000Z",
        "2023-13-14T22:13:20.000Z",
        "0000-11-14T22:13:20.000Z",
        "2023-11-14T22:13:60.000Z",
        "2023-11-14",
        "٢٠٢٣-11-14T22:13:20.000Z",
        "2023-11-14T22:13:20.000Z\n",
        "\udcff",
        "9" * 8000,
    ],
)
def test_any_other_writing_of_a_time_is_invalid(bench: Any, stamp: str) -> None:
    reply = Attempt(headers={"OK-ACCESS-TIMESTAMP": stamp}).run(bench)
    assert reply.body == b'{"msg":"Invalid OK-ACCESS-TIMESTAMP","code":"50112"}'


def test_a_configured_key_may_have_any_shape(bench: Any) -> None:
    assert Attempt(account={"api_key": "test-key"}).run(bench).status == 200


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ("B68428E0-6EA2-4DD8-9DE2-AF7F6114ECB8", b"50111"),
        ("b68428e06ea24dd89de2af7f6114ecb8", b"50111"),
        ("٠0000000-0000-0000-0000-000000000000", b"50111"),
        ("\udcff", b"50111"),
        ("b68428e0-6ea2-4dd8-9de2-af7f6114ecb9", b"50119"),
    ],
)
def test_only_a_lower_case_uuid_can_be_a_key_that_does_not_exist(bench: Any, given: str, code: bytes) -> None:
    assert Attempt(headers={"OK-ACCESS-KEY": given}).run(bench).body.endswith(b'"code":"%s"}' % code)


def test_a_request_without_any_header_misses_its_key(bench: Any) -> None:
    reply = bench.simulator.answer(Request("POST", CANCEL))
    assert reply.status == 401
    assert reply.body == b'{"msg":"Request header OK-ACCESS-KEY can not be empty.","code":"50103"}'


def test_header_names_come_in_any_case(bench: Any) -> None:
    account = bench.account()
    request = Attempt().request(account, account.withdrawal("BTC", "1").id)
    lower = tuple((name.lower(), value) for name, value in request.headers)
    assert bench.simulator.answer(Request("POST", CANCEL, lower, request.body)).status == 200


@pytest.mark.parametrize("flag", ["0", "", "true", "2", " 1"])
def test_only_1_means_demo_trading(bench: Any, flag: str) -> None:
    assert Attempt(headers={"x-simulated-trading": flag}).run(bench).status == 200


def test_a_demo_key_works_with_the_demo_header_only(bench: Any) -> None:
    account = bench.account(demo=True)
    assert refused_history(bench, account, {}) == "auth.wrong_environment"
    reply = bench.ask(account, "GET", "/api/v5/asset/withdrawal-history", headers={"x-simulated-trading": "1"})
    assert reply.body == b'{"code":"0","data":[],"msg":""}'


def refused_history(bench: Any, account: Any, headers: dict[str, str]) -> str:
    bench.ask(account, "GET", "/api/v5/asset/withdrawal-history", headers=headers)
    return refused(bench)


def test_the_query_of_a_post_is_signed_as_part_of_the_target(bench: Any) -> None:
    # [inferred]: the documentation signs a POST without a query and says nothing of one that has it.
    account = bench.account()
    body = b'{"wdId":"%s"}' % account.withdrawal("BTC", "1").id.encode()
    assert bench.ask(account, "POST", CANCEL + "?a=%2C,&", body).status == 200


@pytest.mark.parametrize(
    "query", ["?", "?ccy=%42TC", "?x=a%2Cb", "?x=a,b", "?x=%zz", "?x=a+b", "?x=%C3%A9", "?&&=", "??"]
)
def test_a_query_is_verified_as_it_was_written(bench: Any, query: str) -> None:
    assert bench.history(bench.account(), query).body == b'{"code":"0","data":[],"msg":""}'


def test_the_body_of_a_get_counts_as_empty(bench: Any) -> None:
    account = bench.account()
    target = "/api/v5/asset/withdrawal-history"
    for signed, status in ((b"", 200), (b"{}", 401)):
        call = HttpCall("GET", target, (), signed)
        headers = dialect.signed(call, account.credentials, bench.clock.now_ms).headers
        assert bench.simulator.answer(Request("GET", target, headers, b"{}")).status == status


def test_a_wrong_signature_is_explained_with_the_text_that_the_server_signed(bench: Any) -> None:
    reply = Attempt(headers={"OK-ACCESS-SIGN": "x"}, body='{"wdId": "1"}').run(bench)
    assert reply.body == b'{"msg":"Invalid Sign","code":"50113"}'
    because = bench.entries[-1].refused.because
    assert because.startswith(
        'the server signed \'2023-11-14T22:13:20.000ZPOST/api/v5/asset/cancel-withdrawal{"wdId": "1"}\' and expected '
    )
    assert because.endswith("=, not 'x'")


def test_a_refusal_before_authentication_stands_in_the_journal_of_the_keys_account(bench: Any) -> None:
    account = bench.account()
    request = Attempt(headers={"OK-ACCESS-TIMESTAMP": "2023-11-14T22:13:50.001Z"}).request(account, "1")
    bench.simulator.answer(request)
    assert [entry.refused.because for entry in account.journal] == [
        "the timestamp is +30001 ms from the server's clock; allowed is 30000 either way"
    ]


@pytest.mark.parametrize(
    "path",
    [
        "/api/v5/asset/cancel-withdrawal/",
        "/api/v5/asset//cancel-withdrawal",
        "/api/v5/asset/Cancel-Withdrawal",
        "/api/v5/asset/cancel%2Dwithdrawal",
        "/api/v5/",
        "/api/v5/asset/withdrawals",
        "/ws/v5/business",
        "/ws/v5/private?x=1",
    ],
)
@pytest.mark.parametrize("method", ["GET", "POST", "HEAD", "OPTIONS", "BREW"])
def test_an_unknown_path_below_the_roots_is_not_found_in_okx_words(bench: Any, path: str, method: str) -> None:
    reply = bench.simulator.answer(Request(method, path))
    assert (reply.status, reply.body) == (404, _NOT_FOUND)
    assert len(list(bench.simulator.okx.journal)) == 1


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "HEAD", "post"])
def test_another_method_is_refused_before_authentication(bench: Any, method: str) -> None:
    reply = bench.simulator.answer(Request(method, CANCEL))
    assert (reply.status, reply.body) == (405, b'{"msg":"Invalid request method","code":"50115"}')


def test_the_public_time_is_the_server_clock_in_ms(bench: Any) -> None:
    account = bench.account()
    account.advance(hours=1)
    reply = bench.simulator.answer(Request("GET", "/api/v5/public/time"))
    assert reply.status == 200
    assert reply.headers == (("Content-Type", "application/json"),)
    assert reply.body == b'{"code":"0","data":[{"ts":"1700000000000"}],"msg":""}'


def test_the_public_time_ignores_the_headers_of_a_key_even_wrong_ones(bench: Any) -> None:
    account = bench.account()
    headers = (
        ("OK-ACCESS-KEY", account.api_key),
        ("OK-ACCESS-SIGN", "stale"),
        ("OK-ACCESS-TIMESTAMP", "2020-12-08T09:08:57.715Z"),
        ("OK-ACCESS-PASSPHRASE", "wrong"),
        ("x-simulated-trading", "1"),
    )
    reply = bench.simulator.answer(Request("GET", "/api/v5/public/time", headers))
    assert reply.body == b'{"code":"0","data":[{"ts":"1700000000000"}],"msg":""}'
    assert not list(account.journal)


@pytest.mark.parametrize("spoiler", SPOILERS, ids=named)
def test_whichever_row_answers_it_has_the_blanks_that_can_be_filled_here(
    bench: Any, holes: Any, spoiler: Spoiler
) -> None:
    for number, row in enumerate(holes.rest):
        set_for_all(bench, {spoiler.condition: row.name})
        attempt = Attempt(account={"api_key": f"{number:08}-6ea2-4dd8-9de2-af7f6114ecb8"})
        spoiler.apply(attempt)
        attempt.run(bench)
        assert bench.entries[-1].refused.row == row.name
        holes.check(spoiler.condition, row)


@pytest.mark.parametrize(("method", "path"), [("GET", CANCEL), ("POST", "/api/v5/zzz")])
def test_a_call_that_names_a_key_but_no_endpoint_is_answered_and_noted_as_its_account_has_it(
    bench: Any, method: str, path: str
) -> None:
    account = bench.account(behavior={"route.unknown": "SYSTEMS_BUSY", "route.wrong_method": "SYSTEMS_BUSY"})
    assert bench.ask(account, method, path).body == BUSY
    assert [entry.refused.row for entry in account.journal] == ["SYSTEMS_BUSY"]
    assert bench.simulator.answer(Request(method, path)).body != BUSY


def test_a_public_call_is_nobodys_whatever_key_it_brings_along(bench: Any) -> None:
    account = bench.account()
    assert bench.ask(account, "GET", "/api/v5/public/time", headers={}).status == 200
    assert not account.journal


def test_in_process_a_method_in_lower_case_is_another_method(bench: Any) -> None:
    assert Attempt(method="post").run(bench).status == 405
    assert refused(bench) == "route.wrong_method"
