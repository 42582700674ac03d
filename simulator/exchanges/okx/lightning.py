"""OKX's withdrawal-lightning: the natural way to a withdrawal that can never be cancelled.

Facts: python-okx, okx-api and gocryptotrader, which still have the call; the documentation no longer has it. An
invoice is read as BOLT 11 has it (prefix, amount, time, expiry); its checksum and signature are not verified.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from simulator.core.ledger import add
from simulator.core.rows import Refusal
from simulator.exchanges.okx.assets import ASSETS, CHAINS, LIGHTNING
from simulator.exchanges.okx.behavior import Conditions
from simulator.exchanges.okx.calls import Call, check_funding_write
from simulator.exchanges.okx.create import check_balance, check_daily_limit, check_open
from simulator.exchanges.okx.onboarding import open_withdrawal
from simulator.exchanges.okx.options import OkxWithdrawalOptions
from simulator.exchanges.okx.recipients import check_information, information

_ALPHABET = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
_INVOICE = re.compile(rf"lnbc([1-9][0-9]{{0,11}})([munp]?)1([{_ALPHABET}]{{20,2000}})", re.ASCII)
_UNITS = {"": 0, "m": -3, "u": -6, "n": -9, "p": -12}
_EXPIRY_TYPE = _ALPHABET.index("x")
_END = 104 + 6
"""Groups of five bits at the end: the signature, then the checksum."""


@dataclass(frozen=True, slots=True)
class Invoice:
    """What a BOLT 11 invoice asks for: how much, and until when it may be paid (s since 1970)."""

    amount: Decimal
    expires_s: int


def read_invoice(text: str) -> Invoice | None:
    """The invoice in `text`, which may be in capitals; None when it is none, or names no amount."""
    match = _INVOICE.fullmatch(text.lower())
    if match is None:
        return None
    digits, unit, data = match.groups()
    groups = [_ALPHABET.index(letter) for letter in data]
    made_s, expiry_s, at = _whole(groups[:7]), 3600, 7
    # Tagged fields: a type, two groups of length, then the field itself.
    while at + 3 <= len(groups) - _END:
        length = _whole(groups[at + 1 : at + 3])
        if groups[at] == _EXPIRY_TYPE:
            expiry_s = _whole(groups[at + 3 : at + 3 + length])
        at += 3 + length
    return Invoice(Decimal(digits).scaleb(_UNITS[unit]), made_s + expiry_s)


def _whole(groups: list[int]) -> int:
    value = 0
    for group in groups:
        value = value * 32 + group
    return value


def withdrawal_lightning(call: Call) -> list[dict[str, Any]]:
    """POST /api/v5/asset/withdrawal-lightning: pays an invoice; `memo` is free text."""
    account = call.account
    ccy, text = call.required(("ccy", "invoice"), Conditions.PARAMETER_MISSING, Conditions.PARAMETER_MALFORMED)
    memo = call.text("memo", Conditions.PARAMETER_MALFORMED)
    recipient = information(call.body.get("rcvrInfo"))
    check_funding_write(
        account, Conditions.CREATE_DEMO, Conditions.CREATE_ACCOUNT_BLOCKED, Conditions.CREATE_SUB_ACCOUNT
    )
    if not account.details.lightning:
        raise Refusal(Conditions.LIGHTNING_DENIED, "the account was made with lightning=False")
    if ccy != "BTC":
        raise Refusal(Conditions.LIGHTNING_CURRENCY, f"{ccy!r} is not BTC", token=ccy)
    chain, network = CHAINS[LIGHTNING], ASSETS.network("BTC", LIGHTNING)
    call.told |= {"name": "invoice", "chain": LIGHTNING, "fee": format(network.fee, "f")}
    check_open(account, network)
    invoice = read_invoice(text)
    if invoice is None:
        raise Refusal(Conditions.INVOICE_INVALID, f"{text[:100]!r} is no BOLT 11 invoice with an amount on mainnet")
    if invoice.expires_s * 1000 <= account.now_ms():
        raise Refusal(Conditions.INVOICE_EXPIRED, f"the invoice expired at {invoice.expires_s} (s since 1970)")
    if not chain.minimum <= invoice.amount <= chain.maximum:
        limits = f"{chain.minimum} to {chain.maximum}"
        raise Refusal(Conditions.INVOICE_AMOUNT, f"the invoice asks for {invoice.amount} BTC; possible are {limits}")
    check_daily_limit(account, "BTC", invoice.amount)
    check_information(account, recipient)
    check_balance(account, "BTC", add(invoice.amount, network.fee))
    options = OkxWithdrawalOptions(asset="BTC", amount=invoice.amount, network=LIGHTNING, address=text, note=memo)
    opened = open_withdrawal(call.world, account, options)
    return [{"wdId": opened.id, "cTime": str(opened.details.listed_ms)}]
