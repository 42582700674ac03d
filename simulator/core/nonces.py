"""Nonces that must grow, one state for each key that uses them.

A key with a window also accepts what is less than `window` below the highest. Whether a nonce that was used before may
come again inside the window is for the caller to say; outside of it never.
"""

from __future__ import annotations

from dataclasses import dataclass, field

remembered_max = 10_000
"""How many used nonces are remembered; of more, the lowest count as used."""


@dataclass(slots=True)
class Nonces:
    """The highest nonce accepted so far, the window below it, and what was used inside it."""

    window: int = 0
    highest: int = -1
    _used: set[int] = field(default_factory=set)
    _floor: int = -1

    def accepts(self, nonce: int, *, duplicates: bool = True) -> bool:
        """True if `nonce` would be accepted now. Does not record it."""
        if nonce <= self.highest - self.window:
            return False
        return duplicates or (nonce > self._floor and nonce not in self._used)

    def record(self, nonce: int) -> None:
        """Remember an accepted nonce."""
        self.highest = max(self.highest, nonce)
        if not self.window:
            return
        self._used.add(nonce)
        if len(self._used) > remembered_max:
            kept = sorted(self._used)[remembered_max // 2 :]
            self._floor = kept[0] - 1
            self._used = set(kept)
