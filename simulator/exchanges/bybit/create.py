"""POST /v5/asset/withdraw/create. What is checked is documented or was seen; the order is concluded: what the body says
by itself, then coin and chain, then the address book, then what the account did and has.

Facts: docs v5/asset/withdraw, docs v5/rate-limit; the answers are those of `behavior`.
"""

from __future__ import annotations

import re
from decimal import ROUND_UP, Context, Decimal
from functools import reduce
from typing import Any

from simulator.core.accounts import Account
from simulator.core.book import Withdrawal
from simulator.core.exchange import Asset, Network
from simulator.core.ledger import add, zero
from simulator.core.rows import Refusal
from simulator.exchanges.bybit import addresses, orders, wallets
from simulator.exchanges.bybit.assets import ASSETS, Chain
from simulator.exchanges.bybit.behavior import Conditions, Fields
from simulator.exchanges.bybit.call import Call, body_object, master_account
from simulator.exchanges.bybit.details import WithdrawalDetails, next_id
from simulator.exchanges.bybit.lifecycle import INTERNAL, INTERNAL_CHAIN
from simulator.exchanges.bybit.limits import left_of_day, waits_ten_seconds
from simulator.exchanges.bybit.orders import Order

_CODE = re.compile(r"[A-Z0-9]+", re.ASCII)
_EXACT = Context(prec=60, rounding=ROUND_UP)


def create_withdrawal(call: Call) -> tuple[Any, str]:
    """The column of checks of a new withdrawal; the money is held when all have passed."""
    account = master_account(call)
    order = orders.read(body_object(call), account.behavior)
    call.told = lambda: _told(account, order)
    _check_timestamp(account, order, call.world.now_ms())
    earlier = _earlier(account, order.request_id)
    if earlier is not None:
        return {"id": earlier.id}, "success"
    asset = _coin(order)
    route = _chain(asset, order)
    if route is not None:
        _check_amount(order, route[1])
    receiver = _receiver(account, order, route)
    if account.limited and waits_ten_seconds(account, asset.ticker, INTERNAL_CHAIN if receiver else order.chain):
        raise Refusal(Conditions.TEN_SECONDS, f"the last withdrawal of {order.coin} there is less than 10 s old")
    _check_day(account, asset, order.amount)
    arrives, fee = (order.amount, zero) if receiver or route is None else _fee(order, *route)
    return {"id": _open(account, asset, order, arrives, fee, receiver).id}, "success"


def _told(account: Account, order: Order) -> dict[str, object]:
    """What rows may tell of an order, whichever check refuses it."""
    has = [wallets.available(account, wallet, order.coin) for wallet in order.wallets]
    told: dict[str, object] = {
        "timestamp": order.timestamp,
        "coin": order.coin,
        "available": format(reduce(add, has, zero), "f"),
        "remaining": format(left_of_day(account), "f"),
    }
    for asset in ASSETS.table:
        if asset.code == order.coin and order.chain in asset.details.chains:
            told["minimum"] = format(asset.details.chains[order.chain].minimum, "f")
    return told


def _check_timestamp(account: Account, order: Order, now_ms: int) -> None:
    """Against replay: the server's clock counts, as for the signature."""
    window_ms = account.behavior.number(Fields.BODY_TIMESTAMP_WINDOW)
    if abs(order.timestamp - now_ms) > window_ms:
        apart = f"{order.timestamp - now_ms:+d} ms from the server's; allowed are {window_ms} either way"
        raise Refusal(Conditions.BODY_TIMESTAMP, f"the timestamp in the body is {apart}")


def _earlier(account: Account, request_id: str) -> Withdrawal | None:
    """The withdrawal that was made with this requestId before; None without one."""
    for withdrawal in account.book if request_id else ():
        if withdrawal.details.request_id == request_id:
            if account.behavior.get(Fields.REQUEST_ID_IDEMPOTENT) is True:
                return withdrawal
            raise Refusal(Conditions.REQUEST_ID_REPEATED, f"requestId {request_id} made withdrawal {withdrawal.id}")
    return None


def _coin(order: Order) -> Asset:
    for asset in ASSETS.table:
        if asset.code == order.coin:
            return asset
    raise Refusal(Conditions.UNKNOWN_COIN, f"there is no coin {order.coin!r}")


def _chain(asset: Asset, order: Order) -> tuple[Network, Chain] | None:
    """The chain that the order names; None when it goes to a UID, which needs none."""
    if order.force_chain == orders.BY_UID:
        return None
    if not _CODE.fullmatch(order.chain):
        raise Refusal(Conditions.CHAIN_NAME, f"chain {order.chain!r} is no code such as {asset.networks[0].name}")
    chain = asset.details.chains.get(order.chain)
    if chain is None:
        known = ", ".join(network.name for network in asset.networks)
        raise Refusal(Conditions.UNKNOWN_CHAIN, f"{asset.code} has no chain {order.chain!r}; it has {known}")
    if not chain.is_open:
        raise Refusal(Conditions.CHAIN_CLOSED, f"{asset.code} on {order.chain} takes no withdrawals")
    return ASSETS.network(asset.ticker, order.chain), chain


def _check_amount(order: Order, chain: Chain) -> None:
    if -int(order.amount.as_tuple().exponent) > chain.decimals:
        raise Refusal(Conditions.AMOUNT_ACCURACY, f"{order.amount:f} has more than {chain.decimals} decimals")
    if order.amount < chain.minimum:
        raise Refusal(
            Conditions.AMOUNT_TOO_SMALL,
            f"{order.amount:f} is less than the minimum {chain.minimum:f}",
        )
    if chain.maximum is not None and order.amount > chain.maximum:
        raise Refusal(Conditions.AMOUNT_TOO_LARGE, f"{order.amount:f} is more than the maximum {chain.maximum:f}")


def _receiver(account: Account, order: Order, route: tuple[Network, Chain] | None) -> str:
    """The UID of the Bybit account that an internal transfer goes to; "" when it goes on chain."""
    in_book = account.behavior.get(Fields.ADDRESS_BOOK_REQUIRED) is True
    if route is None:
        if order.address == account.details.user_id:
            raise Refusal(Conditions.RECEIVER_IS_CALLER, f"{order.address} is the caller's own UID")
        if in_book and not addresses.entries(account, order.coin, None, order.address):
            raise Refusal(Conditions.RECEIVER_NOT_IN_BOOK, f"the address book has no UID {order.address!r}")
        return order.address
    if order.tag and not route[1].has_tag:
        raise Refusal(Conditions.TAG_NOT_TAKEN, f"{order.chain} has no tags, but there is the tag {order.tag!r}")
    found = addresses.entries(account, order.coin, order.chain, order.address)
    if not found and in_book:
        place = f"{order.coin} on {order.chain}"
        raise Refusal(Conditions.ADDRESS_NOT_IN_BOOK, f"the address book has no {order.address!r} for {place}")
    entry = next((entry for entry in found if entry.tag == order.tag), None)
    if entry is None and in_book:
        tags = ", ".join(repr(entry.tag) for entry in found)
        raise Refusal(Conditions.TAG_NOT_EQUAL, f"the tag is {order.tag!r}; the address book has {tags}")
    if entry is not None and in_book and entry.is_new(account.now_ms()):
        raise Refusal(Conditions.ADDRESS_NEW, "the address was added less than 24 h ago")
    return entry.bybit_uid if entry is not None and order.force_chain == orders.AUTOMATIC else ""


def _check_day(account: Account, asset: Asset, amount: Decimal) -> None:
    left = left_of_day(account)
    if _EXACT.multiply(amount, asset.details.usd) > left:
        raise Refusal(
            Conditions.VERIFICATION_LIMIT,
            f"{amount:f} {asset.code} are worth more than the {left:f} USD that are left for 24 h",
        )


def _fee(order: Order, network: Network, chain: Chain) -> tuple[Decimal, Decimal]:
    """What arrives, and the fee; both by the formulas of docs v5/asset/withdraw, the fee rounded up to the decimals of
    the chain.
    """
    percentage, amount = chain.percentage_fee, order.amount
    if order.fee_type == 0:
        share = _EXACT.multiply(_EXACT.divide(amount, 1 - percentage), percentage)
        return amount, _rounded(add(share, network.fee), chain)
    base = add(amount, network.fee.copy_negate())
    fee = _rounded(add(network.fee, _EXACT.multiply(base, percentage)), chain)
    arrives = add(amount, fee.copy_negate())
    if arrives <= 0:
        raise Refusal(Conditions.FEE_ABOVE_AMOUNT, f"the fee {fee:f} leaves nothing of {amount:f}")
    return arrives, fee


def _rounded(fee: Decimal, chain: Chain) -> Decimal:
    value = fee.quantize(Decimal(1).scaleb(-chain.decimals), context=_EXACT)
    return value.normalize(_EXACT) if value else zero


def _open(account: Account, asset: Asset, order: Order, arrives: Decimal, fee: Decimal, receiver: str) -> Withdrawal:
    gross = add(arrives, fee)
    shares = wallets.draw(account, asset.ticker, gross, order.wallets)
    given = reduce(add, (share for _, share in shares), zero)
    if given < gross:
        condition = Conditions.BALANCE if given < order.amount else Conditions.BALANCE_FEE
        has = f"{', '.join(order.wallets)} have {given:f} {asset.code}"
        raise Refusal(condition, f"{has}; {gross:f} are needed")
    now_ms = account.now_ms()
    refund = str(account.behavior.get(Fields.REFUND_WALLET))
    withdrawal = Withdrawal(
        id=next_id(account),
        asset=asset.ticker,
        network=INTERNAL_CHAIN if receiver else order.chain,
        amount=arrives,
        fee=fee,
        address=receiver or order.address,
        state=account.book.lifecycle.state(INTERNAL if receiver else account.book.lifecycle.initial),
        created_ms=now_ms,
        updated_ms=now_ms,
        entered_lead_ms=account.lead_ms,
        tag=order.tag,
        tx_id="0x" + account.ids.hex(64),
        details=WithdrawalDetails(shares, "" if refund == "source" else refund, bool(receiver), order.request_id),
    )
    account.book.open(withdrawal)
    account.catch_up_one(withdrawal)
    return withdrawal
