"""OKX's withdrawal-history, and what one withdrawal looks like there and in the channel `withdrawal-info`.

Facts: docs-v5 Get withdrawal history and Withdrawal info channel. Captured rows (ccxt#14131, rotki) have another order
of keys, but are older than `note` and `toAddrType`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from simulator.core.accounts import Account
from simulator.core.book import Change, Withdrawal
from simulator.core.rows import Refusal
from simulator.exchanges.okx.assets import CHAINS
from simulator.exchanges.okx.behavior import Conditions
from simulator.exchanges.okx.calls import Call, currency, moments, page
from simulator.exchanges.okx.lifecycle import ON_CHAIN, STATES

_STATES = frozenset(state.word for state in STATES)
_Keep = Callable[[Withdrawal], bool]


def withdrawal_history(call: Call) -> list[dict[str, Any]]:
    """GET /api/v5/asset/withdrawal-history: newest first; unknown query keys are ignored, empty ones count as absent.

    `after` asks for what is *earlier* than a moment, `before` for what is later, both without the moment itself.
    """
    query = call.query()
    keeps = [read(query[name]) for name, read in _FILTERS.items() if name in query]
    within = moments(query)
    by_time = sorted(call.account.book, key=lambda one: one.details.listed_ms, reverse=True)
    rows = [one for one in by_time if within(one.details.listed_ms) and all(keep(one) for keep in keeps)]
    return [record(withdrawal) for withdrawal in page(call.account, query, rows)]


def _of_currency(wanted: str) -> _Keep:
    ticker = currency(wanted)
    return lambda withdrawal: withdrawal.asset == ticker


def _of_type(wanted: str) -> _Keep:
    """3 is an internal transfer, 4 a withdrawal on chain."""
    if wanted not in ("3", "4"):
        raise Refusal(Conditions.LIST_PARAMETER, f"type {wanted!r} is neither 3 nor 4", name="type")
    return lambda withdrawal: withdrawal.details.internal is (wanted == "3")


def _of_address_type(wanted: str) -> _Keep:
    if wanted not in ("1", "2"):
        raise Refusal(Conditions.LIST_PARAMETER, f"toAddrType {wanted!r} is neither 1 nor 2", name="toAddrType")
    return lambda withdrawal: withdrawal.details.to_addr_type == wanted


def _in_state(wanted: str) -> _Keep:
    if wanted not in _STATES:
        raise Refusal(Conditions.LIST_PARAMETER, f"there is no state {wanted!r}", name="state")
    return lambda withdrawal: withdrawal.state.word == wanted


_FILTERS: dict[str, Callable[[str], _Keep]] = {
    "ccy": _of_currency,
    "wdId": lambda wanted: lambda withdrawal: withdrawal.id == wanted,
    "clientId": lambda wanted: lambda withdrawal: withdrawal.details.client_id == wanted,
    "txId": lambda wanted: lambda withdrawal: tx_id(withdrawal) == wanted,
    "type": _of_type,
    "toAddrType": _of_address_type,
    "state": _in_state,
}


def tx_id(withdrawal: Withdrawal, until: Change | None = None) -> str:
    """What was broadcast once, by now or `until` a change, keeps its id, whatever state it is in.

    Internal transfers have none.
    """
    for step in withdrawal.history:
        if step.state in ON_CHAIN:
            return withdrawal.tx_id
        if until is not None and (step.at_ms, step.state, step.event) == (until.at_ms, until.target, until.event):
            break
    return ""


def record(withdrawal: Withdrawal) -> dict[str, Any]:
    """A row with the keys in the order of the 2026 documentation's example.

    What goes with an address stands at the end of it, and only where the currency needs it.
    """
    details = withdrawal.details
    row = {
        "note": details.note,
        "chain": withdrawal.network,
        "fee": format(withdrawal.fee, "f"),
        "feeCcy": withdrawal.asset,
        "ccy": withdrawal.asset,
        "clientId": details.client_id,
        "toAddrType": details.to_addr_type,
        "amt": format(withdrawal.amount, "f"),
        "txId": tx_id(withdrawal),
        "from": "",
        "areaCodeFrom": "",
        "to": withdrawal.address,
        "areaCodeTo": details.area_code,
        "state": withdrawal.state.word,
        "ts": str(details.listed_ms),
        "nonTradableAsset": False,
        "wdId": withdrawal.id,
    }
    return {**row, **_label(withdrawal)}


def _label(withdrawal: Withdrawal) -> dict[str, Any]:
    """`tag`, `memo` or `addrEx`, as the chain has it; the key of `addrEx` is that of the documentation's deposits."""
    name = CHAINS[withdrawal.network].label
    if not name or withdrawal.details.internal:
        return {}
    return {name: {"comment": withdrawal.tag} if name == "addrEx" else withdrawal.tag}


def pushed(account: Account, withdrawal: Withdrawal, change: Change) -> dict[str, Any]:
    """A row of the channel `withdrawal-info`: keys in alphabetical order, and nothing left out.

    The state is the one that the change led to, which need not be the present one.
    """
    state = account.book.lifecycle.state(change.target)
    details = account.details
    row = {
        **record(withdrawal),
        "addrEx": None,
        "memo": "",
        "pmtId": "",
        "tag": "",
        **_label(withdrawal),
        "pTime": str(account.now_ms()),
        "state": state.word,
        "subAcct": details.name if details.sub_account else "",
        "txId": tx_id(withdrawal, change),
        "uid": details.user_id,
    }
    return dict(sorted(row.items()))
