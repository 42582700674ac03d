"""AlphaPoint's money: the positions of an account.

Facts: APEX 4.3 documentation GetAccountPositions: what is available is Amount minus Hold; a
pending withdrawal sits in Hold and leaves Amount when it is processed. There is no market here: a product is its own
notional product.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from simulator.core.accounts import Account
from simulator.core.book import Withdrawal
from simulator.core.ledger import add, zero
from simulator.core.lifecycle import Stage, held_stages
from simulator.core.wire import number
from simulator.exchanges.alphapoint.assets import ASSETS
from simulator.exchanges.alphapoint.calls import Call, is_set, parameters
from simulator.exchanges.alphapoint.lifecycle import LIFECYCLE
from simulator.exchanges.alphapoint.permissions import account_to_read
from simulator.exchanges.alphapoint.users import OMS_ID


def get_account_positions(call: Call) -> Any:
    """GetAccountPositions: one object a product that the account was ever given."""
    given = parameters(call)
    account = account_to_read(call, given)
    with_pending = is_set(given, "IncludePending")
    return [position(account, ticker, with_pending=with_pending) for ticker in account.ledger.balances()]


def position(account: Account, ticker: str, *, with_pending: bool = False) -> dict[str, Any]:
    """The position in one product, also as an event carries it."""
    product, balance = ASSETS.named(ticker).details, account.ledger.balance(ticker)
    amount = number(add(balance.available, balance.held))
    day, month, year = _sent_since_midnight_and_the_first(account, ticker)
    totals = {"Day": day, "Month": month, "Year": year}
    pending = [one.amount for one in account.book if one.asset == ticker and one.stage in held_stages]
    return {
        "OMSId": OMS_ID,
        "AccountId": account.details.account_id,
        "ProductSymbol": ticker,
        "ProductId": product.product_id,
        "Amount": amount,
        "Hold": number(balance.held),
        "PendingDeposits": 0,
        "PendingWithdraws": number(_sum(pending) if with_pending else zero),
        **{f"Total{span}Deposits": 0 for span in totals},
        **{f"Total{span}DepositNotional": 0 for span in totals},
        **{f"Total{span}Withdraws": number(value) for span, value in totals.items()},
        **{f"Total{span}WithdrawNotional": number(value) for span, value in totals.items()},
        "NotionalProductId": product.product_id,
        "NotionalProductSymbol": ticker,
        "NotionalValue": amount,
        "NotionalHoldAmount": number(balance.held),
        "NotionalRate": 1,
        "TotalDayTransferNotional": 0,
    }


def _sent_since_midnight_and_the_first(account: Account, ticker: str) -> list[Decimal]:
    """What was sent today, this month and this year, in UTC and account time."""
    now = _moment(account.now_ms())
    day = now.replace(hour=0, minute=0, second=0, microsecond=0)
    begins = (day, day.replace(day=1), day.replace(month=1, day=1))
    sent = [
        (_moment(at_ms), withdrawal.amount)
        for withdrawal in account.book
        if withdrawal.asset == ticker and (at_ms := _spent_ms(withdrawal)) is not None
    ]
    return [_sum([amount for at, amount in sent if at >= begin]) for begin in begins]


def _moment(at_ms: int) -> datetime:
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=at_ms)


def _sum(amounts: list[Decimal]) -> Decimal:
    total = zero
    for amount in amounts:
        total = add(total, amount)
    return total


def _spent_ms(withdrawal: Withdrawal) -> int | None:
    """When its money left, if it did."""
    for step in withdrawal.history:
        if LIFECYCLE.state(step.state).stage is Stage.PROCESSED:
            return step.at_ms
    return None
