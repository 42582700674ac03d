"""The body of POST /v5/asset/withdraw/create as a value: which parameters are needed, and what each may be.

Facts: the table of docs v5/asset/withdraw. What it answers to a wrong value is not known and stands in `behavior`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from simulator.core.behavior import Behavior
from simulator.core.rows import Refusal
from simulator.exchanges.bybit.behavior import Conditions, Fields
from simulator.exchanges.bybit.wallets import FUND, WALLETS

_AMOUNT = re.compile(r"[0-9]{1,18}(\.[0-9]{1,24})?", re.ASCII)
_REQUEST_ID = re.compile(r"[A-Za-z0-9]{1,32}", re.ASCII)

AUTOMATIC, ON_CHAIN, BY_UID = 0, 1, 2
"""`forceChain`: internal if the address is a Bybit account's, always on chain, to a UID."""


@dataclass(frozen=True, slots=True)
class Order:
    """What a client asks for. `fee_type` 0 puts the fee on top of `amount`, 1 takes it out of it."""

    coin: str
    chain: str
    address: str
    tag: str
    amount: Decimal
    timestamp: int
    force_chain: int
    wallets: tuple[str, ...]
    fee_type: int
    request_id: str


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def _is_amount(value: Any) -> bool:
    return isinstance(value, str) and _AMOUNT.fullmatch(value) is not None and Decimal(value) > 0


def _is_wallets(value: Any) -> bool:
    """One wallet, or several with commas between them, each once. `SPOT` belongs to classic accounts, none of which
    is here.
    """
    names = value.split(",") if isinstance(value, str) else []
    return bool(names) and set(names) <= set(WALLETS) and len(names) == len(set(names))


def _is_questionnaire(value: Any) -> bool:
    return isinstance(value, str) and len(value.encode("utf-8", "replace")) <= 16384


_RULES: dict[str, tuple[str, Callable[[Any], bool]]] = {
    "coin": ("text", _is_text),
    "address": ("text", _is_text),
    "amount": ("a text such as '10.5', above 0", _is_amount),
    "timestamp": ("an integer, in ms", lambda value: type(value) is int and 0 <= value < 10**19),
    "accountType": (f"one of {', '.join(WALLETS)}, or several with commas between them", _is_wallets),
    "chain": ("text", _is_text),
    "tag": ("text", _is_text),
    "forceChain": ("0, 1 or 2", lambda value: type(value) is int and value in (AUTOMATIC, ON_CHAIN, BY_UID)),
    "feeType": ("0 or 1", lambda value: type(value) is int and value in (0, 1)),
    "requestId": (
        "1 to 32 letters and digits",
        lambda value: isinstance(value, str) and _REQUEST_ID.fullmatch(value) is not None,
    ),
    "transactionPurpose": (
        "a text of 20 characters or more",
        lambda value: isinstance(value, str) and len(value) >= 20,
    ),
    "questionnaire": ("a text of at most 16384 bytes", _is_questionnaire),
    "beneficiary": ("an object", lambda value: isinstance(value, dict)),
}


def read(body: dict[str, Any], behavior: Behavior) -> Order:
    """`body` as an order; null and "" count as not given. Everything that is missing is told before what is malformed.

    Raises Refusal.
    """
    given = {name: body[name] for name in _RULES if body.get(name) not in (None, "")}
    needed = ["coin", "address", "amount", "timestamp"]
    if behavior.get(Fields.ACCOUNT_TYPE_REQUIRED) is True:
        needed.append("accountType")
    if given.get("forceChain", AUTOMATIC) != BY_UID:
        needed.append("chain")
    for name in needed:
        if name not in given:
            raise Refusal(Conditions.PARAMETER_MISSING, f"the body has no {name}; its keys are {list(body)}")
    for name, value in given.items():
        rule, fits = _RULES[name]
        if not fits(value):
            raise Refusal(Conditions.PARAMETER_MALFORMED, f"{name} {value!r} is not {rule}")
    named = str(given.get("accountType", FUND)).split(",")
    return Order(
        coin=given["coin"],
        chain=given.get("chain", ""),
        address=given["address"],
        tag=given.get("tag", ""),
        amount=Decimal(given["amount"]),
        timestamp=given["timestamp"],
        force_chain=given.get("forceChain", AUTOMATIC),
        wallets=tuple(wallet for wallet in WALLETS if wallet in named),
        fee_type=given.get("feeType", 0),
        request_id=given.get("requestId", ""),
    )
