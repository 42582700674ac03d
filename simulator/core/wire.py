"""JSON as exchanges write it: compact, keys in the order given, UTF-8. And reading it without surprises.

A body that no parser could take (broken text, absurd depth, NaN, a number of thousands of digits) raises `NotJson`
and nothing else, so that no input can turn into a traceback.
"""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any, NoReturn

import msgspec

_encode = msgspec.json.Encoder().encode


class NotJson(ValueError):
    """The text is not JSON that an exchange would read. `str(error)` says why."""


def number(value: Decimal) -> msgspec.Raw:
    """`value` as a bare JSON number with exactly its digits: `0.0010` stays `0.0010`, never an exponent."""
    return msgspec.Raw(format(value, "f").encode("ascii"))


def encode(value: object) -> bytes:
    """Compact JSON in UTF-8. Lone surrogates, which UTF-8 cannot carry, become `?`."""
    try:
        return _encode(value)
    except UnicodeEncodeError:
        return json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode("utf-8", "replace")


def decode(body: bytes | str) -> Any:
    """The JSON value in `body`; numbers with a fraction or an exponent become Decimal. Raises NotJson."""
    try:
        text = body if isinstance(body, str) else body.decode("utf-8")
        return json.loads(text, parse_float=_decimal, parse_constant=_refuse_constant)
    except RecursionError:
        raise NotJson("nested too deeply") from None
    except (ValueError, ArithmeticError) as error:
        raise NotJson(str(error)) from None


def _decimal(text: str) -> Decimal:
    """A decimal whose exponent stays within reason: `1e999999999` must not become a number of a gigabyte."""
    value = Decimal(text)
    if not -400 < value.adjusted() < 400:
        raise NotJson(f"{text[:40]} is out of range")
    return value


def _refuse_constant(name: str) -> NoReturn:
    raise NotJson(f"{name} is not JSON")
