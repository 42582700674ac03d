"""What a client may ask about its money: by wallet, by coin, and how much of it can be withdrawn.

Facts: docs v5/asset/withdraw/withdrawable-amount, v5/asset/balance, v5/account/wallet-balance. Prices are samples.
"""

from __future__ import annotations

from decimal import Context, Decimal
from typing import Any

from simulator.core.accounts import Account
from simulator.core.exchange import Asset
from simulator.core.ledger import add, zero
from simulator.core.rows import Refusal
from simulator.exchanges.bybit import wallets
from simulator.exchanges.bybit.assets import ASSETS
from simulator.exchanges.bybit.behavior import Conditions, Fields
from simulator.exchanges.bybit.call import Call, master_account
from simulator.exchanges.bybit.limits import left_of_day

_EXACT = Context(prec=60)
_ACCOUNT_TYPES = {"FUND": wallets.FUND, "UNIFIED": wallets.UTA}


def withdrawable_amount(call: Call) -> tuple[Any, str]:
    """GET /v5/asset/withdraw/withdrawable-amount: each wallet of the coin; Earn only where it has any of it."""
    account = master_account(call)
    coin = call.query().get("coin", "")
    asset = _asset(coin)
    if asset is None:
        raise Refusal(Conditions.WITHDRAWABLE_COIN, f"there is no coin {coin!r}")
    amounts = {}
    for wallet in wallets.WALLETS:
        value = _text(wallets.available(account, wallet, asset.ticker))
        if wallet != wallets.EARN or asset.ticker in account.details.deposits[wallets.EARN]:
            amounts[wallet] = {"coin": coin, "withdrawableAmount": value, "availableBalance": value}
    return {"limitAmountUsd": _text(left_of_day(account)), "withdrawableAmount": amounts}, "success"


def coins_balance(call: Call) -> tuple[Any, str]:
    """GET /v5/asset/transfer/query-account-coins-balance: account type, member, coins; in this order.

    Without coins it lists those of which the wallet has something.
    """
    account, query = call.caller.account, call.query()
    account_type = _account_type(account, query)
    wallet = _ACCOUNT_TYPES[account_type]
    coins = query["coin"].split(",") if "coin" in query else []
    if account_type == "UNIFIED" and not 1 <= len(coins) <= 10:
        raise Refusal(Conditions.BALANCES_COINS, f"UNIFIED takes 1 to 10 coins, not {len(coins)}")
    assets = [_known(coin) for coin in coins]
    bonus = "0" if _flag(query, "withBonus") else ""
    if not coins:
        assets = [asset for asset in ASSETS.table if _wallet_balance(account, wallet, asset) > 0]
    balance = [
        {
            "coin": asset.code,
            "transferBalance": _text(wallets.available(account, wallet, asset.ticker)),
            "walletBalance": _text(_wallet_balance(account, wallet, asset)),
            "bonus": bonus,
        }
        for asset in assets
    ]
    return {"memberId": account.details.user_id, "accountType": account_type, "balance": balance}, "success"


def coin_balance(call: Call) -> tuple[Any, str]:
    """GET /v5/asset/transfer/query-account-coin-balance; the safe amounts are empty unless they are asked for."""
    account, query = call.caller.account, call.query()
    account_type = _account_type(account, query)
    wallet, asset = _ACCOUNT_TYPES[account_type], _known(query.get("coin", ""))
    free = _text(wallets.available(account, wallet, asset.ticker))
    balance = {
        "coin": asset.code,
        "walletBalance": _text(_wallet_balance(account, wallet, asset)),
        "transferBalance": free,
        "bonus": "0" if _flag(query, "withBonus") else "",
        "transferSafeAmount": free if _flag(query, "withTransferSafeAmount") else "",
        "ltvTransferSafeAmount": free if _flag(query, "withLtvTransferSafeAmount") else "",
    }
    user_id = account.details.user_id
    result = {"accountType": account_type, "bizType": 1, "accountId": user_id, "memberId": user_id, "balance": balance}
    return result, "success"


def wallet_balance(call: Call) -> tuple[Any, str]:
    """GET /v5/account/wallet-balance: the unified wallet; nothing is borrowed, in an order or in a position here."""
    account, query = call.caller.account, call.query()
    if query.get("accountType") != "UNIFIED":
        raise Refusal(Conditions.WALLET_ACCOUNT_TYPE, f"accountType {query.get('accountType')!r} is not UNIFIED")
    wanted = query["coin"].split(",") if "coin" in query else None
    total, coins = zero, []
    for asset in ASSETS.table:
        value = _wallet_balance(account, wallets.UTA, asset)
        if value > 0 if wanted is None else asset.code in wanted:
            total = add(total, _usd(asset, value))
            coins.append(_coin(account, asset, value))
    figures = {"totalEquity": total, "totalWalletBalance": total, "totalAvailableBalance": total}
    zeros = ("totalPerpUPL", "totalInitialMargin", "totalMaintenanceMargin", "accountIMRate", "accountMMRate")
    row = {
        "accountType": "UNIFIED",
        **{name: _text(value) for name, value in figures.items()},
        **dict.fromkeys(zeros, "0"),
        "coin": coins,
    }
    return {"list": [row]}, "OK"


def _coin(account: Account, asset: Asset, value: Decimal) -> dict[str, Any]:
    held = add(value, wallets.available(account, wallets.UTA, asset.ticker).copy_negate())
    return {
        "coin": asset.code,
        "equity": _text(value),
        "usdValue": _text(_usd(asset, value)),
        "walletBalance": _text(value),
        "locked": _text(held),
        "borrowAmount": "0",
        "accruedInterest": "0",
        "totalOrderIM": "0",
        "totalPositionIM": "0",
        "bonus": "0",
    }


def _account_type(account: Account, query: dict[str, str]) -> str:
    given = query.get("accountType", "")
    if given not in _ACCOUNT_TYPES:
        raise Refusal(Conditions.BALANCES_ACCOUNT_TYPE, f"accountType {given!r} is neither FUND nor UNIFIED")
    member = query.get("memberId", account.details.user_id)
    if member != account.details.user_id:
        raise Refusal(Conditions.BALANCES_MEMBER, f"memberId {member!r} is not {account.details.user_id}")
    return given


def _asset(coin: str) -> Asset | None:
    return next((asset for asset in ASSETS.table if asset.code == coin), None)


def _known(coin: str) -> Asset:
    asset = _asset(coin)
    if asset is None:
        raise Refusal(Conditions.BALANCES_PARAMETER, f"there is no coin {coin!r}")
    return asset


def _flag(query: dict[str, str], name: str) -> bool:
    given = query.get(name, "0")
    if given not in ("0", "1"):
        raise Refusal(Conditions.BALANCES_PARAMETER, f"{name} {given!r} is neither 0 nor 1")
    return given == "1"


def _wallet_balance(account: Account, wallet: str, asset: Asset) -> Decimal:
    free = wallets.available(account, wallet, asset.ticker)
    if account.behavior.get(Fields.WALLET_INCLUDES_HELD) is True:
        return add(free, wallets.held(account, wallet, asset.ticker))
    return free


def _usd(asset: Asset, value: Decimal) -> Decimal:
    price: Decimal = asset.details.usd
    return _EXACT.multiply(value, price)


def _text(value: Decimal) -> str:
    """Without zeros at the end."""
    return format(value.normalize(_EXACT), "f")
