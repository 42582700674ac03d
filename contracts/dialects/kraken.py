"""Kraken Spot REST as its documentation has it (docs.kraken.com, spot REST authentication): two headers; the signature
is the base64 of HMAC-SHA512, keyed with the decoded secret, over path + SHA256(nonce + body). The body holds the nonce.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, parse_qsl, quote, urlencode

from contracts.wire import Credentials, Dialect, HttpCall, Sign


def signature(secret: str, path: str, nonce: str, body: bytes) -> str:
    """API-Sign."""
    message = path.encode() + hashlib.sha256(nonce.encode() + body).digest()
    return base64.b64encode(hmac.digest(base64.b64decode(secret), message, "sha512")).decode()


def nonce(call: HttpCall) -> str:
    """The text of the nonce in the body, a form or JSON; "" when there is none to be found."""
    if not _is_json(call):
        return parse_qs(call.body.decode("utf-8", "replace")).get("nonce", [""])[-1]
    try:
        return str(json.loads(call.body)["nonce"])
    except (ValueError, KeyError, TypeError, RecursionError):
        return ""


def signed(call: HttpCall, credentials: Credentials, now_ms: int) -> HttpCall:
    """`call` with its authentication headers; the body must hold its nonce already."""
    return _with(call, credentials, signature(str(credentials["api_secret"]), call.path, nonce(call), call.body))


def _with(call: HttpCall, credentials: Credentials, sign: str) -> HttpCall:
    return call.with_headers(("API-Key", str(credentials["api_key"])), ("API-Sign", sign))


def _is_json(call: HttpCall) -> bool:
    return "json" in {name.lower(): value for name, value in call.headers}.get("content-type", "")


Message = Callable[[HttpCall, str], bytes]
"""What the HMAC is made of: of a call and the text of its nonce."""


def _right(call: HttpCall, nonce: str) -> bytes:
    return call.path.encode() + _inner(nonce.encode() + call.body)


def _inner(text: bytes) -> bytes:
    return hashlib.sha256(text).digest()


def _signs(message: Message) -> Sign:
    """A client that signs another text than the documented one."""
    return _writes(lambda secret, text: base64.b64encode(_mac(secret, text)).decode(), message)


def _hashes(inner: Callable[[bytes, bytes], bytes]) -> Sign:
    """A client that puts something else behind the path: made of the nonce and the body."""
    return _signs(lambda call, nonce: call.path.encode() + inner(nonce.encode(), call.body))


def _sends(body: Callable[[HttpCall], bytes]) -> Sign:
    """A client that signs another body than the one it sends."""
    return _signs(lambda call, nonce: call.path.encode() + _inner(nonce.encode() + body(call)))


def _writes(written: Callable[[str, bytes], str], message: Message = _right) -> Sign:
    """A client that makes its signature in another way from secret and text."""

    def sign(call: HttpCall, credentials: Credentials, now_ms: int) -> HttpCall:
        return _with(call, credentials, written(str(credentials["api_secret"]), message(call, nonce(call))))

    return sign


def _mac(secret: str, text: bytes) -> bytes:
    return hmac.new(base64.b64decode(secret), text, hashlib.sha512).digest()


def _arguments(call: HttpCall) -> dict[str, Any]:
    if not _is_json(call):
        return dict(parse_qsl(call.body.decode(), keep_blank_values=True))
    try:
        value = json.loads(call.body)
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}


def _written_again(call: HttpCall) -> bytes:
    """The arguments as another writer would have written them: other blanks in JSON, other escapes in a form."""
    arguments = _arguments(call)
    if not _is_json(call):
        usual = urlencode(arguments).encode()
        return usual if usual != call.body else urlencode(arguments, quote_via=quote).encode()
    compact = json.dumps(arguments, separators=(",", ":")).encode()
    return json.dumps(arguments).encode() if compact == call.body else compact


def _in_the_other_form(call: HttpCall) -> bytes:
    arguments = _arguments(call)
    return urlencode(arguments).encode() if _is_json(call) else json.dumps(arguments, separators=(",", ":")).encode()


def _turned_round(call: HttpCall) -> bytes:
    arguments = dict(reversed(_arguments(call).items()))
    return json.dumps(arguments, separators=(",", ":")).encode() if _is_json(call) else urlencode(arguments).encode()


def _without_the_last(call: HttpCall) -> bytes:
    """As it was before one more argument was added behind the signing: a one-time password, a broker's mark."""
    kept = dict(list(_arguments(call).items())[:-1])
    return json.dumps(kept, separators=(",", ":")).encode() if _is_json(call) else urlencode(kept).encode()


def _another(nonce: bytes) -> bytes:
    """A nonce of the next moment: its last digit is another one."""
    return nonce[:-1] + (b"1" if nonce.endswith(b"0") else b"0")


MISTAKES: dict[str, Sign] = {
    "secret_not_decoded": _writes(lambda s, m: base64.b64encode(hmac.new(s.encode(), m, "sha512").digest()).decode()),
    "hex_for_base64": _writes(lambda s, m: _mac(s, m).hex()),
    "hex_inside_base64": _writes(lambda s, m: base64.b64encode(_mac(s, m).hex().encode()).decode()),
    "sha256_for_sha512": _writes(
        lambda s, m: base64.b64encode(hmac.new(base64.b64decode(s), m, "sha256").digest()).decode()
    ),
    "sha512_without_hmac": _writes(
        lambda s, m: base64.b64encode(hashlib.sha512(base64.b64decode(s) + m).digest()).decode()
    ),
    "sha512_for_the_body": _hashes(lambda nonce, body: hashlib.sha512(nonce + body).digest()),
    "body_hash_in_hex": _hashes(lambda nonce, body: hashlib.sha256(nonce + body).hexdigest().encode()),
    "body_not_hashed": _hashes(lambda nonce, body: nonce + body),
    "nonce_left_out": _hashes(lambda nonce, body: _inner(body)),
    "nonce_behind_the_body": _hashes(lambda nonce, body: _inner(body + nonce)),
    "nonce_not_hashed": _hashes(lambda nonce, body: nonce + _inner(body)),
    "nonce_taken_again": _hashes(lambda nonce, body: _inner(_another(nonce) + body)),
    "nonce_in_seconds": _hashes(lambda nonce, body: _inner(nonce[:10] + body)),
    "nonce_as_a_float": _hashes(lambda nonce, body: _inner(nonce + b".0" + body)),
    "body_left_out": _hashes(lambda nonce, body: _inner(nonce)),
    "body_written_again": _sends(_written_again),
    "body_in_the_other_form": _sends(_in_the_other_form),
    "arguments_in_another_order": _sends(_turned_round),
    "last_argument_not_signed": _sends(_without_the_last),
    "path_left_out": _signs(lambda call, nonce: _inner(nonce.encode() + call.body)),
    "path_behind_the_hash": _signs(lambda call, nonce: _inner(nonce.encode() + call.body) + call.path.encode()),
    "path_without_version": _signs(lambda call, nonce: _right(call, nonce).removeprefix(b"/0")),
    "path_in_lower_case": _signs(lambda call, nonce: call.path.lower().encode() + _inner(nonce.encode() + call.body)),
    "host_signed": _signs(lambda call, nonce: b"https://api.kraken.com" + _right(call, nonce)),
    "method_signed": _signs(lambda call, nonce: call.method.encode() + _right(call, nonce)),
}
"""Wrong ways to sign, each seen in an issue of an SDK, warned of by the documentation, or one step away from what it
prescribes: decode the secret, hash nonce and body, put the path in front, write the result in base64.

One that makes no difference for a call (`nonce_in_seconds` for a nonce of ten digits) signs it rightly.
"""

DIALECT = Dialect(signed, MISTAKES)
