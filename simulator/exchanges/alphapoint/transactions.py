"""AlphaPoint's GetAccountTransactions: what the withdrawals of an account moved, told from their histories.

Facts: APEX 4.3 documentation GetAccountTransactions, captured objects of settled withdrawals (ReferenceId is the
ticket's number). Whether holds are listed beside them is not known: a field.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from simulator.core.accounts import Account
from simulator.core.book import Withdrawal
from simulator.core.ledger import add, zero
from simulator.core.lifecycle import Stage, held_stages
from simulator.core.rows import Refusal
from simulator.core.wire import number
from simulator.exchanges.alphapoint.behavior import Conditions, Fields
from simulator.exchanges.alphapoint.calls import Call, Parameters, is_absent, natural, parameters
from simulator.exchanges.alphapoint.catalogue import product_of
from simulator.exchanges.alphapoint.lifecycle import LIFECYCLE
from simulator.exchanges.alphapoint.permissions import account_to_read
from simulator.exchanges.alphapoint.users import OMS_ID

_TYPES = ("Fee", "Trade", "Other", "Reverse", "Hold", "Rebate")
_REFERENCES = ("Trade", "Deposit", "Withdraw", "Transfer", "OrderHold", "WithdrawHold")
"""By number, from 1; the documented lists go on with what never happens here."""

_Move = tuple[str, str, Decimal, Decimal]
"""Type, reference type, credit, debit."""


def get_account_transactions(call: Call) -> Any:
    """GetAccountTransactions: newest first, filtered by type and reference type; Depth says how many."""
    given = parameters(call)
    account = account_to_read(call, given)
    types = _chosen(given, "TransactionTypes", _TYPES)
    references = _chosen(given, "TransactionReferenceTypes", _REFERENCES)
    depth = natural(given, "Depth")
    found = [
        one for one in _transactions(account) if one["TransactionType"] in types and one["ReferenceType"] in references
    ]
    found.reverse()
    return found if depth is None else found[:depth]


def _chosen(given: Parameters, name: str, known: tuple[str, ...]) -> set[str]:
    """The names that a filter asks for: names or numbers, one or several; all when there is no filter."""
    if is_absent(given, name):
        return set(known)
    value = given[name.lower()]
    if isinstance(value, str):
        value = [one.strip(' "') for one in value.strip("[]").split(",")]
    chosen: set[str] = set()
    for one in value if isinstance(value, list) else [value]:
        if isinstance(one, bool) or not isinstance(one, str | int):
            raise Refusal(Conditions.WRONG_TYPE, f"{name} has {one!r}, which is neither a number nor a name")
        chosen.update(word for place, word in enumerate(known, start=1) if one in (word, place, str(place)))
    return chosen


def _transactions(account: Account) -> Iterator[dict[str, Any]]:
    """Oldest first; the balance of a product begins with all that the account was ever given of it."""
    with_holds = account.behavior.get(Fields.TRANSACTIONS_HOLDS) is True
    balances = {ticker: balance.total for ticker, balance in account.ledger.balances().items()}
    steps = [
        (step.at_ms, withdrawal.details.number, place)
        for withdrawal in account.book
        for place, step in enumerate(withdrawal.history)
    ]
    by_number = {withdrawal.details.number: withdrawal for withdrawal in account.book}
    for at_ms, ticket_number, place in sorted(steps):
        withdrawal = by_number[ticket_number]
        moves = [*(_hold(withdrawal, place) if with_holds else ()), *_settlement(withdrawal, place)]
        for part, (kind, reference, credit, debit) in enumerate(moves):
            if reference == "Withdraw":
                balances[withdrawal.asset] = add(balances[withdrawal.asset], debit.copy_negate())
            yield {
                "TransactionId": (ticket_number * 1000 + place) * 10 + part,
                "ReferenceId": ticket_number,
                "OMSId": OMS_ID,
                "AccountId": account.details.account_id,
                "CR": number(credit),
                "DR": number(debit),
                "Counterparty": product_of(withdrawal.asset).provider_id,
                "TransactionType": kind,
                "ReferenceType": reference,
                "ProductId": product_of(withdrawal.asset).product_id,
                "Balance": number(balances[withdrawal.asset]),
                "TimeStamp": at_ms,
            }


def _stage(withdrawal: Withdrawal, place: int) -> Stage | None:
    return LIFECYCLE.state(withdrawal.history[place].state).stage if place >= 0 else None


def _hold(withdrawal: Withdrawal, place: int) -> Iterator[_Move]:
    """The money is set aside, or is not any more."""
    was_held, is_held = (_stage(withdrawal, one) in held_stages for one in (place - 1, place))
    if is_held and not was_held:
        yield ("Hold", "WithdrawHold", zero, withdrawal.gross)
    if was_held and not is_held:
        yield ("Reverse", "WithdrawHold", withdrawal.gross, zero)


def _settlement(withdrawal: Withdrawal, place: int) -> Iterator[_Move]:
    """The money leaves: the amount, then the fee."""
    if _stage(withdrawal, place) is Stage.PROCESSED and _stage(withdrawal, place - 1) is not Stage.PROCESSED:
        yield ("Other", "Withdraw", zero, withdrawal.amount)
        yield ("Fee", "Withdraw", zero, withdrawal.fee)
