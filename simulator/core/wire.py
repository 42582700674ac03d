"""JSON as exchanges write it: compact, keys in the order given, UTF-8. Reading it, and header text, without surprises.

A body that no parser could take (broken text, absurd depth, NaN, a number of thousands of digits) raises `NotJson`
and nothing else, so that no input can turn into a traceback.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, NoReturn

import msgspec

from simulator.core.misuse import shown

_encode = msgspec.json.Encoder().encode

depth_max = 128
"""How deep arrays and objects may be nested: far above any real body, far below what a parser's stack holds."""


class NotJson(ValueError):
    """The text is not JSON that an exchange would read. `str(error)` says why."""


class Repeated(NotJson):
    """An object has a name twice. JSON leaves open which of the two counts (RFC 8259, 4)."""


def as_arrived(text: str) -> bytes:
    """The bytes that `text` arrived as; a lone surrogate, which no request can carry, becomes a question mark."""
    try:
        return text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        return text.encode("utf-8", "replace")


def number(value: Decimal) -> msgspec.Raw:
    """`value` as a bare JSON number with exactly its digits: `0.0010` stays `0.0010`, never an exponent."""
    return msgspec.Raw(format(value, "f").encode("ascii"))


def encode(value: object) -> bytes:
    """Compact JSON in UTF-8. Lone surrogates, which UTF-8 cannot carry, become `?`."""
    try:
        return _encode(value)
    except UnicodeEncodeError:
        return _encode(_without_surrogates(value))


def _without_surrogates(value: Any) -> Any:
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode()
    if isinstance(value, Mapping):
        return {_without_surrogates(key): _without_surrogates(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_without_surrogates(one) for one in value]
    return value


def decode(body: bytes | str, *, repeats: bool = True) -> Any:
    """The JSON value in `body`; numbers with a fraction or an exponent become Decimal. Raises NotJson.

    Of a name that an object has twice the last value counts, as with most parsers; without `repeats` it is refused.
    """
    try:
        text = body if isinstance(body, str) else body.decode("utf-8")
        value = _decode(text) if repeats else _decode_once(text)
    except RecursionError:
        raise NotJson("nested too deeply") from None
    except (NotJson, json.JSONDecodeError, UnicodeDecodeError, ArithmeticError) as error:
        raise error if isinstance(error, NotJson) else NotJson(str(error)) from None
    except ValueError:  # what is left: Python reads no whole number of that many digits
        raise NotJson("it has a number of thousands of digits") from None
    # Counted, since how deep the parser itself goes depends on who called it.
    if text.count("[") + text.count("{") > depth_max and _is_deeper(value, depth_max):
        raise NotJson("nested too deeply")
    return value


def _is_deeper(value: Any, depth: int) -> bool:
    """True if more than `depth` arrays and objects stand inside each other in `value`."""
    level = [value] if isinstance(value, dict | list) else []
    for _ in range(depth):
        children = [child for one in level for child in (one.values() if isinstance(one, dict) else one)]
        level = [child for child in children if isinstance(child, dict | list)]
    return bool(level)


def _decimal(text: str) -> Decimal:
    """A decimal whose exponent stays within reason: `1e999999999` must not become a number of a gigabyte."""
    value = Decimal(text)
    if not -400 < value.adjusted() < 400:
        raise NotJson(f"{text[:40]} is out of range")
    return value


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) < len(pairs):
        twice = next(name for name, count in Counter(name for name, _ in pairs).items() if count > 1)
        raise Repeated(f"the key {shown(twice)} stands twice in one object")
    return made


def _refuse_constant(name: str) -> NoReturn:
    raise NotJson(f"{name} is not JSON")


_decode, _decode_once = (
    json.JSONDecoder(parse_float=_decimal, parse_constant=_refuse_constant, object_pairs_hook=pairs).decode
    for pairs in (None, _object)
)
