"""AlphaPoint as its documentation has it (APEX, Authenticate and AuthenticateUser): HMAC-SHA256 in lower-case hex over
nonce + user id + key, in four headers or in a frame; a session token or Basic credentials instead. Nothing of the
request itself is signed. Frames are JSON with the payload as JSON text in `o`. The nonce may be any text: a call that
has one already keeps it.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

from contracts.wire import Credentials, Dialect, HttpCall, Sign


def signature(secret: str, nonce: str, user_id: str, api_key: str) -> str:
    """The Signature header; all four are text."""
    return hmac.digest(secret.encode(), (nonce + user_id + api_key).encode(), "sha256").hex()


def proof(credentials: Credentials, nonce: str) -> dict[str, str]:
    """The four values that say who is asking: headers of a request, or the payload of a login frame."""
    api_key, user_id = str(credentials["api_key"]), str(credentials["user_id"])
    sign = signature(str(credentials["api_secret"]), nonce, user_id, api_key)
    return {"APIKey": api_key, "Signature": sign, "UserId": user_id, "Nonce": nonce}


def signed(call: HttpCall, credentials: Credentials, now_ms: int) -> HttpCall:
    """`call` with the four headers, as ccxt sends them; the nonce may be any text."""
    return _with(call, proof(credentials, _nonce(call, now_ms)))


def _nonce(call: HttpCall, now_ms: int) -> str:
    return call.header("Nonce") or str(now_ms)


def _with(call: HttpCall, proof: Mapping[str, str]) -> HttpCall:
    return call.with_headers(*((name, value) for name, value in proof.items() if call.header(name) is None))


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
    return _digits(secret, now_s // 30)


@lru_cache(maxsize=16)  # asked for with every call
def _digits(secret: str, counter: int) -> str:
    key = base64.b32decode(secret + "=" * (-len(secret) % 8))
    mac = hmac.digest(key, counter.to_bytes(8), "sha1")
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


Text = Callable[[HttpCall, Credentials, str], str]
"""What a mistaken client signs: of the call, its credentials and its nonce."""


def _signs(text: Text) -> Sign:
    """A client that signs another text than the documented one."""
    return _writes(lambda secret, message: hmac.new(secret.encode(), message, hashlib.sha256).hexdigest(), text)


def _right(call: HttpCall, credentials: Credentials, nonce: str) -> str:
    return f"{nonce}{credentials['user_id']}{credentials['api_key']}"


def _writes(written: Callable[[str, bytes], str], text: Text = _right) -> Sign:
    """A client that signs the right text in another way, or writes the signature in another way."""

    def sign(call: HttpCall, credentials: Credentials, now_ms: int) -> HttpCall:
        nonce = _nonce(call, now_ms)
        made = written(str(credentials["api_secret"]), text(call, credentials, nonce).encode())
        return _with(call, {**proof(credentials, nonce), "Signature": made})

    return sign


def _keyed(key: Callable[[str], bytes]) -> Sign:
    """A client that makes something else of its secret than the bytes of its text."""
    return _writes(lambda secret, message: hmac.new(key(secret), message, hashlib.sha256).hexdigest())


def _from_hex(secret: str) -> bytes:
    try:
        return bytes.fromhex(secret)
    except ValueError:
        return secret.encode()


def _from_base64(secret: str) -> bytes:
    try:
        return base64.b64decode(secret, validate=True)
    except ValueError:
        return secret.encode()


def _key_for_secret(call: HttpCall, credentials: Credentials, now_ms: int) -> HttpCall:
    swapped = {**credentials, "api_key": credentials["api_secret"], "api_secret": credentials["api_key"]}
    made = proof(swapped, _nonce(call, now_ms))["Signature"]
    return _with(call, {**proof(credentials, _nonce(call, now_ms)), "Signature": made})


def _next(nonce: str) -> str:
    """What a clock says a moment later; of a nonce that is no number, another text."""
    return str(int(nonce) + 1) if re.fullmatch("[0-9]+", nonce) else nonce + "1"


MISTAKES: dict[str, Sign] = {
    "body_signed": _signs(lambda call, c, n: _right(call, c, n) + call.body.decode()),
    "path_signed": _signs(lambda call, c, n: _right(call, c, n) + call.path),
    "method_signed": _signs(lambda call, c, n: call.method + _right(call, c, n)),
    "function_signed": _signs(lambda call, c, n: _right(call, c, n) + call.path.rpartition("/")[2]),
    "nonce_left_out": _signs(lambda call, c, n: f"{c['user_id']}{c['api_key']}"),
    "user_id_left_out": _signs(lambda call, c, n: f"{n}{c['api_key']}"),
    "key_left_out": _signs(lambda call, c, n: f"{n}{c['user_id']}"),
    "key_before_user_id": _signs(lambda call, c, n: f"{n}{c['api_key']}{c['user_id']}"),
    "user_id_before_nonce": _signs(lambda call, c, n: f"{c['user_id']}{n}{c['api_key']}"),
    "key_first": _signs(lambda call, c, n: f"{c['api_key']}{n}{c['user_id']}"),
    "username_for_user_id": _signs(lambda call, c, n: f"{n}{c.get('username', 'nobody')}{c['api_key']}"),
    "account_id_for_user_id": _signs(lambda call, c, n: f"{n}{c.get('account_id', 0)}{c['api_key']}"),
    "nonce_made_twice": _signs(lambda call, c, n: _right(call, c, _next(n))),
    "seconds_signed": _signs(lambda call, c, n: _right(call, c, n[:-3])),
    "parts_on_lines": _signs(lambda call, c, n: f"{n}\n{c['user_id']}\n{c['api_key']}"),
    "parts_with_commas": _signs(lambda call, c, n: f"{n},{c['user_id']},{c['api_key']}"),
    "parts_as_query": _signs(lambda call, c, n: f"Nonce={n}&UserId={c['user_id']}&APIKey={c['api_key']}"),
    "line_break_in_message": _signs(lambda call, c, n: _right(call, c, n) + "\n"),
    "line_break_in_secret": _keyed(lambda secret: secret.encode() + b"\n"),
    "secret_decoded_from_hex": _keyed(_from_hex),
    "secret_decoded_from_base64": _keyed(_from_base64),
    "secret_in_upper_case": _keyed(lambda secret: secret.upper().encode()),
    "key_for_secret": _key_for_secret,
    "base64_for_hex": _writes(lambda s, m: base64.b64encode(hmac.new(s.encode(), m, hashlib.sha256).digest()).decode()),
    "hex_of_hex": _writes(lambda s, m: hmac.new(s.encode(), m, hashlib.sha256).hexdigest().encode().hex()),
    "sha512_for_sha256": _writes(lambda s, m: hmac.new(s.encode(), m, hashlib.sha512).hexdigest()),
    "sha1_for_sha256": _writes(lambda s, m: hmac.new(s.encode(), m, hashlib.sha1).hexdigest()),
    "sha256_without_hmac": _writes(lambda s, m: hashlib.sha256(m + s.encode()).hexdigest()),
}
"""Wrong ways to sign. One that makes no difference (a secret that is no hex, decoded from hex) signs rightly.

Upper-case hex is none of them: whether the exchange takes it is not known.
"""


def codes(credentials: Credentials, now_ms: int) -> dict[str, str]:
    """The code of now, for the hole «totp»."""
    return {"totp": totp(str(credentials["totp_secret"]), now_ms // 1000)} if "totp_secret" in credentials else {}


DIALECT = Dialect(
    signed,
    MISTAKES,
    hello=hello,
    codes=codes,
    welcome='authenticated\\":true',
    tokens=("SessionToken", "TwoFAToken", "Pending2FaToken", "sessiontoken"),
)
