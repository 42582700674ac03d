"""How clients write a body or a query again before they sign it, or after: the texts that come of each mistake.

Pure functions, for diagnoses. Bounded: what is long is not written again, and only a handful of names is shuffled.
A text that no mistake can be made of gives nothing, or raises ValueError.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator
from itertools import islice, permutations
from typing import Any
from urllib.parse import parse_qsl, quote, quote_plus, unquote, unquote_plus, urlencode

from simulator.core.wire import as_arrived, decode

_longest = 16 * 1024
_shuffled_most = 5
_shuffled_longest = 2048
"""So many names, in a text so long, are put into every order; otherwise the sorted and the reversed one are tried."""

_PIECE = re.compile(r'"(?:[^"\\]|\\.)*"|[^"\s]+|\s+', re.DOTALL)

Rewriting = Callable[[bytes], Iterable[bytes]]


def text_of(raw: bytes) -> str:
    """Bytes as text that `wire.as_arrived` makes the same bytes of."""
    return raw.decode("utf-8", "surrogateescape")


# --- a body of JSON ---------------------------------------------------------------------------------------------------


def _value(body: bytes) -> Any:
    """What JSON says in a body, numbers as Python reads them. Raises ValueError."""
    if len(body) > _longest:
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


def _dumped(value: Any) -> Iterator[bytes]:
    """As Python and as JavaScript write it."""
    for separators in ((",", ":"), (", ", ": ")):
        for ascii_only in (False, True):
            yield as_arrived(json.dumps(value, separators=separators, ensure_ascii=ascii_only))


def _reordered(body: bytes) -> Iterator[bytes]:
    members = _members(body)
    for names in _orders(list(members), len(body)):
        yield from _dumped({name: members[name] for name in names})


def _orders(names: list[str], length: int) -> Iterator[Iterable[str]]:
    yield sorted(names)
    yield reversed(names)
    if len(names) <= _shuffled_most and length <= _shuffled_longest:
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
    yield from _dumped(value)
    yield from _dumped(_mapped(value, lambda one: int(one) if isinstance(one, float) and one.is_integer() else one))
    yield from _dumped(_mapped(value, lambda one: float(one) if type(one) is int else one))


def _retyped(body: bytes) -> Iterator[bytes]:
    value = _value(body)
    yield from _dumped(_mapped(value, lambda one: str(one) if type(one) in (int, float) else one))
    yield from _dumped(_mapped(value, _as_number))


def _as_number(one: Any) -> Any:
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
    return _dumped(value)


def _as_query(body: bytes) -> Iterator[bytes]:
    members = _members(body)
    for order in (list(members.items()), sorted(members.items())):
        yield urlencode(order).encode()
        yield as_arrived("&".join(f"{name}={value}" for name, value in order))


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
}
"""Mistakes with a body of JSON."""


# --- a query, or a body that is a form --------------------------------------------------------------------------------


def _short(query: bytes) -> str:
    if len(query) > _longest:
        raise ValueError("too long to be written again")
    return text_of(query)


def _sorted(query: bytes) -> Iterator[bytes]:
    yield as_arrived("&".join(sorted(_short(query).split("&"))))


def _shuffled(query: bytes) -> Iterator[bytes]:
    for order in _orders(_short(query).split("&"), len(query)):
        yield as_arrived("&".join(order))


def _unencoded(query: bytes) -> Iterator[bytes]:
    yield as_arrived(unquote(_short(query), errors="surrogateescape"))


def _unencoded_plus(query: bytes) -> Iterator[bytes]:
    yield as_arrived(unquote_plus(_short(query), errors="surrogateescape"))


def _encoded(query: bytes) -> Iterator[bytes]:
    text = _short(query)
    for safe in ("=&", "=&%"):
        yield quote(text, safe=safe, errors="surrogateescape").encode()
        yield quote_plus(text, safe=safe, errors="surrogateescape").encode()


def _encoded_otherwise(query: bytes) -> Iterator[bytes]:
    text = _short(query)
    yield re.sub(rb"%[0-9A-Fa-f]{2}", lambda found: found[0].lower(), query)
    yield re.sub(rb"%[0-9A-Fa-f]{2}", lambda found: found[0].upper(), query)
    yield query.replace(b"+", b"%20")
    yield query.replace(b"%20", b"+")
    pairs = parse_qsl(text, keep_blank_values=True, errors="surrogateescape", max_num_fields=100)
    for via in (quote, quote_plus):
        for safe in ("", "/", ",", ":", ",:/@"):
            yield urlencode(pairs, quote_via=via, safe=safe, errors="surrogateescape").encode()


def _nothing_empty(query: bytes) -> Iterator[bytes]:
    yield as_arrived("&".join(part for part in _short(query).split("&") if part.partition("=")[2]))


def _as_json(query: bytes) -> Iterator[bytes]:
    pairs = dict(parse_qsl(_short(query), keep_blank_values=True, errors="surrogateescape", max_num_fields=100))
    for value in (pairs, {name: _as_number(one) for name, one in pairs.items()}):
        yield from _dumped(value)


QUERY: dict[str, Rewriting] = {
    "the query is signed sorted": _sorted,
    "the query is signed unencoded": _unencoded,
    "the query is signed unencoded, with blanks that are sent as +": _unencoded_plus,
    "the query is signed encoded and sent unencoded": _encoded,
    "the query is signed with other escapes (%2c, %2C, +, %20)": _encoded_otherwise,
    "the query is signed without its empty parameters": _nothing_empty,
    "the query is signed in another order": _shuffled,
    "the query is signed as JSON": _as_json,
}
"""Mistakes with a query."""

FORM: dict[str, Rewriting] = {sentence.replace("query", "form"): make for sentence, make in QUERY.items()}
"""The same mistakes with a body that is a form."""


def orders_of(parts: tuple[bytes, ...]) -> Iterator[bytes]:
    """The parts in every order but their own."""
    return (b"".join(order) for order in islice(permutations(parts), 1, None))
