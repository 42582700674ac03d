"""Bybit's errors: rows only. The text is what was seen on the wire where that is known, else the documentation's.

Shapes: "" is the envelope with an empty result, "empty" a reply without a body, "text" and "html" a body that is the
text alone, "status_zero" the cancel result 0. Every code of the general and the asset table is here.
"""

from simulator.core.rows import Row

_CATALOGUE = "graycraft/api-tools response/bybit/status.json (answers of V5, 2024-09 to 2025-03)"
_GENERAL = "docs v5/error, general table"
_ASSET = "docs v5/error, asset table"
_STATUSES = "docs v5/error, table of HTTP statuses"
_BY_FAULT = "nothing of the emulated exchange comes to it: only by a behavior or a fault"


class Errors:
    """What Bybit answers instead of success."""

    # HTTP statuses other than 200. Of their bodies only that of 404 is known.
    METHOD_NOT_UPPER_CASE = Row(400, "", "doc", _STATUSES + "; the body is not known", status=400, shape="empty")
    UNAUTHORIZED = Row(
        401,
        "",
        "doc",
        _STATUSES + "; the bytes of the body are not known (the catalogue has, once, the text "
        "`not support auth type: Request parameter error.`)",
        status=401,
        shape="empty",
    )
    UNAUTHORIZED_TEXT = Row(
        401,
        "not support auth type: Request parameter error.",
        "wild",
        _CATALOGUE + ", once; that it stood alone, as plain text, is not known",
        status=401,
        shape="text",
        unreachable=_BY_FAULT,
    )
    IP_ACCESS_TOO_FREQUENT = Row(
        403,
        "access too frequent",
        "doc",
        "docs v5/rate-limit; how it is wrapped is not known",
        status=403,
        shape="text",
    )
    GET_WITH_BODY = Row(
        403,
        "<HTML><HEAD><TITLE>ERROR: The request could not be satisfied</TITLE></HEAD>"
        "<BODY><H1>403 ERROR</H1><H2>The request could not be satisfied.</H2></BODY></HTML>",
        "wild",
        "PipedreamHQ/pipedream#5641 has the two headings; the page around them is shortened",
        status=403,
        shape="html",
    )
    FREQUENCY_PROTECTION = Row(
        429, "", "doc", _STATUSES + "; the body is not known", status=429, shape="empty", unreachable=_BY_FAULT
    )

    NOT_FOUND = Row(404, "", "wild", "ccxt#19322: Content-Length 0 with JSON content type", status=404, shape="empty")
    ROUTE_NOT_FOUND = Row(10017, "Route not found.", "doc", "docs v5/error", unreachable=_BY_FAULT)
    EMPTY_VALUE = Row(
        10001,
        "empty value: apiTimestamp[{timestamp}] apiKey[{api_key}] apiSignature[{signature}]",
        "wild",
        _CATALOGUE,
    )
    TIMESTAMP_INVALID = Row(10001, "openapi params error! req_timestamp invalid", "wild", _CATALOGUE)
    TIMESTAMP_OUTSIDE_WINDOW = Row(
        10002,
        "invalid request, please check your server timestamp or recv_window param. "
        "req_timestamp[{timestamp}],server_timestamp[{now}],recv_window[{recv_window}]",
        "wild",
        "pybit#191, bybit-api#236 and #260, rotki#9167",
    )
    TIMESTAMP_OUTSIDE_WINDOW_SPOT = Row(
        10002,
        "Timestamp for this request is outside of the recvWindow.",
        "wild",
        "pybit#159: from services of spot trading",
        unreachable=_BY_FAULT,
    )
    API_KEY_INVALID = Row(10003, "API key is invalid.", "wild", "ccxt#17025, bybit-java-api#57")
    API_KEY_EXPIRED = Row(33004, "Your api key has expired.", "wild", "ccxt#17025")
    SIGNATURE_WRONG = Row(10004, "error sign! origin_string[{origin}]", "wild", "bybit-api#448 (2025-05)")
    SIGNATURE_WRONG_LATER = Row(
        10004,
        "Error sign, please check your signature generation algorithm: origin_string[{origin}]",
        "wild",
        "bybit-api#537 (2026-03), which has *** where the origin begins: by whom it was masked is not known",
        unreachable=_BY_FAULT,
    )
    IP_UNMATCHED = Row(
        10010, "Unmatched IP, please check your API key's bound IP addresses.", "wild", "bybit-api#555 (2026-07)"
    )
    PERMISSION_DENIED = Row(
        10005, "Permission denied, please check your API key permissions.", "wild", "rotki#9934, with the full body"
    )
    TOO_MANY_VISITS = Row(
        10006, "Too many visits. Exceeded the API Rate Limit.", "wild", "pybit#340 (123 bytes, recomputed)"
    )
    DEMO_NOT_SUPPORTED = Row(10032, "Demo trading are not supported.", "wild", "XChange fixture getOrderError.json5")
    PARAMS_ERROR = Row(131002, "params error", "wild", _CATALOGUE)
    PARAMETER_ERROR = Row(131002, "Parameter error", "doc", "docs v5/error, asset table", unreachable=_BY_FAULT)
    NOT_SUPPORT_SUB_ACCOUNT = Row(131003, "Not Support Sub Account", "wild", _CATALOGUE)
    NOT_CANCELLABLE = Row(
        131099,
        "Hot wallet status can cancel the withdraw",
        "unknown",
        "the text of docs v5/error, asset table (sic: the Chinese table says that it cannot); wire texts often differ "
        "from that table, and this one was never captured",
    )
    SERVICE_ERROR = Row(131001, "openapi svc error", "wild", "pybit#311")
    SERVER_ERROR = Row(131200, "server err ", "wild", _CATALOGUE, unreachable=_BY_FAULT)
    STATUS_ZERO = Row(
        0, "success", "doc", "docs v5/asset/withdraw/cancel-withdraw: status 0 is fail", shape="status_zero"
    )
    NOT_CANCELLABLE_V1 = Row(
        131099,
        "The withdrawal status does not allow cancellation",
        "inferred",
        "docs-legacy asset V1, 90048: the text of the ancestor, which says what the Chinese table says",
        unreachable=_BY_FAULT,
    )
    SYSTEM_ERROR = Row(
        10016, "System error. Please try again later.", "sdk", "comment in ccxt bybit.py", unreachable=_BY_FAULT
    )
    REQUEST_TIMEOUT = Row(
        10016, "Request timeout, please try again later", "sdk", "comment in ccxt bybit.py", unreachable=_BY_FAULT
    )
    INTERNAL_ERROR = Row(131003, "Internal error", "doc", _ASSET, unreachable=_BY_FAULT)
    INVALID_MEMBER_RELATIONSHIP = Row(131003, "Invalid Member Relationship", "wild", _CATALOGUE, unreachable=_BY_FAULT)
    NO_DEPOSIT_ADDRESS = Row(
        131003,
        "This type of sub-account cannot obtain a deposit address.",
        "wild",
        _CATALOGUE,
        unreachable=_BY_FAULT,
    )
    CURSOR_DECODE_ERROR = Row(131002, "Cursor Decode Error", "wild", _CATALOGUE)
    INTERVAL_INCORRECT = Row(131002, "The interval between the startTime and endTime is incorrect", "wild", _CATALOGUE)
    TIMESTAMP_OUT_OF_WINDOW = Row(131002, "params err: timestamp out of invalid window", "wild", "ccxt#21427 (2024-02)")
    ADDRESS_INVALID = Row(131002, "withdraw address is invalid", "wild", _CATALOGUE + "; pybit#122")
    ADDRESS_CHAIN_TAG_UNEQUAL = Row(
        131002,
        "Withdraw address chain or destination tag are not equal",
        "wild",
        "ccxt#16344, #15967, #21427; pybit#261",
    )
    WAIT_TEN_SECONDS = Row(131001, "Please wait at least 10 seconds between withdrawals.", "wild", _CATALOGUE)
    AMOUNT_TOO_SMALL = Row(131001, "Withdrawal amount must larger than {minimum}", "wild", _CATALOGUE)
    BALANCE_INSUFFICIENT = Row(131001, "Account available balance insufficient", "wild", "ccxt#18998 (2023-08)")
    BALANCE_EXCEEDED = Row(
        131001,
        "Withdrawal amount is greater than your available balance ({available} {coin})",
        "doc",
        "docs v5 faq",
        unreachable=_BY_FAULT,
    )
    FEE_NOT_COVERED = Row(
        131001,
        "the available balance is not sufficient to cover the handling fee",
        "wild",
        "comment in ccxt bybit.py (2022-10)",
    )
    ACCOUNT_TYPE_INVALID = Row(
        131203, "request parameter err: accountType is invalid for current user", "wild", _CATALOGUE
    )
    MEMBER_ID_INVALID = Row(131203, "request parameter err: memberId invalid", "wild", _CATALOGUE)
    COINS_LIMIT = Row(
        131203,
        "request parameter err: Limit the query to 1 to 10 coins for account UNIFIED",
        "wild",
        _CATALOGUE,
    )
    TRANSFER_PARAMETER_ERR = Row(131203, "request parameter err", "wild", _CATALOGUE)
    TRANSFER_AMOUNT_INVALID = Row(
        131203, "request parameter err: amount invalid", "wild", _CATALOGUE, unreachable=_BY_FAULT
    )
    TRANSFER_FROM_AND_TO = Row(
        131203,
        "request parameter err: fromAccountType can't be toAccountType",
        "wild",
        _CATALOGUE,
        unreachable=_BY_FAULT,
    )
    TRANSFER_TO = Row(131203, "request parameter err: toAccountType", "wild", _CATALOGUE, unreachable=_BY_FAULT)
    TRANSFER_ID = Row(131203, "request parameter err: transferId", "wild", _CATALOGUE, unreachable=_BY_FAULT)
    CANNOT_BE_TRANSFERRED_131203 = Row(131203, "cannot be transfer", "wild", _CATALOGUE, unreachable=_BY_FAULT)
    CANNOT_BE_TRANSFERRED = Row(131206, "cannot be transfer", "wild", _CATALOGUE, unreachable=_BY_FAULT)
    USER_INSUFFICIENT_BALANCE = Row(131212, "user insufficient balance", "wild", _CATALOGUE, unreachable=_BY_FAULT)
    INSUFFICIENT_BALANCE = Row(131212, "Insufficient balance", "doc", _ASSET, unreachable=_BY_FAULT)
    ACCOUNT_TYPE_UNSUPPORTED = Row(10001, "accountType only support UNIFIED and CONTRACT.", "wild", _CATALOGUE)
    # The rest of the general table, in its order.
    REQUEST_EXPIRED = Row(-1, "request expired: o@0, now[] diff[]", "doc", _GENERAL, unreachable=_BY_FAULT)
    HIGH_SERVER_LOAD = Row(
        429,
        "The trading service is experiencing a high server load, please retry if you encounter this problem.",
        "doc",
        _GENERAL,
        unreachable=_BY_FAULT,
    )
    SPOT_API_KEY_EXPIRED = Row(-2015, "(Spot) Your api key has expired", "doc", _GENERAL, unreachable=_BY_FAULT)
    SERVER_TIMEOUT = Row(10000, "Server Timeout", "doc", _GENERAL, unreachable=_BY_FAULT)
    REQUEST_PARAMETER_ERROR = Row(10001, "Request parameter error", "doc", _GENERAL)
    USER_AUTHENTICATION_FAILED = Row(10007, "User authentication failed.", "doc", _GENERAL, unreachable=_BY_FAULT)
    COMMON_BANNED = Row(10008, "Common banned, please check your account mode", "doc", _GENERAL, unreachable=_BY_FAULT)
    SERVICE_RESTRICTED = Row(
        10009,
        "Service Restricted: Access is currently unavailable for your region. Please contact our support "
        "team for further assistance",
        "doc",
        _GENERAL,
        unreachable=_BY_FAULT,
    )
    INVALID_DUPLICATE_REQUEST = Row(10014, "Invalid duplicate request.", "doc", _GENERAL, unreachable=_BY_FAULT)
    SERVER_ERROR_10016 = Row(10016, "Server error.", "doc", _GENERAL, unreachable=_BY_FAULT)
    IP_RATE_LIMIT = Row(
        10018,
        "Exceeded the IP Rate Limit.",
        "doc",
        _GENERAL + " (struck through there)",
        unreachable=_BY_FAULT,
    )
    COMPLIANCE_RULES = Row(10024, "Compliance rules triggered", "doc", _GENERAL, unreachable=_BY_FAULT)
    TRANSACTIONS_BANNED = Row(10027, "Transactions are banned.", "doc", _GENERAL, unreachable=_BY_FAULT)
    UNIFIED_ACCOUNT_ONLY = Row(
        10028,
        "The API can only be accessed by unified account users.",
        "doc",
        _GENERAL,
        unreachable=_BY_FAULT,
    )
    SYMBOL_NOT_WHITELISTED = Row(
        10029,
        "The requested symbol is invalid, please check symbol whitelist",
        "doc",
        _GENERAL,
        unreachable=_BY_FAULT,
    )
    NOT_FOR_UNIFIED_ACCOUNT = Row(
        100028,
        "The API cannot be accessed by unified account users.",
        "doc",
        _GENERAL,
        unreachable=_BY_FAULT,
    )
    KYC_AUTHENTICATION_NEEDED = Row(20096, "need KYC authentication", "doc", _GENERAL, unreachable=_BY_FAULT)
    EUROPE_NOT_SUPPORTED = Row(
        81007,
        "Bybit Europe is not supported create API Key.",
        "doc",
        _GENERAL,
        unreachable=_BY_FAULT,
    )
    NOT_UNIFIED_MARGIN = Row(
        10020,
        "not a unified-margin account",
        "unknown",
        "the code was seen and stands in no table; its text was not written down, this is what it meant",
        unreachable=_BY_FAULT,
    )
    PARAM_ERROR_141001 = Row(
        141001, "param error", "wild", "seen in answers of V5; stands in no table", unreachable=_BY_FAULT
    )
    # The rest of the asset table, in its order.
    KYC_NEEDED = Row(131004, "KYC needed", "doc", _ASSET, unreachable=_BY_FAULT)
    KYC_INCOMPLETE = Row(
        131065,
        "Your KYC information is incomplete, please go to the KYC information page of the web or app to "
        "complete the information. kyc=India client may encounter this",
        "doc",
        _ASSET,
        unreachable=_BY_FAULT,
    )
    ADDRESS_NOT_SUPPORTED = Row(
        131066,
        "This address does not support withdrawals for the time being. Please switch to another address "
        "for withdrawing",
        "doc",
        _ASSET,
        unreachable=_BY_FAULT,
    )
    TRAVEL_RULE_FAILED = Row(
        131067,
        "Travel rule verification failed, please contact the target exchange.",
        "doc",
        _ASSET,
        unreachable=_BY_FAULT,
    )
    TRAVEL_RULE_INSUFFICIENT = Row(
        131068,
        "Travel rule information is insufficient, please provide additional details.",
        "doc",
        _ASSET,
        unreachable=_BY_FAULT,
    )
    RECEIPT_NOT_POSSIBLE = Row(
        131069,
        "Unable to withdraw to the receipt, please contact the target the exchange.",
        "doc",
        _ASSET,
        unreachable=_BY_FAULT,
    )
    RECIPIENT_NAME_MISMATCHED = Row(
        131070,
        "The recipient's name is mismatched with the targeted exchange.",
        "doc",
        _ASSET,
        unreachable=_BY_FAULT,
    )
    RECIPIENT_WITHOUT_KYC = Row(
        131071,
        "The recipient has not undergone KYC verification.",
        "doc",
        _ASSET,
        unreachable=_BY_FAULT,
    )
    CURRENCY_NOT_SUPPORTED_THERE = Row(
        131072,
        "Your withdrawal currency is not supported by the target exchange.",
        "doc",
        _ASSET,
        unreachable=_BY_FAULT,
    )
    ADDRESS_NOT_INCLUDED_THERE = Row(
        131073,
        "Your withdrawal address has not been included in the target exchange.",
        "doc",
        _ASSET,
        unreachable=_BY_FAULT,
    )
    BENEFICIARY_REQUIRED = Row(
        131074,
        "Beneficiary info is required, please refer to the latest api document.",
        "doc",
        _ASSET,
        unreachable=_BY_FAULT,
    )
    ADDRESS_IS_YOURSELF = Row(131075, "InternalAddressCannotBeYourself", "doc", _ASSET)
    INTERNAL_NOT_FOR_SUB_ACCOUNTS = Row(
        131076,
        "internal transfer not support subaccounts",
        "doc",
        _ASSET,
        unreachable=_BY_FAULT,
    )
    RECEIVER_NOT_EXIST = Row(131077, "receive user not exist", "doc", _ASSET, unreachable=_BY_FAULT)
    RECEIVER_BANNED = Row(131078, "receive user deposit has been banned", "doc", _ASSET, unreachable=_BY_FAULT)
    RECEIVER_NEEDS_KYC = Row(131079, "receive user need kyc", "doc", _ASSET, unreachable=_BY_FAULT)
    NO_RETRIES_LEFT = Row(131080, "User left retry times is zero", "doc", _ASSET, unreachable=_BY_FAULT)
    NO_TAG_PLEASE = Row(131081, "Do not input memo/tag,please.", "wild", _CATALOGUE)
    REPEATED_REQUEST = Row(131082, "Do not repeat the request", "doc", _ASSET)
    ONLY_FROM_ADDRESS_BOOK = Row(
        131083, "Withdraw only allowed from address book", "doc", _ASSET, unreachable=_BY_FAULT
    )
    UTA_UPGRADING = Row(131084, "Withdraw failed because of Uta Upgrading", "doc", _ASSET, unreachable=_BY_FAULT)
    DELAYED_WITHDRAWAL_TRIGGERED = Row(
        131085,
        "Withdrawal amount is greater than your availale balance (the deplayed withdrawal is triggered)",
        "doc",
        _ASSET,
        unreachable=_BY_FAULT,
    )
    RISK_LIMIT_EXCEEDED = Row(
        131086,
        "Withdrawal amount exceeds risk limit (the risk limit of margin trade is triggered)",
        "doc",
        _ASSET,
        unreachable=_BY_FAULT,
    )
    SPOT_RISK_TOO_HIGH = Row(
        131087,
        "your current account spot risk level is too high, withdrawal is prohibited, please adjust and try again",
        "doc",
        _ASSET,
        unreachable=_BY_FAULT,
    )
    VERIFICATION_LIMIT_EXCEEDED = Row(
        131088,
        "The withdrawal amount exceeds the remaining withdrawal limit of your identity verification "
        "level. The current available amount for withdrawal : {remaining}",
        "doc",
        _ASSET,
    )
    SENSITIVE_OPERATION = Row(
        131089,
        "User sensitive operation, withdrawal is prohibited within 24 hours",
        "doc",
        _ASSET,
        unreachable=_BY_FAULT,
    )
    WITHDRAW_BANNED = Row(131090, "User withdraw has been banned", "doc", _ASSET, unreachable=_BY_FAULT)
    LOGIN_BLOCKED = Row(131091, "Blocked login status does not allow withdrawals", "doc", _ASSET, unreachable=_BY_FAULT)
    USER_STATUS_ABNORMAL = Row(131092, "User status is abnormal", "doc", _ASSET, unreachable=_BY_FAULT)
    ADDRESS_NOT_WHITELISTED = Row(
        131093, "The withdrawal address is not in the whitelist", "doc", _ASSET, unreachable=_BY_FAULT
    )
    USER_ID_NOT_WHITELISTED = Row(131094, "UserId is not in the whitelist", "doc", _ASSET)
    PLATFORM_LIMIT_EXCEEDED = Row(
        131095,
        "Withdrawl amount exceeds the 24 hour platform limit",
        "doc",
        _ASSET,
        unreachable=_BY_FAULT,
    )
    AMOUNT_OUT_OF_LIMITS = Row(131096, "Withdraw amount does not satify the lower limit or upper limit", "doc", _ASSET)
    CURRENCY_CLOSED = Row(131097, "Withdrawal of this currency has been closed", "doc", _ASSET)
    NEW_ADDRESS = Row(131098, "Withdrawal currently is not availble from new address", "doc", _ASSET)
    SERVICE_ERROR_131200 = Row(131200, "Service error", "doc", _ASSET, unreachable=_BY_FAULT)
    INTERNAL_ERROR_131201 = Row(131201, "Internal error", "doc", _ASSET, unreachable=_BY_FAULT)
    INVALID_MEMBER_ID = Row(131202, "Invalid memberId", "doc", _ASSET, unreachable=_BY_FAULT)
    TRANSFER_REQUEST_PARAMETER_ERROR = Row(131203, "Request parameter error", "doc", _ASSET, unreachable=_BY_FAULT)
    ACCOUNT_INFO_ERROR = Row(131204, "Account info error", "doc", _ASSET, unreachable=_BY_FAULT)
    QUERY_TRANSFER_ERROR = Row(131205, "Query transfer error", "doc", _ASSET, unreachable=_BY_FAULT)
    ACCOUNT_NOT_EXIST = Row(131207, "Account not exist", "doc", _ASSET, unreachable=_BY_FAULT)
    FORBID_TRANSFER = Row(131208, "Forbid transfer", "doc", _ASSET, unreachable=_BY_FAULT)
    SUB_MEMBER_RELATION_ERROR = Row(131209, "Get subMember relation error", "doc", _ASSET, unreachable=_BY_FAULT)
    AMOUNT_ACCURACY_ERROR = Row(131210, "Amount accuracy error", "doc", _ASSET)
    SAME_ACCOUNT_TYPE = Row(
        131211,
        "fromAccountType can't be the same as toAccountType",
        "doc",
        _ASSET,
        unreachable=_BY_FAULT,
    )
    TRANSFER_LTV_CHECK_ERROR = Row(131213, "TransferLTV check error", "doc", _ASSET, unreachable=_BY_FAULT)
    TRANSFER_ID_EXIST = Row(131214, "TransferId exist", "doc", _ASSET, unreachable=_BY_FAULT)
    AMOUNT_ERROR = Row(131215, "Amount error", "doc", _ASSET, unreachable=_BY_FAULT)
    QUERY_BALANCE_ERROR = Row(131216, "Query balance error", "doc", _ASSET, unreachable=_BY_FAULT)
    RISK_CHECK_ERROR = Row(131217, "Risk check error", "doc", _ASSET, unreachable=_BY_FAULT)
    SECURITY_REASONS = Row(
        131226,
        "Due to security reasons, we are unable to proceed with the current action. Should you have any "
        "enquiries, please reach out to our Customer Support",
        "doc",
        _ASSET,
        unreachable=_BY_FAULT,
    )
    NO_UNIVERSAL_TRANSFER_PERMISSION = Row(
        131227,
        "subaccount do not have universal transfer permission",
        "doc",
        _ASSET,
        unreachable=_BY_FAULT,
    )
    TRANSFER_SAFE_AMOUNT = Row(
        131228,
        "your balance is not enough. Please check transfer safe amount",
        "doc",
        _ASSET,
        unreachable=_BY_FAULT,
    )
    COMPLIANCE_FORBIDS_COIN = Row(
        131229,
        "Due to compliance requirements, the current currency is not allowed to transfer",
        "doc",
        _ASSET,
        unreachable=_BY_FAULT,
    )
    SYSTEM_BUSY = Row(131230, "The system is busy, please try again later", "doc", _ASSET, unreachable=_BY_FAULT)
    TRANSFER_IN_NOT_SUPPORTED = Row(
        131231,
        "Transfers into this account are not supported",
        "doc",
        _ASSET,
        unreachable=_BY_FAULT,
    )
    TRANSFER_OUT_NOT_SUPPORTED = Row(
        131232,
        "Transfers out this account are not supported",
        "doc",
        _ASSET,
        unreachable=_BY_FAULT,
    )
    ISLAMIC_ACCOUNT = Row(
        131233,
        "can not transfer the coin that not supported for islamic account",
        "doc",
        _ASSET,
        unreachable=_BY_FAULT,
    )
    COLLATERAL_LIMIT_EXCEEDED = Row(
        131239,
        "The collateral amount has exceeded the platform limit. Please disable the collateral for this "
        "asset, or transfer in another supported asset as collateral.",
        "doc",
        _ASSET,
        unreachable=_BY_FAULT,
    )
