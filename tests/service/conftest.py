"""A bench with one account of any exchange, in process, and a client that cancels and looks."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

import pytest

from contracts.demo import PLAYS
from contracts.runner import DIALECTS
from contracts.wire import HttpCall
from simulator import Reply, Request, Simulator
from simulator.core.clock import ManualClock

NOW_MS = 1_700_000_000_000
PLAY = {play.exchange: play for play in PLAYS}
NONCES = itertools.count(1_800_000_000_000_000)


class Desk:
    """An account with a pending withdrawal of 10 USDT on a server whose clock stands still."""

    def __init__(self, name: str, seed: int = 0, **options: Any) -> None:
        self.name = name
        self.clock = ManualClock(NOW_MS)
        self.simulator = Simulator(clock=self.clock, seed=seed)
        self.account = self.simulator.exchange(name).account(**options)
        self.withdrawal = self.account.withdrawal("USDT", "10")

    def send(self, call: HttpCall, sent_ms: int | None = None) -> Reply:
        """A signed call; the client's clock is the one that stands still, unless told otherwise."""
        now_ms = self.clock.now_ms if sent_ms is None else sent_ms
        signed = DIALECTS[self.name].signed(call, self.account.credentials, now_ms)
        return self.simulator.answer(Request(signed.method, signed.target, signed.headers, signed.body))

    def cancel(self, sent_ms: int | None = None) -> Reply:
        call = PLAY[self.name].cancel(self.withdrawal.id, self.account.credentials, str(next(NONCES)))
        return self.send(call, sent_ms)

    def look(self) -> bytes:
        """What the list of withdrawals shows."""
        call = PLAY[self.name].outcome(self.withdrawal.id, self.account.credentials, str(next(NONCES)))
        return self.send(call).body

    @property
    def states(self) -> list[str]:
        return [step.state for step in self.withdrawal.history]


@pytest.fixture
def desk_of() -> Callable[..., Desk]:
    """A desk on the exchange of that name; options are its account's."""
    return Desk
