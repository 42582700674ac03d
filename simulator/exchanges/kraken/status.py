"""POST /0/private/WithdrawStatus: an account's withdrawals, newest first, as an array or page by page.

The keys of a row and the cursor are those of captures (ccxt's fetch_withdrawals, Kraken.Net's fixtures).
"""

from __future__ import annotations

import base64
import struct
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from simulator.core.book import Withdrawal
from simulator.core.lifecycle import Stage
from simulator.core.rows import Refusal
from simulator.exchanges.kraken import body, filters, money
from simulator.exchanges.kraken.assets import ASSETS
from simulator.exchanges.kraken.behavior import Conditions, Fields
from simulator.exchanges.kraken.call import Call, check_service
from simulator.exchanges.kraken.lifecycle import PROPS

_rows_at_most = 500
_day_ms = 24 * 3600 * 1000
_WORD = struct.Struct("<Q")
# A cursor is the length of a refid, the refid, flags whose meaning is not known, and the limit (captured in ccxt).
_FLAGS = bytes.fromhex("010101f60301010000000100000000000000010000000000")

Keep = Callable[[Withdrawal], bool]


def withdraw_status(call: Call) -> Any:
    """An array, or an object with `withdrawals` and `next_cursor` when the request has a cursor."""
    account, arguments = call.caller.account, call.arguments
    paged, token = _cursor(arguments)
    limit = _limit(arguments)
    keeps = [_by_method(arguments), _by_time(call)]
    asset_name, aclass = filters.asset(arguments)
    check_service(call)
    rows = account.book.newest_first()
    if token:
        rows, page_limit = _after(rows, token)
        limit = limit or page_limit
    keeps += [_by_asset(asset_name, aclass), _by_kind(call)]
    rows = [withdrawal for withdrawal in rows if all(keep(withdrawal) for keep in keeps)]
    limit = limit or call.behavior.number(Fields.LIST_LIMIT)
    shown = [_row(call, withdrawal) for withdrawal in rows[:limit]]
    if not paged:
        return shown
    page: dict[str, Any] = {"withdrawals": shown}
    if len(rows) > limit:
        page["next_cursor"] = _make_cursor(rows[:limit], limit)
    elif call.behavior.get(Fields.LAST_CURSOR) == "null":
        page["next_cursor"] = None
    return page


def _cursor(arguments: dict[str, Any]) -> tuple[bool, str]:
    """Whether pages are wanted, and where to go on. Forms carry booleans as text in any case (python-kraken-sdk)."""
    given = arguments.get("cursor")
    if isinstance(given, bool):
        return given, ""
    token = body.text(arguments, "cursor")
    switch = {"": False, "false": False, "true": True}.get(token.lower())
    return (True, token) if switch is None else (switch, "")


def _limit(arguments: dict[str, Any]) -> int | None:
    given = body.number(arguments, "limit", Conditions.LIST_ARGUMENT)
    if given is None:
        return None
    if given != int(given) or not 1 <= given <= _rows_at_most:
        raise Refusal(Conditions.LIST_ARGUMENT, f"limit {given} is not from 1 to {_rows_at_most}", argument="limit")
    return int(given)


def _by_method(arguments: dict[str, Any]) -> Keep:
    wanted = body.text(arguments, "method")
    return lambda withdrawal: wanted in ("", _method(withdrawal))


def _by_time(call: Call) -> Keep:
    """`start` and `end` in seconds, both inclusive. Without a start, as far back as the account shows."""
    start = body.number(call.arguments, "start", Conditions.LIST_ARGUMENT)
    end = body.number(call.arguments, "end", Conditions.LIST_ARGUMENT)
    days = call.behavior.number(Fields.LIST_DAYS)
    if start is None and days:
        start = Decimal((call.now_ms() - days * _day_ms) // 1000)

    def keep(withdrawal: Withdrawal) -> bool:
        created_s = withdrawal.created_ms // 1000
        return (start is None or created_s >= start) and (end is None or created_s <= end)

    return keep


def _by_asset(name: str, aclass: str) -> Keep:
    tickers = {asset.ticker for asset in filters.assets(name, aclass)}
    return lambda withdrawal: withdrawal.asset in tickers


def _by_kind(call: Call) -> Keep:
    with_transfers = call.behavior.get(Fields.SHOWS_TRANSFERS) is True
    return lambda withdrawal: with_transfers or not withdrawal.details.internal


def _make_cursor(page: list[Withdrawal], limit: int) -> str:
    refid = page[-1].id.encode()
    return base64.b64encode(_WORD.pack(len(refid)) + refid + _FLAGS + _WORD.pack(limit)).decode()


def _after(rows: list[Withdrawal], token: str) -> tuple[list[Withdrawal], int]:
    """The rows behind the one that the cursor names, and the limit of the page before."""
    refid, limit = _read_cursor(token)
    for position, withdrawal in enumerate(rows):
        if withdrawal.id.encode() == refid and 1 <= limit <= _rows_at_most:
            return rows[position + 1 :], limit
    raise Refusal(Conditions.LIST_CURSOR, f"cursor {token[:120]!r} is not one that was given", argument="cursor")


def _read_cursor(token: str) -> tuple[bytes, int]:
    """Refid and limit; no refid when it is no cursor."""
    try:
        raw = base64.b64decode(token, validate=True)
        (length,) = _WORD.unpack_from(raw)
        (limit,) = _WORD.unpack(raw[-_WORD.size :])
    except (ValueError, struct.error):
        return b"", 0
    refid, rest = raw[_WORD.size : -_WORD.size - len(_FLAGS)], len(raw) - 2 * _WORD.size - len(_FLAGS)
    return (refid, limit) if length == rest else (b"", 0)


def _method(withdrawal: Withdrawal) -> str:
    return ASSETS.network(withdrawal.asset, withdrawal.network).method


def _row(call: Call, withdrawal: Withdrawal) -> dict[str, Any]:
    """One row. `status-prop` is absent where nothing applies; `txid` is null until there is a transaction."""
    row: dict[str, Any] = {
        "method": _method(withdrawal),
        "aclass": "currency",
        "asset": ASSETS.named(withdrawal.asset).code,
        "refid": withdrawal.id,
        "txid": withdrawal.tx_id if withdrawal.stage is Stage.PROCESSED else None,
        "info": withdrawal.address,
        "amount": money.funding(withdrawal.amount),
        "fee": money.funding(withdrawal.fee),
        "time": withdrawal.created_ms // 1000,
        "status": withdrawal.state.word,
    }
    if PROPS[withdrawal.state.name]:
        row["status-prop"] = PROPS[withdrawal.state.name]
    if call.behavior.get(Fields.SHOWS_KEY) is True:
        row["key"] = withdrawal.details.withdraw_key
        row["network"] = withdrawal.network
    return row
