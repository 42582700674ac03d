"""Bybit's fields: each in each of its settings, and the default where nobody sets it."""

from __future__ import annotations

import json
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from simulator.exchanges.bybit import BYBIT

Desk = Any


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


def within_the_second(at: Desk) -> object:
    """How many withdrawals are shown that were made until the second in which the only one was made."""
    at.clock.advance(999)
    at.account.withdrawal("USDT", "10")
    return len(json.loads(at.list("endTime=1700000000000").body)["result"]["rows"])


def content_type(at: Desk) -> object:
    at.cancel("1", headers=(("Content-Type", "text/plain"),))
    refused = at.condition
    for harmless in ((), (("CONTENT-TYPE", "Application/JSON ; charset=utf-8"),), (("Content-Type", ""),)):
        at.cancel("1", headers=harmless)
        assert at.condition == "cancel.unknown_id"
    return refused


def more_than_documented(at: Desk) -> object:
    """A cancel and a create with every documented field are never refused for that; with one more they may be."""
    everything = {
        "tag": "",
        "forceChain": 1,
        "feeType": 0,
        "requestId": "a1",
        "transactionPurpose": "twenty letters or more",
        "questionnaire": "{}",
        "beneficiary": {"anything": 1},
    }
    at.create(**everything)
    assert at.condition is None
    [withdrawal] = at.account.withdrawals
    at.create(memo="x")
    created = at.condition
    at.post(b'{"id":"%b","withdrawId":"1"}' % withdrawal.id.encode())
    return created, at.condition, withdrawal.state


def cancellable(*states: str) -> Callable[[Desk], object]:
    def look(at: Desk) -> object:
        refused = []
        for state in states:
            at.cancel(at.account.withdrawal("USDT", "10", state=state).id)
            refused.append(at.condition)
        return refused

    return look


EARLY = cancellable("Pending", "Packed", "Download", "Broadcasted", "Processing")
LATE = cancellable("Broadcasted", "Processing", "Pending")
INFORMATION = cancellable("MoreInformationRequired")


def ret_code(at: Desk) -> object:
    assert at.cancel("1").header("Ret_code") == "131002"
    return at.list().header("Ret_code")


def key_or_timestamp(at: Desk) -> object:
    at.simulator.service.world("bybit").behavior = at.account._account.behavior
    at.cancel("1", api_key="nobody", timestamp="1")
    return at.condition


def signature_or_permission(at: Desk) -> object:
    """Three keys that sign wrongly: one with nothing else wrong, one without permission, one bound to another IP."""
    conditions = []
    for options in ({}, {"permissions": []}, {"ip_allowlist": ["192.0.2.1"]}):
        key = at.account.key(**options)
        at.cancel("1", api_key=key.api_key, api_secret="another")
        conditions.append(at.condition)
    return conditions


def permission_or_ip(at: Desk) -> object:
    """A key that lacks the permission and is bound to another IP."""
    key = at.account.key(permissions=[], ip_allowlist=["192.0.2.1"])
    at.cancel("1", api_key=key.api_key, api_secret=key.api_secret)
    return at.condition


def counted(at: Desk) -> object:
    at.account.set(limits=True)
    refused = at.cancel("1", api_secret="another").header("X-Bapi-Limit-Status")
    return refused, at.cancel("1").header("X-Bapi-Limit-Status")


def limit_header(at: Desk) -> object:
    by_second = at.get("asset/coin/query-info").header("X-Bapi-Limit")
    return [at.cancel("1").header("X-Bapi-Limit"), at.list().header("X-Bapi-Limit"), by_second]


def cancel_fails(at: Desk) -> object:
    withdrawal = at.account.withdrawal("USDT", "10")
    at.cancel(withdrawal.id)
    return withdrawal.state, at.condition


def request_twice(at: Desk) -> object:
    first = json.loads(at.create(requestId="a1").body)["result"]["id"]
    second = json.loads(at.create(requestId="a1", amount="11").body)["result"]
    return second.get("id") == first, len(at.account.withdrawals)


def without_account_type(at: Desk) -> object:
    at.create("accountType")
    return at.condition, [dict(one._withdrawal.details.shares) for one in at.account.withdrawals]


def off_the_book(at: Desk) -> object:
    conditions = []
    for changed in ({"address": "0xnew"}, {"address": "24617704", "forceChain": 2}, {}):
        at.create(**changed)
        conditions.append(at.condition)
    return conditions


def refund(at: Desk) -> object:
    """What FUND and UTA have after a withdrawal of 5010 with fee 4 from both was cancelled."""
    made = json.loads(at.create(amount="5010", accountType="FUND,UTA").body)["result"]["id"]
    at.cancel(made)
    amounts = json.loads(at.get("asset/withdraw/withdrawable-amount", "coin=USDT").body)["result"]["withdrawableAmount"]
    return amounts["FUND"]["availableBalance"], amounts["UTA"]["availableBalance"]


def wallet_with_held(at: Desk) -> object:
    at.create()
    query = "accountType=FUND&coin=USDT"
    balance = json.loads(at.get("asset/transfer/query-account-coin-balance", query).body)["result"]["balance"]
    return balance["walletBalance"], balance["transferBalance"]


REFUSED = "cancel.not_cancellable"
SETTINGS: list[tuple[str, object, Callable[[Desk], object], object]] = [
    ("list.times_are_filtered", "in seconds", within_the_second, 1),
    ("list.times_are_filtered", "to the ms", within_the_second, 0),
    ("signature.uppercase_hex", False, uppercase, "auth.wrong_signature"),
    ("signature.uppercase_hex", True, uppercase, "cancel.unknown_id"),
    ("body.content_type_is_enforced", True, content_type, "body.wrong_content_type"),
    ("body.content_type_is_enforced", False, content_type, "cancel.unknown_id"),
    ("body.unknown_fields_are_refused", False, more_than_documented, (None, None, "CancelByUser")),
    (
        "body.unknown_fields_are_refused",
        True,
        more_than_documented,
        ("body.unknown_field", "body.unknown_field", "SecurityCheck"),
    ),
    ("cancel.early_pending_is_cancellable", False, EARLY, [REFUSED] * 5),
    ("cancel.early_pending_is_cancellable", True, EARLY, [None, None, None, REFUSED, REFUSED]),
    ("cancel.late_pending_is_cancellable", False, LATE, [REFUSED] * 3),
    ("cancel.late_pending_is_cancellable", True, LATE, [None, None, REFUSED]),
    ("cancel.more_information_is_cancellable", False, INFORMATION, [REFUSED]),
    ("cancel.more_information_is_cancellable", True, INFORMATION, [None]),
    ("cancel.fails", False, cancel_fails, ("CancelByUser", None)),
    ("cancel.fails", True, cancel_fails, ("SecurityCheck", "cancel.failed")),
    ("auth.key_is_checked_before_timestamp", False, key_or_timestamp, "auth.timestamp_outside_window"),
    ("auth.key_is_checked_before_timestamp", True, key_or_timestamp, "auth.unknown_key"),
    ("auth.signature_is_checked_after_permission", False, signature_or_permission, ["auth.wrong_signature"] * 3),
    (
        "auth.signature_is_checked_after_permission",
        True,
        signature_or_permission,
        ["auth.wrong_signature", "auth.no_permission", "auth.wrong_ip"],
    ),
    ("auth.permission_is_checked_before_ip", False, permission_or_ip, "auth.wrong_ip"),
    ("auth.permission_is_checked_before_ip", True, permission_or_ip, "auth.no_permission"),
    ("limit.counts_refused_authentication", False, counted, (None, "59")),
    ("limit.counts_refused_authentication", True, counted, ("59", "58")),
    ("limit.header_is_per_second", False, limit_header, ["60", "300", "5"]),
    ("limit.header_is_per_second", True, limit_header, ["1", "5", "5"]),
    ("create.request_id_is_idempotent", True, request_twice, (True, 1)),
    ("create.request_id_is_idempotent", False, request_twice, (False, 1)),
    ("create.account_type_is_required", True, without_account_type, ("create.parameter_missing", [])),
    ("create.account_type_is_required", False, without_account_type, (None, [{"FUND": Decimal(14)}])),
    (
        "create.address_book_is_required",
        True,
        off_the_book,
        ["create.address_not_in_book", "create.receiver_not_in_book", None],
    ),
    ("create.address_book_is_required", False, off_the_book, [None, None, None]),
    ("create.refund_wallet", "source", refund, ("5000", "5000")),
    ("create.refund_wallet", "FUND", refund, ("5014", "4986")),
    ("balances.wallet_includes_held", True, wallet_with_held, ("5000", "4986")),
    ("balances.wallet_includes_held", False, wallet_with_held, ("4986", "4986")),
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


@pytest.mark.parametrize(
    ("counts", "conditions"),
    [
        (False, ["auth.wrong_signature", "auth.no_permission", "auth.wrong_ip"]),
        (True, ["limit.exceeded", "limit.exceeded", "limit.exceeded"]),
    ],
)
def test_a_limit_that_counts_refused_calls_is_met_before_what_refuses_them(
    desk: type[Desk], counts: bool, conditions: list[str]
) -> None:
    at = desk(limits=True, behavior={"limit.counts_refused_authentication": counts})
    for _ in range(60):
        at.cancel("1")
    bare, bound = at.account.key(permissions=[]), at.account.key(ip_allowlist=["192.0.2.1"])
    seen = []
    for spoiled in (
        {"api_secret": "another"},
        {"api_key": bare.api_key, "api_secret": bare.api_secret},
        {"api_key": bound.api_key, "api_secret": bound.api_secret},
    ):
        at.cancel("1", **spoiled)
        seen.append(at.condition)
    assert seen == conditions


# --- fields that are a number -------------------------------------------------------------------------------------


def test_the_largest_receive_window_is_none_unless_the_account_sets_one(desk: type[Desk]) -> None:
    at = desk()
    at.cancel("1", recv_window="9" * 19)
    assert at.condition == "cancel.unknown_id"
    at.account.set(behavior={"auth.recv_window_max_ms": 5001})
    for recv_window, condition in (("5001", "cancel.unknown_id"), ("5002", "auth.recv_window_too_large")):
        at.cancel("1", recv_window=recv_window)
        assert at.condition == condition


@pytest.mark.parametrize(("changes", "ban_ms"), [({}, 600_000), ({"limit.ip_ban_ms": 1}, 1)])
def test_an_ip_that_was_too_fast_is_banned_for_as_long_as_the_field_says(
    desk: type[Desk], changes: dict[str, int], ban_ms: int
) -> None:
    at = desk(limits=True, behavior=changes)
    for _ in range(601):
        at.get("market/time")
    at.clock.advance(ban_ms - 1)
    at.get("market/time")
    assert at.condition == "limit.ip_exceeded"
    at.clock.advance(6_000)
    at.get("market/time")
    assert at.condition is None


def test_calls_before_a_clock_was_set_back_count_for_five_seconds_and_ban_nobody_later(desk: type[Desk]) -> None:
    at = desk(limits=True)
    for _ in range(599):
        at.get("market/time")
    at.clock.advance(-3_600_000)
    answered = []
    for wait_ms in (0, 0, 599_999, 1, 1000, 1000):
        at.clock.advance(wait_ms)
        at.get("market/time")
        answered.append(at.condition)
    assert answered == [None, "limit.ip_exceeded", "limit.ip_exceeded", None, None, None]
    at.clock.advance(-3_600_000)
    for _ in range(700):
        at.clock.advance(1000)
        at.get("market/time")
        assert at.condition is None


@pytest.mark.parametrize(("changes", "window_ms"), [({}, 60_000), ({"create.timestamp_window_ms": 0}, 0)])
def test_the_timestamp_in_the_body_may_be_as_far_off_as_the_field_says(
    desk: type[Desk], changes: dict[str, int], window_ms: int
) -> None:
    at = desk(behavior=changes)
    for off_ms in (-window_ms, window_ms):
        at.create(timestamp=1_700_000_000_000 + off_ms)
        assert at.condition is None
    for off_ms in (-window_ms - 1, window_ms + 1):
        at.create(timestamp=1_700_000_000_000 + off_ms)
        assert at.condition == "create.timestamp_outside_window"
