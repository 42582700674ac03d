"""OKX V5 as its documentation has it (docs-v5 "REST Authentication"): four OK-ACCESS headers; the signature is the
base64 of HMAC-SHA256 over timestamp + method + request path with query + body, the timestamp ISO 8601 in UTC with ms.
The documentation signs a POST without a query; that a query it has all the same is signed too is [inferred].
A WebSocket is logged in with the same signature over its timestamp in seconds + "GET" + "/users/self/verify".
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qsl, quote, unquote, unquote_plus

from contracts.wire import Credentials, Dialect, HttpCall, Sign


def timestamp(now_ms: int) -> str:
    """OK-ACCESS-TIMESTAMP, such as `2020-12-08T09:08:57.715Z`."""
    moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=now_ms)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def signature(secret: str, sent_at: str, method: str, target: str, body: bytes) -> str:
    """OK-ACCESS-SIGN; `target` is path and query as sent, `body` is b"" when there is none."""
    message = (sent_at + method + target).encode() + body
    return base64.b64encode(hmac.digest(secret.encode(), message, "sha256")).decode()


def signed(call: HttpCall, credentials: Credentials, now_ms: int) -> HttpCall:
    """`call` with its authentication headers."""
    sent_at = timestamp(now_ms)
    sign = signature(str(credentials["api_secret"]), sent_at, call.method, call.target, call.body)
    return _with(call, credentials, sent_at, sign)


def _with(call: HttpCall, credentials: Credentials, sent_at: str, sign: str) -> HttpCall:
    return call.with_headers(
        ("OK-ACCESS-KEY", str(credentials["api_key"])),
        ("OK-ACCESS-SIGN", sign),
        ("OK-ACCESS-TIMESTAMP", sent_at),
        ("OK-ACCESS-PASSPHRASE", str(credentials["passphrase"])),
    )


def login(credentials: Credentials, now_s: int | float | str, **changes: object) -> str:
    """The frame that logs a WebSocket in; `changes` replace what stands in its argument."""
    arg: dict[str, object] = {
        "apiKey": credentials["api_key"],
        "passphrase": credentials["passphrase"],
        "timestamp": now_s,
        "sign": signature(str(credentials["api_secret"]), str(now_s), "GET", "/users/self/verify", b""),
    }
    return json.dumps({"op": "login", "args": [{**arg, **changes}]})


def hello(credentials: Credentials, now_ms: int) -> str:
    """The login frame of this moment."""
    return login(credentials, str(now_ms // 1000))


Text = Callable[[HttpCall, int], bytes]
"""What a mistaken client signs: of the call and its moment (ms since 1970)."""


def _signs(text: Text) -> Sign:
    """A client that signs another text than the documented one."""

    def sign(call: HttpCall, credentials: Credentials, now_ms: int) -> HttpCall:
        made = signature(str(credentials["api_secret"]), "", "", "", text(call, now_ms))
        return _with(call, credentials, timestamp(now_ms), made)

    return sign


def _writes(written: Callable[[bytes, bytes], str]) -> Sign:
    """A client that signs the right text and makes or writes the signature in another way: of secret and text."""

    def sign(call: HttpCall, credentials: Credentials, now_ms: int) -> HttpCall:
        text = _head(call, now_ms) + call.target.encode() + call.body
        made = written(str(credentials["api_secret"]).encode(), text)
        return _with(call, credentials, timestamp(now_ms), made)

    return sign


def _sends(sent_at: Callable[[int], str]) -> Sign:
    """A client that sends, and signs, its timestamp in another form."""

    def sign(call: HttpCall, credentials: Credentials, now_ms: int) -> HttpCall:
        sent = sent_at(now_ms)
        made = signature(str(credentials["api_secret"]), sent, call.method, call.target, call.body)
        return _with(call, credentials, sent, made)

    return sign


def _head(call: HttpCall, now_ms: int) -> bytes:
    return (timestamp(now_ms) + call.method).encode()


def _spaced(body: bytes) -> bytes:
    """JSON as another writer would have written it: with blanks where there are none, without where there are."""
    try:
        value = json.loads(body)
    except ValueError:
        return body
    compact = json.dumps(value, separators=(",", ":")).encode()
    return json.dumps(value).encode() if compact == body else compact


def _decoded(secret: bytes, decode: Callable[[bytes], bytes]) -> bytes:
    """The secret decoded; as it is where it is no text of that kind."""
    try:
        return decode(secret)
    except binascii.Error:
        return secret


def _query(call: HttpCall, change: Callable[[str], str]) -> bytes:
    return (call.path + ("?" + change(call.query) if call.query else "")).encode()


def _compact(query: str) -> bytes:
    """A query as the JSON that a client makes of its parameters before it knows whether they go into a body."""
    return json.dumps(dict(parse_qsl(query)), separators=(",", ":")).encode()


def _digest(secret: bytes, text: bytes) -> bytes:
    return hmac.new(secret, text, hashlib.sha256).digest()


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode()


MISTAKES: dict[str, Sign] = {
    "body_written_again": _signs(lambda call, t: _head(call, t) + call.target.encode() + _spaced(call.body)),
    "body_left_out": _signs(lambda call, t: _head(call, t) + call.target.encode()),
    "empty_object_for_no_body": _signs(lambda call, t: _head(call, t) + call.target.encode() + (call.body or b"{}")),
    "query_left_out": _signs(lambda call, t: _head(call, t) + call.path.encode() + call.body),
    "query_decoded": _signs(lambda call, t: _head(call, t) + _query(call, unquote) + call.body),
    "form_query_decoded": _signs(lambda call, t: _head(call, t) + _query(call, unquote_plus) + call.body),
    "query_encoded": _signs(
        lambda call, t: _head(call, t) + _query(call, lambda query: quote(query, safe="=&")) + call.body
    ),
    "query_as_body": _signs(
        lambda call, t: _head(call, t) + call.path.encode() + (_compact(call.query) if call.query else call.body)
    ),
    "path_prefix_left_out": _signs(
        lambda call, t: _head(call, t) + call.target.removeprefix("/api/v5").encode() + call.body
    ),
    "host_signed": _signs(lambda call, t: _head(call, t) + b"https://www.okx.com" + call.target.encode() + call.body),
    "method_in_lower_case": _signs(
        lambda call, t: (timestamp(t) + call.method.lower() + call.target).encode() + call.body
    ),
    "method_left_out": _signs(lambda call, t: (timestamp(t) + call.target).encode() + call.body),
    "method_before_timestamp": _signs(lambda call, t: (call.method + timestamp(t) + call.target).encode() + call.body),
    "seconds_signed": _signs(lambda call, t: (str(t // 1000) + call.method + call.target).encode() + call.body),
    "milliseconds_signed": _signs(lambda call, t: (str(t) + call.method + call.target).encode() + call.body),
    "another_moment_signed": _signs(
        lambda call, t: (timestamp(t + 1) + call.method + call.target).encode() + call.body
    ),
    "milliseconds_sent": _sends(str),
    "local_time_sent": _sends(lambda t: timestamp(t + 8 * 3600 * 1000)),
    "hex_for_base64": _writes(lambda s, m: _digest(s, m).hex()),
    "base64_of_hex": _writes(lambda s, m: _base64(_digest(s, m).hex().encode())),
    "base64_without_padding": _writes(lambda s, m: _base64(_digest(s, m)).rstrip("=")),
    "base64_in_lower_case": _writes(lambda s, m: _base64(_digest(s, m)).lower()),
    "sha512_for_sha256": _writes(lambda s, m: _base64(hmac.new(s, m, hashlib.sha512).digest())),
    "sha256_without_hmac": _writes(lambda s, m: _base64(hashlib.sha256(m + s).digest())),
    "secret_decoded_from_hex": _writes(lambda s, m: _base64(_digest(_decoded(s, binascii.unhexlify), m))),
    "secret_decoded_from_base64": _writes(lambda s, m: _base64(_digest(_decoded(s, base64.b64decode), m))),
    "line_break_in_secret": _writes(lambda s, m: _base64(_digest(s + b"\n", m))),
}
"""Wrong ways to sign: seen in the code or the issues of SDKs, warned of in the documentation, or a slip with one part.

One that makes no difference for a call (`query_decoded` without a query) signs it rightly.
"""

VARIANTS: dict[str, Sign] = {"without_fraction": _sends(lambda t: timestamp(t)[:-5] + "Z")}
"""Other right ways to sign: gocryptotrader sends whole seconds."""

DIALECT = Dialect(signed, MISTAKES, hello, VARIANTS, welcome='"event":"login"')
