"""Bybit's errors: rows only. The text is what was seen on the wire where that is known, else the documentation's.

Shapes: "" is the envelope with an empty result, "empty" a reply without a body, "status_zero" the cancel result 0.
"""

from simulator.core.rows import Row

_CATALOGUE = "graycraft/api-tools response/bybit/status.json (answers of V5, 2024-09 to 2025-03)"


class Errors:
    """What the gateway and the cancel call answer instead of success."""

    NOT_FOUND = Row(404, "", "wild", "ccxt#19322: Content-Length 0 with JSON content type", status=404, shape="empty")
    ROUTE_NOT_FOUND = Row(10017, "Route not found.", "doc", "docs v5/error")
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
    API_KEY_INVALID = Row(10003, "API key is invalid.", "wild", "ccxt#17025, bybit-java-api#57")
    API_KEY_EXPIRED = Row(33004, "Your api key has expired.", "wild", "ccxt#17025")
    SIGNATURE_WRONG = Row(10004, "error sign! origin_string[{origin}]", "wild", "bybit-api#448 (2025-05)")
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
    PARAMETER_ERROR = Row(131002, "Parameter error", "doc", "docs v5/error, asset table")
    NOT_SUPPORT_SUB_ACCOUNT = Row(131003, "Not Support Sub Account", "wild", _CATALOGUE)
    NOT_CANCELLABLE = Row(
        131099,
        "Hot wallet status can cancel the withdraw",
        "doc",
        "docs v5/error, asset table (sic: the Chinese table says that it cannot); wire text unknown",
    )
    REPEATED_REQUEST = Row(131082, "Do not repeat the request", "doc", "docs v5/error, asset table")
    SERVICE_ERROR = Row(131001, "openapi svc error", "wild", "pybit#311")
    SERVER_ERROR = Row(131200, "server err ", "wild", _CATALOGUE)
    STATUS_ZERO = Row(
        0, "success", "doc", "docs v5/asset/withdraw/cancel-withdraw: status 0 is fail", shape="status_zero"
    )
    CURSOR_DECODE_ERROR = Row(131002, "Cursor Decode Error", "wild", _CATALOGUE)
