"""The suite blames every wrong server, by name, and the right one for nothing."""

from __future__ import annotations

import pytest
from wrong_servers.mutant import Mutant, difference, is_a_dead_one
from wrong_servers.table import MUTANTS, TABLE, beginning

from contracts.clients import CLIENTS
from contracts.runner import hold_machine
from contracts.targets.in_process import InProcess

ROWS = [line for line in TABLE.read_text(encoding="utf-8").splitlines() if line.startswith("| ")]


@pytest.mark.parametrize("mutant", MUTANTS, ids=[f"{mutant.exchange}-{mutant.name}" for mutant in MUTANTS])
def test_a_wrong_server_is_blamed_as_the_table_says(mutant: Mutant) -> None:
    """That the claim is the first that fails is the generator's business: it takes a hundred times as long.

    A server that merely breaks down is found by any claim, and shows nothing of what the suite looks at.
    """
    (blamed,) = [line[len(beginning(mutant)) : -2] for line in ROWS if line.startswith(beginning(mutant))]
    told = difference(mutant, blamed)
    assert told
    assert not is_a_dead_one(told), told


def test_the_table_has_no_other_rows() -> None:
    assert len(ROWS) == len(MUTANTS) + 1
    assert len({(mutant.exchange, mutant.name) for mutant in MUTANTS}) == len(MUTANTS)


@pytest.mark.parametrize("exchange", sorted(CLIENTS))
def test_the_right_server_is_blamed_for_nothing_by_the_machine(exchange: str) -> None:
    outcome = hold_machine(exchange, InProcess(), examples=60)  # type: ignore[arg-type]
    assert outcome.status == "held", outcome.difference
