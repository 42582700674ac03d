"""Kraken's answers: rows only. The code is the category of the text; every text is complete as it stands on the wire.

Shapes: "" is `{"error":[text]}` without a result, "result" is `{"error":[],"result":text}` with the text as JSON,
"html" is the page of the web server in front.
"""

from simulator.core.rows import Row

_GUIDE = "docs.kraken.com/exchange/guides/general/errors"
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
    )
    ACCOUNT_DISABLED = Row("EAuth", "EAuth:Account temporary disabled", "doc", _GUIDE)
    ACCOUNT_UNCONFIRMED = Row("EAuth", "EAuth:Account unconfirmed", "doc", _GUIDE)
    ACCOUNT_PERMISSIONS = Row("EAccount", "EAccount:Invalid permissions", "doc", _GUIDE)
    PERMISSION_DENIED = Row("EGeneral", "EGeneral:Permission denied", "wild", "npm-kraken-api#61, python-kraken-sdk CI")
    INVALID_ARGUMENTS = Row(
        "EGeneral", "EGeneral:Invalid arguments{field}", "wild", "jorijn/bitcoin-dca#49; with a field krakenex#138"
    )
    SERVICE_UNAVAILABLE = Row("EService", "EService:Unavailable", "doc", _GUIDE)
    SERVICE_BUSY = Row("EService", "EService:Busy", "doc", "support.kraken.com/articles/360001491786")
    SERVICE_DEADLINE = Row("EService", "EService:Deadline elapsed", "doc", _GUIDE)
    SERVICE_THROTTLED = Row("EService", "EService: Throttled: {now_s}", "doc", _GUIDE)
    INTERNAL_ERROR = Row("EGeneral", "EGeneral:Internal error", "doc", _GUIDE)
    UNKNOWN_ASSET = Row("EFunding", "EFunding:Unknown asset", "sdk", "ccxt's table of exceptions")
    UNKNOWN_QUERY_ASSET = Row("EQuery", "EQuery:Unknown asset", "wild", "answers of the public methods")
    UNKNOWN_REFERENCE_ID = Row("EFunding", "EFunding:Unknown reference id", "sdk", "python-kraken-sdk exceptions")
    INVALID_REFERENCE_ID = Row(
        "EFunding", "EFunding:Invalid reference id", "wild", "python-kraken-sdk commit 8f49422 (2023-02)"
    )
    RESULT_TRUE = Row("", "true", "doc", _CANCEL, shape="result")
    RESULT_FALSE = Row("", "false", "doc", _CANCEL + ": whether cancellation was successful or not", shape="result")
    RESULT_EMPTY_LIST = Row(
        "", "[]", "doc", "docs.kraken.com/api-reference/funding/get-status-of-recent-withdrawals", shape="result"
    )
