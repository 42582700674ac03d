"""Kraken's assets: ids (`XXBT`), alternative names (`XBT`, `BTC`) and the methods by which they are withdrawn.

Input may be the id, the alternative name or the common ticker in any case; answers have the id. Fees are samples.
"""

from decimal import Decimal

from simulator.core.exchange import Asset, Assets, Network

_EVM = "0x7cb275a5e07ba943fee972e165d80daa67cb2dd0"


def _one(ticker: str, code: str, decimals: int, names: tuple[str, ...], network: Network) -> Asset:
    return Asset(ticker, code, decimals, (network,), (ticker, *names))


ASSETS = Assets(
    (
        Asset(
            "USDT",
            "USDT",
            8,
            (
                Network("Tron", Decimal("2.5"), "TQmdxSuC16EhFg8FZWtYgrfFRosoRF7bCp", "Tether USD (TRC20)"),
                Network("Ethereum", Decimal("5"), _EVM, "Tether USD (ERC20)"),
            ),
            ("USDT",),
        ),
        _one("USDC", "USDC", 8, (), Network("Ethereum", Decimal("4"), _EVM, "USDC")),
        Asset(
            "BTC",
            "XXBT",
            10,
            (
                Network("Bitcoin", Decimal("0.0002"), "bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq", "Bitcoin"),
                Network("Lightning", Decimal("0.0001"), "lnbc1pvjluezpp5qqqsyqcyq5rqwzqf", "Bitcoin Lightning"),
            ),
            ("XBT", "BTC"),
        ),
        _one("ETH", "XETH", 10, (), Network("Ethereum", Decimal("0.0035"), _EVM, "Ether (Hex)")),
        _one("XRP", "XXRP", 8, (), Network("Ripple", Decimal("0.02"), "rEb8TK3gBgk5auZkwc6sHnwrGVJH8DuaLh", "XRP")),
        _one(
            "LTC",
            "XLTC",
            10,
            (),
            Network("Litecoin", Decimal("0.002"), "LVg2kJoFNg45Nbpy53h7Fe1wKyeXVRhMH9", "Litecoin"),
        ),
        _one(
            "DOGE",
            "XXDG",
            8,
            ("XDG",),
            Network("Dogecoin", Decimal("4"), "DDTtqnuZ5kfRT5qh2c7sNtqrJmV3iXYdGG", "Dogecoin"),
        ),
        _one(
            "XLM",
            "XXLM",
            8,
            (),
            Network(
                "Stellar", Decimal("0.00002"), "GDZAPKZFP3LVQ5V4PVAZ7Q6JHHNYSVFBFAVLLYHTZVUIWMHMDXKTGA7Y", "Stellar XLM"
            ),
        ),
        _one(
            "DOT",
            "DOT",
            10,
            (),
            Network("Polkadot", Decimal("0.05"), "16LrqRXyhjBCSfA6kKrdqxPKrZoMEUtmoW4nkx5ZhA374Bp3", "Polkadot"),
        ),
        _one("USD", "ZUSD", 4, (), Network("SWIFT", Decimal("4"), "Account 0001", "SWIFT")),
        _one("EUR", "ZEUR", 4, (), Network("SEPA", Decimal("0.09"), "GB33BUKB20201555555555", "Bank Frick (SEPA)")),
    )
)
