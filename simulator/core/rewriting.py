"""How clients write a body of JSON again before they sign it, or after: the texts that come of each mistake.

Pure functions, for diagnoses. Bounded: what is long is not written again, and only a handful of names is shuffled.
A text that no mistake can be made of gives nothing, or raises ValueError. Queries and forms: `rewriting_queries`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator
from itertools import islice, permutations
from typing import Any
from urllib.parse import urlencode

from simulator.core.wire import as_arrived, decode

longest = 16 * 1024
"""Bytes of a body or query; what is longer is not written again."""

shuffled_most = 5
_shuffled_longest = 2048
"""So many names, in a text so long, are put into every order; otherwise the sorted and the reversed one are tried."""

_PIECE = re.compile(r'"(?:[^"\\]|\\.)*"|[^"\s]+|\s+', re.DOTALL)

Rewriting = Callable[[bytes], Iterable[bytes]]

NOTHING = ("null", "undefined", "None")
"""What JavaScript and Python put into a text in the place of nothing."""


def text_of(raw: bytes) -> str:
    """Bytes as text that `wire.as_arrived` makes the same bytes of."""
    return raw.decode("utf-8", "surrogateescape")


def _value(body: bytes) -> Any:
    """What JSON says in a body, numbers as Python reads them. Raises ValueError."""
    if len(body) > longest:
        raise ValueError("too long to be written again")
    decode(body)  # refuses what is too deep, or no number that anybody can write
    return json.loads(body)


def _members(body: bytes) -> dict[str, Any]:
    value = _value(body)
    if not isinstance(value, dict):
        raise ValueError("no object")
    return value


def _pieces(body: bytes) -> list[str]:
    """The body without the blanks between its tokens, in strings and in what stands between them."""
    _value(body)
    return [piece for piece in _PIECE.findall(body.decode()) if not piece.isspace()]


def _joined(pieces: list[str]) -> Iterator[bytes]:
    """With blanks behind colons and commas, as Python's json.dumps has them; behind colons alone; without blanks."""
    for comma, colon in ((", ", ": "), (",", ": "), (",", ":")):
        yield as_arrived(
            "".join(
                piece if piece.startswith('"') else piece.replace(",", comma).replace(":", colon) for piece in pieces
            )
        )


def _compact(body: bytes) -> Iterable[bytes]:
    return list(_joined(_pieces(body)))[2:]


def _spaced(body: bytes) -> Iterable[bytes]:
    return list(_joined(_pieces(body)))[:2]


def _indented(body: bytes) -> Iterator[bytes]:
    value = _value(body)
    for indent in (2, 4, "\t"):
        for ascii_only in (False, True):
            for colon in (": ", ":"):  # without a blank: collections of Postman
                separators = (",", colon)
                yield as_arrived(json.dumps(value, indent=indent, separators=separators, ensure_ascii=ascii_only))


def dumped(value: Any) -> Iterator[bytes]:
    """A value as Python and as JavaScript write it."""
    for separators in ((",", ":"), (", ", ": ")):
        for ascii_only in (False, True):
            yield as_arrived(json.dumps(value, separators=separators, ensure_ascii=ascii_only))


def _reordered(body: bytes) -> Iterator[bytes]:
    members = _members(body)
    for names in orders(list(members), len(body)):
        yield from dumped({name: members[name] for name in names})


def orders(names: list[str], length: int) -> Iterator[Iterable[str]]:
    """The names sorted, reversed, and in every order if they are few in a text that is `length` bytes."""
    yield sorted(names)
    yield reversed(names)
    if len(names) <= shuffled_most and length <= _shuffled_longest:
        yield from permutations(names)


def _escaped(body: bytes) -> Iterator[bytes]:
    r"""Letters as \u00e9 or as they are, slashes as \/ (PHP)."""
    pieces = _pieces(body)
    for ascii_only in (False, True):
        written = [
            json.dumps(json.loads(piece), ensure_ascii=ascii_only) if piece.startswith('"') else piece
            for piece in pieces
        ]
        for joined in _joined(written):
            yield joined
            yield joined.replace(b"/", b"\\/")


def _renumbered(body: bytes) -> Iterator[bytes]:
    value = _value(body)
    yield from dumped(value)
    yield from dumped(_mapped(value, lambda one: int(one) if isinstance(one, float) and one.is_integer() else one))
    yield from dumped(_mapped(value, lambda one: float(one) if type(one) is int else one))


def _retyped(body: bytes) -> Iterator[bytes]:
    value = _value(body)
    yield from dumped(_mapped(value, lambda one: str(one) if type(one) in (int, float) else one))
    yield from dumped(_mapped(value, as_number))


def as_number(one: Any) -> Any:
    """The number that a text has, and anything else as it is."""
    if isinstance(one, str) and len(one) <= 32:
        for kind in (int, float):
            try:
                return kind(one)
            except ValueError:
                continue
    return one


def _mapped(value: Any, change: Callable[[Any], Any]) -> Any:
    """`change` on the values of an object, not on those inside of them."""
    return {name: change(one) for name, one in value.items()} if isinstance(value, dict) else change(value)


def _without_empty(body: bytes) -> Iterator[bytes]:
    value = {name: one for name, one in _members(body).items() if one not in (None, "")}
    return dumped(value)


def _as_query(body: bytes) -> Iterator[bytes]:
    members = _members(body)
    for order in (list(members.items()), sorted(members.items())):
        yield urlencode(order).encode()
        yield as_arrived("&".join(f"{name}={value}" for name, value in order))


def _printed(body: bytes) -> Iterator[bytes]:
    yield as_arrived(str(_members(body)))


def _twice(body: bytes) -> Iterator[bytes]:
    value = _value(body)
    if isinstance(value, str):
        yield as_arrived(value)  # what is sent was written twice, and signed as it was before
    for ascii_only in (False, True):
        yield as_arrived(json.dumps(text_of(body), ensure_ascii=ascii_only))


BODY: dict[str, Rewriting] = {
    "the body is written again with blanks": _spaced,
    "the body is written again without blanks": _compact,
    "the body is written again over several lines": _indented,
    r"the body is written again with other escapes (\u00e9, \/)": _escaped,
    "the numbers of the body are written again": _renumbered,
    "the body is written again with numbers as text, or text as numbers": _retyped,
    "the body is written again without what is empty in it": _without_empty,
    "the body is written again with its keys in another order": _reordered,
    "the body is signed as a query": _as_query,
    "the body is signed as Python prints it (str of a dict)": _printed,
    "the body is written as JSON twice, for the text or for what is sent": _twice,
}
"""Mistakes with a body of JSON."""


def orders_of(parts: tuple[bytes, ...]) -> Iterator[bytes]:
    """The parts in every order but their own."""
    return (b"".join(order) for order in islice(permutations(parts), 1, None))
