"""HTTP calls and replies as the suite sees them: exact bytes, nothing parsed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

Credentials = Mapping[str, Any]
"""Under the common names: api_key, api_secret, passphrase, user_id, account_id, oms_id, username, password."""


@dataclass(frozen=True, slots=True)
class HttpCall:
    """One request as it goes out; `target` is path and query as written on the wire."""

    method: str
    target: str
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""

    def with_headers(self, *headers: tuple[str, str]) -> HttpCall:
        return replace(self, headers=(*self.headers, *headers))

    @property
    def path(self) -> str:
        return self.target.partition("?")[0]

    @property
    def query(self) -> str:
        return self.target.partition("?")[2]


@dataclass(frozen=True, slots=True)
class HttpReply:
    """One answer as it came in."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes

    def header(self, name: str) -> str | None:
        wanted = name.lower()
        return next((value for key, value in self.headers if key.lower() == wanted), None)


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a client of one exchange speaks: `signed(call, credentials, now_ms)` adds what proves who is asking.

    `hello(credentials)` is the frame that logs a WebSocket in, for exchanges that have one.
    """

    signed: Callable[[HttpCall, Credentials, int], HttpCall]
    hello: Callable[[Credentials], str] | None = None
