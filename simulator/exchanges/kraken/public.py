"""Kraken's public methods: the server's time and status, and the assets."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl

from simulator.core.reading import Given
from simulator.exchanges.kraken import filters
from simulator.exchanges.kraken.behavior import Conditions, Fields
from simulator.exchanges.kraken.call import Call

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def time(call: Call) -> Any:
    """GET /0/public/Time. Not the RFC's format: a year of two digits, the day padded with a blank (XChange fixture)."""
    now_s = call.world.now_ms() // 1000
    now = datetime.fromtimestamp(now_s, UTC)
    date = f"{_DAYS[now.weekday()]}, {now.day:2d} {_MONTHS[now.month - 1]} {now.year % 100:02d}"
    return {"unixtime": now_s, "rfc1123": f"{date} {now:%H:%M:%S} +0000"}


def system_status(call: Call) -> Any:
    """GET /0/public/SystemStatus."""
    now = datetime.fromtimestamp(call.world.now_ms() // 1000, UTC)
    return {"status": call.behavior.get(Fields.SYSTEM_STATUS), "timestamp": f"{now:%Y-%m-%dT%H:%M:%S}Z"}


def assets(call: Call) -> Any:
    """GET /0/public/Assets, all or those that `asset` names."""
    asked = query(call)
    chosen = filters.assets(asked.get("asset", ""), asked.get("aclass", ""), Conditions.PUBLIC_UNKNOWN_ASSET)
    status = call.behavior.get(Fields.ASSET_STATUS)
    return {
        asset.code: {
            "aclass": "currency",
            "altname": asset.details.altname,
            "decimals": asset.decimals,
            "display_decimals": asset.details.display_decimals,
            "status": status,
        }
        for asset in chosen
    }


def query(call: Call) -> Given[str]:
    """The arguments of a public method. Broken escapes are no error."""
    return call.reads.watch(dict(parse_qsl(call.request.query, keep_blank_values=True, errors="replace")))
