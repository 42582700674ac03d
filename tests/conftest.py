"""Fixtures that every part of the tests uses."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings

from simulator import Simulator
from simulator.core.journal import Entry

# No timed assertions: a loaded machine is no defect. A failing run prints how to repeat it.
settings.register_profile("project", deadline=None, print_blob=True, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("project")


SDK_TESTS = re.compile(r"test_\w+_(sdks_funding|sdks_sockets|npm|node|notbank)|test_(bybit|okx|kraken)_sdks")
"""Files in which unmodified SDKs alone ask: what they send as a matter of course must not be told as unread."""


@pytest.fixture
def simulator(request: pytest.FixtureRequest) -> Iterator[Simulator]:
    """A running server of its own, on a free port of 127.0.0.1."""
    unread: list[tuple[str, tuple[str, ...]]] = []

    def listen(exchange: str, account: object, entry: Entry) -> None:
        if entry.unread:
            unread.append((f"{exchange} {entry.endpoint}", entry.unread))

    with Simulator() as running:
        running.service.listeners.append(listen)
        yield running
    if SDK_TESTS.match(request.path.name):
        assert unread == []
