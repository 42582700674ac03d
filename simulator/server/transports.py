"""Unmodified SDKs without a socket: a transport adapter for `requests` and transports for `httpx`.

    session.mount("https://", sim.requests_adapter())      # pybit, krakenex, python-kraken-sdk, ccxt
    httpx.Client(transport=sim.httpx_transport())           # python-okx

Whatever host the SDK asks for, the simulator answers, so even a host that an SDK has written in is reached. Made for
property tests: a call costs no socket. `requests` and `httpx` are the user's; neither is a dependency.
"""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from simulator.core.message import Reply, Request
from simulator.service import Service

if TYPE_CHECKING:
    import httpx
    from requests.adapters import BaseAdapter


def _target(url: str) -> str:
    """Path and query as an HTTP client writes them into the request line."""
    parts = urlsplit(url)
    return (parts.path or "/") + (f"?{parts.query}" if parts.query else "")


def _bytes(body: Any) -> bytes:
    """The bytes of a body that `requests` prepared: text, bytes, a file, an iterable of bytes, or nothing."""
    if body is None:
        return b""
    if isinstance(body, str):
        return body.encode()
    if isinstance(body, bytes | bytearray):
        return bytes(body)
    if hasattr(body, "read"):
        return _bytes(body.read())
    return b"".join(_bytes(part) for part in body)


def _text(value: str | bytes) -> str:
    return value.decode("utf-8", "surrogateescape") if isinstance(value, bytes) else value


def requests_adapter(service: Service) -> BaseAdapter:
    """A transport adapter. A broken connection raises `requests.ConnectionError`, a reply that a fault delays beyond
    the client's timeout `requests.ReadTimeout`; nothing sleeps.
    """
    import requests
    from requests.adapters import BaseAdapter, HTTPAdapter
    from urllib3 import HTTPHeaderDict, HTTPResponse

    class Adapter(BaseAdapter):
        def send(
            self, request: requests.PreparedRequest, stream: bool = False, timeout: Any = None, *_: Any, **__: Any
        ) -> requests.Response:
            headers = tuple((_text(name), _text(value)) for name, value in request.headers.items())
            asked = Request(str(request.method), _target(str(request.url)), headers, _bytes(request.body))
            delivery = service.turn(asked)
            reply = delivery.reply
            patience_s = timeout[1] if isinstance(timeout, tuple) else timeout
            if patience_s is not None and delivery.delay_ms > float(patience_s) * 1000:
                raise requests.ReadTimeout("the reply did not come in time", request=request)
            if reply is None or delivery.cut_at is not None:
                raise requests.ConnectionError("the connection broke before the reply was complete", request=request)
            raw = HTTPResponse(
                io.BytesIO(reply.body),
                headers=HTTPHeaderDict(_headers(reply)),
                status=reply.status,
                reason=reply.reason,
                preload_content=False,
            )
            return HTTPAdapter().build_response(request, raw)

        def close(self) -> None:
            """Nothing is open."""

    return Adapter()


def httpx_transport(service: Service) -> httpx.BaseTransport:
    """A transport for `httpx.Client` and `httpx.AsyncClient`. A broken connection raises `httpx.RemoteProtocolError`,
    a reply that a fault delays beyond the client's timeout `httpx.ReadTimeout`; nothing sleeps.
    """
    import httpx

    def answer(request: httpx.Request, body: bytes) -> httpx.Response:
        headers = tuple((_text(name), _text(value)) for name, value in request.headers.raw)
        delivery = service.turn(Request(request.method, request.url.raw_path.decode(), headers, body))
        reply = delivery.reply
        patience_s = request.extensions.get("timeout", {}).get("read")
        if patience_s is not None and delivery.delay_ms > patience_s * 1000:
            raise httpx.ReadTimeout("the reply did not come in time", request=request)
        if reply is None or delivery.cut_at is not None:
            raise httpx.RemoteProtocolError("the connection broke before the reply was complete", request=request)
        return httpx.Response(reply.status, headers=_headers(reply), content=reply.body)

    class Transport(httpx.BaseTransport, httpx.AsyncBaseTransport):
        def handle_request(self, request: httpx.Request) -> httpx.Response:
            return answer(request, request.read())

        async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
            return answer(request, await request.aread())

    return Transport()


def _headers(reply: Reply) -> list[tuple[str, str]]:
    return [*reply.headers, ("Content-Length", str(len(reply.body)))]
