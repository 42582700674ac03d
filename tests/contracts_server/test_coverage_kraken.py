"""What the claims about Kraken cover: every place that refuses, every text, every state, every step, every field."""

from __future__ import annotations

import pytest
from met import met

from contracts.cases import load
from simulator.exchanges.kraken import KRAKEN

LIFECYCLE = KRAKEN.lifecycle

NOT_CHOSEN = {
    "lockout.seconds": "documented as about 15 minutes, which is the default",
    "otp.steps": "cases hold the default of one step; other numbers are as unknown",
    "system.status": "changes SystemStatus alone, whose words are documented",
    "list.limit": "500 rows would be needed to see it",
    "list.days": "cases hold the default of 90 days",
    "list.shows_wallet_transfers": "a case holds the default; the other choice is an empty list",
    "methods.ids_and_fee": "rows of the newer model are no part of cancelling",
    "balance.extended_as": "a disputed case shows the other choice",
    "key_info.case": "a disputed case shows the other choice",
}
"""Fields that no case sets, each with the reason."""


def test_every_condition_is_met() -> None:
    assert set(KRAKEN.unknowns.conditions) - met("kraken").conditions == set()


def test_every_row_is_answered() -> None:
    assert set(KRAKEN.unknowns.rows) - met("kraken").rows == set()


def test_every_endpoint_is_called() -> None:
    assert {endpoint.name for endpoint in KRAKEN.endpoints} - met("kraken").endpoints == set()


def test_a_cancel_comes_in_every_state() -> None:
    assert {state.name for state in LIFECYCLE.states} - met("kraken").states == set()


def test_a_cancel_leads_on_from_every_state_that_allows_it() -> None:
    assert {state for state, moves in LIFECYCLE.moves.items() if "cancel" in moves} == met("kraken").cancelled_from


def test_every_step_of_the_life_cycle_is_taken() -> None:
    steps = {(state, event) for state, moves in LIFECYCLE.moves.items() for event in moves}
    assert steps - met("kraken").steps == set()


@pytest.mark.parametrize("name", sorted(KRAKEN.unknowns.fields))
def test_every_field_is_chosen_by_a_case_or_has_a_reason_not_to_be(name: str) -> None:
    chosen = {field for _, case in load("kraken") for field in case.given.account.get("behavior", ())}
    assert (name in chosen) != (name in NOT_CHOSEN)
