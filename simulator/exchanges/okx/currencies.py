"""OKX's asset/currencies: a row for each chain of each currency.

Facts: docs-v5 Get currencies, whose row of BTC gives the sample values. ccxt asks for it before anything else.
"""

from __future__ import annotations

from typing import Any

from simulator.core.accounts import Account
from simulator.core.exchange import Asset, Network
from simulator.core.rows import Refusal
from simulator.exchanges.okx.assets import ASSETS, CHAINS, INTERNAL_MINIMUM
from simulator.exchanges.okx.behavior import Conditions
from simulator.exchanges.okx.calls import Call
from simulator.exchanges.okx.calls import currencies as codes


def currencies(call: Call) -> list[dict[str, Any]]:
    """GET /api/v5/asset/currencies: all of them, or those of a comma list `ccy`. Demo trading has none (ccxt#17295)."""
    account = call.account
    if account.details.demo:
        raise Refusal(Conditions.CURRENCIES_DEMO, "the account is a demo account")
    wanted = codes(call.query())
    assets = [asset for asset in ASSETS.table if asset.code in wanted]
    return [_row(account, asset, network) for asset in assets for network in asset.networks]


def _row(account: Account, asset: Asset, network: Network) -> dict[str, Any]:
    chain = CHAINS[network.name]
    closed = (*account.details.suspended_chains, *account.details.delisted_chains)
    fee = format(network.fee, "f")
    return {
        "burningFeeRate": "",
        "canDep": network.name not in account.details.delisted_chains,
        "canInternal": True,
        "canWd": network.name not in closed,
        "ccy": asset.code,
        "chain": network.name,
        "ctAddr": chain.contract,
        "depEstOpenTime": "",
        "depQuotaFixed": "",
        "depQuoteDailyLayer2": "",
        "fee": fee,
        "logoLink": f"https://static.coinall.ltd/cdn/oksupport/asset/currency/icon/{asset.code.lower()}.png",
        "mainNet": network is asset.networks[0],
        "maxFee": fee,
        "maxFeeForCtAddr": "",
        "maxWd": format(chain.maximum, "f"),
        "minDep": format(chain.minimum, "f"),
        "minDepArrivalConfirm": str(chain.confirmations),
        "minFee": fee,
        "minFeeForCtAddr": "",
        "minInternal": format(INTERNAL_MINIMUM, "f"),
        "minWd": format(chain.minimum, "f"),
        "minWdUnlockConfirm": str(chain.confirmations),
        "name": asset.code,
        "needTag": bool(chain.label),
        "usedDepQuotaFixed": "",
        "usedWdQuota": "0",
        "wdEstOpenTime": "",
        "wdQuota": "10000000",
        "wdTickSz": str(asset.decimals),
    }
