"""What SDKs ask Bybit in public: the time, and the instruments, of which this exchange has none."""

from __future__ import annotations

from typing import Any

from simulator.core.rows import Refusal
from simulator.exchanges.bybit.behavior import Conditions
from simulator.exchanges.bybit.call import Call

_CATEGORIES = ("spot", "linear", "inverse", "option")


def market_time(call: Call) -> tuple[Any, str]:
    """GET /v5/market/time, public."""
    now_ns = call.world.clock.now_ns()
    return {"timeSecond": str(now_ns // 1_000_000_000), "timeNano": str(now_ns)}, "OK"


def instruments(call: Call) -> tuple[Any, str]:
    """GET /v5/market/instruments-info, public: nothing is traded here, so the list is empty."""
    category = call.query().get("category", "")
    if category not in _CATEGORIES:
        raise Refusal(Conditions.CATEGORY, f"category {category!r} is none of {', '.join(_CATEGORIES)}")
    return {"category": category, "list": [], "nextPageCursor": ""}, "OK"
