"""Rate limits as counters that are told the time."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from simulator.core.exchange import Limit
from simulator.core.limits import DecayingCounter, FixedWindow, SlidingWindow, Verdict

TIMES = st.lists(st.integers(0, 300), max_size=60).map(sorted)


def test_a_fixed_window_begins_anew_at_its_edge() -> None:
    window = FixedWindow(2, 1000)
    assert window.take(5900) == Verdict(True, 1, 0)
    assert window.take(5950) == Verdict(True, 0, 0)
    assert window.take(5990) == Verdict(False, 0, 10)
    assert window.take(6000) == Verdict(True, 1, 0)


def test_a_sliding_window_frees_a_call_when_the_oldest_has_left_it() -> None:
    window = SlidingWindow(2, 1000)
    assert window.take(5900) == Verdict(True, 1, 0)
    assert window.take(6100) == Verdict(True, 0, 0)
    assert window.take(6200) == Verdict(False, 0, 700)
    assert window.take(6899) == Verdict(False, 0, 1)
    assert window.take(6900) == Verdict(True, 0, 0)


def test_a_clock_that_is_set_back_keeps_a_sliding_window_shut_for_its_length_at_most() -> None:
    window = SlidingWindow(2, 1000)
    assert [window.take(5_000_000).allowed, window.take(5_000_400).allowed] == [True, True]
    assert window.take(1_000_000) == Verdict(False, 0, 600)
    assert window.take(1_000_600) == Verdict(True, 0, 0)


def test_a_clock_that_is_set_back_does_not_stop_a_counter_from_melting() -> None:
    counter = DecayingCounter(limit=2, decay_per_s=1, counts_refused=False)
    assert [counter.take(5_000_000).allowed for _ in range(3)] == [True, True, False]
    assert not counter.take(1_000_000).allowed
    assert counter.take(1_001_000).allowed


def test_a_decaying_counter_melts_with_time() -> None:
    counter = DecayingCounter(limit=2, decay_per_s=1)
    assert [counter.take(0).allowed for _ in range(3)] == [True, True, False]
    assert not counter.take(1000).allowed  # the refused calls count
    assert counter.take(4000).allowed


def test_a_decaying_counter_may_forgive_what_it_refused() -> None:
    counter = DecayingCounter(limit=2, decay_per_s=1, counts_refused=False)
    assert [counter.take(0).allowed for _ in range(5)] == [True, True, False, False, False]
    assert counter.take(1000).allowed


def test_a_decaying_counter_is_bounded_however_often_it_is_asked() -> None:
    counter = DecayingCounter(limit=2, decay_per_s=1, cost=1)
    for _ in range(1000):
        refused = counter.take(0)
    assert refused == Verdict(False, 0, 2001)


@given(TIMES, st.integers(1, 5), st.integers(1, 50))
def test_no_span_of_a_sliding_window_holds_more_than_its_limit(times: list[int], limit: int, window_ms: int) -> None:
    window = SlidingWindow(limit, window_ms)
    allowed = [now_ms for now_ms in times if window.take(now_ms).allowed]
    for start in allowed:
        assert sum(start <= now_ms < start + window_ms for now_ms in allowed) <= limit


@given(TIMES, st.integers(1, 5), st.integers(1, 50))
def test_no_aligned_window_holds_more_than_its_limit(times: list[int], limit: int, window_ms: int) -> None:
    window = FixedWindow(limit, window_ms)
    allowed = [now_ms // window_ms for now_ms in times if window.take(now_ms).allowed]
    assert all(allowed.count(number) <= limit for number in allowed)


@example([0, 17], "decaying", 1, 38)
@given(TIMES, st.sampled_from(["fixed", "sliding", "decaying", "forgiving"]), st.integers(1, 4), st.integers(1, 40))
def test_who_waits_as_long_as_told_is_let_through(times: list[int], kind: str, limit: int, window_ms: int) -> None:
    counter = {
        "fixed": FixedWindow(limit, window_ms),
        "sliding": SlidingWindow(limit, window_ms),
        "decaying": DecayingCounter(limit, decay_per_s=1000 / window_ms),
        "forgiving": DecayingCounter(limit, decay_per_s=1000 / window_ms, counts_refused=False),
    }[kind]
    verdict = Verdict(True, 0, 0)
    for now_ms in times:
        verdict = counter.take(now_ms)
        assert verdict.allowed == (verdict.wait_ms == 0)
        assert 0 <= verdict.remaining <= limit
    if not verdict.allowed:
        assert verdict.wait_ms > 0
        assert counter.take(times[-1] + verdict.wait_ms).allowed


@given(st.lists(st.integers(-1000, 1000), max_size=30), st.sampled_from(["fixed", "sliding"]))
def test_a_clock_that_jumps_about_breaks_nothing(times: list[int], kind: str) -> None:
    counter = FixedWindow(2, 100) if kind == "fixed" else SlidingWindow(2, 100)
    for now_ms in times:
        verdict = counter.take(now_ms)
        assert verdict.allowed or verdict.wait_ms > 0


@pytest.mark.parametrize(("kind", "made"), [("fixed", FixedWindow), ("sliding", SlidingWindow)])
def test_a_documented_limit_makes_its_kind_of_counter(kind: str, made: type) -> None:
    counter = Limit(60, 60_000, kind, "doc").counter()  # type: ignore[arg-type]
    assert isinstance(counter, made)
    assert counter.take(0) == Verdict(True, 59, 0)


def test_a_sliding_window_can_count_refused_calls_and_stays_shut_while_somebody_goes_on_asking() -> None:
    window = SlidingWindow(2, 1000, counts_refused=True)
    assert [window.take(at).allowed for at in (0, 0, 900, 1800)] == [True, True, False, True]
    assert window.take(1850) == Verdict(False, 0, 950)
    assert window.take(2700).allowed is False
    assert window.take(3800).allowed is True


def test_a_call_may_cost_more_than_another() -> None:
    counter = DecayingCounter(limit=5, decay_per_s=1)
    assert counter.take(0, cost=2) == Verdict(True, 3, 0)
    assert counter.take(0, cost=2) == Verdict(True, 1, 0)
    assert counter.take(0, cost=2) == Verdict(False, 0, 3001)
    assert counter.take(2000) == Verdict(True, 0, 0)
