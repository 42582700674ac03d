"""A simulator whose clock stands still, and a client of it that signs by itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from contracts.dialects import okx as dialect
from contracts.wire import HttpCall
from simulator import Reply, Request, Simulator
from simulator.core.clock import ManualClock
from simulator.core.journal import Entry

NOW_MS = 1_700_000_000_000
CANCEL = "/api/v5/asset/cancel-withdrawal"
HISTORY = "/api/v5/asset/withdrawal-history"


class Bench:
    """`ask` signs and asks; `entries` are all journal entries, whomever they belong to."""

    def __init__(self) -> None:
        self.clock = ManualClock(NOW_MS)
        self.simulator = Simulator(clock=self.clock)
        self.entries: list[Entry] = []
        self.simulator.service.listeners.append(lambda exchange, account, entry: self.entries.append(entry))

    def account(self, **options: Any) -> Any:
        return self.simulator.okx.account(**options)

    def ask(
        self,
        key: Any,
        method: str,
        target: str,
        body: bytes = b"",
        headers: Mapping[str, str] | None = None,
    ) -> Reply:
        """The reply to a rightly signed request; a JSON content type goes along with a body unless told otherwise."""
        given = {"Content-Type": "application/json"} if headers is None else headers
        call = HttpCall(method, target, tuple(given.items()), body)
        signed = dialect.signed(call, key.credentials, self.clock.now_ms)
        return self.simulator.answer(Request(signed.method, signed.target, signed.headers, signed.body))

    def cancel(self, key: Any, withdrawal_id: str) -> Reply:
        return self.ask(key, "POST", CANCEL, b'{"wdId":"%s"}' % withdrawal_id.encode())

    def history(self, key: Any, query: str = "") -> Reply:
        return self.ask(key, "GET", HISTORY + query, headers={})

    def post(self, key: Any, path: str, body: str) -> Reply:
        return self.ask(key, "POST", "/api/v5/" + path, body.encode())

    def get(self, key: Any, path: str) -> Reply:
        return self.ask(key, "GET", "/api/v5/" + path, headers={})

    def socket(self, key: Any = None, *, path: str = "/ws/v5/business", channel: str = "") -> Any:
        """An open socket; logged in when there is a `key`, and subscribed when there is a `channel` (an arg)."""
        opened = self.simulator.open_socket(path)
        if key is not None:
            answer = opened.send(dialect.login(key.credentials, str(self.clock.now_ms // 1000)))
            assert answer[0].startswith('{"event":"login","code":"0"'), answer
        if channel:
            answer = opened.send(f'{{"op":"subscribe","args":[{channel}]}}')
            assert answer[0].startswith('{"event":"subscribe"'), answer
        return opened


@pytest.fixture
def bench() -> Bench:
    return Bench()
