"""Reading the body of a private call: a form, JSON, or a form without a Content-Type. Values stay what they were.

Of an argument that comes twice the last one counts, in a form and in JSON alike [unknown: no capture].
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from urllib.parse import parse_qsl

from simulator.core.behavior import Behavior
from simulator.core.message import Request
from simulator.core.rows import Condition, Refusal
from simulator.core.wire import NotJson, decode
from simulator.exchanges.kraken.behavior import Conditions, Fields

_NUMBER = re.compile(r"[0-9]{1,30}(\.[0-9]{1,25})?", re.ASCII)
_DIGITS = re.compile(r"[0-9]{1,20}", re.ASCII)
_nonce_limit = 2**64


@dataclass(frozen=True, slots=True)
class Nonce:
    """`text` is what is signed, `number` what must grow."""

    text: str
    number: int


def read(request: Request, behavior: Behavior) -> dict[str, Any]:
    """The arguments by name: text from a form, any JSON value from JSON. Raises Refusal."""
    if _is_json(request, behavior):
        return _read_json(request.body)
    return _read_form(request.body)


def _is_json(request: Request, behavior: Behavior) -> bool:
    if behavior.get(Fields.BODY_READ_BY) == "content":
        return request.body.lstrip()[:1] == b"{"
    given = request.header("Content-Type") or ""
    kind = given.partition(";")[0].strip().lower()
    # Old clients send no type at all (npm kraken-api 1.0.2), and their forms are read.
    if kind in ("", "application/x-www-form-urlencoded"):
        return False
    if kind == "application/json":
        return True
    raise Refusal(
        Conditions.BODY_TYPE,
        f"Content-Type {given!r} is neither application/x-www-form-urlencoded nor application/json",
    )


def _read_json(body: bytes) -> dict[str, Any]:
    try:
        value = decode(body)
    except NotJson as error:
        raise Refusal(Conditions.BODY_BROKEN, f"the body is not JSON: {error}") from None
    if not isinstance(value, dict):
        raise Refusal(Conditions.BODY_BROKEN, f"the body is a JSON {type(value).__name__}, not an object")
    return value


def _read_form(body: bytes) -> dict[str, Any]:
    try:
        return dict(parse_qsl(body.decode("utf-8"), keep_blank_values=True, errors="strict"))
    except UnicodeDecodeError as error:
        raise Refusal(Conditions.BODY_BROKEN, f"the form is not UTF-8: {error}") from None


def nonce(arguments: dict[str, Any]) -> Nonce:
    """The nonce of a body: a JSON number, JSON text or a form field. Raises Refusal."""
    given = arguments.get("nonce")
    if given is None or given == "":
        raise Refusal(
            Conditions.NONCE_MISSING, f"the body has no nonce; it has {', '.join(arguments)[:200] or 'nothing'}"
        )
    text = str(given) if type(given) is int else given
    if not isinstance(text, str) or not _DIGITS.fullmatch(text):
        raise Refusal(Conditions.NONCE_MALFORMED, f"nonce {str(given)[:40]!r} is no unsigned whole number")
    if not 0 < int(text) < _nonce_limit:
        raise Refusal(Conditions.NONCE_MALFORMED, f"nonce {text} is not between 1 and 2^64 - 1")
    return Nonce(text, int(text))


def text(arguments: dict[str, Any], name: str) -> str:
    """An argument that must be text; "" when it is absent. Raises Refusal."""
    given = arguments.get(name)
    if given is None:
        return ""
    if not isinstance(given, str):
        raise Refusal(Conditions.NOT_TEXT, f"{name} is a JSON {type(given).__name__}, not text", argument=name)
    return given


def number(arguments: dict[str, Any], name: str, malformed: Condition) -> Decimal | None:
    """A number from 0, as text or as a JSON number; None when it is absent. Raises Refusal."""
    given = arguments.get(name)
    if given is None or given == "":
        return None
    if isinstance(given, bool | list | dict):
        raise Refusal(Conditions.NOT_TEXT, f"{name} is a JSON {type(given).__name__}, not a number", argument=name)
    written = format(given, "f") if isinstance(given, Decimal) else str(given)
    if not _NUMBER.fullmatch(written):
        raise Refusal(malformed, f"{name} {written[:40]!r} is not a number such as 10.5", argument=name)
    return Decimal(written)
