"""Kraken Spot REST as its documentation has it (docs.kraken.com, spot REST authentication): two headers; the signature
is the base64 of HMAC-SHA512, keyed with the decoded secret, over path + SHA256(nonce + body). The body holds the nonce.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from urllib.parse import parse_qs

from contracts.wire import Credentials, Dialect, HttpCall


def signature(secret: str, path: str, nonce: str, body: bytes) -> str:
    """API-Sign."""
    message = path.encode() + hashlib.sha256(nonce.encode() + body).digest()
    return base64.b64encode(hmac.new(base64.b64decode(secret), message, hashlib.sha512).digest()).decode()


def nonce(call: HttpCall) -> str:
    """The text of the nonce in the body, a form or JSON; "" when there is none to be found."""
    if "json" not in {name.lower(): value for name, value in call.headers}.get("content-type", ""):
        return parse_qs(call.body.decode("utf-8", "replace")).get("nonce", [""])[-1]
    try:
        return str(json.loads(call.body)["nonce"])
    except (ValueError, KeyError, TypeError, RecursionError):
        return ""


def signed(call: HttpCall, credentials: Credentials, now_ms: int) -> HttpCall:
    """`call` with its authentication headers; the body must hold its nonce already."""
    sign = signature(str(credentials["api_secret"]), call.path, nonce(call), call.body)
    return call.with_headers(("API-Key", str(credentials["api_key"])), ("API-Sign", sign))


DIALECT = Dialect(signed)
