"""Nonces that must grow, one state for each key that uses them.

A key with a window accepts what is less than `window` below the highest, duplicates included unless the caller asks
otherwise (a window that refused duplicates would not serve clients whose clock ticks slower than they call).
"""

from __future__ import annotations

seen_at_most = 10_000
"""How many accepted nonces are remembered to tell duplicates; the oldest are forgotten first."""


class Nonces:
    """The highest nonce accepted so far, and the window below it."""

    def __init__(self, window: int = 0) -> None:
        self.window = window
        self.highest = -1
        self._seen: dict[int, None] = {}

    def accepts(self, nonce: int, duplicates: bool = True) -> bool:
        """True if `nonce` would be accepted now; without `duplicates` only once. Does not record it."""
        return nonce > self.highest - self.window and (duplicates or nonce not in self._seen)

    def record(self, nonce: int) -> None:
        """Remember an accepted nonce."""
        self.highest = max(self.highest, nonce)
        if self.window:
            self._seen[nonce] = None
            if len(self._seen) > seen_at_most:
                self._seen.pop(next(iter(self._seen)))
