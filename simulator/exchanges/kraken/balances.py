"""POST /0/private/Balance and BalanceEx: what an account has, net of pending withdrawals.

`hold_trade` counts open orders only, of which there are none: a pending withdrawal shows in neither number.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from simulator.core.exchange import Asset
from simulator.core.wire import number
from simulator.exchanges.kraken import money
from simulator.exchanges.kraken.assets import ASSETS
from simulator.exchanges.kraken.behavior import Fields
from simulator.exchanges.kraken.call import Call, check_service


def balance(call: Call) -> Any:
    check_service(call)
    return {asset.code: money.balance(available, asset.decimals) for asset, available in _available(call)}


def balance_ex(call: Call) -> Any:
    check_service(call)
    as_number = call.behavior.get(Fields.BALANCE_NUMBERS) == "number"

    def shown(value: Decimal, asset: Asset) -> Any:
        return number(value) if as_number else money.balance(value, asset.decimals)

    return {
        asset.code: {"balance": shown(available, asset), "hold_trade": shown(Decimal(0), asset)}
        for asset, available in _available(call)
    }


def _available(call: Call) -> Iterator[tuple[Asset, Decimal]]:
    for ticker, pots in call.caller.account.ledger.balances().items():
        yield ASSETS.named(ticker), pots.available
