"""One open WebSocket: frames in, and one queue of what goes out, in the order in which the service acted.

Bounded: frames of 1 MiB; a client that does not read what it is sent is cut off after 4 MiB or 1000 frames.
"""

from __future__ import annotations

import asyncio
import contextlib
from dataclasses import dataclass

from aiohttp import WSMsgType, web

from simulator.core.message import Reply, Request
from simulator.service import Service
from simulator.service.sockets import Breaking, Closing, OpenSocket, Outgoing

frame_limit = 1024 * 1024
unread_frames_max = 1000
unread_size_max = 4 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class _Pong:
    payload: bytes


class Conversation:
    """The door's side of one WebSocket."""

    def __init__(self, service: Service, asked: web.BaseRequest) -> None:
        self._service = service
        self._asked = asked
        self._loop = asyncio.get_running_loop()
        self._outgoing: asyncio.Queue[Outgoing | _Pong] = asyncio.Queue()
        self._unread_size = 0
        self._open: OpenSocket | None = None
        # Pings are answered here, behind what was sent before: aiohttp's own pong would overtake the queue.
        self.socket = web.WebSocketResponse(compress=False, autoping=False, max_msg_size=frame_limit)

    async def begin(self, request: Request) -> Reply | None:
        """The handshake; a reply when it is refused."""
        try:
            await self.socket.prepare(self._asked)
        except web.HTTPException as refused:
            return Reply(refused.status, (("Content-Type", "text/plain"),), (refused.text or "").encode())
        self._open = self._service.connect(request, self._deliver)
        return None

    async def listen(self) -> None:
        """Answer frame by frame until either side leaves. Binary frames get no answer."""
        assert self._open is not None
        sending = asyncio.create_task(self._send())
        try:
            async for message in self.socket:
                if message.type is WSMsgType.TEXT:
                    self._service.frame(self._open, message.data)
                elif message.type is WSMsgType.PING:
                    self._deliver(_Pong(message.data))
        finally:
            self._service.disconnect(self._open)
            sending.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await sending

    async def leave(self) -> None:
        """The server stops: say so and end."""
        if self._open is not None:
            self._service.disconnect(self._open)
        await self.socket.close(code=1001, drain=False)

    def _deliver(self, outgoing: Outgoing | _Pong) -> None:
        # Called under the service's lock, from any thread; the socket may be gone by the time the loop gets to it.
        with contextlib.suppress(RuntimeError):
            self._loop.call_soon_threadsafe(self._enqueue, outgoing)

    def _enqueue(self, outgoing: Outgoing | _Pong) -> None:
        self._unread_size += _size(outgoing)
        if self._outgoing.qsize() >= unread_frames_max or self._unread_size > unread_size_max:
            break_off(self._asked)
            return
        self._outgoing.put_nowait(outgoing)

    async def _send(self) -> None:
        with contextlib.suppress(ConnectionError):  # the client left while something was on its way
            while True:
                outgoing = await self._outgoing.get()
                self._unread_size -= _size(outgoing)
                if isinstance(outgoing, Breaking):
                    break_off(self._asked)
                elif isinstance(outgoing, Closing):
                    await self.socket.close(code=outgoing.code, message=outgoing.reason.encode())
                elif isinstance(outgoing, _Pong):
                    await self.socket.pong(outgoing.payload)
                else:
                    await self.socket.send_str(outgoing)


def _size(outgoing: Outgoing | _Pong) -> int:
    return len(outgoing) if isinstance(outgoing, str) else 0


def break_off(asked: web.BaseRequest) -> None:
    """End the connection without another byte: the reply is lost, the act is not."""
    if asked.transport is not None:
        asked.transport.abort()
