"""POST /0/private/WithdrawMethods: the ways to withdraw each asset, with the least net amount of each."""

from __future__ import annotations

from typing import Any

from simulator.core.exchange import Asset, Network
from simulator.core.ids import Ids
from simulator.exchanges.kraken import filters, money
from simulator.exchanges.kraken.behavior import Fields
from simulator.exchanges.kraken.call import Call, check_service
from simulator.exchanges.kraken.withdraw import sends


def withdraw_methods(call: Call) -> Any:
    wanted = filters.texts(call.arguments, "network")
    asset_name, aclass = filters.asset(call.arguments)
    check_service(call)
    assets = filters.assets(asset_name, aclass)
    if not sends(str(call.behavior.get(Fields.ASSET_STATUS))):
        return []
    return [
        _row(call, asset, network)
        for asset in assets
        for network in asset.networks
        if wanted.get("network", network.name) == network.name
    ]


def _row(call: Call, asset: Asset, network: Network) -> dict[str, Any]:
    minimum = asset.details.minimums[network.name]
    row: dict[str, Any] = {
        "asset": asset.code,
        "method": network.method,
        "network": network.name,
        "minimum": format(minimum, "f"),
    }
    if call.behavior.get(Fields.METHOD_IDS) is True:
        row["method_id"] = Ids(call.world.seed, call.world.exchange, "method", network.method).uuid()
        row["network_id"] = Ids(call.world.seed, call.world.exchange, "network", network.name).uuid()
        row["fee"] = {"aclass": "currency", "asset": asset.code, "fee": money.funding(network.fee)}
    return row
