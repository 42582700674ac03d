"""One HTTP/1.1 connection to a target, kept open from call to call, that sends exactly the bytes it is given.

Never sends a call twice: whether a server has acted whose answer was lost is not known, which is the point of it all.
"""

from __future__ import annotations

import contextlib
import http.client
import socket
import ssl
import threading
import time
from urllib.parse import urlsplit

from contracts.targets.target import ReplyLost, TargetDown
from contracts.wire import HttpCall, HttpReply

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
        self._kept: http.client.HTTPConnection | None = None
        self._used_s = 0.0

    def send(self, call: HttpCall) -> HttpReply:
        """One call. Raises ReplyLost when the connection breaks behind it, TargetDown when none is to be had."""
        connection = self._open()
        # The timeout of a socket is one of each read: an answer that drips would never end.
        expired = threading.Event()
        watch = threading.Timer(self.timeout_s, self._end, (connection.sock, expired))
        watch.daemon = True
        watch.start()
        try:
            self._write(connection, call)
            reply = connection.getresponse()
            body = reply.read(answer_limit + 1)
            if (
                reply.length and len(body) <= answer_limit
            ):  # asked for so many bytes, it does not say that some are missing
                raise http.client.IncompleteRead(body, reply.length)
        except (http.client.HTTPException, OSError) as error:
            self.close()
            raise self._told(error, call, expired.is_set()) from None
        finally:
            watch.cancel()
        if expired.is_set():
            self.close()
            raise self._told(TimeoutError(), call, True)
        if len(body) > answer_limit:
            self.close()
            raise TargetDown(f"{self.url} answered {call.method} {call.path} with more than {answer_limit} bytes")
        self._used_s = time.monotonic()
        if reply.will_close:
            self.close()
        return HttpReply(reply.status, tuple(reply.getheaders()), body)

    @staticmethod
    def _end(opened: socket.socket, expired: threading.Event) -> None:
        expired.set()
        with contextlib.suppress(OSError):
            opened.shutdown(socket.SHUT_RDWR)

    def _told(self, error: Exception, call: HttpCall, expired: bool) -> Exception:
        """What an error of the connection means to whoever asked."""
        if expired or isinstance(error, TimeoutError):
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

    def _open(self) -> http.client.HTTPConnection:
        if self._kept is not None and time.monotonic() - self._used_s < idle_limit_s:
            return self._kept
        self.close()
        kind = http.client.HTTPSConnection if self.secure else http.client.HTTPConnection
        try:
            connection = kind(self.host, self.port, timeout=self.timeout_s)
            connection.connect()
            connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        except http.client.HTTPException as error:
            raise TargetDown(f"{self.url} is not an address such as http://127.0.0.1:8080: {error}") from None
        except (OSError, UnicodeError) as error:
            raise TargetDown(f"{self.url} does not answer: {error}") from None
        self._kept = connection
        return connection

    def _write(self, connection: http.client.HTTPConnection, call: HttpCall) -> None:
        # putrequest checks the target for blanks and control characters, which is for the server to refuse.
        connection.putrequest(call.method, call.target or "/", skip_accept_encoding=True)
        for name, value in call.headers:
            connection.putheader(name, value.encode("utf-8", "surrogateescape"))
        if call.body or call.method == "POST":
            connection.putheader("Content-Length", str(len(call.body)))
        connection.endheaders(call.body or None)
