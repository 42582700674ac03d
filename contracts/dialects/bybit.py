"""Bybit V5 as its documentation has it (docs v5/guide): four X-BAPI headers, HMAC-SHA256 in lower-case hex over
timestamp + key + receive window + (raw query of a GET | raw body of a POST).
"""

from __future__ import annotations

import hashlib
import hmac

from contracts.wire import Credentials, Dialect, HttpCall


def signature(secret: str, timestamp: str, api_key: str, recv_window: str, payload: bytes) -> str:
    """X-BAPI-SIGN; `recv_window` is "" when the header is not sent."""
    message = (timestamp + api_key + recv_window).encode() + payload
    return hmac.new(secret.encode(), message, hashlib.sha256).hexdigest()


def signed(call: HttpCall, credentials: Credentials, now_ms: int, recv_window: str = "5000") -> HttpCall:
    """`call` with its authentication headers; an empty `recv_window` leaves that header away."""
    timestamp, api_key = str(now_ms), str(credentials["api_key"])
    payload = call.query.encode() if call.method == "GET" else call.body
    sign = signature(str(credentials["api_secret"]), timestamp, api_key, recv_window, payload)
    headers = [("X-BAPI-API-KEY", api_key), ("X-BAPI-TIMESTAMP", timestamp), ("X-BAPI-SIGN", sign)]
    if recv_window:
        headers.append(("X-BAPI-RECV-WINDOW", recv_window))
    return call.with_headers(*headers)


DIALECT = Dialect(signed)
