"""Exchanges without a socket, for property tests: a WebSocket as a plain object, and what a lost reply is."""

from __future__ import annotations

from simulator.core.message import Request
from simulator.core.misuse import Misuse, shown
from simulator.service import Service
from simulator.service.sockets import Breaking, Closing, Outgoing


class ReplyLost(ConnectionError):
    """A fault kept the reply of an in-process call from its client, who cannot know whether the exchange has acted."""


class SocketHandle:
    """One in-process WebSocket: frames in, frames out. `closed`: close code and reason once the exchange ended it."""

    def __init__(self, service: Service, target: str) -> None:
        if not isinstance(target, str):
            raise Misuse(f"the target of a WebSocket is a path such as '/WSGateway/', not {shown(target)}")
        request = Request("GET", target)
        if not service.has_socket(request.path):
            raise Misuse(f"no exchange has a WebSocket at {shown(target)}")
        self._service = service
        self._outgoing: list[Outgoing] = []
        self._socket = service.connect(request, self._outgoing.append)
        self.closed: tuple[int, str] | None = None

    def send(self, text: str) -> tuple[str, ...]:
        """What is sent back by the time `text` has been answered, pushes included. Raises ReplyLost."""
        self._service.frame(self._socket, text)
        return self.pushed()

    def pushed(self) -> tuple[str, ...]:
        """What has been sent since the last look. Raises ReplyLost when a fault broke the connection."""
        with self._service.lock:
            outgoing, self._outgoing[:] = tuple(self._outgoing), []
        for one in outgoing:
            if isinstance(one, Breaking):
                raise ReplyLost("a fault broke the connection before the reply was complete")
            if isinstance(one, Closing):
                self.closed = (one.code, one.reason)
        return tuple(one for one in outgoing if isinstance(one, str))

    def close(self) -> None:
        """Leave."""
        self._service.disconnect(self._socket)
