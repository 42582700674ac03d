"""Bybit's assets: a table of `chain` codes and fees as `coin/query-info` gives them (samples; they change)."""

from decimal import Decimal

from simulator.core.exchange import Asset, Assets, Network

_EVM = "0x7c3f1cd65d8a3c3b1c7a9d3c5f0e2b4a6d8c0e11"

ASSETS = Assets(
    (
        Asset(
            "USDT",
            "USDT",
            6,
            (
                Network("ETH", Decimal("4"), _EVM),
                Network("TRX", Decimal("1"), "TXYZopYRdj2D9XRtbG411XZZ3kM5VkAeBf"),
                Network("ARBI", Decimal("0.1"), _EVM),
                Network("SOL", Decimal("1"), "7dHbWXmci3dT8UFYWYZweBLXgycu7Y3iL6trKn1Y7ARj"),
            ),
        ),
        Asset("USDC", "USDC", 6, (Network("ETH", Decimal("4"), _EVM), Network("ARBI", Decimal("0.1"), _EVM))),
        Asset("BTC", "BTC", 8, (Network("BTC", Decimal("0.0002"), "bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq"),)),
        Asset("ETH", "ETH", 8, (Network("ETH", Decimal("0.0012"), _EVM), Network("ARBI", Decimal("0.0003"), _EVM))),
        Asset("XRP", "XRP", 6, (Network("XRP", Decimal("0.2"), "rEb8TK3gBgk5auZkwc6sHnwrGVJH8DuaLh"),)),
    )
)
