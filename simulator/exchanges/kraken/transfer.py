"""POST /0/private/WalletTransfer: from the spot wallet to the futures wallet, the only direction there is.

It enters the book as a withdrawal without a fee; WithdrawCancel takes its refid without any permission.
"""

from __future__ import annotations

from typing import Any

from simulator.core.options import WithdrawalOptions
from simulator.core.rows import Refusal
from simulator.exchanges.kraken import body, entries
from simulator.exchanges.kraken.assets import ASSETS
from simulator.exchanges.kraken.behavior import Conditions
from simulator.exchanges.kraken.call import Call, check_service
from simulator.exchanges.kraken.withdraw import round_down

_SPOT_WALLET = "Spot Wallet"


def wallet_transfer(call: Call) -> Any:
    """The refid of a transfer whose amount is taken from the balance at once."""
    arguments, account = call.arguments, call.caller.account
    asset_name = body.text(arguments, "asset")
    source, target = body.text(arguments, "from"), body.text(arguments, "to")
    for name, given in (("asset", asset_name), ("from", source), ("to", target), ("amount", arguments.get("amount"))):
        if given in (None, ""):
            raise Refusal(Conditions.TRANSFER_ARGUMENT_MISSING, f"{name} is absent or empty", argument=name)
    if (source, target) != (_SPOT_WALLET, entries.FUTURES_WALLET):
        raise Refusal(
            Conditions.TRANSFER_DIRECTION,
            f"only {_SPOT_WALLET!r} to {entries.FUTURES_WALLET!r} exists, not {source[:40]!r} to {target[:40]!r}",
            argument="from" if source != _SPOT_WALLET else "to",
        )
    check_service(call)
    asset = ASSETS.coded(asset_name)
    if asset is None:
        raise Refusal(Conditions.TRANSFER_UNKNOWN_ASSET, f"there is no asset {asset_name[:80]!r}")
    amount = body.number(arguments, "amount", Conditions.TRANSFER_AMOUNT)
    if not amount or amount != round_down(amount, asset):
        raise Refusal(Conditions.TRANSFER_AMOUNT, f"amount {amount} is 0 or has more than {asset.decimals} decimals")
    entries.check_funds(account, asset, amount, Conditions.TRANSFER_INSUFFICIENT_FUNDS)
    options = WithdrawalOptions(asset=asset.ticker, amount=amount)
    details = entries.WithdrawalDetails("", internal=True)
    return entries.answer(entries.enter(account, options, details))
