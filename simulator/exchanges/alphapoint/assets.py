"""AlphaPoint's products: every operator numbers its own, so these ids and fees are examples.

A withdrawal does not name a network but a template of one of the product's account providers; the template's type
stands for the network here (`ToExternalBitcoinAddress` is documented, the others are formed like it).
"""

from dataclasses import dataclass
from decimal import Decimal

from simulator.core.exchange import Asset, Assets, Network

_EVM = "0x7c3f1cd65d8a3c3b1c7a9d3c5f0e2b4a6d8c0e11"


@dataclass(frozen=True, slots=True)
class Product:
    """What AlphaPoint knows of an asset: its number, its full name, the provider that moves it."""

    product_id: int
    full_name: str
    provider_id: int


ASSETS = Assets(
    (
        Asset(
            "USDT",
            "USDT",
            6,
            (
                Network("ToExternalEthereumAddress", Decimal("4"), _EVM),
                Network("ToExternalTronAddress", Decimal("1"), "TXYZopYRdj2D9XRtbG411XZZ3kM5VkAeBf"),
            ),
            details=Product(3, "Tether USD", 9),
        ),
        Asset(
            "USDC",
            "USDC",
            6,
            (Network("ToExternalEthereumAddress", Decimal("4"), _EVM),),
            details=Product(4, "USD Coin", 10),
        ),
        Asset(
            "BTC",
            "BTC",
            8,
            (Network("ToExternalBitcoinAddress", Decimal("0.0002"), "bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq"),),
            details=Product(1, "Bitcoin", 7),
        ),
        Asset(
            "ETH",
            "ETH",
            8,
            (Network("ToExternalEthereumAddress", Decimal("0.0012"), _EVM),),
            details=Product(2, "Ethereum", 8),
        ),
        Asset(
            "XRP",
            "XRP",
            6,
            (Network("ToExternalRippleAddress", Decimal("0.2"), "rEb8TK3gBgk5auZkwc6sHnwrGVJH8DuaLh"),),
            details=Product(5, "Ripple", 11),
        ),
    )
)
