"""The order of Kraken's checks: break two rules at once, or all of them, and the earlier one answers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import combinations
from typing import Any

import pytest

from simulator.core.limits import DecayingCounter
from simulator.exchanges.kraken.lockout import Lockouts

JSON = "application/json"


@dataclass
class Draft:
    """A call that would be accepted, before it is spoiled."""

    account: dict[str, Any] = field(default_factory=dict)
    behavior: dict[str, Any] = field(default_factory=dict)
    withdrawal: dict[str, Any] = field(default_factory=dict)
    arguments: dict[str, Any] = field(default_factory=dict)
    call: dict[str, Any] = field(default_factory=dict)
    prepare: list[Callable[[Any, Any], None]] = field(default_factory=list)


def send(bench: Any, draft: Draft) -> tuple[str, int, bytes]:
    """The condition that refused ("" for none), status and body."""
    heard: list[Any] = []
    bench.set(draft.behavior)
    account = bench.account(**draft.account)
    withdrawal = account.withdrawal("USDT", "10", **draft.withdrawal)
    for prepare in draft.prepare:
        prepare(bench, account)
    call = {"nonce": 5_000, **draft.call}
    if "broken" in call:
        call = {**call, "body": call.pop("broken"), "content_type": JSON}
    arguments = {"asset": "USDT", "refid": withdrawal.id, **draft.arguments}
    bench.simulator.service.listeners.append(lambda exchange, account, entry: heard.append(entry))
    reply = bench.ask(account, **{"method": "WithdrawCancel", "content_type": JSON, "arguments": arguments, **call})
    refused = heard[-1].refused
    return refused.condition if refused else "", reply.status, reply.body


def wrong_verb(draft: Draft) -> None:
    draft.call["verb"] = "GET"


def unknown_method(draft: Draft) -> None:
    draft.call["method"] = "Withdrawcancel"


def locked_out(draft: Draft) -> None:
    def lock(bench: Any, account: Any) -> None:
        world = bench.simulator.service.world("kraken")
        world.details = Lockouts()
        for lockouts in (world.details, account._account.details.lockouts):
            lockouts.of("127.0.0.1").until_ms = 2_000_000_000_000

    draft.behavior["lockout.failures"] = 3
    draft.prepare.append(lock)


def broken_body(draft: Draft) -> None:
    draft.call["broken"] = b'{"nonce":5000'


def unknown_key(draft: Draft) -> None:
    draft.call["api_key"] = "nobody's"


def expired_key(draft: Draft) -> None:
    draft.account["expires"] = 1


def wrong_ip(draft: Draft) -> None:
    draft.account["ip_allowlist"] = ["10.0.0.1"]


def no_nonce(draft: Draft) -> None:
    draft.call["nonce"] = None


def malformed_nonce(draft: Draft) -> None:
    draft.call["nonce"] = "12a"


def wrong_signature(draft: Draft) -> None:
    draft.call["secret"] = "d3Jvbmc="


def wrong_otp(draft: Draft) -> None:
    draft.arguments["otp"] = "12345"


def used_nonce(draft: Draft) -> None:
    draft.prepare.append(lambda bench, account: account._key.nonces.record(5_000))


def too_many_calls(draft: Draft) -> None:
    def exhaust(bench: Any, account: Any) -> None:
        counter = account._key.counters["starter"] = DecayingCounter(15, 0.33)
        for _ in range(15):
            counter.take(account.now_ms)

    draft.account["limits"] = True
    draft.prepare.append(exhaust)


def disabled_account(draft: Draft) -> None:
    draft.behavior["account.status"] = "disabled"


def missing_otp(draft: Draft) -> None:
    draft.account["totp_secret"] = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"


def no_permission(draft: Draft) -> None:
    draft.account["permissions"] = ["query-funds"]


def no_asset(draft: Draft) -> None:
    draft.arguments["asset"] = ""


def no_refid(draft: Draft) -> None:
    draft.arguments["refid"] = ""


def offline(draft: Draft) -> None:
    draft.behavior["service.mode"] = "unavailable"


def unknown_asset(draft: Draft) -> None:
    draft.arguments["asset"] = "NOPE"


def malformed_refid(draft: Draft) -> None:
    draft.arguments["refid"] = "abc"


def wrong_asset(draft: Draft) -> None:
    draft.arguments["asset"] = "XBT"


def already_sent(draft: Draft) -> None:
    draft.withdrawal["state"] = "Success"


INVALID_KEY, INVALID_NONCE = b'{"error":["EAPI:Invalid key"]}', b'{"error":["EAPI:Invalid nonce"]}'
INVALID_SIGNATURE = b'{"error":["EAPI:Invalid signature"]}'
DENIED = b'{"error":["EGeneral:Permission denied"]}'
INVALID_ARGUMENTS = b'{"error":["EGeneral:Invalid arguments"]}'
INVALID_REFERENCE = b'{"error":["EFunding:Invalid reference id"]}'
HTML = (
    b"<html>\r\n<head><title>405 Not Allowed</title></head>\r\n<body>\r\n<center><h1>405 Not Allowed</h1></center>\r\n"
    b"<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n"
)

SPOILERS: list[tuple[Callable[[Draft], None], str, int, bytes, str]] = [
    (wrong_verb, "route.get_on_private", 405, HTML, ""),
    (unknown_method, "route.unknown", 404, b'{"error":["EGeneral:Unknown method"]}', ""),
    (locked_out, "lockout.active", 200, b'{"error":["EGeneral:Temporary lockout"]}', ""),
    (broken_body, "body.broken", 200, b'{"error":["EAPI:Bad request"]}', ""),
    (unknown_key, "auth.unknown_key", 200, INVALID_KEY, ""),
    (expired_key, "auth.expired_key", 200, INVALID_KEY, ""),
    (wrong_ip, "auth.wrong_ip", 200, INVALID_KEY, ""),
    (no_nonce, "nonce.missing", 200, INVALID_NONCE, "nonce"),
    (malformed_nonce, "nonce.malformed", 200, INVALID_NONCE, "nonce"),
    (wrong_signature, "auth.wrong_signature", 200, INVALID_SIGNATURE, ""),
    (wrong_otp, "auth.otp_unexpected", 200, INVALID_SIGNATURE, "otp"),
    (used_nonce, "nonce.not_greater", 200, INVALID_NONCE, ""),
    (too_many_calls, "limit.exceeded", 200, b'{"error":["EAPI:Rate limit exceeded"]}', ""),
    (disabled_account, "account.disabled", 200, b'{"error":["EAuth:Account temporary disabled"]}', ""),
    (missing_otp, "auth.otp_missing", 200, DENIED, "otp"),
    (no_permission, "auth.no_permission", 200, DENIED, ""),
    (no_asset, "cancel.asset_missing", 200, INVALID_ARGUMENTS, "asset"),
    (no_refid, "cancel.refid_missing", 200, INVALID_ARGUMENTS, "refid"),
    (offline, "service.unavailable", 200, b'{"error":["EService:Unavailable"]}', ""),
    (unknown_asset, "cancel.unknown_asset", 200, b'{"error":["EFunding:Unknown asset"]}', "asset"),
    (malformed_refid, "cancel.refid_malformed", 200, INVALID_REFERENCE, "refid"),
    (wrong_asset, "cancel.wrong_asset", 200, INVALID_REFERENCE, "asset"),
    (already_sent, "cancel.already_succeeded", 200, b'{"error":[],"result":false}', ""),
]
"""In order of precedence. Two spoilers with the same last word spoil the same thing and cannot be combined."""

PAIRS = [(one, two) for one, two in combinations(SPOILERS, 2) if not one[4] or one[4] != two[4]]


def test_an_unspoiled_call_is_accepted(bench: Any) -> None:
    assert send(bench, Draft()) == ("", 200, b'{"error":[],"result":true}')


@pytest.mark.parametrize("spoiler", SPOILERS, ids=lambda spoiler: spoiler[0].__name__)
def test_a_spoiler_alone_is_answered(bench: Any, spoiler: Any) -> None:
    draft = Draft()
    spoiler[0](draft)
    assert send(bench, draft) == spoiler[1:4]


@pytest.mark.parametrize(("one", "two"), PAIRS, ids=lambda spoiler: spoiler[0].__name__)
def test_of_two_broken_rules_the_earlier_answers(bench: Any, one: Any, two: Any) -> None:
    draft = Draft()
    two[0](draft)
    one[0](draft)
    assert send(bench, draft) == one[1:4]


@pytest.mark.parametrize("first", range(len(SPOILERS)), ids=lambda first: SPOILERS[first][0].__name__)
def test_with_everything_broken_the_first_rule_that_is_not_repaired_answers(bench: Any, first: int) -> None:
    draft = Draft()
    for spoil, *_ in reversed(SPOILERS[first:]):
        spoil(draft)
    # With a key that has two-factor authentication, a wrong otp is wrong instead of unexpected.
    condition = SPOILERS[first][1].replace("otp_unexpected", "otp_wrong")
    assert send(bench, draft) == (condition, *SPOILERS[first][2:4])
