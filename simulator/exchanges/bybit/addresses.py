"""GET /v5/asset/withdraw/query-address and the look-up of an address for a withdrawal. There is no API to add one.

Facts: docs v5/asset/withdraw/withdraw-address; that letter case and chain must agree with the book: ccxt#16344, #21427.
"""

from __future__ import annotations

from typing import Any

from simulator.core.accounts import Account
from simulator.core.rows import Refusal
from simulator.exchanges.bybit import cursors
from simulator.exchanges.bybit.behavior import Conditions
from simulator.exchanges.bybit.call import Call, master_account
from simulator.exchanges.bybit.details import UNIVERSAL_COIN, Address


def query_addresses(call: Call) -> tuple[Any, str]:
    """Account, limit, type, cursor; in this order. The newest entry comes first."""
    account = master_account(call)
    query = call.query()
    limit = cursors.page_limit(query.get("limit", "50"), Conditions.ADDRESSES_PARAMETER)
    kind = query.get("addressType", "0")
    if kind not in ("0", "1", "2"):
        raise Refusal(Conditions.ADDRESSES_PARAMETER, f"addressType {kind!r} is none of 0, 1, 2")
    below = cursors.read(query["cursor"], Conditions.ADDRESSES_CURSOR) if "cursor" in query else None
    rows = [
        entry
        for entry in reversed(account.details.address_book)
        if (below is None or entry.number < below)
        and kind in ("2", "1" if entry.internal else "0")
        and query.get("coin", entry.coin) == entry.coin
        and query.get("chain", entry.chain) == entry.chain
    ]
    page = rows[:limit]
    cursor = cursors.written([entry.number for entry in page])
    now_ms = account.now_ms()
    return {"rows": [_row(entry, now_ms) for entry in page], "nextPageCursor": cursor}, "success"


def _row(entry: Address, now_ms: int) -> dict[str, Any]:
    return {
        "coin": entry.coin,
        "chain": entry.chain,
        "address": entry.address,
        "tag": entry.tag,
        "remark": entry.remark,
        "status": int(entry.is_new(now_ms)),
        "addressType": int(entry.internal),
        "verified": int(entry.verified),
        "createdAt": str(entry.created_ms // 1000),
    }


def entries(account: Account, coin: str, chain: str | None, address: str) -> list[Address]:
    """The entries under which `address` stands in the book: for a chain, or (None) as a UID. Letter case counts."""
    return [
        entry
        for entry in account.details.address_book
        if entry.address == address
        and entry.coin in (coin, UNIVERSAL_COIN)
        and (entry.internal if chain is None else not entry.internal and entry.chain == chain)
    ]
