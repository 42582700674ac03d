"""OKX's signature, over what arrived: timestamp + method + raw request target + raw body, HMAC-SHA256, base64.

Pure functions; facts: docs-v5 "REST Authentication", "Signature". The target keeps its query string exactly as it stood
on the wire: ccxt signs and sends `ccy=BTC%2CETH`, python-okx signs and sends `ccy=BTC,ETH`, and both work on the real
server, so nothing may be normalised here. An absent body contributes nothing. The documentation names the query for GET
only and signs a POST without one; that the query of a POST is signed as it stands in the target is [inferred].
"""

from __future__ import annotations

import base64
import hmac

from simulator.core.wire import as_arrived


def prehash(timestamp: str, method: str, target: str, body: bytes) -> bytes:
    """The text that is signed."""
    return as_arrived(timestamp + method + target) + body


def sign(secret: str, text: bytes) -> str:
    """OK-ACCESS-SIGN of `text`. The secret is used as text: its hex digits are not decoded."""
    return base64.b64encode(hmac.digest(as_arrived(secret), text, "sha256")).decode("ascii")


def matches(secret: str, text: bytes, signature: str) -> bool:
    """True if `signature` is the one of `text`, letter for letter."""
    return hmac.compare_digest(sign(secret, text).encode("ascii"), as_arrived(signature))
