"""AlphaPoint's signature: nonce + user id + key, nothing of the request itself.

Pure functions; facts: APEX documentation AuthenticateUser, ccxt ndax.py, notbank, hummingbot. Nonces may be repeated,
and nonce and user id may be divided differently with the same result: only the headers tell them apart.
"""

from __future__ import annotations

import hmac


def message(nonce: str, user_id: str, api_key: str) -> bytes:
    """The text that is signed, as its parts arrived."""
    return to_bytes(nonce + user_id + api_key)


def sign(secret: str, signed: bytes) -> str:
    """HMAC-SHA256 in lower-case hex."""
    return hmac.digest(to_bytes(secret), signed, "sha256").hex()


def matches(secret: str, signed: bytes, signature: str, *, uppercase: bool) -> bool:
    """True if `signature` is the one of `signed`."""
    given = signature.lower() if uppercase else signature
    return same(sign(secret, signed), given)


def same(expected: str, given: str) -> bool:
    """True if the two are equal, told in constant time."""
    return hmac.compare_digest(to_bytes(expected), to_bytes(given))


def to_bytes(text: str) -> bytes:
    """UTF-8. Header bytes that were none come back as they were; lone surrogates out of JSON do not fail either."""
    try:
        return text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        return text.encode("utf-8", "surrogatepass")
