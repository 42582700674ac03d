"""OKX's WebSocket frames: a codec, text in and values out, and back.

Facts: docs-v5 WebSocket, Subscribe and Login; frames captured from ws.okx.com and ws.okj.com. What a client sends has
`op` and `args`, sometimes an `id`, which is echoed first. Errors have `msg` before `code` on the wire.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from simulator.core.rows import Refusal, Row, fill
from simulator.core.wire import NotJson, decode, encode
from simulator.exchanges.okx.behavior import Conditions

OPS = ("login", "subscribe", "unsubscribe")
_length_max = 64 * 1024
_args_max = 500
"""Every arg is answered by itself: without an end, a frame of 64 KB would be answered by more than 20,000."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a client sent. `id` is "" when it named none."""

    op: str
    args: tuple[Mapping[str, Any], ...]
    id: str = ""


def read(text: str) -> Asked:
    """The frame in `text`. Raises Refusal."""
    length = len(text.encode("utf-8", "surrogatepass"))
    if length > _length_max:
        raise Refusal(Conditions.FRAME_TOO_LONG, f"the frame has {length} bytes; {_length_max} are taken")
    try:
        frame = decode(text)
    except NotJson as error:
        raise Refusal(Conditions.FRAME_NOT_JSON, f"the frame is not JSON: {error}") from None
    if not isinstance(frame, dict) or not isinstance(frame.get("op"), str):
        raise Refusal(Conditions.FRAME_NOT_AN_OBJECT, "the frame is no JSON object with an op", name="op")
    op, args = frame["op"], frame.get("args")
    if op not in OPS:
        raise Refusal(Conditions.FRAME_OP, f"op {op!r} is none of {', '.join(OPS)}", name="op", op=op)
    if not isinstance(args, list) or not args or not all(isinstance(one, dict) for one in args):
        raise Refusal(Conditions.FRAME_ARGS, "args is no list of objects, or an empty one", op=op)
    if len(args) > _args_max:
        raise Refusal(Conditions.FRAME_TOO_LONG, f"the frame has {len(args)} args; {_args_max} are taken", op=op)
    id_ = frame.get("id")
    return Asked(op, tuple(args), id_ if isinstance(id_, str) else "")


def logged_in(connection: str, id_: str) -> str:
    return _written({"event": "login", "code": "0", "msg": "", "connId": connection}, id_)


def acknowledged(op: str, arg: Mapping[str, Any], connection: str, id_: str) -> str:
    """The answer to one `arg` of a subscribe or unsubscribe."""
    return _written({"event": op, "arg": arg, "connId": connection}, id_)


def told(row: Row, blanks: Mapping[str, object], connection: str, id_: str) -> str:
    """A row as a frame: an event `notice` where the row is one, else an `error`."""
    event = "notice" if row.shape == "notice" else "error"
    text = fill(row.text, dict(blanks))
    return _written({"event": event, "msg": text, "code": str(row.code), "connId": connection}, id_)


def pushed(arg: Mapping[str, str], row: Mapping[str, Any]) -> str:
    return encode({"arg": arg, "data": [row]}).decode()


def _written(frame: dict[str, Any], id_: str) -> str:
    return encode({"id": id_, **frame} if id_ else frame).decode()
