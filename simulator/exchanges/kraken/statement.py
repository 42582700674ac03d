"""An account's ledger entries, computed from its deposits and the history of its withdrawals.

A withdrawal is booked out when it is asked for: the net amount negative, the fee beside it. One that fails or is
canceled is booked back under the same refid, with a positive amount and a negative fee (a capture in BittyTax#287).
Summed over an asset, amounts less fees give the balance.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from simulator.core.accounts import Account
from simulator.core.book import Withdrawal
from simulator.core.ids import Ids
from simulator.core.ledger import add
from simulator.core.lifecycle import Stage
from simulator.exchanges.kraken import refids

_given_back = (Stage.CANCELLED, Stage.FAILED)


@dataclass(frozen=True, slots=True)
class Deposit:
    """What an account had of an asset when it was opened."""

    asset: str
    amount: Decimal
    at_ms: int


@dataclass(frozen=True, slots=True)
class Line:
    """One entry. `asset` is the common ticker; `balance` is what was there afterwards."""

    id: str
    refid: str
    at_ms: int
    kind: str
    asset: str
    amount: Decimal
    fee: Decimal
    balance: Decimal


@dataclass(frozen=True, slots=True)
class _Movement:
    at_ms: int
    order: tuple[int, int]
    kind: str
    refid: str
    asset: str
    amount: Decimal
    fee: Decimal


def lines(account: Account) -> list[Line]:
    """All entries, oldest first."""
    balances: dict[str, Decimal] = {}
    written = []
    for one in sorted(_movements(account), key=lambda one: (one.at_ms, one.order)):
        before = balances.get(one.asset, Decimal(0))
        balance = balances[one.asset] = add(before, add(one.amount, one.fee.copy_negate()))
        id = refids.ledger(_ids(account, "ledger", one.refid, str(one.order[1])))
        written.append(Line(id, one.refid, one.at_ms, one.kind, one.asset, one.amount, one.fee, balance))
    return written


def _movements(account: Account) -> Iterator[_Movement]:
    for number, deposit in enumerate(account.details.deposits):
        refid = refids.old(_ids(account, "deposit", deposit.asset), "Q")
        order = (0, number)
        yield _Movement(deposit.at_ms, order, "deposit", refid, deposit.asset, deposit.amount, Decimal(0))
    for withdrawal in account.book:
        yield from _of_withdrawal(account, withdrawal)


def _of_withdrawal(account: Account, withdrawal: Withdrawal) -> Iterator[_Movement]:
    kind = "transfer" if withdrawal.details.internal else "withdrawal"
    opened = withdrawal.history[0]
    amount, fee = withdrawal.amount, withdrawal.fee
    yield _Movement(opened.at_ms, (opened.number, 0), kind, withdrawal.id, withdrawal.asset, amount.copy_negate(), fee)
    for step in withdrawal.history:
        if account.book.lifecycle.state(step.state).stage in _given_back:
            order = (step.number, 1)
            yield _Movement(step.at_ms, order, kind, withdrawal.id, withdrawal.asset, amount, fee.copy_negate())


def _ids(account: Account, *what: str) -> Ids:
    """A stream of its own for each identifier, so that an entry has the same one whenever it is asked for."""
    return account.ids.beside(*what)
