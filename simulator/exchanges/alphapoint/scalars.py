"""AlphaPoint's dates: ISO text in UTC with milliseconds, and ticks of 100 ns since the year 1.

Facts: captured tickets of APEX 4.3; the ISO form is the tick value cut off, not rounded. Pure functions.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

_EPOCH_TICKS = 621_355_968_000_000_000
_LAST_TICK = 3_155_378_975_999_999_999
"""The end of the year 9999, where .NET's dates end; an account that was led further stays there."""

NO_DATE = "0001-01-01T00:00:00.000Z"


def ticks(time_ms: int) -> int:
    """Ticks of a time in ms since 1970."""
    return min(time_ms * 10_000 + _EPOCH_TICKS, _LAST_TICK)


def iso(tick: int) -> str:
    """`2023-03-23T12:48:31.067Z`."""
    moment = datetime(1, 1, 1, tzinfo=UTC) + timedelta(microseconds=tick // 10)
    return moment.replace(tzinfo=None).isoformat(timespec="milliseconds") + "Z"
