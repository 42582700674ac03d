"""Bybit's functions and the table of them. A function gets the `Call` that the gateway let through and returns
(result, retMsg), or raises Refusal.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from simulator.core.accounts import Account, Key
from simulator.core.book import Withdrawal
from simulator.core.exchange import Endpoint, Limit
from simulator.core.lifecycle import Stage
from simulator.core.limits import Verdict
from simulator.core.message import Request
from simulator.core.rows import Refusal
from simulator.core.wire import NotJson, decode, encode
from simulator.core.world import World
from simulator.exchanges.bybit.behavior import Conditions, Fields
from simulator.exchanges.bybit.lifecycle import ON_CHAIN

_DIGITS = re.compile(r"[0-9]{1,32}", re.ASCII)


@dataclass(slots=True)
class Call:
    """A request and what the gateway has established about it so far."""

    world: World
    request: Request
    endpoint: Endpoint | None = None
    key: Key | None = None
    verdict: Verdict | None = None

    @property
    def caller(self) -> Key:
        """The key of a call that passed authentication."""
        assert self.key is not None
        return self.key


def market_time(call: Call) -> tuple[Any, str]:
    """GET /v5/market/time, public."""
    now_ns = call.world.clock.now_ns()
    return {"timeSecond": str(now_ns // 1_000_000_000), "timeNano": str(now_ns)}, "OK"


def cancel_withdrawal(call: Call) -> tuple[Any, str]:
    """POST /v5/asset/withdraw/cancel: accepted is cancelled here; the refund is booked in the same step."""
    account = call.caller.account
    _check_account(account)
    _check_content_type(account, call.request)
    withdrawal = _find(call.world, account, _withdrawal_id(call.request))
    _check_cancellable(account, withdrawal)
    account.move(withdrawal, "cancel")
    return {"status": 1}, "success"


def _check_account(account: Account) -> None:
    if account.details.demo:
        raise Refusal(Conditions.DEMO, "the account is a demo account")
    if account.details.sub_account:
        raise Refusal(Conditions.SUB_ACCOUNT, "the account is a sub-account")


def _check_content_type(account: Account, request: Request) -> None:
    declared = (request.header("Content-Type") or "").partition(";")[0].strip().lower()
    if declared not in ("", "application/json") and account.behavior.get(Fields.CONTENT_TYPE_ENFORCED) is True:
        raise Refusal(Conditions.WRONG_CONTENT_TYPE, f"the body is declared as {declared!r}, not application/json")


def _withdrawal_id(request: Request) -> str:
    """The `id` of the body. A string of digits or, as the official Postman collection sends it, an integer."""
    try:
        body = decode(request.body)
    except NotJson as error:
        raise Refusal(Conditions.BODY_NOT_AN_OBJECT, f"the body is not JSON: {error}") from None
    if not isinstance(body, dict):
        raise Refusal(Conditions.BODY_NOT_AN_OBJECT, f"the body is a JSON {type(body).__name__}, not an object")
    given = body.get("id")
    if given is None or given == "":
        raise Refusal(Conditions.ID_MISSING, f"the body has no id; its keys are {list(body)}")
    text = str(given) if type(given) is int else given
    if not isinstance(text, str) or not _DIGITS.fullmatch(text):
        raise Refusal(Conditions.ID_MALFORMED, f"id {given!r} is neither a string of digits nor an integer")
    return text


def _find(world: World, account: Account, withdrawal_id: str) -> Withdrawal:
    withdrawal = account.book.find(withdrawal_id)
    if withdrawal is not None:
        return withdrawal
    for other in world.accounts.values():
        if other.book.find(withdrawal_id) is not None:
            raise Refusal(Conditions.FOREIGN_ID, f"withdrawal {withdrawal_id} is another account's")
    raise Refusal(Conditions.UNKNOWN_ID, f"there is no withdrawal {withdrawal_id}")


def _check_cancellable(account: Account, withdrawal: Withdrawal) -> None:
    state = withdrawal.state
    if state.stage is Stage.CANCELLED:
        raise Refusal(Conditions.ALREADY_CANCELLED, f"withdrawal {withdrawal.id} was cancelled before")
    early = state.word != "Pending" or account.behavior.get(Fields.PENDING_CANCELLABLE) is True
    if not early or not account.book.lifecycle.allows(state.name, "cancel"):
        raise Refusal(Conditions.NOT_CANCELLABLE, f"withdrawal {withdrawal.id} is {state.word} ({state.name})")


def query_records(call: Call) -> tuple[Any, str]:
    """GET /v5/asset/withdraw/query-record: newest first, by id descending; unknown query keys are ignored."""
    account = call.caller.account
    _check_account(account)
    query = dict(parse_qsl(call.request.query))
    limit = _limit(query.get("limit", "50"))
    _check_type(query.get("withdrawType", "0"))
    rows = sorted(account.book, key=lambda withdrawal: int(withdrawal.id), reverse=True)
    for name, keep in _FILTERS.items():
        if name in query:
            rows = [withdrawal for withdrawal in rows if keep(withdrawal, query[name])]
    if "cursor" in query:
        below = _read_cursor(query["cursor"])
        rows = [withdrawal for withdrawal in rows if int(withdrawal.id) < below]
    page = rows[:limit]
    return {"rows": [_record(withdrawal) for withdrawal in page], "nextPageCursor": _cursor(page)}, "success"


def _limit(text: str) -> int:
    if not _DIGITS.fullmatch(text) or not 1 <= int(text) <= 50:
        raise Refusal(Conditions.LIST_PARAMETER, f"limit {text!r} is no number from 1 to 50")
    return int(text)


def _check_type(text: str) -> None:
    if text not in ("0", "1", "2"):
        raise Refusal(Conditions.LIST_PARAMETER, f"withdrawType {text!r} is none of 0, 1, 2")


_FILTERS: dict[str, Callable[[Withdrawal, str], bool]] = {
    "withdrawID": lambda withdrawal, wanted: withdrawal.id == wanted,
    "txID": lambda withdrawal, wanted: _tx_id(withdrawal) == wanted,
    "coin": lambda withdrawal, wanted: withdrawal.asset == wanted,
    "withdrawType": lambda withdrawal, wanted: wanted != "1",  # every withdrawal here is on-chain, type 0; 2 is all
}


def _cursor(page: list[Withdrawal]) -> str:
    """Base64 of the lowest and highest id on the page; never empty unless the page is (rotki, three doc samples)."""
    if not page:
        return ""
    return base64.b64encode(encode({"minID": int(page[-1].id), "maxID": int(page[0].id)})).decode()


def _read_cursor(text: str) -> int:
    try:
        lowest = decode(base64.b64decode(text, validate=True))["minID"]
    except (ValueError, KeyError, TypeError):
        lowest = None
    if type(lowest) is not int:
        raise Refusal(Conditions.CURSOR, f"cursor {text!r} is not one that this endpoint gave")
    return lowest


def _tx_id(withdrawal: Withdrawal) -> str:
    return withdrawal.tx_id if withdrawal.state.name in ON_CHAIN else ""


def _record(withdrawal: Withdrawal) -> dict[str, Any]:
    """A row with the keys in the order of the 2025-06 documentation; times in ms with the precision of a second."""
    return {
        "coin": withdrawal.asset,
        "chain": withdrawal.network,
        "amount": format(withdrawal.amount, "f"),
        "txID": _tx_id(withdrawal),
        "status": withdrawal.state.word,
        "toAddress": withdrawal.address,
        "tag": withdrawal.tag,
        "withdrawFee": format(withdrawal.fee, "f"),
        "createTime": _seconds(withdrawal.created_ms),
        "updateTime": _seconds(withdrawal.updated_ms),
        "withdrawId": withdrawal.id,
        "withdrawType": 0,
        "fee": "",
        "tax": "",
        "taxRate": "",
        "taxType": "",
    }


def _seconds(ms: int) -> str:
    return str(ms // 1000 * 1000)


_DOCS = "https://bybit-exchange.github.io/docs/v5/"

ENDPOINTS = (
    Endpoint(
        name="time",
        method="GET",
        path="/v5/market/time",
        function=market_time,
        permission=None,
        source=_DOCS + "market/time",
    ),
    Endpoint(
        name="cancel",
        method="POST",
        path="/v5/asset/withdraw/cancel",
        function=cancel_withdrawal,
        permission="Withdraw",
        source=_DOCS + "asset/withdraw/cancel-withdraw",
        limit=Limit(60, 60_000, "sliding", "doc"),
    ),
    Endpoint(
        name="list",
        method="GET",
        path="/v5/asset/withdraw/query-record",
        function=query_records,
        permission="",
        source=_DOCS + "asset/withdraw/withdraw-record",
        limit=Limit(300, 60_000, "sliding", "doc"),
    ),
)
