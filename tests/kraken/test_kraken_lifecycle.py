"""Kraken's withdrawals from state to state: each transition walked, each state cancelled, money followed."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from simulator import Misuse
from simulator.core.misuse import AlreadyThere
from simulator.exchanges.kraken.lifecycle import LIFECYCLE

TRUE, FALSE = b'{"error":[],"result":true}', b'{"error":[],"result":false}'

WALKS = [
    ("Initial", "approve", "Pending"),
    ("Initial", "hold", "Initial/onhold"),
    ("Initial", "cancel", "Initial/cancel-pending"),
    ("Initial", "fail", "Failure"),
    ("Initial/onhold", "release", "Initial"),
    ("Initial/onhold", "cancel", "Initial/cancel-pending"),
    ("Initial/onhold", "fail", "Failure"),
    ("Initial/cancel-pending", "complete_cancel", "Failure/canceled"),
    ("Initial/cancel-pending", "deny_cancel", "Initial/cancel-denied"),
    ("Initial/cancel-denied", "approve", "Pending/cancel-denied"),
    ("Initial/cancel-denied", "fail", "Failure"),
    ("Pending", "settle", "Settled"),
    ("Pending", "hold", "Pending/onhold"),
    ("Pending", "cancel", "Pending/cancel-pending"),
    ("Pending", "fail", "Failure"),
    ("Pending/onhold", "release", "Pending"),
    ("Pending/onhold", "cancel", "Pending/cancel-pending"),
    ("Pending/onhold", "fail", "Failure"),
    ("Pending/cancel-pending", "complete_cancel", "Failure/canceled"),
    ("Pending/cancel-pending", "deny_cancel", "Pending/cancel-denied"),
    ("Pending/cancel-denied", "settle", "Settled/cancel-denied"),
    ("Pending/cancel-denied", "fail", "Failure"),
    ("Pending/return", "settle", "Settled/return"),
    ("Pending/return", "fail", "Failure"),
    ("Settled", "succeed", "Success"),
    ("Settled", "deny_cancel", "Settled/cancel-denied"),
    ("Settled/cancel-denied", "succeed", "Success/cancel-denied"),
    ("Settled/return", "succeed", "Success/return"),
]

DUE = {
    "Initial": ("approve", 60_000),
    "Initial/cancel-pending": ("complete_cancel", 30_000),
    "Initial/cancel-denied": ("approve", 60_000),
    "Pending": ("settle", 120_000),
    "Pending/cancel-pending": ("complete_cancel", 30_000),
    "Pending/cancel-denied": ("settle", 120_000),
    "Pending/return": ("settle", 120_000),
    "Settled": ("succeed", 600_000),
    "Settled/cancel-denied": ("succeed", 600_000),
    "Settled/return": ("succeed", 600_000),
}
"""What happens by itself, and after how many milliseconds."""

CANCELS = {
    "Initial": (TRUE, "Initial/cancel-pending"),
    "Initial/onhold": (TRUE, "Initial/cancel-pending"),
    "Initial/cancel-pending": (TRUE, "Initial/cancel-pending"),
    "Initial/cancel-denied": (FALSE, "Initial/cancel-denied"),
    "Pending": (TRUE, "Pending/cancel-pending"),
    "Pending/onhold": (TRUE, "Pending/cancel-pending"),
    "Pending/cancel-pending": (TRUE, "Pending/cancel-pending"),
    "Pending/cancel-denied": (FALSE, "Pending/cancel-denied"),
    "Pending/return": (FALSE, "Pending/return"),
    "Settled": (FALSE, "Settled"),
    "Settled/cancel-denied": (FALSE, "Settled/cancel-denied"),
    "Settled/return": (FALSE, "Settled/return"),
    "Success": (FALSE, "Success"),
    "Success/cancel-denied": (FALSE, "Success/cancel-denied"),
    "Success/return": (FALSE, "Success/return"),
    "Failure": (FALSE, "Failure"),
    "Failure/canceled": (FALSE, "Failure/canceled"),
}

POTS = {
    "pending": ("87.5", "12.5", "0"),
    "cancelling": ("87.5", "12.5", "0"),
    "processed": ("87.5", "0", "12.5"),
    "cancelled": ("100", "0", "0"),
    "failed": ("100", "0", "0"),
}
"""Where 10 USDT and the fee of 2.5 are in each stage, of a balance of 100: available, held, spent."""


def pots(account: Any) -> tuple[Decimal, ...]:
    balance = account.balance("USDT")
    return balance.available, balance.held, balance.spent


def expected(stage: str) -> tuple[Decimal, ...]:
    return tuple(Decimal(text) for text in POTS[stage])


@pytest.mark.parametrize(("state", "event", "target"), WALKS, ids=[f"{state} {event}" for state, event, _ in WALKS])
def test_a_transition_leads_where_the_table_says_and_takes_the_money_along(
    bench: Any, state: str, event: str, target: str
) -> None:
    account = bench.account(balances={"USDT": "100"})
    withdrawal = account.withdrawal("USDT", "10", state=state)
    assert pots(account) == expected(withdrawal.stage)
    withdrawal.event(event)
    assert (withdrawal.internal_state, withdrawal.state) == (target, target.partition("/")[0])
    assert pots(account) == expected(withdrawal.stage)


@pytest.mark.parametrize("state", CANCELS)
def test_a_cancel_in_a_state_is_answered(bench: Any, state: str) -> None:
    account = bench.account(balances={"USDT": "100"})
    withdrawal = account.withdrawal("USDT", "10", state=state)
    before = pots(account)
    answer, after = CANCELS[state]
    assert bench.cancel(account, withdrawal) == answer
    assert withdrawal.internal_state == after
    assert pots(account) == before


def test_every_move_of_the_table_is_walked() -> None:
    moves = {(state, event) for state, events in LIFECYCLE.moves.items() for event in events}
    assert {(state, event) for state, event, _ in WALKS} == moves
    assert len(WALKS) == len(moves)


def test_what_falls_due_is_literally_this() -> None:
    assert {state: (due.event, due.after_ms) for state, due in LIFECYCLE.due.items()} == DUE


def test_only_the_plain_words_and_the_canceled_pair_claim_to_be_documented() -> None:
    documented = {state.name for state in LIFECYCLE.states if state.evidence == "doc"}
    assert documented == {"Initial", "Pending", "Settled", "Success", "Failure", "Failure/canceled"}
    assert {state.evidence for state in LIFECYCLE.states} == {"doc", "inferred"}


def test_every_state_is_cancelled_and_every_state_can_be_reached() -> None:
    names = {state.name for state in LIFECYCLE.states}
    assert set(CANCELS) == names
    reached = {target for _, _, target in WALKS} | {"Initial", "Pending/return"}
    assert reached == names


@pytest.mark.parametrize("state", [state.name for state in LIFECYCLE.states])
def test_a_row_shows_status_and_property_of_its_state(bench: Any, state: str) -> None:
    account = bench.account()
    account.withdrawal("USDT", "10", state=state)
    (row,) = bench.rows(account)
    status, _, prop = state.partition("/")
    assert row["status"] == status
    assert row.get("status-prop", "") == prop
    assert (row["txid"] is None) == (status in ("Initial", "Pending", "Failure"))


@pytest.mark.parametrize("state", [name for name in CANCELS if LIFECYCLE.is_final(name)])
def test_a_final_state_has_no_events_and_nothing_falls_due(bench: Any, state: str) -> None:
    account = bench.account()
    withdrawal = account.withdrawal("USDT", "10", state=state)
    account.advance(hours=1000)
    assert withdrawal.internal_state == state
    with pytest.raises(AlreadyThere, match="it is final"):
        withdrawal.event("cancel")


def test_an_accepted_cancel_is_not_a_cancelled_withdrawal(bench: Any) -> None:
    account = bench.account(balances={"USDT": "100"})
    withdrawal = account.withdrawal("USDT", "10")
    assert bench.cancel(account, withdrawal) == TRUE
    assert (withdrawal.stage, pots(account)) == ("cancelling", expected("cancelling"))
    account.advance(seconds=29)
    assert withdrawal.stage == "cancelling"
    account.advance(seconds=1)
    assert (withdrawal.stage, pots(account)) == ("cancelled", expected("cancelled"))
    assert [step.state for step in withdrawal.history] == ["Initial", "Initial/cancel-pending", "Failure/canceled"]


def test_an_accepted_cancel_of_a_pending_withdrawal_completes_by_itself_with_the_refund(bench: Any) -> None:
    account = bench.account(balances={"USDT": "100"})
    withdrawal = account.withdrawal("USDT", "10", state="Pending")
    assert bench.cancel(account, withdrawal) == TRUE
    account.advance(seconds=29)
    assert (withdrawal.internal_state, pots(account)) == ("Pending/cancel-pending", expected("cancelling"))
    account.advance(seconds=1)
    assert (withdrawal.internal_state, pots(account)) == ("Failure/canceled", expected("cancelled"))


def test_a_denied_cancel_ends_a_hold_for_review(bench: Any) -> None:
    account = bench.account()
    withdrawal = account.withdrawal("USDT", "10", status_prop="onhold")
    assert bench.cancel(account, withdrawal) == TRUE
    withdrawal.event("deny_cancel")
    assert withdrawal.internal_state == "Initial/cancel-denied"
    account.advance(minutes=1)
    assert withdrawal.internal_state == "Pending/cancel-denied"


def test_a_denied_cancel_lets_the_withdrawal_go_on(bench: Any) -> None:
    account = bench.account(balances={"USDT": "100"})
    withdrawal = account.withdrawal("USDT", "10", state="Pending")
    assert bench.cancel(account, withdrawal) == TRUE
    withdrawal.event("deny_cancel")
    assert (bench.rows(account)[0]["status"], bench.rows(account)[0]["status-prop"]) == ("Pending", "cancel-denied")
    assert bench.cancel(account, withdrawal) == FALSE
    account.advance(hours=1)
    assert (withdrawal.internal_state, pots(account)) == ("Success/cancel-denied", expected("processed"))


def test_a_second_cancel_while_the_first_is_pending_is_true_and_false_afterwards(bench: Any) -> None:
    account = bench.account()
    withdrawal = account.withdrawal("USDT", "10")
    assert [bench.cancel(account, withdrawal) for _ in range(3)] == [TRUE] * 3
    assert list(account.journal)[-1].refused.because == (
        f"withdrawal {withdrawal.id} is Initial/cancel-pending; "
        "by default answered true again: a cancellation request is in already"
    )
    withdrawal.event()
    assert [bench.cancel(account, withdrawal) for _ in range(2)] == [FALSE] * 2
    assert list(account.journal)[-1].refused.because == f"withdrawal {withdrawal.id} is Failure/canceled"
    assert len(withdrawal.history) == 3


def test_a_cancel_loses_its_race_when_the_withdrawal_settles_first(bench: Any) -> None:
    account = bench.account(balances={"USDT": "100"})
    withdrawal = account.withdrawal("USDT", "10")
    account.advance(minutes=3)
    assert bench.cancel(account, withdrawal) == FALSE
    assert (withdrawal.internal_state, pots(account)) == ("Settled", expected("processed"))


def test_an_immediate_account_cancels_at_once(bench: Any) -> None:
    account = bench.account(progress="immediate", balances={"USDT": "100"})
    held = account.withdrawal("USDT", "10", status_prop="onhold")
    assert bench.cancel(account, held) == TRUE
    assert (held.internal_state, pots(account)) == ("Failure/canceled", expected("cancelled"))
    assert account.withdrawal("USDT", "10").internal_state == "Success"


@pytest.mark.parametrize(
    ("state", "prop", "internal"),
    [
        (None, None, "Initial"),
        ("Pending", None, "Pending"),
        ("Pending", "onhold", "Pending/onhold"),
        ("Pending/onhold", "onhold", "Pending/onhold"),
        (None, "onhold", "Initial/onhold"),
        (None, "canceled", "Failure/canceled"),
        ("Settled/return", None, "Settled/return"),
    ],
)
def test_a_state_is_given_by_status_and_property(
    bench: Any, state: str | None, prop: str | None, internal: str
) -> None:
    options = {name: value for name, value in (("state", state), ("status_prop", prop)) if value}
    assert bench.account().withdrawal("USDT", "10", **options).internal_state == internal


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"status_prop": "cancelled"}, "there is no status_prop 'cancelled'; did you mean 'canceled'"),
        ({"status_prop": ""}, "there is no status_prop ''; known are cancel-denied, "),
        ({"state": "Success", "status_prop": "onhold"}, "'Success' never has status_prop 'onhold'; Initial, Pending"),
        ({"state": "pending"}, "there is no state 'pending'; did you mean"),
    ],
)
def test_a_state_that_does_not_exist_is_refused_in_one_sentence(
    bench: Any, options: dict[str, str], sentence: str
) -> None:
    with pytest.raises(Misuse, match=sentence):
        bench.account().withdrawal("USDT", "10", **options)
