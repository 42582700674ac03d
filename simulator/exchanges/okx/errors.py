"""OKX's errors: rows only. The text is what was seen on the wire where that is known, else the documentation's table.

The two differ often (50113 is documented as "Invalid signature." and sent as "Invalid Sign"). Shapes: `gateway` is
{"msg","code"}; `service` is {"code","data":[],"msg"}; `edge` is the web framework's object with a numeric code.
"""

from simulator.core.rows import Row

_TABLE = "docs-v5 error code table"
_UNSEEN = _TABLE + "; no capture, the shape of the body is concluded"
_TEMPLATE = _TABLE + "; worded after the captured text of 50103"


class Errors:
    """What the gateway, the asset service and the web server in front of them answer instead of success."""

    NOT_FOUND = Row(404, "Not Found", "wild", "probe of api.okj.com, an OKX V5 gateway, 2026-09", 404, "edge")
    INTERNAL_SERVER_ERROR = Row(
        500, "Internal Server Error", "wild", "captured from GET asset/transfer-state; ccxt okx.py", 500, "edge"
    )
    METHOD_INVALID = Row(
        50115, "Invalid request method", "inferred", "405 seen on www.okx.com; text after " + _TABLE, 405, "gateway"
    )
    KEY_EMPTY = Row(
        50103, "Request header OK-ACCESS-KEY can not be empty.", "wild", "www.okx.com, 2026-08", 401, "gateway"
    )
    PASSPHRASE_EMPTY = Row(
        50104, "Request header OK-ACCESS-PASSPHRASE can not be empty.", "inferred", _TEMPLATE, 401, "gateway"
    )
    SIGN_EMPTY = Row(50106, "Request header OK-ACCESS-SIGN can not be empty.", "inferred", _TEMPLATE, 401, "gateway")
    TIMESTAMP_EMPTY = Row(
        50107, "Request header OK-ACCESS-TIMESTAMP can not be empty.", "inferred", _TEMPLATE, 401, "gateway"
    )
    TIMESTAMP_INVALID = Row(
        50112, "Invalid OK-ACCESS-TIMESTAMP", "wild", "live answers of 2023-12; status as documented", 401, "gateway"
    )
    TIMESTAMP_EXPIRED = Row(50102, "Timestamp request expired", "wild", "www.okx.com, 2026-08", 401, "gateway")
    KEY_INVALID = Row(50111, "Invalid OK-ACCESS-KEY", "wild", "signed probe with a made-up key", 401, "gateway")
    KEY_UNKNOWN = Row(50119, "API key doesn't exist", "wild", "www.okx.com, 2026-08: zero UUID", 401, "gateway")
    API_FROZEN = Row(50100, "API frozen, please contact customer service.", "doc", _TABLE, 400, "gateway")
    USER_BLOCKED = Row(50007, "User blocked.", "doc", _TABLE, 200, "gateway")
    IP_NOT_LISTED = Row(
        50110,
        "Your IP {ip} is not included in your API key's {api_key} IP whitelist.",
        "wild",
        "comment in OctoBot's OKX connector; live answers of 2023-12",
        401,
        "gateway",
    )
    IP_INVALID = Row(50110, "Invalid IP", "wild", "answers of 2022", 401, "gateway")
    ENVIRONMENT = Row(
        50101, "APIKey does not match current environment.", "wild", "live answers of 2023-12", 401, "gateway"
    )
    PASSPHRASE_WRONG = Row(
        50105, "Request header OK-ACCESS-PASSPHRASE incorrect.", "wild", "captured, status 401", 401, "gateway"
    )
    SIGN_WRONG = Row(50113, "Invalid Sign", "wild", "captured, status 401", 401, "gateway")
    TOO_MANY_REQUESTS = Row(50011, "Too Many Requests", "wild", "www.okx.com, 2026-08", 429, "gateway")
    RATE_LIMIT_REACHED = Row(
        50011,
        "Rate limit reached. Please refer to API documentation and throttle requests accordingly.",
        "doc",
        _TABLE,
        200,
        "service",
    )
    NO_PERMISSION = Row(
        50120,
        "This API key doesn't have permission to use this function",
        "wild",
        "my.okx.com demo, 2026-07; the table says HTTP 200",
        401,
        "gateway",
    )
    AUTHORITY_INVALID = Row(
        50114, "Invalid Authority", "wild", "gocryptotrader okx_test.go, 2022: a key without permission", 401, "gateway"
    )
    CONTENT_TYPE = Row(50006, 'Invalid Content-Type. Please use "application/JSON".', "doc", _UNSEEN, 400, "gateway")
    BODY_EMPTY = Row(50000, "Body for POST request cannot be empty.", "doc", _UNSEEN, 400, "gateway")
    JSON_SYNTAX = Row(50002, "JSON syntax error", "doc", _UNSEEN, 400, "gateway")
    PARAMETER_EMPTY = Row(
        50014,
        "Parameter {name} can not be empty.",
        "wild",
        "public data, 2026; the shape is the asset service's",
        400,
        "service",
    )
    PARAMETER_EMPTY_2022 = Row(
        50014, "Parameter {name} cant be empty.", "wild", "GET asset/transfer-state, 2021-22", 400, "service"
    )
    PARAMETER_ERROR = Row(
        51000,
        "Parameter {name} error.",
        "wild",
        "captured as `Parameter sz error.` with HTTP 200 (api.okj.com, 2026-09); the table has no full stop and HTTP "
        "400; the shape is the asset service's",
        200,
        "service",
    )
    DEMO_UNAVAILABLE = Row(
        50038, "This feature is unavailable in demo trading", "wild", "my.okx.com demo, 2026-07", 200, "service"
    )
    SERVICE_UNAVAILABLE = Row(
        50001, "Service temporarily unavailable. Please try again later.", "doc", _TABLE, 503, "service"
    )
    SYSTEMS_BUSY = Row(50013, "Systems are busy. Please try again later.", "doc", _TABLE, 429, "service")
    ACCOUNT_BLOCKED = Row(58004, "Account blocked.", "doc", _TABLE, 200, "service")
    SUB_ACCOUNT = Row(
        58209,
        "Sub-accounts don't support withdrawals or deposits. Please use your main account instead",
        "doc",
        _TABLE,
        200,
        "service",
    )
    TOKEN_UNAVAILABLE = Row(
        58006,
        "Service unavailable for token {token}.",
        "doc",
        _TABLE + "; that it names the token was seen on my.okx.com demo, 2026-07",
        200,
        "service",
    )
    ID_UNKNOWN = Row(58215, "Withdrawal ID does not exist.", "doc", _TABLE, 200, "service")
    NOT_ALLOWED = Row(58216, "Operation not allowed.", "doc", _TABLE, 200, "service")
    ALREADY_CANCELLED = Row(58220, "Withdrawal request already canceled.", "doc", _TABLE, 200, "service")
