"""One request is one turn: find the exchange, let it answer, apply the faults, write the journal.

The only lock of the project is here; nothing below this room knows of threads.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace

from simulator.core.accounts import Account
from simulator.core.behavior import Behavior
from simulator.core.book import Change
from simulator.core.clock import Clock, SystemClock
from simulator.core.exchange import Exchange
from simulator.core.faults import Delivery, Fault
from simulator.core.journal import Entry, Journal, Refused, refused
from simulator.core.message import Frame, Reply, Request
from simulator.core.wire import encode
from simulator.core.world import World
from simulator.service import places
from simulator.service.listed import exchange_named, exchanges
from simulator.service.sockets import Breaking, Closing, Deliver, OpenSocket

Listener = Callable[[str, Account | None, Entry], None]
"""Told of every entry as it is written: the exchange's name ("" for no exchange), the account, the entry."""


class Service:
    """The worlds of all exchanges behind one lock."""

    def __init__(self, *, seed: int = 0, clock: Clock | None = None) -> None:
        self.clock = clock or SystemClock()
        self.seed = seed
        self.lock = threading.RLock()
        self.worlds = {
            exchange.name: World(exchange.name, self.clock, seed, exchange.lifecycle, exchange.unknowns.behavior())
            for exchange in exchanges
        }
        self.journal = Journal()
        self.listeners: list[Listener] = []
        self.sockets: list[OpenSocket] = []

    def turn(self, request: Request) -> Delivery:
        """Answer one HTTP request: the reply, and what a fault does to it on its way."""
        with self.lock:
            exchange = _owner(request.path)
            if exchange is None:
                return Delivery(self._nobody(request))
            world = self.worlds[exchange.name]
            self.publish(world)  # what fell due before this turn is not this turn's
            endpoint, key = exchange.endpoint_at(request), exchange.whose(world, request)
            account = key.account if key else None
            fault = _met(account.faults if account else world.faults, endpoint)
            if fault is not None and fault.kind.instead is not None and not fault.acts:
                delivery = fault.kind.instead(fault, _renderer(exchange, world, account, request))
                changes = self._close(world, account, endpoint, request, delivery.reply, (), None, fault)
                self._push(world, changes)
                return delivery
            answer = exchange.answer(world, request)
            owner = answer.key.account if answer.key else None
            refusal = refused(answer.refusal, answer.row)
            changes = self._close(
                world, owner, answer.endpoint, request, answer.reply, (), refusal, fault, answer.unread
            )
            self._push(world, changes)
            if fault is None:
                return Delivery(answer.reply)
            if fault.kind.instead is not None:
                return fault.kind.instead(fault, _renderer(exchange, world, account, request))
            assert fault.kind.after is not None
            return fault.kind.after(fault, answer.reply)

    def has_socket(self, path: str) -> bool:
        """True if an exchange has a WebSocket at this path."""
        exchange = _owner(path)
        return exchange is not None and exchange.sockets is not None and exchange.sockets.paths(path)

    def connect(self, request: Request, deliver: Deliver) -> OpenSocket:
        """A WebSocket that has just been opened at a path that has one; `deliver` takes all that is sent on it."""
        with self.lock:
            exchange = _owner(request.path)
            assert exchange is not None
            assert exchange.sockets is not None
            session = exchange.sockets.open(self.worlds[exchange.name], request)
            socket = OpenSocket(exchange, exchange.sockets, request.target, request.peer, session, deliver)
            self.sockets.append(socket)
            return socket

    def disconnect(self, socket: OpenSocket) -> None:
        """Forget a WebSocket. Nothing is delivered to it any more."""
        with self.lock:
            if socket in self.sockets:
                self.sockets.remove(socket)

    def frame(self, socket: OpenSocket, text: str) -> None:
        """Answer one text frame of an open socket: what comes of it is delivered."""
        with self.lock:
            world = self.worlds[socket.exchange.name]
            self.publish(world)
            frame = socket.frame(text)
            answer = socket.side.receive(world, socket.session, frame)
            socket.session = answer.session
            refusal = refused(answer.refusal, answer.row)
            account = answer.account
            fault = _met(account.faults if account else world.faults, answer.endpoint, on_frames=True)
            changes = self._close(
                world, account, answer.endpoint, frame, None, answer.frames, refusal, fault, answer.unread
            )
            if fault is not None:
                self.disconnect(socket)
                socket.deliver(Breaking())
            else:
                for reply in answer.frames:
                    socket.deliver(reply)
                if answer.close is not None:
                    self._end(socket, answer.close)
            self._push(world, changes)

    def publish(self, world: World) -> None:
        """Tell the open sockets what an operation of ours has changed. Called with the lock held."""
        self._push(world, world.drain())

    def tick(self) -> None:
        """Let fall due what falls due while nobody asks, and end sockets that were silent for too long.

        For doors that have sockets open; without open sockets there is nobody who could notice.
        """
        with self.lock:
            for name in {socket.exchange.name for socket in self.sockets}:
                world = self.worlds[name]
                for account in world.accounts.values():
                    account.catch_up()
                self.publish(world)
            for socket in tuple(self.sockets):
                expired = socket.side.expire and socket.side.expire(self.worlds[socket.exchange.name], socket.session)
                if expired:
                    self._end(socket, expired)

    def _push(self, world: World, changes: tuple[Change, ...]) -> None:
        if not changes:
            return
        for socket in tuple(self.sockets):
            if socket.exchange.name == world.exchange and socket.side.push is not None:
                socket.session, frames = socket.side.push(world, socket.session, changes)
                for frame in frames:
                    socket.deliver(frame)

    def _end(self, socket: OpenSocket, close: tuple[int, str]) -> None:
        self.disconnect(socket)
        socket.deliver(Closing(*close))

    def world(self, exchange: str) -> World:
        """The world of an exchange. Raises NotThere."""
        return self.worlds[exchange_named(exchange).name]

    def _close(
        self,
        world: World,
        account: Account | None,
        endpoint: str,
        request: Request | Frame,
        reply: Reply | None,
        frames: tuple[str, ...],
        refusal: Refused | None,
        fault: Fault | None,
        unread: tuple[str, ...] = (),
    ) -> tuple[Change, ...]:
        """The end of a turn: the changes it made, and its line in the journal."""
        changes = world.drain()
        journal = account.journal if account else world.journal
        entry = Entry(
            number=journal.next_number(),
            at_ms=world.now_ms(),
            endpoint=endpoint,
            request=request,
            reply=reply,
            frames=frames,
            refused=refusal,
            changes=changes,
            fault=fault.kind.name if fault else None,
            unread=unread,
            near_misses=() if endpoint else places.near(request, world.exchange),
        )
        journal.add(entry)
        self._tell(world.exchange, account, entry)
        return changes

    def _nobody(self, request: Request) -> Reply:
        """A path that no exchange and no surface of ours has: answered in our own words."""
        roots = ", ".join(root for exchange in exchanges for root in exchange.roots)
        near = places.near(request)
        nearest = f"; nearest is {near[0]}" if near else ""
        sentence = f"no exchange has the path {request.path!r}; paths begin with {roots} or /_control/{nearest}"
        body = encode({"type": "about:blank", "title": "Not Found", "status": 404, "detail": sentence})
        reply = Reply(404, (("Content-Type", "application/problem+json"),), body)
        entry = Entry(
            number=self.journal.next_number(),
            at_ms=self.clock.now_ns() // 1_000_000,
            endpoint="",
            request=request,
            reply=reply,
            near_misses=near,
        )
        self.journal.add(entry)
        self._tell("", None, entry)
        return reply

    def _tell(self, exchange: str, account: Account | None, entry: Entry) -> None:
        for listener in self.listeners:
            listener(exchange, account, entry)


def _owner(path: str) -> Exchange | None:
    for exchange in exchanges:
        if exchange.owns(path):
            return exchange
    return None


def _renderer(exchange: Exchange, world: World, account: Account | None, request: Request) -> Callable[[str], Reply]:
    """Renders an error row by name as the exchange itself does: whatever it is asked, it refuses, with this row."""

    def render(name: str) -> Reply:
        always = Behavior(exchange.unknowns, dict.fromkeys(exchange.unknowns.conditions, name))
        kept = world.behavior, account.behavior if account else None
        nowhere = replace(request, target=exchange.roots[0] + "nowhere")
        try:
            world.behavior = always
            if account is not None:
                account.behavior = always
            return exchange.answer(world, nowhere).reply
        finally:
            world.behavior = kept[0]
            if account is not None and kept[1] is not None:
                account.behavior = kept[1]

    return render


def _met(faults: list[Fault], endpoint: str, *, on_frames: bool = False) -> Fault | None:
    """The fault that happens to this call of `endpoint`: the first, in the order they were made, whose turn it is."""
    for fault in faults:
        if (fault.kind.on_frames or not on_frames) and fault.meets(endpoint):
            return fault
    return None
