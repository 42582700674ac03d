"""The claims of OKX meet all that its emulator can answer; what they cannot meet stands here, with the reason."""

from __future__ import annotations

import pytest
from met import Met, met

from simulator.core.rows import conditions, rows
from simulator.exchanges.okx import OKX
from simulator.exchanges.okx.behavior import Conditions
from simulator.exchanges.okx.errors import Errors


@pytest.fixture(scope="module")
def found() -> Met:
    return met("okx")


def test_every_condition_is_met(found: Met) -> None:
    names = {condition.name for condition in conditions(Conditions)}
    assert names - found.conditions == set()


def test_every_row_is_met(found: Met) -> None:
    assert {row.name for row in rows(Errors)} - found.rows == set()


def test_every_endpoint_is_called(found: Met) -> None:
    assert {endpoint.name for endpoint in OKX.endpoints} <= found.endpoints


def test_a_cancel_meets_a_withdrawal_in_every_state(found: Met) -> None:
    assert {state.name for state in OKX.lifecycle.states} <= found.states


def test_every_step_of_a_cancel_is_taken_and_no_other(found: Met) -> None:
    events = ("cancel", "cancel_at_once")
    table = {(state, event) for state, moves in OKX.lifecycle.moves.items() for event in moves if event in events}
    assert {step for step in found.of_cancels if step[1] in events} == table
    assert {event for _, event in found.of_cancels} <= {*events, *(due.event for due in OKX.lifecycle.due.values())}
