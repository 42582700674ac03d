"""The wrong AlphaPoints are wrong and do not die of it, and their copies of the columns of checks are right."""

from __future__ import annotations

import pytest
from wrong_servers.alphapoint_order import RIGHT_COLUMN, RIGHT_ORDER
from wrong_servers.mutant import Mutant, Patch, blamed_by, claims
from wrong_servers.table import MUTANTS, TABLE, beginning

from contracts.runner import hold
from contracts.targets.in_process import InProcess


@pytest.mark.parametrize("patch", [RIGHT_ORDER, RIGHT_COLUMN], ids=["the gateway's", "the cancel call's"])
def test_a_column_of_checks_in_its_own_order_is_blamed_for_nothing(patch: Patch) -> None:
    assert blamed_by(Mutant("alphapoint", "the right order", "nothing", patch), examples=5) is None


def test_none_is_blamed_because_its_patch_does_not_fit_the_emulator_any_more() -> None:
    rows, cases = TABLE.read_text(encoding="utf-8").splitlines(), {case.id: case for case in claims("alphapoint")}
    dead = []
    for mutant in MUTANTS:
        if mutant.exchange == "alphapoint":
            (claim,) = [line[len(beginning(mutant)) : -2] for line in rows if line.startswith(beginning(mutant))]
            if claim not in cases:
                continue  # the machine's: what it finds is no answer of a server that died
            with pytest.MonkeyPatch.context() as patch:
                mutant.patch(patch)
                told = hold("alphapoint", cases[claim], InProcess()).difference
            dead += [(mutant.name, told)] if "the simulator died" in told else []
    assert dead == []
