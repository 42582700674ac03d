"""Kraken's methods in a table, and the public one. A function gets the `Call` that the gateway let through and returns
the `result`, or raises Refusal.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from simulator.core.exchange import Endpoint
from simulator.exchanges.kraken.call import Call
from simulator.exchanges.kraken.cancel import withdraw_cancel
from simulator.exchanges.kraken.status import withdraw_status

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def time(call: Call) -> Any:
    """GET /0/public/Time. Not the RFC's format: a year of two digits, the day padded with a blank (XChange fixture)."""
    now_s = call.world.now_ms() // 1000
    now = datetime.fromtimestamp(now_s, UTC)
    date = f"{_DAYS[now.weekday()]}, {now.day:2d} {_MONTHS[now.month - 1]} {now.year % 100:02d}"
    return {"unixtime": now_s, "rfc1123": f"{date} {now:%H:%M:%S} +0000"}


_DOCS = "https://docs.kraken.com/api-reference/"

ENDPOINTS = (
    Endpoint(
        name="time",
        method="GET",
        path="/0/public/Time",
        function=time,
        permission=None,
        source=_DOCS + "market-data/get-server-time",
    ),
    Endpoint(
        name="cancel",
        method="POST",
        path="/0/private/WithdrawCancel",
        function=withdraw_cancel,
        permission="withdraw-funds",
        source=_DOCS + "funding/request-withdrawal-cancellation",
    ),
    Endpoint(
        name="list",
        method="POST",
        path="/0/private/WithdrawStatus",
        function=withdraw_status,
        permission="withdraw-funds or query-ledger",
        source=_DOCS + "funding/get-status-of-recent-withdrawals",
    ),
)
"""Every method of this exchange; each private one costs 1 on the key's call counter."""
