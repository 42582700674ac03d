"""Nonces that must grow, and the window that a key may be given."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from simulator.core.nonces import Nonces, remembered_max


def test_without_a_window_only_a_greater_nonce_is_accepted() -> None:
    nonces = Nonces()
    assert nonces.accepts(0)
    nonces.record(10)
    assert [nonces.accepts(nonce) for nonce in (9, 10, 11)] == [False, False, True]


def test_within_a_window_duplicates_and_late_ones_are_accepted() -> None:
    nonces = Nonces(window=5)
    nonces.record(10)
    assert [nonces.accepts(nonce) for nonce in (5, 6, 10, 11)] == [False, True, True, True]


def test_duplicates_inside_a_window_can_be_refused() -> None:
    nonces = Nonces(window=5)
    for nonce in (10, 7):
        nonces.record(nonce)
    asked = (5, 6, 7, 8, 10, 11)
    assert [nonces.accepts(nonce, duplicates=False) for nonce in asked] == [False, True, False, True, False, True]
    assert [nonces.accepts(nonce) for nonce in asked] == [False, True, True, True, True, True]


def test_only_so_many_used_nonces_are_remembered_and_the_forgotten_ones_count_as_used() -> None:
    nonces = Nonces(window=10**9)
    for nonce in range(0, 2 * (remembered_max + 1), 2):
        nonces.record(nonce)
    assert not nonces.accepts(1, duplicates=False)
    assert not nonces.accepts(2 * remembered_max, duplicates=False)
    assert nonces.accepts(2 * remembered_max - 1, duplicates=False)


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
