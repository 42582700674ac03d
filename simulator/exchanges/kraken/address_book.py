"""An account's address book: the labels (`key`) that Withdraw takes instead of an address, and WithdrawAddresses."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from simulator.core.exchange import Asset
from simulator.exchanges.kraken import filters
from simulator.exchanges.kraken.assets import ASSETS
from simulator.exchanges.kraken.call import Call, check_service


@dataclass(frozen=True, slots=True)
class Address:
    """One entry. `asset` is the common ticker; `tag` and `memo` are what some networks ask for besides."""

    key: str
    asset: str
    network: str
    address: str
    verified: bool = True
    tag: str = ""
    memo: str = ""

    @property
    def method(self) -> str:
        return ASSETS.network(self.asset, self.network).method


def default() -> tuple[Address, ...]:
    """An address for each way to withdraw each asset: `btc-wallet`, and `btc-wallet-lightning` for another network."""
    return tuple(
        Address(default_key(asset, number), asset.ticker, network.name, network.address)
        for asset in ASSETS.table
        for number, network in enumerate(asset.networks)
    )


def default_key(asset: Asset, number: int = 0) -> str:
    suffix = f"-{asset.networks[number].name.lower()}" if number else ""
    return f"{asset.ticker.lower()}-wallet{suffix}"


def withdraw_addresses(call: Call) -> Any:
    """POST /0/private/WithdrawAddresses. The asset is the alternative name here (documentation's example)."""
    arguments = call.arguments
    wanted = filters.texts(arguments, "method", "key")
    verified = filters.flag(arguments, "verified")
    asset_name, aclass = filters.asset(arguments)
    check_service(call)
    assets = filters.assets(asset_name, aclass)
    return [
        _row(entry)
        for entry in _entries(call, assets)
        if wanted.get("method", entry.method) == entry.method
        and wanted.get("key", entry.key) == entry.key
        and verified in (None, entry.verified)
    ]


def _entries(call: Call, assets: tuple[Asset, ...]) -> Iterator[Address]:
    tickers = {asset.ticker for asset in assets}
    return (entry for entry in call.caller.account.details.addresses if entry.asset in tickers)


def _row(entry: Address) -> dict[str, Any]:
    row: dict[str, Any] = {
        "address": entry.address,
        "asset": ASSETS.named(entry.asset).details.altname,
        "method": entry.method,
        "key": entry.key,
        "verified": entry.verified,
    }
    for name, value in (("tag", entry.tag), ("memo", entry.memo)):
        if value:
            row[name] = value
    return row
