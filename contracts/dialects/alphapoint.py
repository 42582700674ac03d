"""AlphaPoint as its documentation has it (APEX, Authenticate and AuthenticateUser): HMAC-SHA256 in lower-case hex over
nonce + user id + key, in four headers or in a frame; a session token or Basic credentials instead. Nothing of the
request itself is signed. Frames are JSON with the payload as JSON text in `o`.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping
from typing import Any

from contracts.wire import Credentials, Dialect, HttpCall


def signature(secret: str, nonce: str, user_id: str, api_key: str) -> str:
    """The Signature header; all four are text."""
    return hmac.new(secret.encode(), (nonce + user_id + api_key).encode(), hashlib.sha256).hexdigest()


def proof(credentials: Credentials, nonce: str) -> dict[str, str]:
    """The four values that say who is asking: headers of a request, or the payload of a login frame."""
    api_key, user_id = str(credentials["api_key"]), str(credentials["user_id"])
    sign = signature(str(credentials["api_secret"]), nonce, user_id, api_key)
    return {"APIKey": api_key, "Signature": sign, "UserId": user_id, "Nonce": nonce}


def signed(call: HttpCall, credentials: Credentials, now_ms: int) -> HttpCall:
    """`call` with the four headers, as ccxt sends them; the nonce may be any text."""
    return call.with_headers(*proof(credentials, str(now_ms)).items())


def with_token(call: HttpCall, token: str) -> HttpCall:
    """`call` within the session that a login opened."""
    return call.with_headers(("aptoken", token))


def with_password(call: HttpCall, username: str, password: str) -> HttpCall:
    """A login with HTTP Basic credentials."""
    encoded = base64.b64encode(f"{username}:{password}".encode()).decode()
    return call.with_headers(("Authorization", f"Basic {encoded}"))


def with_pending(call: HttpCall, token: str) -> HttpCall:
    """The second step of a login: `token` is the Pending2FaToken that the first one gave."""
    return call.with_headers(("Pending2FaToken", token))


def totp(secret: str, now_s: int) -> str:
    """The six digits of RFC 6238 (HMAC-SHA1, 30 seconds) that an authenticator app shows."""
    key = base64.b32decode(secret + "=" * (-len(secret) % 8))
    mac = hmac.new(key, (now_s // 30).to_bytes(8), hashlib.sha1).digest()
    place = mac[-1] & 15
    return f"{(int.from_bytes(mac[place : place + 4]) & 0x7FFFFFFF) % 1_000_000:06d}"


def guarded(payload: Mapping[str, Any], code: str) -> dict[str, str]:
    """The payload of a function that asks for a code as well, in its wrapper."""
    return {"TFaType": "Google", "TFaCode": code, "Payload": json.dumps(payload, separators=(",", ":"))}


def frame(number: int, function: str, payload: Mapping[str, Any] | None = None) -> str:
    """A request frame."""
    text = json.dumps(payload or {}, separators=(",", ":"))
    return json.dumps({"m": 0, "i": number, "n": function, "o": text}, separators=(",", ":"))


def hello(credentials: Credentials, now_ms: int = 0) -> str:
    """The frame that logs a socket in."""
    return frame(0, "AuthenticateUser", proof(credentials, "2247733562"))


DIALECT = Dialect(signed, hello=hello)
