"""POST /0/private/Withdraw, and WithdrawInfo, which asks the same without doing it.

`amount` is what leaves the balance: the fee comes out of it (documentation of 2022: "including fees"; the example takes
0.725 and sends 0.72485). There is no reference of the client's own: who loses the reply must read WithdrawStatus.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from simulator.core.exchange import Asset, Network
from simulator.core.ledger import add
from simulator.core.options import WithdrawalOptions
from simulator.core.rows import Refusal
from simulator.exchanges.kraken import body, filters, money
from simulator.exchanges.kraken.address_book import Address
from simulator.exchanges.kraken.assets import ASSETS
from simulator.exchanges.kraken.behavior import Conditions, Fields
from simulator.exchanges.kraken.call import Call, check_service
from simulator.exchanges.kraken.entries import WithdrawalDetails, answer, check_funds, enter


@dataclass(frozen=True, slots=True)
class Quote:
    """What a withdrawal would be: `gross` leaves the balance, `net` arrives, the network's fee is between them."""

    asset: Asset
    entry: Address
    network: Network
    gross: Decimal

    @property
    def net(self) -> Decimal:
        return add(self.gross, self.network.fee.copy_negate())


def withdraw(call: Call) -> Any:
    """The refid of a withdrawal whose amount and fee are taken from the balance at once."""
    arguments, account = call.arguments, call.caller.account
    names = _names(arguments)
    max_fee = body.number(arguments, "max_fee", Conditions.MAX_FEE_MALFORMED)
    address = body.text(arguments, "address")
    quote = _quote(call, names)
    if address not in ("", quote.entry.address):
        raise Refusal(
            Conditions.WRONG_ADDRESS, f"key {quote.entry.key!r} is {quote.entry.address}, not {address[:80]!r}"
        )
    if max_fee is not None and quote.network.fee > max_fee:
        raise Refusal(Conditions.MAX_FEE_EXCEEDED, f"the fee is {quote.network.fee}, more than max_fee {max_fee}")
    check_funds(account, quote.asset, quote.gross, Conditions.INSUFFICIENT_FUNDS)
    options = WithdrawalOptions(
        asset=quote.asset.ticker, amount=quote.net, network=quote.network.name, address=quote.entry.address
    )
    details = WithdrawalDetails(quote.entry.key, internal=False)
    return answer(enter(account, options, details, tag=quote.entry.tag or quote.entry.memo))


def withdraw_info(call: Call) -> Any:
    """What a withdrawal would send and cost, and the most that could be sent now. Takes nothing, promises nothing."""
    quote = _quote(call, _names(call.arguments))
    available = call.caller.account.ledger.balance(quote.asset.ticker).available
    return {
        "method": quote.network.method,
        "limit": money.funding(max(Decimal(0), add(available, quote.network.fee.copy_negate()))),
        "amount": money.funding(quote.net),
        "fee": money.funding(quote.network.fee),
    }


@dataclass(frozen=True, slots=True)
class Names:
    """What is to be withdrawn and where to, as the request names it."""

    asset: str
    aclass: str
    key: str


def _names(arguments: dict[str, Any]) -> Names:
    asset_name, aclass = filters.asset(arguments)
    if not asset_name:
        raise Refusal(Conditions.WITHDRAW_ASSET_MISSING, "asset is absent or empty", argument="asset")
    key = body.text(arguments, "key")
    if not key:
        raise Refusal(Conditions.WITHDRAW_KEY_MISSING, "key is absent or empty", argument="key")
    if arguments.get("amount") in (None, ""):
        raise Refusal(Conditions.WITHDRAW_AMOUNT_MISSING, "amount is absent or empty", argument="amount")
    return Names(asset_name, aclass, key)


def _quote(call: Call, names: Names) -> Quote:
    """The column of checks that both methods share: service mode, asset, key, amount."""
    check_service(call)
    asset = ASSETS.coded(names.asset) if names.aclass in ("", "currency") else None
    if asset is None:
        raise Refusal(
            Conditions.WITHDRAW_UNKNOWN_ASSET, f"there is no asset {names.asset[:80]!r} of class {names.aclass[:80]!r}"
        )
    status = str(call.behavior.get(Fields.ASSET_STATUS))
    if not sends(status):
        raise Refusal(Conditions.NO_METHOD, f"asset.status is {status!r}")
    entry = _entry(call, asset, names.key)
    network = ASSETS.network(asset.ticker, entry.network)
    quote = Quote(asset, entry, network, _amount(call.arguments, asset))
    _check_minimum(quote)
    return quote


def sends(status: str) -> bool:
    """True if assets of this status can be withdrawn."""
    return status in ("enabled", "withdrawal_only")


def _entry(call: Call, asset: Asset, key: str) -> Address:
    entries: tuple[Address, ...] = call.caller.account.details.addresses
    for entry in entries:
        if entry.key == key and entry.asset == asset.ticker:
            if not entry.verified:
                raise Refusal(Conditions.UNVERIFIED_LABEL, f"key {key!r} has not been verified")
            return entry
    raise Refusal(Conditions.UNKNOWN_LABEL, f"the address book has no key {key[:80]!r} for {asset.ticker}")


def _amount(arguments: dict[str, Any], asset: Asset) -> Decimal:
    amount = body.number(arguments, "amount", Conditions.AMOUNT_MALFORMED)
    assert amount is not None
    if amount != round_down(amount, asset):
        raise Refusal(Conditions.AMOUNT_PRECISION, f"amount {amount} has more than {asset.decimals} decimals")
    return amount


def round_down(amount: Decimal, asset: Asset) -> Decimal:
    """`amount` without what is finer than the asset's decimals."""
    finest = -int(amount.as_tuple().exponent)
    return amount if finest <= asset.decimals else Decimal(format(amount, "f")[: asset.decimals - finest])


def _check_minimum(quote: Quote) -> None:
    minimum = quote.asset.details.minimums[quote.network.name]
    if quote.net < minimum:
        raise Refusal(Conditions.BELOW_MINIMUM, f"{quote.net} after the fee of {quote.network.fee} is below {minimum}")
