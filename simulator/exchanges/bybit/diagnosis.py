"""Which known mistake makes a client's HMAC signature of a request: for the journal, never for the client.

Pure functions. The mistakes are those of docs v5/guide, of the SDKs' issues and of what rotki notes about its cursor.
"""

from __future__ import annotations

import base64
import hmac
import json
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import quote, unquote

from simulator.core.wire import as_arrived, decode
from simulator.exchanges.bybit.signing import origin_string, sign


@dataclass(frozen=True, slots=True)
class Signed:
    """The parts of the text that the server signed."""

    secret: str
    timestamp: str
    api_key: str
    recv_window: str
    payload: bytes

    def sign(self, *, payload: bytes | None = None, recv_window: str | None = None, key: str | None = None) -> str:
        """The signature with some of the parts changed."""
        origin = origin_string(
            self.timestamp,
            self.api_key if key is None else key,
            self.recv_window if recv_window is None else recv_window,
            self.payload if payload is None else payload,
        )
        return sign(self.secret, origin)


def diagnosis(signed: Signed, signature: str) -> str:
    """The known mistake that makes `signature`; "" when none of them does."""
    given = as_arrived(signature)
    for mistake, make in _MISTAKES.items():
        try:
            made = make(signed)
        except (ValueError, TypeError):
            continue  # This mistake cannot be made here: the body is no JSON.
        if hmac.compare_digest(made.encode("ascii"), given):
            return mistake
    return ""


def _spaced(body: bytes) -> bytes:
    return as_arrived(json.dumps(decode(body), default=float))


def _compact(body: bytes) -> bytes:
    return as_arrived(json.dumps(decode(body), ensure_ascii=False, separators=(",", ":"), default=float))


def _text(payload: bytes) -> str:
    return payload.decode("utf-8", "surrogateescape")


_MISTAKES: dict[str, Callable[[Signed], str]] = {
    "the body is written again with blanks": lambda signed: signed.sign(payload=_spaced(signed.payload)),
    "the body is written again without blanks": lambda signed: signed.sign(payload=_compact(signed.payload)),
    "{} is signed where nothing is sent": lambda signed: signed.sign(payload=signed.payload or b"{}"),
    "the query or body is left out": lambda signed: signed.sign(payload=b""),
    "the query is signed sorted": lambda signed: signed.sign(
        payload=as_arrived("&".join(sorted(_text(signed.payload).split("&"))))
    ),
    "the query is signed unencoded": lambda signed: signed.sign(payload=as_arrived(unquote(_text(signed.payload)))),
    "the query is signed encoded and sent unencoded": lambda signed: signed.sign(
        payload=as_arrived(quote(signed.payload, safe="=&"))
    ),
    "the query is signed with its question mark": lambda signed: signed.sign(payload=b"?" + signed.payload),
    "the receive window is sent and not signed": lambda signed: signed.sign(recv_window=""),
    "a receive window of 5000 is signed and not sent": lambda signed: signed.sign(
        recv_window=signed.recv_window or "5000"
    ),
    "the key is not signed": lambda signed: signed.sign(key=""),
    "the digest is in upper case": lambda signed: signed.sign().upper(),
    "the digest is in base64 instead of hex": lambda signed: base64.b64encode(bytes.fromhex(signed.sign())).decode(),
}
"""What clients do wrong, each with the signature that comes of it."""
