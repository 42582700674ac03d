"""Two times: the server's clock, and an account's lead on it; which of them moves a withdrawal, and when."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.core.accounts import Account, Key, Progress
from simulator.core.behavior import Unknowns
from simulator.core.book import Withdrawal
from simulator.core.clock import ManualClock, SkewedClock, SystemClock
from simulator.core.ids import Ids
from simulator.core.ledger import Overdrawn
from simulator.core.lifecycle import Due, Lifecycle, Stage, State
from simulator.core.limits import FixedWindow
from simulator.core.misuse import AlreadyThere, Misuse
from simulator.core.world import World

START_MS = 1_700_000_000_000
TABLE = Lifecycle(
    (
        State("Asked", "asked", Stage.PENDING, "doc", "here"),
        State("Signed", "signed", Stage.PENDING, "doc", "here"),
        State("Sent", "sent", Stage.PROCESSED, "doc", "here"),
        State("Done", "done", Stage.PROCESSED, "doc", "here"),
        State("Back", "back", Stage.CANCELLED, "doc", "here"),
        State("Again", "again", Stage.PENDING, "doc", "here"),
    ),
    "Asked",
    {
        "Asked": {"sign": "Signed", "cancel": "Back"},
        "Signed": {"send": "Sent"},
        "Sent": {"finish": "Done"},
        "Back": {"retry": "Again"},
    },
    {"Asked": Due("sign", 1000), "Signed": Due("send", 200), "Sent": Due("finish", 30)},
)


def world(clock: ManualClock) -> World:
    return World("exchange", clock, 0, TABLE, Unknowns((), (), ()).behavior())


def opened(account: Account, id: str = "1", state: str = "Asked") -> Withdrawal:
    account.ledger.deposit("USDT", Decimal(10))
    withdrawal = Withdrawal(
        id=id,
        asset="USDT",
        network="ETH",
        amount=Decimal(9),
        fee=Decimal(1),
        address="0x",
        state=TABLE.state(state),
        created_ms=account.now_ms(),
        updated_ms=account.now_ms(),
        entered_lead_ms=account.lead_ms,
    )
    account.book.open(withdrawal)
    return withdrawal


def account(clock: ManualClock, progress: Progress = "manual") -> Account:
    made = world(clock).add_account(None)
    made.progress = progress
    return made


def steps(withdrawal: Withdrawal) -> list[tuple[str, int]]:
    return [(step.state, step.at_ms - START_MS) for step in withdrawal.history]


def test_wall_time_never_moves_a_withdrawal_in_manual_progress() -> None:
    clock = ManualClock()
    holder = account(clock)
    withdrawal = opened(holder)
    clock.advance(10**9)
    holder.catch_up()
    assert withdrawal.state.name == "Asked"


def test_the_lead_moves_a_withdrawal_in_manual_progress() -> None:
    clock = ManualClock()
    holder = account(clock)
    withdrawal = opened(holder)
    clock.advance(7)
    holder.advance(999)
    assert withdrawal.state.name == "Asked"
    clock.advance(7)
    holder.advance(1)
    assert steps(withdrawal) == [("Asked", 0), ("Signed", 1014)]


def test_wall_time_and_lead_both_move_a_withdrawal_in_timed_progress() -> None:
    clock = ManualClock()
    holder = account(clock, "timed")
    withdrawal = opened(holder)
    clock.advance(600)
    holder.advance(399)
    assert withdrawal.state.name == "Asked"
    clock.advance(1)
    holder.catch_up()
    assert steps(withdrawal) == [("Asked", 0), ("Signed", 1000)]


def test_immediate_progress_takes_every_step_at_once() -> None:
    holder = account(ManualClock(), "immediate")
    withdrawal = opened(holder)
    holder.catch_up()
    assert steps(withdrawal) == [("Asked", 0), ("Signed", 0), ("Sent", 0), ("Done", 0)]


def test_immediate_progress_does_not_wait_for_a_clock_that_was_set_back() -> None:
    clock = ManualClock()
    holder = account(clock, "immediate")
    withdrawal = opened(holder)
    clock.advance(-60_000)
    holder.catch_up()
    assert steps(withdrawal)[-1] == ("Done", 0)


@pytest.mark.parametrize("progress", ["manual", "timed"])
def test_an_overshoot_is_spread_over_the_steps_that_fell_due(progress: Progress) -> None:
    holder = account(ManualClock(), progress)
    withdrawal = opened(holder)
    holder.advance(5000)
    assert steps(withdrawal) == [("Asked", 0), ("Signed", 1000), ("Sent", 1200), ("Done", 1230)]
    assert withdrawal.updated_ms == START_MS + 1230


def test_the_rest_of_an_overshoot_counts_for_the_next_step() -> None:
    holder = account(ManualClock())
    withdrawal = opened(holder)
    holder.advance(1150)
    holder.advance(49)
    assert withdrawal.state.name == "Signed"
    holder.advance(1)
    assert steps(withdrawal)[-1] == ("Sent", 1200)


def test_time_in_a_state_begins_when_the_withdrawal_was_made() -> None:
    holder = account(ManualClock())
    holder.advance(10**6)
    withdrawal = opened(holder)
    holder.advance(999)
    assert withdrawal.state.name == "Asked"


def test_an_event_starts_the_time_of_the_next_state() -> None:
    holder = account(ManualClock())
    withdrawal = opened(holder)
    holder.advance(500)
    holder.move(withdrawal, "sign")
    holder.advance(199)
    assert withdrawal.state.name == "Signed"
    holder.advance(1)
    assert withdrawal.state.name == "Sent"


def test_one_account_ahead_leaves_another_where_it_is() -> None:
    clock = ManualClock()
    both = world(clock)
    first, second = both.add_account("first"), both.add_account("second")
    withdrawal = opened(second)
    first.advance(10**6)
    second.catch_up()
    assert (first.now_ms() - START_MS, second.now_ms() - START_MS) == (10**6, 0)
    assert withdrawal.state.name == "Asked"
    assert both.now_ms() == START_MS


@given(
    st.lists(
        st.one_of(
            st.tuples(st.just("advance"), st.integers(0, 2000)),
            st.tuples(st.just("clock"), st.integers(-2000, 2000)),
            st.tuples(st.just("skew"), st.integers(-2000, 2000)),
            st.tuples(st.just("look"), st.just(1)),
            st.tuples(st.just("progress"), st.sampled_from(["manual", "timed", "immediate", "polled"])),
            st.tuples(st.just("event"), st.sampled_from(["sign", "send", "finish", "cancel", "retry"])),
        ),
        max_size=12,
    )
)
def test_history_never_runs_backwards(orders: list[tuple[str, object]]) -> None:
    clock = ManualClock()
    holder = account(clock)
    withdrawal = opened(holder)
    for order, value in orders:
        if order == "advance":
            holder.advance(int(str(value)))
        elif order == "clock":
            clock.advance(int(str(value)))
        elif order == "skew":
            holder.skew(int(str(value)))
        elif order == "look":
            holder.look()
        elif order == "progress":
            holder.progress = value  # type: ignore[assignment]
        else:
            try:
                holder.move(withdrawal, str(value))
            except Misuse:
                continue
        holder.catch_up()
        times = [step.at_ms for step in withdrawal.history]
        assert times == sorted(times)
        assert times[-1] == withdrawal.updated_ms
        assert holder.ledger.balance("USDT").total == 10


def test_steps_of_one_millisecond_keep_their_order_over_all_withdrawals() -> None:
    holder = account(ManualClock())
    first, second = opened(holder, "1"), opened(holder, "2")
    holder.move(second, "cancel")
    holder.move(first, "sign")
    taken = [(step.number, withdrawal.id, step.event) for withdrawal in (first, second) for step in withdrawal.history]
    assert sorted(taken) == [(1, "1", "create"), (2, "2", "create"), (3, "2", "cancel"), (4, "1", "sign")]


def test_a_step_that_is_not_there_changes_nothing() -> None:
    holder = account(ManualClock())
    withdrawal = opened(holder)
    with pytest.raises(AlreadyThere):
        holder.move(withdrawal, "finish")
    assert steps(withdrawal) == [("Asked", 0)]


def test_money_that_is_gone_cannot_be_held_again() -> None:
    holder = account(ManualClock())
    withdrawal = opened(holder)
    holder.move(withdrawal, "cancel")
    holder.ledger.hold("USDT", Decimal(5))
    with pytest.raises(Overdrawn):
        holder.move(withdrawal, "retry")
    assert withdrawal.state.name == "Back"
    holder.ledger.release("USDT", Decimal(5))
    holder.move(withdrawal, "retry")
    assert holder.ledger.balance("USDT").held == 10


def test_two_withdrawals_of_an_account_have_two_ids() -> None:
    holder = account(ManualClock())
    opened(holder)
    with pytest.raises(AlreadyThere, match="already a withdrawal '1'"):
        opened(holder)
    assert holder.ledger.balance("USDT").held == 10


@pytest.mark.parametrize(
    ("state", "held", "spent", "available"),
    [("Asked", 10, 0, 0), ("Sent", 0, 10, 0), ("Back", 0, 0, 10)],
)
def test_a_withdrawal_may_begin_anywhere_with_its_money_in_the_right_place(
    state: str, held: int, spent: int, available: int
) -> None:
    holder = account(ManualClock())
    opened(holder, state=state)
    balance = holder.ledger.balance("USDT")
    assert (balance.held, balance.spent, balance.available) == (held, spent, available)


def test_a_book_is_read_from_both_ends() -> None:
    holder = account(ManualClock())
    first, second = opened(holder, "1"), opened(holder, "2")
    assert list(holder.book) == [first, second]
    assert holder.book.newest_first() == [second, first]
    assert len(holder.book) == 2
    assert holder.book.find("2") is second
    assert holder.book.find("3") is None
    assert (first.stage, first.gross) == (Stage.PENDING, 10)


def test_a_key_expires_by_account_time() -> None:
    clock = ManualClock()
    holder = account(clock)
    key = Key(account=holder, api_key="k", secret="s", permissions=frozenset(), expires_ms=START_MS + 10)
    assert not key.is_expired
    holder.advance(10)
    assert key.is_expired
    assert not Key(account=holder, api_key="k", secret="s", permissions=frozenset()).is_expired


def test_a_key_without_addresses_is_allowed_from_everywhere() -> None:
    holder = account(ManualClock())
    bound = Key(account=holder, api_key="k", secret="s", permissions=frozenset(), ip_allowlist=("192.0.2.1",))
    assert Key(account=holder, api_key="k", secret="s", permissions=frozenset()).allows_ip("anything")
    assert bound.allows_ip("192.0.2.1")
    assert not bound.allows_ip("192.0.2.2")


def test_counters_are_kept_by_name_and_address_and_their_number_is_bounded() -> None:
    holder = account(ManualClock())

    def make() -> FixedWindow:
        return FixedWindow(1, 1000)

    one = holder.counter("cancel", "192.0.2.1", make)
    assert holder.counter("cancel", "192.0.2.1", make) is one
    assert holder.counter("cancel", "192.0.2.2", make) is not one
    assert holder.counter("cancel", None, make) is not one
    for number in range(200):
        holder.counter("cancel", str(number), make)
    assert len(holder.counters) == 64


def test_the_systems_clock_can_be_skewed() -> None:
    straight = SystemClock()
    ahead_ns = SkewedClock(straight, 3_600_000).now_ns() - straight.now_ns()
    assert 3_590 < ahead_ns / 10**9 < 3_610


# --- worlds -------------------------------------------------------------------------------------------------------


def test_an_account_without_a_name_gets_the_next_free_one() -> None:
    there = world(ManualClock())
    there.add_account("account-2")
    assert [there.add_account(None).name for _ in range(2)] == ["account-1", "account-3"]


def test_a_name_is_given_once() -> None:
    there = world(ManualClock())
    there.add_account("mine")
    with pytest.raises(AlreadyThere, match="already has an account 'mine'"):
        there.add_account("mine")


def test_a_key_is_given_once_and_forgotten_with_its_account() -> None:
    there = world(ManualClock())
    holder = there.add_account("mine")
    key = Key(account=holder, api_key="k", secret="s", permissions=frozenset())
    there.add_key(key)
    with pytest.raises(AlreadyThere, match="already has a key 'k'"):
        there.add_key(Key(account=holder, api_key="k", secret="t", permissions=frozenset()))
    assert there.find_key("k") is key
    there.delete_account("mine")
    assert there.find_key("k") is None
    with pytest.raises(Misuse, match="has no account 'mine'"):
        there.account("mine")


def test_states_are_true_when_a_key_is_looked_up() -> None:
    clock = ManualClock()
    there = world(clock)
    holder = there.add_account("mine")
    holder.progress = "timed"
    there.add_key(Key(account=holder, api_key="k", secret="s", permissions=frozenset()))
    withdrawal = opened(holder)
    clock.advance(1000)
    there.find_key("k")
    assert withdrawal.state.name == "Signed"


def test_the_changes_of_all_accounts_are_drained_once() -> None:
    there = world(ManualClock())
    first, second = there.add_account("first"), there.add_account("second")
    opened(first)
    opened(second)
    assert [change.account for change in there.drain()] == ["exchange-first", "exchange-second"]
    assert there.drain() == ()


def test_accounts_have_streams_of_ids_of_their_own() -> None:
    there = world(ManualClock())
    assert there.add_account("mine").ids.hex(8) == Ids(0, "exchange", "mine").hex(8)


@pytest.mark.parametrize("now", [1_700_000_000_000_000, 1_700_000_000_000_000_000, float("nan")])
def test_a_manual_clock_that_would_begin_in_microseconds_or_nanoseconds_is_refused(now: float) -> None:
    with pytest.raises(Misuse) as told:
        ManualClock(now)  # type: ignore[arg-type]
    assert str(told.value) == (f"now_ms {now!r} has no date; it must be milliseconds since 1970, as 1700000000000 is")
