"""GET /v5/asset/coin/query-info and the VASP list: what can be withdrawn, on which chains, at which fee."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from simulator.core.exchange import Asset, Network
from simulator.exchanges.bybit.assets import ASSETS, Chain
from simulator.exchanges.bybit.call import Call


def query_coins(call: Call) -> tuple[Any, str]:
    """Every coin, or the one asked for; a coin that does not exist gives no rows."""
    wanted = call.query().get("coin")
    return {"rows": [_coin(asset) for asset in ASSETS.table if wanted in (None, asset.code)]}, "success"


def _coin(asset: Asset) -> dict[str, Any]:
    chains = [_chain(network, asset.details.chains[network.name]) for network in asset.networks]
    return {"name": asset.code, "coin": asset.code, "remainAmount": "100000000", "chains": chains}


def _chain(network: Network, chain: Chain) -> dict[str, str]:
    """One chain in the order of the documentation. An empty withdrawFee says that it takes no withdrawals."""
    return {
        "chainType": chain.title,
        "confirmation": chain.confirmations,
        "withdrawFee": _text(network.fee) if chain.is_open else "",
        "depositMin": "0",
        "withdrawMin": _text(chain.minimum),
        "chain": network.name,
        "chainDeposit": "1",
        "chainWithdraw": str(int(chain.is_open)),
        "minAccuracy": str(chain.decimals),
        "withdrawPercentageFee": _text(chain.percentage_fee),
        "contractAddress": chain.contract,
        "safeConfirmNumber": chain.confirmations,
        "withdrawMax": "-1" if chain.maximum is None else _text(chain.maximum),
    }


def _text(value: Decimal) -> str:
    return format(value, "f")


def vasp_list(call: Call) -> tuple[Any, str]:
    """GET /v5/asset/withdraw/vasp/list: a sample of the list; it ends with `others`."""
    vasps = (("basic-finance", "Basic Finance Inc"), ("coinone", "Coinone"), ("others", "Others (including Upbit)"))
    return {"vasp": [{"vaspEntityId": entity, "vaspName": name} for entity, name in vasps]}, "success"
