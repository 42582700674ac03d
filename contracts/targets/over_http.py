"""A server that runs elsewhere and has the simulator's control surface, `/_control/`."""

from __future__ import annotations

import json
import secrets
import time
from collections.abc import Mapping
from typing import Any, get_args
from urllib.parse import quote

from contracts.documents import parsed
from contracts.targets.connection import Connection
from contracts.targets.target import Ability, ControlRefused, ReplyLost, TargetAccount, TargetDown, TargetSocket
from contracts.targets.websocket import WebSocket
from contracts.wire import EXCHANGES, Credentials, HttpCall, HttpReply


class OverHttp:
    """The simulator at `url`, as `serve` prints it. Raises TargetDown when none is there."""

    name = "over HTTP"
    # A running server's clock is the machine's: it cannot be set to the moment of a vector.
    can: frozenset[Ability] = frozenset(get_args(Ability)) - {"clock"}
    secrets: frozenset[str] = frozenset()  # its credentials are made for the run
    unset: frozenset[str] = frozenset()
    exchanges: frozenset[str] = frozenset(EXCHANGES)

    def __init__(self, url: str, timeout_s: float = 10.0) -> None:
        self._connection = Connection(url, timeout_s)
        self.url = self._connection.url
        self.run = secrets.token_hex(4)
        self._look()

    def account(self, exchange: str, options: Mapping[str, Any]) -> TargetAccount:
        return _Account(self, self.control("POST", "accounts", {"exchange": exchange, **options}), options)

    def lacks(self, withdrawal: Mapping[str, Any]) -> str:
        return ""

    def spent(self) -> None:
        """Others can be made."""

    def rest(self) -> bool:
        return False

    def now_ms(self) -> int:
        return time.time_ns() // 1_000_000

    def at(self, now_ms: int) -> None:
        raise ControlRefused("the clock of a server that runs elsewhere cannot be set")

    def control(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> _Told:
        """A call of the control surface; the object that it answers. Raises ControlRefused with the problem's sentence,
        and when a member is looked for that is not there.
        """
        reply = self._ask(method, path, body)
        document = _json(reply)
        if reply.status >= 400:
            told = document.get("detail") if isinstance(document, dict) else reply.text[:200]
            raise ControlRefused(f"{method} /_control/{path}: {told}")
        return _Told(f"{method} /_control/{path}", document)

    def send(self, call: HttpCall) -> HttpReply:
        return self._connection.send(call)

    def open_socket(self, target: str) -> TargetSocket:
        return WebSocket(self._connection, target)

    def close(self) -> None:
        self._connection.close()

    def _ask(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> HttpReply:
        data = b"" if body is None else json.dumps(body).encode()
        headers = (("Content-Type", "application/json"),) if data else ()
        try:
            return self.send(HttpCall(method, "/_control/" + path, headers, data))
        except ReplyLost as lost:
            raise TargetDown(str(lost)) from None

    def _look(self) -> None:
        """See that a control surface answers, or say in one sentence what does."""
        reply = self._ask("GET", "health")
        document = _json(reply)
        if isinstance(document, dict) and document.get("status") == "ok":
            return
        if 300 <= reply.status < 400:
            found = f"it redirects to {reply.header('Location')}"
        else:
            found = f"GET /_control/health answered {reply.status}, {reply.header('Content-Type') or 'without a type'}"
        self.close()
        raise TargetDown(f"{self.url} has no control surface ({found}); for a server without one give --profile FILE")


def _json(reply: HttpReply) -> Any:
    try:
        return parsed(reply.body) if reply.body else None
    except ValueError:
        return None


class _Told(dict[str, Any]):
    """What the control surface answered to what was `asked`."""

    def __init__(self, asked: str, document: Any) -> None:
        super().__init__(document if isinstance(document, dict) else {})
        self._asked = asked

    def __missing__(self, name: str) -> Any:
        raise ControlRefused(f"{self._asked}: the answer has no {name}")


def _unmasked(credentials: Credentials, options: Mapping[str, Any]) -> Credentials:
    """The control surface masks secrets that were supplied; who supplied them knows them."""
    return {**credentials, **{name: options[name] for name in credentials.keys() & options.keys()}}


class _Account:
    def __init__(self, target: OverHttp, document: Mapping[str, Any], options: Mapping[str, Any]) -> None:
        self._target = target
        self._path = "accounts/" + quote(document["id"], safe="")
        self.credentials: Credentials = _unmasked(document["credentials"], options)
        self.settings: Mapping[str, Any] = document["client_settings"]

    def withdrawal(self, options: Mapping[str, Any]) -> str:
        return str(self._target.control("POST", self._path + "/withdrawals", options)["id"])

    def event(self, withdrawal: str, event: str) -> None:
        path = f"{self._path}/withdrawals/{quote(withdrawal, safe='')}/events"
        self._target.control("POST", path, {"event": event})

    def fault(self, options: Mapping[str, Any]) -> None:
        self._target.control("POST", self._path + "/faults", options)

    def key(self, options: Mapping[str, Any]) -> Credentials:
        return _unmasked(self._target.control("POST", self._path + "/keys", options)["credentials"], options)

    def advance(self, seconds: int) -> None:
        self._target.control("POST", self._path + "/advance", {"seconds": seconds})

    def withdrawals(self) -> Mapping[str, str]:
        shown = self._target.control("GET", self._path + "/withdrawals")
        try:
            return {one["id"]: one["internal_state"] for one in shown["withdrawals"]}
        except (LookupError, TypeError):
            raise ControlRefused(f"GET /_control/{self._path}/withdrawals shows no withdrawals") from None

    def delete(self) -> None:
        self._target.control("DELETE", self._path)
