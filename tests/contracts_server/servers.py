"""Servers that are no exchange: each answers whatever comes with the same bytes, or not at all."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

HTML = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 15\r\n\r\n<html>hi</html>"
REDIRECT = b"HTTP/1.1 301 Moved\r\nLocation: https://elsewhere.example/\r\nContent-Length: 0\r\n\r\n"
HALF = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{"
NO_HTTP = b"220 mail.example ESMTP\r\n"
SILENCE = b""
DRIP = b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n"
"""Behind this, a byte comes now and then for ever."""
ENDLESS = {
    DRIP: b"x",
    b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n": b"400\r\n" + b"x" * 1024 + b"\r\n",
    b"HTTP/1.1 200 OK\r\n\r\n": b"x" * 1024,
    b"HTTP/1.1 100 Continue\r\n\r\n": b"HTTP/1.1 100 Continue\r\n\r\n",
    b"HTTP/1.1 200 OK\r\n": b"X-Another: line\r\n",
    b"HTTP/1.1 200 OK\r\nX-One: ": b"x" * 1024,
}
"""What follows each of these comes for ever: dripping behind the first, as fast as it is read behind the others."""
_, ENDLESS_CHUNKS, ENDLESS_BODY, ENDLESS_CONTINUE, ENDLESS_HEADERS, ENDLESS_HEADER = ENDLESS


@contextmanager
def answering(answer: bytes) -> Iterator[str]:
    """The url of a server that answers every connection with `answer`; with SILENCE it keeps the connection open."""
    listening = socket.create_server(("127.0.0.1", 0))
    kept: list[socket.socket] = []

    ended = threading.Event()

    def follow(connection: socket.socket) -> None:
        pause_s = 0.05 if answer is DRIP else 0
        with contextlib.suppress(OSError):
            while not ended.wait(pause_s):
                connection.sendall(ENDLESS[answer])

    def serve() -> None:
        while True:
            try:
                connection, _ = listening.accept()
            except OSError:
                return
            kept.append(connection)
            connection.recv(65536)
            if answer:
                connection.sendall(answer)
            if answer in ENDLESS:
                threading.Thread(target=follow, args=(connection,), daemon=True).start()
            elif answer:
                connection.close()

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        ended.set()
        listening.shutdown(socket.SHUT_RDWR)
        listening.close()
        thread.join()
        for connection in kept:
            connection.close()
