"""The order of Withdraw's own checks, behind the gateway's: break two rules at once and the earlier one answers."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import pytest

UNVERIFIED = {"addresses": [{"key": "usdt-wallet", "asset": "USDT", "verified": False}]}

SPOILERS: list[tuple[str, dict[str, Any], str]] = [
    # condition, what is changed (arguments unless it says otherwise), the answer
    ("auth.wrong_signature", {"secret": "d3Jvbmc="}, "EAPI:Invalid signature"),
    ("auth.no_permission", {"account": {"permissions": ["query-funds"]}}, "EGeneral:Permission denied"),
    ("withdraw.asset_missing", {"asset": ""}, "EGeneral:Invalid arguments"),
    ("withdraw.key_missing", {"key": ""}, "EGeneral:Invalid arguments"),
    ("withdraw.amount_missing", {"amount": ""}, "EGeneral:Invalid arguments"),
    ("withdraw.max_fee_malformed", {"max_fee": "x"}, "EGeneral:Invalid arguments"),
    ("service.busy", {"behavior": {"service.mode": "busy"}}, "EService:Busy"),
    ("withdraw.unknown_asset", {"asset": "NOPE"}, "EFunding:Unknown asset"),
    ("withdraw.no_method", {"behavior": {"asset.status": "deposit_only"}}, "EFunding:No funding method"),
    ("withdraw.unverified_label", {"account": UNVERIFIED}, "EFunding:Unknown withdraw key"),
    ("withdraw.unknown_label", {"key": "nothing"}, "EFunding:Unknown withdraw key"),
    ("withdraw.amount_malformed", {"amount": "x"}, "EFunding:Invalid amount"),
    ("withdraw.amount_precision", {"amount": "10.000000001"}, "EFunding:Invalid amount"),
    ("withdraw.below_minimum", {"amount": "3"}, "EFunding:Invalid amount"),
    ("withdraw.wrong_address", {"address": "another"}, "EFunding:Invalid withdrawal address"),
    ("withdraw.max_fee_exceeded", {"max_fee": "1"}, "EFunding:Max fee exceeded"),
    ("withdraw.insufficient_funds", {"amount": "1000"}, "EFunding:Invalid amount"),
]


def keys(spoiler: tuple[str, dict[str, Any], str]) -> set[str]:
    """What a spoiler changes; two that change the same cannot be combined."""
    changed = spoiler[1]
    nested = {name for part in ("account", "behavior") for name in changed.get(part, {})}
    return nested | (set(changed) - {"account", "behavior"})


# An unverified key and an unknown one are two answers to one question.
PAIRS = [
    (one, two)
    for one, two in combinations(SPOILERS, 2)
    if not keys(one) & keys(two) and {one[0], two[0]} != {"withdraw.unverified_label", "withdraw.unknown_label"}
]


def withdraw(bench: Any, *spoilers: tuple[str, dict[str, Any], str]) -> tuple[str, str]:
    account_options: dict[str, Any] = {"balances": {"USDT": "100"}}
    behavior: dict[str, Any] = {}
    arguments: dict[str, Any] = {"asset": "USDT", "key": "usdt-wallet", "amount": "10"}
    call: dict[str, Any] = {}
    for _, changed, _ in spoilers:
        account_options.update(changed.get("account", {}))
        behavior.update(changed.get("behavior", {}))
        call.update({name: value for name, value in changed.items() if name == "secret"})
        arguments.update({k: v for k, v in changed.items() if k not in ("account", "behavior", "secret")})
    account = bench.account(**account_options, behavior=behavior)
    reply = bench.ask(account, "Withdraw", arguments, **call)
    assert account.withdrawals == []
    assert account.balance("USDT").available == 100
    [entry] = account.requests("create")
    return entry.refused.condition, reply.body.decode()


@pytest.mark.parametrize("spoiler", SPOILERS, ids=lambda spoiler: spoiler[0])
def test_a_spoiler_alone_is_answered(bench: Any, spoiler: Any) -> None:
    assert withdraw(bench, spoiler) == (spoiler[0], '{"error":["' + spoiler[2] + '"]}')


@pytest.mark.parametrize(("one", "two"), PAIRS, ids=lambda spoiler: spoiler[0])
def test_of_two_broken_rules_the_earlier_answers(bench: Any, one: Any, two: Any) -> None:
    assert withdraw(bench, two, one) == (one[0], '{"error":["' + one[2] + '"]}')
