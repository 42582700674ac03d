"""HTTP and WebSocket on one port. A door knows no exchange: it hands over what arrived and sends what comes back.

Bounded: bodies of 1 MiB (snapshots 64), 1000 open connections. aiohttp itself answers malformed HTTP and header
lines above 8 KiB before this code runs.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import ssl
import weakref
from typing import Any

from aiohttp import web
from aiohttp.http_exceptions import HttpProcessingError
from multidict import CIMultiDict

from simulator.core.faults import Delivery
from simulator.core.message import Reply, Request
from simulator.core.misuse import shown
from simulator.server import control
from simulator.server.conversation import Conversation, break_off
from simulator.service import Service

body_limit = 1024 * 1024
snapshot_limit = 64 * 1024 * 1024
"""A snapshot holds every withdrawal that an account has made."""

connection_limit = 1000
tick_s = 0.25
_everywhere = ("0.0.0.0", "[::]", "")  # noqa: S104 - addresses that mean all, shown as the local one


class _Asked(web.BaseRequest):
    """aiohttp adds a Server header of its own; an exchange that sends none must not get one."""

    async def _prepare_hook(self, resp: web.StreamResponse) -> None:
        if resp.headers.get("Server", "").startswith("Python/"):
            del resp.headers["Server"]


_log = logging.getLogger("exchange_simulator.http")


class _OneLine(logging.LoggerAdapter[logging.Logger]):
    """A client's malformed HTTP is told in one line without secrets; only a defect of ours shows its traceback."""

    def __init__(self, service: Service) -> None:
        super().__init__(_log)
        self._service = service

    def log(self, level: int, msg: object, *args: object, **options: Any) -> None:
        error = options.get("exc_info")
        if not isinstance(error, HttpProcessingError):
            super().log(level, msg, *args, **options)
        elif self.isEnabledFor(level):
            told = " ".join(self._service.masked(str(error.message), is_told=True).split())
            super().log(min(level, logging.INFO), "malformed HTTP from a client: %s", told)


class _Refuse(asyncio.Protocol):
    """What a connection above the limit gets: an end at once."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        transport.close()


class _Server(web.Server):
    """aiohttp's server, remembering its transports: for aiohttp one that still says goodbye (TLS does) is no connection
    any more, but it would outlive the loop.
    """

    def __init__(self, handler: Any, service: Service) -> None:
        # auto_decompress off: the body must stay as sent, and a false Content-Encoding is no error of ours.
        told = _OneLine(service)
        super().__init__(handler, request_factory=_asked, auto_decompress=False, access_log=None, logger=told)
        self.transports: weakref.WeakSet[asyncio.Transport] = weakref.WeakSet()

    def connection_made(self, handler: Any, transport: asyncio.Transport) -> None:
        super().connection_made(handler, transport)
        self.transports.add(transport)


class Doors:
    """The listening side of a service. Lives in the loop that calls `open`."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._server: _Server | None = None
        self._listening: list[asyncio.Server] = []
        self._conversations: set[Conversation] = set()
        self._ticking: asyncio.Task[None] | None = None
        self._local_only = True
        self.url = ""

    async def open(self, host: str, port: int) -> int:
        """Listen; returns the port. Raises OSError."""
        self._server = _Server(self._handle, self._service)
        self._local_only = control.is_local(host)
        bound = await self._listen(host, port, None)
        self.url = f"http://{_shown(host)}:{bound}"
        self._ticking = asyncio.create_task(self._tick())
        return bound

    async def open_tls(self, host: str, port: int, context: ssl.SSLContext) -> str:
        """Listen with TLS as well, after `open`; returns the address. Raises OSError."""
        return f"https://{_shown(host)}:{await self._listen(host, port, context)}"

    async def close(self) -> None:
        """Stop listening and end every connection at once."""
        await self._let_in_who_was_accepted()
        for listening in self._listening:
            listening.close()
        if self._ticking is not None:
            self._ticking.cancel()
        for conversation in tuple(self._conversations):
            await conversation.leave()
        if self._server is not None:
            await self._server.shutdown(0.5)
            for transport in tuple(self._server.transports):
                transport.abort()
            await asyncio.sleep(0)

    async def _let_in_who_was_accepted(self) -> None:
        """asyncio cannot make a connection any more once its server is closed, and then forgets to close the socket."""
        loop = asyncio.get_running_loop()
        for listening in self._listening:
            for one in listening.sockets:
                with contextlib.suppress(NotImplementedError):  # Windows' loop accepts in another way
                    loop.remove_reader(one.fileno())
        for _ in range(3):
            await asyncio.sleep(0)

    async def _listen(self, host: str, port: int, context: ssl.SSLContext | None) -> int:
        server = self._server
        assert server is not None

        def protocol() -> asyncio.BaseProtocol:
            return _Refuse() if len(server.connections) >= connection_limit else server()

        listening = await asyncio.get_running_loop().create_server(protocol, host, port, ssl=context)
        self._listening.append(listening)
        bound: int = listening.sockets[0].getsockname()[1]
        return bound

    async def _tick(self) -> None:
        """While sockets are open, time passes for them too; what that means is the service's business."""
        while True:
            await asyncio.sleep(tick_s)
            if self._conversations:
                self._service.tick()

    async def _handle(self, asked: web.BaseRequest) -> web.StreamResponse:
        """Answer and send: sent here, so that a reply which cannot be is told in one line."""
        response: web.StreamResponse = web.Response()
        try:
            response = await self._answer(asked)
            await response.prepare(asked)
            await response.write_eof()
        except ConnectionError:  # the client has left
            break_off(asked)
        except ValueError as error:
            told = self._service.masked(str(error), is_told=True)
            _log.error("a reply could not be sent, so the connection was broken off: %s", told)
            break_off(asked)
        return response

    async def _answer(self, asked: web.BaseRequest) -> web.StreamResponse:
        request = await _read(asked, self._service)
        if isinstance(request, Reply):
            return _response(request)
        if request.path.startswith(control.root):
            return _response(control.answer(self._service, self.url, request, local_only=self._local_only))
        if (request.header("Upgrade") or "").lower() == "websocket" and self._service.has_socket(request.path):
            return await self._converse(asked, request)
        return await self._send(asked, self._service.turn(request))

    async def _send(self, asked: web.BaseRequest, delivery: Delivery) -> web.StreamResponse:
        """Send a reply as its fault, if any, lets it through."""
        if delivery.delay_ms:
            await asyncio.sleep(delivery.delay_ms / 1000)
        if delivery.reply is None:
            break_off(asked)
            return web.Response()
        if delivery.cut_at is None:
            return _response(delivery.reply)
        headers = CIMultiDict((*delivery.reply.headers, ("Content-Length", str(len(delivery.reply.body)))))
        response = web.StreamResponse(status=delivery.reply.status, reason=delivery.reply.reason, headers=headers)
        await response.prepare(asked)
        await response.write(delivery.reply.body[: delivery.cut_at])
        if asked.transport is not None:
            asked.transport.close()  # what was written is still sent; nothing follows
        return response

    async def _converse(self, asked: web.BaseRequest, request: Request) -> web.StreamResponse:
        conversation = Conversation(self._service, asked)
        refused = await conversation.begin(request)
        if refused is not None:
            return _response(refused)
        self._conversations.add(conversation)
        try:
            await conversation.listen()
        finally:
            self._conversations.discard(conversation)
        return conversation.socket


def _asked(message: Any, payload: Any, protocol: Any, writer: Any, task: Any) -> _Asked:
    size = snapshot_limit if message.path == f"{control.root}accounts/restore" else body_limit
    return _Asked(message, payload, protocol, writer, task, task.get_loop(), client_max_size=size)


async def _read(asked: web.BaseRequest, service: Service) -> Request | Reply:
    """The request as it arrived, or the answer to one that is too large. Raises ConnectionError when the client left
    in the middle of it.
    """
    headers = tuple((_text(name), _text(value)) for name, value in asked.raw_headers)
    target = asked.raw_path
    if "://" in target.partition("?")[0]:
        # Absolute form (RFC 9112 3.2.2): scheme and authority are not part of what an exchange signs.
        after = target.partition("://")[2]
        target = after[after.find("/") :] if "/" in after else "/"
    try:
        if any(name.lower() == "expect" and value.lower() == "100-continue" for name, value in headers):
            await asked.writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        body = await asked.read()
    except web.HTTPRequestEntityTooLarge:
        if target.startswith(control.root):
            return control.too_large(asked.client_max_size)
        return Reply(413, (("Content-Type", "text/plain"), ("Connection", "close")), b"Request Entity Too Large")
    except ConnectionError:
        _log.info("a client left in the middle of its request: %s", shown(service.masked(f"{asked.method} {target}")))
        raise
    return Request(asked.method, target, headers, body, asked.remote or "127.0.0.1")


def _text(raw: bytes) -> str:
    return raw.decode("utf-8", "surrogateescape")


def _response(reply: Reply) -> web.Response:
    return web.Response(status=reply.status, reason=reply.reason, headers=CIMultiDict(reply.headers), body=reply.body)


def _shown(host: str) -> str:
    """The host as an address shows it; what listens everywhere is shown as the local one."""
    shown = f"[{host}]" if ":" in host else host
    return "127.0.0.1" if shown in _everywhere else shown
