"""CancelWithdraw: from a `Call` to the object that either transport sends, or Refusal.

The order of the lines is the order of the checks: fields, permission and account, then what the ticket is looked up
by, then its status. Facts: APEX documentation CancelWithdraw (version 4.3 for the two details).
"""

from __future__ import annotations

import re
from typing import Any

from simulator.core.accounts import Account
from simulator.core.book import Withdrawal
from simulator.core.lifecycle import Stage
from simulator.core.rows import Refusal
from simulator.exchanges.alphapoint.behavior import Conditions, Fields
from simulator.exchanges.alphapoint.calls import Call, done, integer, parameters, require, text
from simulator.exchanges.alphapoint.lifecycle import OFFERED
from simulator.exchanges.alphapoint.permissions import account_numbered, check_oms, check_permission
from simulator.exchanges.alphapoint.tickets import sign_off
from simulator.exchanges.alphapoint.users import is_operator, users

_GUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.ASCII)


def cancel_withdraw(call: Call) -> Any:
    """CancelWithdraw: the second half of its column of checks, then the act."""
    given = parameters(call)
    require(given, ("OMSId", "UserId", "AccountId", "RequestCode"), Conditions.CANCEL_FIELD_MISSING)
    oms_id, user_id, account_id = (integer(given, name) for name in ("OMSId", "UserId", "AccountId"))
    request_code = text(given, "RequestCode")
    check_permission(call)
    account = account_numbered(call, account_id, Conditions.CANCEL_UNKNOWN_ACCOUNT)
    check_oms(oms_id, Conditions.CANCEL_WRONG_OMS)
    _check_user(call, account, user_id)
    withdrawal = _find(call, account, request_code)
    _check_cancellable(account, withdrawal)
    # Whoever cancels has touched the ticket, also where the cancel takes effect later or loses its race: the receipt
    # moves LastUpdateTimestamp, and UpdatedByUser goes with it [inferred].
    sign_off(withdrawal, call.caller)
    at_once = account.behavior.get(Fields.CANCEL_TAKES_EFFECT) == "at_once"
    account.move(withdrawal, "cancel" if at_once else "receive_cancel")
    return done(withdrawal.id if account.behavior.get(Fields.SUCCESS_DETAIL) == "request_code" else None)


def _check_user(call: Call, account: Account, user_id: int) -> None:
    if user_id != account.details.user_id and not is_operator(call.caller):
        raise Refusal(Conditions.CANCEL_WRONG_USER, f"UserId is {user_id}; the account is {account.details.user_id}'s")


def _find(call: Call, account: Account, request_code: str) -> Withdrawal:
    """GUIDs are compared without regard to case."""
    code = request_code.lower()
    if not _GUID.fullmatch(code):
        raise Refusal(Conditions.MALFORMED_CODE, f"RequestCode {request_code!r} is no GUID")
    withdrawal = account.book.find(code)
    if withdrawal is not None:
        return withdrawal
    for other, user in users(call.world):
        if other.book.find(code) is not None:
            raise Refusal(Conditions.FOREIGN_CODE, f"withdrawal {code} belongs to account {user.account_id}")
    raise Refusal(Conditions.UNKNOWN_CODE, f"there is no withdrawal {code}")


def _check_cancellable(account: Account, withdrawal: Withdrawal) -> None:
    state, lifecycle = withdrawal.state, account.book.lifecycle
    told = f"withdrawal {withdrawal.id} is {state.name}"
    if state.stage is Stage.CANCELLED:
        raise Refusal(Conditions.ALREADY_CANCELLED, told)
    if state.stage is Stage.CANCELLING:
        raise Refusal(Conditions.BEING_CANCELLED, told)
    if lifecycle.is_final(state.name):
        raise Refusal(Conditions.FINAL, told)
    wide = account.behavior.get(Fields.CANCELLABLE) == "wide"
    if not lifecycle.allows(state.name, "cancel") or not (wide or state.name in OFFERED):
        raise Refusal(Conditions.NOT_CANCELLABLE, told)
