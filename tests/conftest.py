"""Fixtures that every part of the tests uses."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings

from simulator import Simulator

# No timed assertions: a loaded machine is no defect. A failing run prints how to repeat it.
settings.register_profile("project", deadline=None, print_blob=True, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("project")


@pytest.fixture
def simulator() -> Iterator[Simulator]:
    """A running server of its own, on a free port of 127.0.0.1."""
    with Simulator() as running:
        yield running
