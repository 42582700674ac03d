"""OKX's WebSocket session: what is remembered of one open socket, and nothing of what it means."""

from __future__ import annotations

from dataclasses import dataclass

from simulator.core.accounts import Key


@dataclass(frozen=True, slots=True)
class Channel:
    """One subscription; `ccy` is "" for all currencies."""

    name: str
    ccy: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Socket:
    """The session of a WebSocket. Times are those of the clock that no skew moves: when it was opened, when something
    was last heard or pushed, and when it was told of a service upgrade (None: not yet).
    """

    path: str
    connection: str
    opened_ms: int
    active_ms: int
    told_ms: int | None = None
    key: Key | None = None
    channels: tuple[Channel, ...] = ()
