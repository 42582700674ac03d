"""The control surface, `/_control/`: everything a test may do to an account, over HTTP with JSON bodies.

A synchronous function from a request to a reply. Answers that refuse are problem documents (RFC 9457) with one clear
sentence in `detail`. No web page can drive it: a body needs `Content-Type: application/json`, and what changes anything
is refused when a browser's `Origin` header says that it comes from another host. A server that only this machine
reaches is asked by address or localhost: a page whose own name was made to lead here (DNS rebinding) has another one.
"""

from __future__ import annotations

import ipaddress
from dataclasses import replace
from http import HTTPStatus
from urllib.parse import unquote, urlsplit

from simulator.core.message import Reply, Request
from simulator.core.misuse import Misuse, NoSuchPath, brief, did_you_mean, shown
from simulator.core.wire import encode
from simulator.server.control_request import JSON_LINES, Asked, JsonLines, TooLarge, WrongMethod, WrongOrigin
from simulator.server.control_routes import QUERIES, ROUTES, Function
from simulator.service import Service

root = "/_control/"


def answer(service: Service, url: str, request: Request, *, local_only: bool = False) -> Reply:
    """One control request. `local_only`: the server listens where only this machine reaches it."""
    try:
        if local_only:
            _refuse_other_names(request)
        _refuse_other_origins(request)
        function, names = _route(request)
        asked = Asked(service, url, request, names)
        asked.check_query(QUERIES.get(function, ()))
        asked.check_body()
        status, document = function(asked)
    except Misuse as misuse:
        return _problem(misuse)
    if document is None:
        return Reply(status)
    if isinstance(document, JsonLines):
        return Reply(status, (("Content-Type", JSON_LINES),), document.content)
    return Reply(status, (("Content-Type", "application/json"),), encode(document))


def too_large(limit: int) -> Reply:
    """The answer to a body of more than `limit` bytes. Its rest is not read, so the connection ends."""
    reply = _problem(TooLarge(f"the body has more than the {limit} bytes that are read here; send a smaller one"))
    return replace(reply, headers=(*reply.headers, ("Connection", "close")))


def _problem(misuse: Misuse) -> Reply:
    title = HTTPStatus(misuse.status).phrase
    problem = {"type": misuse.problem, "title": title, "status": misuse.status, "detail": str(misuse)}
    allow = (("Allow", ", ".join(misuse.allowed)),) if isinstance(misuse, WrongMethod) else ()
    return Reply(misuse.status, (("Content-Type", "application/problem+json"), *allow), encode(problem))


def is_local(host: str) -> bool:
    """True for an address or a name at which only this machine can be reached."""
    name = host.lower().removesuffix(".")
    if name == "localhost" or name.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False


def _refuse_other_names(request: Request) -> None:
    """Names lead wherever their owner wants, also here; addresses and localhost (RFC 6761) do not."""
    for header, host in request.headers:
        if header.lower() == "host" and not _is_own_name(host):
            raise WrongOrigin(
                f"this server listens on this machine alone, and was asked as {shown(host)}; ask by address or as "
                "localhost, or let it listen elsewhere (--host 0.0.0.0), where it takes any name"
            )


def _is_own_name(host: str) -> bool:
    """True for an address, localhost, and no name at all, which no browser sends."""
    try:
        name = urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return False
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return not host or is_local(name)
    return True


def _refuse_other_origins(request: Request) -> None:
    """A page of another host may send a POST without a body unasked (Fetch, CORS: a simple request)."""
    host = (request.header("Host") or "").lower()
    for name, origin in request.headers:
        if request.method != "GET" and name.lower() == "origin" and origin.lower().partition("://")[2] != host:
            raise WrongOrigin(
                f"a web page of origin {shown(origin)} may not change anything here; ask from {shown(host)}"
            )


def _route(request: Request) -> tuple[Function, dict[str, str]]:
    parts = request.path.removeprefix(root).split("/")
    methods = []
    for method, pattern, function in ROUTES:
        names = _match(pattern.split("/"), parts)
        if names is None:
            continue
        if method == request.method:
            return function, names
        methods.append(method)
    if methods:
        sentence = f"{brief(request.path)} takes {' or '.join(methods)}, not {brief(request.method, 20)}"
        raise WrongMethod(sentence, methods)
    known = {root + pattern for _, pattern, _ in ROUTES}
    raise NoSuchPath(f"the control surface has no path {shown(request.path)}; {did_you_mean(request.path, known)}")


def _match(pattern: list[str], parts: list[str]) -> dict[str, str] | None:
    """The names in a path; None when it does not fit. An empty part fits nothing: `faults/` is not all `faults`."""
    if len(pattern) != len(parts) or "" in parts:
        return None
    names = {}
    for wanted, part in zip(pattern, parts, strict=True):
        if wanted.startswith("{"):
            names[wanted.strip("{}")] = unquote(part)
        elif wanted != part:
            return None
    return names
