"""Nonces that must grow, and the window that a key may be given."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from simulator.core.nonces import Nonces, seen_at_most


def test_without_a_window_only_a_greater_nonce_is_accepted() -> None:
    nonces = Nonces()
    assert nonces.accepts(0)
    nonces.record(10)
    assert [nonces.accepts(nonce) for nonce in (9, 10, 11)] == [False, False, True]


def test_within_a_window_duplicates_and_late_ones_are_accepted() -> None:
    nonces = Nonces(window=5)
    nonces.record(10)
    assert [nonces.accepts(nonce) for nonce in (5, 6, 10, 11)] == [False, True, True, True]


def test_asking_records_nothing() -> None:
    nonces = Nonces()
    assert nonces.accepts(7)
    assert nonces.accepts(7)


def test_a_late_nonce_does_not_lower_the_highest() -> None:
    nonces = Nonces(window=5)
    nonces.record(10)
    nonces.record(7)
    assert nonces.highest == 10


@given(st.integers(0, 2**64), st.lists(st.integers(0, 2**80)))
def test_what_is_a_window_below_the_highest_is_refused(window: int, asked: list[int]) -> None:
    nonces = Nonces(window)
    highest = -1
    for nonce in asked:
        accepted = nonces.accepts(nonce)
        assert accepted == (highest - nonce < window or nonce > highest)
        if accepted:
            nonces.record(nonce)
            highest = max(highest, nonce)


def test_duplicates_within_a_window_may_be_refused() -> None:
    nonces = Nonces(window=5)
    for nonce in (10, 8):
        nonces.record(nonce)
    assert [nonces.accepts(nonce, duplicates=False) for nonce in (5, 8, 9, 10, 11)] == [False, False, True, False, True]


def test_the_nonces_that_are_remembered_are_bounded() -> None:
    nonces = Nonces(window=10**9)
    for nonce in range(seen_at_most + 1):
        nonces.record(nonce)
    assert [nonces.accepts(nonce, duplicates=False) for nonce in (0, 1, seen_at_most)] == [True, False, False]
