"""Bybit's wallets: how an account's money is split between Funding, Unified Trading and Earn.

The ledger has the total; what a wallet has is what it was given, less what withdrawals took out of it, plus what came
back. Nothing is stored twice, so the wallets always add up to what the ledger has available.
"""

from __future__ import annotations

from decimal import Decimal

from simulator.core.accounts import Account
from simulator.core.ledger import add, zero
from simulator.core.lifecycle import Stage, held_stages
from simulator.exchanges.bybit.details import WithdrawalDetails

FUND, UTA, EARN = "FUND", "UTA", "EARN"
WALLETS = (FUND, UTA, EARN)
"""In the order in which a combination such as `FUND,UTA,EARN` is drawn on (docs v5/asset/withdraw)."""


def available(account: Account, wallet: str, ticker: str) -> Decimal:
    """What `wallet` has of an asset and could withdraw."""
    value: Decimal = account.details.deposits[wallet].get(ticker, zero)
    for withdrawal in account.book:
        details: WithdrawalDetails | None = withdrawal.details
        if withdrawal.asset != ticker or details is None:
            continue
        is_gone = withdrawal.stage in held_stages or withdrawal.stage is Stage.PROCESSED
        refund_wallet = "" if is_gone else details.refund_wallet
        for source, share in details.shares:
            if source == wallet and (is_gone or refund_wallet):
                value = add(value, share.copy_negate())
            if refund_wallet == wallet:
                value = add(value, share)
    return value


def held(account: Account, wallet: str, ticker: str) -> Decimal:
    """What of an asset withdrawals that are under way have taken out of `wallet`."""
    value = zero
    for withdrawal in account.book:
        if withdrawal.asset == ticker and withdrawal.stage in held_stages:
            for source, share in withdrawal.details.shares:
                if source == wallet:
                    value = add(value, share)
    return value


def draw(account: Account, ticker: str, value: Decimal, wallets: tuple[str, ...]) -> tuple[tuple[str, Decimal], ...]:
    """How `wallets` would share in giving `value`, the first one first; together less than `value` if that is all."""
    shares = []
    for wallet in wallets:
        share = min(value, available(account, wallet, ticker))
        if share > 0:
            shares.append((wallet, share))
            value = add(value, share.copy_negate())
    return tuple(shares)
