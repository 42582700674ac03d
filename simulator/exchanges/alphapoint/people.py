"""AlphaPoint's functions about users and accounts: GetUserInfo, GetUserPermissions, GetUserAccounts, GetAccountInfo.

Facts: APEX 4.3 documentation; the keys of GetAccountInfo also from the notbank SDK. A caller reads of itself, an
operator of everybody.
"""

from __future__ import annotations

from typing import Any

from simulator.core.accounts import Account
from simulator.core.rows import Refusal
from simulator.exchanges.alphapoint.behavior import Conditions
from simulator.exchanges.alphapoint.calls import Call, Parameters, integer, is_absent, parameters, text
from simulator.exchanges.alphapoint.permissions import OPERATOR_ID, account_to_read, check_oms
from simulator.exchanges.alphapoint.scalars import NO_DATE, iso, ticks
from simulator.exchanges.alphapoint.users import OMS_ID, User, is_locked, is_operator, users


def get_user_info(call: Call) -> Any:
    """GetUserInfo: of the caller, or of the one whom UserId, Email or UserName names."""
    account = _whom(call, parameters(call))
    user: User = account.details
    is_shut = is_locked(account)
    return {
        "UserId": user.user_id,
        "UserName": user.username,
        "Email": user.email,
        "PasswordHash": "",
        "PendingEmailCode": "",
        "EmailVerified": True,
        "AccountId": user.account_id,
        "DateTimeCreated": iso(ticks(user.created_ms)),
        "AffiliateId": 0,
        "RefererId": 0,
        "OMSId": OMS_ID,
        "Use2FA": user.use_2fa,
        "Salt": "",
        "PendingCodeTime": NO_DATE,
        "Locked": is_shut,
        "LockedTime": iso(ticks(user.failures.last_ms)) if is_shut else NO_DATE,
        "NumberOfFailedAttempt": user.failures.count,
        "MarginBorrowerEnabled": False,
        "MarginAcquisitionHalt": False,
        "OperatorId": OPERATOR_ID,
    }


def get_user_permissions(call: Call) -> Any:
    """GetUserPermissions: those of the caller's key, or of another user's first one."""
    account = _whom(call, parameters(call))
    key = call.caller if account is call.caller.account else account.keys[0]
    return sorted(key.permissions)


def get_user_accounts(call: Call) -> Any:
    """GetUserAccounts: the numbers of the user's accounts; here everybody has one."""
    given = parameters(call)
    if not is_absent(given, "OMSId"):
        check_oms(integer(given, "OMSId"))
    return [_whom(call, given).details.account_id]


def get_account_info(call: Call) -> Any:
    """GetAccountInfo. The capitals of the first key are the exchange's."""
    account = account_to_read(call, parameters(call))
    user: User = account.details
    return {
        "OMSID": OMS_ID,
        "AccountId": user.account_id,
        "AccountName": user.username,
        "AccountHandle": None,
        "FirmId": None,
        "FirmName": None,
        "AccountType": "Asset",
        "FeeGroupId": 0,
        "ParentID": 0,
        "RiskType": "Normal",
        "VerificationLevel": 1,
        "CreditTier": 0,
        "FeeProductType": "BaseProduct",
        "FeeProduct": 0,
        "RefererId": 0,
        "LoyaltyProductId": 0,
        "LoyaltyEnabled": False,
        "PriceTier": 0,
        "Frozen": False,
    }


def _whom(call: Call, given: Parameters) -> Account:
    """The account of the user that is named; the caller's when nobody is."""
    wanted: dict[str, int | str] = {}
    if not is_absent(given, "UserId"):
        wanted["user_id"] = integer(given, "UserId")
    for name, attribute in (("UserName", "username"), ("Email", "email")):
        if not is_absent(given, name):
            wanted[attribute] = text(given, name)
    own = call.caller.account
    if _is(own.details, wanted):
        return own
    found = next((account for account, user in users(call.world) if _is(user, wanted)), None)
    if not is_operator(call.caller):
        raise Refusal(Conditions.FOREIGN_USER, f"the caller is user {own.details.user_id}, not {wanted}")
    if found is None:
        raise Refusal(Conditions.USER_UNKNOWN, f"there is no user {wanted}")
    return found


def _is(user: User, wanted: dict[str, int | str]) -> bool:
    return all(getattr(user, attribute) == value for attribute, value in wanted.items())
