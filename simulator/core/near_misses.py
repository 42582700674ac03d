"""The endpoints that a request nearly asked for, and why each of them does not fit. For the journal; pure functions.

Knows methods and paths, no exchange by name. Bounded: a path is compared as far as paths of endpoints go.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import SequenceMatcher
from urllib.parse import unquote

_compared = 120
_alike = 0.6
_most = 3


@dataclass(frozen=True, slots=True)
class Place:
    """Where an endpoint is: `name` is the common word for it, `methods` are those that it takes ("WS": none).

    `folds_case`: its path is good in any case, and with a slash at its end.
    """

    exchange: str
    name: str
    methods: tuple[str, ...]
    path: str
    folds_case: bool = False


@dataclass(frozen=True, slots=True)
class NearMiss:
    """An endpoint that a request nearly asked for; `why` it does not fit ("takes POST, not GET")."""

    exchange: str
    endpoint: str
    method: str
    path: str
    why: str

    def __str__(self) -> str:
        return f"{self.exchange} {self.endpoint} {self.method} {self.path} ({self.why})"


def near_misses(method: str, path: str, places: Iterable[Place]) -> tuple[NearMiss, ...]:
    """The nearest places, at most three, nearest first; none when the request fits one of them.

    Where the path is only spelled or asked for differently, what else comes near is left away.
    """
    cut = path[:_compared]
    found: list[tuple[float, int, NearMiss]] = []
    enough = _alike
    for number, place in enumerate(places):
        likeness = _likeness(_plain(cut), _plain(place.path))
        if likeness < enough:
            continue
        reasons = [*_path_reasons(cut, place), *_method_reasons(method, place)]
        if not reasons:
            return ()
        if likeness == 1.0 > enough:
            enough = likeness
            found.clear()
        nearness = likeness - 0.02 * len(reasons)
        shown = "WebSocket" if place.methods == ("WS",) else place.methods[0]
        found.append((-nearness, number, NearMiss(place.exchange, place.name, shown, place.path, "; ".join(reasons))))
    return tuple(miss for _, _, miss in sorted(found, key=lambda one: one[:2])[:_most])


def _plain(path: str) -> str:
    """A path without what is only spelled differently: letters' case, escapes, doubled slashes and one at the end."""
    return re.sub("/+", "/", unquote(path).strip().lower()).rstrip("/")


def _likeness(one: str, other: str) -> float:
    """From 0 to 1: the same path; one that ends with the other; letters that they share."""
    if one == other:
        return 1.0
    if (one.count("/") > 1 and other.endswith(one)) or one.endswith(other):
        return 0.95
    # An ending such as /cancel-withdrawal says more than what comes before it.
    if one.rpartition("/")[2] == other.rpartition("/")[2] != "":
        return 0.9
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    if matcher.real_quick_ratio() < _alike or matcher.quick_ratio() < _alike:
        return 0.0
    # Every path of an exchange begins alike, so that the last part has to be alike too.
    return matcher.ratio() * 0.9 if _are_alike(one.rpartition("/")[2], other.rpartition("/")[2]) else 0.0


def _are_alike(one: str, other: str) -> bool:
    """True for two last parts of which one begins with the other, or that share most of their letters."""
    if min(len(one), len(other)) > 2 and (one.startswith(other) or other.startswith(one)):
        return True
    return SequenceMatcher(None, one, other, autojunk=False).ratio() >= _alike


def _path_reasons(path: str, place: Place) -> list[str]:
    if path == place.path or (place.folds_case and path.lower().removesuffix("/") == place.path.lower()):
        return []
    if _plain(path) != _plain(place.path):
        if place.path.lower().endswith(_plain(path)):
            return [f"the path begins with {place.path[: len(place.path) - len(_plain(path))]}"]
        before = path.lower().removesuffix(_plain(place.path))
        if len(before) < len(path):
            return [f"nothing comes before {place.path}, not {path[: len(before)]!r}"]
        return [f"the path is {place.path}"]
    told = []
    bare = unquote(path).strip()
    if bare != path:
        told.append("the path has no escapes and no blanks")
    if "//" in bare:
        told.append("its slashes are single")
    if bare.endswith("/") and not place.folds_case:
        told.append("the path has no slash at its end")
    if not place.folds_case and re.sub("/+", "/", bare).rstrip("/") != place.path:
        told.append(f"the path is {place.path}, in this case of letters")
    return told


def _method_reasons(method: str, place: Place) -> list[str]:
    if method in place.methods:
        return []
    if place.methods == ("WS",):
        return ["only a frame on a WebSocket reaches it"]
    if method.upper() in place.methods:
        return [f"the method is {method.upper()}, in capitals"]
    return [f"takes {' or '.join(place.methods)}, not {method[:20]}"]
