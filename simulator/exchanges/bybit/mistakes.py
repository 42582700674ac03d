"""What clients sign by mistake instead of what Bybit signs: a table of sentences and the texts that come of each.

Pure functions. The mistakes are those of docs v5/guide, of the SDKs' issues, of what rotki notes about its cursor, and
the habits that clients bring along from V2 and from other exchanges.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from urllib.parse import parse_qsl

from simulator.core.diagnosis import Texts
from simulator.core.rewriting import BODY, NOTHING, Rewriting, orders_of, text_of
from simulator.core.rewriting_queries import FORM, QUERY
from simulator.core.wire import as_arrived, decode
from simulator.exchanges.bybit.signing import origin_string

_WINDOWS = tuple(map(str, (*range(1000, 61_000, 1000), 500, 1500, 2500, 7500, 90_000, 100_000, 120_000, 300_000)))
"""Receive windows that clients have as constants: whole seconds up to a minute, and a few more."""

_apart_most_ms = 20


@dataclass(frozen=True, slots=True)
class Parts:
    """The parts of the text that the server signed, and what clients mix them up with."""

    timestamp: str
    api_key: str
    recv_window: str
    payload: bytes
    method: str
    path: str
    host: str = ""
    other_keys: tuple[str, ...] = ()

    def text(
        self,
        *,
        payload: bytes | None = None,
        recv_window: str | None = None,
        api_key: str | None = None,
        timestamp: str | None = None,
    ) -> bytes:
        """The text, with some of the parts changed."""
        return origin_string(
            self.timestamp if timestamp is None else timestamp,
            self.api_key if api_key is None else api_key,
            self.recv_window if recv_window is None else recv_window,
            self.payload if payload is None else payload,
        )


def _rewritten(method: str, rewriting: Rewriting) -> Callable[[Parts], Iterable[bytes]]:
    """The text with its payload written again: the query of a GET, the body of a POST."""

    def texts(parts: Parts) -> Iterator[bytes]:
        if parts.method == method:
            yield from (parts.text(payload=payload) for payload in rewriting(parts.payload))

    return texts


def _other_windows(parts: Parts) -> Iterator[bytes]:
    """Another constant, the one that is sent as a float, or what stands for none."""
    for window in (*_WINDOWS, f"{parts.recv_window}.0", *NOTHING):
        yield parts.text(recv_window=window)


def _other_times(parts: Parts) -> Iterator[bytes]:
    """Seconds (whole, or with a fraction), microseconds and nanoseconds of the timestamp that was sent."""
    ms = int(parts.timestamp)
    for text in (str(ms // 1000), str(ms / 1000), f"{ms}000", f"{ms}000000"):
        yield parts.text(timestamp=text)


def _other_moments(parts: Parts) -> Iterator[bytes]:
    """The clock is asked again for the header, some ms before or behind."""
    ms = int(parts.timestamp)
    for apart in range(1, _apart_most_ms + 1):
        yield parts.text(timestamp=str(ms - apart))
        yield parts.text(timestamp=str(ms + apart))


def _as_in_v2(parts: Parts) -> Iterator[bytes]:
    """Everything as one sorted query, as V2 signed it."""
    given = dict(parse_qsl(text_of(parts.payload))) if parts.method == "GET" else decode(parts.payload or b"{}")
    for window in ("recv_window", "recvWindow", ""):
        known = {
            "api_key": parts.api_key,
            "timestamp": parts.timestamp,
            **({window: parts.recv_window} if window else {}),
        }
        yield as_arrived("&".join(f"{name}={value}" for name, value in sorted({**given, **known}.items())))


def _with_path(parts: Parts) -> Iterator[bytes]:
    """Method, path and address belong to the text of other exchanges."""
    mark = b"?" if parts.method == "GET" and parts.payload else b""
    yield parts.text(payload=parts.method.encode() + parts.payload)
    for before in ("", f"http://{parts.host}", f"https://{parts.host}"):
        path = as_arrived(before + parts.path)
        for head in (parts.text(payload=b""), as_arrived(parts.timestamp)):
            for method in (b"", parts.method.encode()):
                yield head + method + path + mark + parts.payload


TEXTS: Texts[Parts] = {
    "{} is signed where nothing is sent": lambda parts: [parts.text(payload=parts.payload or b"{}")],
    "null, undefined or None is signed where nothing is sent": lambda parts: (
        parts.text(payload=word.encode()) for word in NOTHING if not parts.payload
    ),
    "the query or body is left out": lambda parts: [parts.text(payload=b"")],
    "the query is signed with its question mark": lambda parts: [parts.text(payload=b"?" + parts.payload)],
    **{sentence: _rewritten("GET", rewriting) for sentence, rewriting in QUERY.items()},
    "the receive window is sent and not signed": lambda parts: [parts.text(recv_window="")],
    "a receive window of 5000 is signed and not sent": lambda parts: [
        parts.text(recv_window=parts.recv_window or "5000")
    ],
    "another receive window is signed than the one that is sent": _other_windows,
    "the key is not signed": lambda parts: [parts.text(api_key="")],
    "another key of this account is signed than the one that is sent": lambda parts: (
        parts.text(api_key=key) for key in parts.other_keys
    ),
    "the timestamp is not signed": lambda parts: [parts.text(timestamp="")],
    "the timestamp is signed in another unit than milliseconds": _other_times,
    "the clock is asked twice, for the text and for the header": _other_moments,
    "the parts are signed in another order": lambda parts: orders_of(
        (as_arrived(parts.timestamp), as_arrived(parts.api_key), as_arrived(parts.recv_window), parts.payload)
    ),
    "method, path or address are signed as well": _with_path,
    "the parameters are signed sorted, with key and timestamp among them, as in V2": _as_in_v2,
    "a line break is signed behind the text": lambda parts: (parts.text() + end for end in (b"\n", b"\r\n")),
    "a form is sent and JSON is signed": _rewritten("POST", FORM["the form is signed as JSON"]),
    **{sentence: _rewritten("POST", rewriting) for sentence, rewriting in BODY.items()},
}
"""In the order in which they are tried: what is cheap first."""
