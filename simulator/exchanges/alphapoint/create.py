"""How an AlphaPoint withdrawal begins: CreateWithdrawTicket, what it costs, and ConfirmWithdraw.

The order of the lines is the order of the checks. Facts: APEX documentation CreateWithdrawTicket, GetWithdrawFee,
ConfirmWithdraw; the form as text or object; what ccxt leaves away. That the fee is held with the amount is concluded.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from simulator.core import opening
from simulator.core.accounts import Account
from simulator.core.book import Withdrawal
from simulator.core.exchange import Asset
from simulator.core.ledger import add
from simulator.core.options import WithdrawalOptions
from simulator.core.rows import Refusal
from simulator.core.wire import number
from simulator.exchanges.alphapoint import forms
from simulator.exchanges.alphapoint.assets import ASSETS
from simulator.exchanges.alphapoint.behavior import Conditions, Fields
from simulator.exchanges.alphapoint.calls import (
    Call,
    decimal,
    done,
    integer,
    is_absent,
    parameters,
    require,
    text,
)
from simulator.exchanges.alphapoint.catalogue import product_numbered
from simulator.exchanges.alphapoint.forms import MADE_HERE, Form
from simulator.exchanges.alphapoint.permissions import account_numbered, check_oms, check_permission
from simulator.exchanges.alphapoint.templates import template
from simulator.exchanges.alphapoint.tickets import Ticket, sign_off
from simulator.exchanges.alphapoint.users import users

_REQUIRED = ("OMSId", "AccountId", "ProductId", "Amount", "TemplateForm", "TemplateType")
_LARGEST = Decimal(10) ** 18
_DECIMALS = 24
"""The most that an amount may have, zeros included."""


def create_withdraw_ticket(call: Call) -> Any:
    """CreateWithdrawTicket: holds amount and fee; `detail` is the RequestCode."""
    given = parameters(call)
    lenient = call.behavior.get(Fields.CREATE_WITHOUT_AMOUNT) == "one"
    require(given, tuple(n for n in _REQUIRED if n != "Amount" or not lenient), Conditions.CREATE_FIELD_MISSING)
    oms_id, account_id, product_id = (integer(given, name) for name in ("OMSId", "AccountId", "ProductId"))
    amount = Decimal(1) if is_absent(given, "Amount") else decimal(given, "Amount")
    check_permission(call)
    account = account_numbered(call, account_id)
    check_oms(oms_id)
    asset = _product(product_id)
    network = template(given, asset)
    if network is None:
        raise Refusal(Conditions.CREATE_TEMPLATE, f"{asset.code} has no template {given['templatetype']!r} there")
    form = forms.read(given["templateform"])
    _check_amount(amount, asset)
    available = account.ledger.balance(asset.ticker).available
    if add(amount, network.fee) > available:
        told = f"{available} {asset.code} are available, {amount} and the fee {network.fee} are needed"
        raise Refusal(Conditions.CREATE_BALANCE, told)
    first = str(account.behavior.get(Fields.CREATE_FIRST_STATUS))
    asked = WithdrawalOptions(asset.ticker, amount, first, network.name, form.address)
    return done(enter(account, asked, form=form, ip=call.peer).id)


def enter(account: Account, options: WithdrawalOptions, *, form: Form = MADE_HERE, ip: str | None = None) -> Withdrawal:
    """A withdrawal with its number, whoever asks for it. Raises Misuse."""
    details = Ticket(account.details.first_ticket + len(account.book), form.text, ip)
    withdrawal = opening.withdrawal(account, ASSETS, options, id=account.ids.uuid(), tag=form.memo, details=details)
    withdrawal.tx_id = "0x" + account.ids.hex(64)
    withdrawal.confirmation_code = account.ids.uuid()
    return withdrawal


def _product(product_id: int) -> Asset:
    asset = product_numbered(product_id)
    if asset is None:
        raise Refusal(Conditions.UNKNOWN_PRODUCT, f"there is no product {product_id}")
    return asset


def _check_amount(amount: Decimal, asset: Asset) -> None:
    """More than nothing, within reason, and with no more decimals than the product has."""
    if not 0 < amount < _LARGEST:
        raise Refusal(Conditions.CREATE_AMOUNT, f"Amount is {amount:.6}; it must be greater than 0 and below 10^18")
    shape = amount.as_tuple()
    decimals = -int(shape.exponent)
    surplus = shape.digits[-(decimals - asset.decimals) :] if decimals > asset.decimals else ()
    if decimals > _DECIMALS or any(surplus):
        raise Refusal(Conditions.CREATE_PRECISION, f"Amount has {decimals} decimals; {asset.code} has {asset.decimals}")


def get_withdraw_fee(call: Call) -> Any:
    """GetWithdrawFee: what CreateWithdrawTicket would hold besides the amount; a missing provider is the first."""
    given = parameters(call)
    require(given, ("OMSId", "AccountId", "ProductId", "Amount"), Conditions.FEE_FIELD_MISSING)
    oms_id, account_id, product_id = (integer(given, name) for name in ("OMSId", "AccountId", "ProductId"))
    amount = decimal(given, "Amount")
    check_permission(call)
    account = account_numbered(call, account_id)
    check_oms(oms_id)
    asset = _product(product_id)
    _check_amount(amount, asset)
    fee = {"FeeAmount": number(asset.networks[0].fee)}
    if account.behavior.get(Fields.FEE_SHAPE) == "fee":
        return fee
    return {**fee, "TicketAmount": number(amount)}


def confirm_withdraw(call: Call) -> Any:
    """ConfirmWithdraw, public: the code that was mailed to the user moves the ticket on."""
    given = parameters(call)
    require(given, ("UserId", "VerifyCode"), Conditions.CONFIRM_FIELD_MISSING)
    user_id, code = integer(given, "UserId"), text(given, "VerifyCode").lower()
    found = next(
        (
            (account, withdrawal)
            for account, user in users(call.world)
            if user.user_id == user_id
            for withdrawal in account.book
            if withdrawal.confirmation_code == code
        ),
        None,
    )
    if found is None:
        raise Refusal(Conditions.CONFIRM_UNKNOWN, f"no withdrawal of user {user_id} has the code {code!r}")
    account, withdrawal = found
    call.key = account.keys[0]
    account.catch_up_one(withdrawal)
    if not account.book.lifecycle.allows(withdrawal.state.name, "confirm"):
        raise Refusal(Conditions.CONFIRM_TOO_LATE, f"withdrawal {withdrawal.id} is {withdrawal.state.name}")
    sign_off(withdrawal, call.key)
    account.move(withdrawal, "confirm")
    return {"result": True}


def withdraw(call: Call) -> Any:
    """Withdraw, the deprecated way: it is not supported any more."""
    raise Refusal(Conditions.DEPRECATED, "Withdraw is deprecated; CreateWithdrawTicket has taken its place")
