"""HTTP and WebSocket on one port. A door knows no exchange: it hands over what arrived and sends what comes back.

Bounded: bodies of 1 MiB, frames of 1 MiB, 1000 open connections. aiohttp itself answers malformed HTTP and header
lines above 8 KiB before this code runs.
"""

from __future__ import annotations

import asyncio
from typing import Any

from aiohttp import WSMsgType, web
from multidict import CIMultiDict

from simulator.core.exchange import Sockets
from simulator.core.message import Frame, Reply, Request
from simulator.server import control
from simulator.service import Service

body_limit = 1024 * 1024
frame_limit = 1024 * 1024
connection_limit = 1000
_everywhere = ("0.0.0.0", "[::]", "")  # noqa: S104 - addresses that mean all, shown as the local one


class _Asked(web.BaseRequest):
    """aiohttp adds a Server header of its own; an exchange that sends none must not get one."""

    async def _prepare_hook(self, resp: web.StreamResponse) -> None:
        if resp.headers.get("Server", "").startswith("Python/"):
            del resp.headers["Server"]


class _Refuse(asyncio.Protocol):
    """What a connection above the limit gets: an end at once."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        transport.close()


class Doors:
    """The listening side of a service. Lives in the loop that calls `open`."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._server: web.Server | None = None
        self._listening: asyncio.Server | None = None
        self._sockets: set[web.WebSocketResponse] = set()
        self.url = ""

    async def open(self, host: str, port: int) -> int:
        """Listen; returns the port. Raises OSError."""
        # auto_decompress off: the body must stay as sent, and a false Content-Encoding is no error of ours.
        server = web.Server(self._handle, request_factory=_asked, auto_decompress=False, access_log=None)
        loop = asyncio.get_running_loop()

        def protocol() -> asyncio.BaseProtocol:
            return _Refuse() if len(server.connections) >= connection_limit else server()

        self._listening = await loop.create_server(protocol, host, port)
        self._server = server
        bound: int = self._listening.sockets[0].getsockname()[1]
        shown = f"[{host}]" if ":" in host else host
        self.url = f"http://{'127.0.0.1' if shown in _everywhere else shown}:{bound}"
        return bound

    async def close(self) -> None:
        """Stop listening and end every connection at once."""
        if self._listening is not None:
            self._listening.close()
        for socket in tuple(self._sockets):
            await socket.close(code=1001, drain=False)
        if self._server is not None:
            await self._server.shutdown(0.5)

    async def _handle(self, asked: web.BaseRequest) -> web.StreamResponse:
        request = await _read(asked)
        if isinstance(request, Reply):
            return _response(request)
        if request.path.startswith(control.root):
            return _response(control.answer(self._service, self.url, request))
        sockets = self._service.socket(request)
        if sockets is not None and (request.header("Upgrade") or "").lower() == "websocket":
            return await self._converse(asked, request, sockets)
        turn = self._service.turn(request)
        if turn.reply is None:
            _break(asked)
            return web.Response()
        return _response(turn.reply)

    async def _converse(self, asked: web.BaseRequest, request: Request, sockets: Sockets) -> web.StreamResponse:
        """One open WebSocket, frame by frame. Binary frames get no answer."""
        socket = web.WebSocketResponse(compress=False, max_msg_size=frame_limit)
        try:
            await socket.prepare(asked)
        except web.HTTPException as refused:
            return _response(Reply(refused.status, (("Content-Type", "text/plain"),), (refused.text or "").encode()))
        self._sockets.add(socket)
        session = self._service.open(request)
        try:
            async for message in socket:
                if message.type is not WSMsgType.TEXT:
                    continue
                turn = self._service.frame(session, Frame(message.data, request.target, request.peer))
                session = turn.session
                if turn.frames is None:
                    _break(asked)
                    break
                for text in turn.frames:
                    await socket.send_str(text)
        except ConnectionError:
            pass  # the client left while an answer was on its way
        finally:
            self._sockets.discard(socket)
        return socket


def _asked(message: Any, payload: Any, protocol: Any, writer: Any, task: Any) -> _Asked:
    return _Asked(message, payload, protocol, writer, task, task.get_loop(), client_max_size=body_limit)


async def _read(asked: web.BaseRequest) -> Request | Reply:
    """The request as it arrived, or the answer to one that is too large."""
    headers = tuple((_text(name), _text(value)) for name, value in asked.raw_headers)
    if any(name.lower() == "expect" and value.lower() == "100-continue" for name, value in headers):
        await asked.writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
    try:
        body = await asked.read()
    except web.HTTPRequestEntityTooLarge:
        return Reply(413, (("Content-Type", "text/plain"), ("Connection", "close")), b"Request Entity Too Large")
    target = asked.raw_path
    if "://" in target.partition("?")[0]:
        # Absolute form (RFC 9112 3.2.2): scheme and authority are not part of what an exchange signs.
        after = target.partition("://")[2]
        target = after[after.find("/") :] if "/" in after else "/"
    return Request(asked.method, target, headers, body, asked.remote or "127.0.0.1")


def _text(raw: bytes) -> str:
    return raw.decode("utf-8", "surrogateescape")


def _response(reply: Reply) -> web.Response:
    return web.Response(status=reply.status, reason=reply.reason, headers=CIMultiDict(reply.headers), body=reply.body)


def _break(asked: web.BaseRequest) -> None:
    """End the connection without a byte: the reply is lost, the act is not."""
    if asked.transport is not None:
        asked.transport.abort()
