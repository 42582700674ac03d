"""What SDKs only load on the way: trading pairs and a token for WebSockets. Always the same answers.

There is neither trading nor a WebSocket here. Keys and values are those of the documentation's examples; orders of
magnitude are samples.
"""

from __future__ import annotations

from typing import Any

from simulator.core.rows import Refusal
from simulator.exchanges.kraken.behavior import Conditions
from simulator.exchanges.kraken.call import Call, check_service
from simulator.exchanges.kraken.public import query

_PAIRS = (
    # id, altname, wsname, base, quote, price decimals, least order
    ("XXBTZUSD", "XBTUSD", "XBT/USD", "XXBT", "ZUSD", 1, "0.00005"),
    ("XXBTZEUR", "XBTEUR", "XBT/EUR", "XXBT", "ZEUR", 1, "0.00005"),
    ("XETHZUSD", "ETHUSD", "ETH/USD", "XETH", "ZUSD", 2, "0.002"),
    ("XETHXXBT", "ETHXBT", "ETH/XBT", "XETH", "XXBT", 5, "0.002"),
    ("XLTCZUSD", "LTCUSD", "LTC/USD", "XLTC", "ZUSD", 2, "0.05"),
    ("XXRPZUSD", "XRPUSD", "XRP/USD", "XXRP", "ZUSD", 5, "2"),
    ("XXLMZUSD", "XLMUSD", "XLM/USD", "XXLM", "ZUSD", 6, "15"),
    ("XDGUSD", "XDGUSD", "XDG/USD", "XXDG", "ZUSD", 7, "20"),
    ("DOTUSD", "DOTUSD", "DOT/USD", "DOT", "ZUSD", 4, "1"),
    ("USDTZUSD", "USDTUSD", "USDT/USD", "USDT", "ZUSD", 5, "5"),
    ("USDCUSD", "USDCUSD", "USDC/USD", "USDC", "ZUSD", 4, "5"),
    ("ZEURZUSD", "EURUSD", "EUR/USD", "ZEUR", "ZUSD", 5, "0.5"),
    ("ZGBPZUSD", "GBPUSD", "GBP/USD", "ZGBP", "ZUSD", 5, "0.5"),
    ("ZUSDZCAD", "USDCAD", "USD/CAD", "ZUSD", "ZCAD", 5, "0.5"),
    ("ZUSDZJPY", "USDJPY", "USD/JPY", "ZUSD", "ZJPY", 3, "0.5"),
)


def asset_pairs(call: Call) -> Any:
    """GET /0/public/AssetPairs, all or those that `pair` names by id or alternative name."""
    names = query(call).get("pair", "")
    return {row[0]: _pair(row) for row in ([_named(name.strip()) for name in names.split(",")] if names else _PAIRS)}


def _named(name: str) -> tuple[str, str, str, str, str, int, str]:
    for row in _PAIRS:
        if name.isascii() and name.upper() in row[:3]:
            return row
    raise Refusal(Conditions.UNKNOWN_PAIR, f"there is no pair {name[:80]!r}")


def _pair(row: tuple[str, str, str, str, str, int, str]) -> dict[str, Any]:
    _, altname, wsname, base, quote, decimals, least = row
    return {
        "altname": altname,
        "wsname": wsname,
        "aclass_base": "currency",
        "base": base,
        "aclass_quote": "currency",
        "quote": quote,
        "lot": "unit",
        "cost_decimals": 5,
        "pair_decimals": decimals,
        "lot_decimals": 8,
        "lot_multiplier": 1,
        "leverage_buy": [],
        "leverage_sell": [],
        "fees": [[0, 0.26]],
        "fees_maker": [[0, 0.16]],
        "fee_volume_currency": "ZUSD",
        "margin_call": 80,
        "margin_stop": 40,
        "ordermin": least,
        "costmin": "0.5",
        "tick_size": format(10**-decimals, f".{decimals}f"),
        "status": "online",
    }


def get_web_sockets_token(call: Call) -> Any:
    """POST /0/private/GetWebSocketsToken: the documentation's example."""
    check_service(call)
    return {"token": "1Dwc4lzSwNWOAwkMdqhssNNFhs1ed606d1WcF3XfEMw", "expires": 900}
