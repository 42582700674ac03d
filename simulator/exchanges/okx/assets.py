"""OKX's assets: a table of `CCY-Chain` names and fees as `asset/currencies` gives them (samples; they change)."""

from decimal import Decimal

from simulator.core.exchange import Asset, Assets, Network

LIGHTNING = "BTC-Lightning"
"""The chain on which nothing can be cancelled (docs-v5 Cancel withdrawal); its name is concluded from the others."""

_EVM = "0x7c3f1cd65d8a3c3b1c7a9d3c5f0e2b4a6d8c0e11"
_TRON = "TXYZopYRdj2D9XRtbG411XZZ3kM5VkAeBf"

ASSETS = Assets(
    (
        Asset(
            "USDT",
            "USDT",
            6,
            (
                Network("USDT-ERC20", Decimal("3"), _EVM),
                Network("USDT-TRC20", Decimal("0.8"), _TRON),
                # A name with a blank, as real ones have it (rotki's recorded rows).
                Network("USDT-Arbitrum one", Decimal("0.1"), _EVM),
            ),
        ),
        Asset("USDC", "USDC", 6, (Network("USDC-ERC20", Decimal("3"), _EVM),)),
        Asset(
            "BTC",
            "BTC",
            8,
            (
                Network("BTC-Bitcoin", Decimal("0.00005"), "17DKe3kkkkiiiiTvAKKi2vMPbm1Bz3CMKw"),
                Network(
                    LIGHTNING,
                    Decimal("0.00000001"),
                    "lnbc100u1psnnvhtpp5yq2x3q5hhrzsuxpwx7ptphwzc4k4wk0j3stp0099968m44cyjg9",
                ),
            ),
        ),
        Asset("ETH", "ETH", 8, (Network("ETH-ERC20", Decimal("0.0004"), _EVM),)),
        Asset("TRX", "TRX", 6, (Network("TRX-TRC20", Decimal("0.1"), _TRON),)),
    )
)
