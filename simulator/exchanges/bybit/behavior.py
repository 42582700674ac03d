"""Where Bybit refuses, which row answers there by default, and what about it is not known."""

from simulator.core.behavior import Field
from simulator.core.rows import Condition
from simulator.exchanges.bybit.errors import Errors

_V1 = "docs-legacy asset V1 error list (the V5 successor is not known)"


class Conditions:
    """Every place that refuses, in the order of the checks."""

    UNKNOWN_ROUTE = Condition("route.unknown", Errors.NOT_FOUND, "wild", "ccxt#19322", "no endpoint has this path")
    WRONG_METHOD = Condition(
        "route.wrong_method", Errors.NOT_FOUND, "unknown", "docs v5/error name 10017 too", "another method is right"
    )
    EMPTY_HEADER = Condition(
        "auth.empty_header", Errors.EMPTY_VALUE, "wild", "API catalogue", "a header of the three is missing or empty"
    )
    TIMESTAMP_NOT_A_NUMBER = Condition(
        "auth.timestamp_not_a_number", Errors.TIMESTAMP_INVALID, "wild", "API catalogue", "the timestamp is no integer"
    )
    RECV_WINDOW_NOT_A_NUMBER = Condition(
        "auth.recv_window_not_a_number",
        Errors.TIMESTAMP_INVALID,
        "unknown",
        "no capture",
        "the receive window is no integer",
    )
    OUTSIDE_WINDOW = Condition(
        "auth.timestamp_outside_window",
        Errors.TIMESTAMP_OUTSIDE_WINDOW,
        "wild",
        "docs v5/guide; pybit#191",
        "not server - window <= timestamp < server + 1000",
    )
    UNKNOWN_KEY = Condition("auth.unknown_key", Errors.API_KEY_INVALID, "wild", "ccxt#17025", "nobody has this key")
    EXPIRED_KEY = Condition("auth.expired_key", Errors.API_KEY_EXPIRED, "wild", "ccxt#17025", "the key has expired")
    WRONG_SIGNATURE = Condition(
        "auth.wrong_signature", Errors.SIGNATURE_WRONG, "wild", "bybit-api#448", "the signature is another one"
    )
    WRONG_IP = Condition(
        "auth.wrong_ip", Errors.IP_UNMATCHED, "wild", "bybit-api#555", "the caller's IP is not bound to the key"
    )
    NO_PERMISSION = Condition(
        "auth.no_permission", Errors.PERMISSION_DENIED, "wild", "rotki#9934", "the key lacks the permission"
    )
    READ_ONLY_KEY = Condition(
        "auth.read_only_key", Errors.PERMISSION_DENIED, "doc", "docs v5/user/apikey-info", "a read-only key writes"
    )
    RATE_LIMIT = Condition(
        "limit.exceeded", Errors.TOO_MANY_VISITS, "wild", "pybit#340", "too many calls of this endpoint"
    )
    DEMO = Condition(
        "account.demo", Errors.DEMO_NOT_SUPPORTED, "doc", "docs v5/demo", "demo trading has no withdrawals"
    )
    SUB_ACCOUNT = Condition(
        "account.sub_account",
        Errors.NOT_SUPPORT_SUB_ACCOUNT,
        "inferred",
        "docs-legacy 90014; docs v5/asset/withdraw/withdraw-record: master key only; the text is wild",
        "only the master account withdraws and sees withdrawals",
    )
    WRONG_CONTENT_TYPE = Condition(
        "body.wrong_content_type",
        Errors.PARAMS_ERROR,
        "unknown",
        "docs v5/guide show application/json; no capture of another",
        "the body is declared as something else than JSON",
    )
    BODY_NOT_AN_OBJECT = Condition(
        "body.not_an_object", Errors.PARAMS_ERROR, "unknown", "no capture", "the body is no JSON object"
    )
    ID_MISSING = Condition(
        "cancel.id_missing", Errors.PARAMS_ERROR, "unknown", "no capture", "there is no id, or it is empty"
    )
    ID_MALFORMED = Condition(
        "cancel.id_malformed",
        Errors.PARAMS_ERROR,
        "unknown",
        "no capture; the official Postman collection sends an integer, so integers pass",
        "the id is neither a string of digits nor an integer",
    )
    UNKNOWN_ID = Condition(
        "cancel.unknown_id", Errors.PARAMS_ERROR, "unknown", _V1 + ", 90045", "there is no such withdrawal"
    )
    FOREIGN_ID = Condition(
        "cancel.foreign_id", Errors.PARAMS_ERROR, "unknown", _V1 + ", 90046", "the withdrawal is another account's"
    )
    ALREADY_CANCELLED = Condition(
        "cancel.already_cancelled", Errors.NOT_CANCELLABLE, "inferred", _V1 + ", 90048", "it was cancelled before"
    )
    NOT_CANCELLABLE = Condition(
        "cancel.not_cancellable",
        Errors.NOT_CANCELLABLE,
        "doc",
        "docs v5/error, Chinese table: the current status does not allow it",
        "its status does not allow it any more",
    )
    CURSOR = Condition("list.bad_cursor", Errors.CURSOR_DECODE_ERROR, "wild", "API catalogue", "the cursor is broken")
    LIST_PARAMETER = Condition(
        "list.bad_parameter", Errors.PARAMS_ERROR, "inferred", "no capture", "a query parameter has no valid value"
    )


class Fields:
    """The structural choices."""

    UPPERCASE_HEX = Field(
        "signature.uppercase_hex",
        False,
        "unknown",
        "docs say only to convert to lower case",
        "accept an upper-case hex signature",
        (False, True),
    )
    CONTENT_TYPE_ENFORCED = Field(
        "body.content_type_is_enforced",
        True,
        "unknown",
        "docs v5/guide show application/json and do not say what else happens; no capture",
        "refuse a body that is declared as something else than JSON (none declared passes)",
        (True, False),
    )
    PENDING_CANCELLABLE = Field(
        "cancel.early_pending_is_cancellable",
        False,
        "unknown",
        "kdj.com says until broadcast; the documentation says nothing",
        "a withdrawal in public status Pending that is not broadcast yet can still be cancelled",
        (False, True),
    )
    RET_CODE_ON_SUCCESS = Field(
        "envelope.ret_code_on_success",
        False,
        "unknown",
        "the header Ret_code was seen on an error only (ccxt#15926)",
        "send the header Ret_code: 0 with a success too",
        (False, True),
    )
