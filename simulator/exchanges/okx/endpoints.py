"""OKX's functions and the table of them. A function gets the `Call` that the gateway let through and returns the rows
of `data`, or raises Refusal.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from urllib.parse import parse_qsl

from simulator.core.accounts import Account, Key
from simulator.core.book import Withdrawal
from simulator.core.exchange import Endpoint, Limit
from simulator.core.lifecycle import Stage
from simulator.core.message import Request
from simulator.core.rows import Refusal
from simulator.core.world import World
from simulator.exchanges.okx.assets import ASSETS, LIGHTNING
from simulator.exchanges.okx.behavior import Conditions, Fields
from simulator.exchanges.okx.lifecycle import ON_CHAIN, STATES

_NUMBER = re.compile(r"[0-9]{1,16}", re.ASCII)
_STATES = frozenset(state.word for state in STATES)


@dataclass(slots=True)
class Call:
    """A request and what the gateway has established about it so far. `body` is that of a POST."""

    world: World
    request: Request
    endpoint: Endpoint | None = None
    key: Key | None = None
    body: Mapping[str, Any] = field(default_factory=dict)

    @property
    def caller(self) -> Key:
        """The key of a call that passed authentication."""
        assert self.key is not None
        return self.key


def public_time(call: Call) -> list[dict[str, Any]]:
    """GET /api/v5/public/time, public: the server clock in ms."""
    return [{"ts": str(call.world.now_ms())}]


def cancel_withdrawal(call: Call) -> list[dict[str, Any]]:
    """POST /api/v5/asset/cancel-withdrawal: accepted is not cancelled, the state goes to -3 and no money moves yet."""
    account = call.caller.account
    withdrawal_id = _withdrawal_id(account, call.body)
    _check_account(account)
    withdrawal = _find(call.world, account, withdrawal_id)
    _check_cancellable(account, withdrawal)
    if withdrawal.stage is not Stage.CANCELLING:
        account.move(withdrawal, "cancel")
    return [{"wdId": withdrawal.id}]


def _withdrawal_id(account: Account, body: Mapping[str, Any]) -> str:
    """The `wdId` of the body. Empty text and null count as absent, since SDKs send them for what was not given."""
    given = body.get("wdId")
    if given is None or given == "":
        raise Refusal(
            Conditions.ID_MISSING, f"the body has no wdId; it has {', '.join(body) or 'no keys'}", name="wdId"
        )
    if isinstance(given, str):
        return given
    if isinstance(given, int | Decimal) and account.behavior.get(Fields.COERCES_SCALARS) is True:
        return str(given)
    raise Refusal(Conditions.ID_MALFORMED, f"wdId is documented as a string, not {type(given).__name__}", name="wdId")


def _check_account(account: Account) -> None:
    if account.details.demo:
        raise Refusal(Conditions.DEMO, "the account is a demo account")
    if account.details.account_blocked:
        raise Refusal(Conditions.ACCOUNT_BLOCKED, "the account was made with account_blocked")
    if account.details.sub_account:
        raise Refusal(Conditions.SUB_ACCOUNT, "the account is a sub-account")


def _find(world: World, account: Account, withdrawal_id: str) -> Withdrawal:
    withdrawal = account.book.find(withdrawal_id)
    if withdrawal is not None:
        return withdrawal
    for other in world.accounts.values():
        if other.book.find(withdrawal_id) is not None:
            raise Refusal(Conditions.FOREIGN_ID, f"withdrawal {withdrawal_id} is another account's")
    raise Refusal(Conditions.UNKNOWN_ID, f"there is no withdrawal {withdrawal_id!r}")


def _check_cancellable(account: Account, withdrawal: Withdrawal) -> None:
    state = withdrawal.state
    if withdrawal.network == LIGHTNING:
        raise Refusal(Conditions.LIGHTNING, f"withdrawal {withdrawal.id} is on Lightning")
    if state.stage is Stage.CANCELLING:
        if account.behavior.get(Fields.REPEAT_WHILE_CANCELLING) == "accepted":
            return
        raise Refusal(Conditions.STILL_CANCELLING, f"withdrawal {withdrawal.id} is being cancelled (-3) already")
    if state.stage is Stage.CANCELLED:
        raise Refusal(Conditions.ALREADY_CANCELLED, f"withdrawal {withdrawal.id} was cancelled (-2) before")
    if not account.book.lifecycle.allows(state.name, "cancel"):
        raise Refusal(
            Conditions.NOT_CANCELLABLE, f"withdrawal {withdrawal.id} is in state {state.word}; 0, 17 and 19 can be"
        )


def withdrawal_history(call: Call) -> list[dict[str, Any]]:
    """GET /api/v5/asset/withdrawal-history: newest first; unknown query keys are ignored, empty ones count as absent.

    `after` asks for what is *earlier* than a moment, `before` for what is later, both without the moment itself.
    """
    # Of a key that comes twice the last one that is not empty counts here [unknown: no capture].
    query = dict(parse_qsl(call.request.query))
    keeps = [read(query[name]) for name, read in _FILTERS.items() if name in query]
    limit = _number("limit", query.get("limit", "100"))
    if not 1 <= limit <= 100:
        raise Refusal(Conditions.LIST_PARAMETER, f"limit {limit} is not from 1 to 100", name="limit")
    rows = [one for one in call.caller.account.book.newest_first() if all(keep(one) for keep in keeps)]
    return [_record(withdrawal) for withdrawal in rows[:limit]]


_Keep = Callable[[Withdrawal], bool]


def _of_currency(wanted: str) -> _Keep:
    if all(asset.code != wanted for asset in ASSETS.table):
        raise Refusal(Conditions.UNKNOWN_CURRENCY, f"there is no currency {wanted!r}", token=wanted)
    return lambda withdrawal: withdrawal.asset == wanted


def _of_type(wanted: str) -> _Keep:
    """3 is an internal transfer, 4 a withdrawal on chain, which all are here."""
    if wanted not in ("3", "4"):
        raise Refusal(Conditions.LIST_PARAMETER, f"type {wanted!r} is neither 3 nor 4", name="type")
    return lambda withdrawal: wanted == "4"


def _in_state(wanted: str) -> _Keep:
    if wanted not in _STATES:
        raise Refusal(Conditions.LIST_PARAMETER, f"there is no state {wanted!r}", name="state")
    return lambda withdrawal: withdrawal.state.word == wanted


def _earlier(wanted: str) -> _Keep:
    moment_ms = _number("after", wanted)
    return lambda withdrawal: withdrawal.created_ms < moment_ms


def _later(wanted: str) -> _Keep:
    moment_ms = _number("before", wanted)
    return lambda withdrawal: withdrawal.created_ms > moment_ms


def _number(name: str, text: str) -> int:
    if not _NUMBER.fullmatch(text):
        raise Refusal(Conditions.LIST_PARAMETER, f"{name} {text!r} is no whole number", name=name)
    return int(text)


_FILTERS: dict[str, Callable[[str], _Keep]] = {
    "ccy": _of_currency,
    "wdId": lambda wanted: lambda withdrawal: withdrawal.id == wanted,
    "clientId": lambda wanted: lambda withdrawal: withdrawal.details.client_id == wanted,
    "txId": lambda wanted: lambda withdrawal: _tx_id(withdrawal) == wanted,
    "type": _of_type,
    "state": _in_state,
    "after": _earlier,
    "before": _later,
}


def _tx_id(withdrawal: Withdrawal) -> str:
    """What was broadcast once keeps its id, whatever state it is in now."""
    return withdrawal.tx_id if any(step.state in ON_CHAIN for step in withdrawal.history) else ""


def _record(withdrawal: Withdrawal) -> dict[str, Any]:
    """A row with the keys in the order of the 2026 documentation's example.

    Captured rows (ccxt#14131, rotki) have another order, but are older than `note` and `toAddrType`.
    """
    return {
        "note": "",
        "chain": withdrawal.network,
        "fee": format(withdrawal.fee, "f"),
        "feeCcy": withdrawal.asset,
        "ccy": withdrawal.asset,
        "clientId": withdrawal.details.client_id,
        "toAddrType": "1",
        "amt": format(withdrawal.amount, "f"),
        "txId": _tx_id(withdrawal),
        "from": "",
        "areaCodeFrom": "",
        "to": withdrawal.address,
        "areaCodeTo": "",
        "state": withdrawal.state.word,
        "ts": str(withdrawal.created_ms),
        "nonTradableAsset": False,
        "wdId": withdrawal.id,
    }


_DOCS = "https://www.okx.com/docs-v5/en/"

ENDPOINTS = (
    Endpoint(
        name="time",
        method="GET",
        path="/api/v5/public/time",
        function=public_time,
        permission=None,
        source=_DOCS + "#public-data-rest-api-get-system-time",
    ),
    Endpoint(
        name="cancel",
        method="POST",
        path="/api/v5/asset/cancel-withdrawal",
        function=cancel_withdrawal,
        permission="trade",
        source=_DOCS + "#funding-account-rest-api-cancel-withdrawal",
        limit=Limit(6, 1000, "fixed", "doc"),
    ),
    Endpoint(
        name="list",
        method="GET",
        path="/api/v5/asset/withdrawal-history",
        function=withdrawal_history,
        permission="read_only",
        source=_DOCS + "#funding-account-rest-api-get-withdrawal-history",
        limit=Limit(6, 1000, "fixed", "doc"),
    ),
)
