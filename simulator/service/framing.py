"""One frame of a WebSocket is one turn, as one request is: plans, fault, answer, pushes, journal, in this order.

Called with the service's lock held, while the server's clock is the one that the frame's account sees.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulator.core.faults import Fault
from simulator.core.message import Frame
from simulator.core.world import World
from simulator.service import sockets
from simulator.service.meeting import during, met, refused_by
from simulator.service.sockets import OpenSocket

if TYPE_CHECKING:
    from simulator.service.turns import Service


def answer(service: Service, world: World, socket: OpenSocket, endpoint: str, frame: Frame) -> None:
    """Answer a frame that asks for `endpoint`: what comes of it is delivered."""
    account, side = socket.account, socket.side
    fault = met(account.faults if account else world.faults, endpoint, "frame", renders=side.refuse is not None)
    if fault is not None and fault.does.instead is not None and not fault.acts:
        frames = _instead(service, world, socket, frame, fault)
        service.write(world, account, endpoint, frame, frames=frames, fault=fault, changes=service.publish(world))
        return
    session = socket.session  # a push of what happens just before may break the socket; the frame has arrived
    changes = service.before(world, account, endpoint)
    with during(fault, account):
        answered = side.receive(world, session, frame)
    if socket.is_open:
        socket.session = answered.session
    sent: tuple[str, ...] | None = None
    if fault is not None and fault.does.instead is not None:
        sent = _instead(service, world, socket, frame, fault)
    elif fault is not None and fault.does.after is not None:
        sockets.break_off(service.sockets, socket)
    else:
        for reply in answered.frames:
            socket.deliver(reply)
        if answered.close is not None:
            sockets.end(service.sockets, socket, answered.close)
    changes += service.publish(world)
    looked = answered.refusal is None and socket.exchange.shows(endpoint)
    changes += service.after(world, account, endpoint, answered.account if looked else None)
    service.write(
        world,
        answered.account,
        answered.endpoint,
        frame,
        frames=answered.frames,
        refused=refused_by(answered.refusal, answered.row),
        fault=fault,
        changes=changes,
        unread=answered.unread,
        sent=sent or None,
    )


def _instead(service: Service, world: World, socket: OpenSocket, frame: Frame, fault: Fault) -> tuple[str, ...]:
    """What a fault sends instead of an answer: an error row, or nothing any more."""
    if not fault.row:
        sockets.break_off(service.sockets, socket)
        return ()
    assert socket.side.refuse is not None
    frames = socket.side.refuse(world, socket.session, frame, socket.exchange.unknowns.rows[fault.row])
    for one in frames:
        socket.deliver(one)
    return frames
