"""The table of Bybit's endpoints: path, function, permission, documented limit. A function gets the `Call` that the
gateway let through and returns (result, retMsg), or raises Refusal.

The limits are those of docs v5/rate-limit (2026-07); each is counted over a sliding window.
"""

from collections.abc import Callable
from typing import Any

from simulator.core.exchange import Endpoint, Limit
from simulator.exchanges.bybit.addresses import query_addresses
from simulator.exchanges.bybit.balances import coin_balance, coins_balance, wallet_balance, withdrawable_amount
from simulator.exchanges.bybit.call import Call
from simulator.exchanges.bybit.cancel import cancel_withdrawal
from simulator.exchanges.bybit.coins import query_coins, vasp_list
from simulator.exchanges.bybit.create import create_withdrawal
from simulator.exchanges.bybit.market import instruments, market_time
from simulator.exchanges.bybit.records import query_records
from simulator.exchanges.bybit.users import account_info, api_key_info

_DOCS = "https://bybit-exchange.github.io/docs/v5/"
_MINUTE_MS = 60_000
_SECOND_MS = 1_000


def _private(
    name: str,
    method: str,
    path: str,
    function: Callable[[Call], tuple[Any, str]],
    permission: str,
    page: str,
    calls: int,
    window_ms: int,
    shows: bool = False,
) -> Endpoint:
    return Endpoint(
        name=name,
        method=method,
        path="/v5/" + path,
        function=function,
        permission=permission,
        source=_DOCS + page,
        limit=Limit(calls, window_ms, "sliding", "doc"),
        shows=shows,
    )


def _public(name: str, path: str, function: Callable[[Call], tuple[Any, str]], page: str) -> Endpoint:
    """Limited by IP alone."""
    return Endpoint(
        name=name, method="GET", path="/v5/" + path, function=function, permission=None, source=_DOCS + page
    )


ENDPOINTS = (
    _public("time", "market/time", market_time, "market/time"),
    _private(
        "cancel",
        "POST",
        "asset/withdraw/cancel",
        cancel_withdrawal,
        "Withdraw",
        "asset/withdraw/cancel-withdraw",
        60,
        _MINUTE_MS,
    ),
    _private(
        "list",
        "GET",
        "asset/withdraw/query-record",
        query_records,
        "",
        "asset/withdraw/withdraw-record",
        300,
        _MINUTE_MS,
        shows=True,
    ),
    _private("create", "POST", "asset/withdraw/create", create_withdrawal, "Withdraw", "asset/withdraw", 5, _SECOND_MS),
    _private(
        "withdrawable",
        "GET",
        "asset/withdraw/withdrawable-amount",
        withdrawable_amount,
        "",
        "asset/withdraw/withdrawable-amount",
        300,
        _SECOND_MS,
    ),
    _private(
        "addresses",
        "GET",
        "asset/withdraw/query-address",
        query_addresses,
        "Withdraw",
        "asset/withdraw/withdraw-address",
        300,
        _SECOND_MS,
    ),
    _private("vasp_list", "GET", "asset/withdraw/vasp/list", vasp_list, "", "asset/withdraw/vasp-list", 1, _SECOND_MS),
    _private("coins", "GET", "asset/coin/query-info", query_coins, "", "asset/coin-info", 5, _SECOND_MS),
    _private(
        "coins_balance",
        "GET",
        "asset/transfer/query-account-coins-balance",
        coins_balance,
        "",
        "asset/balance/all-balance",
        5,
        _SECOND_MS,
    ),
    _private(
        "coin_balance",
        "GET",
        "asset/transfer/query-account-coin-balance",
        coin_balance,
        "",
        "asset/balance/account-coin-balance",
        450,
        _SECOND_MS,
    ),
    _private(
        "wallet_balance", "GET", "account/wallet-balance", wallet_balance, "", "account/wallet-balance", 50, _SECOND_MS
    ),
    _private("account_info", "GET", "account/info", account_info, "", "account/account-info", 50, _SECOND_MS),
    _private("api_key_info", "GET", "user/query-api", api_key_info, "", "user/apikey-info", 10, _SECOND_MS),
    _public("instruments", "market/instruments-info", instruments, "market/instrument"),
)
