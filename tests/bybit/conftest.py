"""A Bybit account in process, at a clock that stands still, and a client that signs as the documentation says."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from contracts.dialects import bybit
from contracts.wire import HttpCall
from simulator import Reply, Request, Simulator
from simulator.core import rows
from simulator.core.clock import ManualClock
from simulator.core.journal import Entry
from simulator.exchanges.bybit.errors import Errors

NOW_MS = 1_700_000_000_000


@dataclass
class Ask:
    """A request before it is signed; every part of it can be spoiled."""

    method: str = "POST"
    target: str = "/v5/asset/withdraw/cancel"
    body: bytes = b""
    headers: tuple[tuple[str, str], ...] = (("Content-Type", "application/json"),)
    api_key: str | None = None
    api_secret: str | None = None
    timestamp: str = str(NOW_MS)
    recv_window: str = "5000"
    signature: str | None = None
    dropped: frozenset[str] = field(default_factory=frozenset)
    peer: str = "127.0.0.1"


class Desk:
    """One simulator with one account. `last` is the newest journal entry of any account or of nobody."""

    def __init__(self, **options: Any) -> None:
        self.clock = ManualClock(NOW_MS)
        self.simulator = Simulator(clock=self.clock)
        self.account = self.simulator.bybit.account("desk", **options)
        self.last: Entry | None = None
        self.simulator.service.listeners.append(self._listen)

    def _listen(self, exchange: str, account: object, entry: Entry) -> None:
        self.last = entry

    @property
    def condition(self) -> str | None:
        """The condition that refused the newest request."""
        assert self.last is not None
        return self.last.refused.condition if self.last.refused else None

    def ask(self, ask: Ask) -> Reply:
        """Sign and send."""
        if ask.timestamp == str(NOW_MS):  # nobody spoiled it: the time that it is
            ask = replace(ask, timestamp=str(self.clock.now_ms))
        call = HttpCall(ask.method, ask.target, ask.headers, ask.body)
        key = self.account.api_key if ask.api_key is None else ask.api_key
        secret = self.account.api_secret if ask.api_secret is None else ask.api_secret
        payload = call.query.encode("utf-8", "surrogateescape") if ask.method == "GET" else ask.body
        signature = ask.signature or bybit.signature(secret, ask.timestamp, key, ask.recv_window, payload)
        given = {
            "X-BAPI-API-KEY": key,
            "X-BAPI-TIMESTAMP": ask.timestamp,
            "X-BAPI-SIGN": signature,
            "X-BAPI-RECV-WINDOW": ask.recv_window,
        }
        headers = tuple((name, value) for name, value in given.items() if value and name not in ask.dropped)
        return self.simulator.answer(Request(ask.method, ask.target, ask.headers + headers, ask.body, ask.peer))

    def cancel(self, withdrawal_id: str, **spoiled: Any) -> Reply:
        """The cancel call, as pybit writes its body."""
        return self.ask(Ask(body=b'{"id": "%b"}' % withdrawal_id.encode(), **spoiled))

    def post(self, body: bytes, **spoiled: Any) -> Reply:
        """The cancel call with any body."""
        return self.ask(Ask(body=body, **spoiled))

    def create(self, *without: str, spoiled: dict[str, Any] | None = None, **changed: Any) -> Reply:
        """The create call: 10 USDT to the address of the book, with parameters `changed` or left out (`without`)."""
        body: dict[str, Any] = {
            "coin": "USDT",
            "chain": "ETH",
            "address": "0x7c3f1cd65d8a3c3b1c7a9d3c5f0e2b4a6d8c0e11",
            "amount": "10",
            "timestamp": self.clock.now_ms,
            "accountType": "FUND",
        } | changed
        body = {name: value for name, value in body.items() if name not in without}
        return self.post(json.dumps(body).encode(), target="/v5/asset/withdraw/create", **(spoiled or {}))

    def get(self, path: str, query: str = "", **spoiled: Any) -> Reply:
        """Any GET endpoint, signed."""
        return self.ask(Ask("GET", "/v5/" + path + ("?" + query if query else ""), headers=(), **spoiled))

    def list(self, query: str = "", **spoiled: Any) -> Reply:
        """The record query."""
        target = "/v5/asset/withdraw/query-record" + ("?" + query if query else "")
        return self.ask(Ask("GET", target, headers=(), **spoiled))


@pytest.fixture(scope="session")
def desk() -> type[Desk]:
    """Makes a fresh `Desk`; options are those of the account."""
    return Desk


@pytest.fixture(scope="session")
def ask() -> type[Ask]:
    """Makes an `Ask`."""
    return Ask


KNOWN_AT = {
    "timestamp": r"",
    "api_key": r"",
    "signature": r"",
    "recv_window": r"",
    "now": r"",
    "origin": r"",
    "coin": r"create\.(?!parameter)",
    "available": r"create\.(?!parameter)",
    "remaining": r"create\.(?!parameter)",
    "minimum": r"create\.(?!parameter|unknown|chain_is|receiver)",
}
"""At which conditions a refusal fills a blank of a row. Elsewhere there is no such thing: no coin and no amount where
no order was read, no minimum where there is no such chain.
"""


class Holes:
    """What came out empty; `rows` are those that have blanks."""

    def __init__(self) -> None:
        self.missed: set[str] = set()
        self.rows = [row for row in rows.rows(Errors) if self.blanks(row)]

    @staticmethod
    def blanks(row: rows.Row) -> set[str]:
        return set(re.findall(r"\{(\w+)\}", row.text))

    def check(self, condition: str, row: rows.Row) -> None:
        """That the reply just given had every blank filled, but for those that nothing can fill at `condition`."""
        known = {name for name, at in KNOWN_AT.items() if re.match(at, condition)}
        missed, self.missed = self.missed, set()
        assert (row.name, missed) == (row.name, self.blanks(row) - known)


@pytest.fixture
def holes(monkeypatch: pytest.MonkeyPatch) -> Holes:
    """Hears of every blank that is left empty."""
    found = Holes()

    def miss(self: object, name: str) -> str:
        found.missed.add(name)
        return ""

    monkeypatch.setattr(rows._Blanks, "__missing__", miss)
    return found
