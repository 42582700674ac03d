"""Who receives an OKX withdrawal: another user of OKX (`dest` 3), or somebody that `rcvrInfo` tells of (`dest` 4).

Facts: docs-v5 Withdrawal. Which users there are is this simulator's business: the accounts of its world by their user
id, a few outside of it, and what an account names as its `verified_addresses`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from simulator.core.accounts import Account
from simulator.core.rows import Refusal
from simulator.core.world import World
from simulator.exchanges.okx.assets import RECIPIENTS
from simulator.exchanges.okx.behavior import Conditions
from simulator.exchanges.okx.exchanges_listed import LISTED

_DIGITS = re.compile(r"[0-9]{4,20}", re.ASCII)
_MAIL = re.compile(r"[^@\s:]{1,64}@[^@\s:]{1,190}", re.ASCII)
_NAME = re.compile(r"[A-Za-z0-9_.-]{2,64}", re.ASCII)
_ALWAYS = ("rcvrFirstName", "rcvrLastName", "rcvrCountry")


def check_user(world: World, account: Account, given: str, address_type: str, area_code: str) -> str:
    """An internal transfer's `toAddr`: a user id (type 2), an e-mail address, a phone number, a login name (type 1).

    Returns the type. Without one, digits are the user id of somebody who has it, else a phone number.
    """
    users = {other.details.user_id for other in world.accounts.values() if other is not account}
    is_digits = bool(_DIGITS.fullmatch(given))
    if address_type == "2" or (not address_type and given in users):
        if not is_digits:
            raise Refusal(Conditions.INTERNAL_ADDRESS, f"{given!r} is no user id", name="toAddr")
        if given not in users and given not in account.details.verified_addresses:
            raise Refusal(Conditions.INTERNAL_UNKNOWN, f"no other account here has the user id {given}", name="toAddr")
        return "2"
    if not is_digits and not _MAIL.fullmatch(given) and not _NAME.fullmatch(given):
        told = f"{given!r} is no e-mail address, phone number or account name"
        raise Refusal(Conditions.INTERNAL_ADDRESS, told, name="toAddr")
    if is_digits and not area_code:
        raise Refusal(
            Conditions.AREA_CODE_MISSING, f"{given} is a phone number, which needs an areaCode", name="areaCode"
        )
    known = (*RECIPIENTS, *account.details.verified_addresses)
    if given not in known:
        told = f"no user {given!r} is known; known are {', '.join(known)}"
        raise Refusal(Conditions.INTERNAL_UNKNOWN, told, name="toAddr")
    return "1"


def information(given: object) -> Mapping[str, Any] | None:
    """`rcvrInfo` of a body; None when it is absent. Raises Refusal."""
    if given is None or given == "":
        return None
    if not isinstance(given, dict):
        raise Refusal(
            Conditions.PARAMETER_MALFORMED, f"rcvrInfo is an object, not {type(given).__name__}", name="rcvrInfo"
        )
    return given


def check_information(account: Account, given: Mapping[str, Any] | None) -> None:
    """Only some of OKX's entities ask who receives: an account's `recipient_rules` says what its entity asks."""
    rules = account.details.recipient_rules
    if rules == "none":
        return
    wallet = "" if given is None else given.get("walletType")
    blanks: dict[str, Any] = {"name": "rcvrInfo", "parameters": ",".join(("walletType", "exchId", *_ALWAYS))}
    if not given or not wallet:
        raise Refusal(
            Conditions.RECIPIENT_MISSING,
            f"the account's recipient_rules are {rules!r}, and there is no rcvrInfo with a walletType",
            **blanks,
        )
    if wallet not in ("exchange", "private"):
        raise Refusal(
            Conditions.PARAMETER_MALFORMED, f"walletType {wallet!r} is neither exchange nor private", name="walletType"
        )
    if wallet == "private" and rules == "exchanges only":
        raise Refusal(Conditions.PRIVATE_WALLET, "the account's recipient_rules are 'exchanges only'", **blanks)
    if wallet == "private" and rules == "proven wallets":
        raise Refusal(Conditions.WALLET_UNPROVEN, "the account's recipient_rules are 'proven wallets'", **blanks)
    wanted = (*_ALWAYS, "exchId") if wallet == "exchange" else _ALWAYS
    absent = [name for name in wanted if not isinstance(given.get(name), str) or not given[name]]
    if absent:
        raise Refusal(Conditions.RECIPIENT_INCOMPLETE, f"rcvrInfo has no {', '.join(absent)}", **blanks)
    if wallet == "exchange" and given["exchId"] != "0" and given["exchId"] not in LISTED:
        told = f"exchange-list has no exchId {given['exchId']!r}, and it is not 0"
        raise Refusal(Conditions.RECIPIENT_INCOMPLETE, told, **blanks)
