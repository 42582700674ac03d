"""What is wrong with an option, in plain words: msgspec's errors as sentences with the place and what may stand there.

Knows the types of options and nothing of what they mean. A type with a pattern says in its `description` what fits.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from functools import cache
from typing import Any, Literal, get_args, get_origin, get_type_hints

import msgspec

from simulator.core.misuse import brief, did_you_mean, shown

_WORDS = {
    "str": "text",
    "int": "a whole number",
    "float": "a number",
    "decimal": "a decimal number",
    "bool": "true or false",
    "array": "a list",
    "object": "an object, names with values",
}
_KINDS: dict[Any, str] = {bool: "bool", int: "int", float | Decimal: "float", list | tuple: "array", Mapping: "object"}
_LITERALS = {True: "true", False: "false", None: "null"}

_steps = re.compile(r"\.(\w+)|\[(\d+)\]|(\[\.\.\.\])")
_expected = re.compile(r"Expected `([^`]+)`(?:, got `(\w+)`| of length ([<>]=?) (\S+)| ([<>]=?) (\S+)| (matching) .*)$")
_bounds = {">=": "of {} or more", "<=": "of at most {}", ">": "greater than {}", "<": "less than {}"}


def sentence(kind: type, given: Mapping[str, Any], error: str) -> str:
    """msgspec's `error` about `given`, which was read as `kind`: "option 'polls' must be a whole number ...".

    Of "Expected `float` >= 0.0 - at `$.delays[...]`" the key is found again, so that the sentence can name it.
    """
    told, separator, where = error.partition(" - at ")
    if told.startswith("Object missing required field"):
        return f"the option {told.split('`')[1]!r} is missing"
    if not separator:
        return told[:1].lower() + told[1:]
    place, hint, value = _followed(kind, given, where.strip("`"))
    if any(meta.extra and "is_secret" in meta.extra for meta in _metas(hint)):
        return f"option {place} must be {_wanted(told, hint)}, not {_kind(value)}"
    if where.startswith("`key` in"):
        return f"option {place} must have text for names"
    choices = _choices(hint)
    if choices:
        return f"option {place} cannot be {_shown(value)}; {did_you_mean(value, choices)}"
    return f"option {place} must be {_wanted(told, hint)}, not {_shown(value)}"


@cache  # evaluated anew they would be half of what a fresh account costs
def hints(kind: type) -> dict[str, Any]:
    """The types of a struct's fields."""
    return get_type_hints(kind, include_extras=True)


def _wanted(told: str, hint: Any) -> str:
    """What may stand there."""
    if told == "Invalid decimal string":
        return _WORDS["decimal"]
    found = _expected.match(told)
    if found is None:
        return f"otherwise ({brief(told[:1].lower() + told[1:], 200)})"
    types, _, length, size, bound, limit, matching = found.groups()
    if matching:
        return next((meta.description for meta in _metas(hint) if meta.description), "other text")
    words = [_WORDS.get(word, word) for word in types.split(" | ") if word != "null"]
    wanted = " or ".join(sorted(words, key="true or false".__eq__))
    if length:
        return f"{wanted} {_bounds[length].format(size)} characters"
    return f"{wanted} {_bounds[bound].format(limit.removesuffix('.0'))}" if bound else wanted


def _kind(value: Any) -> str:
    """What a value that must not be shown is."""
    if isinstance(value, str):
        return f"text of {len(value)} characters"
    return next((_WORDS[word] for kind, word in _KINDS.items() if isinstance(value, kind)), type(value).__name__)


def _shown(value: Any) -> str:
    return _LITERALS[value] if value is None or isinstance(value, bool) else shown(value)


def _followed(kind: type, given: Any, path: str) -> tuple[str, Any, Any]:
    """The place that a path such as `$.delays[...]` leads to, its type, and what stands there."""
    hint: Any = kind
    value, place = given, ""
    for name, number, anywhere in _steps.findall(path):
        if name:
            struct = next(part for part in _parts(hint) if isinstance(part, type) and issubclass(part, msgspec.Struct))
            hint, value = hints(struct)[name], value[name]
            place += f".{name}" if place else name
        elif number:
            hint, value = _inside(hint, list | tuple), list(value)[int(number)]
            place += f"[{number}]"
        elif anywhere:
            hint = _inside(hint, dict)
            key, value = next((key, one) for key, one in value.items() if not _fits(one, hint))
            place += f"[{shown(key)}]"
    return (place if "[" in place else repr(place)), hint, value


def _fits(value: Any, hint: Any) -> bool:
    try:
        msgspec.convert(value, hint, strict=True)
    except (msgspec.ValidationError, UnicodeEncodeError):
        return False
    return True


def _inside(hint: Any, container: Any) -> Any:
    """What a list or a dict of this type holds."""
    found = next(
        part for part in _parts(hint) if get_origin(part) in get_args(container) or get_origin(part) is container
    )
    return get_args(found)[1 if container is dict else 0]


def _parts(hint: Any) -> Iterator[Any]:
    """A type, and those that it is one of."""
    yield hint
    if get_origin(hint) not in (list, tuple, dict, Literal):
        for part in get_args(hint):
            yield from _parts(part)


def _metas(hint: Any) -> Iterator[msgspec.Meta]:
    return (part for part in _parts(hint) if isinstance(part, msgspec.Meta))


def _choices(hint: Any) -> list[str]:
    """The words that an option with a fixed choice may be."""
    return [
        word for part in _parts(hint) if get_origin(part) is Literal for word in get_args(part) if isinstance(word, str)
    ]
