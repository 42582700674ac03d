"""Bybit's withdrawal statuses: every step walked, every state asked to cancel, and where the money is afterwards."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from typing import Any

import pytest

from simulator import Misuse
from simulator.core.ledger import Balance
from simulator.core.lifecycle import Stage
from simulator.exchanges.bybit.lifecycle import LIFECYCLE

Desk = Any

ACCEPTED = b'{"retCode":0,"retMsg":"success","result":{"status":1},"retExtInfo":{},"time":1700000000000}'
TOO_LATE = (
    b'{"retCode":131099,"retMsg":"Hot wallet status can cancel the withdraw","result":{},"retExtInfo":{},'
    b'"time":1700000000000}'
)

# 100 USDT, of which 10 and a fee of 4 are under way.
MONEY = {
    Stage.PENDING: Balance(Decimal(86), Decimal(14), Decimal(0)),
    Stage.PROCESSED: Balance(Decimal(86), Decimal(0), Decimal(14)),
    Stage.CANCELLED: Balance(Decimal(100), Decimal(0), Decimal(0)),
    Stage.FAILED: Balance(Decimal(100), Decimal(0), Decimal(0)),
}

# What a client sees in each state, and whether the cancel call still works there.
PUBLIC = {
    "ToBeConfirmed": ("SecurityCheck", True),
    "UnderReview": ("SecurityCheck", True),
    "UnderFinalReview": ("SecurityCheck", True),
    "UnderReview/internal": ("SecurityCheck", True),
    "Unknown": ("Unknown", False),
    "MoreInformationRequired": ("MoreInformationRequired", False),
    "Pending": ("Pending", False),
    "Packed": ("Pending", False),
    "Download": ("Pending", False),
    "Broadcasted": ("Pending", False),
    "Processing": ("Pending", False),
    "BlockchainConfirmed": ("BlockchainConfirmed", False),
    "Success": ("success", False),
    "CancelByUser": ("CancelByUser", False),
    "Reject": ("Reject", False),
    "AutoReject": ("Reject", False),
    "Expire": ("Fail", False),
    "Fail": ("Fail", False),
}
MOVES = [(state, event, target) for state, moves in LIFECYCLE.moves.items() for event, target in moves.items()]


def test_the_states_are_those_of_the_documentation() -> None:
    assert {state.name: state.word for state in LIFECYCLE.states} == {name: word for name, (word, _) in PUBLIC.items()}


@pytest.mark.parametrize(("state", "event", "target"), MOVES)
def test_a_step_leads_where_the_table_says_and_takes_the_money_along(
    desk: type[Desk], state: str, event: str, target: str
) -> None:
    at = desk(balances={"USDT": "100"})
    withdrawal = at.account.withdrawal("USDT", "10", state=state)
    assert at.account.balance("USDT") == MONEY[withdrawal.stage]
    withdrawal.event(event)
    assert withdrawal.internal_state == target
    assert withdrawal.state == PUBLIC[target][0]
    assert at.account.balance("USDT") == MONEY[withdrawal.stage]
    assert [(step.state, step.event) for step in withdrawal.history] == [(state, "create"), (target, event)]


@pytest.mark.parametrize("state", PUBLIC)
def test_a_cancel_is_answered_by_the_state_of_the_withdrawal(desk: type[Desk], state: str) -> None:
    at = desk(balances={"USDT": "100"})
    withdrawal = at.account.withdrawal("USDT", "10", state=state)
    before = at.account.balance("USDT")
    reply = at.cancel(withdrawal.id)
    word, is_cancellable = PUBLIC[state]
    assert reply.body == (ACCEPTED if is_cancellable else TOO_LATE)
    assert withdrawal.state == ("CancelByUser" if is_cancellable else word)
    assert at.account.balance("USDT") == (MONEY[Stage.CANCELLED] if is_cancellable else before)


@pytest.mark.parametrize("state", [name for name, (_, is_cancellable) in PUBLIC.items() if is_cancellable])
def test_a_cancel_is_one_change_of_state_in_its_turn(desk: type[Desk], state: str) -> None:
    at = desk()
    withdrawal = at.account.withdrawal("USDT", "10", state=state)
    at.cancel(withdrawal.id)
    [change] = at.last.changes
    assert (change.withdrawal, change.source, change.target) == (withdrawal.id, state, "CancelByUser")
    assert (change.event, change.at_ms) == ("cancel", 1_700_000_000_000)


def test_a_fresh_withdrawal_is_under_security_check(desk: type[Desk]) -> None:
    withdrawal = desk().account.withdrawal("USDT", "10")
    assert (withdrawal.state, withdrawal.internal_state) == ("SecurityCheck", "UnderReview")


def test_a_withdrawal_that_nobody_touches_goes_all_the_way(desk: type[Desk]) -> None:
    at = desk(balances={"USDT": "100"})
    withdrawal = at.account.withdrawal("USDT", "10", state="ToBeConfirmed")
    at.account.advance(seconds=1439)
    assert withdrawal.state == "BlockchainConfirmed"
    at.account.advance(seconds=1)
    assert [(step.state, step.at_ms - 1_700_000_000_000) for step in withdrawal.history] == [
        ("ToBeConfirmed", 0),
        ("UnderReview", 30_000),
        ("UnderFinalReview", 1_230_000),
        ("Pending", 1_290_000),
        ("Packed", 1_300_000),
        ("Download", 1_305_000),
        ("Broadcasted", 1_310_000),
        ("Processing", 1_320_000),
        ("BlockchainConfirmed", 1_380_000),
        ("Success", 1_440_000),
    ]
    assert at.account.balance("USDT") == MONEY[Stage.PROCESSED]


def test_an_internal_transfer_takes_seconds_and_touches_no_chain(desk: type[Desk]) -> None:
    at = desk(balances={"USDT": "100"})
    withdrawal = at.account.withdrawal("USDT", "10", internal=True)
    assert (withdrawal.state, withdrawal.internal_state) == ("SecurityCheck", "UnderReview/internal")
    at.account.advance(seconds=12)
    assert withdrawal.state == "SecurityCheck"
    at.account.advance(seconds=1)
    assert [(step.state, step.at_ms - 1_700_000_000_000) for step in withdrawal.history] == [
        ("UnderReview/internal", 0),
        ("Success", 13_000),
    ]
    assert at.account.balance("USDT") == Balance(Decimal(90), Decimal(0), Decimal(10))


def test_an_internal_transfer_can_be_cancelled_before_it_is_done(desk: type[Desk]) -> None:
    at = desk(balances={"USDT": "100"})
    assert at.cancel(at.account.withdrawal("USDT", "10", internal=True).id).body == ACCEPTED
    assert at.account.balance("USDT") == MONEY[Stage.CANCELLED]
    assert at.cancel(at.account.withdrawal("USDT", "10", internal=True, state="success").id).body == TOO_LATE


def test_a_cancel_loses_its_race_against_the_hot_wallet(desk: type[Desk]) -> None:
    at = desk(progress="timed", balances={"USDT": "100"})
    withdrawal = at.account.withdrawal("USDT", "10")
    at.clock.advance(1_260_000)  # approved at this very moment
    reply = at.cancel(withdrawal.id, timestamp="1700001260000")
    assert reply.body == TOO_LATE.replace(b"1700000000000", b"1700001260000")
    assert at.condition == "cancel.not_cancellable"
    assert at.account.balance("USDT") == MONEY[Stage.PENDING]


def test_a_cancel_wins_its_race_by_a_millisecond(desk: type[Desk]) -> None:
    at = desk(progress="timed")
    withdrawal = at.account.withdrawal("USDT", "10")
    at.clock.advance(1_259_999)
    at.cancel(withdrawal.id, timestamp="1700001259999")
    assert withdrawal.state == "CancelByUser"


def test_of_many_cancels_at_once_exactly_one_is_accepted(desk: type[Desk]) -> None:
    at = desk(balances={"USDT": "100"})
    withdrawal = at.account.withdrawal("USDT", "10")
    with ThreadPoolExecutor(8) as pool:
        bodies = [reply.body for reply in pool.map(at.cancel, [withdrawal.id] * 16)]
    assert bodies.count(ACCEPTED) == 1
    assert bodies.count(TOO_LATE) == 15
    assert at.account.balance("USDT") == MONEY[Stage.CANCELLED]


def test_status_zero_can_be_asked_for_and_changes_nothing(desk: type[Desk]) -> None:
    """retCode 0 with status 0 is what the documentation promises and every SDK returns as a success."""
    at = desk(behavior={"cancel.not_cancellable": "STATUS_ZERO"}, balances={"USDT": "100"})
    withdrawal = at.account.withdrawal("USDT", "10", state="Pending")
    reply = at.cancel(withdrawal.id)
    assert reply.body == (
        b'{"retCode":0,"retMsg":"success","result":{"status":0},"retExtInfo":{},"time":1700000000000}'
    )
    assert withdrawal.state == "Pending"
    assert at.account.balance("USDT") == MONEY[Stage.PENDING]


def test_a_foreign_withdrawal_is_neither_cancelled_nor_told_apart(desk: type[Desk]) -> None:
    at = desk()
    other = at.simulator.bybit.account("other")
    withdrawal = other.withdrawal("USDT", "10")
    assert at.cancel(withdrawal.id).body == at.cancel("1").body
    assert withdrawal.state == "SecurityCheck"


def test_a_withdrawal_that_the_balance_does_not_cover_cannot_be_made(desk: type[Desk]) -> None:
    at = desk(balances={"USDT": "13.999999"})
    with pytest.raises(Misuse, match=r"has 13\.999999 USDT available, but the withdrawal takes 14"):
        at.account.withdrawal("USDT", "10")
    assert at.account.balance("USDT") == Balance(Decimal("13.999999"))
