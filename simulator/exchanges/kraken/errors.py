"""Kraken's answers: rows only. The code is the category of the text; every text is complete as it stands on the wire.

Shapes: "" is `{"error":[text]}` without a result, "result" is `{"error":[],"result":text}` with the text as JSON,
"html" is the page of the web server in front.
"""

from simulator.core.rows import Row

_GUIDE = "docs.kraken.com/exchange/guides/general/errors"
_SUPPORT = "support.kraken.com/articles/360001491786"
_ONLY = "only by behavior: nothing here is known to provoke it"
_CANCEL = "docs.kraken.com/api-reference/funding/request-withdrawal-cancellation"


class Errors:
    """What the gateway and the funding calls answer instead of success."""

    UNKNOWN_METHOD = Row(
        "EGeneral", "EGeneral:Unknown method", "wild", "krijnsent/crypto_vba ModExchKraken.bas", status=404
    )
    # The reason phrase is captured; the page is the one that nginx has built in.
    NOT_ALLOWED = Row(405, "Not Allowed", "wild", "krakenex#139, pykrakenapi#82", status=405, shape="html")
    TEMPORARY_LOCKOUT = Row("EGeneral", "EGeneral:Temporary lockout", "doc", _GUIDE)
    BAD_REQUEST = Row("EAPI", "EAPI:Bad request", "wild", "python-kraken-sdk#65")
    INVALID_KEY = Row(
        "EAPI", "EAPI:Invalid key", "wild", "python-kraken-sdk, live test of the base API: the whole body"
    )
    INVALID_NONCE = Row("EAPI", "EAPI:Invalid nonce", "wild", "npm-kraken-api#20")
    INVALID_SIGNATURE = Row("EAPI", "EAPI:Invalid signature", "wild", "ccxt#5128, krakenex#107, Kraken.Net#9")
    RATE_LIMIT_EXCEEDED = Row("EAPI", "EAPI:Rate limit exceeded", "doc", _GUIDE)
    TOO_MANY_REQUESTS = Row(
        "EGeneral",
        "EGeneral:Too many requests",
        "wild",
        "XChange#4369, ccxt#27468: sent by the edge; its HTTP status is not known",
        status=429,
        unreachable=_ONLY,
    )
    TOO_MANY_REQUESTS_200 = Row(
        "EGeneral", "EGeneral:Too many requests", "unknown", "the same with the other candidate", unreachable=_ONLY
    )
    ACCOUNT_DISABLED = Row("EAuth", "EAuth:Account temporary disabled", "doc", _GUIDE)
    ACCOUNT_UNCONFIRMED = Row("EAuth", "EAuth:Account unconfirmed", "doc", _GUIDE)
    ACCOUNT_PERMISSIONS = Row("EAccount", "EAccount:Invalid permissions", "doc", _GUIDE)
    PERMISSION_DENIED = Row("EGeneral", "EGeneral:Permission denied", "wild", "npm-kraken-api#61, python-kraken-sdk CI")
    INVALID_ARGUMENTS = Row(
        "EGeneral", "EGeneral:Invalid arguments{field}", "wild", "jorijn/bitcoin-dca#49; with a field krakenex#138"
    )
    SERVICE_UNAVAILABLE = Row("EService", "EService:Unavailable", "doc", _GUIDE)
    SERVICE_BUSY = Row("EService", "EService:Busy", "doc", _SUPPORT)
    SERVICE_DEADLINE = Row("EService", "EService:Deadline elapsed", "doc", _GUIDE)
    SERVICE_THROTTLED = Row("EService", "EService: Throttled: {now_s}", "doc", _GUIDE)
    INTERNAL_ERROR = Row("EGeneral", "EGeneral:Internal error", "doc", _GUIDE)
    UNKNOWN_ASSET = Row("EFunding", "EFunding:Unknown asset", "sdk", "ccxt's table of exceptions")
    UNKNOWN_QUERY_ASSET = Row("EQuery", "EQuery:Unknown asset", "wild", "answers of the public methods")
    UNKNOWN_REFERENCE_ID = Row("EFunding", "EFunding:Unknown reference id", "sdk", "python-kraken-sdk exceptions")
    INVALID_REFERENCE_ID = Row(
        "EFunding", "EFunding:Invalid reference id", "wild", "python-kraken-sdk commit 8f49422 (2023-02)"
    )
    UNKNOWN_WITHDRAW_KEY = Row("EFunding", "EFunding:Unknown withdraw key", "wild", "XChange#1085, habibalancer#16")
    INVALID_AMOUNT = Row("EFunding", "EFunding:Invalid amount", "wild", "habibalancer#16, XChange#2653")
    MAX_FEE_EXCEEDED = Row(
        "EFunding", "EFunding:Max fee exceeded", "doc", "docs.kraken.com/api-reference/funding/withdraw-funds"
    )
    NO_FUNDING_METHOD = Row("EFunding", "EFunding:No funding method", "wild", "kraken-api-client#10")
    INVALID_WITHDRAWAL_ADDRESS = Row(
        "EFunding",
        "EFunding:Invalid withdrawal address",
        "inferred",
        "docs.kraken.com/api-reference/funding/withdraw-funds has the words without a category",
    )
    UNKNOWN_ASSET_PAIR = Row("EQuery", "EQuery:Unknown asset pair", "wild", "answers of the public methods")
    INVALID_ASSET_PAIR = Row("EQuery", "EQuery:Invalid asset pair", "doc", _GUIDE, unreachable=_ONLY)
    TOO_MANY_ADDRESSES = Row("EFunding", "EFunding:Too many addresses", "sdk", "ccxt", unreachable=_ONLY)
    INVALID_STAKING_METHOD = Row("EFunding", "EFunding:Invalid staking method", "sdk", "ccxt", unreachable=_ONLY)
    FUNDING_RATE_LIMIT = Row(
        "EFunding", "EFunding:Rate limit exceeded", "wild", "habibalancer#6, for Lightning", unreachable=_ONLY
    )
    INSUFFICIENT_FUNDS = Row(
        "EFunding", "EFunding:Insufficient funds", "unknown", "tables of third parties; no capture", unreachable=_ONLY
    )
    BELOW_MINIMUM = Row(
        "EFunding", "EFunding:Below minimum", "unknown", "tables of third parties; no capture", unreachable=_ONLY
    )
    TOO_SMALL = Row(
        "EFunding", "EFunding:Too small", "unknown", "tables of third parties; no capture", unreachable=_ONLY
    )
    TOO_LARGE = Row(
        "EFunding", "EFunding:Too large", "unknown", "tables of third parties; no capture", unreachable=_ONLY
    )
    CANADIAN_LIMIT = Row("EBM", "EBM:limit exceeded:CAL", "doc", _GUIDE, unreachable=_ONLY)
    FEATURE_DISABLED = Row("EAPI", "EAPI:Feature disabled", "sdk", "tables of third parties", unreachable=_ONLY)
    INVALID_API_SESSION = Row("EAPI", "EAPI:Invalid session", "sdk", "tables of third parties", unreachable=_ONLY)
    AUTH_RATE_LIMIT = Row("EAuth", "EAuth:Rate limit exceeded", "doc", _GUIDE, unreachable=_ONLY)
    AUTH_TOO_MANY_REQUESTS = Row("EAuth", "EAuth:Too many requests", "doc", _GUIDE, unreachable=_ONLY)
    AUTH_FAILED = Row("EAuth", "EAuth:Failed", "sdk", "tables of third parties", unreachable=_ONLY)
    INDEX_UNAVAILABLE = Row(
        "EGeneral", "EGeneral:Invalid arguments:Index unavailable", "doc", _GUIDE, unreachable=_ONLY
    )
    INTERNAL_ERROR_5 = Row("EGeneral", "EGeneral:Internal error:5", "doc", _GUIDE, unreachable=_ONLY)
    BAD_DATA = Row("EGeneral", "EGeneral:Bad data", "doc", "documentation of Kraken Embed", unreachable=_ONLY)
    SERVICE_TIMEOUT = Row("EService", "EService:Timeout", "unknown", "tables of third parties", unreachable=_ONLY)
    CANCEL_ONLY = Row("EService", "EService:Market in cancel_only mode", "doc", _GUIDE, unreachable=_ONLY)
    POST_ONLY = Row("EService", "EService:Market in post_only mode", "doc", _GUIDE, unreachable=_ONLY)
    DATABASE_ERROR = Row("EDatabase", "EDatabase:Internal error", "sdk", "ccxt", unreachable=_ONLY)
    INVALID_SESSION = Row("ESession", "ESession:Invalid session", "sdk", "python-kraken-sdk", unreachable=_ONLY)
    DUPLICATE_WITHDRAW_KEY = Row(
        "EFunding", "EFunding:Duplicate withdraw key", "doc", "documentation of Kraken Embed", unreachable=_ONLY
    )
    NEXUS_UNKNOWN_ASSET = Row(
        "ENexus", "ENexus:Unknown asset", "doc", "documentation of Kraken Embed", unreachable=_ONLY
    )
    TRADE_INVALID_REQUEST = Row("ETrade", "ETrade:Invalid request", "doc", _GUIDE, unreachable=_ONLY)
    TRADE_USER_LOCKED = Row("ETrade", "ETrade:User Locked", "doc", _GUIDE, unreachable=_ONLY)
    TRADE_LOCKED = Row("ETrade", "ETrade:Locked", "sdk", "tables of third parties", unreachable=_ONLY)
    RESULT_TRUE = Row("", "true", "doc", _CANCEL, shape="result")
    RESULT_FALSE = Row("", "false", "doc", _CANCEL + ": whether cancellation was successful or not", shape="result")
    RESULT_EMPTY_LIST = Row(
        "",
        "[]",
        "doc",
        "docs.kraken.com/api-reference/funding/get-status-of-recent-withdrawals",
        shape="result",
        unreachable="only by behavior: the other candidate for a filter that names nothing",
    )
