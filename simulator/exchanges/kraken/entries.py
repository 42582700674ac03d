"""Entering a withdrawal or a WalletTransfer into an account's book, whichever way in it came."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from simulator.core import opening
from simulator.core.accounts import Account
from simulator.core.book import Withdrawal
from simulator.core.exchange import Asset
from simulator.core.lifecycle import State
from simulator.core.options import WithdrawalOptions
from simulator.core.rows import Condition, Refusal
from simulator.exchanges.kraken import refids
from simulator.exchanges.kraken.assets import ASSETS

FUTURES_WALLET = "Futures Wallet"


@dataclass(frozen=True, slots=True)
class WithdrawalDetails:
    """What Kraken knows of a withdrawal besides what every exchange does."""

    withdraw_key: str
    internal: bool


def enter(
    account: Account, options: WithdrawalOptions, details: WithdrawalDetails, state: State | None = None, tag: str = ""
) -> Withdrawal:
    """A withdrawal with its refid; its amount and fee are held. A WalletTransfer costs no fee. Raises Misuse."""
    if details.internal and options.address is None:
        options.address = FUTURES_WALLET
    entered = opening.withdrawal(
        account,
        ASSETS,
        options,
        id=refids.withdrawal(account, details.internal),
        state=state,
        fee=Decimal(0) if details.internal else None,
        tag=tag,
        details=details,
    )
    entered.tx_id = ("0x" if entered.network == "Ethereum" else "") + account.ids.hex(64)
    return entered


def check_funds(account: Account, asset: Asset, gross: Decimal, condition: Condition) -> None:
    """Refuse to take more than is there. Balances are net of pending withdrawals (docs get-account-balance)."""
    available = account.ledger.balance(asset.ticker).available
    if gross > available:
        raise Refusal(condition, f"{gross} {asset.ticker} is more than the {available} that are available")


def answer(entered: Withdrawal) -> Any:
    return {"refid": entered.id}
