"""Bybit's published error tables, code and text as written there: each row answers where an account asks for it."""

from __future__ import annotations

from typing import Any

import pytest

from simulator.exchanges.bybit import BYBIT

Desk = Any

# docs v5/error: the general table and the asset table, without the codes whose wire text is known better (below).
TABLE = {
    "REQUEST_EXPIRED": (-1, "request expired: o@0, now[] diff[]"),
    "HIGH_SERVER_LOAD": (
        429,
        "The trading service is experiencing a high server load, please retry if you encounter this problem.",
    ),
    "SPOT_API_KEY_EXPIRED": (-2015, "(Spot) Your api key has expired"),
    "SERVER_TIMEOUT": (10000, "Server Timeout"),
    "REQUEST_PARAMETER_ERROR": (10001, "Request parameter error"),
    "USER_AUTHENTICATION_FAILED": (10007, "User authentication failed."),
    "COMMON_BANNED": (10008, "Common banned, please check your account mode"),
    "SERVICE_RESTRICTED": (
        10009,
        "Service Restricted: Access is currently unavailable for your region. Please contact our support "
        "team for further assistance",
    ),
    "INVALID_DUPLICATE_REQUEST": (10014, "Invalid duplicate request."),
    "IP_RATE_LIMIT": (10018, "Exceeded the IP Rate Limit."),
    "COMPLIANCE_RULES": (10024, "Compliance rules triggered"),
    "TRANSACTIONS_BANNED": (10027, "Transactions are banned."),
    "UNIFIED_ACCOUNT_ONLY": (10028, "The API can only be accessed by unified account users."),
    "SYMBOL_NOT_WHITELISTED": (10029, "The requested symbol is invalid, please check symbol whitelist"),
    "NOT_FOR_UNIFIED_ACCOUNT": (100028, "The API cannot be accessed by unified account users."),
    "KYC_AUTHENTICATION_NEEDED": (20096, "need KYC authentication"),
    "EUROPE_NOT_SUPPORTED": (81007, "Bybit Europe is not supported create API Key."),
    "KYC_NEEDED": (131004, "KYC needed"),
    "KYC_INCOMPLETE": (
        131065,
        "Your KYC information is incomplete, please go to the KYC information page of the web or app to "
        "complete the information. kyc=India client may encounter this",
    ),
    "ADDRESS_NOT_SUPPORTED": (
        131066,
        "This address does not support withdrawals for the time being. Please switch to another address "
        "for withdrawing",
    ),
    "TRAVEL_RULE_FAILED": (131067, "Travel rule verification failed, please contact the target exchange."),
    "TRAVEL_RULE_INSUFFICIENT": (131068, "Travel rule information is insufficient, please provide additional details."),
    "RECEIPT_NOT_POSSIBLE": (131069, "Unable to withdraw to the receipt, please contact the target the exchange."),
    "RECIPIENT_NAME_MISMATCHED": (131070, "The recipient's name is mismatched with the targeted exchange."),
    "RECIPIENT_WITHOUT_KYC": (131071, "The recipient has not undergone KYC verification."),
    "CURRENCY_NOT_SUPPORTED_THERE": (131072, "Your withdrawal currency is not supported by the target exchange."),
    "ADDRESS_NOT_INCLUDED_THERE": (131073, "Your withdrawal address has not been included in the target exchange."),
    "BENEFICIARY_REQUIRED": (131074, "Beneficiary info is required, please refer to the latest api document."),
    "ADDRESS_IS_YOURSELF": (131075, "InternalAddressCannotBeYourself"),
    "INTERNAL_NOT_FOR_SUB_ACCOUNTS": (131076, "internal transfer not support subaccounts"),
    "RECEIVER_NOT_EXIST": (131077, "receive user not exist"),
    "RECEIVER_BANNED": (131078, "receive user deposit has been banned"),
    "RECEIVER_NEEDS_KYC": (131079, "receive user need kyc"),
    "NO_RETRIES_LEFT": (131080, "User left retry times is zero"),
    "NO_TAG_PLEASE": (131081, "Do not input memo/tag,please."),
    "REPEATED_REQUEST": (131082, "Do not repeat the request"),
    "ONLY_FROM_ADDRESS_BOOK": (131083, "Withdraw only allowed from address book"),
    "UTA_UPGRADING": (131084, "Withdraw failed because of Uta Upgrading"),
    "DELAYED_WITHDRAWAL_TRIGGERED": (
        131085,
        "Withdrawal amount is greater than your availale balance (the deplayed withdrawal is triggered)",
    ),
    "RISK_LIMIT_EXCEEDED": (
        131086,
        "Withdrawal amount exceeds risk limit (the risk limit of margin trade is triggered)",
    ),
    "SPOT_RISK_TOO_HIGH": (
        131087,
        "your current account spot risk level is too high, withdrawal is prohibited, please adjust and try again",
    ),
    "VERIFICATION_LIMIT_EXCEEDED": (
        131088,
        "The withdrawal amount exceeds the remaining withdrawal limit of your identity verification "
        "level. The current available amount for withdrawal : ",
    ),
    "SENSITIVE_OPERATION": (131089, "User sensitive operation, withdrawal is prohibited within 24 hours"),
    "WITHDRAW_BANNED": (131090, "User withdraw has been banned"),
    "LOGIN_BLOCKED": (131091, "Blocked login status does not allow withdrawals"),
    "USER_STATUS_ABNORMAL": (131092, "User status is abnormal"),
    "ADDRESS_NOT_WHITELISTED": (131093, "The withdrawal address is not in the whitelist"),
    "USER_ID_NOT_WHITELISTED": (131094, "UserId is not in the whitelist"),
    "PLATFORM_LIMIT_EXCEEDED": (131095, "Withdrawl amount exceeds the 24 hour platform limit"),
    "AMOUNT_OUT_OF_LIMITS": (131096, "Withdraw amount does not satify the lower limit or upper limit"),
    "CURRENCY_CLOSED": (131097, "Withdrawal of this currency has been closed"),
    "NEW_ADDRESS": (131098, "Withdrawal currently is not availble from new address"),
    "SERVICE_ERROR_131200": (131200, "Service error"),
    "INTERNAL_ERROR_131201": (131201, "Internal error"),
    "INVALID_MEMBER_ID": (131202, "Invalid memberId"),
    "TRANSFER_REQUEST_PARAMETER_ERROR": (131203, "Request parameter error"),
    "ACCOUNT_INFO_ERROR": (131204, "Account info error"),
    "QUERY_TRANSFER_ERROR": (131205, "Query transfer error"),
    "ACCOUNT_NOT_EXIST": (131207, "Account not exist"),
    "FORBID_TRANSFER": (131208, "Forbid transfer"),
    "SUB_MEMBER_RELATION_ERROR": (131209, "Get subMember relation error"),
    "AMOUNT_ACCURACY_ERROR": (131210, "Amount accuracy error"),
    "SAME_ACCOUNT_TYPE": (131211, "fromAccountType can't be the same as toAccountType"),
    "TRANSFER_LTV_CHECK_ERROR": (131213, "TransferLTV check error"),
    "TRANSFER_ID_EXIST": (131214, "TransferId exist"),
    "AMOUNT_ERROR": (131215, "Amount error"),
    "QUERY_BALANCE_ERROR": (131216, "Query balance error"),
    "RISK_CHECK_ERROR": (131217, "Risk check error"),
    "SECURITY_REASONS": (
        131226,
        "Due to security reasons, we are unable to proceed with the current action. Should you have any "
        "enquiries, please reach out to our Customer Support",
    ),
    "NO_UNIVERSAL_TRANSFER_PERMISSION": (131227, "subaccount do not have universal transfer permission"),
    "TRANSFER_SAFE_AMOUNT": (131228, "your balance is not enough. Please check transfer safe amount"),
    "COMPLIANCE_FORBIDS_COIN": (
        131229,
        "Due to compliance requirements, the current currency is not allowed to transfer",
    ),
    "SYSTEM_BUSY": (131230, "The system is busy, please try again later"),
    "TRANSFER_IN_NOT_SUPPORTED": (131231, "Transfers into this account are not supported"),
    "TRANSFER_OUT_NOT_SUPPORTED": (131232, "Transfers out this account are not supported"),
    "ISLAMIC_ACCOUNT": (131233, "can not transfer the coin that not supported for islamic account"),
    "COLLATERAL_LIMIT_EXCEEDED": (
        131239,
        "The collateral amount has exceeded the platform limit. Please disable the collateral for this "
        "asset, or transfer in another supported asset as collateral.",
    ),
}

# Codes of the two tables whose text was seen on the wire, and what was seen.
SEEN = {
    33004: {"Your api key has expired."},
    10001: {
        "empty value: apiTimestamp[1700000000000] apiKey[k] "
        "apiSignature[d98e064fd8f4244f0fa68a7efb96acf2e8ce53b7ef965d26f8681291c90c21d2]",
        "openapi params error! req_timestamp invalid",
        "accountType only support UNIFIED and CONTRACT.",
    },
    10002: {
        "invalid request, please check your server timestamp or recv_window param. "
        "req_timestamp[1700000000000],server_timestamp[1700000000000],recv_window[5000]"
    },
    10003: {"API key is invalid."},
    10004: {'error sign! origin_string[1700000000000k5000{\\"id\\": \\"1\\"}]'},
    10005: {"Permission denied, please check your API key permissions."},
    10006: {"Too many visits. Exceeded the API Rate Limit."},
    10010: {"Unmatched IP, please check your API key's bound IP addresses."},
    10016: {
        "System error. Please try again later.",
        "Request timeout, please try again later",
        "Server error.",
    },
    10020: {"not a unified-margin account"},
    10017: {"Route not found."},
    131001: {
        "openapi svc error",
        "Please wait at least 10 seconds between withdrawals.",
        "Withdrawal amount must larger than ",
        "Account available balance insufficient",
        "the available balance is not sufficient to cover the handling fee",
    },
    131002: {
        "params error",
        "params err: timestamp out of invalid window",
        "withdraw address is invalid",
        "Withdraw address chain or destination tag are not equal",
        "Cursor Decode Error",
        "The interval between the startTime and endTime is incorrect",
    },
    131003: {
        "Not Support Sub Account",
        "Invalid Member Relationship",
        "This type of sub-account cannot obtain a deposit address.",
    },
    131099: {"Hot wallet status can cancel the withdraw"},
    131200: {"server err "},
    131203: {
        "request parameter err",
        "request parameter err: accountType is invalid for current user",
        "request parameter err: memberId invalid",
        "request parameter err: Limit the query to 1 to 10 coins for account UNIFIED",
        "request parameter err: amount invalid",
        "request parameter err: fromAccountType can't be toAccountType",
        "request parameter err: toAccountType",
        "request parameter err: transferId",
        "cannot be transfer",
    },
    131206: {"cannot be transfer"},
    131212: {"user insufficient balance"},
    141001: {"param error"},
}


def answered(desk: type[Desk], row: str) -> bytes:
    body: bytes = desk(api_key="k", api_secret="s", behavior={"cancel.unknown_id": row}).cancel("1").body
    return body


@pytest.mark.parametrize("row", TABLE)
def test_a_row_of_the_tables_is_answered_as_published(desk: type[Desk], row: str) -> None:
    code, text = TABLE[row]
    expected = f'{{"retCode":{code},"retMsg":"{text}","result":{{}},"retExtInfo":{{}},"time":1700000000000}}'
    assert answered(desk, row) == expected.encode()


@pytest.mark.parametrize("code", SEEN)
def test_a_code_has_the_texts_that_were_seen(desk: type[Desk], code: int) -> None:
    rows = [row for row in BYBIT.unknowns.rows.values() if row.code == code]
    bodies = {answered(desk, row.name) for row in rows}
    for text in SEEN[code]:
        expected = f'{{"retCode":{code},"retMsg":"{text}","result":{{}},"retExtInfo":{{}},"time":1700000000000}}'
        assert expected.encode() in bodies


def test_every_code_of_the_tables_has_a_row() -> None:
    codes = {row.code for row in BYBIT.unknowns.rows.values()}
    assert {code for code, _ in TABLE.values()} | set(SEEN) | {0} <= codes


def test_a_row_that_nothing_provokes_says_so() -> None:
    defaults = {condition.default.name for condition in BYBIT.unknowns.conditions.values()}
    for row in BYBIT.unknowns.rows.values():
        assert bool(row.unreachable) is (row.name not in defaults), row.name
        assert row.unreachable in ("", "nothing of the emulated exchange comes to it: only by a behavior or a fault")
