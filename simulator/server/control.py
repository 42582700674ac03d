"""The control surface, `/_control/`: everything a test may do to an account, over HTTP with JSON bodies.

A synchronous function from a request to a reply. Answers that refuse are problem documents (RFC 9457) with one clear
sentence in `detail`. A body needs `Content-Type: application/json`, so that no web page can drive it.
"""

from __future__ import annotations

from urllib.parse import unquote

from simulator.core.message import Reply, Request
from simulator.core.misuse import Misuse, NotThere, did_you_mean
from simulator.core.wire import encode
from simulator.server.control_request import Asked, WrongMethod
from simulator.server.control_routes import ROUTES, Function
from simulator.service import Service

root = "/_control/"


def answer(service: Service, url: str, request: Request) -> Reply:
    """One control request."""
    try:
        function, names = _route(request)
        status, document = function(Asked(service, url, request, names))
    except Misuse as misuse:
        titles = {400: "Bad Request", 404: "Not Found", 405: "Method Not Allowed", 409: "Conflict"}
        title = titles.get(misuse.status, "Unsupported Media Type")
        problem = {"type": "about:blank", "title": title, "status": misuse.status, "detail": str(misuse)}
        return Reply(misuse.status, (("Content-Type", "application/problem+json"),), encode(problem))
    if document is None:
        return Reply(status)
    return Reply(status, (("Content-Type", "application/json"),), encode(document))


def _route(request: Request) -> tuple[Function, dict[str, str]]:
    parts = request.path.removeprefix(root).rstrip("/").split("/")
    methods = []
    for method, pattern, function in ROUTES:
        names = _match(pattern.split("/"), parts)
        if names is None:
            continue
        if method == request.method:
            return function, names
        methods.append(method)
    if methods:
        raise WrongMethod(f"{request.path} takes {' or '.join(methods)}, not {request.method}")
    known = [root + pattern for _, pattern, _ in ROUTES]
    raise NotThere(f"the control surface has no path {request.path!r}; {did_you_mean(request.path, known)}")


def _match(pattern: list[str], parts: list[str]) -> dict[str, str] | None:
    if len(pattern) != len(parts):
        return None
    names = {}
    for wanted, part in zip(pattern, parts, strict=True):
        if wanted.startswith("{"):
            names[wanted.strip("{}")] = unquote(part)
        elif wanted != part:
            return None
    return names
