"""AlphaPoint's answers instead of success: rows only.

Shapes: "" is the generic object (result, errormsg, errorcode, detail); "login" the object that a refused login
answers; "text" is plain text: the body over HTTP, the `o` of a type 5 frame on a socket; "silence" is no answer at
all. No other error codes exist here on purpose: the notbank SDK knows 0, 20, 100, 101, 102 and 104 and fails on any
other.
"""

from simulator.core.rows import Row

_SLATE = "APEX documentation (alphapoint.github.io/slate)"
_V4 = "APEX 4.3 documentation (VulcanXOffical/API-Docs)"
_PROBE = "probe of apexapi.bitazza.com, 2026-09"


class Errors:
    """What the gateway, the login and the withdraw functions answer instead of success."""

    NOT_FOUND = Row(
        404,
        "NOT FOUND",
        "wild",
        f"{_PROBE}; ccxt#26827; its Content-Type text/plain [inferred]",
        status=404,
        shape="text",
    )
    ENDPOINT_NOT_FOUND = Row(404, "Endpoint Not Found", "wild", f"{_PROBE}, type 5 frame", status=404, shape="text")
    TOO_MANY_REQUESTS = Row(
        429,
        "TOO MANY REQUESTS",
        "sdk",
        "hummingbot ndax compares this text; the status is unknown, text/plain inferred",
        429,
        shape="text",
    )
    SILENCE = Row(
        "", "", "wild", f"{_PROBE}: text that is no JSON gets no answer, the socket stays open", shape="silence"
    )
    LOGIN_FAILED = Row(
        "", "Invalid username or password", "inferred", f"{_SLATE}, in the letter case of a success", shape="login"
    )
    NOT_AUTHORIZED = Row(20, "Not Authorized", "doc", f"{_SLATE} CancelWithdraw")
    INVALID_REQUEST = Row(100, "Invalid Request", "wild", _PROBE)
    CANCEL_FIELDS_REQUIRED = Row(
        100,
        "Invalid Request",
        "inferred",
        f"{_PROBE}: other functions name their fields so",
        detail="OMSId, UserId, AccountId and RequestCode are Required",
    )
    ACCOUNT_FIELDS_REQUIRED = Row(
        100,
        "Invalid Request",
        "inferred",
        f"{_PROBE}: other functions name their fields so",
        detail="OMSId and AccountId are Required",
    )
    INVALID_OMS = Row(100, "Invalid Request", "wild", f"{_PROBE}, GetInstruments", detail="Invalid OMSId")
    TWO_FACTOR_REQUIRED = Row(
        100,
        "This endpoint requires 2FACode along with the payload",
        "sdk",
        "ccxt ndax maps this text to AuthenticationError; the code beside it is inferred",
    )
    TICKET_NOT_FOUND = Row(
        101,
        "Operation Failed",
        "doc",
        f"{_V4} CancelWithdraw (sic: Ticket, OmsId)",
        detail="Withdraw Ticket not found for OmsId, AccountId, RequestCode",
    )
    ALREADY_PROCESSED = Row(
        101,
        "Operation Failed",
        "doc",
        f"{_V4} CancelWithdraw (sic: ticket)",
        detail="Withdraw ticket already processed",
    )
    SERVER_ERROR = Row(
        102,
        "Server Error",
        "sdk",
        "ccxt ndax.py",
        unreachable="no request makes the server fail; map a condition to this row",
    )
    RESOURCE_NOT_FOUND = Row(104, "Resource Not Found", "sdk", "ccxt ndax.py, detail null")
