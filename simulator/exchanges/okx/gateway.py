"""OKX's gateway: the order of its checks, and its three body shapes.

The order is the order of the lines in `_process`. What is evidenced: route and method before everything, the timestamp
before the key is looked up, an unknown key before passphrase and signature, a missing permission before parameters and
the demo gate (probes of www.okx.com and my.okx.com, 2026). The rest is concluded; five orders are fields.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from simulator.core.accounts import Key
from simulator.core.behavior import Behavior
from simulator.core.exchange import Answer, Endpoint
from simulator.core.message import Reply, Request
from simulator.core.reading import elsewhere
from simulator.core.rows import Refusal, Row, fill
from simulator.core.wire import NotJson, decode, encode
from simulator.core.world import World
from simulator.exchanges.okx import authentication
from simulator.exchanges.okx.behavior import Conditions, Fields
from simulator.exchanges.okx.calls import Call
from simulator.exchanges.okx.endpoints import ENDPOINTS
from simulator.exchanges.okx.limits import take
from simulator.exchanges.okx.mistakes import Parts
from simulator.exchanges.okx.parameters import PARAMETERS

_EMPTY = {
    "passphrase": Conditions.PASSPHRASE_EMPTY,
    "sign": Conditions.SIGN_EMPTY,
    "timestamp": Conditions.TIMESTAMP_EMPTY,
}
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
        reply = _render_row(row, {**call.blanks(), **caught.blanks})
    endpoint = call.endpoint.name if call.endpoint else ""
    unread = call.reads.unread(PARAMETERS.get(endpoint, ()), is_refused=refusal is not None)
    return Answer(reply=reply, endpoint=endpoint, key=call.key, refusal=refusal, row=row, unread=unread)


def _process(call: Call) -> list[dict[str, Any]]:
    """The column of checks. Returns the rows of a success; raises Refusal."""
    # Whose key it is decides whose journal and behavior count; it proves nothing yet.
    call.key = call.world.find_key(call.request.header("OK-ACCESS-KEY") or "")
    endpoint = call.endpoint = _route(call.request)
    # A public call ignores the OK-ACCESS headers, wrong ones too: okx-api sends stale ones along (docs-v5 say that
    # such a call is no use of the key).
    if endpoint.permission is None:
        call.key = None
        take(call)
        return _act(call, endpoint)
    is_post = endpoint.method == "POST"
    if is_post and _behavior(call).get(Fields.BODY_BEFORE_AUTH) is True:
        call.body = _read_body(call.request, _behavior(call))
    key = _authenticate(call)
    take(call)
    _check_permission(key, endpoint)
    if is_post:
        call.body = call.reads.watch(_read_body(call.request, key.account.behavior))
    return _act(call, endpoint)


def _act(call: Call, endpoint: Endpoint) -> list[dict[str, Any]]:
    if endpoint.method == "GET":
        call.query()  # what comes is noted, also where the endpoint has no parameters
    call.reads.misplace(elsewhere(call.request))
    return endpoint.function(call)  # type: ignore[no-any-return]


def _authenticate(call: Call) -> Key:
    request, behavior = call.request, _behavior(call)
    api_key = authentication.header(request, "OK-ACCESS-KEY", Conditions.KEY_EMPTY)
    order = str(behavior.get(Fields.EMPTY_ORDER)).split(", ")
    given = {name: authentication.header(request, f"OK-ACCESS-{name.upper()}", _EMPTY[name]) for name in order}
    passphrase, signature, timestamp = given["passphrase"], given["sign"], given["timestamp"]
    # A check that comes earlier by `behavior` simply runs twice: all it can do is refuse.
    if behavior.get(Fields.KEY_SHAPE_BEFORE_TIMESTAMP) is True:
        authentication.check_shape(call.key, api_key, Conditions.KEY_MALFORMED)
    authentication.check_timestamp(
        authentication.milliseconds(timestamp, behavior.get(Fields.TIMESTAMP_FORMS) == "any"),
        f"{timestamp!r} (such as 2020-12-08T09:08:57.715Z)",
        call.world.now_ms(),
        Conditions.TIMESTAMP_INVALID,
        Conditions.TIMESTAMP_EXPIRED,
    )
    authentication.check_shape(call.key, api_key, Conditions.KEY_MALFORMED)
    key = authentication.known(call.key, api_key, Conditions.UNKNOWN_KEY, Conditions.EXPIRED_KEY)
    authentication.check_standing(key.account, Conditions.API_FROZEN, Conditions.USER_BLOCKED)
    if behavior.get(Fields.ENVIRONMENT_BEFORE_IP) is True:
        authentication.check_environment(key.account, request)
    authentication.check_ip(key, request.peer, Conditions.WRONG_IP)
    authentication.check_environment(key.account, request)
    if behavior.get(Fields.SIGNATURE_BEFORE_PASSPHRASE) is True:
        _check_signature(key, request, timestamp, signature)
    authentication.check_passphrase(key, passphrase, Conditions.WRONG_PASSPHRASE)
    _check_signature(key, request, timestamp, signature)
    return key


def _check_signature(key: Key, request: Request, timestamp: str, signature: str) -> None:
    # The body of a GET contributes nothing, whatever it is (docs-v5 REST Authentication).
    body, unsigned = (request.body, b"") if request.method == "POST" else (b"", request.body)
    parts = Parts(
        timestamp=timestamp,
        method=request.method,
        target=request.target,
        body=body,
        api_key=key.api_key,
        passphrase=key.passphrase,
        host=request.header("Host") or "",
        unsigned=unsigned,
    )
    authentication.check_signature(key, parts, signature, Conditions.WRONG_SIGNATURE)


def _route(request: Request) -> Endpoint:
    path = request.path
    methods = [endpoint for endpoint in ENDPOINTS if endpoint.path == path]
    if not methods:
        raise Refusal(Conditions.UNKNOWN_ROUTE, f"no endpoint has the path {path!r}")
    for endpoint in methods:
        if endpoint.method == request.method:
            return endpoint
    raise Refusal(Conditions.WRONG_METHOD, f"{path} takes {methods[0].method}, not {request.method}")


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


def _render_row(row: Row, blanks: dict[str, object]) -> Reply:
    """The one place where a refusal becomes bytes, in the row's shape; the order of the keys is the captured one.

    Rows of the WebSocket, which a behavior may bring here, take the gateway's shape.
    """
    code, text = row.code, fill(row.text, blanks)
    if row.shape == "service":
        return _reply(row.status, {"code": str(code), "data": [], "msg": text})
    if row.shape == "edge":
        edge: dict[str, Any] = {"code": code, "data": {}, "detailMsg": ""}
        return _reply(row.status, {**edge, "error_code": str(code), "error_message": text, "msg": text})
    return _reply(row.status, {"msg": text, "code": str(code)})


def _reply(status: int, body: Mapping[str, Any]) -> Reply:
    return Reply(status, _HEADERS, encode(body))
