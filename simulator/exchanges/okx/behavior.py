"""Where OKX refuses, which row answers there by default, and what about it is not known."""

from simulator.core.behavior import Field
from simulator.core.rows import Condition
from simulator.exchanges.okx.errors import Errors

_TABLE = "docs-v5 error code table"
_ORDER = _TABLE + "; which of 50104, 50106 and 50107 comes first is not known, the numeric order is chosen"
_UNSEEN = _TABLE + "; no capture, the place (after authentication and permission) is concluded"
_HISTORY = "docs-v5 Get withdrawal history"
_PROBES = "probes of www.okx.com, 2026-08"


class Conditions:
    """Every place that refuses, in the order of the checks."""

    UNKNOWN_ROUTE = Condition(
        "route.unknown", Errors.NOT_FOUND, "wild", "404 before authentication", "no endpoint has this path"
    )
    WRONG_METHOD = Condition(
        "route.wrong_method", Errors.METHOD_INVALID, "wild", "405 before authentication", "another method is right"
    )
    KEY_EMPTY = Condition(
        "auth.key_empty", Errors.KEY_EMPTY, "wild", _PROBES, "the header OK-ACCESS-KEY is missing or empty"
    )
    PASSPHRASE_EMPTY = Condition(
        "auth.passphrase_empty",
        Errors.PASSPHRASE_EMPTY,
        "doc",
        _ORDER,
        "the header OK-ACCESS-PASSPHRASE is missing or empty",
    )
    SIGN_EMPTY = Condition(
        "auth.sign_empty", Errors.SIGN_EMPTY, "doc", _ORDER, "the header OK-ACCESS-SIGN is missing or empty"
    )
    TIMESTAMP_EMPTY = Condition(
        "auth.timestamp_empty",
        Errors.TIMESTAMP_EMPTY,
        "doc",
        _ORDER,
        "the header OK-ACCESS-TIMESTAMP is missing or empty",
    )
    TIMESTAMP_INVALID = Condition(
        "auth.timestamp_invalid",
        Errors.TIMESTAMP_INVALID,
        "inferred",
        "docs-v5 give ISO 8601 in UTC with Z; gocryptotrader sends no fraction; epochs and offsets are not known",
        "the timestamp is not YYYY-MM-DDThh:mm:ss[.mmm]Z",
    )
    TIMESTAMP_EXPIRED = Condition(
        "auth.timestamp_expired",
        Errors.TIMESTAMP_EXPIRED,
        "wild",
        _PROBES + ": before the key is looked up; that the future is treated alike is concluded",
        "the timestamp is more than 30 s away from the server's clock",
    )
    KEY_MALFORMED = Condition(
        "auth.key_malformed",
        Errors.KEY_INVALID,
        "inferred",
        "a made-up key gave 50111, a well-formed unknown one 50119; the WebSocket shows the same pair",
        "nobody has this key, and it is no lower-case UUID",
    )
    UNKNOWN_KEY = Condition(
        "auth.unknown_key", Errors.KEY_UNKNOWN, "wild", _PROBES, "nobody has this key, which is a lower-case UUID"
    )
    EXPIRED_KEY = Condition(
        "auth.expired_key",
        Errors.KEY_UNKNOWN,
        "inferred",
        "docs-v5: keys with trade or withdraw permission and no IP list expire after 14 days of disuse, demo keys do "
        "not; the answer is concluded",
        "the key has expired",
    )
    API_FROZEN = Condition("auth.api_frozen", Errors.API_FROZEN, "inferred", _TABLE, "the account's API is frozen")
    USER_BLOCKED = Condition("auth.user_blocked", Errors.USER_BLOCKED, "inferred", _TABLE, "the user is blocked")
    WRONG_IP = Condition(
        "auth.wrong_ip", Errors.IP_NOT_LISTED, "wild", "OctoBot's OKX connector", "the caller's IP is not on the list"
    )
    WRONG_ENVIRONMENT = Condition(
        "auth.wrong_environment",
        Errors.ENVIRONMENT,
        "wild",
        "live answers of 2023-12",
        "x-simulated-trading is 1 and the key is no demo key, or the reverse",
    )
    WRONG_PASSPHRASE = Condition(
        "auth.wrong_passphrase", Errors.PASSPHRASE_WRONG, "wild", "captured", "the passphrase is another one"
    )
    WRONG_SIGNATURE = Condition(
        "auth.wrong_signature", Errors.SIGN_WRONG, "wild", "captured", "the signature is another one"
    )
    RATE_LIMIT = Condition(
        "limit.exceeded", Errors.TOO_MANY_REQUESTS, "wild", _PROBES, "too many calls of this endpoint by this user"
    )
    NO_PERMISSION = Condition(
        "auth.no_permission",
        Errors.NO_PERMISSION,
        "wild",
        "my.okx.com demo, 2026-07: before parameters and the demo gate",
        "the key lacks the permission",
    )
    CONTENT_TYPE = Condition(
        "body.content_type",
        Errors.CONTENT_TYPE,
        "unknown",
        _UNSEEN + "; whether it is enforced at all is not known",
        "the Content-Type is not application/json",
    )
    BODY_EMPTY = Condition("body.empty", Errors.BODY_EMPTY, "inferred", _UNSEEN, "a POST has no body")
    BODY_NOT_JSON = Condition("body.not_json", Errors.JSON_SYNTAX, "inferred", _UNSEEN, "the body is not JSON")
    BODY_NOT_AN_OBJECT = Condition(
        "body.not_an_object", Errors.JSON_SYNTAX, "unknown", "no capture", "the body is JSON but no object"
    )
    ID_MISSING = Condition(
        "cancel.id_missing", Errors.PARAMETER_EMPTY, "doc", _TABLE, "there is no wdId, or it is null or empty"
    )
    ID_MALFORMED = Condition(
        "cancel.id_malformed",
        Errors.PARAMETER_ERROR,
        "unknown",
        "no capture",
        "the wdId is an array or an object (or a number or boolean where those are not taken)",
    )
    DEMO = Condition(
        "cancel.demo",
        Errors.DEMO_UNAVAILABLE,
        "wild",
        "my.okx.com demo, 2026-07, on other writes of the funding account",
        "demo trading has no withdrawals",
    )
    ACCOUNT_BLOCKED = Condition(
        "cancel.account_blocked", Errors.ACCOUNT_BLOCKED, "inferred", _TABLE, "the funding account is blocked"
    )
    SUB_ACCOUNT = Condition(
        "cancel.sub_account", Errors.SUB_ACCOUNT, "inferred", _TABLE, "only the main account withdraws"
    )
    UNKNOWN_ID = Condition(
        "cancel.unknown_id", Errors.ID_UNKNOWN, "inferred", _TABLE, "there is no withdrawal with this wdId"
    )
    FOREIGN_ID = Condition(
        "cancel.foreign_id", Errors.ID_UNKNOWN, "inferred", _TABLE, "the withdrawal is another account's"
    )
    LIGHTNING = Condition(
        "cancel.lightning",
        Errors.NOT_ALLOWED,
        "inferred",
        "docs-v5 Cancel withdrawal says that it cannot be; the code is concluded",
        "a withdrawal on Lightning can never be cancelled",
    )
    STILL_CANCELLING = Condition(
        "cancel.still_cancelling", Errors.ALREADY_CANCELLED, "unknown", _TABLE, "it is in state -3 already"
    )
    ALREADY_CANCELLED = Condition(
        "cancel.already_cancelled", Errors.ALREADY_CANCELLED, "inferred", _TABLE, "it is in state -2 already"
    )
    NOT_CANCELLABLE = Condition(
        "cancel.not_cancellable",
        Errors.NOT_ALLOWED,
        "inferred",
        _HISTORY + " says that only 0, 17 and 19 can be cancelled; the code is concluded",
        "its state is none of 0, 17 and 19",
    )
    LIST_PARAMETER = Condition(
        "list.bad_parameter", Errors.PARAMETER_ERROR, "unknown", "no capture", "a query parameter has no valid value"
    )
    UNKNOWN_CURRENCY = Condition(
        "list.unknown_currency", Errors.TOKEN_UNAVAILABLE, "wild", "my.okx.com demo, 2026-07", "nobody knows the ccy"
    )


class Fields:
    """The structural choices."""

    KEY_SHAPE_BEFORE_TIMESTAMP = Field(
        "auth.key_shape_before_timestamp",
        False,
        "unknown",
        "no capture of a malformed key with a wrong timestamp",
        "answer a key that is no UUID before the timestamp is looked at (set for the whole exchange)",
        (False, True),
    )
    ENVIRONMENT_BEFORE_IP = Field(
        "auth.environment_before_ip",
        False,
        "inferred",
        "one developer met 50110 before 50101",
        "compare the environment before the IP list",
        (False, True),
    )
    SIGNATURE_BEFORE_PASSPHRASE = Field(
        "auth.signature_before_passphrase",
        False,
        "unknown",
        "no capture with both wrong",
        "verify the signature before the passphrase",
        (False, True),
    )
    LIMIT_WINDOW = Field(
        "limit.window",
        "fixed",
        "inferred",
        "a burst of 60 on a limit of 20 in 2 s let 33 pass (www.okx.com, 2026-08): too many for one sliding window if "
        "it took less than 2 s, but several nodes would explain it too. Whether a refused call counts is not known: in "
        "a fixed window it makes no difference, in the sliding one here it does not count",
        "windows aligned with the clock, or a sliding one",
        ("fixed", "sliding"),
    )
    CANCEL_PERMISSION = Field(
        "cancel.permission",
        "trade",
        "doc",
        "docs-v5 Cancel withdrawal, English and Chinese; Withdrawal itself takes Withdraw",
        "the permission that the cancel call takes",
        ("trade", "withdraw", "trade or withdraw"),
    )
    CONTENT_TYPE_CHECKED = Field(
        "body.content_type_checked",
        True,
        "unknown",
        "docs-v5 have the code 50006; no capture",
        "refuse a POST whose Content-Type is not application/json",
        (True, False),
    )
    COERCES_SCALARS = Field(
        "cancel.coerces_scalars",
        True,
        "inferred",
        "Java's usual binding; python-okx sends a number when it is given one",
        "take a number or boolean for its text where the wdId is documented as a string",
        (True, False),
    )
    REPEAT_WHILE_CANCELLING = Field(
        "cancel.repeat_while_cancelling",
        "refused",
        "unknown",
        "no capture",
        "what a further cancel in state -3 gets: a refusal, or the same acknowledgement again",
        ("refused", "accepted"),
    )
