"""Kraken's methods in a table. A function gets the `Call` that the gateway let through and returns the `result`, or
raises Refusal.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from simulator.core.exchange import Endpoint
from simulator.exchanges.kraken.address_book import withdraw_addresses
from simulator.exchanges.kraken.balances import balance, balance_ex
from simulator.exchanges.kraken.call import Call
from simulator.exchanges.kraken.cancel import withdraw_cancel
from simulator.exchanges.kraken.key_info import get_api_key_info
from simulator.exchanges.kraken.ledgers import ledgers, query_ledgers
from simulator.exchanges.kraken.methods import withdraw_methods
from simulator.exchanges.kraken.public import assets, system_status, time
from simulator.exchanges.kraken.statics import asset_pairs, get_web_sockets_token
from simulator.exchanges.kraken.status import withdraw_status
from simulator.exchanges.kraken.transfer import wallet_transfer
from simulator.exchanges.kraken.withdraw import withdraw, withdraw_info

_DOCS = "https://docs.kraken.com/api-reference/"

Function = Callable[[Call], Any]


def _public(name: str, method: str, function: Function, page: str) -> Endpoint:
    return Endpoint(
        name=name, method="GET", path=f"/0/public/{method}", function=function, permission=None, source=_DOCS + page
    )


def _private(
    name: str,
    method: str,
    function: Function,
    page: str,
    permission: str = "",
    cost: float = 1.0,
    shows: bool = False,
) -> Endpoint:
    return Endpoint(
        name=name,
        method="POST",
        path=f"/0/private/{method}",
        function=function,
        permission=permission,
        source=_DOCS + page,
        cost=cost,
        shows=shows,
    )


_QUERY, _WITHDRAW, _LEDGER = "query-funds", "withdraw-funds", "query-ledger"
_BOTH, _EITHER = f"{_QUERY} and {_WITHDRAW}", f"{_WITHDRAW} or {_LEDGER}"

ENDPOINTS = (
    _public("time", "Time", time, "market-data/get-server-time"),
    _public("system", "SystemStatus", system_status, "market-data/get-system-status"),
    _public("assets", "Assets", assets, "market-data/get-asset-info"),
    _public("pairs", "AssetPairs", asset_pairs, "market-data/get-tradable-asset-pairs"),
    _private("cancel", "WithdrawCancel", withdraw_cancel, "funding/request-withdrawal-cancellation", _WITHDRAW),
    _private("create", "Withdraw", withdraw, "funding/withdraw-funds", _WITHDRAW),
    _private("quote", "WithdrawInfo", withdraw_info, "funding/get-withdrawal-information", _BOTH),
    _private(
        "list", "WithdrawStatus", withdraw_status, "funding/get-status-of-recent-withdrawals", _EITHER, shows=True
    ),
    _private("methods", "WithdrawMethods", withdraw_methods, "funding/get-withdrawal-methods", _BOTH),
    _private("addresses", "WithdrawAddresses", withdraw_addresses, "funding/get-withdrawal-addresses", _BOTH),
    _private("transfer", "WalletTransfer", wallet_transfer, "transfers/initiate-wallet-transfer", _QUERY),
    _private("balance", "Balance", balance, "account-data/get-account-balance", _QUERY),
    _private("balance_ex", "BalanceEx", balance_ex, "account-data/get-extended-balance", _QUERY),
    _private("ledgers", "Ledgers", ledgers, "account-data/get-ledgers-info", _LEDGER, cost=2),
    _private("ledger", "QueryLedgers", query_ledgers, "account-data/query-ledgers", _LEDGER, cost=2),
    _private("key_info", "GetApiKeyInfo", get_api_key_info, "account-data/get-api-key-info"),
    _private("token", "GetWebSocketsToken", get_web_sockets_token, "websockets/get-token", "create-ws-token"),
)
"""Every method of this exchange. What ledger methods cost on the call counter, and others, is documented (rates)."""
