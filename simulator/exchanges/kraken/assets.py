"""Kraken's assets: ids (`XXBT`), alternative names (`XBT`, `BTC`) and the methods by which they are withdrawn.

Input may be the id, the alternative name or the common ticker in any case; answers have the id, but for a few that
have the alternative name. Ids, names and decimals are documented (get-asset-info); fees and minimums are samples.
"""

from dataclasses import dataclass
from decimal import Decimal

from simulator.core.exchange import Asset, Assets, Network

_EVM = "0x7cb275a5e07ba943fee972e165d80daa67cb2dd0"


@dataclass(frozen=True, slots=True)
class AssetDetails:
    """What Kraken says of an asset besides what every exchange does; `minimums` are net amounts by network."""

    altname: str
    display_decimals: int
    minimums: dict[str, Decimal]


def _asset(
    ticker: str, code: str, altname: str, decimals: tuple[int, int], *methods: tuple[str, str, str, str, str]
) -> Asset:
    """`decimals` exact and shown; each method is (network, method, fee, minimum, a plausible address)."""
    return Asset(
        ticker,
        code,
        decimals[0],
        tuple(Network(network, Decimal(fee), address, method) for network, method, fee, _, address in methods),
        tuple(dict.fromkeys((altname, ticker))),
        AssetDetails(altname, decimals[1], {network: Decimal(minimum) for network, _, _, minimum, _ in methods}),
    )


ASSETS = Assets(
    (
        _asset(
            "USDT",
            "USDT",
            "USDT",
            (8, 4),
            ("Tron", "Tether USD (TRC20)", "2.5", "5", "TQmdxSuC16EhFg8FZWtYgrfFRosoRF7bCp"),
            ("Ethereum", "Tether USD (ERC20)", "5", "10", _EVM),
        ),
        _asset("USDC", "USDC", "USDC", (8, 4), ("Ethereum", "USDC", "4", "10", _EVM)),
        _asset(
            "BTC",
            "XXBT",
            "XBT",
            (10, 5),
            ("Bitcoin", "Bitcoin", "0.0002", "0.0004", "bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq"),
            ("Lightning", "Bitcoin Lightning", "0.0001", "0.00001", "lnbc1pvjluezpp5qqqsyqcyq5rqwzqf"),
        ),
        _asset("ETH", "XETH", "ETH", (10, 5), ("Ethereum", "Ether (Hex)", "0.0035", "0.005", _EVM)),
        _asset("XRP", "XXRP", "XRP", (8, 5), ("Ripple", "XRP", "0.02", "25", "rEb8TK3gBgk5auZkwc6sHnwrGVJH8DuaLh")),
        _asset(
            "LTC",
            "XLTC",
            "LTC",
            (10, 5),
            ("Litecoin", "Litecoin", "0.002", "0.01", "LVg2kJoFNg45Nbpy53h7Fe1wKyeXVRhMH9"),
        ),
        _asset(
            "DOGE", "XXDG", "XDG", (8, 2), ("Dogecoin", "Dogecoin", "4", "50", "DDTtqnuZ5kfRT5qh2c7sNtqrJmV3iXYdGG")
        ),
        _asset(
            "XLM",
            "XXLM",
            "XLM",
            (8, 5),
            (
                "Stellar",
                "Stellar XLM",
                "0.00002",
                "30",
                "GDZAPKZFP3LVQ5V4PVAZ7Q6JHHNYSVFBFAVLLYHTZVUIWMHMDXKTGA7Y",
            ),
        ),
        _asset(
            "DOT",
            "DOT",
            "DOT",
            (10, 8),
            ("Polkadot", "Polkadot", "0.05", "1.1", "16LrqRXyhjBCSfA6kKrdqxPKrZoMEUtmoW4nkx5ZhA374Bp3"),
        ),
        _asset("USD", "ZUSD", "USD", (4, 2), ("SWIFT", "SWIFT", "4", "20", "Account 0001")),
        _asset("EUR", "ZEUR", "EUR", (4, 2), ("SEPA", "Bank Frick (SEPA)", "0.09", "1", "GB33BUKB20201555555555")),
        _asset("GBP", "ZGBP", "GBP", (4, 2), ("FPS", "ClearJunction (FPS)", "1.95", "5", "Account 0002")),
        _asset("CAD", "ZCAD", "CAD", (4, 2), ("SWIFT", "SWIFT", "13", "50", "Account 0003")),
        _asset("JPY", "ZJPY", "JPY", (2, 0), ("Domestic", "Bank transfer", "20", "30000", "Account 0004")),
    )
)
