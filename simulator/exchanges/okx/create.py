"""OKX's withdrawal: the order of its checks, on chain (`dest` 4) and to another user of OKX (`dest` 3).

Facts: docs-v5 Withdrawal. The order of the checks is concluded: no capture shows two of them broken at once. That a
missing permission and the demo gate come before them is seen. `fee` and `pwd`, which older clients send, are ignored.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from simulator.core.accounts import Account
from simulator.core.exchange import Network
from simulator.core.ledger import add, zero
from simulator.core.lifecycle import Stage
from simulator.core.rows import Refusal
from simulator.exchanges.okx import recipients
from simulator.exchanges.okx.assets import ASSETS, CHAINS, INTERNAL_MINIMUM, LIGHTNING
from simulator.exchanges.okx.behavior import Conditions
from simulator.exchanges.okx.calls import Call, check_funding_write, currency
from simulator.exchanges.okx.onboarding import open_withdrawal
from simulator.exchanges.okx.options import OkxWithdrawalOptions

_AMOUNT = re.compile(r"[0-9]{1,18}(?:\.[0-9]{1,18})?", re.ASCII)
_CLIENT_ID = re.compile(r"[A-Za-z0-9]{1,32}", re.ASCII)
_AREA_CODE = re.compile(r"[0-9]{1,6}", re.ASCII)
_DAY_MS = 24 * 3600 * 1000


@dataclass(frozen=True, slots=True)
class Wish:
    """What the body asks for, read but not yet checked against the account. `amt` is the amount as it was written."""

    ccy: str
    amt: str
    internal: bool
    address: str
    address_type: str
    chain: str
    area_code: str
    client_id: str
    recipient: Mapping[str, Any] | None

    @property
    def amount(self) -> Decimal:
        return Decimal(self.amt)


def withdrawal(call: Call) -> list[dict[str, Any]]:
    """POST /api/v5/asset/withdrawal: enters it in state 0 and takes amount and fee from the available balance."""
    account = call.account
    wish = _wish(call)
    check_funding_write(
        account, Conditions.CREATE_DEMO, Conditions.CREATE_ACCOUNT_BLOCKED, Conditions.CREATE_SUB_ACCOUNT
    )
    ccy = currency(wish.ccy)
    network = ASSETS.network(ccy, None) if wish.internal else _network(ccy, wish.chain)
    fee = zero if wish.internal else network.fee
    call.told |= {"name": "amt", "chain": network.name, "fee": format(fee, "f")}
    if not wish.internal:
        check_open(account, network)
    address, tag, kind = wish.address, "", wish.address_type
    if wish.internal:
        _check_amount(account, wish, INTERNAL_MINIMUM, CHAINS[network.name].maximum)
        kind = recipients.check_user(call.world, account, wish.address, wish.address_type, wish.area_code)
    else:
        address, tag = _address(account, network, wish.address)
        _check_amount(account, wish, CHAINS[network.name].minimum, CHAINS[network.name].maximum)
        check_daily_limit(account, ccy, wish.amount)
        recipients.check_information(account, wish.recipient)
    check_client_id(account, wish.client_id)
    check_balance(account, ccy, add(wish.amount, fee))
    options = OkxWithdrawalOptions(
        asset=ccy,
        amount=wish.amount,
        network=network.name,
        address=address,
        tag=tag,
        client_id=wish.client_id or None,
        internal=wish.internal,
        to_addr_type=kind or None,
        area_code=wish.area_code or None,
    )
    opened = open_withdrawal(call.world, account, options)
    return [{"amt": wish.amt, "wdId": opened.id, "ccy": ccy, "clientId": wish.client_id, "chain": network.name}]


def _wish(call: Call) -> Wish:
    ccy, amt, dest, address = call.required(
        ("ccy", "amt", "dest", "toAddr"), Conditions.PARAMETER_MISSING, Conditions.PARAMETER_MALFORMED
    )
    wish = Wish(
        ccy=ccy,
        amt=amt,
        internal=dest == "3",
        address=address,
        address_type=call.text("toAddrType", Conditions.PARAMETER_MALFORMED),
        chain=call.text("chain", Conditions.PARAMETER_MALFORMED),
        area_code=call.text("areaCode", Conditions.PARAMETER_MALFORMED),
        client_id=call.text("clientId", Conditions.PARAMETER_MALFORMED),
        recipient=recipients.information(call.body.get("rcvrInfo")),
    )
    shapes = (
        ("amt", bool(_AMOUNT.fullmatch(amt)) and Decimal(amt) > 0),
        ("dest", dest in ("3", "4")),
        ("toAddrType", wish.address_type in ("", "1", "2")),
        ("areaCode", not wish.area_code or bool(_AREA_CODE.fullmatch(wish.area_code))),
        ("clientId", not wish.client_id or bool(_CLIENT_ID.fullmatch(wish.client_id))),
    )
    for name, is_right in shapes:
        if not is_right:
            raise Refusal(
                Conditions.PARAMETER_MALFORMED, f"{name} {call.body.get(name)!r} has no valid value", name=name
            )
    return wish


def _network(ccy: str, chain: str) -> Network:
    """The chain that was asked for, else the main one. Lightning has an endpoint of its own."""
    networks = {network.name: network for network in ASSETS.named(ccy).networks if network.name != LIGHTNING}
    if chain and chain not in networks:
        known = ", ".join(networks)
        raise Refusal(Conditions.CHAIN_UNKNOWN, f"{ccy} has no chain {chain!r}; it has {known}", name="chain")
    return networks[chain] if chain else next(iter(networks.values()))


def check_open(account: Account, network: Network) -> None:
    """That nothing goes out on a suspended or delisted chain. Raises Refusal."""
    if network.name in account.details.suspended_chains:
        told = f"the account was made with {network.name} in suspended_chains"
        raise Refusal(Conditions.CHAIN_SUSPENDED, told, name="chain", chain=network.name)
    if network.name in account.details.delisted_chains:
        told = f"the account was made with {network.name} in delisted_chains"
        raise Refusal(Conditions.CHAIN_DELISTED, told, name="chain", chain=network.name)


def _address(account: Account, network: Network, given: str) -> tuple[str, str]:
    """Address and label of a withdrawal on chain. Whether it is verified is asked of the whole text: ccxt once sent a
    colon too many and was told 58207 (ccxt#16389).
    """
    chain = CHAINS[network.name]
    address, _, label = given.partition(":")
    if chain.label and not label:
        told = f"{network.name} takes address:{chain.label}, not {given!r}"
        raise Refusal(Conditions.TAG_MISSING, told, name="toAddr")
    if not re.fullmatch(chain.shape, address, re.ASCII):
        raise Refusal(Conditions.ADDRESS_INVALID, f"{address!r} is no address of {network.name}", name="toAddr")
    verified = account.details.verified_addresses
    if not verified:
        raise Refusal(Conditions.NO_ADDRESS, "the account was made with no verified_addresses", name="toAddr")
    if given not in verified and not (chain.label and address in verified):
        told = f"{given!r} is not among the verified addresses: {', '.join(verified)}"
        raise Refusal(Conditions.ADDRESS_NOT_VERIFIED, told, name="toAddr")
    return (address, label) if chain.label else (given, "")


def _check_amount(account: Account, wish: Wish, minimum: Decimal, maximum: Decimal) -> None:
    decimals = ASSETS.named(wish.ccy).decimals
    if -int(wish.amount.as_tuple().exponent) > decimals:
        raise Refusal(Conditions.TOO_FINE, f"amt {wish.amt} has more than {decimals} decimals")
    if wish.amount < minimum:
        raise Refusal(Conditions.BELOW_MINIMUM, f"amt {wish.amt} is less than {minimum}")
    if wish.amount > maximum:
        raise Refusal(Conditions.ABOVE_MAXIMUM, f"amt {wish.amt} is more than {maximum}")


def check_daily_limit(account: Account, ccy: str, amount: Decimal) -> None:
    """What was withdrawn within 24 hours counts, unless it was cancelled or failed. Raises Refusal."""
    limit = account.details.daily_limits.get(ccy)
    since_ms = account.now_ms() - _DAY_MS
    gone = (Stage.CANCELLED, Stage.FAILED)
    used = zero
    for one in account.book:
        if one.asset == ccy and one.created_ms > since_ms and one.stage not in gone and not one.details.internal:
            used = add(used, one.amount)
    if limit is not None and add(used, amount) > limit:
        left = max(zero, add(limit, used.copy_negate()))
        raise Refusal(
            Conditions.DAILY_LIMIT,
            f"{used} {ccy} were withdrawn within a day; the limit is {limit}",
            daily_limit=format(limit, "f"),
            quota_remaining=format(left, "f"),
            symbol=ccy,
        )


def check_client_id(account: Account, client_id: str) -> None:
    if client_id and any(one.details.client_id == client_id for one in account.book):
        raise Refusal(Conditions.CLIENT_ID_TAKEN, f"clientId {client_id!r} was used before", name="clientId")


def check_balance(account: Account, ccy: str, gross: Decimal) -> None:
    available = account.ledger.balance(ccy).available
    if available < gross:
        raise Refusal(Conditions.INSUFFICIENT, f"{available} {ccy} are available; amount and fee are {gross}")
