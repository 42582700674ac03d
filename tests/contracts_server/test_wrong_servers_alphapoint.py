"""What the wrong AlphaPoints are made of: their copies of the columns of checks are right."""

from __future__ import annotations

import pytest
from wrong_servers.alphapoint_order import RIGHT_COLUMN, RIGHT_ORDER
from wrong_servers.mutant import Mutant, Patch, blamed_by


@pytest.mark.parametrize("patch", [RIGHT_ORDER, RIGHT_COLUMN], ids=["the gateway's", "the cancel call's"])
def test_a_column_of_checks_in_its_own_order_is_blamed_for_nothing(patch: Patch) -> None:
    assert blamed_by(Mutant("alphapoint", "the right order", "nothing", patch), examples=5) is None
