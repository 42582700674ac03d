"""How withdrawals go on by themselves: an account's way and a withdrawal's own, delays as data, and looks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from contracts.wire import HttpCall
from simulator import Misuse, Simulator
from simulator.core.clock import ManualClock
from simulator.service import views

Open = Callable[..., Any]
NEXT = {
    "bybit": ("UnderReview", "UnderFinalReview", "Pending"),
    "okx": ("0", "7", "1"),
    "kraken": ("Initial", "Pending", "Settled"),
    "alphapoint": ("Pending2Fa", "Confirmed2Fa", "AutoAccepted"),
}


@pytest.mark.parametrize("name", NEXT)
def test_a_polled_withdrawal_takes_its_next_step_once_it_was_looked_at_so_often(desk_of: Open, name: str) -> None:
    desk = desk_of(name, progress="polled", polls=2)
    first, second, third = NEXT[name]
    looked = []
    for _ in range(4):
        desk.look()
        looked.append(desk.withdrawal.internal_state)
    assert looked == [first, second, second, third]
    entries = desk.account.requests("list")
    assert [[change.target for change in entry.changes] for entry in entries] == [[], [second], [], [third]]


def test_a_look_shows_what_was_before_the_step_that_it_brings(desk_of: Open) -> None:
    desk = desk_of("okx", progress="polled")
    assert b'"state":"0"' in desk.look()
    assert b'"state":"7"' in desk.look()


def test_neither_time_nor_other_calls_nor_refused_reads_move_a_polled_withdrawal(desk_of: Open) -> None:
    desk = desk_of("okx", progress="polled")
    desk.account.advance(hours=1000)
    desk.clock.advance(10**9)
    assert b"50102" in desk.send(_call("GET", "/api/v5/asset/withdrawal-history"), sent_ms=1).body
    assert b'"code":"0"' in desk.send(_call("GET", "/api/v5/asset/balances")).body
    assert desk.withdrawal.state == "0"
    desk.withdrawal.event("approve")
    desk.look()
    assert desk.states == ["0", "7", "1"]


def test_a_status_of_one_withdrawal_is_a_look_at_all(desk_of: Open) -> None:
    desk = desk_of("okx", progress="polled")
    other = desk.account.withdrawal("USDT", "10")
    desk.send(_call("GET", f"/api/v5/asset/deposit-withdraw-status?wdId={desk.withdrawal.id}"))
    assert (desk.withdrawal.state, other.state) == ("7", "7")


def test_a_withdrawal_may_go_on_otherwise_than_its_account(desk_of: Open) -> None:
    desk = desk_of("okx")
    at_once = desk.account.withdrawal("USDT", "10", progress="immediate")
    timed = desk.account.withdrawal("USDT", "10", progress="timed", delays={"0": 2})
    polled = desk.account.withdrawal("USDT", "10", progress="polled", polls=1)
    assert (at_once.state, timed.state, polled.state) == ("2", "0", "0")
    desk.clock.advance(2000)
    assert (timed.state, desk.withdrawal.state) == ("7", "0")
    desk.look()
    assert (polled.state, desk.withdrawal.state) == ("7", "0")
    desk.account.advance(minutes=5)
    assert desk.withdrawal.state == "7"


def test_how_a_withdrawal_goes_on_can_be_changed_and_given_back(desk_of: Open) -> None:
    desk = desk_of("kraken")
    desk.withdrawal.set(progress="polled", polls=1)
    desk.look()
    assert desk.withdrawal.state == "Pending"
    desk.withdrawal.set(progress=None, polls=None, delays={"Pending": 1})
    desk.look()
    assert desk.withdrawal.state == "Pending"
    desk.account.advance(seconds=1)
    assert desk.withdrawal.state == "Settled"
    desk.withdrawal.set(delays=None, progress="immediate")
    assert desk.withdrawal.state == "Success"


def test_delays_take_the_place_of_the_due_times_and_a_withdrawals_own_come_first() -> None:
    account = Simulator(clock=ManualClock()).bybit.account(delays={"UnderReview": 5, "UnderFinalReview": 0})
    mine = account.withdrawal("USDT", "10")
    own = account.withdrawal("USDT", "10", delays={"UnderReview": 7.5})
    account.advance(seconds=5)
    assert (mine.internal_state, own.internal_state) == ("Pending", "UnderReview")
    account.advance(seconds=2.5)
    assert own.internal_state == "Pending"
    assert [step.at_ms - own.history[0].at_ms for step in own.history] == [0, 7500, 7500]
    account.set(delays={})
    third = account.withdrawal("USDT", "10")
    account.advance(minutes=20)
    assert third.internal_state == "UnderFinalReview"


def test_a_word_means_all_its_states_and_a_name_counts_more_than_a_word() -> None:
    account = Simulator(clock=ManualClock()).bybit.account(delays={"UnderFinalReview": 60, "SecurityCheck": 1})
    withdrawal = account.withdrawal("USDT", "10", state="ToBeConfirmed")
    account.advance(seconds=2)
    assert withdrawal.internal_state == "UnderFinalReview"
    account.advance(seconds=59)
    assert withdrawal.internal_state == "UnderFinalReview"
    account.advance(seconds=1)
    assert withdrawal.internal_state == "Pending"


def test_manual_progress_is_judged_on_the_lead_alone_whatever_the_delays() -> None:
    clock = ManualClock()
    withdrawal = Simulator(clock=clock).bybit.account(delays={"UnderReview": 0.001}).withdrawal("USDT", "10")
    clock.advance(10**9)
    assert withdrawal.internal_state == "UnderReview"


def test_an_estimate_of_okx_goes_by_the_delays(desk_of: Open) -> None:
    desk = desk_of("okx", delays={"0": 3600, "7": 0, "1": 0})
    path = f"/api/v5/asset/deposit-withdraw-status?wdId={desk.withdrawal.id}"
    assert b'"estCompleteTime":"11/15/2023, 7:13:20 AM"' in desk.send(_call("GET", path)).body


def test_the_longest_delays_can_be_written_as_dates(desk_of: Open) -> None:
    century_s = 100 * 365 * 24 * 3600
    desk = desk_of("okx", delays=dict.fromkeys(("0", "7", "1"), century_s), skew_ms=315_360_000_000)
    desk.account.advance(seconds=century_s - 1)
    path = f"/api/v5/asset/deposit-withdraw-status?wdId={desk.withdrawal.id}"
    body = desk.send(_call("GET", path), sent_ms=desk.clock.now_ms + 315_360_000_000).body
    assert b'"estCompleteTime":"' in body


def test_what_was_chosen_is_shown(desk_of: Open) -> None:
    desk = desk_of("kraken", progress="polled", polls=3, delays={"Initial": 1.5})
    shown = views.withdrawal(desk.account._account.book.find(desk.withdrawal.id))
    assert (shown["progress"], shown["polls"], shown["delays"]) == (None, None, {})
    desk.withdrawal.set(progress="timed", delays={"Pending": 2})
    shown = views.withdrawal(desk.account._account.book.find(desk.withdrawal.id))
    assert (shown["progress"], shown["polls"], shown["delays"]) == ("timed", None, {"Pending": 2.0})


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"progress": "poled"}, "bybit accounts: option 'progress' cannot be 'poled'; did you mean 'polled'?"),
        ({"delays": {"Pendin": 1}}, "there is no state 'Pendin'; did you mean 'Pending'?"),
        (
            {"delays": {"success": 1}},
            "delays: nothing falls due by itself in state 'success', but in ToBeConfirmed, UnderReview, ",
        ),
        ({"delays": {"Pending": -1}}, "bybit accounts: option delays['Pending'] must be a number of 0 or more"),
        ({"delays": {"Pending": "1"}}, "bybit accounts: option delays['Pending'] must be a number"),
        ({"delays": {"Pending": True}}, "bybit accounts: option delays['Pending'] must be a number"),
        (
            {"delays": {"Pending": 3.2e9}},
            "bybit accounts: option delays['Pending'] must be a number of at most 3153600000",
        ),
        (
            {"delays": {"Pending": float("nan")}},
            "bybit accounts: option delays['Pending'] must be a number of 0 or more",
        ),
        ({"delays": [1]}, "bybit accounts: option 'delays' must be an object, names with values"),
        ({"polls": 0, "progress": "polled"}, "bybit accounts: option 'polls' must be a whole number of 1 or more"),
        ({"polls": 2}, "polls 2 count in progress 'polled' only, and the progress is 'manual'"),
        ({"progress": "polled", "pols": 2}, "bybit accounts have no option 'pols'; did you mean 'polls'?"),
    ],
)
def test_a_wrong_option_of_an_account_is_one_sentence(options: dict[str, Any], sentence: str) -> None:
    simulator = Simulator()
    with pytest.raises(Misuse) as told:
        simulator.bybit.account(**options)
    assert str(told.value).startswith(sentence)
    assert not simulator.service.worlds["bybit"].accounts


def test_wrong_changes_are_one_sentence_and_change_nothing() -> None:
    account = Simulator().bybit.account()
    withdrawal = account.withdrawal("USDT", "10")
    any_value: Any = lambda value: value  # noqa: E731
    for wrong, sentence in (
        (lambda: account.set(polls=2), "polls 2 count in progress 'polled' only"),
        (lambda: account.set(progress="timed", delays={"x": 1}), "there is no state 'x'; known are "),
        (lambda: withdrawal.set(polls=2), "polls 2 count in progress 'polled' only"),
        (lambda: withdrawal.set(progress=any_value(5)), "withdrawal changes: option 'progress' cannot be 5"),
        (lambda: withdrawal.set(state="Pending"), "withdrawal changes have no option 'state'; known are"),
        (lambda: account.withdrawal("USDT", "1", polls=2), "polls 2 count in progress 'polled' only"),
        (
            lambda: account.withdrawal("USDT", "1", delays={"Reject": 2}),
            "delays: nothing falls due by itself in state 'Reject'",
        ),
    ):
        with pytest.raises(Misuse) as told:
            wrong()
        assert str(told.value).startswith(sentence)
    assert views.account(account._exchange, account._account, "")["progress"] == "manual"
    assert len(account.withdrawals) == 1


def _call(method: str, target: str) -> HttpCall:
    return HttpCall(method, target)
