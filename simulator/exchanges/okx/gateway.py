"""OKX's gateway: the order of its checks, and its three body shapes.

The order is the order of the lines in `_process`. What is evidenced: route and method before everything, the timestamp
before the key is looked up, an unknown key before passphrase and signature, a missing permission before parameters and
the demo gate (probes of www.okx.com and my.okx.com, 2026). The rest is concluded; three orders are fields.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from simulator.core.accounts import Account, Key
from simulator.core.behavior import Behavior
from simulator.core.exchange import Answer, Endpoint
from simulator.core.limits import FixedWindow, SlidingWindow
from simulator.core.message import Reply, Request
from simulator.core.rows import Condition, Refusal, Row, fill
from simulator.core.wire import NotJson, decode, encode
from simulator.core.world import World
from simulator.exchanges.okx import signing
from simulator.exchanges.okx.behavior import Conditions, Fields
from simulator.exchanges.okx.endpoints import ENDPOINTS, Call

_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.ASCII)
_TIMESTAMP = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{1,3})?Z", re.ASCII)
_WINDOW_MS = 30_000
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_HEADERS = (("Content-Type", "application/json"),)


def answer(world: World, request: Request) -> Answer:
    """One request, from the raw bytes to the reply."""
    call = Call(world=world, request=request)
    refusal: Refusal | None = None
    row: Row | None = None
    try:
        reply = _reply(200, {"code": "0", "data": _process(call), "msg": ""})
    except Refusal as caught:
        refusal, row = caught, _behavior(call).row(caught.condition)
        reply = _render_row(row, caught)
    endpoint = call.endpoint.name if call.endpoint else ""
    return Answer(reply=reply, endpoint=endpoint, key=call.key, refusal=refusal, row=row)


def _process(call: Call) -> list[dict[str, Any]]:
    """The column of checks. Returns the rows of a success; raises Refusal."""
    request = call.request
    endpoint = call.endpoint = _route(request)
    # A public call ignores the OK-ACCESS headers, wrong ones too: okx-api sends stale ones along (docs-v5 say that
    # such a call is no use of the key).
    if endpoint.permission is not None:
        # Whose key it is decides whose journal and behavior count, from here on; it proves nothing yet.
        call.key = call.world.find_key(request.header("OK-ACCESS-KEY") or "")
        behavior = _behavior(call)
        api_key = _header(request, "OK-ACCESS-KEY", Conditions.KEY_EMPTY)
        passphrase = _header(request, "OK-ACCESS-PASSPHRASE", Conditions.PASSPHRASE_EMPTY)
        signature = _header(request, "OK-ACCESS-SIGN", Conditions.SIGN_EMPTY)
        timestamp = _header(request, "OK-ACCESS-TIMESTAMP", Conditions.TIMESTAMP_EMPTY)
        # A check that comes earlier by `behavior` simply runs twice: all it can do is refuse.
        if behavior.get(Fields.KEY_SHAPE_BEFORE_TIMESTAMP) is True:
            _check_shape(call.key, api_key)
        _check_timestamp(timestamp, call.world.now_ms())
        _check_shape(call.key, api_key)
        key = _known(call.key, api_key)
        _check_expiry(key)
        _check_standing(key.account)
        if behavior.get(Fields.ENVIRONMENT_BEFORE_IP) is True:
            _check_environment(key.account, request)
        _check_ip(key, request.peer)
        _check_environment(key.account, request)
        if behavior.get(Fields.SIGNATURE_BEFORE_PASSPHRASE) is True:
            _check_signature(key, request, timestamp, signature)
        _check_passphrase(key, passphrase)
        _check_signature(key, request, timestamp, signature)
        _take(key.account, endpoint)
        _check_permission(key, endpoint)
        if endpoint.method == "POST":
            call.body = _read_body(request, behavior)
    return endpoint.function(call)  # type: ignore[no-any-return]


def _route(request: Request) -> Endpoint:
    methods = [endpoint for endpoint in ENDPOINTS if endpoint.path == request.path]
    if not methods:
        raise Refusal(Conditions.UNKNOWN_ROUTE, f"no endpoint has the path {request.path!r}")
    for endpoint in methods:
        if endpoint.method == request.method:
            return endpoint
    raise Refusal(Conditions.WRONG_METHOD, f"{request.path} takes {methods[0].method}, not {request.method}")


def _header(request: Request, name: str, empty: Condition) -> str:
    value = request.header(name)
    if not value:
        raise Refusal(empty, f"the header {name} {'is missing' if value is None else 'is empty'}")
    return value


def _check_timestamp(timestamp: str, now_ms: int) -> None:
    sent_ms = _milliseconds(timestamp)
    if sent_ms is None:
        raise Refusal(
            Conditions.TIMESTAMP_INVALID,
            f"OK-ACCESS-TIMESTAMP {timestamp!r} is no UTC time such as 2020-12-08T09:08:57.715Z",
        )
    if abs(now_ms - sent_ms) > _WINDOW_MS:
        raise Refusal(
            Conditions.TIMESTAMP_EXPIRED,
            f"the timestamp is {sent_ms - now_ms:+d} ms from the server's clock; allowed is {_WINDOW_MS} either way",
        )


def _milliseconds(timestamp: str) -> int | None:
    """The moment in ms since 1970; None when the text names none. gocryptotrader sends no fraction of a second."""
    if not _TIMESTAMP.fullmatch(timestamp):
        return None
    try:
        elapsed = datetime.fromisoformat(timestamp) - _EPOCH
    except ValueError:
        return None
    return elapsed.days * 86_400_000 + elapsed.seconds * 1000 + elapsed.microseconds // 1000


def _check_shape(key: Key | None, api_key: str) -> None:
    """Keys that somebody configured are taken whatever they look like."""
    if key is None and not _UUID.fullmatch(api_key):
        raise Refusal(Conditions.KEY_MALFORMED, f"no account here has the key {api_key!r}, which is no lower-case UUID")


def _known(key: Key | None, api_key: str) -> Key:
    if key is None:
        raise Refusal(Conditions.UNKNOWN_KEY, f"no account here has the key {api_key!r}")
    return key


def _check_expiry(key: Key) -> None:
    if key.is_expired:
        raise Refusal(Conditions.EXPIRED_KEY, f"the key expired at {key.expires_ms} (account time)")


def _check_standing(account: Account) -> None:
    if account.details.api_frozen:
        raise Refusal(Conditions.API_FROZEN, "the account was made with api_frozen")
    if account.details.user_blocked:
        raise Refusal(Conditions.USER_BLOCKED, "the account was made with user_blocked")


def _check_ip(key: Key, peer: str) -> None:
    if not key.allows_ip(peer):
        raise Refusal(
            Conditions.WRONG_IP,
            f"{peer} is not among the key's {', '.join(key.ip_allowlist)}",
            ip=peer,
            api_key=key.api_key,
        )


def _check_environment(account: Account, request: Request) -> None:
    """python-okx always sends the header, as "0" for the real thing: only "1" means demo trading."""
    wants_demo = request.header("x-simulated-trading") == "1"
    if wants_demo != account.details.demo:
        kind = "a demo account" if account.details.demo else "no demo account"
        sent = "1" if wants_demo else "not 1"
        raise Refusal(Conditions.WRONG_ENVIRONMENT, f"the key belongs to {kind}, but x-simulated-trading is {sent}")


def _check_passphrase(key: Key, passphrase: str) -> None:
    if passphrase != key.passphrase:
        raise Refusal(Conditions.WRONG_PASSPHRASE, f"the key's passphrase is {key.passphrase!r}, not {passphrase!r}")


def _check_signature(key: Key, request: Request, timestamp: str, signature: str) -> None:
    text = signing.prehash(timestamp, request.method, request.target, request.body)
    if not signing.matches(key.secret, text, signature):
        mistake = signing.diagnosis(key.secret, timestamp, request.method, request.target, request.body, signature)
        raise Refusal(
            Conditions.WRONG_SIGNATURE,
            f"the server signed {text.decode('utf-8', 'replace')!r} and expected {signing.sign(key.secret, text)}, "
            f"not {signature!r}" + (f"; that is what comes out when {mistake}" if mistake else ""),
        )


def _take(account: Account, endpoint: Endpoint) -> None:
    """Count the call against its limit: by user, each endpoint for itself, in account time."""
    limit = endpoint.limit
    if limit is None or not account.limited:
        return
    window = str(account.behavior.get(Fields.LIMIT_WINDOW))
    make = SlidingWindow if window == "sliding" else FixedWindow
    counter = account.counter(f"{endpoint.name} {window}", None, lambda: make(limit.calls, limit.window_ms))
    verdict = counter.take(account.now_ms())
    if not verdict.allowed:
        raise Refusal(
            Conditions.RATE_LIMIT,
            f"more than {limit.calls} calls in {limit.window_ms / 1000:g} s; free again in {verdict.wait_ms} ms",
        )


def _check_permission(key: Key, endpoint: Endpoint) -> None:
    wanted = str(endpoint.permission)
    if endpoint.name == "cancel":
        wanted = str(key.account.behavior.get(Fields.CANCEL_PERMISSION))
    if not key.permissions.intersection(wanted.split(" or ")):
        has = ", ".join(sorted(key.permissions)) or "none"
        raise Refusal(Conditions.NO_PERMISSION, f"the call takes the permission {wanted}; the key has {has}")


def _read_body(request: Request, behavior: Behavior) -> Mapping[str, Any]:
    given = request.header("Content-Type") or ""
    is_json = given.partition(";")[0].strip().lower() == "application/json"
    if not is_json and behavior.get(Fields.CONTENT_TYPE_CHECKED) is True:
        raise Refusal(Conditions.CONTENT_TYPE, f"the Content-Type is {given!r}, not application/json")
    if not request.body:
        raise Refusal(Conditions.BODY_EMPTY, "the body is empty")
    try:
        body = decode(request.body)
    except NotJson as error:
        raise Refusal(Conditions.BODY_NOT_JSON, f"the body is not JSON: {error}") from None
    if not isinstance(body, dict):
        raise Refusal(Conditions.BODY_NOT_AN_OBJECT, f"the body is a JSON {type(body).__name__}, not an object")
    return body


def _behavior(call: Call) -> Behavior:
    return call.key.account.behavior if call.key else call.world.behavior


def _render_row(row: Row, refusal: Refusal) -> Reply:
    """The one place where a refusal becomes bytes, in the row's shape; the order of the keys is the captured one."""
    code, text = row.code, fill(row.text, refusal.blanks)
    if row.shape == "gateway":
        return _reply(row.status, {"msg": text, "code": str(code)})
    if row.shape == "service":
        return _reply(row.status, {"code": str(code), "data": [], "msg": text})
    edge: dict[str, Any] = {"code": code, "data": {}, "detailMsg": ""}
    return _reply(row.status, {**edge, "error_code": str(code), "error_message": text, "msg": text})


def _reply(status: int, body: Mapping[str, Any]) -> Reply:
    return Reply(status, _HEADERS, encode(body))
