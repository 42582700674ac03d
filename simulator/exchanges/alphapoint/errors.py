"""AlphaPoint's answers instead of success: rows only.

Shapes: "" is the generic object (result, errormsg, errorcode, detail); "login" the object that a refused login
answers, "locked" the same of a locked user, "second_factor" a refused code; "confirm" is result and errormsg alone;
"status" has a statuscode, as the template functions do; "text" is plain text: the body over HTTP, the `o` of a type 5
frame on a socket; "silence" is no answer at all. No other error codes exist here on purpose: the notbank SDK knows 0,
20, 100, 101, 102 and 104 and fails on any other.
"""

from simulator.core.rows import Row

_SLATE = "APEX documentation (alphapoint.github.io/slate)"
_V4 = "APEX 4.3 documentation (VulcanXOffical/API-Docs)"
_PROBE = "probe of apexapi.bitazza.com, 2026-09"
_STYLE = f"{_PROBE}: other functions name their fields so"


class Errors:
    """What the gateway, the login and the functions answer instead of success."""

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
    LOGIN_LOCKED = Row(
        "", "Invalid username or password", "inferred", f"{_SLATE}: Locked is true; the text is unknown", shape="locked"
    )
    SECOND_FACTOR_FAILED = Row(
        "", "", "wild", "comment with an answer in kip260384/alphapoint_client_php", shape="second_factor"
    )
    NOT_AUTHORIZED = Row(20, "Not Authorized", "doc", f"{_SLATE} CancelWithdraw")
    TEMPLATE_NOT_AUTHORIZED = Row(
        32, "Not Authorized", "doc", f"{_SLATE} GetWithdrawTemplateTypes, statuscode", shape="status"
    )
    ASSET_MANAGER_NOT_FOUND = Row(
        33, "AssetManager_Not_Found", "doc", f"{_SLATE} GetWithdrawTemplateTypes, statuscode", shape="status"
    )
    INVALID_REQUEST = Row(100, "Invalid Request", "wild", _PROBE)
    OMS_REQUIRED = Row(100, "Invalid Request", "wild", f"{_PROBE}, GetInstruments", detail="OMSId is Required")
    CANCEL_FIELDS_REQUIRED = Row(
        100,
        "Invalid Request",
        "inferred",
        _STYLE,
        detail="OMSId, UserId, AccountId and RequestCode are Required",
    )
    ACCOUNT_FIELDS_REQUIRED = Row(100, "Invalid Request", "inferred", _STYLE, detail="OMSId and AccountId are Required")
    PRODUCT_FIELDS_REQUIRED = Row(100, "Invalid Request", "inferred", _STYLE, detail="OMSId and ProductId are Required")
    FEE_FIELDS_REQUIRED = Row(
        100, "Invalid Request", "inferred", _STYLE, detail="OMSId, AccountId, ProductId and Amount are Required"
    )
    CREATE_FIELDS_REQUIRED = Row(
        100,
        "Invalid Request",
        "inferred",
        _STYLE,
        detail="OMSId, AccountId, ProductId, Amount, TemplateForm and TemplateType are Required",
    )
    OPERATOR_FIELDS_REQUIRED = Row(
        100, "Invalid Request", "inferred", _STYLE, detail="OMSId and OperatorId are Required"
    )
    UPDATE_FIELDS_REQUIRED = Row(
        100, "Invalid Request", "inferred", _STYLE, detail="OMSId, OperatorId and RequestCode are Required"
    )
    INVALID_OMS = Row(100, "Invalid Request", "wild", f"{_PROBE}, GetInstruments", detail="Invalid OMSId")
    INVALID_OMS_OR_OPERATOR = Row(
        100, "Invalid Request", "doc", f"{_SLATE} UpdateWithdrawTicket", detail="Invalid OMSId or OperatorId"
    )
    INSUFFICIENT_BALANCE = Row(
        100,
        "Invalid Request",
        "doc",
        f"{_SLATE} CreateWithdrawTicket; comment in kip260384/alphapoint_client_php",
        detail="Insufficient Balance",
    )
    TWO_FACTOR_REQUIRED = Row(
        100,
        "This endpoint requires 2FACode along with the payload",
        "sdk",
        "ccxt ndax maps this text to AuthenticationError; the code beside it is inferred",
    )
    OPERATION_FAILED = Row(101, "Operation Failed", "doc", f"{_SLATE} UpdateWithdrawTicket; detail inferred")
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
    OPERATION_NOT_SUPPORTED = Row(106, "Operation Not Supported", "doc", f"{_SLATE} Withdraw")
    OPERATION_IN_PROCESS = Row(
        107,
        "Operation In Process",
        "doc",
        f"{_V4} SendOrderList",
        unreachable="only lists of orders are answered so, and there are no orders here",
    )
    JWT_REFUSED = Row(
        401,
        "Not Authorized",
        "doc",
        f"{_V4} SSOEnsureUser",
        unreachable="only single sign-on by JWT is answered so, and there is none here",
    )
    ALREADY_SUBSCRIBED = Row(
        909, "Already Subscribed.", "wild", f"{_PROBE}; the detail is the request's payload", detail="{payload}"
    )
    CONFIRM_FAILED = Row(
        "", "Operation Failed", "unknown", f"{_SLATE} ConfirmWithdraw: false and an errormsg unknown", shape="confirm"
    )
