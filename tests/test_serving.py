"""How `serve` is told to end: whenever the signal comes, and wherever its thread is then."""

from __future__ import annotations

import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

import pytest

from simulator import Misuse, serving

NUMBERS = [signal.SIGINT, signal.SIGTERM, signal.SIGHUP]


@pytest.fixture(params=NUMBERS)
def number(request: pytest.FixtureRequest) -> Iterator[signal.Signals]:
    """A signal that ends nothing where nobody waits for it."""
    number: signal.Signals = request.param
    before = signal.signal(number, lambda *_: None)
    yield number
    signal.signal(number, before)


@contextmanager
def interrupted(number: signal.Signals, line: int) -> Iterator[None]:
    """The signal comes before the `line`-th line of Python that runs in this thread."""
    left, before = line, sys.gettrace()

    def trace(frame: FrameType, event: str, _: object) -> Any:
        nonlocal left
        if event == "line":
            left -= 1
            if left == 0:
                signal.raise_signal(number)
        return trace

    sys.settrace(trace)
    try:
        yield
    finally:
        sys.settrace(before)


@pytest.mark.parametrize("line", range(1, 13))
def test_a_signal_ends_the_wait_at_whichever_line_it_comes(number: signal.Signals, line: int) -> None:
    """A lock that the waiting thread holds would never be free for the handler, which runs in that very thread."""
    with serving._told_to_end() as ended:
        signal.raise_signal(number)  # so that the wait ends in any case
        with interrupted(number, line):
            serving._wait(ended)


def test_a_signal_before_the_wait_begins_is_not_lost(number: signal.Signals) -> None:
    with serving._told_to_end() as ended:
        signal.raise_signal(number)
        signal.raise_signal(number)
        serving._wait(ended)


def test_what_was_done_about_a_signal_before_is_done_again_afterwards(number: signal.Signals) -> None:
    before = signal.getsignal(number)
    with serving._told_to_end():
        assert signal.getsignal(number) is not before
    assert signal.getsignal(number) is before


def test_when_a_command_has_ended_well_a_signal_changes_nothing_any_more(number: signal.Signals) -> None:
    before = {one: signal.getsignal(one) for one in NUMBERS}
    try:
        with serving._told_to_end(for_good=True):
            pass
        assert signal.getsignal(number) == signal.SIG_IGN
    finally:
        for one, handler in before.items():
            signal.signal(one, handler)


def test_a_command_that_fails_leaves_signals_as_they_were(number: signal.Signals) -> None:
    before = signal.getsignal(number)
    with pytest.raises(Misuse), serving._told_to_end(for_good=True):
        raise Misuse("the port is taken")
    assert signal.getsignal(number) == before
