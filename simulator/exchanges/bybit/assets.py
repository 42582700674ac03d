"""Bybit's assets: tables of `chain` codes, fees and limits as `coin/query-info` gives them (samples; they change).

The display names of the chains of USDT and which there are: a capture in ccxt's static response fixtures.
"""

from dataclasses import dataclass
from decimal import Decimal

from simulator.core.exchange import Asset, Assets, Network

_EVM = "0x7c3f1cd65d8a3c3b1c7a9d3c5f0e2b4a6d8c0e11"


@dataclass(frozen=True, slots=True)
class Chain:
    """What `coin/query-info` tells of a chain besides its code and fee. `title` is `chainType`, the name to display.

    A chain that is not open takes no withdrawals. `tag` is that of the address that is in every address book by itself.
    """

    title: str
    confirmations: str
    minimum: Decimal
    decimals: int
    contract: str = ""
    percentage_fee: Decimal = Decimal(0)
    maximum: Decimal | None = None
    has_tag: bool = False
    tag: str = ""
    is_open: bool = True


@dataclass(frozen=True, slots=True)
class Coin:
    """`usd` is a sample price, for the figures that Bybit gives in USD."""

    usd: Decimal
    chains: dict[str, Chain]


_USDT_ETH = "0xdac17f958d2ee523a2206206994597c13d831ec7"
_USDC_ETH = "0xa0b86991c6218b36c1d19d4a2e9eb0ce3606eb48"

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
                Network("TON", Decimal("0.3"), "UQBbhFJtbzmDOsdcxbUMR0lAdeVTkjDoDBDcfMFqh9ibDxOr"),
                Network("KAVAEVM", Decimal("0"), _EVM),
            ),
            details=Coin(
                Decimal(1),
                {
                    "ETH": Chain("ERC20", "6", Decimal("1"), 6, _USDT_ETH, maximum=Decimal("5000000")),
                    "TRX": Chain("TRC20", "100", Decimal("1"), 6, "TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t"),
                    "ARBI": Chain("Arbitrum One", "100", Decimal("1"), 6, "0xfd086bc7cd5c481dcc9c85ebe478a1c0b69fcbb9"),
                    "SOL": Chain("SOL", "100", Decimal("1"), 6, "Es9vMFrzaCERmJfrF4H2FYD4KCoNkY11McCe8BenwNYB"),
                    "TON": Chain(
                        "TON", "10", Decimal("1"), 6, "EQCxE6mUtQJKFnGfaROTKOt1lZbDiiX1kCixRv7Nw2Id_sDs", has_tag=True
                    ),
                    "KAVAEVM": Chain("KAVAEVM", "10", Decimal("1"), 6, is_open=False),
                },
            ),
        ),
        Asset(
            "USDC",
            "USDC",
            6,
            (Network("ETH", Decimal("4"), _EVM), Network("ARBI", Decimal("0.1"), _EVM)),
            details=Coin(
                Decimal(1),
                {
                    "ETH": Chain("ERC20", "6", Decimal("1"), 6, _USDC_ETH, percentage_fee=Decimal("0.001")),
                    "ARBI": Chain("Arbitrum One", "100", Decimal("1"), 6, "0xaf88d065e77c8cc2239327c5edb3a432268e5831"),
                },
            ),
        ),
        Asset(
            "BTC",
            "BTC",
            8,
            (Network("BTC", Decimal("0.0002"), "bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq"),),
            details=Coin(Decimal(60_000), {"BTC": Chain("BTC", "2", Decimal("0.0005"), 8)}),
        ),
        Asset(
            "ETH",
            "ETH",
            8,
            (Network("ETH", Decimal("0.0012"), _EVM), Network("ARBI", Decimal("0.0003"), _EVM)),
            details=Coin(
                Decimal(3_000),
                {
                    "ETH": Chain("ETH", "6", Decimal("0.005"), 8),
                    "ARBI": Chain("Arbitrum One", "100", Decimal("0.001"), 8),
                },
            ),
        ),
        Asset(
            "XRP",
            "XRP",
            6,
            (Network("XRP", Decimal("0.2"), "rEb8TK3gBgk5auZkwc6sHnwrGVJH8DuaLh"),),
            details=Coin(Decimal("0.5"), {"XRP": Chain("XRP", "1", Decimal("2"), 6, has_tag=True, tag="10001")}),
        ),
    )
)
