"""One request is one turn: find the exchange, let it answer, apply the faults, write the journal.

The only lock of the project is here; nothing below this room knows of threads.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from simulator.core.accounts import Account
from simulator.core.book import Change
from simulator.core.clock import Clock, SystemClock
from simulator.core.exchange import Exchange, Sockets
from simulator.core.faults import Fault
from simulator.core.journal import Entry, Journal, Refused
from simulator.core.message import Frame, Reply, Request
from simulator.core.rows import Refusal, Row
from simulator.core.wire import encode
from simulator.core.world import World
from simulator.service.listed import exchange_named, exchanges


@dataclass(frozen=True, slots=True)
class Turn:
    """What came of a request. `reply` is None when a fault lost it: the door breaks the connection instead."""

    reply: Reply | None
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class FrameTurn:
    """What came of a frame. `frames` is None when a fault lost them; `session` is the socket's from now on."""

    session: Any
    frames: tuple[str, ...] | None
    changes: tuple[Change, ...]


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

    def turn(self, request: Request) -> Turn:
        """Answer one HTTP request."""
        with self.lock:
            exchange = _owner(request.path)
            if exchange is None:
                return self._nobody(request)
            world = self.worlds[exchange.name]
            answer = exchange.answer(world, request)
            account = answer.key.account if answer.key else None
            fault, changes = self._close(
                world, account, answer.endpoint, request, answer.reply, (), answer.refusal, answer.row
            )
            return Turn(None if fault else answer.reply, changes)

    def socket(self, request: Request) -> Sockets | None:
        """The WebSocket side that a handshake at this path would reach; None when there is none."""
        exchange = _owner(request.path)
        if exchange is None or exchange.sockets is None or not exchange.sockets.paths(request.path):
            return None
        return exchange.sockets

    def open(self, request: Request) -> Any:
        """The session of a socket that has just been opened."""
        with self.lock:
            exchange = _owner(request.path)
            assert exchange is not None
            assert exchange.sockets is not None
            return exchange.sockets.open(self.worlds[exchange.name], request)

    def frame(self, session: Any, frame: Frame) -> FrameTurn:
        """Answer one text frame of an open socket."""
        with self.lock:
            exchange = _owner(frame.target.partition("?")[0])
            assert exchange is not None
            assert exchange.sockets is not None
            world = self.worlds[exchange.name]
            answer = exchange.sockets.receive(world, session, frame)
            fault, changes = self._close(
                world, answer.account, answer.endpoint, frame, None, answer.frames, answer.refusal, answer.row
            )
            return FrameTurn(answer.session, None if fault else answer.frames, changes)

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
        refusal: Refusal | None,
        row: Row | None,
    ) -> tuple[Fault | None, tuple[Change, ...]]:
        """The end of a turn: the fault that meets it, the changes it made, its line in the journal."""
        changes = world.drain()
        fault = _met(account.faults if account else world.faults, endpoint)
        journal = account.journal if account else world.journal
        entry = Entry(
            number=journal.next_number(),
            at_ms=world.now_ms(),
            endpoint=endpoint,
            request=request,
            reply=reply,
            frames=frames,
            refused=Refused(refusal.condition.name, row.name, refusal.because) if refusal and row else None,
            # What fell due elsewhere since the last turn is told (sockets push it), but stands in no other's journal.
            changes=tuple(change for change in changes if account is None or change.account == account.id),
            fault=fault.kind if fault else None,
        )
        journal.add(entry)
        self._tell(world.exchange, account, entry)
        return fault, changes

    def _nobody(self, request: Request) -> Turn:
        """A path that no exchange and no surface of ours has: answered in our own words."""
        roots = ", ".join(root for exchange in exchanges for root in exchange.roots)
        sentence = f"no exchange has the path {request.path!r}; paths begin with {roots} or /_control/"
        body = encode({"type": "about:blank", "title": "Not Found", "status": 404, "detail": sentence})
        reply = Reply(404, (("Content-Type", "application/problem+json"),), body)
        entry = Entry(self.journal.next_number(), self.clock.now_ns() // 1_000_000, "", request, reply)
        self.journal.add(entry)
        self._tell("", None, entry)
        return Turn(reply, ())

    def _tell(self, exchange: str, account: Account | None, entry: Entry) -> None:
        for listener in self.listeners:
            listener(exchange, account, entry)


def _owner(path: str) -> Exchange | None:
    for exchange in exchanges:
        if exchange.owns(path):
            return exchange
    return None


def _met(faults: list[Fault], endpoint: str) -> Fault | None:
    """The fault that happens to this call of `endpoint`: the first, in the order they were made, whose turn it is."""
    for fault in faults:
        if fault.meets(endpoint):
            return fault
    return None
