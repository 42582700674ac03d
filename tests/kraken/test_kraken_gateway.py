"""Every place where Kraken refuses: its literal bytes, and the same place mapped to another row."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

from simulator import Reply, Request
from simulator.exchanges.kraken import KRAKEN

FORM, JSON = "application/x-www-form-urlencoded", "application/json"
REFID = "FTQcuak-V6Za8qrWnhzTx67yYHz8Tg"
TOTP = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
PAGE_405 = (
    b"<html>\r\n<head><title>405 Not Allowed</title></head>\r\n<body>\r\n<center><h1>405 Not Allowed</h1></center>\r\n"
    b"<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n"
)
TRUE, FALSE = b'{"error":[],"result":true}', b'{"error":[],"result":false}'
Provoke = Callable[[Any], Reply]


def error(text: str) -> bytes:
    return b'{"error":["' + text.encode() + b'"]}'


def plain(**changed: Any) -> Provoke:
    """A cancel of a pending withdrawal with something changed."""

    def provoke(bench: Any) -> Reply:
        account = bench.account()
        arguments = {"asset": "USDT", "refid": account.withdrawal("USDT", "10").id, **changed.get("arguments", {})}
        return bench.ask(account, **{**changed, "arguments": arguments})

    return provoke


def account_of(**options: Any) -> Provoke:
    """A cancel of a pending withdrawal by an account that is made otherwise."""

    def provoke(bench: Any) -> Reply:
        account = bench.account(**options)
        return bench.ask(account, arguments={"asset": "USDT", "refid": account.withdrawal("USDT", "10").id})

    return provoke


def state_of(asset: str = "USDT", **options: Any) -> Provoke:
    """A cancel of a withdrawal in some state."""

    def provoke(bench: Any) -> Reply:
        account = bench.account()
        withdrawal = account.withdrawal("USDT", "10", **options)
        return bench.ask(account, arguments={"asset": asset, "refid": withdrawal.id})

    return provoke


def set_to(name: str, value: str) -> Provoke:
    """A cancel with a field set."""

    def provoke(bench: Any) -> Reply:
        bench.set({name: value})
        return plain()(bench)

    return provoke


def listing(**arguments: Any) -> Provoke:
    return lambda bench: bench.ask(bench.account(), "WithdrawStatus", arguments)


def bare(verb: str, target: str) -> Provoke:
    return lambda bench: bench.simulator.answer(Request(verb, target))


def locked_out(bench: Any) -> Reply:
    bench.set({"lockout.failures": 1})
    account = bench.account()
    bench.ask(account, sign="wrong")
    return bench.ask(account)


def replayed(bench: Any) -> Reply:
    account = bench.account()
    bench.ask(account, nonce="1800000000000")
    return bench.ask(account, nonce="1800000000000")


def flooding(bench: Any) -> Reply:
    account = bench.account(limits=True)
    for _ in range(15):
        bench.ask(account, "WithdrawStatus")
    return bench.ask(account, "WithdrawStatus")


def with_otp(otp: str | None, totp_secret: str | None) -> Provoke:
    def provoke(bench: Any) -> Reply:
        account = bench.account(**({"totp_secret": totp_secret} if totp_secret else {}))
        return bench.ask(account, arguments={"asset": "USDT", "refid": REFID, "otp": otp})

    return provoke


def foreign(bench: Any) -> Reply:
    other = bench.account()
    return bench.ask(bench.account(), arguments={"asset": "USDT", "refid": other.withdrawal("USDT", "10").id})


def withdrawing(method: str = "Withdraw", **changed: Any) -> Provoke:
    """A withdrawal of 10 USDT of 100 with something changed; `account`, `behavior` and `drop` besides arguments."""

    def provoke(bench: Any) -> Reply:
        bench.set(changed.get("behavior", {}))
        account = bench.account(balances={"USDT": "100"}, **changed.get("account", {}))
        arguments = {"asset": "USDT", "key": "usdt-wallet", "amount": "10", **changed.get("arguments", {})}
        return bench.ask(account, method, arguments)

    return provoke


def transferring(**arguments: Any) -> Provoke:
    """A transfer of 10 USDT of 100 with something changed."""

    def provoke(bench: Any) -> Reply:
        account = bench.account(balances={"USDT": "100"})
        whole = {"asset": "USDT", "from": "Spot Wallet", "to": "Futures Wallet", "amount": "10", **arguments}
        return bench.ask(account, "WalletTransfer", whole)

    return provoke


def asking(method: str, **arguments: Any) -> Provoke:
    return lambda bench: bench.ask(bench.account(), method, arguments)


UNVERIFIED = {"addresses": [{"key": "usdt-wallet", "asset": "USDT", "verified": False}]}

INVALID_KEY = error("EAPI:Invalid key")
INVALID_NONCE = error("EAPI:Invalid nonce")
INVALID_SIGNATURE = error("EAPI:Invalid signature")
BAD_REQUEST = error("EAPI:Bad request")
DENIED = error("EGeneral:Permission denied")
INVALID_ARGUMENTS = error("EGeneral:Invalid arguments")
UNKNOWN_METHOD = error("EGeneral:Unknown method")
UNKNOWN_ASSET = error("EFunding:Unknown asset")
INVALID_AMOUNT = error("EFunding:Invalid amount")
UNKNOWN_WITHDRAW_KEY = error("EFunding:Unknown withdraw key")

PROVOKED: list[tuple[str, Provoke, int, bytes]] = [
    ("route.post_on_public", bare("POST", "/0/public/Time"), 405, PAGE_405),
    ("route.get_on_private", bare("GET", "/0/private/WithdrawCancel"), 405, PAGE_405),
    ("route.unknown", bare("GET", "/0/public/Nothing"), 404, UNKNOWN_METHOD),
    ("lockout.active", locked_out, 200, error("EGeneral:Temporary lockout")),
    ("body.unknown_content_type", plain(content_type="text/plain"), 200, BAD_REQUEST),
    ("body.broken", plain(content_type=JSON, body=b'{"nonce":1'), 200, BAD_REQUEST),
    ("auth.key_missing", plain(api_key=None), 200, INVALID_KEY),
    ("auth.unknown_key", plain(api_key="nobody's"), 200, INVALID_KEY),
    ("auth.expired_key", account_of(expires=1_699_999_999_999), 200, INVALID_KEY),
    ("auth.wrong_ip", account_of(ip_allowlist=["10.0.0.1"]), 200, INVALID_KEY),
    ("nonce.missing", plain(nonce=None), 200, INVALID_NONCE),
    ("nonce.malformed", plain(nonce="-1"), 200, INVALID_NONCE),
    ("auth.signature_missing", plain(sign=None), 200, INVALID_SIGNATURE),
    ("auth.wrong_signature", plain(secret="d3Jvbmc="), 200, INVALID_SIGNATURE),
    ("auth.otp_unexpected", with_otp("123456", None), 200, INVALID_SIGNATURE),
    ("auth.otp_wrong", with_otp("12345", TOTP), 200, INVALID_SIGNATURE),
    ("nonce.not_greater", replayed, 200, INVALID_NONCE),
    ("limit.exceeded", flooding, 200, error("EAPI:Rate limit exceeded")),
    ("account.disabled", set_to("account.status", "disabled"), 200, error("EAuth:Account temporary disabled")),
    ("account.unconfirmed", set_to("account.status", "unconfirmed"), 200, error("EAuth:Account unconfirmed")),
    ("account.restricted", set_to("account.status", "restricted"), 200, error("EAccount:Invalid permissions")),
    ("auth.otp_missing", with_otp(None, TOTP), 200, DENIED),
    ("auth.no_permission", account_of(permissions=["query-funds"]), 200, DENIED),
    ("cancel.asset_missing", plain(arguments={"asset": ""}), 200, INVALID_ARGUMENTS),
    ("cancel.refid_missing", plain(arguments={"refid": None}), 200, INVALID_ARGUMENTS),
    ("withdraw.asset_missing", withdrawing(arguments={"asset": ""}), 200, INVALID_ARGUMENTS),
    ("withdraw.key_missing", withdrawing(arguments={"key": None}), 200, INVALID_ARGUMENTS),
    ("withdraw.amount_missing", withdrawing(arguments={"amount": ""}), 200, INVALID_ARGUMENTS),
    ("withdraw.max_fee_malformed", withdrawing(arguments={"max_fee": "little"}), 200, INVALID_ARGUMENTS),
    ("transfer.argument_missing", transferring(to=None), 200, INVALID_ARGUMENTS),
    ("transfer.direction", transferring(to="Spot Wallet"), 200, INVALID_ARGUMENTS),
    ("ledgers.id_missing", asking("QueryLedgers"), 200, INVALID_ARGUMENTS),
    ("ledgers.too_many_ids", asking("QueryLedgers", id=",".join("L" * 21)), 200, INVALID_ARGUMENTS),
    ("arguments.not_text", plain(content_type=JSON, arguments={"refid": [1]}), 200, INVALID_ARGUMENTS),
    ("list.bad_argument", listing(limit="0"), 200, INVALID_ARGUMENTS),
    ("list.bad_cursor", listing(cursor="abc"), 200, INVALID_ARGUMENTS),
    ("service.unavailable", set_to("service.mode", "unavailable"), 200, error("EService:Unavailable")),
    ("service.busy", set_to("service.mode", "busy"), 200, error("EService:Busy")),
    ("service.deadline", set_to("service.mode", "deadline"), 200, error("EService:Deadline elapsed")),
    ("service.throttled", set_to("service.mode", "throttled"), 200, error("EService: Throttled: 1700000000")),
    ("service.error", set_to("service.mode", "error"), 200, error("EGeneral:Internal error")),
    ("cancel.unknown_asset", plain(arguments={"asset": "NOPE"}), 200, UNKNOWN_ASSET),
    ("list.unknown_asset", listing(asset="NOPE"), 200, UNKNOWN_ASSET),
    ("ledgers.unknown_asset", asking("Ledgers", asset="NOPE"), 200, error("EQuery:Unknown asset")),
    ("assets.unknown_asset", bare("GET", "/0/public/Assets?asset=NOPE"), 200, error("EQuery:Unknown asset")),
    ("pairs.unknown_pair", bare("GET", "/0/public/AssetPairs?pair=NOPE"), 200, error("EQuery:Unknown asset pair")),
    ("withdraw.unknown_asset", withdrawing(arguments={"asset": "NOPE"}), 200, UNKNOWN_ASSET),
    (
        "withdraw.no_method",
        withdrawing(behavior={"asset.status": "deposit_only"}),
        200,
        error("EFunding:No funding method"),
    ),
    ("withdraw.unverified_label", withdrawing(account=UNVERIFIED), 200, UNKNOWN_WITHDRAW_KEY),
    ("withdraw.unknown_label", withdrawing(arguments={"key": "btc-wallet"}), 200, UNKNOWN_WITHDRAW_KEY),
    ("withdraw.amount_malformed", withdrawing(arguments={"amount": "1e1"}), 200, INVALID_AMOUNT),
    ("withdraw.amount_precision", withdrawing(arguments={"amount": "10.000000001"}), 200, INVALID_AMOUNT),
    ("withdraw.below_minimum", withdrawing(arguments={"amount": "7.49999999"}), 200, INVALID_AMOUNT),
    (
        "withdraw.wrong_address",
        withdrawing(arguments={"address": "another"}),
        200,
        error("EFunding:Invalid withdrawal address"),
    ),
    (
        "withdraw.max_fee_exceeded",
        withdrawing(arguments={"max_fee": "2.4"}),
        200,
        error("EFunding:Max fee exceeded"),
    ),
    ("withdraw.insufficient_funds", withdrawing(arguments={"amount": "100.00000001"}), 200, INVALID_AMOUNT),
    ("transfer.unknown_asset", transferring(asset="NOPE"), 200, UNKNOWN_ASSET),
    ("transfer.bad_amount", transferring(amount="0"), 200, INVALID_AMOUNT),
    ("transfer.insufficient_funds", transferring(amount="101"), 200, INVALID_AMOUNT),
    ("cancel.refid_malformed", plain(arguments={"refid": "abc"}), 200, error("EFunding:Invalid reference id")),
    ("cancel.unknown_refid", plain(arguments={"refid": REFID}), 200, error("EFunding:Unknown reference id")),
    ("cancel.foreign_refid", foreign, 200, error("EFunding:Unknown reference id")),
    ("cancel.wrong_asset", state_of("XBT"), 200, error("EFunding:Invalid reference id")),
    ("cancel.already_pending", state_of(status_prop="cancel-pending"), 200, TRUE),
    ("cancel.already_denied", state_of(status_prop="cancel-denied"), 200, FALSE),
    ("cancel.already_canceled", state_of(status_prop="canceled"), 200, FALSE),
    ("cancel.already_settled", state_of(state="Settled"), 200, FALSE),
    ("cancel.already_succeeded", state_of(state="Success"), 200, FALSE),
    ("cancel.already_failed", state_of(state="Failure"), 200, FALSE),
    ("cancel.is_return", state_of(status_prop="return"), 200, FALSE),
]
NAMES = [name for name, *_ in PROVOKED]

MAPPED = {
    "TOO_MANY_REQUESTS": (429, error("EGeneral:Too many requests")),
    "TOO_MANY_REQUESTS_200": (200, error("EGeneral:Too many requests")),
    "RESULT_EMPTY_LIST": (200, b'{"error":[],"result":[]}'),
    "INVALID_ASSET_PAIR": (200, error("EQuery:Invalid asset pair")),
    "TOO_MANY_ADDRESSES": (200, error("EFunding:Too many addresses")),
    "INVALID_STAKING_METHOD": (200, error("EFunding:Invalid staking method")),
    "FUNDING_RATE_LIMIT": (200, error("EFunding:Rate limit exceeded")),
    "INSUFFICIENT_FUNDS": (200, error("EFunding:Insufficient funds")),
    "BELOW_MINIMUM": (200, error("EFunding:Below minimum")),
    "TOO_SMALL": (200, error("EFunding:Too small")),
    "TOO_LARGE": (200, error("EFunding:Too large")),
    "CANADIAN_LIMIT": (200, error("EBM:limit exceeded:CAL")),
    "FEATURE_DISABLED": (200, error("EAPI:Feature disabled")),
    "INVALID_API_SESSION": (200, error("EAPI:Invalid session")),
    "AUTH_RATE_LIMIT": (200, error("EAuth:Rate limit exceeded")),
    "AUTH_TOO_MANY_REQUESTS": (200, error("EAuth:Too many requests")),
    "AUTH_FAILED": (200, error("EAuth:Failed")),
    "INDEX_UNAVAILABLE": (200, error("EGeneral:Invalid arguments:Index unavailable")),
    "INTERNAL_ERROR_5": (200, error("EGeneral:Internal error:5")),
    "BAD_DATA": (200, error("EGeneral:Bad data")),
    "SERVICE_TIMEOUT": (200, error("EService:Timeout")),
    "CANCEL_ONLY": (200, error("EService:Market in cancel_only mode")),
    "POST_ONLY": (200, error("EService:Market in post_only mode")),
    "DATABASE_ERROR": (200, error("EDatabase:Internal error")),
    "INVALID_SESSION": (200, error("ESession:Invalid session")),
    "DUPLICATE_WITHDRAW_KEY": (200, error("EFunding:Duplicate withdraw key")),
    "NEXUS_UNKNOWN_ASSET": (200, error("ENexus:Unknown asset")),
    "TRADE_INVALID_REQUEST": (200, error("ETrade:Invalid request")),
    "TRADE_USER_LOCKED": (200, error("ETrade:User Locked")),
    "TRADE_LOCKED": (200, error("ETrade:Locked")),
}
"""The rows that answer no condition by default: no request provokes them, an account's behavior does."""


def last_refusal(bench: Any) -> Any:
    """The condition of the newest refusal, in whichever journal it stands."""
    world = bench.simulator.service.world("kraken")
    entries = [entry for account in world.accounts.values() for entry in account.journal] + list(world.journal)
    return max((entry for entry in entries if entry.refused), key=lambda entry: entry.number).refused


@pytest.mark.parametrize(("name", "provoke", "status", "body"), PROVOKED, ids=NAMES)
def test_a_refusal_has_its_literal_bytes(bench: Any, name: str, provoke: Provoke, status: int, body: bytes) -> None:
    reply = provoke(bench)
    assert (reply.status, reply.body) == (status, body)
    refused = last_refusal(bench)
    assert refused.condition == name
    assert refused.because


@pytest.mark.parametrize(("name", "provoke"), [pair[:2] for pair in PROVOKED], ids=NAMES)
@pytest.mark.parametrize("row", ["TOO_MANY_REQUESTS", "RESULT_EMPTY_LIST", "FUNDING_RATE_LIMIT"])
def test_every_condition_may_be_answered_by_another_row(bench: Any, name: str, provoke: Provoke, row: str) -> None:
    bench.set({name: row})
    reply = provoke(bench)
    assert (reply.status, reply.body) == MAPPED[row]
    assert (last_refusal(bench).condition, last_refusal(bench).row) == (name, row)


@pytest.mark.parametrize("row", MAPPED)
def test_a_row_that_no_request_provokes_answers_where_behavior_says(bench: Any, row: str) -> None:
    bench.set({"cancel.unknown_refid": row})
    reply = plain(arguments={"refid": REFID})(bench)
    assert (reply.status, reply.body) == MAPPED[row]


def test_every_condition_and_every_row_is_provoked() -> None:
    conditions = KRAKEN.unknowns.conditions
    assert list(conditions) == NAMES
    by_default = {condition.default.name for condition in conditions.values()}
    assert by_default | set(MAPPED) == set(KRAKEN.unknowns.rows)
    assert not by_default & set(MAPPED)
    assert {row.name for row in KRAKEN.unknowns.rows.values() if row.unreachable} == set(MAPPED)


def test_a_success_has_the_literal_bytes_and_the_headers_of_json(bench: Any) -> None:
    reply = plain()(bench)
    assert (reply.status, reply.body) == (200, b'{"error":[],"result":true}')
    assert reply.header("content-type") == "application/json; charset=utf-8"
    assert [name for name, _ in reply.headers] == ["Content-Type", "Server", "CF-RAY", "Vary"]
    assert (reply.header("server"), reply.header("vary")) == ("cloudflare", "Accept-Encoding")
    assert re.fullmatch(r"[0-9a-f]{16}-AMS", reply.header("cf-ray") or "")


def test_a_refusal_at_the_gateway_has_the_headers_of_json(bench: Any) -> None:
    assert bare("GET", "/0/public/Nothing")(bench).header("content-type") == "application/json; charset=utf-8"
    assert plain(api_key=None)(bench).header("content-type") == "application/json; charset=utf-8"


def test_a_wrong_verb_gets_the_page_of_the_web_server(bench: Any) -> None:
    reply = bare("POST", "/0/public/Time")(bench)
    assert reply.reason == "Not Allowed"
    assert [name for name, _ in reply.headers] == ["Content-Type", "Server", "CF-RAY"]
    assert (reply.header("content-type"), reply.header("server")) == ("text/html", "cloudflare")
    assert re.fullmatch(r"[0-9a-f]{16}-AMS", reply.header("cf-ray") or "")


@pytest.mark.parametrize(
    "target",
    ["/0/", "/0/private", "/0/Time", "/0/public/time", "/0/public/Time/", "/0/public/%54ime", "/0//public/Time"],
)
def test_a_method_has_exactly_one_spelling(bench: Any, target: str) -> None:
    reply = bench.simulator.answer(Request("GET", target))
    assert (reply.status, reply.body) == (404, UNKNOWN_METHOD)


@pytest.mark.parametrize("verb", ["POST", "PUT", "DELETE", "OPTIONS", "HEAD"])
def test_a_public_method_that_does_not_exist_is_refused_by_its_verb_first(bench: Any, verb: str) -> None:
    assert bench.simulator.answer(Request(verb, "/0/public/Nothing")).body == PAGE_405


def test_the_time_is_the_server_clocks_in_krakens_own_format(bench: Any) -> None:
    bench.clock.now_ms = 1_688_669_448_999
    reply = bench.simulator.answer(Request("GET", "/0/public/Time?anything=1"))
    assert reply.body == (b'{"error":[],"result":{"unixtime":1688669448,"rfc1123":"Thu,  6 Jul 23 18:50:48 +0000"}}')


@pytest.mark.parametrize(
    "body", [b"", b"null", b"[]", b'"nonce"', b"1", b"{", b"\xff", b'{"nonce":NaN}', b"[" * 100_000, b'{"a":1}}']
)
def test_json_that_is_no_object_is_a_bad_request(bench: Any, body: bytes) -> None:
    assert bench.ask(bench.account(), content_type=JSON, body=body).body == BAD_REQUEST


def test_a_number_of_thousands_of_digits_is_a_bad_request(bench: Any) -> None:
    assert bench.ask(bench.account(), content_type=JSON, body=b'{"nonce":' + b"9" * 5000 + b"}").body == BAD_REQUEST


@pytest.mark.parametrize("body", [b"nonce=\xff", b"nonce=%ff", b"\xff=1"])
def test_a_form_that_is_not_utf_8_is_a_bad_request(bench: Any, body: bytes) -> None:
    assert bench.ask(bench.account(), body=body).body == BAD_REQUEST


@pytest.mark.parametrize(
    "content_type", [FORM, JSON, None, "Application/JSON; charset=utf-8", FORM + "; charset=UTF-8"]
)
def test_forms_and_json_and_bodies_without_a_type_are_read(bench: Any, content_type: str | None) -> None:
    account = bench.account()
    withdrawal = account.withdrawal("USDT", "10")
    body = f"nonce=1800000000000&asset=usdt&refid={withdrawal.id}"
    if content_type and "json" in content_type.lower():
        body = f'{{"nonce":1800000000000,"asset":"usdt","refid":"{withdrawal.id}"}}'
        # The dialect looks for a lower-case "json".
        sign = bench_sign(account, "1800000000000", body)
        assert bench.ask(account, content_type=content_type, body=body.encode(), sign=sign).body == TRUE
    else:
        assert bench.ask(account, content_type=content_type, body=body.encode()).body == TRUE
    assert withdrawal.internal_state == "Initial/cancel-pending"


def bench_sign(account: Any, nonce: str, body: str) -> str:
    from contracts.dialects import kraken as dialect

    return dialect.signature(account.api_secret, "/0/private/WithdrawCancel", nonce, body.encode())


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        (FORM, "nonce=1&asset=NOPE&refid=abc&nonce=1800000000000&asset=USDT&refid={refid}"),
        (JSON, '{{"nonce":1,"asset":"NOPE","refid":"abc","nonce":1800000000000,"asset":"USDT","refid":"{refid}"}}'),
    ],
)
def test_of_an_argument_that_comes_twice_the_last_counts(bench: Any, content_type: str, body: str) -> None:
    account = bench.account()
    sent = body.format(refid=account.withdrawal("USDT", "10").id)
    sign = bench_sign(account, "1800000000000", sent)
    assert bench.ask(account, content_type=content_type, body=sent.encode(), sign=sign).body == TRUE
    sign = bench_sign(account, "1", sent)
    assert bench.ask(account, content_type=content_type, body=sent.encode(), sign=sign).body == INVALID_SIGNATURE


def test_letters_of_other_scripts_are_not_folded_into_an_asset(bench: Any) -> None:
    assert plain(arguments={"asset": "u\u017fdt"})(bench).body == UNKNOWN_ASSET
    assert listing(asset="u\u017fdt")(bench).body == UNKNOWN_ASSET


def test_arguments_that_nobody_asked_for_are_ignored(bench: Any) -> None:
    assert plain(content_type=JSON, arguments={"broker": "AA56", "aclass": 7, "otp": "", "x": [{}]})(bench).body == TRUE


@pytest.mark.parametrize(
    ("body", "signed_nonce", "answer"),
    [
        (b'{"nonce":0}', "0", INVALID_NONCE),
        (b'{"nonce":-5}', "-5", INVALID_NONCE),
        (b'{"nonce":true}', "True", INVALID_NONCE),
        (b'{"nonce":1.5}', "1.5", INVALID_NONCE),
        (b'{"nonce":1e3}', "1e3", INVALID_NONCE),
        (b'{"nonce":[1]}', "[1]", INVALID_NONCE),
        (b'{"nonce":null}', "", INVALID_NONCE),
        (b'{"nonce":""}', "", INVALID_NONCE),
        (b'{"nonce":" 5"}', " 5", INVALID_NONCE),
        (b'{"nonce":"5?pair=XBT"}', "5?pair=XBT", INVALID_NONCE),
        ('{"nonce":"٣"}'.encode(), "٣", INVALID_NONCE),
        (b'{"nonce":"\\ud800"}', "5", INVALID_NONCE),
        (b'{"nonce":18446744073709551616}', "18446744073709551616", INVALID_NONCE),
        (b'{"nonce":"184467440737095516150"}', "184467440737095516150", INVALID_NONCE),
        (b'{"nonce":18446744073709551615}', "18446744073709551615", INVALID_ARGUMENTS),
        (b'{"nonce":"1"}', "1", INVALID_ARGUMENTS),
    ],
)
def test_a_nonce_is_a_whole_number_of_64_bits_above_zero(
    bench: Any, body: bytes, signed_nonce: str, answer: bytes
) -> None:
    account = bench.account()
    sign = bench_sign(account, signed_nonce, body.decode())
    assert bench.ask(account, content_type=JSON, body=body, sign=sign).body == answer


def test_a_nonce_outside_the_body_is_none(bench: Any) -> None:
    reply = bench.ask(bench.account(), body=b"asset=USDT", query="?nonce=1800000000000")
    assert reply.body == INVALID_NONCE


def test_a_nonce_must_grow_by_key(bench: Any) -> None:
    account = bench.account()
    other = account.key()

    def ask(key: Any, nonce: int) -> bytes:
        return bytes(bench.ask(key, "WithdrawStatus", nonce=nonce).body)

    empty = b'{"error":[],"result":[]}'
    assert [ask(account, nonce) for nonce in (1000, 1000, 999, 1001)] == [empty, INVALID_NONCE, INVALID_NONCE, empty]
    assert [ask(other, nonce) for nonce in (5, 6)] == [empty, empty]


def test_a_window_accepts_what_is_close_to_the_highest_and_duplicates(bench: Any) -> None:
    account = bench.account(nonce_window=10)

    def ask(nonce: int) -> bytes:
        return bytes(bench.ask(account, "WithdrawStatus", nonce=nonce).body)

    empty = b'{"error":[],"result":[]}'
    assert [ask(nonce) for nonce in (1000, 1000, 991, 990)] == [empty, empty, empty, INVALID_NONCE]


def test_only_a_call_that_is_signed_rightly_moves_the_mark_of_nonces(bench: Any) -> None:
    account = bench.account()
    assert bench.ask(account, nonce=9000, secret="d3Jvbmc=").body == INVALID_SIGNATURE
    assert bench.ask(account, nonce=8000).body == INVALID_ARGUMENTS
    assert bench.ask(account, nonce=8000).body == INVALID_NONCE


def test_the_otp_of_now_and_its_neighbours_are_accepted(bench: Any) -> None:
    # RFC 6238's test key "12345678901234567890"; its codes at 59 s and at 1111111109 s end in 287082 and 081804.
    account = bench.account(totp_secret="GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ")

    def ask(otp: object) -> bytes:
        return bytes(bench.ask(account, arguments={"otp": otp}, content_type=JSON).body)

    bench.clock.now_ms = 59_000
    assert ask("287082") == INVALID_ARGUMENTS
    assert ask(287082) == INVALID_ARGUMENTS
    assert ask("28708٢") == INVALID_SIGNATURE
    assert ask(["287082"]) == INVALID_SIGNATURE
    bench.clock.now_ms = 60_000
    assert ask("287082") == INVALID_ARGUMENTS
    bench.clock.now_ms = 90_000
    assert ask("287082") == INVALID_SIGNATURE
    bench.clock.now_ms = 1_111_111_109_000
    assert ask("081804") == INVALID_ARGUMENTS
    bench.clock.now_ms = 0
    assert ask("081804") == INVALID_SIGNATURE


def test_cancelling_a_wallet_transfer_needs_no_permission(bench: Any) -> None:
    account = bench.account(permissions=[])
    transfer = account.withdrawal("USDT", "10", internal=True)
    withdrawal = account.withdrawal("USDT", "10")
    assert bench.cancel(account, transfer) == TRUE
    assert bench.cancel(account, withdrawal) == DENIED
    assert bench.ask(account, arguments={"asset": "USDT", "refid": REFID}).body == DENIED
    assert bench.ask(account, arguments={"asset": "USDT", "refid": [1]}, content_type=JSON).body == DENIED
    assert bench.ask(account, "WithdrawStatus", {"refid": transfer.id}).body == DENIED


@pytest.mark.parametrize("permission", ["withdraw-funds", "query-ledger"])
def test_either_of_two_permissions_lets_a_key_list_withdrawals(bench: Any, permission: str) -> None:
    assert bench.rows(bench.account(permissions=[permission])) == []


def test_an_allowed_ip_and_a_key_that_has_not_expired_pass(bench: Any) -> None:
    account = bench.account(ip_allowlist=["10.0.0.1"], expires=1_700_000_060_000)
    assert bench.ask(account, "WithdrawStatus", peer="10.0.0.1").body == b'{"error":[],"result":[]}'
    account.advance(minutes=1)
    assert bench.ask(account, "WithdrawStatus", peer="10.0.0.1").body == INVALID_KEY


def test_calls_are_not_limited_unless_the_account_is(bench: Any) -> None:
    account = bench.account()
    assert {bench.ask(account, "WithdrawStatus").body for _ in range(50)} == {b'{"error":[],"result":[]}'}


def test_calls_that_fail_count_and_the_counter_melts(bench: Any) -> None:
    account = bench.account(limits=True)
    for _ in range(14):
        assert bench.ask(account, secret="d3Jvbmc=").body == INVALID_SIGNATURE
    assert bench.ask(account).body == INVALID_ARGUMENTS
    assert bench.ask(account).body == error("EAPI:Rate limit exceeded")
    account.advance(seconds=3)
    assert bench.ask(account).body == error("EAPI:Rate limit exceeded")
    account.advance(seconds=7)
    assert bench.ask(account).body == INVALID_ARGUMENTS


def test_a_body_that_cannot_be_read_counts_too(bench: Any) -> None:
    account = bench.account(limits=True)
    broken = Request(
        "POST",
        "/0/private/WithdrawCancel",
        (("API-Key", account.api_key), ("Content-Type", "application/json")),
        b"{",
    )
    for _ in range(15):
        assert bench.simulator.answer(broken).body == error("EAPI:Bad request")
    assert bench.ask(account).body == error("EAPI:Rate limit exceeded")


def test_a_refused_call_names_the_account_in_whose_journal_it_stands(bench: Any) -> None:
    account = bench.account()
    bench.ask(account, verb="GET")
    bench.ask(account, secret="d3Jvbmc=")
    bench.ask(account, api_key="nobody's")
    assert [entry.refused.condition for entry in account.journal] == ["route.get_on_private", "auth.wrong_signature"]
    assert [entry.refused.condition for entry in bench.simulator.kraken.journal] == ["auth.unknown_key"]


def test_headers_of_any_bytes_are_no_error(bench: Any) -> None:
    account = bench.account()
    assert bench.ask(account, api_key="\udcff").body == INVALID_KEY
    assert bench.ask(account, sign="\udcff\ud800").body == INVALID_SIGNATURE
    assert bench.ask(account, content_type="\udcff").body == BAD_REQUEST
