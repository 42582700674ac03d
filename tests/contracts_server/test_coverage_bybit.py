"""Bybit's cases meet every condition, every error row, every endpoint, and every state and transition of its cancel."""

from __future__ import annotations

from met import met

from simulator.core.rows import conditions, rows
from simulator.exchanges.bybit.behavior import Conditions
from simulator.exchanges.bybit.endpoints import ENDPOINTS
from simulator.exchanges.bybit.errors import Errors
from simulator.exchanges.bybit.lifecycle import MOVES, STATES

ONLY_IN_PROCESS = "over a socket a method in lower case is a 400 of the HTTP library, in its own words"
NOT_MET = {"edge.method_not_upper_case": ONLY_IN_PROCESS}
"""Conditions that no case meets, each with its reason; tests/bybit meet them."""

ROWS_NOT_MET = {"METHOD_NOT_UPPER_CASE": ONLY_IN_PROCESS}


def test_every_condition_answers_in_a_case() -> None:
    missing = {condition.name for condition in conditions(Conditions)} - met("bybit").conditions
    assert missing == NOT_MET.keys()


def test_every_error_row_answers_in_a_case() -> None:
    missing = {row.name for row in rows(Errors)} - met("bybit").rows
    assert missing == ROWS_NOT_MET.keys()


def test_every_endpoint_is_called_in_a_case() -> None:
    assert {endpoint.name for endpoint in ENDPOINTS} <= met("bybit").endpoints


def test_a_cancel_meets_every_state() -> None:
    assert {state.name for state in STATES} == met("bybit").states


def test_every_transition_of_the_cancel_is_taken() -> None:
    assert {state for state, moves in MOVES.items() if "cancel" in moves} == met("bybit").cancelled_from
