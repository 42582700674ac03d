"""The control surface, `/_control/`: everything a test may do to an account, over HTTP with JSON bodies.

A synchronous function from a request to a reply. Answers that refuse are problem documents (RFC 9457) with one clear
sentence in `detail`. A body needs `Content-Type: application/json`, so that no web page can drive it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import unquote

from simulator.core.message import Reply, Request
from simulator.core.misuse import Misuse, NotThere, did_you_mean
from simulator.core.wire import NotJson, decode, encode
from simulator.service import Service, operations, views
from simulator.service.listed import exchange_named
from simulator.version import version

root = "/_control/"


class _NotJsonType(Misuse):
    status = 415


class _WrongMethod(Misuse):
    status = 405


class Asked:
    """A control request: the names in its path, its JSON body, and what it is put to."""

    def __init__(self, service: Service, url: str, request: Request, names: dict[str, str]) -> None:
        self.service = service
        self.url = url
        self.request = request
        self._names = names

    def name(self, blank: str) -> str:
        return self._names[blank]

    def body(self) -> dict[str, Any]:
        """The body as a JSON object; an empty one counts as {}. Raises Misuse."""
        if not self.request.body:
            return {}
        content_type = (self.request.header("Content-Type") or "").partition(";")[0].strip().lower()
        if content_type != "application/json":
            raise _NotJsonType(f"a body needs Content-Type: application/json, not {content_type or 'none'!r}")
        try:
            value = decode(self.request.body)
        except NotJson as error:
            raise Misuse(f"the body is not JSON: {error}") from None
        if not isinstance(value, dict):
            raise Misuse(f"the body must be a JSON object, not {_kind(value)}")
        return value

    def fields(self, *allowed: str, required: tuple[str, ...] = ()) -> dict[str, Any]:
        """The body, refused when it has a field that is not `allowed` or lacks a `required` one. Raises Misuse."""
        body = self.body()
        for name in body:
            if name not in allowed:
                raise Misuse(f"there is no field {name!r} here; {did_you_mean(name, allowed)}")
        for name in required:
            if name not in body:
                raise Misuse(f"the field {name!r} is missing")
        return body


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


Answered = tuple[int, Any]


def _health(asked: Asked) -> Answered:
    return 200, {"status": "ok", "version": version()}


def _create_account(asked: Asked) -> Answered:
    given = asked.body()
    exchange = given.pop("exchange", None)
    if not isinstance(exchange, str):
        raise Misuse("the field 'exchange' is missing: bybit, okx, kraken or alphapoint")
    opened = operations.create_account(asked.service, exchange, given)
    return 201, views.opened(opened.exchange, opened.key, asked.url)


def _list_accounts(asked: Asked) -> Answered:
    with asked.service.lock:
        found = operations.accounts(asked.service)
        return 200, {"accounts": [views.account(exchange, account, asked.url) for exchange, account in found]}


def _show_account(asked: Asked) -> Answered:
    with asked.service.lock:
        exchange, _, account = operations.find(asked.service, asked.name("id"))
        return 200, views.account(exchange, account, asked.url)


def _change_account(asked: Asked) -> Answered:
    with asked.service.lock:
        operations.change_account(asked.service, asked.name("id"), asked.body())
        return _show_account(asked)


def _delete_account(asked: Asked) -> Answered:
    operations.delete_account(asked.service, asked.name("id"))
    return 204, None


def _create_key(asked: Asked) -> Answered:
    exchange, key = operations.create_key(asked.service, asked.name("id"), asked.body())
    return 201, views.opened(exchange, key, asked.url)


def _create_withdrawal(asked: Asked) -> Answered:
    with asked.service.lock:
        return 201, views.withdrawal(operations.create_withdrawal(asked.service, asked.name("id"), asked.body()))


def _list_withdrawals(asked: Asked) -> Answered:
    with asked.service.lock:
        _, _, account = operations.find(asked.service, asked.name("id"))
        return 200, {"withdrawals": [views.withdrawal(withdrawal) for withdrawal in account.book]}


def _show_withdrawal(asked: Asked) -> Answered:
    with asked.service.lock:
        return 200, views.withdrawal(
            operations.find_withdrawal(asked.service, asked.name("id"), asked.name("withdrawal"))
        )


def _event(asked: Asked) -> Answered:
    event = asked.fields("event").get("event")
    if event is not None and not isinstance(event, str):
        raise Misuse(f"event must be the name of an event, not {_kind(event)}")
    with asked.service.lock:
        withdrawal = operations.event(asked.service, asked.name("id"), asked.name("withdrawal"), event)
        return 200, views.withdrawal(withdrawal)


def _advance(asked: Asked) -> Answered:
    seconds = asked.fields("seconds", required=("seconds",))["seconds"]
    with asked.service.lock:
        operations.advance(asked.service, asked.name("id"), seconds)
        return _show_account(asked)


def _journal(asked: Asked) -> Answered:
    with asked.service.lock:
        _, _, account = operations.find(asked.service, asked.name("id"))
        entries = [views.entry(entry, account) for entry in account.journal]
        return 200, {"entries": entries, "dropped": account.journal.dropped}


def _show_exchange(asked: Asked) -> Answered:
    with asked.service.lock:
        exchange = exchange_named(asked.name("exchange"))
        return 200, views.exchange(exchange, asked.service.worlds[exchange.name])


def _change_exchange(asked: Asked) -> Answered:
    with asked.service.lock:
        exchange, world = operations.change_exchange(asked.service, asked.name("exchange"), asked.body())
        return 200, views.exchange(exchange, world)


def _exchange_journal(asked: Asked) -> Answered:
    with asked.service.lock:
        world = asked.service.worlds[exchange_named(asked.name("exchange")).name]
        entries = [views.entry(entry, world) for entry in world.journal]
        return 200, {"entries": entries, "dropped": world.journal.dropped}


Function = Callable[[Asked], Answered]

ROUTES: tuple[tuple[str, str, Function], ...] = (
    ("GET", "health", _health),
    ("GET", "accounts", _list_accounts),
    ("POST", "accounts", _create_account),
    ("GET", "accounts/{id}", _show_account),
    ("PATCH", "accounts/{id}", _change_account),
    ("DELETE", "accounts/{id}", _delete_account),
    ("POST", "accounts/{id}/keys", _create_key),
    ("GET", "accounts/{id}/withdrawals", _list_withdrawals),
    ("POST", "accounts/{id}/withdrawals", _create_withdrawal),
    ("GET", "accounts/{id}/withdrawals/{withdrawal}", _show_withdrawal),
    ("POST", "accounts/{id}/withdrawals/{withdrawal}/events", _event),
    ("POST", "accounts/{id}/advance", _advance),
    ("GET", "accounts/{id}/journal", _journal),
    ("GET", "exchanges/{exchange}", _show_exchange),
    ("PATCH", "exchanges/{exchange}", _change_exchange),
    ("GET", "exchanges/{exchange}/journal", _exchange_journal),
)


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
        raise _WrongMethod(f"{request.path} takes {' or '.join(methods)}, not {request.method}")
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


def _kind(value: object) -> str:
    names = {dict: "an object", list: "an array", str: "text", bool: "true or false", type(None): "null"}
    return names.get(type(value), "a number")
