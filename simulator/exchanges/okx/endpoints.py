"""OKX's endpoints: the table only. A function gets the `Call` that the gateway let through and returns the rows of
`data`, or raises Refusal.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from simulator.core.exchange import Endpoint, Limit
from simulator.core.rows import Evidence
from simulator.exchanges.okx.cancel import cancel_withdrawal
from simulator.exchanges.okx.configuration import account_config
from simulator.exchanges.okx.create import withdrawal
from simulator.exchanges.okx.currencies import currencies
from simulator.exchanges.okx.lightning import withdrawal_lightning
from simulator.exchanges.okx.money import balances, bills, bills_history
from simulator.exchanges.okx.public import exchange_list, instruments, public_time
from simulator.exchanges.okx.records import withdrawal_history
from simulator.exchanges.okx.status import deposit_withdraw_status

_DOCS = "https://www.okx.com/docs-v5/en/"
_FUNDING = _DOCS + "#funding-account-rest-api-"


def _row(
    name: str,
    method: str,
    path: str,
    function: Callable[..., Any],
    permission: str | None,
    source: str,
    calls: int,
    window_ms: int = 1000,
    evidence: Evidence = "doc",
    shows: bool = False,
) -> Endpoint:
    return Endpoint(
        name=name,
        method=method,
        path="/api/v5/" + path,
        function=function,
        permission=permission,
        source=source,
        limit=Limit(calls, window_ms, "fixed", evidence),
        shows=shows,
    )


_READ, _TRADE, _WITHDRAW = "read_only", "trade", "withdraw"

ENDPOINTS = (
    _row("time", "GET", "public/time", public_time, None, _DOCS + "#public-data-rest-api-get-system-time", 10, 2000),
    _row(
        "instruments",
        "GET",
        "public/instruments",
        instruments,
        None,
        _DOCS + "#public-data-rest-api-get-instruments",
        20,
        2000,
    ),
    _row("exchanges", "GET", "asset/exchange-list", exchange_list, None, _FUNDING + "get-exchange-list-public", 6),
    _row("cancel", "POST", "asset/cancel-withdrawal", cancel_withdrawal, _TRADE, _FUNDING + "cancel-withdrawal", 6),
    _row("create", "POST", "asset/withdrawal", withdrawal, _WITHDRAW, _FUNDING + "withdrawal", 6),
    _row(
        "lightning",
        "POST",
        "asset/withdrawal-lightning",
        withdrawal_lightning,
        _WITHDRAW,
        "python-okx, okx-api, gocryptotrader; no longer documented",
        2,
        evidence="sdk",
    ),
    _row(
        "list",
        "GET",
        "asset/withdrawal-history",
        withdrawal_history,
        _READ,
        _FUNDING + "get-withdrawal-history",
        6,
        shows=True,
    ),
    _row(
        "status",
        "GET",
        "asset/deposit-withdraw-status",
        deposit_withdraw_status,
        _READ,
        _FUNDING + "get-deposit-withdraw-status",
        1,
        2000,
        shows=True,
    ),
    _row("currencies", "GET", "asset/currencies", currencies, _READ, _FUNDING + "get-currencies", 6),
    _row("balances", "GET", "asset/balances", balances, _READ, _FUNDING + "get-balance", 6),
    _row("bills", "GET", "asset/bills", bills, _READ, _FUNDING + "asset-bills-details", 6),
    _row("bills_history", "GET", "asset/bills-history", bills_history, _READ, _FUNDING + "asset-bills-history", 1),
    _row(
        "config",
        "GET",
        "account/config",
        account_config,
        _READ,
        _DOCS + "#trading-account-rest-api-get-account-configuration",
        5,
        2000,
    ),
)
