"""Kraken's signature, over what arrived: HMAC-SHA512 of path + SHA256(nonce + raw body), key and result in base64.

Pure functions; facts: docs.kraken.com spot REST authentication. A form and a JSON body are signed alike, as bytes.
"""

from __future__ import annotations

import base64
import hashlib
import hmac


def sign(secret: str, path: bytes, nonce: str, body: bytes) -> str:
    """API-Sign. `nonce` is the text of the nonce in the body; raises ValueError for a secret that is not base64."""
    return _digest(base64.b64decode(secret, validate=True), path, _text(nonce), body)


def matches(secret: str, paths: tuple[bytes, ...], nonce: str, body: bytes, signature: str) -> bool:
    """True if `signature` is the one of the body under one of `paths`."""
    given = _text(signature)
    return any(hmac.compare_digest(sign(secret, path, nonce, body).encode(), given) for path in paths)


def raw(target: str) -> bytes:
    """The bytes of a request target as they arrived."""
    try:
        return target.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        return _text(target)


def _digest(key: bytes, path: bytes, nonce: bytes, body: bytes) -> str:
    message = path + hashlib.sha256(nonce + body).digest()
    return base64.b64encode(hmac.digest(key, message, "sha512")).decode()


def _text(text: str) -> bytes:
    # What is no UTF-8 becomes "?", which is in no base64 text and in no nonce: it can only fail to match.
    return text.encode("utf-8", "replace")
