"""A simulator whose clock stands still, and a client of it that signs by itself."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import pytest

from contracts.dialects import okx as dialect
from contracts.wire import HttpCall
from simulator import Reply, Request, Simulator
from simulator.core import rows
from simulator.core.clock import ManualClock
from simulator.core.journal import Entry
from simulator.exchanges.okx.errors import Errors

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


NOT_EMULATED = {
    "region": "where an unverified user lives",
    "behavior": "savings",
    "min_num": "savings",
    "business_type": "trading",
    "inst_family": "trading",
    "instrument": "candles",
    "endpoint": "candles",
    "tr_id": "transfers",
    "sub_account": "transfers",
    "days": "intervals: none is refused here for its length",
    "months": "intervals: none is refused here for its length",
    "source": "which currency cannot be withdrawn to which place",
    "target": "which currency cannot be withdrawn to which place",
    "percentage": "fees that a client names",
    "ccy": "conversions",
    "amount": "conversions",
    "monthly_limit": "limits by the month",
}
"""Blanks that nothing here knows anything of, and what they are about."""

KNOWN_AT = {
    "ip": r"",
    "api_key": r"(?!auth\.key_empty|instruments|frame|channel|login\.(parameter|timestamp|key))",
    "name": r"(?!route)",
    "other": r"status\.(both|neither)|instruments\.no_underlying",
    "limit": r"list\.(bad_parameter|too_many)",
    "token": r"create|lightning|cancel\.(lightning|still|already|not_c)|list\.(unknown|too_many)"
    r"|status\.parameter",
    "chain": r"create\.(?!parameter|demo|account_b|sub_a)|lightning\.invoice|cancel\.(lightning|still|already|not_c)"
    r"|status\.parameter",
    "fee": r"create\.(?!parameter|demo|account_b|sub_a|chain_unknown)|lightning\.invoice",
    "parameters": r"create\.(recipient|private|wallet)",
    "daily_limit": r"create\.daily",
    "quota_remaining": r"create\.daily",
    "symbol": r"create\.daily",
    "text": r"",
    "op": r"(?!frame\.(not|too_long))",
    "arg": r"channel",
    "channel": r"channel",
}
"""At which conditions a refusal fills a blank. Elsewhere there is no such thing: no currency in a wrong signature, no
second parameter where one is missing, no arg in a frame that is no JSON.
"""


class Holes:
    """What came out empty. `rest` and `sockets` are the rows of either door that have blanks."""

    def __init__(self) -> None:
        self.missed: set[str] = set()
        table = [row for row in rows.rows(Errors) if self.blanks(row)]
        self.sockets = [row for row in table if row.shape in ("event", "notice", "close")]
        self.rest = [row for row in table if row not in self.sockets]

    @staticmethod
    def blanks(row: rows.Row) -> set[str]:
        return set(re.findall(r"\{(\w+)\}", row.text))

    def check(self, condition: str, row: rows.Row) -> None:
        """That the reply just given had every blank filled, but for those that nothing can fill at `condition`."""
        known = {name for name, at in KNOWN_AT.items() if re.match(at, condition)}
        missed, self.missed = self.missed, set()
        gaps = self.blanks(row) - known
        # A frame that is refused for its args may have been read as far as its op, or its channel.
        expected = gaps & missed if condition in ("frame.too_long", "frame.bad_args") else gaps
        assert (row.name, missed) == (row.name, expected)


@pytest.fixture
def holes(monkeypatch: pytest.MonkeyPatch) -> Holes:
    """Hears of every blank that is left empty."""
    found = Holes()

    def miss(self: object, name: str) -> str:
        found.missed.add(name)
        return ""

    monkeypatch.setattr(rows._Blanks, "__missing__", miss)
    return found


def test_what_is_not_emulated_is_filled_nowhere() -> None:
    assert not NOT_EMULATED.keys() & KNOWN_AT.keys()
