"""What clients sign by mistake instead of what OKX signs: a table of sentences and the texts that come of each.

Pure functions. The mistakes are those of docs-v5 "Signature", of what python-okx and okx-api do to a query, of the time
that comes in milliseconds and is wanted as ISO 8601, and of habits from other exchanges.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import product

from simulator.core.diagnosis import Texts
from simulator.core.rewriting import BODY, NOTHING, Rewriting, orders_of, text_of
from simulator.core.rewriting_queries import FORM, QUERY
from simulator.core.wire import as_arrived
from simulator.exchanges.okx.signing import prehash

_apart_most_ms = 20
_EPOCH_S = re.compile("[0-9]{10}")

_HOST = "www.okx.com"
"""Of clients that have the address as a constant, wherever they are sent."""


@dataclass(frozen=True, slots=True)
class Parts:
    """The parts of the text that the server signed, and what clients mix them up with.

    `unsigned` is the body of a GET.
    """

    timestamp: str
    method: str
    target: str
    body: bytes
    api_key: str = ""
    passphrase: str = ""
    host: str = ""
    unsigned: bytes = b""

    @property
    def path(self) -> str:
        return self.target.partition("?")[0]

    @property
    def query(self) -> str:
        return self.target.partition("?")[2]

    def text(
        self,
        *,
        timestamp: str | None = None,
        method: str | None = None,
        target: str | None = None,
        body: bytes | None = None,
    ) -> bytes:
        """The text, with some of the parts changed."""
        return prehash(
            self.timestamp if timestamp is None else timestamp,
            self.method if method is None else method,
            self.target if target is None else target,
            self.body if body is None else body,
        )


def _query(rewriting: Rewriting) -> Callable[[Parts], Iterable[bytes]]:
    def texts(parts: Parts) -> Iterator[bytes]:
        if parts.query:
            for query in rewriting(as_arrived(parts.query)):
                yield parts.text(target=f"{parts.path}?{text_of(query)}")

    return texts


def _body(rewriting: Rewriting) -> Callable[[Parts], Iterable[bytes]]:
    return lambda parts: (parts.text(body=body) for body in rewriting(parts.body))


def _moment(timestamp: str) -> Decimal:
    """The timestamp that was sent, in s since 1970: ISO 8601, or an epoch in s (of a login) or ms."""
    try:
        number = Decimal(timestamp)
    except ArithmeticError:
        moment = datetime.fromisoformat(timestamp)
        return Decimal(str((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()))
    return number / 1000 if number >= 10**12 else number


def _seconds(parts: Parts) -> Iterator[bytes]:
    moment = _moment(parts.timestamp)
    for text in (str(int(moment)), f"{moment:.3f}", f"{moment.normalize():f}"):
        yield parts.text(timestamp=text)


def _milliseconds(parts: Parts) -> Iterator[bytes]:
    yield parts.text(timestamp=str(round(_moment(parts.timestamp) * 1000)))


def _iso(parts: Parts) -> Iterator[bytes]:
    """Without a fraction, with one of 3 or 6 digits; with Z, with an offset, with neither; with a blank for the T."""
    moment = datetime.fromtimestamp(float(_moment(parts.timestamp)), UTC).replace(tzinfo=None)
    for precision, end, between in product(("milliseconds", "seconds", "microseconds"), ("Z", "+00:00", ""), "T "):
        yield parts.text(timestamp=moment.isoformat(between, precision) + end)


def _other_moments(parts: Parts) -> Iterator[bytes]:
    """The clock is asked again for what is sent: some ms before or behind, of a login a second."""
    moment = _moment(parts.timestamp)
    if _EPOCH_S.fullmatch(parts.timestamp):
        yield from (parts.text(timestamp=str(int(moment) + apart)) for apart in (-1, 1))
        return
    for apart in range(1, _apart_most_ms + 1):
        for ms in (-apart, apart):
            other = datetime.fromtimestamp(float(moment), UTC) + timedelta(milliseconds=ms)
            yield parts.text(timestamp=other.isoformat(timespec="milliseconds").replace("+00:00", "Z"))


def _paths(parts: Parts) -> Iterator[bytes]:
    """Less than the path: without /api/v5 or what else it begins with, or without its first slash."""
    rest = parts.target
    while rest.startswith("/") and rest.partition("?")[0].count("/") > 1:
        rest = "/" + rest[1:].partition("/")[2]
        yield parts.text(target=rest)
    yield parts.text(target=parts.target.removeprefix("/"))
    yield parts.text(target="")
    yield parts.text(target=parts.path.rstrip("/") + "/" + parts.target[len(parts.path) :])


def _addresses(parts: Parts) -> Iterator[bytes]:
    for scheme, host in product(("http://", "https://", ""), (parts.host, _HOST)):
        yield parts.text(target=scheme + host + parts.target)


def _as_body(parts: Parts) -> Iterator[bytes]:
    """The parameters of a GET as a body of JSON, with the query left out or not."""
    if parts.query:
        for body, target in product(
            QUERY["the query is signed as JSON"](as_arrived(parts.query)), (parts.path, parts.target)
        ):
            yield parts.text(target=target, body=body)


TEXTS: Texts[Parts] = {
    "{} is signed where nothing is sent": lambda parts: [parts.text(body=parts.body or b"{}")],
    "null, undefined or None is signed where nothing is sent": lambda parts: (
        parts.text(body=word.encode()) for word in NOTHING if not parts.body
    ),
    "the body is left out": lambda parts: [parts.text(body=b"")],
    "the body of a GET is signed": lambda parts: [parts.text(body=parts.unsigned)],
    "the query is left out": lambda parts: [parts.text(target=parts.path)],
    "the query is signed without its question mark": lambda parts: [parts.text(target=parts.path + parts.query)],
    "a question mark is signed where no query is sent": lambda parts: [parts.text(target=parts.path + "?")],
    **{sentence: _query(rewriting) for sentence, rewriting in QUERY.items()},
    "the query is signed as a body": _as_body,
    "the method is signed in lower case": lambda parts: [parts.text(method=parts.method.lower())],
    "the method is signed with one capital, as Get or Post": lambda parts: [
        parts.text(method=parts.method.capitalize())
    ],
    "the method is not signed": lambda parts: [parts.text(method="")],
    "another method is signed than the one that is sent": lambda parts: (
        parts.text(method=method) for method in ("GET", "POST", "DELETE", "PUT")
    ),
    "the timestamp is signed in seconds": _seconds,
    "the timestamp is signed in milliseconds": _milliseconds,
    "the timestamp is signed in another form of ISO 8601": _iso,
    "the timestamp is not signed": lambda parts: [parts.text(timestamp="")],
    "the path is signed without its beginning, or with a slash at its end": _paths,
    "the path is signed with /api/v5 ahead of it": lambda parts: [parts.text(target="/api/v5" + parts.target)],
    "the address is signed with the path": _addresses,
    "the clock is asked twice, for the text and for the header": _other_moments,
    "the parts are signed in another order": lambda parts: orders_of(
        (as_arrived(parts.timestamp), as_arrived(parts.method), as_arrived(parts.target), parts.body)
    ),
    "passphrase or key are signed as well": lambda parts: (
        text
        for word in (parts.passphrase, parts.api_key, parts.api_key + parts.passphrase)
        for text in (
            parts.text() + as_arrived(word),
            as_arrived(word) + parts.text(),
            parts.text(timestamp=parts.timestamp + word),
        )
    ),
    "a line break is signed behind the text": lambda parts: (parts.text() + end for end in (b"\n", b"\r\n")),
    "a form is sent and JSON is signed": _body(FORM["the form is signed as JSON"]),
    **{sentence: _body(rewriting) for sentence, rewriting in BODY.items()},
}
"""In the order in which they are tried: what is cheap first."""
