"""Fixtures that every part of the tests uses."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from simulator import Simulator


@pytest.fixture
def simulator() -> Iterator[Simulator]:
    """A running server of its own, on a free port of 127.0.0.1."""
    with Simulator() as running:
        yield running
