"""Open WebSockets as the service sees them: a session, and somewhere to send. The doors do the sending.

What goes out of one socket goes out in the order in which the service acted: the answer to a frame before the pushes
that the same turn caused.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from simulator.core.exchange import Exchange, Sockets
from simulator.core.message import Frame


@dataclass(frozen=True, slots=True)
class Closing:
    """The exchange ends the socket with a close code and a reason."""

    code: int
    reason: str


@dataclass(frozen=True, slots=True)
class Breaking:
    """A fault breaks the connection without another byte."""


Outgoing = str | Closing | Breaking
Deliver = Callable[[Outgoing], None]
"""Takes what is to be sent, in order. Called with the service's lock held, from any thread: it must not wait."""


@dataclass(slots=True, eq=False)
class OpenSocket:
    """One open WebSocket. `session` is the exchange's own value, replaced by every frame and every push.

    Once it is not `is_open` any more it has no session, so that a client that stays keeps nothing alive here.
    """

    exchange: Exchange
    side: Sockets
    target: str
    peer: str
    session: Any
    deliver: Deliver
    is_open: bool = True

    def frame(self, text: str) -> Frame:
        return Frame(text, self.target, self.peer)
