"""Whether an account of Bybit that a snapshot brings could have come about here. Knows no document."""

from __future__ import annotations

import re
from functools import reduce

from simulator.core.accounts import Account
from simulator.core.ledger import add, zero
from simulator.core.misuse import Misuse, brief, shown
from simulator.core.world import World
from simulator.exchanges.bybit import wallets
from simulator.exchanges.bybit.assets import ASSETS
from simulator.exchanges.bybit.details import AccountDetails, KeyDetails, WithdrawalDetails
from simulator.exchanges.bybit.lifecycle import INTERNAL_CHAIN

_NUMBER = re.compile(r"[0-9]{1,18}", re.ASCII)


def check(world: World, account: Account) -> None:
    """Raises Misuse with the first thing that could not be."""
    details: AccountDetails = account.details
    if set(details.deposits) != set(wallets.WALLETS):
        raise Misuse(f"the snapshot contradicts itself: its wallets are {brief(', '.join(details.deposits))}")
    for balances in details.deposits.values():
        for ticker in balances:
            ASSETS.named(ticker)
    for key in account.keys:
        own: KeyDetails = key.details
        assert own.public_key is None or own.pem  # reads the PEM text, which raises Misuse for none
    numbers = [details.user_id, *(key.details.number for key in account.keys), *(one.id for one in account.book)]
    for number in numbers:
        if not _NUMBER.fullmatch(number):
            raise Misuse(f"the snapshot contradicts itself: the id {shown(number)} is not a number")
    for withdrawal in account.book:
        if withdrawal.network != INTERNAL_CHAIN or not withdrawal.details.internal:
            ASSETS.network(withdrawal.asset, withdrawal.network)
        _check_shares(withdrawal.id, withdrawal.details)
    for ticker, balance in account.ledger.balances().items():
        in_wallets = reduce(add, (wallets.available(account, wallet, ticker) for wallet in wallets.WALLETS), zero)
        if in_wallets != balance.available:
            raise Misuse(
                f"the snapshot contradicts itself: of {ticker} {balance.available:f} is available, "
                f"but in its wallets it is {in_wallets:f}"
            )


def _check_shares(id: str, details: WithdrawalDetails) -> None:
    named = {*(wallet for wallet, _ in details.shares), *([details.refund_wallet] if details.refund_wallet else [])}
    if not named <= set(wallets.WALLETS):
        wanted = brief(", ".join(sorted(named)))
        raise Misuse(f"the snapshot contradicts itself: withdrawal {shown(id)} names the wallets {wanted}")
