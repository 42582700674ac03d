"""OKX's asset/balances and asset/bills: the same money once as it stands and once as it moved.

Facts: docs-v5 Get balance, Asset bills details and Asset bills history: types 1 (deposit), 2 (withdrawal), 13
(canceled withdrawal), 221 (blockchain's withdrawal fee) and 222 (its refund). Bills are read off the steps that each
withdrawal took, so they cannot disagree with the book.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from simulator.core.accounts import Account
from simulator.core.book import Withdrawal
from simulator.core.ledger import add, zero
from simulator.core.lifecycle import Stage
from simulator.core.rows import Refusal
from simulator.exchanges.okx.behavior import Conditions, Fields
from simulator.exchanges.okx.calls import Call, currency, moments, number, page
from simulator.exchanges.okx.calls import currencies as codes

_CURRENCIES_MAX = 20
_REFUNDED = (Stage.CANCELLED, Stage.FAILED)


@dataclass(frozen=True, slots=True)
class Bill:
    """One movement of the funding account. `number` grows with a withdrawal and, within one, with its steps."""

    number: int
    asset: str
    client_id: str
    change: Decimal
    type: str
    at_ms: int


def balances(call: Call) -> list[dict[str, Any]]:
    """GET /api/v5/asset/balances: currencies of which there is anything, or those of a comma list `ccy` of 20."""
    account, query = call.account, call.query()
    if (count := query.get("ccy", "").count(",") + 1) > _CURRENCIES_MAX:
        raise Refusal(Conditions.TOO_MANY_CURRENCIES, f"ccy has {count} values", name="ccy", limit=_CURRENCIES_MAX)
    wanted = codes(query)
    at_creation = _debits_at_creation(account)
    rows = []
    for code in sorted(set(wanted)):
        balance = account.ledger.balance(code)
        frozen = zero if at_creation else balance.held
        total = add(balance.available, frozen)
        if total > 0:
            rows.append(
                {"availBal": _plain(balance.available), "bal": _plain(total), "ccy": code, "frozenBal": _plain(frozen)}
            )
    return rows


def bills(call: Call) -> list[dict[str, Any]]:
    """GET /api/v5/asset/bills: newest first, pages by the moment."""
    query = call.query()
    return _page(call, query, moments(query))


def bills_history(call: Call) -> list[dict[str, Any]]:
    """GET /api/v5/asset/bills-history: pages by the moment (`pagingType` 1) or by the bill (2)."""
    query = call.query()
    paging = query.get("pagingType", "1")
    if paging not in ("1", "2"):
        raise Refusal(Conditions.LIST_PARAMETER, f"pagingType {paging!r} is neither 1 nor 2", name="pagingType")
    if paging == "1":
        return _page(call, query, moments(query))
    numbers = moments(query)
    return _page(call, query, lambda at_ms: True, numbers)


def _page(
    call: Call, query: Mapping[str, str], within: Callable[[int], bool], numbered: Callable[[int], bool] | None = None
) -> list[dict[str, Any]]:
    ticker = currency(query["ccy"]) if "ccy" in query else None
    type_ = str(number("type", query["type"])) if "type" in query else None
    found = []
    totals: dict[str, Decimal] = {}
    for bill in booked(call.account):
        totals[bill.asset] = add(totals.get(bill.asset, zero), bill.change)
        if (
            ticker in (None, bill.asset)
            and type_ in (None, bill.type)
            and query.get("clientId") in (None, bill.client_id)
            and within(bill.at_ms)
            and (numbered is None or numbered(bill.number))
        ):
            found.append((bill, totals[bill.asset]))
    found.reverse()
    if numbered is not None:
        found.sort(key=lambda pair: pair[0].number, reverse=True)
    return [_row(bill, total) for bill, total in page(call.account, query, found)]


def _row(bill: Bill, total: Decimal) -> dict[str, Any]:
    return {
        "billId": str(bill.number),
        "ccy": bill.asset,
        "clientId": bill.client_id,
        "balChg": _plain(bill.change),
        "bal": _plain(total),
        "type": bill.type,
        "ts": str(bill.at_ms),
        "notes": "",
    }


def booked(account: Account) -> list[Bill]:
    """Every movement there has been, oldest first; those of one moment in the order of their withdrawals.

    No two have one `at_ms`, since they are paged through by it: one that would takes the next moment.
    """
    deposits = account.details.deposits.items()
    first_ms = account.details.opened_ms - len(deposits)
    bills = [
        Bill(1_000_000 + at, asset, "", value, "1", first_ms + at)
        for at, (asset, value) in enumerate(deposits)
        if value
    ]
    at_creation = _debits_at_creation(account)
    for withdrawal in account.book:
        bills += _steps(account, withdrawal, at_creation)
    apart: list[Bill] = []
    for bill in sorted(bills, key=lambda bill: bill.at_ms):
        earliest_ms = apart[-1].at_ms + 1 if apart else bill.at_ms
        apart.append(bill if bill.at_ms >= earliest_ms else replace(bill, at_ms=earliest_ms))
    return apart


def _steps(account: Account, withdrawal: Withdrawal, at_creation: bool) -> Iterator[Bill]:
    first, last = withdrawal.history[0], withdrawal.history[-1]
    stage = account.book.lifecycle.state(last.state).stage
    debited_ms = first.at_ms if at_creation else last.at_ms
    if at_creation or stage is Stage.PROCESSED:
        yield from _pair(withdrawal, 1, ("2", "221"), debited_ms, -1)
    if at_creation and stage in _REFUNDED:
        yield from _pair(withdrawal, 3, ("13", "222"), last.at_ms, 1)


def _pair(withdrawal: Withdrawal, at: int, types: tuple[str, str], at_ms: int, sign: int) -> Iterator[Bill]:
    """Amount and fee are two bills; a transfer without a fee has one."""
    base = int(withdrawal.id) * 10 + at
    client_id = withdrawal.details.client_id
    for number_, type_, value in zip((base, base + 1), types, (withdrawal.amount, withdrawal.fee), strict=True):
        if value:
            yield Bill(number_, withdrawal.asset, client_id, value if sign > 0 else value.copy_negate(), type_, at_ms)


def _debits_at_creation(account: Account) -> bool:
    return account.behavior.get(Fields.DEBITED) == "at creation"


def _plain(value: Decimal) -> str:
    """Without zeros at the end, as the documentation's examples have it."""
    text = format(value, "f")
    return (text.rstrip("0").rstrip(".") or "0") if "." in text else text
