"""Bybit's signature, over what arrived: timestamp + key + receive window + (raw query | raw body).

Pure functions; facts: docs v5/guide. An absent receive window contributes nothing.
"""

from __future__ import annotations

import hashlib
import hmac


def origin_string(timestamp: str, api_key: str, recv_window: str, payload: bytes) -> bytes:
    """The text that is signed; `payload` is the raw query string of a GET and the raw body of a POST."""
    return f"{timestamp}{api_key}{recv_window}".encode("utf-8", "surrogateescape") + payload


def sign(secret: str, origin: bytes) -> str:
    """HMAC-SHA256 in lower-case hex."""
    return hmac.new(secret.encode(), origin, hashlib.sha256).hexdigest()


def matches(secret: str, origin: bytes, signature: str, *, uppercase: bool) -> bool:
    """True if `signature` is the one of `origin`."""
    given = signature.lower() if uppercase else signature
    return hmac.compare_digest(sign(secret, origin).encode(), given.encode("utf-8", "surrogateescape"))
