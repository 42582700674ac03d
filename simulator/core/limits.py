"""Rate limits as small counters, told the time by their caller. Whose counter it is (an account's, a key's) is the
exchange's business; which of the three kinds an exchange has is one of its facts.

A clock that is set back keeps no counter shut: what was counted then counts as just counted.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from typing import Protocol

_lost = 1e-9
"""More than floating-point numbers lose on the way: who waits as long as told is let through."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a counter said: allowed or not, calls left, and how long until one more call is allowed (0 if now)."""

    allowed: bool
    remaining: int
    wait_ms: int


class Counter(Protocol):
    """One caller's use of one limit."""

    def take(self, now_ms: int) -> Verdict:
        """Count a call at `now_ms`."""
        ...


def set_back(calls: deque[int], now_ms: int) -> None:
    """Where the clock of `calls`, oldest first, was set back, they go back with it: the newest one is just now."""
    if calls and calls[-1] > now_ms:
        back_ms = calls[-1] - now_ms
        for place, at_ms in enumerate(calls):
            calls[place] = at_ms - back_ms


@dataclass(slots=True)
class FixedWindow:
    """At most `limit` calls in each window of `window_ms`, windows aligned with the clock."""

    limit: int
    window_ms: int
    _window: int = -1
    _used: int = 0

    def take(self, now_ms: int) -> Verdict:
        window = now_ms // self.window_ms
        if window != self._window:
            self._window, self._used = window, 0
        if self._used >= self.limit:
            return Verdict(False, 0, (window + 1) * self.window_ms - now_ms)
        self._used += 1
        return Verdict(True, self.limit - self._used, 0)


@dataclass(slots=True)
class SlidingWindow:
    """At most `limit` calls in any span of `window_ms`. A refused call counts only when `counts_refused` is set: the
    window then stays shut while somebody goes on asking.
    """

    limit: int
    window_ms: int
    counts_refused: bool = False
    _calls: deque[int] = field(default_factory=deque)

    def take(self, now_ms: int) -> Verdict:
        set_back(self._calls, now_ms)
        while self._calls and self._calls[0] <= now_ms - self.window_ms:
            self._calls.popleft()
        if len(self._calls) >= self.limit:
            if self.counts_refused:
                self._calls.popleft()
                self._calls.append(now_ms)
            return Verdict(False, 0, self._calls[0] + self.window_ms - now_ms)
        self._calls.append(now_ms)
        return Verdict(True, self.limit - len(self._calls), 0)


@dataclass(slots=True)
class DecayingCounter:
    """A counter that grows by `cost` for each call and melts by `decay_per_s`; a call that would pass `limit` is
    refused. A call may have a cost of its own.

    A refused call counts too when `counts_refused` is set, but the counter never grows above `limit + cost`.
    """

    limit: float
    decay_per_s: float
    cost: float = 1.0
    counts_refused: bool = True
    _level: float = 0.0
    _at_ms: int = 0

    def take(self, now_ms: int, cost: float | None = None) -> Verdict:
        cost = self.cost if cost is None else cost
        self._level = max(0.0, self._level - max(0, now_ms - self._at_ms) / 1000 * self.decay_per_s)
        self._at_ms = now_ms
        after = self._level + cost
        allowed = after <= self.limit + _lost
        if allowed or self.counts_refused:
            self._level = min(after, self.limit + cost)
        wait_ms = 0 if allowed else int((self._level + cost - self.limit) / self.decay_per_s * 1000) + 1
        return Verdict(allowed, max(0, int(self.limit - self._level)), wait_ms)
