"""The withdrawal states: every step of the table, what a cancel gets in every state, and where the money is."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from simulator.core.lifecycle import Stage
from simulator.core.misuse import AlreadyThere, Misuse
from simulator.exchanges.okx.lifecycle import LIFECYCLE

STATES = [state.name for state in LIFECYCLE.states]
WORDS = {state.name: state.word for state in LIFECYCLE.states}
CANCELLABLE = ("0", "17", "19", "internal 0")
CANCELLING = ("-3", "internal -3")
FEE = Decimal("0.00005")
STEPS = [(source, event, target) for source, moves in LIFECYCLE.moves.items() for event, target in moves.items()]
NOT_ALLOWED = b'{"code":"58216","data":[],"msg":"Operation not allowed."}'
CANCELLED = b'{"code":"58220","data":[],"msg":"Withdrawal request already canceled."}'


def opened(bench: Any, state: str, **options: Any) -> tuple[Any, Any]:
    account = bench.account(balances={"BTC": "10"}, **options)
    return account, account.withdrawal("BTC", "1", state=state)


def pots(account: Any) -> tuple[str, str, str]:
    balance = account.balance("BTC")
    return str(balance.available), str(balance.held), str(balance.spent)


@pytest.mark.parametrize(("source", "event", "target"), STEPS)
def test_a_step_leads_where_the_table_says_and_keeps_the_money(
    bench: Any, source: str, event: str, target: str
) -> None:
    account, withdrawal = opened(bench, source)
    withdrawal.event(event)
    assert (withdrawal.internal_state, withdrawal.state) == (target, WORDS[target])
    balance = account.balance("BTC")
    gross = 1 if source.startswith("internal") else 1 + FEE
    assert balance.total == 10
    assert balance.held == (gross if withdrawal.stage in (Stage.PENDING, Stage.CANCELLING) else 0)
    assert balance.spent == (gross if withdrawal.stage is Stage.PROCESSED else 0)


def test_the_documentation_has_18_states() -> None:
    assert sorted(int(word) for word in set(WORDS.values())) == [
        -3,
        -2,
        -1,
        0,
        1,
        2,
        4,
        5,
        6,
        7,
        8,
        9,
        10,
        12,
        15,
        16,
        17,
        19,
    ]


def test_only_0_17_and_19_can_be_cancelled() -> None:
    assert {WORDS[name] for name in STATES if LIFECYCLE.allows(name, "cancel")} == {"0", "17", "19"}
    assert tuple(name for name in STATES if LIFECYCLE.allows(name, "cancel")) == CANCELLABLE


def test_an_internal_transfer_never_sees_a_state_on_chain() -> None:
    own = {name for name in STATES if name.startswith("internal ")}
    reached = {target for name in own for target in LIFECYCLE.moves[name].values()}
    assert reached - own == {"2", "-1", "-2"}
    assert {WORDS[name] for name in own}.isdisjoint({"1", "15", "16", "17", "19"})


def test_an_event_leads_to_the_same_state_from_everywhere() -> None:
    steps = {(event, target) for source, event, target in STEPS if not source.startswith("internal")}
    own = {(event, WORDS[target]) for source, event, target in STEPS if source.startswith("internal")}
    # Without a chain the step before success is the approval, also for a cancel that came too late.
    assert own - steps == {("wait", "10"), ("cancel_at_once", "-2"), ("lose_race", "7")}
    assert steps == {
        ("approve", "7"),
        ("review", "4"),
        ("ask_travel_rule_vendor", "17"),
        ("hear_from_vendor", "0"),
        ("run_short", "19"),
        ("refill", "0"),
        ("transfer", "7"),
        ("broadcast", "1"),
        ("delay", "16"),
        ("validate", "15"),
        ("complete", "2"),
        ("fail", "-1"),
        ("cancel", "-3"),
        ("finish_cancel", "-2"),
        ("lose_race", "1"),
    }


def test_the_final_states_are_cancelled_failed_and_success() -> None:
    assert {name for name in STATES if LIFECYCLE.is_final(name)} == {"-2", "-1", "2"}


def test_state_16_takes_the_documented_24_hours_and_a_review_20_minutes() -> None:
    # Only the 24 hours are documented (as the longest it takes); the other delays are chosen.
    assert {state: (due.event, due.after_ms) for state, due in LIFECYCLE.due.items()} == {
        "0": ("approve", 300_000),
        "17": ("hear_from_vendor", 1_800_000),
        "19": ("refill", 1_800_000),
        "10": ("transfer", 60_000),
        "4": ("approve", 1_200_000),
        "5": ("approve", 1_200_000),
        "6": ("approve", 1_200_000),
        "8": ("approve", 1_200_000),
        "9": ("approve", 1_200_000),
        "12": ("approve", 1_200_000),
        "7": ("broadcast", 60_000),
        "1": ("complete", 300_000),
        "15": ("complete", 300_000),
        "16": ("complete", 86_400_000),
        "-3": ("finish_cancel", 10_000),
        "internal 0": ("approve", 300_000),
        "internal 10": ("transfer", 60_000),
        "internal 4": ("approve", 1_200_000),
        "internal 7": ("complete", 60_000),
        "internal -3": ("finish_cancel", 10_000),
    }


@pytest.mark.parametrize("state", ["0", "17", "19"])
def test_a_cancel_is_accepted_and_leads_to_cancelling_without_a_refund(bench: Any, state: str) -> None:
    account, withdrawal = opened(bench, state)
    reply = bench.cancel(account, withdrawal.id)
    assert reply.body == b'{"code":"0","data":[{"wdId":"%s"}],"msg":""}' % withdrawal.id.encode()
    assert withdrawal.state == "-3"
    assert withdrawal.stage is Stage.CANCELLING
    assert pots(account) == ("8.99995", "1.00005", "0")


@pytest.mark.parametrize("state", [name for name in STATES if name not in (*CANCELLABLE, *CANCELLING, "-2")])
def test_any_other_state_does_not_allow_the_operation(bench: Any, state: str) -> None:
    account, withdrawal = opened(bench, state)
    before = pots(account)
    assert bench.cancel(account, withdrawal.id).body == NOT_ALLOWED
    assert withdrawal.internal_state == state
    assert pots(account) == before


@pytest.mark.parametrize("state", [*CANCELLING, "-2"])
def test_a_repeated_cancel_is_told_that_it_was_cancelled(bench: Any, state: str) -> None:
    account, withdrawal = opened(bench, state)
    before = pots(account)
    assert bench.cancel(account, withdrawal.id).body == CANCELLED
    assert pots(account) == before


def test_a_cancel_is_finished_by_itself_and_only_then_refunded(bench: Any) -> None:
    account, withdrawal = opened(bench, "0")
    bench.cancel(account, withdrawal.id)
    account.advance(seconds=9.999)
    assert withdrawal.state == "-3"
    assert pots(account) == ("8.99995", "1.00005", "0")
    account.advance(seconds=0.001)
    assert withdrawal.state == "-2"
    assert pots(account) == ("10.00000", "0.00000", "0")
    assert b'"state":"-2"' in bench.history(account).body
    assert bench.cancel(account, withdrawal.id).body == CANCELLED


def test_an_accepted_cancel_can_lose_its_race_and_the_money_leaves(bench: Any) -> None:
    account, withdrawal = opened(bench, "0")
    bench.cancel(account, withdrawal.id)
    withdrawal.event("lose_race")
    assert withdrawal.state == "1"
    assert bench.cancel(account, withdrawal.id).body == NOT_ALLOWED
    account.advance(minutes=5)
    assert withdrawal.state == "2"
    assert [step.event for step in withdrawal.history] == ["create", "cancel", "lose_race", "complete"]
    assert pots(account) == ("8.99995", "0.00000", "1.00005")


def test_a_cancel_that_comes_too_late_finds_the_withdrawal_approved(bench: Any) -> None:
    account, withdrawal = opened(bench, "0")
    account.advance(minutes=5)
    assert withdrawal.state == "7"
    assert bench.cancel(account, withdrawal.id).body == NOT_ALLOWED


@pytest.mark.parametrize("state", STATES)
def test_every_state_ends_by_itself(bench: Any, state: str) -> None:
    account, withdrawal = opened(bench, state)
    account.advance(hours=48)
    assert withdrawal.stage in (Stage.PROCESSED, Stage.CANCELLED, Stage.FAILED)
    assert account.balance("BTC").held == 0


@pytest.mark.parametrize("state", [name for name in STATES if not name.startswith("internal")])
def test_a_lightning_withdrawal_can_never_be_cancelled(bench: Any, state: str) -> None:
    account = bench.account()
    withdrawal = account.withdrawal("BTC", "1", state=state, network="BTC-Lightning")
    assert bench.cancel(account, withdrawal.id).body == NOT_ALLOWED
    assert withdrawal.state == state


def test_a_second_cancel_event_is_refused_with_the_events_that_are_possible(bench: Any) -> None:
    _, withdrawal = opened(bench, "-3")
    with pytest.raises(AlreadyThere, match="possible are: finish_cancel, lose_race"):
        withdrawal.event("cancel")


def test_in_immediate_progress_an_accepted_cancel_is_done_at_once(bench: Any) -> None:
    account, withdrawal = opened(bench, "0")
    account.set(progress="immediate")
    assert withdrawal.state == "2"
    account.set(progress="manual")
    second = account.withdrawal("BTC", "1")
    assert bench.cancel(account, second.id).status == 200
    account.set(progress="immediate")
    assert second.state == "-2"


def test_in_timed_progress_the_clock_finishes_a_cancel(bench: Any) -> None:
    account, withdrawal = opened(bench, "0", progress="timed")
    bench.cancel(account, withdrawal.id)
    bench.clock.advance(10_000)
    assert withdrawal.state == "-2"


def test_an_internal_transfer_has_no_fee_no_transaction_and_skips_the_chain(bench: Any) -> None:
    account = bench.account(balances={"BTC": "10"})
    withdrawal = account.withdrawal("BTC", "1", internal=True)
    assert pots(account) == ("9", "1", "0")
    account.advance(minutes=6)
    assert [step.state for step in withdrawal.history] == ["internal 0", "internal 7", "2"]
    assert b'"fee":"0"' in bench.history(account).body
    assert b'"txId":""' in bench.history(account).body
    assert pots(account) == ("9", "0", "1")


def test_a_cancelled_internal_transfer_goes_through_cancelling_or_is_cancelled_at_once(bench: Any) -> None:
    account = bench.account(balances={"BTC": "10"})
    withdrawal = account.withdrawal("BTC", "1", internal=True)
    assert bench.cancel(account, withdrawal.id).status == 200
    assert (withdrawal.state, withdrawal.internal_state) == ("-3", "internal -3")
    account.advance(seconds=10)
    assert withdrawal.state == "-2"
    account.set(behavior={"cancel.internal_through_cancelling": False})
    second = account.withdrawal("BTC", "1", internal=True)
    assert bench.cancel(account, second.id).status == 200
    assert second.state == "-2"
    assert pots(account) == ("10", "0", "0")
    on_chain = account.withdrawal("BTC", "1")
    bench.cancel(account, on_chain.id)
    assert on_chain.state == "-3"


@pytest.mark.parametrize("state", ["1", "15", "16", "17", "19", "nonsense", "internal 1"])
def test_an_internal_transfer_cannot_begin_in_a_state_on_chain(bench: Any, state: str) -> None:
    with pytest.raises(Misuse, match="an internal transfer has no state"):
        bench.account().withdrawal("BTC", "1", internal=True, state=state)


@pytest.mark.parametrize(
    ("state", "name"), [("4", "internal 4"), ("-3", "internal -3"), ("2", "2"), (None, "internal 0")]
)
def test_an_internal_transfer_begins_in_the_state_of_that_number(bench: Any, state: str | None, name: str) -> None:
    assert bench.account().withdrawal("BTC", "1", internal=True, state=state).internal_state == name


def test_an_internal_transfer_does_not_go_through_lightning(bench: Any) -> None:
    with pytest.raises(Misuse, match="does not go through BTC-Lightning"):
        bench.account().withdrawal("BTC", "1", internal=True, network="BTC-Lightning")
