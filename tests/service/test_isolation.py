"""What one account is answered depends on the seed and on its own calls, never on what others do."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulator import Simulator
from simulator.core.clock import ManualClock
from simulator.server.handles import AccountHandle
from simulator.service.listed import exchanges

NAMES = [exchange.name for exchange in exchanges]


@pytest.mark.parametrize("exchange", NAMES)
def test_the_same_seed_and_the_same_calls_give_the_same_bytes_also_between_the_calls_of_others(
    exchange: str, steps: st.SearchStrategy[Any], script: Callable[[Simulator, AccountHandle], Any]
) -> None:
    @settings(max_examples=40)
    @given(own=steps, others=steps, places=st.lists(st.integers(0, 40), max_size=40), seed=st.integers(0, 3))
    def run(own: Any, others: Any, places: list[int], seed: int) -> None:
        alone = Simulator(seed=seed, clock=ManualClock())
        crowded = Simulator(seed=seed, clock=ManualClock())
        quiet = script(alone, alone.exchange(exchange).account("a"))
        noisy = [
            script(crowded, crowded.exchange(name).account("b"))
            for name in (exchange, NAMES[(NAMES.index(exchange) + 1) % 4])
        ]
        watched = script(crowded, crowded.exchange(exchange).account("a"))
        noisy.append(script(crowded, crowded.exchange(exchange).account("c")))
        told, expected = [], []
        between = iter([step for step in others if step[0] != "clock"] * 3)
        for number, step in enumerate(own):
            for _ in range(places.count(number)):
                other = next(between, ("look", 0, 0))
                if is_private(noisy[number % 3], other):
                    noisy[number % 3].step(*other)
            expected.append(quiet.step(*step))
            told.append(watched.step(*step))
        assert told == expected
        assert watched.account.snapshot() == quiet.account.snapshot()

    run()


def is_private(script: Any, step: tuple[Any, ...]) -> bool:
    """False for calls that belong to no account, whose trace ids the exchange as a whole gives."""
    kind, number, choice = step
    return kind != "call" or (
        script.endpoints[number % len(script.endpoints)].permission is not None and choice % 8 < 7
    )
