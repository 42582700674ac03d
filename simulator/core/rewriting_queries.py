"""How clients write a query, or a body that is a form, again before they sign it: the texts that come of each mistake.

Pure functions, for diagnoses, as bounded as those of `rewriting`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import parse_qsl, quote, quote_plus, unquote, unquote_plus, urlencode

from simulator.core.rewriting import Rewriting, as_number, dumped, longest, orders, shuffled_most, text_of
from simulator.core.wire import as_arrived


def _short(query: bytes) -> str:
    if len(query) > longest:
        raise ValueError("too long to be written again")
    return text_of(query)


def _sorted(query: bytes) -> Iterator[bytes]:
    yield as_arrived("&".join(sorted(_short(query).split("&"))))


def _shuffled(query: bytes) -> Iterator[bytes]:
    for order in orders(_short(query).split("&"), len(query)):
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


def _pairs(query: bytes) -> dict[str, str]:
    return dict(parse_qsl(_short(query), keep_blank_values=True, errors="surrogateescape", max_num_fields=100))


def _as_json(query: bytes) -> Iterator[bytes]:
    pairs = _pairs(query)
    for value in (pairs, {name: as_number(one) for name, one in pairs.items()}):
        yield from dumped(value)


def _query_printed(query: bytes) -> Iterator[bytes]:
    """With its values as text, all that can be as numbers, or one of them (a nonce)."""
    pairs = _pairs(query)
    yield as_arrived(str(pairs))
    yield as_arrived(str({name: as_number(one) for name, one in pairs.items()}))
    for name in list(pairs)[:shuffled_most]:
        yield as_arrived(str({**pairs, name: as_number(pairs[name])}))


QUERY: dict[str, Rewriting] = {
    "the query is signed sorted": _sorted,
    "the query is signed unencoded": _unencoded,
    "the query is signed unencoded, with blanks that are sent as +": _unencoded_plus,
    "the query is signed encoded and sent unencoded": _encoded,
    "the query is signed with other escapes (%2c, %2C, +, %20)": _encoded_otherwise,
    "the query is signed without its empty parameters": _nothing_empty,
    "the query is signed in another order": _shuffled,
    "the query is signed as JSON": _as_json,
    "the query is signed as Python prints it (str of a dict)": _query_printed,
}
"""Mistakes with a query."""

FORM: dict[str, Rewriting] = {sentence.replace("query", "form"): make for sentence, make in QUERY.items()}
"""The same mistakes with a body that is a form."""
