"""Unmodified SDKs without a socket: a transport adapter for `requests` and transports for `httpx`.

    session.mount("https://", sim.requests_adapter())      # pybit, krakenex, python-kraken-sdk, ccxt
    httpx.Client(transport=sim.httpx_transport())           # python-okx

Whatever host the SDK asks for, the simulator answers, so even a host that an SDK has written in is reached. Made for
property tests: a call costs no socket. What a fault does to the connection is raised where and as the client's own
transport raises it, since clients decide by the type whether to try again (tests/server/test_transports.py compares).
`requests` and `httpx` are the user's; neither is a dependency.
"""

from __future__ import annotations

import io
from collections.abc import AsyncIterator, Iterator
from http.client import HTTPResponse, RemoteDisconnected, responses
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from simulator.core.faults import Delivery
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
    """A transport adapter. A connection that breaks before the reply raises `requests.ConnectionError`, one that breaks
    within its body `requests.exceptions.ChunkedEncodingError` when that is read, a reply that a fault delays beyond the
    client's timeout `requests.ReadTimeout`; nothing sleeps.
    """
    import requests
    from requests.adapters import BaseAdapter, HTTPAdapter
    from urllib3 import HTTPHeaderDict
    from urllib3 import HTTPResponse as Raw
    from urllib3.exceptions import ProtocolError

    builder = HTTPAdapter()

    class Adapter(BaseAdapter):
        def send(
            self, request: requests.PreparedRequest, stream: bool = False, timeout: Any = None, *_: Any, **__: Any
        ) -> requests.Response:
            headers = tuple((_text(name), _text(value)) for name, value in request.headers.items())
            asked = Request(str(request.method), _target(str(request.url)), headers, _bytes(request.body))
            delivery = service.turn(asked)
            patience_s = _patience_s(timeout)
            if _is_too_late(delivery, patience_s):
                raise requests.ReadTimeout(_late(str(request.url), asked.target, patience_s), request=request)
            if delivery.reply is None:
                left = RemoteDisconnected("Remote end closed connection without response")
                raise requests.ConnectionError(ProtocolError("Connection aborted.", left), request=request)
            raw = Raw(
                _received(delivery.reply, delivery, asked.method),
                headers=HTTPHeaderDict(_headers(delivery.reply)),
                status=delivery.reply.status,
                version=11,
                reason=_reason(delivery.reply),
                preload_content=False,
                decode_content=False,
                request_method=asked.method,
            )
            return builder.build_response(request, raw)

        def close(self) -> None:
            """Nothing is open."""

    return Adapter()


class _Wire:
    """As much of a socket as a response of `http.client` reads from."""

    def __init__(self, arriving: bytes) -> None:
        self._arriving = arriving

    def makefile(self, *_: Any, **__: Any) -> io.BytesIO:
        return io.BytesIO(self._arriving)


def _received(reply: Reply, delivery: Delivery, method: str) -> HTTPResponse:
    """A body as `http.client` gives it to urllib3: it closes itself at its end and says where it breaks off, however
    it is read, which a plain file does not do.
    """
    head = f"HTTP/1.1 {reply.status}\r\nContent-Length: {len(reply.body)}\r\n\r\n".encode()
    received = HTTPResponse(_Wire(head + _arriving(reply, delivery, method)), method=method)  # type: ignore[arg-type]
    received.begin()
    return received


def _patience_s(timeout: Any) -> float | None:
    """For how many seconds of silence a client of `requests` waits, however it says so; None for ever."""
    from urllib3 import Timeout

    if isinstance(timeout, tuple):
        timeout = timeout[1]
    if isinstance(timeout, Timeout):
        timeout = timeout.clone()
        timeout.start_connect()  # of a time in total it takes off what connecting took
        timeout = timeout.read_timeout
    return timeout if isinstance(timeout, int | float) else None


def _late(url: str, target: str, patience_s: float | None) -> Exception:
    """What urllib3 says of a reply that does not come."""
    from urllib3 import connection_from_url
    from urllib3.exceptions import ReadTimeoutError

    with connection_from_url(url) as pool:
        return ReadTimeoutError(pool, target, f"Read timed out. (read timeout={patience_s})")


def httpx_transport(service: Service) -> httpx.BaseTransport:
    """A transport for `httpx.Client` and `httpx.AsyncClient`. A broken connection raises `httpx.RemoteProtocolError`,
    one that breaks within the body when that is read, and a reply that a fault delays beyond the client's timeout
    `httpx.ReadTimeout`; nothing sleeps.
    """
    import httpx

    def answer(request: httpx.Request, body: bytes) -> httpx.Response:
        headers = tuple((_text(name), _text(value)) for name, value in request.headers.raw)
        delivery = service.turn(Request(request.method, request.url.raw_path.decode(), headers, body))
        reply = delivery.reply
        if _is_too_late(delivery, request.extensions.get("timeout", {}).get("read")):
            raise httpx.ReadTimeout("timed out", request=request)
        if reply is None:
            raise httpx.RemoteProtocolError("Server disconnected without sending a response.", request=request)
        arriving = _arriving(reply, delivery, request.method)
        is_whole = request.method == "HEAD" or len(arriving) == len(reply.body)
        return httpx.Response(
            reply.status,
            headers=_headers(reply),
            stream=httpx.ByteStream(arriving) if is_whole else _broken(arriving, len(reply.body)),
            extensions={"http_version": b"HTTP/1.1", "reason_phrase": _reason(reply).encode()},
        )

    class Transport(httpx.BaseTransport, httpx.AsyncBaseTransport):
        def handle_request(self, request: httpx.Request) -> httpx.Response:
            return answer(request, request.read())

        async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
            return answer(request, await request.aread())

    return Transport()


def _broken(arrived: bytes, expected: int) -> Any:
    """A stream of `httpx` for a body of which only `arrived` arrives."""
    import httpx

    received = f"received {len(arrived)} bytes, expected {expected}"
    error = httpx.RemoteProtocolError(f"peer closed connection without sending complete message body ({received})")

    class Broken(httpx.SyncByteStream, httpx.AsyncByteStream):
        def __iter__(self) -> Iterator[bytes]:
            yield arrived
            raise error

        async def __aiter__(self) -> AsyncIterator[bytes]:
            yield arrived
            raise error

    return Broken()


def _is_too_late(delivery: Delivery, patience_s: float | None) -> bool:
    return patience_s is not None and delivery.delay_ms > patience_s * 1000


def _arriving(reply: Reply, delivery: Delivery, method: str) -> bytes:
    """What of the body arrives: nothing where HTTP has none."""
    return b"" if method == "HEAD" else reply.body[: delivery.cut_at]


def _headers(reply: Reply) -> list[tuple[str, str]]:
    return [*reply.headers, ("Content-Length", str(len(reply.body)))]


def _reason(reply: Reply) -> str:
    """The words behind the status, those of HTTP itself where the exchange has none of its own."""
    return responses.get(reply.status, "") if reply.reason is None else reply.reason
