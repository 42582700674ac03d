"""AlphaPoint's reads of withdrawals: lists and tickets, from a `Call` to the object that either transport sends.

Facts: APEX documentation GetWithdraws, GetWithdrawTicket, GetWithdrawTickets (version 4: the newest first, index 0 is
the most recent), GetAllWithdrawTickets (index 0 is the oldest). What a reader sees may lag: `glimpses`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeVar

from simulator.core.accounts import Account
from simulator.core.book import Withdrawal
from simulator.core.rows import Refusal
from simulator.exchanges.alphapoint.behavior import Conditions, Fields
from simulator.exchanges.alphapoint.calls import (
    Call,
    Parameters,
    integer,
    is_absent,
    is_set,
    natural,
    parameters,
    require,
    text,
)
from simulator.exchanges.alphapoint.catalogue import product_of
from simulator.exchanges.alphapoint.glimpses import by_reader
from simulator.exchanges.alphapoint.permissions import account_to_read, check_operator, check_permission
from simulator.exchanges.alphapoint.tickets import record, ticket
from simulator.exchanges.alphapoint.users import users

_One = TypeVar("_One")


def get_withdraws(call: Call) -> Any:
    """GetWithdraws: an array, newest first (the order is not documented)."""
    account = account_to_read(call, parameters(call))
    return [record(account, by_reader(account, withdrawal)) for withdrawal in account.book.newest_first()]


def get_withdraw_ticket(call: Call) -> Any:
    """GetWithdrawTicket: one ticket; without a RequestCode the account's very first (as version 4 does)."""
    given = parameters(call)
    account = account_to_read(call, given)
    if is_absent(given, "RequestCode"):
        withdrawal = next(iter(account.book), None)
    else:
        withdrawal = account.book.find(text(given, "RequestCode").lower())
    if withdrawal is None:
        raise Refusal(Conditions.TICKET_UNKNOWN, f"the account has no ticket {given.get('requestcode', 'at all')!r}")
    return ticket(account, by_reader(account, withdrawal))


def get_withdraw_tickets(call: Call) -> Any:
    """GetWithdrawTickets: a page of one account's tickets, newest first."""
    given = parameters(call)
    account = account_to_read(call, given)
    product_id = natural(given, "ProductId")
    found = [
        withdrawal
        for withdrawal in account.book.newest_first()
        if product_id is None or product_of(withdrawal.asset).product_id == product_id
    ]
    return [ticket(account, by_reader(account, withdrawal)) for withdrawal in _page(call, given, found)]


def get_all_withdraw_tickets(call: Call) -> Any:
    """GetAllWithdrawTickets: a page of every account's tickets, oldest first; comments only when they are asked for."""
    given = parameters(call)
    require(given, ("OMSId", "OperatorId"), Conditions.OPERATOR_FIELD_MISSING)
    oms_id, operator_id = integer(given, "OMSId"), integer(given, "OperatorId")
    check_permission(call)
    check_operator(oms_id, operator_id)
    with_comments = is_set(given, "IncludeComments")
    found: list[tuple[Account, Withdrawal]] = []
    for account, _ in users(call.world):
        account.catch_up()
        found.extend((account, withdrawal) for withdrawal in account.book)
    found.sort(key=lambda pair: (pair[1].created_ms, pair[1].details.number))
    return [
        ticket(account, by_reader(account, withdrawal), with_comments=with_comments)
        for account, withdrawal in _page(call, given, found)
    ]


def _page(call: Call, given: Parameters, found: Sequence[_One]) -> Sequence[_One]:
    """`Limit` of them from `StartIndex` on."""
    start, limit = natural(given, "StartIndex") or 0, natural(given, "Limit")
    if limit is None:
        limit = call.behavior.number(Fields.TICKETS_LIMIT) or len(found)
    return found[start : start + limit]
