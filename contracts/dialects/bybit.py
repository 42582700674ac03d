"""Bybit V5 as its documentation has it (docs v5/guide): four X-BAPI headers, HMAC-SHA256 in lower-case hex over
timestamp + key + receive window + (raw query of a GET | raw body of a POST).
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Callable
from dataclasses import replace
from urllib.parse import quote, unquote

from contracts.wire import Credentials, Dialect, HttpCall, Sign


def signature(secret: str, timestamp: str, api_key: str, recv_window: str, payload: bytes) -> str:
    """X-BAPI-SIGN; `recv_window` is "" when the header is not sent."""
    message = (timestamp + api_key + recv_window).encode() + payload
    return hmac.digest(secret.encode(), message, "sha256").hex()


def signed(call: HttpCall, credentials: Credentials, now_ms: int, recv_window: str = "5000") -> HttpCall:
    """`call` with its authentication headers. A receive window that it has already is signed as it stands; an empty
    `recv_window` leaves that header away.
    """
    timestamp, api_key = str(now_ms), str(credentials["api_key"])
    window = call.header("X-BAPI-RECV-WINDOW")
    sign = signature(
        str(credentials["api_secret"]), timestamp, api_key, recv_window if window is None else window, payload(call)
    )
    return _with(call, api_key, timestamp, sign, recv_window if window is None else "")


def payload(call: HttpCall) -> bytes:
    """The part of a call that is signed: the query of a GET without its question mark, the body of a POST."""
    return call.query.encode() if call.method == "GET" else call.body


def _with(call: HttpCall, api_key: str, timestamp: str, sign: str, recv_window: str = "5000") -> HttpCall:
    headers = [("X-BAPI-API-KEY", api_key), ("X-BAPI-TIMESTAMP", timestamp), ("X-BAPI-SIGN", sign)]
    if recv_window:
        headers.append(("X-BAPI-RECV-WINDOW", recv_window))
    return call.with_headers(*headers)


Text = Callable[[HttpCall, str, str], bytes]
"""What a mistaken client signs: of the call, its timestamp and its key."""


def _signs(text: Text) -> Sign:
    """A client that signs another text than the documented one."""

    def sign(call: HttpCall, credentials: Credentials, now_ms: int) -> HttpCall:
        timestamp, api_key = str(now_ms), str(credentials["api_key"])
        mac = hmac.new(str(credentials["api_secret"]).encode(), text(call, timestamp, api_key), hashlib.sha256)
        return _with(call, api_key, timestamp, mac.hexdigest())

    return sign


def _writes(written: Callable[[str, bytes], str]) -> Sign:
    """A client that signs the right text and writes the signature in another way."""

    def sign(call: HttpCall, credentials: Credentials, now_ms: int) -> HttpCall:
        timestamp, api_key = str(now_ms), str(credentials["api_key"])
        message = (timestamp + api_key + "5000").encode() + payload(call)
        return _with(call, api_key, timestamp, written(str(credentials["api_secret"]), message))

    return sign


def _head(timestamp: str, api_key: str) -> bytes:
    return (timestamp + api_key + "5000").encode()


def _spaced(body: bytes) -> bytes:
    """JSON as another writer would have written it: with blanks where there are none, without where there are."""
    value = json.loads(body or b"{}")
    compact = json.dumps(value, separators=(",", ":")).encode()
    return json.dumps(value).encode() if compact == body else compact


def _sorted_query(query: str) -> bytes:
    parts = query.split("&")
    return "&".join(sorted(parts) if parts != sorted(parts) else sorted(parts, reverse=True)).encode()


def _sends_seconds(call: HttpCall, credentials: Credentials, now_ms: int) -> HttpCall:
    return signed(call, credentials, now_ms // 1000)


def _sends_another_time(call: HttpCall, credentials: Credentials, now_ms: int) -> HttpCall:
    return signed(call, credentials, now_ms).changed({"X-BAPI-TIMESTAMP": str(now_ms + 1)})


def _sends_no_window(call: HttpCall, credentials: Credentials, now_ms: int) -> HttpCall:
    return signed(call, credentials, now_ms).changed({"X-BAPI-RECV-WINDOW": None})


def _sends_another_window(call: HttpCall, credentials: Credentials, now_ms: int) -> HttpCall:
    return signed(call, credentials, now_ms).changed({"X-BAPI-RECV-WINDOW": "10000"})


def _signs_parameters(call: HttpCall, credentials: Credentials, now_ms: int) -> HttpCall:
    """As V2 had it: key, time and window are parameters, signed with the others in the order of their names."""
    given = [f"api_key={credentials['api_key']}", "recv_window=5000", f"timestamp={now_ms}"]
    query = "&".join(sorted([*filter(None, call.query.split("&")), *given]))
    sign = hmac.new(str(credentials["api_secret"]).encode(), query.encode(), hashlib.sha256).hexdigest()
    return replace(call, target=f"{call.path}?{query}&sign={sign}")


MISTAKES: dict[str, Sign] = {
    # What is signed is not what is sent.
    "body_written_again": _signs(lambda call, t, k: _head(t, k) + _spaced(call.body)),
    "payload_left_out": _signs(lambda call, t, k: _head(t, k)),
    "braces_for_nothing": _signs(lambda call, t, k: _head(t, k) + (payload(call) or b"{}")),
    "query_sorted": _signs(lambda call, t, k: _head(t, k) + _sorted_query(call.query)),
    "query_decoded": _signs(lambda call, t, k: _head(t, k) + unquote(call.query).encode()),
    "query_encoded": _signs(lambda call, t, k: _head(t, k) + quote(call.query, safe="=&").encode()),
    "timestamp_taken_twice": _sends_another_time,
    "recv_window_not_sent": _sends_no_window,
    "recv_window_not_the_signed_one": _sends_another_window,
    # The text has other parts, or another order.
    "path_signed": _signs(lambda call, t, k: _head(t, k) + call.path.encode() + payload(call)),
    "method_signed": _signs(lambda call, t, k: _head(t, k) + call.method.encode() + payload(call)),
    "question_mark_signed": _signs(lambda call, t, k: _head(t, k) + b"?" + payload(call)),
    "recv_window_not_signed": _signs(lambda call, t, k: (t + k).encode() + payload(call)),
    "key_not_signed": _signs(lambda call, t, k: (t + "5000").encode() + payload(call)),
    "timestamp_not_signed": _signs(lambda call, t, k: (k + "5000").encode() + payload(call)),
    "key_before_timestamp": _signs(lambda call, t, k: (k + t + "5000").encode() + payload(call)),
    "recv_window_before_key": _signs(lambda call, t, k: (t + "5000" + k).encode() + payload(call)),
    "seconds_signed": _signs(lambda call, t, k: _head(t[:-3], k) + payload(call)),
    "seconds_for_milliseconds": _sends_seconds,
    "credentials_in_query": _signs_parameters,
    # The text is right, the signature of it is not.
    "hex_in_upper_case": _writes(lambda s, m: hmac.new(s.encode(), m, hashlib.sha256).hexdigest().upper()),
    "base64_for_hex": _writes(lambda s, m: base64.b64encode(hmac.new(s.encode(), m, hashlib.sha256).digest()).decode()),
    "sha512_for_sha256": _writes(lambda s, m: hmac.new(s.encode(), m, hashlib.sha512).hexdigest()),
    "sha256_without_hmac": _writes(lambda s, m: hashlib.sha256(m + s.encode()).hexdigest()),
    "secret_and_text_swapped": _writes(lambda s, m: hmac.new(m, s.encode(), hashlib.sha256).hexdigest()),
    "line_break_in_secret": _writes(lambda s, m: hmac.new(s.encode() + b"\n", m, hashlib.sha256).hexdigest()),
}
"""Wrong ways to sign, those that the documentation warns of and that clients have taken.

One that makes no difference for a call (`query_sorted` without a query) signs it rightly.
"""

DIALECT = Dialect(signed, MISTAKES)
