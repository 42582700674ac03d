"""AlphaPoint's gateway: the order of its checks for both transports, and the one place that renders.

A call goes down `_process`: function, credentials, rate limit, two-factor wrapper, then into the function, which
checks fields, permission, ticket and status in that order. That the function is looked up first is captured; the rest
is concluded.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from difflib import get_close_matches
from email.utils import formatdate
from typing import Any
from urllib.parse import parse_qsl

from simulator.core.accounts import Account
from simulator.core.exchange import Answer, Endpoint, FrameAnswer
from simulator.core.limits import FixedWindow
from simulator.core.message import Frame, Reply, Request
from simulator.core.rows import Refusal, Row, fill
from simulator.core.wire import encode
from simulator.core.world import World
from simulator.exchanges.alphapoint import authentication, frames, two_factor
from simulator.exchanges.alphapoint.behavior import Conditions, Fields
from simulator.exchanges.alphapoint.calls import Call, Query, function_name
from simulator.exchanges.alphapoint.endpoints import HTTP_FUNCTIONS, SOCKET_FUNCTIONS
from simulator.exchanges.alphapoint.parameters import EVERYWHERE, PARAMETERS
from simulator.exchanges.alphapoint.subscriptions import Socket

_ROOT = "/ap/"
_SOCKET = "/wsgateway"


@dataclass(frozen=True, slots=True)
class _Said:
    """What a call is answered, before its transport wraps it: bytes of JSON or of plain text; None is silence."""

    content: bytes | None
    is_text: bool = False
    status: int = 200
    refusal: Refusal | None = None
    row: Row | None = None


def answer(world: World, request: Request) -> Answer:
    """One HTTP request, from the raw bytes to the reply."""
    call = Call(world=world, peer=request.peer, request=request)
    said = _settle(call, _from_request)
    return Answer(
        reply=_reply(call, said),
        endpoint=_name(call),
        key=call.key,
        refusal=said.refusal,
        row=said.row,
        unread=_unread(call, said),
    )


def serves_sockets(path: str) -> bool:
    """True for `/WSGateway` and `/WSGateway/` in any case."""
    return path.lower() in (_SOCKET, _SOCKET + "/")


def open_socket(world: World, request: Request) -> Socket:
    """A fresh socket; nobody has logged in on it."""
    return Socket()


def receive(world: World, socket: Socket, frame: Frame) -> FrameAnswer:
    """One WebSocket frame, from its text to the frame that answers it."""
    call = Call(
        world=world, peer=frame.peer, session=socket.session, pending=socket.pending, subscribed=socket.subscribed
    )
    asked = frames.Asked()

    def from_frame(call: Call) -> Any:
        nonlocal asked
        asked = frames.read(frame.text)
        call.payload = asked.payload
        return _process(call, _socket_function(asked.function))

    said = _settle(call, from_frame)
    answered = () if said.content is None else (frames.write(asked, said.content.decode(), is_error=said.is_text),)
    account = call.key.account if call.key else None
    return FrameAnswer(
        session=Socket(call.session, call.pending, call.subscribed, socket.event_number),
        frames=answered,
        endpoint=_name(call),
        account=account,
        refusal=said.refusal,
        row=said.row,
        unread=_unread(call, said),
    )


def meant(world: World, socket: Socket, frame: Frame) -> tuple[str, Account | None]:
    """What a frame asks for, and whose socket it is, or whose login it would be. It proves nothing."""
    session = socket.session or socket.pending
    try:
        asked = frames.read(frame.text)
    except Refusal:
        return "", authentication.holder(world, session, "", None)
    endpoint = SOCKET_FUNCTIONS.get(asked.function.lower())
    name = endpoint.name if endpoint else ""
    return name, authentication.holder(world, session, name, asked.payload)


def refuse(world: World, socket: Socket, frame: Frame, row: Row) -> tuple[str, ...]:
    """A frame answered with `row`, whatever it asks for: nothing acts."""
    try:
        asked = frames.read(frame.text)
    except Refusal:
        asked = frames.Asked()
    said = _say_row(row, Refusal(Conditions.UNKNOWN_SOCKET_FUNCTION, "the service answers every call so"))
    return () if said.content is None else (frames.write(asked, said.content.decode(), is_error=said.is_text),)


def _from_request(call: Call) -> Any:
    """GET brings its parameters in the query, POST in the body; which of the two is the client's choice."""
    request = call.request
    assert request is not None
    endpoint = _http_function(request)
    if request.method == "GET":
        call.payload = Query(dict(parse_qsl(request.query, keep_blank_values=True)))
    else:
        call.payload = request.body
    return _process(call, endpoint)


def _http_function(request: Request) -> Endpoint:
    """The function that a path names, in any case, with or without a slash at its end."""
    path = request.path.lower()
    name = path[len(_ROOT) :].removesuffix("/") if path.startswith(_ROOT) else ""
    endpoint = HTTP_FUNCTIONS.get(name)
    if endpoint is None:
        raise Refusal(Conditions.UNKNOWN_FUNCTION, f"no HTTP function has the path {request.path!r}")
    if request.method not in ("GET", "POST"):
        raise Refusal(Conditions.WRONG_METHOD, f"{request.method} is neither GET nor POST")
    return endpoint


def _socket_function(name: str) -> Endpoint:
    endpoint = SOCKET_FUNCTIONS.get(name.lower())
    if endpoint is None:
        raise Refusal(Conditions.UNKNOWN_SOCKET_FUNCTION, f"no socket function is called {name!r}{_nearest(name)}")
    return endpoint


def _nearest(name: str) -> str:
    near = get_close_matches(name[:64], [function_name(known) for known in SOCKET_FUNCTIONS.values()], n=2)
    return f"; did you mean {' or '.join(near)}?" if near else ""


def _process(call: Call, endpoint: Endpoint) -> Any:
    """The column of checks that both transports share. Returns the object of a success; raises Refusal."""
    call.endpoint = endpoint
    if endpoint.permission is not None:
        _authenticate(call)
        _take(call)
        two_factor.open_guarded(call)
    elif call.request is None:
        authentication.keep_alive(call)
    return endpoint.function(call)


def _authenticate(call: Call) -> None:
    if call.request is None:
        authentication.by_socket(call)
    else:
        authentication.by_request(call)


def _take(call: Call) -> None:
    """Count a private call, per account and IP, in account time."""
    account = call.caller.account
    calls = account.behavior.number(Fields.CALLS_PER_MINUTE)
    if not account.limited:
        return
    counter = account.counter(f"calls {calls}", call.peer, lambda: FixedWindow(calls, 60_000))
    verdict = counter.take(account.steady_ms())
    if not verdict.allowed:
        raise Refusal(Conditions.RATE_LIMIT, f"more than {calls} calls in a minute; free in {verdict.wait_ms} ms")


def _name(call: Call) -> str:
    return call.endpoint.name if call.endpoint else ""


def _unread(call: Call, said: _Said) -> tuple[str, ...]:
    return call.reads.unread(EVERYWHERE | PARAMETERS.get(_name(call), frozenset()), is_refused=said.refusal is not None)


def _settle(call: Call, work: Callable[[Call], Any]) -> _Said:
    try:
        return _Said(encode(work(call)))
    except Refusal as refusal:
        return _say_row(call.behavior.row(refusal.condition), refusal)


def _say_row(row: Row, refusal: Refusal) -> _Said:
    """The one place where a refusal becomes bytes."""
    message = fill(row.text, refusal.blanks)
    if row.shape == "silence":
        return _Said(None, True, row.status, refusal, row)
    if row.shape == "text":
        return _Said(message.encode(), True, row.status, refusal, row)
    content = _content(row, message, refusal)
    return _Said(encode(content), False, row.status, refusal, row)


def _content(row: Row, message: str, refusal: Refusal) -> dict[str, Any]:
    """The object of a row, in its shape."""
    if row.shape in ("login", "locked"):
        return {"Authenticated": False, "Locked": row.shape == "locked", "errormsg": message}
    if row.shape == "second_factor":
        return {"Authenticated": False}
    if row.shape == "confirm":
        return {"result": False, "errormsg": message}
    if row.shape == "status":
        return {"result": False, "errormsg": message, "statuscode": row.code}
    detail = row.detail if row.detail is None else fill(row.detail, refusal.blanks)
    return {"result": False, "errormsg": message, "errorcode": row.code, "detail": detail}


def _reply(call: Call, said: _Said) -> Reply:
    """The headers are those seen on real answers: the date, which is the server's clock, and the type."""
    content_type = "text/plain" if said.is_text else str(call.behavior.get(Fields.CONTENT_TYPE))
    headers = [("Date", formatdate(call.world.now_ms() // 1000, usegmt=True)), ("Content-Type", content_type)]
    if _name(call) == "ping":
        headers.append(("Access-Control-Allow-Origin", "*"))
    return Reply(said.status, tuple(headers), said.content or b"")
