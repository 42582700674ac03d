"""Where the endpoints of all exchanges are, and which of them a request nearly asked for."""

from __future__ import annotations

from simulator.core.message import Frame, Reply, Request
from simulator.core.misuse import shown
from simulator.core.near_misses import NearMiss, Place, near_misses
from simulator.core.wire import encode
from simulator.service.listed import exchanges

_ANY = ("GET", "POST")
"""What an exchange takes that takes its paths in any case."""


def _places() -> tuple[Place, ...]:
    found = []
    for exchange in exchanges:
        for endpoint in exchange.endpoints:
            others = _ANY if exchange.folds_case and endpoint.method in _ANY else ()
            methods = (endpoint.method, *(method for method in others if method != endpoint.method))
            found.append(Place(exchange.name, endpoint.name, methods, endpoint.path, exchange.folds_case))
    return tuple(found)


_PLACES = _places()


def near(request: Request | Frame, exchange: str | None = None) -> tuple[NearMiss, ...]:
    """The endpoints that a request nearly asked for, of one exchange or of all; none for a frame, which has no path."""
    if isinstance(request, Frame):
        return ()
    places = [place for place in _PLACES if exchange in (None, place.exchange)]
    return near_misses(request.method, request.path, places)


def nowhere(path: str, near: tuple[NearMiss, ...]) -> Reply:
    """A path that no exchange and no surface of ours has: answered in our own words."""
    roots = ", ".join(root for exchange in exchanges for root in exchange.roots if root.endswith("/"))
    nearest = f"; nearest is {near[0]}" if near else ""
    sentence = f"no exchange has the path {shown(path)}; paths begin with {roots} or /_control/{nearest}"
    body = encode({"type": "about:blank", "title": "Not Found", "status": 404, "detail": sentence})
    return Reply(404, (("Content-Type", "application/problem+json"),), body)
