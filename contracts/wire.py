"""HTTP calls and replies as the suite sees them: exact bytes, nothing parsed but what somebody asks for."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal, get_args

from contracts.documents import parsed

Exchange = Literal["bybit", "okx", "kraken", "alphapoint"]
EXCHANGES: tuple[Exchange, ...] = get_args(Exchange)

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
        return HttpCall(self.method, self.target, (*self.headers, *headers), self.body)

    def changed(self, changes: Mapping[str, str | None]) -> HttpCall:
        """With headers replaced, or left away (None), whatever their case."""
        if not changes:
            return self
        names = {name.lower() for name in changes}
        kept = [(name, value) for name, value in self.headers if name.lower() not in names]
        kept += [(name, value) for name, value in changes.items() if value is not None]
        return replace(self, headers=tuple(kept))

    @property
    def path(self) -> str:
        return self.target.partition("?")[0]

    @property
    def query(self) -> str:
        return self.target.partition("?")[2]

    def header(self, name: str) -> str | None:
        return _header(self.headers, name)


@dataclass(frozen=True, slots=True)
class HttpReply:
    """One answer as it came in."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes

    def header(self, name: str) -> str | None:
        return _header(self.headers, name)

    @property
    def text(self) -> str:
        return self.body.decode("utf-8", "backslashreplace")

    def member(self, name: str) -> str | None:
        """A member of the JSON object that was answered; None if there is none."""
        with contextlib.suppress(ValueError):
            document = parsed(self.body)
            if isinstance(document, dict) and name in document:
                return str(document[name])
        return None


def _header(headers: tuple[tuple[str, str], ...], name: str) -> str | None:
    wanted, length = name.lower(), len(name)
    for key, value in headers:
        if len(key) == length and key.lower() == wanted:
            return value
    return None


Sign = Callable[[HttpCall, Credentials, int], HttpCall]
"""`sign(call, credentials, now_ms)`: the call with what proves who is asking."""


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a client of one exchange proves who it is.

    `mistakes` are wrong ways to sign that real clients have taken, each by the name of the mistake: a server that is
    that exchange refuses every one of them. `variants` are other right ways, which it takes.
    `hello(credentials, now_ms)` is the frame that logs a WebSocket in, for exchanges that have one; `welcome` stands in
    the answer to it, in lower case, when that was done.
    `codes(credentials, now_ms)` fills further holes with what is good for a moment only. `tokens` are the members of
    answers that prove who is asking, too.
    """

    signed: Sign
    mistakes: Mapping[str, Sign] = field(default_factory=dict)
    hello: Callable[[Credentials, int], str] | None = None
    variants: Mapping[str, Sign] = field(default_factory=dict)
    codes: Callable[[Credentials, int], Mapping[str, str]] | None = None
    welcome: str = ""
    tokens: tuple[str, ...] = ()
