"""AlphaPoint's WebSocket frame: a JSON text with `m` (type), `i` (number), `n` (function) and `o` (payload text).

A codec: text in, values out, and back. Facts: APEX documentation (background) and a probe of a live gateway. The
server writes compactly in the order m, i, n, o; clients send the keys in any order and number as they like, from 0,
repeatedly.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from simulator.core.rows import Refusal
from simulator.core.wire import NotJson, decode, encode
from simulator.exchanges.alphapoint.behavior import Conditions

_CALLS = (0, 2, 4)
"""Request, subscribe, unsubscribe; SDKs send type 0 for all three."""
_REPLY, _EVENT, _ERROR = 1, 3, 5


@dataclass(frozen=True, slots=True)
class Asked:
    """A frame that a client sent. `payload` is the `o` as it came (text, null, or what does not belong there)."""

    number: int = 0
    function: str = ""
    payload: object = None


def read(text: str) -> Asked:
    """The frame in `text`. Raises Refusal."""
    try:
        frame = decode(text)
    except NotJson as error:
        raise Refusal(Conditions.FRAME_NOT_JSON, f"the frame is not JSON: {error}") from None
    if not isinstance(frame, dict):
        raise Refusal(Conditions.FRAME_UNUSABLE, f"the frame is a JSON {type(frame).__name__}, not an object")
    kind, number, function = frame.get("m"), frame.get("i"), frame.get("n")
    if type(kind) is not int or kind not in _CALLS:
        raise Refusal(Conditions.FRAME_UNUSABLE, f"m is {kind!r}; it must be one of {_CALLS}")
    if type(number) is not int:
        raise Refusal(Conditions.FRAME_UNUSABLE, f"i is {number!r}; it must be an integer")
    if not isinstance(function, str):
        raise Refusal(Conditions.FRAME_UNUSABLE, f"n is {function!r}; it must be the name of a function")
    return Asked(number, function, frame.get("o"))


def write(asked: Asked, payload: str, *, is_error: bool) -> str:
    """The frame that answers `asked`: a reply (type 1), or an error in plain text (type 5)."""
    kind = _ERROR if is_error else _REPLY
    return encode({"m": kind, "i": asked.number, "n": asked.function, "o": payload}).decode()


def event(number: int, name: str, content: Any) -> str:
    """A frame that nobody asked for; its number is the server's own."""
    return encode({"m": _EVENT, "i": number, "n": name, "o": encode(content).decode()}).decode()
