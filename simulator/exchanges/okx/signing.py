"""OKX's signature, over what arrived: timestamp + method + raw request target + raw body, HMAC-SHA256, base64.

Pure functions; facts: docs-v5 "REST Authentication", "Signature". The target keeps its query string exactly as it stood
on the wire: ccxt signs and sends `ccy=BTC%2CETH`, python-okx signs and sends `ccy=BTC,ETH`, and both work on the real
server, so nothing may be normalised here. An absent body contributes nothing. The documentation names the query for GET
only and signs a POST without one; that the query of a POST is signed as it stands in the target is [inferred].
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Callable
from datetime import datetime
from urllib.parse import unquote, unquote_plus

from simulator.core.wire import as_arrived, decode


def prehash(timestamp: str, method: str, target: str, body: bytes) -> bytes:
    """The text that is signed."""
    return as_arrived(timestamp + method + target) + body


def sign(secret: str, text: bytes) -> str:
    """OK-ACCESS-SIGN of `text`. The secret is used as text: its hex digits are not decoded."""
    return _with_key(as_arrived(secret), text)


def matches(secret: str, text: bytes, signature: str) -> bool:
    """True if `signature` is the one of `text`, letter for letter."""
    return hmac.compare_digest(sign(secret, text).encode("ascii"), as_arrived(signature))


def diagnosis(secret: str, timestamp: str, method: str, target: str, body: bytes, signature: str) -> str:
    """The known mistake that makes `signature` of what arrived; "" when none of them does."""
    given = as_arrived(signature)
    for mistake, make in _MISTAKES.items():
        try:
            made = make(secret, timestamp, method, target, body)
        except ValueError:
            continue  # This mistake cannot be made here: the secret is no hex, the body no JSON, and so on.
        if hmac.compare_digest(made.encode("ascii"), given):
            return mistake
    return ""


def _with_key(key: bytes, text: bytes) -> str:
    return base64.b64encode(hmac.new(key, text, hashlib.sha256).digest()).decode("ascii")


def _compact(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=float)


def _decoded(target: str, decode_query: Callable[[str], str]) -> str:
    path, mark, query = target.partition("?")
    return path + mark + decode_query(query)


def _epoch_ms(timestamp: str) -> int:
    return round(datetime.fromisoformat(timestamp).timestamp() * 1000)


_MISTAKES: dict[str, Callable[[str, str, str, str, bytes], str]] = {
    "the body is written again with blanks": lambda secret, stamp, method, target, body: sign(
        secret, prehash(stamp, method, target, as_arrived(json.dumps(decode(body), default=float)))
    ),
    "the body is written again without blanks": lambda secret, stamp, method, target, body: sign(
        secret, prehash(stamp, method, target, as_arrived(_compact(decode(body))))
    ),
    "the query is left out": lambda secret, stamp, method, target, body: sign(
        secret, prehash(stamp, method, target.partition("?")[0], body)
    ),
    "the query is signed unencoded": lambda secret, stamp, method, target, body: sign(
        secret, prehash(stamp, method, _decoded(target, unquote), body)
    ),
    "the query is signed unencoded, with blanks that are sent as +": lambda secret, stamp, method, target, body: sign(
        secret, prehash(stamp, method, _decoded(target, unquote_plus), body)
    ),
    "the digest is in hex instead of base64": lambda secret, stamp, method, target, body: base64.b64decode(
        sign(secret, prehash(stamp, method, target, body))
    ).hex(),
    "the secret is base64-decoded": lambda secret, stamp, method, target, body: _with_key(
        base64.b64decode(secret), prehash(stamp, method, target, body)
    ),
    "the secret is hex-decoded": lambda secret, stamp, method, target, body: _with_key(
        bytes.fromhex(secret), prehash(stamp, method, target, body)
    ),
    "the timestamp is signed in seconds": lambda secret, stamp, method, target, body: sign(
        secret, prehash(str(_epoch_ms(stamp) // 1000), method, target, body)
    ),
    "the timestamp is signed in milliseconds": lambda secret, stamp, method, target, body: sign(
        secret, prehash(str(_epoch_ms(stamp)), method, target, body)
    ),
    "the method is signed in lower case": lambda secret, stamp, method, target, body: sign(
        secret, prehash(stamp, method.lower(), target, body)
    ),
}
"""What clients do wrong, each with the signature that comes of it."""
