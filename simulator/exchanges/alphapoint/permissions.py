"""Who may call what, on whose account: the checks that AlphaPoint's functions share.

Facts: APEX documentation (permissions of each function; since version 4 one of the function's own name as well). The
umbrella of a function stands in the ENDPOINTS table, what else opens it here.
"""

from __future__ import annotations

from simulator.core.accounts import Account
from simulator.core.rows import Condition, Refusal
from simulator.exchanges.alphapoint.behavior import Conditions
from simulator.exchanges.alphapoint.calls import Call, Parameters, function_name, integer, require
from simulator.exchanges.alphapoint.users import OMS_ID, is_operator, numbered

OPERATOR_ID = 1

_FURTHER = {
    "GetWithdrawFee": "Withdraw",
    "GetAccountPositions": "AccountReadOnly",
    "GetAccountTransactions": "AccountReadOnly",
    "SubscribeAccountEvents": "AccountReadOnly",
    "UnsubscribeAccountEvents": "AccountReadOnly",
}
"""A second umbrella of a function."""


def check_permission(call: Call, refused: Condition = Conditions.NO_PERMISSION) -> None:
    """An umbrella permission, or the one that has the function's own name (since version 4), or an operator's."""
    assert call.endpoint is not None
    own = function_name(call.endpoint)
    opening = {call.endpoint.permission, own, _FURTHER.get(own)}
    held = call.caller.permissions
    if opening.isdisjoint(held) and not is_operator(call.caller):
        raise Refusal(
            refused,
            f"{call.endpoint.permission}, {own} or Operator is needed; the caller has {', '.join(sorted(held))}",
        )


def account_numbered(call: Call, account_id: int, unknown: Condition = Conditions.READ_UNKNOWN_ACCOUNT) -> Account:
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


def check_oms(oms_id: int, wrong: Condition = Conditions.READ_WRONG_OMS) -> None:
    if oms_id != OMS_ID:
        raise Refusal(wrong, f"OMSId is {oms_id}; there is only {OMS_ID}")


def check_operator(oms_id: int, operator_id: int) -> None:
    """Both of an operator function's numbers."""
    if (oms_id, operator_id) != (OMS_ID, OPERATOR_ID):
        raise Refusal(
            Conditions.WRONG_OPERATOR,
            f"OMSId is {oms_id} and OperatorId {operator_id}; there are only {OMS_ID} and {OPERATOR_ID}",
        )


def account_to_read(call: Call, given: Parameters) -> Account:
    """The account that a reading function names: its column of checks."""
    require(given, ("OMSId", "AccountId"), Conditions.FIELD_MISSING)
    oms_id, account_id = integer(given, "OMSId"), integer(given, "AccountId")
    check_permission(call)
    account = account_numbered(call, account_id)
    check_oms(oms_id)
    return account
