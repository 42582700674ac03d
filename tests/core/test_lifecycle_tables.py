"""The life-cycle table of every exchange: whole, without dead ends that are not final, without endless loops."""

from __future__ import annotations

from typing import Any

import pytest

from simulator.core.behavior import Field, Unknowns
from simulator.core.exchange import Exchange
from simulator.core.lifecycle import Due, Lifecycle, Stage, State, held_stages
from simulator.core.misuse import AlreadyThere, Misuse
from simulator.service.listed import exchanges

STATES = [(exchange, state) for exchange in exchanges for state in exchange.lifecycle.states]

ONLY_BY_OPTION = {
    # Before the e-mail is confirmed (a withdrawal made by the API begins after it), where internal transfers begin, and
    # the fallback of which nobody says when it comes.
    "bybit": {"ToBeConfirmed", "UnderReview/internal", "Unknown"},
    # The other waits and reviews, of which one withdrawal sees at most one; an internal transfer is one from its start.
    "okx": {"10", "5", "6", "8", "9", "12", *(f"internal {word}" for word in ("0", "10", "4", "7", "-3"))},
    "kraken": {"Pending/return", "Settled/return", "Success/return"},  # a return is another movement from its start
    "alphapoint": set(),
}
"""States that no event leads to: a test enters them with the option `state`."""


def named(value: Any) -> str | None:
    return value.name if isinstance(value, Exchange | State) else None


each_exchange = pytest.mark.parametrize("exchange", exchanges, ids=named)
each_state = pytest.mark.parametrize(("exchange", "state"), STATES, ids=named)


def reachable(lifecycle: Lifecycle) -> set[str]:
    found, open_states = set(), [lifecycle.initial]
    while open_states:
        name = open_states.pop()
        if name not in found:
            found.add(name)
            open_states += lifecycle.moves.get(name, {}).values()
    return found


@each_exchange
def test_state_names_are_unique(exchange: Exchange) -> None:
    names = [state.name for state in exchange.lifecycle.states]
    assert len(names) == len(set(names))


@each_exchange
def test_the_initial_state_exists_and_is_pending(exchange: Exchange) -> None:
    assert exchange.lifecycle.state(exchange.lifecycle.initial).stage is Stage.PENDING


@each_exchange
def test_every_move_starts_and_ends_in_a_state_of_the_table(exchange: Exchange) -> None:
    names = {state.name for state in exchange.lifecycle.states}
    assert set(exchange.lifecycle.moves) <= names
    for moves in exchange.lifecycle.moves.values():
        assert set(moves.values()) <= names


@each_exchange
def test_a_state_is_reached_from_the_initial_one_or_known_to_be_made_by_option_alone(exchange: Exchange) -> None:
    lifecycle = exchange.lifecycle
    islands = {state.name for state in lifecycle.states} - reachable(lifecycle)
    assert islands == ONLY_BY_OPTION[exchange.name]


@each_exchange
def test_events_that_fall_due_are_events_of_their_state(exchange: Exchange) -> None:
    for name, due in exchange.lifecycle.due.items():
        assert exchange.lifecycle.allows(name, due.event), name
        assert due.after_ms >= 0, name


@each_exchange
def test_nothing_falls_due_for_ever(exchange: Exchange) -> None:
    for state in exchange.lifecycle.states:
        name, steps = state.name, 0
        while name in exchange.lifecycle.due:
            name = exchange.lifecycle.after(name, exchange.lifecycle.due[name].event).name
            steps += 1
            assert steps <= len(exchange.lifecycle.states), f"{state.name} goes round in a circle"


@each_state
def test_a_final_state_has_neither_moves_nor_anything_due(exchange: Exchange, state: State) -> None:
    lifecycle = exchange.lifecycle
    assert lifecycle.is_final(state.name) == (not lifecycle.moves.get(state.name))
    if lifecycle.is_final(state.name):
        assert state.name not in lifecycle.due
        assert state.stage not in held_stages, f"the money of {state.name} would be held for ever"


@each_exchange
def test_money_that_was_spent_or_given_back_does_not_move_again(exchange: Exchange) -> None:
    """The ledger moves money into and out of what is held, never from spent to available or back."""
    lifecycle = exchange.lifecycle
    for name, moves in lifecycle.moves.items():
        before = lifecycle.state(name).stage
        for event, target in moves.items():
            after = lifecycle.state(target).stage
            assert before in held_stages or after == before, f"{name} --{event}--> {target}"


@each_exchange
def test_a_table_has_pending_processed_and_cancelled_states(exchange: Exchange) -> None:
    stages = {state.stage for state in exchange.lifecycle.states}
    assert {Stage.PENDING, Stage.PROCESSED, Stage.CANCELLED} <= stages


@each_exchange
def test_a_cancelled_withdrawal_was_cancelling_or_asked_to_be(exchange: Exchange) -> None:
    """Stage CANCELLED is entered by an event that says so, or out of stage CANCELLING."""
    lifecycle = exchange.lifecycle
    for name, moves in lifecycle.moves.items():
        for event, target in moves.items():
            if lifecycle.state(target).stage is Stage.CANCELLED and lifecycle.state(name).stage is Stage.PENDING:
                assert "cancel" in event, f"{name} --{event}--> {target}"


@each_exchange
def test_a_word_that_a_client_sees_is_of_one_kind_of_stage(exchange: Exchange) -> None:
    """A word may stand for several states, but not for money that has left in one and money that is back in another.

    Kraken's word is the pair of status and status-prop, so that `Failure` alone may say little.
    """
    ends: dict[str, set[bool]] = {}
    for state in exchange.lifecycle.states:
        ends.setdefault(state.word, set()).add(state.stage is Stage.PROCESSED)
    assert all(len(kinds) == 1 for kinds in ends.values()), ends


@each_exchange
def test_a_withdrawal_that_nobody_touches_leaves_in_the_end(exchange: Exchange) -> None:
    name = exchange.lifecycle.initial
    while name in exchange.lifecycle.due:
        name = exchange.lifecycle.after(name, exchange.lifecycle.due[name].event).name
    assert exchange.lifecycle.state(name).stage is Stage.PROCESSED


@each_state
def test_a_state_says_how_well_it_is_known(exchange: Exchange, state: State) -> None:
    assert state.name
    assert state.word
    assert state.source
    assert state.evidence in ("doc", "sdk", "wild", "inferred", "unknown")


# --- the table itself ---------------------------------------------------------------------------------------------

OPEN = State("Open", "waiting", Stage.PENDING, "doc", "here")
SHUT = State("Shut", "gone", Stage.PROCESSED, "doc", "here")
DOOR = Lifecycle((OPEN, SHUT), "Open", {"Open": {"shut": "Shut"}}, {"Open": Due("shut", 5)})


def test_a_state_is_found_by_its_name_and_by_its_word() -> None:
    assert DOOR.state("Open") is OPEN
    assert DOOR.state("gone") is SHUT


def test_a_state_that_does_not_exist_is_refused_with_the_nearest() -> None:
    with pytest.raises(Misuse, match=r"there is no state 'open'; did you mean 'Open'"):
        DOOR.state("open")


def test_an_event_that_no_state_has_is_a_misuse() -> None:
    with pytest.raises(Misuse, match=r"there is no event 'shot'; did you mean 'shut'\?") as raised:
        DOOR.after("Open", "shot")
    assert raised.value.status == 400


def test_an_event_that_this_state_does_not_have_is_a_conflict() -> None:
    with pytest.raises(AlreadyThere, match=r"in state 'Shut' has no event 'shut'; possible are: none, it is final"):
        DOOR.after("Shut", "shut")


def test_a_table_without_any_event_says_so() -> None:
    with pytest.raises(Misuse, match="none are known here"):
        Lifecycle((OPEN,), "Open", {}, {}).after("Open", "shut")


def test_what_falls_due_and_when_may_be_left_to_fields() -> None:
    event = Field("who.wins", "shut", "unknown", "nowhere", "who wins", ("shut", "lock"))
    after = Field("how.long", 7, "unknown", "nowhere", "how long it takes")
    unknowns = Unknowns((), (), (event, after))
    due = Due("shut", 5, event_by=event, after_s_by=after)
    assert due.chosen(unknowns.behavior()) == Due("shut", 7000)
    assert due.chosen(unknowns.behavior({"who.wins": "lock", "how.long": 0})) == Due("lock", 0)
    assert Due("shut", 5).chosen(unknowns.behavior()) == Due("shut", 5)


@each_exchange
def test_a_field_that_names_what_falls_due_names_events_of_that_state(exchange: Exchange) -> None:
    for name, due in exchange.lifecycle.due.items():
        if due.event_by is not None:
            assert due.event_by.default == due.event
            assert set(due.event_by.choices) <= set(exchange.lifecycle.moves[name])
        if due.after_s_by is not None:
            assert exchange.unknowns.fields[due.after_s_by.name].default == due.after_ms // 1000
