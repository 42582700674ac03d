"""Bybit's envelope: how a success or a refusal becomes bytes.

Facts: key order and compactness from captures with byte counts (pybit#340, ccxt#15926), headers from ccxt#15926 and
#19322.
"""

from __future__ import annotations

from typing import Any

from simulator.core.limits import Verdict
from simulator.core.message import Reply
from simulator.core.rows import Refusal, Row, fill
from simulator.core.wire import encode
from simulator.exchanges.bybit.behavior import Fields
from simulator.exchanges.bybit.call import Call
from simulator.exchanges.bybit.errors import Errors

_OUTSIDE = {
    "text": (("Content-Type", "text/plain; charset=utf-8"), ("Server", "Openresty")),
    "html": (("Content-Type", "text/html"), ("Server", "CloudFront")),
}
"""The headers of answers that come from in front of the API; the page of a 403 is CloudFront's (pipedream#5641)."""


def success(call: Call, message: str, result: Any) -> Reply:
    """The answer of an endpoint that did what it was asked."""
    return _render(call, 0, message, result)


def refused(call: Call, row: Row, refusal: Refusal) -> Reply:
    """The one place where a refusal becomes bytes."""
    if row.shape == "empty":
        return Reply(row.status, tuple(_bare_headers(call, call.world.now_ms())))
    if row.shape in _OUTSIDE:
        return Reply(row.status, _OUTSIDE[row.shape], row.text.encode())
    result = {"status": 0} if row.shape == "status_zero" else {}
    wait_ms = refusal.blanks.get("wait_ms")
    if isinstance(wait_ms, int):
        call.verdict = Verdict(False, 0, wait_ms)
    elif row is Errors.TOO_MANY_VISITS:
        # A limit that is not the endpoint's own comes without the limit headers (pybit#340).
        call.verdict = None
    return _render(call, row.code, fill(row.text, {**call.blanks(), **refusal.blanks}), result, row.status)


def _render(call: Call, code: int | str, message: str, result: Any, status: int = 200) -> Reply:
    now_ms = call.world.now_ms()
    body = {"retCode": code, "retMsg": message, "result": result}
    if code != 0 or not call.is_bare:
        body |= {"retExtInfo": {}, "time": now_ms}
    return Reply(status, tuple(_headers(call, code, now_ms)), encode(body))


def _bare_headers(call: Call, now_ms: int) -> list[tuple[str, str]]:
    """The headers seen on a 404 (ccxt#19322)."""
    traces = call.key.account.traces if call.key else call.world.traces
    return [
        ("Content-Type", "application/json; charset=utf-8"),
        ("Server", "Openresty"),
        ("Timenow", str(now_ms)),
        ("Traceid", traces.hex(32)),
    ]


def _headers(call: Call, code: int | str, now_ms: int) -> list[tuple[str, str]]:
    """The headers seen on other answers (ccxt#15926); the limit headers in server time."""
    headers = _bare_headers(call, now_ms)
    headers += [("Cache-Control", "max-age=0, no-cache, no-store"), ("Pragma", "no-cache")]
    if code != 0 or call.behavior.get(Fields.RET_CODE_ON_SUCCESS) is True:
        headers.append(("Ret_code", str(code)))
    limit = call.endpoint.limit if call.endpoint else None
    if call.verdict is not None and limit is not None:
        calls = limit.calls
        if call.behavior.get(Fields.HEADER_PER_SECOND) is True:
            calls = max(1, calls * 1000 // limit.window_ms)
        # A second ahead at least: pybit sleeps until this moment and fails on one that has passed when it reads it.
        wait_ms = 0 if call.verdict.allowed else max(call.verdict.wait_ms, 1000)
        headers += [
            ("X-Bapi-Limit", str(calls)),
            ("X-Bapi-Limit-Status", str(call.verdict.remaining)),
            ("X-Bapi-Limit-Reset-Timestamp", str(now_ms + wait_ms)),
        ]
    return headers
