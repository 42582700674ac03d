"""Every structural choice about Kraken in each of its settings."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import pytest

from simulator import Misuse, Request
from simulator.exchanges.kraken import KRAKEN

JSON = "application/json"
TRUE, FALSE = b'{"error":[],"result":true}', b'{"error":[],"result":false}'
INVALID_SIGNATURE = b'{"error":["EAPI:Invalid signature"]}'
INVALID_ARGUMENTS = b'{"error":["EGeneral:Invalid arguments"]}'
LOCKED = b'{"error":["EGeneral:Temporary lockout"]}'
LIMITED = b'{"error":["EAPI:Rate limit exceeded"]}'


def failures_until_lockout(bench: Any) -> Any:
    account = bench.account()
    answers = [bench.ask(account, secret="d3Jvbmc=").body for _ in range(5)]
    return answers.count(INVALID_SIGNATURE)


def lockout_ends(bench: Any) -> Any:
    """The first wait in minutes after which a locked-out client may call again; each attempt starts the time anew."""
    bench.set({"lockout.failures": 1})
    account = bench.account()
    bench.ask(account, secret="d3Jvbmc=")
    for minutes in (1, 2, 3, 5, 10, 15, 20):
        account.advance(minutes=minutes)
        if bench.ask(account).body == INVALID_ARGUMENTS:
            return minutes
    return None


def json_without_type(bench: Any) -> Any:
    account = bench.account()
    body = b'{"nonce":1800000000000,"asset":"USDT"}'
    return bench.ask(account, content_type=None, body=body, sign=signature(account, body)).body


def signature(account: Any, body: bytes) -> str:
    from contracts.dialects import kraken as dialect

    return dialect.signature(account.api_secret, "/0/private/WithdrawCancel", "1800000000000", body)


def accepted_otps(bench: Any) -> Any:
    """At which seconds the test code of RFC 6238 for 59 s, which is of the step from 30 s on, passes."""
    account = bench.account(totp_secret="GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ")
    passed = []
    for now_s in (0, 30, 60, 90, 120):
        bench.clock.now_ms = now_s * 1000
        if bench.ask(account, arguments={"otp": "287082"}).body == INVALID_ARGUMENTS:
            passed.append(now_s)
    return passed


def calls_of_tier(bench: Any) -> Any:
    """How many calls pass at once, and how many 20 s later."""
    account = bench.account(limits=True)
    at_once = [bench.ask(account).body for _ in range(25)].count(INVALID_ARGUMENTS)
    account.advance(seconds=20)
    return at_once, [bench.ask(account).body for _ in range(25)].count(INVALID_ARGUMENTS)


def cancel(bench: Any) -> Any:
    account = bench.account()
    return bench.cancel(account, account.withdrawal("USDT", "10"))


def missing_argument(bench: Any) -> Any:
    account = bench.account()
    both = bench.ask(account, arguments={"refid": "x"}), bench.ask(account, arguments={"asset": "x"})
    listed = bench.ask(account, "WithdrawStatus", {"limit": "many"})
    return [reply.body.decode().removeprefix('{"error":["EGeneral:')[:-3] for reply in (*both, listed)]


def settled(bench: Any) -> Any:
    account = bench.account()
    withdrawal = account.withdrawal("USDT", "10", state="Settled")
    assert bench.cancel(account, withdrawal) == FALSE
    return withdrawal.internal_state


def refused(bench: Any) -> Any:
    return bench.ask(bench.account()).body


def rows_listed(bench: Any) -> Any:
    account = bench.account()
    for _ in range(30):
        account.withdrawal("USDT", "10")
    return len(bench.rows(account))


def last_page(bench: Any) -> Any:
    return bench.ask(bench.account(), "WithdrawStatus", {"cursor": "true"}).body


def row_keys(bench: Any) -> Any:
    account = bench.account()
    account.withdrawal("USDT", "10")
    return list(bench.rows(account)[0])[9:]


def kinds_listed(bench: Any) -> Any:
    account = bench.account()
    account.withdrawal("USDT", "10", internal=True)
    return len(bench.rows(account))


def nonces_in_a_window(bench: Any) -> Any:
    """The answers to the highest nonce again, and to a lower one twice."""
    account = bench.account(nonce_window=10)
    return [bench.ask(account, "WithdrawStatus", nonce=nonce).body for nonce in (1000, 1000, 995, 995)]


def old_nonce_and_wrong_signature(bench: Any) -> Any:
    account = bench.account()
    bench.ask(account, nonce=100)
    return bench.ask(account, nonce=100, secret="d3Jvbmc=").body


def waits_of_a_full_counter(bench: Any) -> Any:
    """How many of 3 calls pass after each of some seconds; the counter was filled at 1 s past a full minute."""
    bench.clock.now_ms = 1_700_000_041_000
    account = bench.account(limits=True, behavior={"limit.tier": "intermediate"})
    for _ in range(20):
        bench.ask(account)
    passed = []
    for _ in range(4):
        account.advance(seconds=1)
        passed.append(bench.ask(account).body == INVALID_ARGUMENTS)
    return passed


def system(bench: Any) -> Any:
    reply = bench.simulator.answer(Request("GET", "/0/public/SystemStatus"))
    return reply.body


def withdrawing(bench: Any) -> Any:
    """What Withdraw answers but for the refid, how many methods there are, and the status that Assets shows."""
    account = bench.account()
    arguments = {"asset": "XBT", "key": "btc-wallet", "amount": "1"}
    reply = bench.ask(account, "Withdraw", arguments).body
    methods = json.loads(bench.ask(account, "WithdrawMethods").body)["result"]
    shown = json.loads(bench.simulator.answer(Request("GET", "/0/public/Assets?asset=XBT")).body)
    return reply[:21] if b"FT" in reply else reply[:20], len(methods), shown["result"]["XXBT"]["status"]


def refids(bench: Any) -> Any:
    """The shapes of the refids of a withdrawal and a transfer."""
    account = bench.account()
    given = [account.withdrawal("USDT", "10").id, account.withdrawal("USDT", "10", internal=True).id]
    shapes = ("FT[A-Za-z0-9]{5}-[A-Za-z0-9]{22}", "A[A-Z2-7]{6}(-[A-Z2-7]{6}){2}", "B[A-Z2-7]{6}(-[A-Z2-7]{6}){2}")
    return [next(shape[:1] for shape in shapes if re.fullmatch(shape, refid)) for refid in given]


def outcome(bench: Any) -> Any:
    """Where an accepted cancel ends, when the account looks a minute later, and by the step that comes next."""
    account = bench.account()
    waits, steps = account.withdrawal("USDT", "10"), account.withdrawal("USDT", "10")
    for withdrawal in (waits, steps):
        assert bench.cancel(account, withdrawal) == TRUE
    steps.event()
    account.advance(seconds=30)
    return waits.internal_state, steps.internal_state


def seconds_until_canceled(bench: Any) -> Any:
    account = bench.account()
    withdrawal = account.withdrawal("USDT", "10")
    bench.cancel(account, withdrawal)
    for seconds in range(100):
        if withdrawal.internal_state == "Failure/canceled":
            return seconds
        account.advance(seconds=1)
    return None


def rows_of_long_ago(bench: Any) -> Any:
    """How many rows are listed without and with a start, of withdrawals 100, 90 and 0 days old."""
    account = bench.account()
    for hours in (24 * 10, 24 * 90, 0):
        account.withdrawal("USDT", "10")
        account.advance(hours=hours)
    return len(bench.rows(account)), len(bench.rows(account, start="1"))


def method_keys(bench: Any) -> Any:
    reply = bench.ask(bench.account(), "WithdrawMethods", {"asset": "DOT"})
    return list(json.loads(reply.body)["result"][0])[4:]


def extended(bench: Any) -> Any:
    return bench.ask(bench.account(balances={"BTC": "1.5"}), "BalanceEx").body


def key_info(bench: Any) -> Any:
    info = json.loads(bench.ask(bench.account(nonce_window=15), "GetApiKeyInfo").body)["result"]
    return next(iter(info)), list(info)[3], list(info.values())[3]


SYSTEM, TAKEN, STOPPED = b'{"error":[],"result":{"status":', b'{"error":[],"result":', b'{"error":["EFunding:'
EMPTY = b'{"error":[],"result":[]}'
INVALID_NONCE = b'{"error":["EAPI:Invalid nonce"]}'

SETTINGS: list[tuple[str, Any, Callable[[Any], Any], Any]] = [
    ("nonce.window_accepts_duplicates", True, nonces_in_a_window, [EMPTY, EMPTY, EMPTY, EMPTY]),
    ("nonce.window_accepts_duplicates", False, nonces_in_a_window, [EMPTY, INVALID_NONCE, EMPTY, INVALID_NONCE]),
    ("lockout.failures", 0, failures_until_lockout, 5),
    ("lockout.failures", 1, failures_until_lockout, 1),
    ("lockout.failures", 3, failures_until_lockout, 3),
    ("lockout.seconds", 900, lockout_ends, 15),
    ("lockout.seconds", 150, lockout_ends, 3),
    ("body.read_by", "content_type", json_without_type, b'{"error":["EAPI:Invalid nonce"]}'),
    ("body.read_by", "content", json_without_type, INVALID_ARGUMENTS),
    ("nonce.order_checked", "after_signature", old_nonce_and_wrong_signature, INVALID_SIGNATURE),
    ("nonce.order_checked", "before_signature", old_nonce_and_wrong_signature, b'{"error":["EAPI:Invalid nonce"]}'),
    ("otp.steps", 0, accepted_otps, [30]),
    ("otp.steps", 1, accepted_otps, [0, 30, 60]),
    ("otp.steps", 2, accepted_otps, [0, 30, 60, 90]),
    ("limit.tier", "starter", calls_of_tier, (15, 5)),
    ("limit.tier", "intermediate", calls_of_tier, (20, 9)),
    ("limit.tier", "pro", calls_of_tier, (20, 19)),
    ("limit.decay", "continuous", waits_of_a_full_counter, [False, False, False, False]),
    ("limit.decay", "stepwise", waits_of_a_full_counter, [True, False, False, False]),
    ("account.status", "active", cancel, TRUE),
    ("account.status", "disabled", cancel, b'{"error":["EAuth:Account temporary disabled"]}'),
    ("account.status", "unconfirmed", cancel, b'{"error":["EAuth:Account unconfirmed"]}'),
    ("account.status", "restricted", cancel, b'{"error":["EAccount:Invalid permissions"]}'),
    ("service.mode", "online", cancel, TRUE),
    ("service.mode", "unavailable", cancel, b'{"error":["EService:Unavailable"]}'),
    ("service.mode", "busy", cancel, b'{"error":["EService:Busy"]}'),
    ("service.mode", "deadline", cancel, b'{"error":["EService:Deadline elapsed"]}'),
    ("service.mode", "throttled", cancel, b'{"error":["EService: Throttled: 1700000000"]}'),
    ("service.mode", "error", cancel, b'{"error":["EGeneral:Internal error"]}'),
    ("system.status", "online", system, SYSTEM + b'"online","timestamp":"2023-11-14T22:13:20Z"}}'),
    ("system.status", "maintenance", system, SYSTEM + b'"maintenance","timestamp":"2023-11-14T22:13:20Z"}}'),
    ("system.status", "cancel_only", system, SYSTEM + b'"cancel_only","timestamp":"2023-11-14T22:13:20Z"}}'),
    ("system.status", "post_only", system, SYSTEM + b'"post_only","timestamp":"2023-11-14T22:13:20Z"}}'),
    ("asset.status", "enabled", withdrawing, (TAKEN, 16, "enabled")),
    ("asset.status", "deposit_only", withdrawing, (STOPPED, 0, "deposit_only")),
    ("asset.status", "withdrawal_only", withdrawing, (TAKEN, 16, "withdrawal_only")),
    ("asset.status", "funding_temporarily_disabled", withdrawing, (STOPPED, 0, "funding_temporarily_disabled")),
    ("refid.style", "new", refids, ["F", "F"]),
    ("refid.style", "old", refids, ["A", "B"]),
    ("arguments.names_field", False, missing_argument, ["Invalid arguments"] * 3),
    (
        "arguments.names_field",
        True,
        missing_argument,
        ["Invalid arguments:asset", "Invalid arguments:refid", "Invalid arguments:limit"],
    ),
    ("cancel.outcome", "complete_cancel", outcome, ("Failure/canceled", "Failure/canceled")),
    ("cancel.outcome", "deny_cancel", outcome, ("Initial/cancel-denied", "Initial/cancel-denied")),
    ("cancel.seconds", 30, seconds_until_canceled, 30),
    ("cancel.seconds", 0, seconds_until_canceled, 0),
    ("cancel.settled_shows_denied", False, settled, "Settled"),
    ("cancel.settled_shows_denied", True, settled, "Settled/cancel-denied"),
    ("envelope.empty_result_on_error", False, refused, INVALID_ARGUMENTS),
    (
        "envelope.empty_result_on_error",
        True,
        refused,
        b'{"error":["EGeneral:Invalid arguments"],"result":{}}',
    ),
    ("list.limit", 500, rows_listed, 30),
    ("list.limit", 25, rows_listed, 25),
    ("list.days", 90, rows_of_long_ago, (2, 3)),
    ("list.days", 0, rows_of_long_ago, (3, 3)),
    ("list.last_cursor", "null", last_page, b'{"error":[],"result":{"withdrawals":[],"next_cursor":null}}'),
    ("list.last_cursor", "absent", last_page, b'{"error":[],"result":{"withdrawals":[]}}'),
    ("list.key_and_network", True, row_keys, ["status", "key", "network"]),
    ("list.key_and_network", False, row_keys, ["status"]),
    ("list.shows_wallet_transfers", True, kinds_listed, 1),
    ("list.shows_wallet_transfers", False, kinds_listed, 0),
    ("methods.ids_and_fee", False, method_keys, []),
    ("methods.ids_and_fee", True, method_keys, ["method_id", "network_id", "fee"]),
    (
        "balance.extended_as",
        "text",
        extended,
        b'{"error":[],"result":{"XXBT":{"balance":"1.5000000000","hold_trade":"0.0000000000"}}}',
    ),
    ("balance.extended_as", "number", extended, b'{"error":[],"result":{"XXBT":{"balance":1.5,"hold_trade":0}}}'),
    ("key_info.case", "snake", key_info, ("api_key_name", "nonce_window", "15")),
    ("key_info.case", "camel", key_info, ("apiKeyName", "nonceWindow", 15)),
]


@pytest.mark.parametrize(
    ("name", "value", "probe", "expected"), SETTINGS, ids=[f"{name}={value}" for name, value, *_ in SETTINGS]
)
def test_a_field_does_what_its_setting_says(
    bench: Any, name: str, value: Any, probe: Callable[[Any], Any], expected: Any
) -> None:
    bench.set({name: value})
    assert probe(bench) == expected


def test_every_field_is_tried_in_its_default_and_every_choice() -> None:
    tried = {(name, value) for name, value, *_ in SETTINGS}
    for field in KRAKEN.unknowns.fields.values():
        assert {(field.name, value) for value in (field.default, *field.choices)} <= tried
    assert {name for name, _ in tried} == set(KRAKEN.unknowns.fields)


def test_a_success_ends_a_row_of_failures_and_failures_far_apart_make_none(bench: Any) -> None:
    bench.set({"lockout.failures": 2})
    account = bench.account()
    for _ in range(3):
        assert bench.ask(account, secret="d3Jvbmc=").body == INVALID_SIGNATURE
        assert bench.ask(account).body == INVALID_ARGUMENTS
    for _ in range(3):
        assert bench.ask(account, secret="d3Jvbmc=").body == INVALID_SIGNATURE
        account.advance(minutes=15)
    assert bench.ask(account, secret="d3Jvbmc=").body == INVALID_SIGNATURE
    assert bench.ask(account, secret="d3Jvbmc=").body == INVALID_SIGNATURE
    assert bench.ask(account, secret="d3Jvbmc=").body == LOCKED


def test_a_lockout_holds_for_one_ip_and_one_account(bench: Any) -> None:
    bench.set({"lockout.failures": 1})
    account, other = bench.account(), bench.account()
    bench.ask(account, secret="d3Jvbmc=")
    assert bench.ask(account).body == LOCKED
    assert bench.ask(account, peer="10.0.0.2").body == INVALID_ARGUMENTS
    assert bench.ask(other).body == INVALID_ARGUMENTS
    assert bench.ask(account, api_key="nobody's").body == b'{"error":["EAPI:Invalid key"]}'
    assert bench.ask(account, api_key="somebody else's").body == LOCKED
    assert bench.ask(other).body == INVALID_ARGUMENTS
    bench.clock.advance(900_000)
    assert bench.ask(account, api_key="nobody's").body == b'{"error":["EAPI:Invalid key"]}'


def test_a_lockout_that_is_over_does_not_come_back_with_a_clock_that_is_set_back(bench: Any) -> None:
    bench.set({"lockout.failures": 1})
    account = bench.account()
    bench.ask(account, secret="d3Jvbmc=")
    bench.clock.advance(900_000)
    assert bench.ask(account).body == INVALID_ARGUMENTS
    bench.clock.advance(-3_600_000)
    assert bench.ask(account).body == INVALID_ARGUMENTS


@pytest.mark.parametrize("back_ms", [1, 1000, 3_600_000])
def test_a_clock_that_is_set_back_does_not_end_a_row_of_failures(bench: Any, back_ms: int) -> None:
    bench.set({"lockout.failures": 3})
    account = bench.account()
    for _ in range(3):
        assert bench.ask(account, secret="d3Jvbmc=").body == INVALID_SIGNATURE
        bench.clock.advance(-back_ms)
    assert bench.ask(account, secret="d3Jvbmc=").body == LOCKED
    bench.clock.advance(900_000)
    assert bench.ask(account).body == INVALID_ARGUMENTS


def test_a_lockout_that_is_switched_off_neither_holds_nor_counts(bench: Any) -> None:
    bench.set({"lockout.failures": 1})
    account = bench.account()
    bench.ask(account, secret="d3Jvbmc=")
    assert bench.ask(account).body == LOCKED
    account.set(behavior={"lockout.failures": 0})
    assert bench.ask(account).body == INVALID_ARGUMENTS
    account.advance(minutes=15)
    bench.ask(account, secret="d3Jvbmc=")
    account.set(behavior={"lockout.failures": 1})
    assert bench.ask(account).body == INVALID_ARGUMENTS


@pytest.mark.parametrize(("nonce", "because"), [(1000, "was used before"), (990, "is not above 990")])
def test_the_journal_tells_a_repeated_nonce_from_one_below_the_window(bench: Any, nonce: int, because: str) -> None:
    bench.set({"nonce.window_accepts_duplicates": False})
    account = bench.account(nonce_window=10)
    bench.ask(account, nonce=1000)
    assert bench.ask(account, nonce=nonce).body == INVALID_NONCE
    assert list(account.journal)[-1].refused.because == f"nonce {nonce} {because} (highest accepted 1000, window 10)"


def test_the_name_of_an_argument_is_shown_only_where_there_is_one(bench: Any) -> None:
    bench.set({"arguments.names_field": True, "cancel.unknown_asset": "INVALID_ARGUMENTS"})
    account = bench.account()
    assert bench.ask(account, arguments={"asset": "NOPE", "refid": "x"}).body == INVALID_ARGUMENTS


def test_the_ips_that_are_remembered_are_bounded(bench: Any) -> None:
    bench.set({"lockout.failures": 1})
    account = bench.account()
    for number in range(65):
        bench.ask(account, peer=f"10.0.0.{number}", secret="d3Jvbmc=")
    assert bench.ask(account, peer="10.0.0.0").body == INVALID_ARGUMENTS
    assert bench.ask(account, peer="10.0.0.64").body == LOCKED


def test_a_field_refuses_a_value_that_it_cannot_have(bench: Any) -> None:
    with pytest.raises(Misuse, match=r"'limit\.tier' cannot be 'platinum'"):
        bench.set({"limit.tier": "platinum"})


def test_a_body_is_read_by_its_first_character_when_the_field_says_so(bench: Any) -> None:
    bench.set({"body.read_by": "content"})
    account = bench.account()
    assert bench.ask(account, content_type=JSON, body=b"nonce=1").body == b'{"error":["EAPI:Invalid signature"]}'
    assert bench.ask(account, "WithdrawStatus", content_type="text/plain").body == b'{"error":[],"result":[]}'
