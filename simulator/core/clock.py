"""The server clock: the only place of the project that reads the time of the machine.

Times are whole milliseconds since 1970 in UTC unless a name says otherwise. Whom a request names decides how far the
server's clock is off. The second time, *account time*, is that clock plus an account's lead and lives with the account.
"""

from __future__ import annotations

import time
from typing import Protocol

from simulator.core.misuse import Misuse, shown

latest_ms = 221_845_392_000_000
"""The year 9000; with an account's lead it stays within the years that can be written."""


class Clock(Protocol):
    """Where now comes from."""

    def now_ns(self) -> int:
        """Nanoseconds since 1970 in UTC."""
        ...


class SystemClock:
    """The machine's clock."""

    def now_ns(self) -> int:
        return time.time_ns()


class SkewedClock:
    """Another clock plus a skew, in whole milliseconds, that may be set at any time: what a server takes for now."""

    def __init__(self, base: Clock, skew_ms: int = 0) -> None:
        self.base = base
        self.skew_ms = skew_ms

    def now_ns(self) -> int:
        return self.base.now_ns() + self.skew_ms * 1_000_000


class ManualClock:
    """A clock that stands still until told otherwise; for runs in process, since SDKs sign with the real time.

    `now_ms` is in milliseconds since 1970 and may be set. Raises Misuse for a beginning that has no date, such as one
    in nanoseconds.
    """

    def __init__(self, now_ms: int = 1_700_000_000_000) -> None:
        if not -latest_ms <= now_ms <= latest_ms:
            raise Misuse(f"now_ms {shown(now_ms)} has no date; it must be milliseconds since 1970, as 1700000000000 is")
        self.now_ms = now_ms

    def now_ns(self) -> int:
        """Nanoseconds since 1970 in UTC."""
        return self.now_ms * 1_000_000

    def advance(self, ms: int) -> None:
        """Let `ms` milliseconds pass; a negative number sets the clock back."""
        self.now_ms += ms
