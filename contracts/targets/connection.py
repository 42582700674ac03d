"""One HTTP/1.1 connection to a target, kept open from call to call, that sends exactly the bytes it is given.

Never sends a call twice: whether a server has acted whose answer was lost is not known, which is the point of it all.
"""

from __future__ import annotations

import http.client
import io
import socket
import ssl
import time
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from contracts import interrupts
from contracts.targets.target import ReplyLost, TargetDown
from contracts.wire import HttpCall, HttpReply

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer as Buffer

answer_limit = 16 * 1024 * 1024
"""The longest answer that is read, in bytes."""

idle_limit_s = 2.0
"""A connection that was idle for longer is opened anew: the server may be about to close it."""


class Connection:
    """A connection to the server at `url` (http or https, no path). Raises TargetDown for what is no such address."""

    def __init__(self, url: str, timeout_s: float = 10.0) -> None:
        self.url = url.rstrip("/")
        self.timeout_s = timeout_s
        try:
            parts = urlsplit(url)
            self.secure = parts.scheme == "https"
            host, port = parts.hostname or "", parts.port
            host.encode("idna")
        except ValueError:  # brackets that do not close, a port that is no number, a name that IDNA refuses
            parts, host, port = urlsplit(""), "", 0
        if parts.scheme not in {"http", "https"} or not host or port == 0 or " " in host:
            raise TargetDown(f"target {url!r} is not an address such as http://127.0.0.1:8080")
        if parts.path.strip("/") or parts.query or parts.fragment or parts.username:
            raise TargetDown(f"target {url!r} has more than a host and a port; exchanges answer at the root")
        self.host, self.port = host, port or (443 if self.secure else 80)
        shown = f"[{host}]" if ":" in host else host.encode("idna").decode("ascii")
        self._host_header = shown if port is None else f"{shown}:{port}"
        self._kept: socket.socket | None = None
        self._used_s = 0.0

    def send(self, call: HttpCall) -> HttpReply:
        """One call. Raises ReplyLost when the connection breaks behind it, TargetDown when none is to be had.

        Raises ValueError for a call that is no single one: with a line break in its target or in a header.
        """
        request = self._written(call)
        with interrupts.at_once():
            return self._answered(call, request)

    def _answered(self, call: HttpCall, request: bytes) -> HttpReply:
        opened = self._open()
        arriving = _Arriving(opened, time.monotonic() + self.timeout_s)
        try:
            opened.settimeout(self.timeout_s)
            opened.sendall(request)
            reply = http.client.HTTPResponse(arriving, method=call.method)  # type: ignore[arg-type]
            reply.begin()
            body = reply.read(answer_limit + 1)
            if reply.length and len(body) <= answer_limit:  # a read of so many bytes does not say that some are missing
                raise http.client.IncompleteRead(body, reply.length)
        except (http.client.HTTPException, OSError) as error:
            self.close()
            raise self._told(error, call) from None
        except BaseException:  # an answer that was not awaited is none to the next call
            self.close()
            raise
        if len(body) > answer_limit:
            self.close()
            raise TargetDown(f"{self.url} answered {call.method} {call.path} with more than {answer_limit} bytes")
        self._used_s = time.monotonic()
        if reply.will_close:
            self.close()
        return HttpReply(reply.status, tuple(reply.getheaders()), body)

    def _told(self, error: Exception, call: HttpCall) -> Exception:
        """What an error of the connection means to whoever asked."""
        if isinstance(error, TimeoutError):
            asked = f"{call.method} {call.path}"
            return TargetDown(f"{self.url} gave no answer within {self.timeout_s:g} s to {asked}")
        lost = (ConnectionError, http.client.RemoteDisconnected, http.client.IncompleteRead, ssl.SSLError)
        if isinstance(error, lost):
            return ReplyLost(f"{self.url} closed the connection before its answer was complete: {error!r}")
        if isinstance(error, http.client.HTTPException):
            return TargetDown(f"{self.url} does not speak HTTP: {error!r}")
        return TargetDown(f"{self.url} does not answer: {error}")

    def close(self) -> None:
        if self._kept is not None:
            self._kept.close()
            self._kept = None

    def _open(self) -> socket.socket:
        if self._kept is not None and time.monotonic() - self._used_s < idle_limit_s:
            return self._kept
        self.close()
        try:
            opened = socket.create_connection((self.host, self.port), self.timeout_s)
            opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            if self.secure:
                opened = ssl.create_default_context().wrap_socket(opened, server_hostname=self.host)
        except (OSError, UnicodeError) as error:
            raise TargetDown(f"{self.url} does not answer: {error}") from None
        self._kept = opened
        return opened

    def _written(self, call: HttpCall) -> bytes:
        """The request as it goes out, in one piece. Blanks and odd characters are for the server to refuse."""
        headers = [("Host", self._host_header), *call.headers]
        if call.body or call.method == "POST":
            headers.append(("Content-Length", str(len(call.body))))
        lines = [f"{call.method} {call.target or '/'} HTTP/1.1", *(f"{name}: {value}" for name, value in headers)]
        if any("\r" in line or "\n" in line for line in lines):
            raise ValueError(f"a line break ends {call.method} {call.target!r} too early, or one of its headers")
        return "\r\n".join((*lines, "\r\n")).encode("utf-8", "surrogateescape") + call.body


class _Arriving(io.RawIOBase):
    """What arrives on a socket until a moment: the timeout of a socket is one of each read, and an answer that drips
    would never end. Stands in for the socket where `http.client` reads an answer.
    """

    def __init__(self, opened: socket.socket, ends_s: float) -> None:
        self._opened = opened
        self._ends_s = ends_s

    def makefile(self, _: str) -> io.BufferedReader:
        return io.BufferedReader(self)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Buffer) -> int:
        left_s = self._ends_s - time.monotonic()
        if left_s <= 0:
            raise TimeoutError
        self._opened.settimeout(left_s)
        return self._opened.recv_into(buffer)
