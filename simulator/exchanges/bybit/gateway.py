"""Bybit's gateway: the order of its checks.

The order is the order of the lines in `_process` and `_authenticate`. What is evidenced: an unknown path is answered
without an envelope, and a missing permission before the body is looked at; the rest is concluded, in part a field.
"""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import parse_qsl

from simulator.core.accounts import Key
from simulator.core.exchange import Answer, Endpoint
from simulator.core.limits import Verdict
from simulator.core.message import Request
from simulator.core.reading import elsewhere
from simulator.core.rows import Refusal, Row
from simulator.core.wire import NotJson, as_arrived, decode
from simulator.core.world import World
from simulator.exchanges.bybit import envelope, signing
from simulator.exchanges.bybit.behavior import Conditions, Fields
from simulator.exchanges.bybit.call import DEFAULT_RECV_WINDOW, Call
from simulator.exchanges.bybit.diagnosis import diagnosis
from simulator.exchanges.bybit.endpoints import ENDPOINTS
from simulator.exchanges.bybit.limits import IpWindow
from simulator.exchanges.bybit.parameters import PARAMETERS

_INTEGER = re.compile(r"[0-9]{1,19}", re.ASCII)


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
        reply = envelope.success(call, message, result)
    except Refusal as caught:
        refusal, row = caught, call.behavior.row(caught.condition)
        reply = envelope.refused(call, row, caught)
    endpoint = call.endpoint.name if call.endpoint else ""
    unread = call.reads.unread(PARAMETERS.get(endpoint, ()), is_refused=refusal is not None)
    return Answer(reply=reply, endpoint=endpoint, key=call.key, refusal=refusal, row=row, unread=unread)


def _process(call: Call) -> tuple[Any, str]:
    """The column of checks. Returns the result and retMsg of a success; raises Refusal."""
    request = call.request
    _check_edge(call)
    endpoint = call.endpoint = _route(request)
    if endpoint.permission is not None:
        _authenticate(call, endpoint)
    if request.method == "GET":
        call.query()  # what comes is noted, also where the endpoint has no parameters
    call.reads.misplace(elsewhere(request))
    return endpoint.function(call)  # type: ignore[no-any-return]


def _authenticate(call: Call, endpoint: Endpoint) -> None:
    """Who is asking, and whether that key may; the limit is counted last of all."""
    request, behavior = call.request, call.behavior
    timestamp, api_key, signature = _auth_headers(request)
    recv_window = request.header("X-BAPI-RECV-WINDOW") or ""
    if behavior.get(Fields.KEY_BEFORE_TIMESTAMP) is True:
        _known_key(call, api_key)
    _check_window(timestamp, recv_window, call.world.now_ms(), behavior.number(Fields.RECV_WINDOW_MAX))
    key = _known_key(call, api_key)
    if behavior.get(Fields.COUNTS_REFUSED) is True:
        call.verdict = _take(key, endpoint)
    _check_expiry(key)
    if behavior.get(Fields.SIGNATURE_LAST) is True:
        _check_rights(key, request.peer, endpoint)
    _check_signature(key, request, timestamp, recv_window, signature)
    _check_rights(key, request.peer, endpoint)
    call.verdict = call.verdict or _take(key, endpoint)


def _check_edge(call: Call) -> None:
    """What answers in front of the API itself."""
    request, key = call.request, call.key
    if request.method != request.method.upper():
        raise Refusal(Conditions.METHOD_NOT_UPPER_CASE, f"the method {request.method!r} is not upper case")
    if request.method == "GET" and request.body:
        raise Refusal(Conditions.GET_WITH_BODY, f"a GET came with a body of {len(request.body)} bytes")
    if key is None or not key.account.limited:
        return
    # By account and IP, so that parallel tests do not see each other.
    counter = key.account.counter("ip", request.peer, lambda: IpWindow(call.behavior.number(Fields.IP_BAN)))
    verdict = counter.take(key.account.steady_ms())
    if not verdict.allowed:
        raise Refusal(
            Conditions.IP_LIMIT, f"more than 600 calls in 5 s from {request.peer}; free in {verdict.wait_ms} ms"
        )


def _route(request: Request) -> Endpoint:
    path = request.path
    methods = [endpoint for endpoint in ENDPOINTS if endpoint.path == path]
    if not methods:
        raise Refusal(Conditions.UNKNOWN_ROUTE, f"no endpoint has the path {path!r}")
    for endpoint in methods:
        if endpoint.method == request.method:
            return endpoint
    raise Refusal(Conditions.WRONG_METHOD, f"{path} takes {methods[0].method}, not {request.method}")


def _auth_headers(request: Request) -> tuple[str, str, str]:
    timestamp = request.header("X-BAPI-TIMESTAMP") or ""
    api_key = request.header("X-BAPI-API-KEY") or ""
    signature = request.header("X-BAPI-SIGN") or ""
    if not (timestamp or api_key or signature) and _has_credentials(request):
        raise Refusal(Conditions.CREDENTIALS_IN_PARAMETERS, "the credentials are not in headers")
    if not (timestamp and api_key and signature):
        raise Refusal(
            Conditions.EMPTY_HEADER,
            "X-BAPI-TIMESTAMP, X-BAPI-API-KEY and X-BAPI-SIGN are all needed",
            timestamp=timestamp,
            api_key=api_key,
            signature=signature,
        )
    return timestamp, api_key, signature


def _has_credentials(request: Request) -> bool:
    """True if `api_key` and `sign` are parameters of the query, or fields of a body of JSON."""
    given: dict[str, Any] = dict(parse_qsl(request.query))
    try:
        body = decode(request.body)
    except NotJson:
        body = None
    if isinstance(body, dict):
        given |= body
    return "api_key" in given and "sign" in given


def _check_window(timestamp: str, recv_window: str, now_ms: int, largest_ms: int) -> None:
    if not _INTEGER.fullmatch(timestamp):
        raise Refusal(Conditions.TIMESTAMP_NOT_A_NUMBER, f"X-BAPI-TIMESTAMP {timestamp!r} is no integer (ms)")
    if recv_window and not _INTEGER.fullmatch(recv_window):
        raise Refusal(Conditions.RECV_WINDOW_NOT_A_NUMBER, f"X-BAPI-RECV-WINDOW {recv_window!r} is no integer (ms)")
    window_ms = int(recv_window) if recv_window else DEFAULT_RECV_WINDOW
    if 0 < largest_ms < window_ms:
        raise Refusal(Conditions.RECV_WINDOW_TOO_LARGE, f"X-BAPI-RECV-WINDOW {window_ms} is above {largest_ms}")
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
    payload = as_arrived(request.query) if request.method == "GET" else request.body
    origin = signing.origin_string(timestamp, key.api_key, recv_window, payload)
    public_key = key.details.public_key
    if public_key is not None:
        fits = signing.matches_rsa(public_key, origin, signature)
    else:
        uppercase = key.account.behavior.get(Fields.UPPERCASE_HEX) is True
        fits = signing.matches(key.secret, origin, signature, uppercase=uppercase)
    if not fits:
        told = diagnosis(key, request, timestamp, recv_window, payload, signature)
        raise Refusal(Conditions.WRONG_SIGNATURE, told.because(), diagnosis=told, origin=told.signed)


def _check_rights(key: Key, peer: str, endpoint: Endpoint) -> None:
    if key.account.behavior.get(Fields.PERMISSION_BEFORE_IP) is True:
        _check_permission(key, endpoint)
    _check_ip(key, peer)
    _check_permission(key, endpoint)


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
    verdict = account.counter(endpoint.name, None, limit.counter).take(account.steady_ms())
    if not verdict.allowed:
        raise Refusal(
            Conditions.RATE_LIMIT,
            f"more than {limit.calls} calls in {limit.window_ms // 1000} s; free again in {verdict.wait_ms} ms",
            wait_ms=verdict.wait_ms,
        )
    return verdict
