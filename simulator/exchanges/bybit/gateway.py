"""Bybit's gateway: the order of its checks, and its envelope.

The order is the order of the lines in `_process`. What is evidenced: an unknown path is answered before anything
else, and a missing permission before the body is looked at; the rest is concluded (cheap checks first).
"""

from __future__ import annotations

import re
from typing import Any

from simulator.core.accounts import Key
from simulator.core.behavior import Behavior
from simulator.core.exchange import Answer, Endpoint
from simulator.core.limits import Verdict
from simulator.core.message import Reply, Request
from simulator.core.rows import Refusal, Row, fill
from simulator.core.wire import encode
from simulator.core.world import World
from simulator.exchanges.bybit import signing
from simulator.exchanges.bybit.behavior import Conditions, Fields
from simulator.exchanges.bybit.endpoints import ENDPOINTS, Call
from simulator.exchanges.bybit.errors import Errors

_INTEGER = re.compile(r"[0-9]{1,19}", re.ASCII)
_DEFAULT_RECV_WINDOW = 5000


def answer(world: World, request: Request) -> Answer:
    """One request, from the raw bytes to the reply.

    Whoever's key it names, even with a wrong signature, finds it in that account's journal and has it answered by that
    account's behavior.
    """
    call = Call(world=world, request=request, key=world.find_key(request.header("X-BAPI-API-KEY") or ""))
    refusal: Refusal | None = None
    row: Row | None = None
    try:
        result, message = _process(call)
        reply = _render(call, 0, message, result)
    except Refusal as caught:
        refusal, row = caught, _behavior(call).row(caught.condition)
        reply = _render_row(call, row, caught)
    endpoint = call.endpoint.name if call.endpoint else ""
    return Answer(reply=reply, endpoint=endpoint, key=call.key, refusal=refusal, row=row)


def _process(call: Call) -> tuple[Any, str]:
    """The column of checks. Returns the result and retMsg of a success; raises Refusal."""
    request, now_ms = call.request, call.world.now_ms()
    endpoint = call.endpoint = _route(request)
    if endpoint.permission is not None:
        timestamp, api_key, signature = _auth_headers(request)
        recv_window = request.header("X-BAPI-RECV-WINDOW") or ""
        _check_window(timestamp, recv_window, now_ms)
        key = _known_key(call, api_key)
        _check_expiry(key)
        _check_signature(key, request, timestamp, recv_window, signature)
        _check_ip(key, request.peer)
        _check_permission(key, endpoint)
        call.verdict = _take(key, endpoint)
    return endpoint.function(call)  # type: ignore[no-any-return]


def _route(request: Request) -> Endpoint:
    methods = [endpoint for endpoint in ENDPOINTS if endpoint.path == request.path]
    if not methods:
        raise Refusal(Conditions.UNKNOWN_ROUTE, f"no endpoint has the path {request.path!r}")
    for endpoint in methods:
        if endpoint.method == request.method:
            return endpoint
    raise Refusal(Conditions.WRONG_METHOD, f"{request.path} takes {methods[0].method}, not {request.method}")


def _auth_headers(request: Request) -> tuple[str, str, str]:
    timestamp = request.header("X-BAPI-TIMESTAMP") or ""
    api_key = request.header("X-BAPI-API-KEY") or ""
    signature = request.header("X-BAPI-SIGN") or ""
    if not (timestamp and api_key and signature):
        raise Refusal(
            Conditions.EMPTY_HEADER,
            "X-BAPI-TIMESTAMP, X-BAPI-API-KEY and X-BAPI-SIGN are all needed",
            timestamp=timestamp,
            api_key=api_key,
            signature=signature,
        )
    return timestamp, api_key, signature


def _check_window(timestamp: str, recv_window: str, now_ms: int) -> None:
    if not _INTEGER.fullmatch(timestamp):
        raise Refusal(Conditions.TIMESTAMP_NOT_A_NUMBER, f"X-BAPI-TIMESTAMP {timestamp!r} is no integer (ms)")
    if recv_window and not _INTEGER.fullmatch(recv_window):
        raise Refusal(Conditions.RECV_WINDOW_NOT_A_NUMBER, f"X-BAPI-RECV-WINDOW {recv_window!r} is no integer (ms)")
    window_ms = int(recv_window) if recv_window else _DEFAULT_RECV_WINDOW
    sent_ms = int(timestamp)
    # The window is one-sided: late by up to recv_window, early by less than a second (docs v5/guide).
    if not now_ms - window_ms <= sent_ms < now_ms + 1000:
        raise Refusal(
            Conditions.OUTSIDE_WINDOW,
            f"the timestamp is {sent_ms - now_ms:+d} ms from the server's; allowed is -{window_ms} to +999",
            timestamp=sent_ms,
            now=now_ms,
            recv_window=window_ms,
        )


def _known_key(call: Call, api_key: str) -> Key:
    if call.key is None:
        raise Refusal(Conditions.UNKNOWN_KEY, f"no account here has the key {api_key!r}")
    return call.key


def _check_expiry(key: Key) -> None:
    if key.is_expired:
        raise Refusal(Conditions.EXPIRED_KEY, f"the key expired at {key.expires_ms} (account time)")


def _check_signature(key: Key, request: Request, timestamp: str, recv_window: str, signature: str) -> None:
    payload = request.query.encode("utf-8", "surrogateescape") if request.method == "GET" else request.body
    origin = signing.origin_string(timestamp, key.api_key, recv_window, payload)
    uppercase = key.account.behavior.get(Fields.UPPERCASE_HEX) is True
    if not signing.matches(key.secret, origin, signature, uppercase=uppercase):
        text = origin.decode("utf-8", "replace")
        raise Refusal(
            Conditions.WRONG_SIGNATURE,
            f"the server signed {text!r} and expected {signing.sign(key.secret, origin)}, not {signature!r}",
            origin=text,
        )


def _check_ip(key: Key, peer: str) -> None:
    if not key.allows_ip(peer):
        raise Refusal(Conditions.WRONG_IP, f"{peer} is not among the key's {', '.join(key.ip_allowlist)}")


def _check_permission(key: Key, endpoint: Endpoint) -> None:
    if endpoint.permission and endpoint.permission not in key.permissions:
        raise Refusal(Conditions.NO_PERMISSION, f"the key lacks the permission {endpoint.permission!r}")
    if endpoint.method == "POST" and key.details.read_only:
        raise Refusal(Conditions.READ_ONLY_KEY, "the key is read-only")


def _take(key: Key, endpoint: Endpoint) -> Verdict:
    """Count the call against its limit (per UID, in account time). Without limits every call is the first."""
    limit, account = endpoint.limit, key.account
    assert limit is not None  # every private endpoint has a documented one
    if not account.limited:
        return Verdict(True, limit.calls - 1, 0)
    verdict = account.counter(endpoint.name, None, limit.counter).take(account.now_ms())
    if not verdict.allowed:
        raise Refusal(
            Conditions.RATE_LIMIT,
            f"more than {limit.calls} calls in {limit.window_ms // 1000} s; free again in {verdict.wait_ms} ms",
            wait_ms=verdict.wait_ms,
        )
    return verdict


def _behavior(call: Call) -> Behavior:
    return call.key.account.behavior if call.key else call.world.behavior


def _render_row(call: Call, row: Row, refusal: Refusal) -> Reply:
    """The one place where a refusal becomes bytes."""
    if row.shape == "empty":
        return Reply(row.status, tuple(_bare_headers(call, call.world.now_ms())))
    result = {"status": 0} if row.shape == "status_zero" else {}
    wait_ms = refusal.blanks.get("wait_ms")
    if isinstance(wait_ms, int):
        call.verdict = Verdict(False, 0, wait_ms)
    elif row is Errors.TOO_MANY_VISITS:
        # A limit that is not the endpoint's own comes without the limit headers (pybit#340).
        call.verdict = None
    return _render(call, row.code, fill(row.text, refusal.blanks), result, row.status)


def _render(call: Call, code: int | str, message: str, result: Any, status: int = 200) -> Reply:
    now_ms = call.world.now_ms()
    body = {"retCode": code, "retMsg": message, "result": result, "retExtInfo": {}, "time": now_ms}
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
    if code != 0 or _behavior(call).get(Fields.RET_CODE_ON_SUCCESS) is True:
        headers.append(("Ret_code", str(code)))
    if call.verdict is not None and call.endpoint is not None and call.endpoint.limit is not None:
        headers += [
            ("X-Bapi-Limit", str(call.endpoint.limit.calls)),
            ("X-Bapi-Limit-Status", str(call.verdict.remaining)),
            # Not before now: pybit sleeps until this moment and fails on one that has passed.
            ("X-Bapi-Limit-Reset-Timestamp", str(now_ms + call.verdict.wait_ms)),
        ]
    return headers
