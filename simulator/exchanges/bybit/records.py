"""GET /v5/asset/withdraw/query-record: an account's withdrawals, newest first, by id descending.

Facts: docs v5/asset/withdraw/withdraw-record. Unknown query keys are ignored: hirokisan/bybit sends one, and is served.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from simulator.core.book import Withdrawal
from simulator.core.rows import Refusal
from simulator.exchanges.bybit import cursors
from simulator.exchanges.bybit.behavior import Conditions, Fields
from simulator.exchanges.bybit.call import Call, master_account
from simulator.exchanges.bybit.cursors import is_digits
from simulator.exchanges.bybit.lifecycle import ON_CHAIN

DAYS_30_MS = 30 * 24 * 3600 * 1000


def query_records(call: Call) -> tuple[Any, str]:
    """Account, limit, type, times, cursor; in this order."""
    account = master_account(call)
    query = call.query()
    limit = cursors.page_limit(query.get("limit", "50"), Conditions.LIST_PARAMETER)
    kind = query.get("withdrawType", "0")
    if kind not in ("0", "1", "2"):
        raise Refusal(Conditions.LIST_PARAMETER, f"withdrawType {kind!r} is none of 0, 1, 2")
    start_ms, end_ms = _interval(query, account.now_ms())
    compared = _to_the_ms if account.behavior.get(Fields.TIMES_FILTERED) == "to the ms" else _printed_ms
    below = cursors.read(query["cursor"], Conditions.CURSOR) if "cursor" in query else None
    rows = [
        withdrawal
        for withdrawal in sorted(account.book, key=lambda one: int(one.id), reverse=True)
        if (below is None or int(withdrawal.id) < below)
        and compared(start_ms) <= compared(withdrawal.created_ms) <= compared(end_ms)
        and kind in ("2", _kind(withdrawal))
        and all(keep(withdrawal, query[name]) for name, keep in _FILTERS.items() if name in query)
    ]
    page = rows[:limit]
    cursor = cursors.written([int(withdrawal.id) for withdrawal in page])
    return {"rows": [_record(withdrawal) for withdrawal in page], "nextPageCursor": cursor}, "success"


def _interval(query: dict[str, str], now_ms: int) -> tuple[int, int]:
    """The times asked for, ends included: the last 30 days, or 30 days from the one end that was given.

    With both ends given there must be less than 30 days between them.
    """
    given = {name: query[name] for name in ("startTime", "endTime") if name in query}
    for name, text in given.items():
        if not is_digits(text):
            raise Refusal(Conditions.LIST_PARAMETER, f"{name} {text!r} is no time in ms")
    start_ms = int(given["startTime"]) if "startTime" in given else None
    end_ms = int(given["endTime"]) if "endTime" in given else None
    if start_ms is not None and end_ms is not None and not 0 <= end_ms - start_ms < DAYS_30_MS:
        raise Refusal(Conditions.LIST_INTERVAL, f"from {start_ms} to {end_ms} is not from 0 to less than 30 days")
    if start_ms is not None:
        return start_ms, end_ms if end_ms is not None else start_ms + DAYS_30_MS
    end_ms = now_ms if end_ms is None else end_ms
    return end_ms - DAYS_30_MS, end_ms


_FILTERS: dict[str, Callable[[Withdrawal, str], bool]] = {
    "withdrawID": lambda withdrawal, wanted: withdrawal.id == wanted,
    "txID": lambda withdrawal, wanted: _tx_id(withdrawal) == wanted,
    "coin": lambda withdrawal, wanted: withdrawal.asset == wanted,
}


def _kind(withdrawal: Withdrawal) -> str:
    """0 on-chain, 1 off-chain."""
    return "1" if withdrawal.details.internal else "0"


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
        "createTime": str(_printed_ms(withdrawal.created_ms)),
        "updateTime": str(_printed_ms(withdrawal.updated_ms)),
        "withdrawId": withdrawal.id,
        "withdrawType": int(_kind(withdrawal)),
        "fee": "",
        "tax": "",
        "taxRate": "",
        "taxType": "",
    }


def _to_the_ms(ms: int) -> int:
    return ms


def _printed_ms(ms: int) -> int:
    """A time as records show it: in ms, with the precision of a second."""
    return ms // 1000 * 1000
