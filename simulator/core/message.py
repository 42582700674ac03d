"""Requests, frames and replies as frozen values: what arrived, byte for byte, and what is to be sent.

Nothing here is parsed and written again: signatures are checked over `target` and `body` as the client sent them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Annotated

import msgspec

HeaderText = Annotated[
    str,
    msgspec.Meta(
        max_length=512,
        pattern=r"^[!-~]([ -~]*[!-~])?$(?!\n)",
        description="printable ASCII, with no blank at its ends, as a header can carry it",
    ),
]
"""What stands as the value of a header: other characters are sent by some clients in one way and by some in another
(RFC 9110, 5.5), and a line break would begin a header of its own.
"""


@dataclass(frozen=True, slots=True)
class Request:
    """One HTTP request. `target` is the raw request target (path and query), `headers` in order of arrival."""

    method: str
    target: str
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""
    peer: str = "127.0.0.1"

    @property
    def path(self) -> str:
        """The target up to its question mark."""
        return self.target.partition("?")[0]

    @property
    def query(self) -> str:
        """The raw query string without its question mark; "" when there is none."""
        return self.target.partition("?")[2]

    def header(self, name: str) -> str | None:
        """The first header of that name in any case; None when it did not arrive."""
        return _header(self.headers, name)


@dataclass(frozen=True, slots=True)
class Frame:
    """One text message that arrived on an open WebSocket whose handshake asked for `target`."""

    text: str
    target: str
    peer: str = "127.0.0.1"


@dataclass(frozen=True, slots=True)
class Reply:
    """One HTTP answer. `headers` are sent in this order; Content-Length is added by the door."""

    status: int
    headers: tuple[tuple[str, str], ...] = field(default=())
    body: bytes = b""
    reason: str | None = None

    def header(self, name: str) -> str | None:
        """The first header of that name in any case; None when there is none."""
        return _header(self.headers, name)


def _header(headers: tuple[tuple[str, str], ...], name: str) -> str | None:
    wanted, length = name.lower(), len(name)
    for key, value in headers:
        if len(key) == length and key.lower() == wanted:
            return value
    return None
