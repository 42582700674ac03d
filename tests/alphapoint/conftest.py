"""A desk with one account, one pending withdrawal and everything that a client would send about them."""

from __future__ import annotations

import json
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from contracts.dialects import alphapoint as dialect
from contracts.wire import HttpCall
from simulator import Reply, Request, Simulator
from simulator.core.clock import ManualClock
from simulator.exchanges.alphapoint import ALPHAPOINT

NOW_MS = 1_700_000_000_000


class Desk:
    """An account of a simulator whose clock stands still, and ways to ask."""

    def __init__(self, **options: Any) -> None:
        self.clock = ManualClock(NOW_MS)
        self.simulator = Simulator(clock=self.clock)
        self.account = self.simulator.alphapoint.account(**options)
        self.credentials = self.account.credentials
        self.withdrawal = self.account.withdrawal("USDT", "10")
        self.refusals: list[Any] = []

    def wanted(self, **changes: Any) -> dict[str, Any]:
        """The payload of CreateWithdrawTicket; a change of None leaves the key away."""
        payload = {
            "OMSId": 1,
            "AccountId": self.credentials["account_id"],
            "ProductId": 3,
            "Amount": 10,
            "TemplateForm": '{"TemplateType":"ToExternalEthereumAddress","Comment":"","ExternalAddress":"0x7c3f"}',
            "TemplateType": "ToExternalEthereumAddress",
        }
        return {name: value for name, value in {**payload, **changes}.items() if value is not None}

    def object(self, function: str, payload: Any = None, **changes: Any) -> Any:
        """What a signed POST answers, read; decimals keep their digits as text does."""
        return json.loads(self.call(function, payload, **changes).body, parse_float=Decimal)

    def operator(self) -> dict[str, Any]:
        """The credentials of another user, who is an operator."""
        return dict(self.simulator.alphapoint.account(permissions=["Operator"]).credentials)

    def asked(self, **changes: Any) -> dict[str, Any]:
        """The payload of CancelWithdraw; a change of None leaves the key away."""
        payload = {
            "OMSId": 1,
            "UserId": self.credentials["user_id"],
            "AccountId": self.credentials["account_id"],
            "RequestCode": self.withdrawal.id,
        }
        return {name: value for name, value in {**payload, **changes}.items() if value is not None}

    def send(self, call: HttpCall, peer: str = "127.0.0.1") -> Reply:
        return self.simulator.answer(Request(call.method, call.target, call.headers, call.body, peer))

    def call(self, function: str, payload: Any = None, **changes: Any) -> Reply:
        """A signed POST. `changes` are credentials, or headers to replace (None: to leave away)."""
        body = (
            payload if isinstance(payload, bytes) else json.dumps(self.asked() if payload is None else payload).encode()
        )
        credentials = {**self.credentials, **changes}
        return self.send(dialect.signed(HttpCall("POST", f"/AP/{function}", (), body), credentials, NOW_MS))

    def login(self, peer: str = "127.0.0.1") -> str:
        """A session token, by password."""
        call = HttpCall("GET", "/AP/Authenticate")
        reply = self.send(dialect.with_password(call, self.credentials["username"], self.credentials["password"]), peer)
        token: str = json.loads(reply.body)["SessionToken"]
        return token

    def with_token(self, function: str, token: str, payload: Any = None, peer: str = "127.0.0.1") -> Reply:
        body = json.dumps(self.asked() if payload is None else payload).encode()
        return self.send(dialect.with_token(HttpCall("POST", f"/AP/{function}", (), body), token), peer)

    def socket(self, *, logged_in: bool = True) -> Any:
        socket = self.simulator.open_socket("/WSGateway/")
        if logged_in:
            assert '\\"Authenticated\\":true' in socket.send(dialect.hello(self.credentials))[0]
        return socket

    def everywhere(self, behavior: dict[str, Any]) -> None:
        """Set a behavior for the account and for what belongs to nobody."""
        self.account.set(behavior=behavior)
        self.simulator.service.worlds["alphapoint"].behavior = ALPHAPOINT.unknowns.behavior(behavior)


@pytest.fixture
def open_desk() -> Callable[..., Desk]:
    """A desk whose account has the given options."""
    return Desk


@pytest.fixture
def desk() -> Desk:
    return Desk()
