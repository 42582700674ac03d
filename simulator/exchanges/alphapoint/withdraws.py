"""AlphaPoint's withdraw functions: from a `Call` to the object that either transport sends, or Refusal.

The order of the lines is the order of the checks: fields, permission and account, then what the ticket is looked up
by, then its status. Facts: APEX documentation CancelWithdraw (version 4.3 for the two details), GetWithdraws,
GetWithdrawTicket.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from simulator.core.accounts import Account
from simulator.core.book import Withdrawal
from simulator.core.lifecycle import Stage
from simulator.core.rows import Condition, Refusal
from simulator.exchanges.alphapoint.behavior import Conditions, Fields
from simulator.exchanges.alphapoint.calls import (
    Call,
    Parameters,
    done,
    function_name,
    integer,
    parameters,
    require,
    text,
)
from simulator.exchanges.alphapoint.lifecycle import OFFERED
from simulator.exchanges.alphapoint.tickets import record, ticket
from simulator.exchanges.alphapoint.users import OMS_ID, User, is_operator, numbered, users

_GUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.ASCII)


def cancel_withdraw(call: Call) -> Any:
    """CancelWithdraw: the second half of its column of checks, then the act."""
    given = parameters(call)
    require(given, ("OMSId", "UserId", "AccountId", "RequestCode"), Conditions.CANCEL_FIELD_MISSING)
    oms_id, user_id, account_id = (integer(given, name) for name in ("OMSId", "UserId", "AccountId"))
    request_code = text(given, "RequestCode")
    _check_permission(call)
    account = _account(call, account_id, Conditions.CANCEL_UNKNOWN_ACCOUNT)
    _check_oms(oms_id, Conditions.CANCEL_WRONG_OMS)
    _check_user(call, account, user_id)
    withdrawal = _find(call, account, request_code)
    _check_cancellable(account, withdrawal)
    user: User = call.caller.account.details
    # Whoever cancels has touched the ticket, also where the cancel takes effect later or loses its race: the receipt
    # moves LastUpdateTimestamp, and UpdatedByUser goes with it [inferred].
    withdrawal.details = replace(withdrawal.details, updated_by=user.user_id, updated_by_name=user.username)
    at_once = account.behavior.get(Fields.CANCEL_TAKES_EFFECT) == "at_once"
    account.move(withdrawal, "cancel" if at_once else "receive_cancel")
    return done(withdrawal.id if account.behavior.get(Fields.SUCCESS_DETAIL) == "request_code" else None)


def _check_permission(call: Call) -> None:
    """The umbrella permission, or the one that has the function's own name (since version 4), or an operator's."""
    assert call.endpoint is not None
    umbrella, own = call.endpoint.permission, function_name(call.endpoint)
    held = call.caller.permissions
    if umbrella not in held and own not in held and not is_operator(call.caller):
        raise Refusal(
            Conditions.NO_PERMISSION,
            f"{umbrella}, {own} or Operator is needed; the caller has {', '.join(sorted(held))}",
        )


def _account(call: Call, account_id: int, unknown: Condition) -> Account:
    """The caller's own account, or any for an operator."""
    own = call.caller.account
    if account_id == own.details.account_id:
        return own
    account = numbered(call.world, account_id)
    if account is None:
        raise Refusal(unknown, f"there is no account {account_id}; the caller's is {own.details.account_id}")
    if not is_operator(call.caller):
        raise Refusal(Conditions.FOREIGN_ACCOUNT, f"account {account_id} is not the caller's {own.details.account_id}")
    account.catch_up()
    return account


def _check_oms(oms_id: int, wrong: Condition) -> None:
    if oms_id != OMS_ID:
        raise Refusal(wrong, f"OMSId is {oms_id}; there is only {OMS_ID}")


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


def get_withdraws(call: Call) -> Any:
    """GetWithdraws: an array, newest first (the order is not documented)."""
    account = _read_account(call, parameters(call))
    return [record(account, withdrawal) for withdrawal in account.book.newest_first()]


def get_withdraw_ticket(call: Call) -> Any:
    """GetWithdrawTicket: one ticket; without a RequestCode the account's very first (as version 4 does)."""
    given = parameters(call)
    account = _read_account(call, given)
    if given.get("requestcode") in (None, ""):
        withdrawal = next(iter(account.book), None)
    else:
        withdrawal = account.book.find(text(given, "RequestCode").lower())
    if withdrawal is None:
        raise Refusal(Conditions.TICKET_UNKNOWN, f"the account has no ticket {given.get('requestcode', 'at all')!r}")
    return ticket(account, withdrawal)


def _read_account(call: Call, given: Parameters) -> Account:
    require(given, ("OMSId", "AccountId"), Conditions.FIELD_MISSING)
    oms_id, account_id = integer(given, "OMSId"), integer(given, "AccountId")
    _check_permission(call)
    account = _account(call, account_id, Conditions.READ_UNKNOWN_ACCOUNT)
    _check_oms(oms_id, Conditions.READ_WRONG_OMS)
    return account
