"""A bench with one account of any exchange, in process, and a client that cancels and looks; and scripts: what a client
and a test may do to one account of any exchange, and every byte that comes of it.
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import strategies as st

from contracts.demo import PLAYS
from contracts.dialects import DIALECTS as SIGNERS
from contracts.dialects import alphapoint, bybit, kraken, okx
from contracts.wire import HttpCall
from simulator import Misuse, Reply, ReplyLost, Request, Simulator
from simulator.core.clock import ManualClock
from simulator.core.exchange import Endpoint
from simulator.server.handles import AccountHandle, WithdrawalHandle
from simulator.service.listed import exchange_named

Step = tuple[Any, ...]
DIALECTS: dict[str, Any] = {"bybit": bybit, "okx": okx, "kraken": kraken, "alphapoint": alphapoint}
BEHAVIOR = {
    "bybit": {"limit.ip_ban_ms": 1000},
    "okx": {"limit.counts_refused": True},
    "kraken": {"lockout.failures": 3},
    "alphapoint": {"reads.lag_polls": 2},
}


class Script:
    """Plays steps on one account and writes down what its client was answered, and what the test was told."""

    def __init__(self, simulator: Simulator, account: AccountHandle) -> None:
        clock = simulator.service.clock
        assert isinstance(clock, ManualClock)
        self.simulator, self.account, self.clock = simulator, account, clock
        self.endpoints = exchange_named(account.exchange).endpoints
        self.settings = account.client_settings
        self.calls = 0
        self.token = ""

    def play(self, steps: list[Step]) -> list[object]:
        return [self.step(*step) for step in steps]

    def step(self, kind: str, number: int, choice: int) -> object:
        """One step. What is done to an account is told by its result or by the sentence of its refusal."""
        if kind == "clock":
            self.clock.advance(number * 700)
            return None
        if kind == "call":
            return self.call(number, choice)
        try:
            return getattr(self, f"_{kind}")(number, choice)
        except Misuse as misuse:
            return str(misuse)

    def call(self, number: int, choice: int) -> object:
        """A call of any endpoint, rightly signed but for one in eight."""
        endpoint = self.endpoints[number % len(self.endpoints)]
        if endpoint.method == "WS":
            return None
        self.calls += 1
        withdrawal = self._chosen(choice)
        call = self._written(endpoint, withdrawal.id if withdrawal else "7", choice)
        if choice % 8 == 7:
            headers = tuple((name, value[:-2] + "==") for name, value in call.headers if name != "Content-Type")
            call = HttpCall(call.method, call.target, headers, call.body)
        request = Request(call.method, call.target, call.headers, call.body, f"127.0.0.{1 + choice % 2}")
        try:
            reply = self.simulator.answer(request)
        except ReplyLost:
            return "lost"
        if b"SessionToken" in reply.body:
            self.token = json.loads(reply.body)["SessionToken"]
        return reply

    def _written(self, endpoint: Endpoint, id: str, choice: int) -> HttpCall:
        amount = str(1 + choice)
        fields: dict[str, Any] = {"amount": amount}
        if self.account.exchange == "bybit":
            fields |= {"id": id, "coin": "USDT", "chain": "ETH", "address": self.settings["address"], "forceChain": 1}
            fields |= {"accountType": "FUND", "timestamp": self.clock.now_ms, "withdrawID": id, "memberId": ""}
        elif self.account.exchange == "okx":
            fields |= {"ccy": "USDT", "amt": amount, "dest": "4", "toAddr": self.settings["address"], "wdId": id}
            fields |= {"chain": self.settings["chain"], "clientId": f"c{choice}", "instType": "SPOT"}
        elif self.account.exchange == "kraken":
            fields |= {"nonce": self.clock.now_ms * 1000 + self.calls, "asset": "USDT", "refid": id}
            fields |= {"key": self.settings["withdraw_key"], "from": "Spot Wallet", "to": "Futures Wallet"}
        else:
            credentials = self.account.credentials
            fields |= {"OMSId": 1, "AccountId": credentials["account_id"], "UserId": credentials["user_id"]}
            fields |= {"ProductId": self.settings["product_id"], "Amount": 1 + choice, "RequestCode": id}
            form = {"Address": self.settings["address"], "ExternalAddress": self.settings["address"]}
            fields |= {"TemplateType": self.settings["template_type"], "TemplateForm": json.dumps(form)}
        return self._signed(endpoint, fields, choice)

    def _signed(self, endpoint: Endpoint, fields: dict[str, Any], choice: int) -> HttpCall:
        if self.account.exchange == "kraken" and endpoint.method == "POST":
            body, type = urlencode(fields).encode(), "application/x-www-form-urlencoded"
        else:
            body, type = json.dumps(fields).encode(), "application/json"
        if endpoint.method == "GET":
            names = ("coin", "ccy", "instType", "OMSId", "AccountId", "ProductId", "Amount", "withdrawID")
            query = urlencode({name: fields[name] for name in names if name in fields})
            call = HttpCall("GET", f"{endpoint.path}?{query}")
        else:
            call = HttpCall("POST", endpoint.path, (("Content-Type", type),), body)
        if self.token and choice % 3 == 0 and endpoint.name != "login":
            return alphapoint.with_token(call, self.token)
        signed: HttpCall = DIALECTS[self.account.exchange].signed(call, self.account.credentials, self.clock.now_ms)
        return signed

    def _chosen(self, choice: int) -> WithdrawalHandle | None:
        withdrawals = self.account.withdrawals
        return withdrawals[choice % len(withdrawals)] if withdrawals else None

    def _withdrawal(self, number: int, choice: int) -> object:
        opened = self.account.withdrawal("USDT" if choice % 2 else "BTC", str(1 + number), address="somewhere")
        return opened.id

    def _event(self, number: int, choice: int) -> object:
        withdrawal = self._chosen(choice)
        if withdrawal is None:
            return None
        withdrawal.event((None, None, "cancel", "succeed", "reject")[number % 5])
        return [withdrawal.state, withdrawal.history]

    def _advance(self, number: int, choice: int) -> object:
        self.account.advance(seconds=number * number)
        return self.account.now_ms

    def _fault(self, number: int, choice: int) -> object:
        kinds = (
            "lose_reply",
            "close_before",
            "delay",
            "edge",
            "half_body",
            "garbled_body",
            "stale_read",
            "maintenance",
        )
        kind = kinds[number % 8]
        options: dict[str, Any] = {"seconds": 0.25} if kind == "delay" else {}
        return self.account.fault(kind, share=0.5, times=3, **options).id

    def _change(self, number: int, choice: int) -> object:
        if choice % 2:
            self.account.set(limits=bool(number % 2), progress=("manual", "timed", "immediate", "polled")[number % 4])
        elif choice % 4:
            state = self.account._account.book.lifecycle.initial
            self.account.set(skew_ms=number * 10 - 200, delays={state: number})
        else:
            self.account.set(behavior=BEHAVIOR[self.account.exchange])
        return None

    def _plan(self, number: int, choice: int) -> object:
        withdrawal = self._chosen(choice)
        if withdrawal is None:
            return None
        return withdrawal.plan("cancel", **{("before", "after")[number % 2]: ("cancel", "list")[choice % 2]}).id

    def _key(self, number: int, choice: int) -> object:
        return self.account.key(ip_allowlist=["127.0.0.1"]).credentials

    def _look(self, number: int, choice: int) -> object:
        return self.account.balance("USDT"), [withdrawal.history for withdrawal in self.account.withdrawals]


KINDS = (
    "call",
    "call",
    "call",
    "call",
    "clock",
    "withdrawal",
    "event",
    "advance",
    "fault",
    "change",
    "plan",
    "key",
    "look",
)


@pytest.fixture(scope="session")
def steps() -> st.SearchStrategy[list[Step]]:
    """Scripts of up to thirty steps."""
    step = st.tuples(st.sampled_from(KINDS), st.integers(0, 40), st.integers(0, 15))
    return st.lists(step, max_size=30)


@pytest.fixture(scope="session")
def script() -> Callable[[Simulator, AccountHandle], Script]:
    return Script


NOW_MS = 1_700_000_000_000
PLAY = {play.exchange: play for play in PLAYS}
NONCES = itertools.count(1_800_000_000_000_000)


class Desk:
    """An account with a pending withdrawal of 10 USDT on a server whose clock stands still."""

    def __init__(self, name: str, seed: int = 0, **options: Any) -> None:
        self.name = name
        self.clock = ManualClock(NOW_MS)
        self.simulator = Simulator(clock=self.clock, seed=seed)
        self.account = self.simulator.exchange(name).account(**options)
        self.withdrawal = self.account.withdrawal("USDT", "10")

    def send(self, call: HttpCall, sent_ms: int | None = None) -> Reply:
        """A signed call; the client's clock is the one that stands still, unless told otherwise."""
        now_ms = self.clock.now_ms if sent_ms is None else sent_ms
        signed = SIGNERS[self.name].signed(call, self.account.credentials, now_ms)
        return self.simulator.answer(Request(signed.method, signed.target, signed.headers, signed.body))

    def cancel(self, sent_ms: int | None = None) -> Reply:
        call = PLAY[self.name].cancel(self.withdrawal.id, self.account.credentials, str(next(NONCES)))
        return self.send(call, sent_ms)

    def look(self) -> bytes:
        """What the list of withdrawals shows."""
        call = PLAY[self.name].outcome(self.withdrawal.id, self.account.credentials, str(next(NONCES)))
        return self.send(call).body

    @property
    def states(self) -> list[str]:
        return [step.state for step in self.withdrawal.history]


@pytest.fixture
def desk_of() -> Callable[..., Desk]:
    """A desk on the exchange of that name; options are its account's."""
    return Desk
