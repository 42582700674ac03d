"""OKX's public calls: the time, and what SDKs load on their way to a withdrawal.

Facts: docs-v5 Get system time, Get instruments, Get exchange list. Nothing is traded here, so there are no instruments.
"""

from __future__ import annotations

from typing import Any

from simulator.core.rows import Refusal
from simulator.exchanges.okx.behavior import Conditions
from simulator.exchanges.okx.calls import Call
from simulator.exchanges.okx.exchanges_listed import LISTED

_TYPES = ("SPOT", "MARGIN", "SWAP", "FUTURES", "OPTION", "EVENTS")


def public_time(call: Call) -> list[dict[str, Any]]:
    """GET /api/v5/public/time: the server clock in ms."""
    return [{"ts": str(call.world.now_ms())}]


def instruments(call: Call) -> list[dict[str, Any]]:
    """GET /api/v5/public/instruments: none of any type; options are asked for by `uly` or `instFamily`."""
    query = call.query()
    if "instType" not in query:
        raise Refusal(Conditions.INSTRUMENT_TYPE_MISSING, "the query has no instType", name="instType")
    if query["instType"] not in _TYPES:
        told = f"instType {query['instType']!r} is none of {', '.join(_TYPES)}"
        raise Refusal(Conditions.LIST_PARAMETER, told, name="instType")
    if query["instType"] == "OPTION" and "uly" not in query and "instFamily" not in query:
        raise Refusal(
            Conditions.NO_UNDERLYING, "the query has neither uly nor instFamily", name="uly", other="instFamily"
        )
    return []


def exchange_list(call: Call) -> list[dict[str, Any]]:
    """GET /api/v5/asset/exchange-list: what `rcvrInfo.exchId` of a withdrawal may be, besides 0."""
    return [{"exchId": identifier, "exchName": name} for identifier, name in LISTED.items()]
