"""What the claims about AlphaPoint cover: every place that refuses, every answer, status, step, function and field."""

from __future__ import annotations

import json

import pytest
from met import met

from contracts.cases import load
from contracts.clients.alphapoint import WORDS
from contracts.dialects import alphapoint as dialect
from simulator.exchanges.alphapoint import ALPHAPOINT

LIFECYCLE = ALPHAPOINT.lifecycle

NOT_MET = {
    "auth.token_of_another_ip": "all calls of the suite come from one address",
    "confirm.too_late": "the code is mailed, and no target tells it",
}
"""Conditions that no case can bring about, each with the reason; tests/alphapoint provokes them."""

NOT_CHOSEN = {
    "http.content_type": "the charset is not known, and every client takes either",
    "signature.uppercase_hex": "a case holds the default; the other choice is as unknown",
    "two_factor.guards_create": "cases hold the default with and without two factors",
    "create.first_status": "a case holds the captured one; the others are concluded",
    "create.without_amount": "for ccxt alone: a case holds what is documented",
    "tickets.default_limit": "200 tickets would be needed to see it",
    "reads.lag_ms": "as reads.lag_polls, which a case sets",
}
"""Fields that no case sets, each with the reason."""


def test_every_condition_is_met() -> None:
    assert set(ALPHAPOINT.unknowns.conditions) - met("alphapoint").conditions == set(NOT_MET)


def test_every_row_is_answered() -> None:
    assert set(ALPHAPOINT.unknowns.rows) - met("alphapoint").rows == set()


def test_every_function_is_called() -> None:
    assert {endpoint.name for endpoint in ALPHAPOINT.endpoints} - met("alphapoint").endpoints == set()


def test_a_cancel_comes_in_every_status() -> None:
    assert {state.name for state in LIFECYCLE.states} - met("alphapoint").states == set()


def test_a_cancel_leads_on_from_every_status_that_allows_it() -> None:
    assert {state for state, moves in LIFECYCLE.moves.items() if "cancel" in moves} == met("alphapoint").cancelled_from


def test_every_step_of_the_life_cycle_is_taken() -> None:
    steps = {(state, event) for state, moves in LIFECYCLE.moves.items() for event in moves}
    assert steps - met("alphapoint").steps == set()


@pytest.mark.parametrize("name", sorted(ALPHAPOINT.unknowns.fields))
def test_every_field_is_chosen_by_a_case_or_has_a_reason_not_to_be(name: str) -> None:
    chosen = {field for _, case in load("alphapoint") for field in case.given.account.get("behavior", ())}
    assert (name in chosen) != (name in NOT_CHOSEN)


def test_the_suites_words_are_those_of_the_documentation() -> None:
    assert set(WORDS) == {state.word for state in LIFECYCLE.states}


FRAMES = [
    case
    for _, case in load("alphapoint")
    if "api_secret" in case.given.account and case.when.frames and not case.then.meanwhile
]


@pytest.mark.parametrize("case", FRAMES, ids=[case.id for case in FRAMES])
def test_a_vector_in_a_frame_is_what_the_suites_own_signer_makes_unless_it_hunts_something(case: object) -> None:
    given, (frame,) = case.given.account, case.when.frames  # type: ignore[attr-defined]
    sent = {name: str(value) for name, value in json.loads(json.loads(frame)["o"]).items()}
    assert (dialect.proof(given, sent["Nonce"]) == sent) == (case.hunts is None)  # type: ignore[attr-defined]
