"""Open WebSockets as the service sees them: a session, and somewhere to send. The doors do the sending.

What goes out of one socket goes out in the order in which the service acted: the answer to a frame before the pushes
that the same turn caused.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from simulator.core.accounts import Account
from simulator.core.book import Change
from simulator.core.exchange import Exchange, Sockets
from simulator.core.faults import Fault
from simulator.core.message import Frame
from simulator.core.world import World
from simulator.service.meeting import met


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

    `account` is whom its last frame concerned: whose faults its pushes meet, and whose clock it goes by.
    Once it is not `is_open` any more it has no session, so that a client that stays keeps nothing alive here.
    """

    exchange: Exchange
    side: Sockets
    target: str
    peer: str
    session: Any
    deliver: Deliver
    account: Account | None = None
    is_open: bool = True

    def frame(self, text: str) -> Frame:
        return Frame(text, self.target, self.peer)


Lose = Callable[[World, OpenSocket, str, Fault], None]
"""Is told of a pushed frame that a fault keeps from its client."""


def forget(sockets: list[OpenSocket], socket: OpenSocket) -> None:
    """Nothing is delivered to this socket any more, and its frames are not heard."""
    if socket.is_open:
        sockets.remove(socket)
        socket.is_open, socket.session, socket.account = False, None, None


def leave(sockets: list[OpenSocket], account: Account) -> None:
    """An account was deleted; its sockets, as far as they stay open, are nobody's."""
    for socket in sockets:
        if socket.account is account:
            socket.account = None


def end(sockets: list[OpenSocket], socket: OpenSocket, close: tuple[int, str]) -> None:
    """The exchange ends a socket: close code and reason."""
    forget(sockets, socket)
    socket.deliver(Closing(*close))


def break_off(sockets: list[OpenSocket], socket: OpenSocket) -> None:
    """A fault breaks a socket."""
    forget(sockets, socket)
    socket.deliver(Breaking())


def push(sockets: list[OpenSocket], world: World, changes: tuple[Change, ...], lose: Lose) -> None:
    """Tell the open sockets of a world what has changed, as far as faults let it through; `lose` hears of the rest."""
    for socket in tuple(sockets) if changes else ():
        if socket.exchange.name == world.exchange and socket.side.push is not None:
            with world.seen_by(socket.account):
                socket.session, frames = socket.side.push(world, socket.session, changes)
            for frame in frames:
                fault = met(socket.account.faults, "", "push") if socket.account else None
                if fault is None:
                    socket.deliver(frame)
                    continue
                lose(world, socket, frame, fault)
                if fault.does.breaks:
                    break_off(sockets, socket)
                    break


def expire(sockets: list[OpenSocket], worlds: Mapping[str, World]) -> None:
    """End the sockets that were silent for too long, each by the clock that it goes by."""
    for socket in tuple(sockets):
        world = worlds[socket.exchange.name]
        with world.seen_by(socket.account):
            expired = socket.side.expire and socket.side.expire(world, socket.session)
        if expired:
            end(sockets, socket, expired)
