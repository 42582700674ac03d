"""Nonces that must grow, one state for each key that uses them.

A key with a window accepts what is less than `window` below the highest, duplicates included (DESIGN, settled: a window
that refused duplicates would not serve clients whose clock ticks slower than they call).
"""

from __future__ import annotations


class Nonces:
    """The highest nonce accepted so far, and the window below it."""

    def __init__(self, window: int = 0) -> None:
        self.window = window
        self.highest = -1

    def accepts(self, nonce: int) -> bool:
        """True if `nonce` would be accepted now. Does not record it."""
        return nonce > self.highest - self.window

    def record(self, nonce: int) -> None:
        """Remember an accepted nonce."""
        self.highest = max(self.highest, nonce)
