"""What clients sign by mistake instead of what Kraken signs: a table of sentences and the texts that come of each.

Pure functions. The mistakes are those of docs.kraken.com spot REST authentication, of the support article on invalid
keys, and of the issues of krakenex (lists), npm kraken-api and others (nonces that are made twice).
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from urllib.parse import parse_qsl, quote, urlencode

from simulator.core.diagnosis import Texts
from simulator.core.rewriting import BODY, Rewriting, orders_of, text_of
from simulator.core.rewriting_queries import FORM
from simulator.core.wire import as_arrived

_nonces_near = 25
"""How far apart two nonces may be that were made for one call: in ms, a moment on a slow machine."""

_nonces_near_fine = 200
"""The same in microseconds; so few that a refusal stays cheap."""

_searched_widely_most = 1024
"""In longer bodies, which take time to be hashed, two nonces are looked for at a distance of `_nonces_near` alone."""


@dataclass(frozen=True, slots=True)
class Parts:
    """The parts of the text that the server signed, and what clients mix them up with."""

    path: bytes
    nonce: bytes
    body: bytes
    query: bytes = b""
    host: str = ""
    is_json: bool = False

    def text(self, *, path: bytes | None = None, nonce: bytes | None = None, body: bytes | None = None) -> bytes:
        """The text, with some of the parts changed."""
        hashed = (self.nonce if nonce is None else nonce) + (self.body if body is None else body)
        return (self.path if path is None else path) + hashlib.sha256(hashed).digest()


def _body(is_json: bool, rewriting: Rewriting) -> Callable[[Parts], Iterable[bytes]]:
    def texts(parts: Parts) -> Iterator[bytes]:
        if parts.is_json is is_json:
            yield from (parts.text(body=body) for body in rewriting(parts.body))

    return texts


def _other_kind(parts: Parts) -> Iterator[bytes]:
    """JSON for a form that is sent, a form for JSON."""
    make = BODY["the body is signed as a query"] if parts.is_json else FORM["the form is signed as JSON"]
    yield from (parts.text(body=body) for body in make(parts.body))


def _apart(parts: Parts) -> tuple[list[int], range]:
    """Distances of two nonces that were made for one call, in the nonce's own unit, which its length tells: the near
    ones, and those that are worth fewer tries.

    In microseconds (npm kraken-api: ms times 1000) they are any number apart, or whole ms; in nanoseconds whole us or
    whole ms, on the many clocks that tick no finer.
    """
    near, digits = list(range(1, _nonces_near + 1)), len(parts.nonce)
    if digits < 16 or len(parts.body) > _searched_widely_most:
        return near, range(0)
    tick, ms = (1000, 1_000_000) if digits >= 19 else (1, 1000)
    return [*near, *range(ms, (_nonces_near + 1) * ms, ms)], range(tick, (_nonces_near_fine + 1) * tick, tick)


def _other_nonces(parts: Parts) -> Iterator[bytes]:
    """A nonce that was made twice: a moment before or after, or in another unit; with the body as sent, or with it."""
    number = int(parts.nonce)
    near, wide = ([number + apart for one in distances for apart in (-one, one)] for distances in _apart(parts))
    others = map(str, (*near, number // 1000, number * 1000, number // 1000 * 1000, number // 1_000_000))
    for nonce in (text.encode() for text in (*others, f"{number}.0")):
        yield parts.text(nonce=nonce)
        yield parts.text(nonce=nonce, body=parts.body.replace(parts.nonce, nonce))
        yield parts.text(body=parts.body.replace(parts.nonce, nonce))
    for nonce in (str(other).encode() for other in wide):
        yield parts.text(nonce=nonce)
        yield parts.text(nonce=nonce, body=parts.body.replace(parts.nonce, nonce))


def _paths(parts: Parts) -> Iterator[bytes]:
    """Less than the path (without /0/private, the method alone), or a slash too many or too few."""
    for path in (
        parts.path.removeprefix(b"/0/private"),
        parts.path.rpartition(b"/")[2],
        parts.path.removeprefix(b"/"),
        parts.path + b"/",
        parts.path.lower(),
        b"",
    ):
        yield parts.text(path=path)


def _addresses(parts: Parts) -> Iterator[bytes]:
    for address in (f"http://{parts.host}", f"https://{parts.host}", parts.host, "https://api.kraken.com"):
        yield parts.text(path=as_arrived(address) + parts.path)


def _without(name: str) -> Callable[[Parts], Iterable[bytes]]:
    """The body without a field that was put into it after it had been signed."""
    in_form = re.compile(rb"(?:^|&)" + name.encode() + rb"=[^&]*")
    in_json = re.compile(rb'"' + name.encode() + rb'"\s*:\s*(?:"[^"]*"|[0-9]+)\s*,?\s*')

    def texts(parts: Parts) -> Iterator[bytes]:
        short = parts.body[:16384]
        if parts.is_json:
            left = in_json.sub(b"", short)
            yield parts.text(body=re.sub(rb",\s*}", b"}", left))
        else:
            yield parts.text(body=in_form.sub(b"", short).removeprefix(b"&"))

    return texts


def _without_the_last(parts: Parts) -> Iterator[bytes]:
    """Whatever was added behind the others, after the signing."""
    short = parts.body[:16384]
    if parts.is_json:
        yield parts.text(
            body=re.sub(rb'\s*,\s*"(?:[^"\\]|\\.)*"\s*:\s*(?:"(?:[^"\\]|\\.)*"|[^",\s]+)\s*}\s*\Z', b"}", short)
        )
    else:
        yield parts.text(body=short.rpartition(b"&")[0])


def _lists(parts: Parts) -> Iterator[bytes]:
    """A name that is sent for each member of a list, and was signed once with the list in Python's words."""
    given: dict[str, list[str]] = {}
    for name, value in parse_qsl(text_of(parts.body[:16384]), keep_blank_values=True, max_num_fields=100):
        given.setdefault(name, []).append(value)
    if all(len(one) == 1 for one in given.values()):
        return
    yield parts.text(body=urlencode({name: one if len(one) > 1 else one[0] for name, one in given.items()}).encode())
    yield parts.text(body=urlencode({name: ",".join(one) for name, one in given.items()}).encode())
    yield parts.text(body="&".join(f"{name}={quote(','.join(one))}" for name, one in given.items()).encode())


def _switches(parts: Parts) -> Iterator[bytes]:
    """True for true, and 1 for either."""
    for words in ((b"True", b"False"), (b"true", b"false"), (b"1", b"0")):
        body = re.sub(rb"\b[Tt]rue\b", words[0], parts.body[:16384])
        yield parts.text(body=re.sub(rb"\b[Ff]alse\b", words[1], body))


def _hashed_otherwise(parts: Parts) -> Iterator[bytes]:
    hashed = parts.nonce + parts.body
    inner = hashlib.sha256(hashed)
    yield parts.path + inner.hexdigest().encode()
    yield parts.path + hashed
    yield parts.path + hashlib.sha512(hashed).digest()
    yield parts.path + parts.nonce + hashlib.sha256(parts.body).digest()


def _orders(parts: Parts) -> Iterator[bytes]:
    yield parts.text(nonce=parts.body, body=parts.nonce)
    yield from orders_of((parts.path, hashlib.sha256(parts.nonce + parts.body).digest()))
    yield from (hashlib.sha256(text).digest() for text in orders_of((parts.nonce, parts.path, parts.body)))


TEXTS: Texts[Parts] = {
    "the nonce is missing in front of the body": lambda parts: [parts.text(nonce=b"")],
    "the path is signed without /0": lambda parts: [parts.text(path=parts.path.removeprefix(b"/0"))],
    "an empty body was signed": lambda parts: [parts.text(body=b"")],
    "the path is signed without its beginning, or with a slash too many": _paths,
    "the address is signed with the path": _addresses,
    "the query is signed with the body": lambda parts: [parts.text(body=parts.body + parts.query)],
    "what is hashed with SHA-256 inside is not hashed, or otherwise": _hashed_otherwise,
    "the parts are signed in another order": _orders,
    "the nonce is put into the body after it was signed": _without("nonce"),
    "the otp is put into the body after it was signed": _without("otp"),
    "the last argument is added after it was signed": _without_the_last,
    "the verb is signed with the path": lambda parts: (
        parts.text(path=verb + parts.path) for verb in (b"POST", b"POST ")
    ),
    "a list is signed as one value and sent as several": _lists,
    "true and false are signed in other letters than they are sent": _switches,
    "form and JSON are mixed up: one is sent and the other signed": _other_kind,
    **{sentence: _body(False, rewriting) for sentence, rewriting in FORM.items()},
    **{sentence: _body(True, rewriting) for sentence, rewriting in BODY.items()},
    "another nonce is signed than the one in the body": _other_nonces,
}
"""In the order in which they are tried: what is dear last."""
