"""One request is one turn: find the exchange, let it answer, apply the faults, write the journal.

The only lock of the project is here; nothing below this room knows of threads.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import lru_cache

from simulator.core.accounts import Account
from simulator.core.book import Change
from simulator.core.clock import Clock, SystemClock
from simulator.core.exchange import Exchange
from simulator.core.faults import Delivery, Fault
from simulator.core.journal import PUSH, Entry, Journal, Refused
from simulator.core.message import Frame, Reply, Request
from simulator.core.misuse import Misuse, shown
from simulator.core.world import World
from simulator.service import framing, places, sockets
from simulator.service.listed import exchange_named, exchanges
from simulator.service.masking import Secrets
from simulator.service.meeting import during, met, refused_by, renderer
from simulator.service.sockets import Deliver, OpenSocket

Listener = Callable[[str, Account | None, Entry], None]
"""Told of every entry as the journal keeps it: the exchange's name ("" for no exchange), the account, the entry."""


class Service:
    """The worlds of all exchanges behind one lock."""

    def __init__(self, *, seed: int = 0, clock: Clock | None = None) -> None:
        if not isinstance(seed, int) or isinstance(seed, bool) or not -(2**63) <= seed < 2**63:
            raise Misuse(f"seed {shown(seed)} must be a whole number that 64 bits hold")
        if clock is not None and not callable(getattr(clock, "now_ns", None)):
            raise Misuse(f"clock {shown(clock)} must be a clock with now_ns(), such as core.clock.ManualClock")
        self.clock = clock or SystemClock()
        self.seed = seed
        self.lock = threading.RLock()
        self.worlds = {
            exchange.name: World(exchange.name, self.clock, seed, exchange.lifecycle, exchange.unknowns.behavior())
            for exchange in exchanges
        }
        self.secrets = Secrets()
        for world in self.worlds.values():
            world.heed = self.secrets.heed
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
            key = exchange.whose(world, request)
            account = key.account if key else None
            with world.seen_by(account):
                return self._answer(exchange, world, account, request)

    def _answer(self, exchange: Exchange, world: World, account: Account | None, request: Request) -> Delivery:
        endpoint = exchange.endpoint_at(request)
        fault = met(account.faults if account else world.faults, endpoint, "request")
        render = renderer(exchange, world, account, request)
        if fault is not None and fault.does.instead is not None and not fault.acts:
            delivery = fault.does.instead(fault, render)
            self.write(
                world, account, endpoint, request, reply=delivery.reply, fault=fault, changes=self.publish(world)
            )
            return delivery
        changes = self.before(world, account, endpoint)
        with during(fault, account):
            answer = exchange.answer(world, request)
        changes += self.publish(world)
        owner = answer.key.account if answer.key else None
        looked = answer.refusal is None and exchange.shows(endpoint)
        changes += self.after(world, account, endpoint, owner if looked else None)
        delivery = Delivery(answer.reply)
        if fault is not None and fault.does.instead is not None:
            delivery = fault.does.instead(fault, render)
        elif fault is not None and fault.does.after is not None:
            delivery = fault.does.after(fault, answer.reply)
        refused = refused_by(answer.refusal, answer.row)
        self.write(
            world,
            owner,
            answer.endpoint,
            request,
            reply=answer.reply,
            refused=refused,
            fault=fault,
            changes=changes,
            unread=answer.unread,
            sent=delivery.instead_of(answer.reply),
        )
        return delivery

    def before(self, world: World, account: Account | None, endpoint: str) -> tuple[Change, ...]:
        """What was planned to happen just before this call is answered."""
        if account is not None:
            account.meet_plans(endpoint, "before")
        return self.publish(world)

    def after(self, world: World, account: Account | None, endpoint: str, looked: Account | None) -> tuple[Change, ...]:
        """What happens once a call is answered: it was a look at the withdrawals of `looked`, and plans."""
        if looked is not None:
            looked.look()
        if account is not None:
            account.meet_plans(endpoint, "after")
        return self.publish(world)

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
        """Forget a WebSocket. Nothing is delivered to it any more, and its frames are not heard."""
        with self.lock:
            sockets.forget(self.sockets, socket)

    def frame(self, socket: OpenSocket, text: str) -> None:
        """Answer one text frame of an open socket: what comes of it is delivered."""
        with self.lock:
            if not socket.is_open:
                return
            world = self.worlds[socket.exchange.name]
            self.publish(world)
            frame = socket.frame(text)
            endpoint, socket.account = socket.side.meant(world, socket.session, frame)
            with world.seen_by(socket.account):
                framing.answer(self, world, socket, endpoint, frame)

    def publish(self, world: World) -> tuple[Change, ...]:
        """Tell the open sockets what has changed since the last time. Called with the lock held."""
        changes = world.drain()
        sockets.push(self.sockets, world, changes, self._lose)
        return changes

    def _lose(self, world: World, socket: OpenSocket, frame: str, fault: Fault) -> None:
        """A pushed frame that a fault lost: nobody asked for it, and its client never hears of it."""
        with world.seen_by(socket.account):
            self.write(world, socket.account, PUSH, socket.frame(""), frames=(frame,), fault=fault, changes=())

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
            sockets.expire(self.sockets, self.worlds)

    def world(self, exchange: str) -> World:
        """The world of an exchange. Raises NotThere."""
        return self.worlds[exchange_named(exchange).name]

    def write(
        self,
        world: World,
        account: Account | None,
        endpoint: str,
        request: Request | Frame,
        *,
        reply: Reply | None = None,
        frames: tuple[str, ...] = (),
        refused: Refused | None = None,
        fault: Fault | None,
        changes: tuple[Change, ...],
        unread: tuple[str, ...] = (),
        sent: Reply | tuple[str, ...] | None = None,
    ) -> None:
        """The end of a turn: its line in the journal."""
        journal = account.journal if account else world.journal
        entry = Entry(
            number=journal.next_number(),
            at_ms=world.now_ms(),
            endpoint=endpoint,
            request=request,
            reply=reply,
            frames=frames,
            refused=refused,
            changes=changes,
            fault=fault.kind if fault else None,
            sent=sent,
            unread=unread,
            near_misses=() if endpoint else places.near(request, world.exchange),
        )
        self._keep(journal, world.exchange, account, entry)

    def masked(self, text: str, *, is_told: bool = False) -> str:
        """A text of no turn, for a log: without the secrets that users supplied, and without their beginnings in one
        that `is_told`, which may quote a part of what came.
        """
        with self.lock:
            return self.secrets.text(text, is_told=is_told)

    def _nobody(self, request: Request) -> Reply:
        """A call of a path that no exchange and no surface of ours has."""
        near = places.near(request)
        entry = Entry(
            number=self.journal.next_number(),
            at_ms=self.clock.now_ns() // 1_000_000,
            endpoint="",
            request=request,
            reply=places.nowhere(self.secrets.text(request.path), near),  # masked before its middle is left out
            near_misses=near,
        )
        self._keep(self.journal, "", None, entry)
        return places.nowhere(request.path, near)

    def _keep(self, journal: Journal, exchange: str, account: Account | None, entry: Entry) -> None:
        """The only place where an entry is written: without secrets, for all who will see it."""
        kept = journal.add(self.secrets.masked(entry, account))
        for listener in self.listeners:
            listener(exchange, account, kept)


@lru_cache(maxsize=256)  # a client asks for the same few paths all the time
def _owner(path: str) -> Exchange | None:
    """Whose path it is. A root in another case, with a slash too many or without its last, is meant for its exchange,
    which says in its own words that it has no such path.
    """
    folded = "/" + path.lstrip("/").lower()
    for spelled in (path, folded, folded + "/"):
        for exchange in exchanges:
            if exchange.owns(spelled):
                return exchange
    return None
