"""A request on its way through Bybit, and the checks that several endpoints share. Knows no endpoint by name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

from simulator.core.accounts import Account, Key
from simulator.core.behavior import Behavior
from simulator.core.exchange import Endpoint
from simulator.core.limits import Verdict
from simulator.core.message import Request
from simulator.core.reading import Given, Reads
from simulator.core.rows import Refusal
from simulator.core.wire import NotJson, as_arrived, decode
from simulator.core.world import World
from simulator.exchanges.bybit import signing
from simulator.exchanges.bybit.behavior import Conditions, Fields
from simulator.exchanges.bybit.parameters import PARAMETERS

DEFAULT_RECV_WINDOW = 5000
_SIGNED = ("X-BAPI-TIMESTAMP", "X-BAPI-API-KEY", "X-BAPI-RECV-WINDOW")


@dataclass(slots=True)
class Call:
    """A request and what has been established about it so far. `told` gives blanks that only its endpoint knows.

    `is_bare` is set by an endpoint whose success comes without `retExtInfo` and `time`. `reads` notes which parameters
    came and which were looked at; `parsed` is the query, once it was asked for.
    """

    world: World
    request: Request
    endpoint: Endpoint | None = None
    key: Key | None = None
    verdict: Verdict | None = None
    is_bare: bool = False
    told: Callable[[], dict[str, object]] = dict
    reads: Reads = field(default_factory=Reads)
    parsed: Given[str] | None = None

    @property
    def caller(self) -> Key:
        """The key of a call that passed authentication."""
        assert self.key is not None
        return self.key

    @property
    def behavior(self) -> Behavior:
        """What is in force: the account's whose key was named, else the exchange's."""
        return self.key.account.behavior if self.key else self.world.behavior

    def blanks(self) -> dict[str, object]:
        """What a row may tell of this call, whichever check refuses it; what the check itself tells comes before it.

        A behavior may let any row answer, so a row must find its blanks at more places than its own.
        """
        request = self.request
        timestamp, api_key, recv_window = (request.header(name) or "" for name in _SIGNED)
        payload = as_arrived(request.query) if request.method == "GET" else request.body
        origin = signing.origin_string(timestamp, api_key, recv_window, payload)
        return {
            "timestamp": timestamp,
            "api_key": api_key,
            "signature": request.header("X-BAPI-SIGN") or "",
            "recv_window": recv_window or DEFAULT_RECV_WINDOW,
            "now": self.world.now_ms(),
            "origin": origin.decode("utf-8", "replace"),
            **self.told(),
        }

    def query(self) -> Given[str]:
        """The parameters of the query that have a value; what comes twice counts as it came last."""
        if self.parsed is None:
            self.parsed = self.reads.watch(dict(parse_qsl(self.request.query)))
        return self.parsed


def master_account(call: Call) -> Account:
    """The caller's account, which withdraws: no demo account, no sub-account."""
    account = call.caller.account
    if account.details.demo:
        raise Refusal(Conditions.DEMO, "the account is a demo account")
    if account.details.sub_account:
        raise Refusal(Conditions.SUB_ACCOUNT, "the account is a sub-account")
    return account


def body_object(call: Call) -> Given[Any]:
    """The JSON object in the body. Fields that are not documented are let by, unless the behavior refuses them."""
    account, request = call.caller.account, call.request
    declared = (request.header("Content-Type") or "").partition(";")[0].strip().lower()
    if declared not in ("", "application/json") and account.behavior.get(Fields.CONTENT_TYPE_ENFORCED) is True:
        raise Refusal(Conditions.WRONG_CONTENT_TYPE, f"the body is declared as {declared!r}, not application/json")
    if not request.body:
        raise Refusal(Conditions.BODY_EMPTY, "the body is empty")
    try:
        body = decode(request.body)
    except NotJson as error:
        raise Refusal(Conditions.BODY_NOT_JSON, f"the body is not JSON: {error}") from None
    if not isinstance(body, dict):
        raise Refusal(Conditions.BODY_NOT_AN_OBJECT, f"the body is a JSON {type(body).__name__}, not an object")
    documented = PARAMETERS[call.endpoint.name] if call.endpoint else frozenset()
    unknown = [name for name in body if name not in documented]
    if unknown and account.behavior.get(Fields.UNKNOWN_FIELDS_REFUSED) is True:
        raise Refusal(Conditions.UNKNOWN_BODY_FIELD, f"the body has {unknown}; known are {sorted(documented)}")
    return call.reads.watch(body)
