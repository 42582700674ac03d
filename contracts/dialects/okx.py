"""OKX V5 as its documentation has it (docs-v5 "REST Authentication"): four OK-ACCESS headers; the signature is the
base64 of HMAC-SHA256 over timestamp + method + request path with query + body, the timestamp ISO 8601 in UTC with ms.
The documentation signs a POST without a query; that a query it has all the same is signed too is [inferred].
A WebSocket is logged in with the same signature over its timestamp in seconds + "GET" + "/users/self/verify".
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from datetime import UTC, datetime, timedelta

from contracts.wire import Credentials, Dialect, HttpCall


def timestamp(now_ms: int) -> str:
    """OK-ACCESS-TIMESTAMP, such as `2020-12-08T09:08:57.715Z`."""
    moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=now_ms)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def signature(secret: str, sent_at: str, method: str, target: str, body: bytes) -> str:
    """OK-ACCESS-SIGN; `target` is path and query as sent, `body` is b"" when there is none."""
    message = (sent_at + method + target).encode() + body
    return base64.b64encode(hmac.new(secret.encode(), message, hashlib.sha256).digest()).decode()


def signed(call: HttpCall, credentials: Credentials, now_ms: int) -> HttpCall:
    """`call` with its authentication headers."""
    sent_at = timestamp(now_ms)
    sign = signature(str(credentials["api_secret"]), sent_at, call.method, call.target, call.body)
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


DIALECT = Dialect(signed, hello=hello)
