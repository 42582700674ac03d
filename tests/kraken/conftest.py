"""A bench for Kraken: a simulator on a clock that stands still, one account, and a client that signs by the dialect."""

from __future__ import annotations

import itertools
import json
from typing import Any
from urllib.parse import urlencode

import pytest

from contracts.dialects import kraken as dialect
from simulator import Reply, Request, Simulator
from simulator.core.clock import ManualClock

FORM = "application/x-www-form-urlencoded"
JSON = "application/json"


class Bench:
    """Everything in process. `ask` sends a private call in the form that it is told, with the next nonce."""

    def __init__(self) -> None:
        self.clock = ManualClock(1_700_000_000_000)
        self.simulator = Simulator(clock=self.clock)
        self.nonces = itertools.count(1_700_000_000_001)

    def set(self, changes: dict[str, str | int | bool]) -> None:
        """Behavior of no account and of the accounts made from now on."""
        self.simulator.kraken.set(behavior=changes)

    def account(self, **options: Any) -> Any:
        return self.simulator.kraken.account(**options)

    def ask(
        self,
        key: Any,
        method: str = "WithdrawCancel",
        arguments: dict[str, Any] | None = None,
        *,
        content_type: str | None = FORM,
        body: bytes | None = None,
        query: str = "",
        **changed: Any,
    ) -> Reply:
        """`changed`: api_key, secret, sign, nonce, peer, verb; None leaves a header or the nonce away."""
        if body is None:
            body = encoded({"nonce": changed.get("nonce", next(self.nonces)), **(arguments or {})}, content_type)
        headers = [("Content-Type", content_type)] if content_type else []
        path = f"/0/private/{method}"
        call = dialect.HttpCall("POST", path, tuple(headers), body)
        sign = changed.get("sign", "")
        if sign == "":
            sign = dialect.signature(changed.get("secret", key.api_secret), path, dialect.nonce(call), body)
        for name, value in (("API-Key", changed.get("api_key", key.api_key)), ("API-Sign", sign)):
            if value is not None:
                headers.append((name, value))
        peer, verb = changed.get("peer", "127.0.0.1"), changed.get("verb", "POST")
        return self.simulator.answer(Request(verb, path + query, tuple(headers), body, peer))

    def cancel(self, account: Any, withdrawal: Any, asset: str = "USDT", **more: Any) -> bytes:
        return self.ask(account, arguments={"asset": asset, "refid": withdrawal.id}, **more).body

    def rows(self, account: Any, **arguments: Any) -> Any:
        """The result of WithdrawStatus."""
        document = json.loads(self.ask(account, "WithdrawStatus", arguments).body)
        assert document["error"] == []
        return document["result"]


def encoded(arguments: dict[str, Any], content_type: str | None) -> bytes:
    present = {name: value for name, value in arguments.items() if value is not None}
    if content_type == JSON:
        return json.dumps(present).encode()
    return urlencode(present).encode()


@pytest.fixture
def bench() -> Bench:
    return Bench()
