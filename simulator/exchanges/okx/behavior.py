"""Where OKX refuses, which row answers there by default, and what about it is not known."""

from simulator.core.behavior import Field
from simulator.core.rows import Condition
from simulator.exchanges.okx.errors import Errors

_TABLE = "docs-v5 error code table"
_ORDER = _TABLE + "; which of 50104, 50106 and 50107 comes first is not known, the numeric order is chosen"
_UNSEEN = _TABLE + "; no capture, the place (after authentication and permission) is concluded"
_HISTORY = "docs-v5 Get withdrawal history"
_PROBES = "probes of www.okx.com, 2026-08"
_SOCKETS = "docs-v5 error code table, WebSocket"
_CLOSES = "docs-v5 error code table, close frames"
_DEMO = "my.okx.com demo, 2026-07, on other writes of the funding account; docs-v5: demo trading does not withdraw"


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
        "nobody has this key, and it is no lower-case UUID (set for the whole exchange: the call is no account's)",
    )
    UNKNOWN_KEY = Condition(
        "auth.unknown_key",
        Errors.KEY_UNKNOWN,
        "wild",
        _PROBES,
        "nobody has this key, which is a lower-case UUID (set for the whole exchange: the call is no account's)",
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
        "inferred",
        _DEMO,
        "demo trading has no withdrawals",
    )
    ACCOUNT_BLOCKED = Condition(
        "cancel.account_blocked", Errors.ACCOUNT_BLOCKED, "inferred", _TABLE, "the funding account is blocked"
    )
    SUB_ACCOUNT = Condition(
        "cancel.sub_account", Errors.SUB_ACCOUNT, "inferred", _TABLE, "only the main account withdraws"
    )
    ID_NOT_NUMERIC = Condition(
        "cancel.id_not_numeric",
        Errors.ID_UNKNOWN,
        "unknown",
        "no capture; 51000 is as likely",
        "the wdId is not all digits: letters, a fraction, true or false",
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
    PARAMETER_MISSING = Condition(
        "create.parameter_missing",
        Errors.PARAMETER_EMPTY,
        "doc",
        _TABLE,
        "one of ccy, amt, dest and toAddr is absent, null or empty (on Lightning: ccy and invoice)",
    )
    PARAMETER_MALFORMED = Condition(
        "create.parameter_malformed",
        Errors.PARAMETER_ERROR,
        "unknown",
        "no capture",
        "a parameter has another type or no valid value",
    )
    CREATE_DEMO = Condition(
        "create.demo",
        Errors.DEMO_UNAVAILABLE,
        "inferred",
        _DEMO,
        "demo trading has no withdrawals (on Lightning too)",
    )
    CREATE_ACCOUNT_BLOCKED = Condition(
        "create.account_blocked",
        Errors.ACCOUNT_BLOCKED,
        "inferred",
        _TABLE,
        "the funding account is blocked (on Lightning too)",
    )
    CREATE_SUB_ACCOUNT = Condition(
        "create.sub_account",
        Errors.SUB_ACCOUNT,
        "inferred",
        "docs-v5 Withdrawal: sub-accounts do not withdraw; the code is that of the error code table",
        "only the main account withdraws (on Lightning too)",
    )
    CHAIN_UNKNOWN = Condition(
        "create.chain_unknown", Errors.CHAIN_UNSUPPORTED, "inferred", _TABLE, "the currency has no such chain"
    )
    CHAIN_SUSPENDED = Condition(
        "create.chain_suspended", Errors.CHAIN_SUSPENDED, "inferred", _TABLE, "the chain is under maintenance"
    )
    CHAIN_DELISTED = Condition(
        "create.chain_delisted", Errors.CHAIN_DELISTED, "inferred", _TABLE, "the chain is delisted"
    )
    TAG_MISSING = Condition(
        "create.tag_missing", Errors.TAG_MISSING, "inferred", _TABLE, "the chain takes address:tag, and there is no tag"
    )
    ADDRESS_INVALID = Condition(
        "create.address_invalid", Errors.ADDRESS_INVALID, "inferred", _TABLE, "no address of this chain looks like it"
    )
    NO_ADDRESS = Condition(
        "create.no_address",
        Errors.NO_ADDRESS,
        "inferred",
        "ccxt#13519 shows the answer, not what caused it",
        "the account has no verified address at all",
    )
    ADDRESS_NOT_VERIFIED = Condition(
        "create.address_not_verified",
        Errors.ADDRESS_NOT_VERIFIED,
        "wild",
        "ccxt#16389; answers of 2023 and 2024",
        "the address is not on the account's list of verified addresses",
    )
    TOO_FINE = Condition(
        "create.too_fine",
        Errors.PARAMETER_ERROR,
        "unknown",
        "no capture",
        "the amount has more decimals than wdTickSz",
    )
    BELOW_MINIMUM = Condition(
        "create.below_minimum",
        Errors.BELOW_MINIMUM,
        "inferred",
        _TABLE,
        "the amount is less than minWd, for internal transfers minInternal",
    )
    ABOVE_MAXIMUM = Condition(
        "create.above_maximum", Errors.ABOVE_MAXIMUM, "inferred", _TABLE, "the amount is more than maxWd"
    )
    DAILY_LIMIT = Condition(
        "create.daily_limit", Errors.DAILY_LIMIT, "inferred", _TABLE, "the account's limit for 24 hours is passed"
    )
    RECIPIENT_MISSING = Condition(
        "create.recipient_missing",
        Errors.RECIPIENT_MISSING,
        "inferred",
        _TABLE,
        "the account's entity wants rcvrInfo, and there is none",
    )
    PRIVATE_WALLET = Condition(
        "create.private_wallet",
        Errors.PRIVATE_WALLET,
        "inferred",
        _TABLE,
        "the account's entity does not let the API withdraw to private wallets",
    )
    WALLET_UNPROVEN = Condition(
        "create.wallet_unproven",
        Errors.WALLET_UNPROVEN,
        "inferred",
        _TABLE,
        "the account's entity wants a private wallet to be proven first",
    )
    RECIPIENT_INCOMPLETE = Condition(
        "create.recipient_incomplete",
        Errors.RECIPIENT_INCOMPLETE,
        "inferred",
        _TABLE,
        "rcvrInfo lacks a name, the country or (of an exchange) its exchId",
    )
    INTERNAL_ADDRESS = Condition(
        "create.internal_address",
        Errors.INTERNAL_ADDRESS,
        "inferred",
        _TABLE,
        "an internal transfer's toAddr is no user id, e-mail address, phone number or account name",
    )
    AREA_CODE_MISSING = Condition(
        "create.area_code_missing",
        Errors.PARAMETER_EMPTY,
        "inferred",
        "docs-v5 Withdrawal: required when toAddr is a phone number; the code is concluded",
        "an internal transfer goes to a phone number without areaCode",
    )
    INTERNAL_UNKNOWN = Condition(
        "create.internal_unknown", Errors.INTERNAL_FAILED, "inferred", _TABLE, "nobody has this user id, number or name"
    )
    LIGHTNING_DENIED = Condition(
        "lightning.denied",
        Errors.LIGHTNING_DENIED,
        "inferred",
        _TABLE + "; gocryptotrader: open to some users only",
        "the account may not use Lightning",
    )
    LIGHTNING_CURRENCY = Condition(
        "lightning.currency", Errors.TOKEN_UNAVAILABLE, "inferred", _TABLE, "the currency is not BTC"
    )
    INVOICE_INVALID = Condition(
        "lightning.invoice_invalid", Errors.INVOICE_INVALID, "inferred", _TABLE, "the text is no invoice"
    )
    INVOICE_EXPIRED = Condition(
        "lightning.invoice_expired", Errors.INVOICE_EXPIRED, "inferred", _TABLE, "the invoice's time is over"
    )
    INVOICE_AMOUNT = Condition(
        "lightning.invoice_amount",
        Errors.INVOICE_AMOUNT,
        "inferred",
        _TABLE + ", where the text speaks of deposits",
        "the invoice asks for too little or too much",
    )
    CLIENT_ID_TAKEN = Condition(
        "create.client_id_taken",
        Errors.CLIENT_ID_TAKEN,
        "unknown",
        _TABLE + ", where it stands among fiat; 50071 is the general form",
        "a withdrawal of the account has this clientId",
    )
    INSUFFICIENT = Condition(
        "create.insufficient",
        Errors.INSUFFICIENT,
        "doc",
        _TABLE,
        "less than amount and fee is available",
    )
    LIST_PARAMETER = Condition(
        "list.bad_parameter", Errors.PARAMETER_ERROR, "unknown", "no capture", "a query parameter has no valid value"
    )
    UNKNOWN_CURRENCY = Condition(
        "list.unknown_currency", Errors.TOKEN_UNAVAILABLE, "wild", "my.okx.com demo, 2026-07", "nobody knows the ccy"
    )
    TOO_MANY_CURRENCIES = Condition(
        "list.too_many_currencies",
        Errors.TOO_MANY_VALUES,
        "inferred",
        "docs-v5 Get balance: no more than 20",
        "ccy has more than 20 values",
    )
    STATUS_UNKNOWN_ID = Condition(
        "status.unknown_id",
        Errors.ID_UNKNOWN,
        "inferred",
        _TABLE,
        "the account has no withdrawal with this wdId, or with this txId, ccy, to and chain",
    )
    BOTH_IDS = Condition("status.both_ids", Errors.BOTH_PARAMETERS, "inferred", _TABLE, "the query has wdId and txId")
    NEITHER_ID = Condition(
        "status.neither_id", Errors.EITHER_PARAMETER, "inferred", _TABLE, "the query has neither wdId nor txId"
    )
    STATUS_PARAMETER_MISSING = Condition(
        "status.parameter_missing",
        Errors.PARAMETER_EMPTY,
        "inferred",
        "docs-v5 Get deposit withdraw status: required with txId",
        "a query by txId lacks ccy, to or chain",
    )
    CURRENCIES_DEMO = Condition(
        "currencies.demo", Errors.DEMO_UNAVAILABLE, "wild", "ccxt#17295", "demo trading has no currencies"
    )
    INSTRUMENT_TYPE_MISSING = Condition(
        "instruments.type_missing", Errors.PARAMETER_EMPTY, "wild", "public data, 2026", "the query has no instType"
    )
    NO_UNDERLYING = Condition(
        "instruments.no_underlying",
        Errors.EITHER_PARAMETER,
        "wild",
        "api.okj.com, 2026-09",
        "options are asked for without uly and instFamily",
    )
    KEY_DELETED = Condition(
        "socket.key_deleted", Errors.CLOSE_KEY_DELETED, "inferred", _CLOSES, "the key that logged in is there no more"
    )
    IDLE = Condition(
        "socket.idle", Errors.CLOSE_IDLE, "wild", "ws.okj.com, 2026-09", "for 30 s nothing came and nothing was pushed"
    )
    SERVICE_UPGRADE = Condition(
        "socket.service_upgrade",
        Errors.SERVICE_UPGRADE,
        "wild",
        "roq-okx json_notice.cpp",
        "the socket will be closed for a service upgrade (only by `socket.upgrade_after_ms`)",
    )
    UPGRADED = Condition(
        "socket.upgraded",
        Errors.CLOSE_GOING_AWAY,
        "unknown",
        "no capture of the end itself",
        "the socket was told of a service upgrade, and its time is over",
    )
    FRAME_TOO_LONG = Condition(
        "frame.too_long",
        Errors.ARGS_INVALID,
        "unknown",
        "docs-v5: 64 KB; no capture; 500 args is ours",
        "a frame has more than 64 KB, or 500 args",
    )
    FRAME_NOT_JSON = Condition(
        "frame.not_json", Errors.REQUEST_ILLEGAL, "wild", "ws.okj.com, 2026-09", "a frame is no JSON"
    )
    FRAME_NOT_AN_OBJECT = Condition(
        "frame.not_an_object",
        Errors.REQUEST_ILLEGAL,
        "unknown",
        "no capture; broken JSON is answered so",
        "a frame is JSON but no object with an op",
    )
    FRAME_OP = Condition(
        "frame.unknown_op", Errors.OP_INVALID, "doc", _SOCKETS, "op is none of login, subscribe and unsubscribe"
    )
    FRAME_ARGS = Condition(
        "frame.bad_args", Errors.ARGS_INVALID, "doc", _SOCKETS, "args is no list of objects, or an empty one"
    )
    LOGIN_REPEATED = Condition(
        "login.repeated",
        Errors.LOGIN_REPEATED,
        "doc",
        _SOCKETS + "; SDKs do it all the time, so the socket stays open",
        "the socket is logged in, or the frame brings several logins",
    )
    LOGIN_PARAMETER = Condition(
        "login.parameter_missing",
        Errors.SOCKET_PARAMETER_EMPTY,
        "inferred",
        _SOCKETS,
        "apiKey, passphrase, timestamp or sign is absent or no text",
    )
    LOGIN_TIMESTAMP = Condition(
        "login.timestamp_invalid", Errors.SOCKET_TIMESTAMP_INVALID, "doc", _SOCKETS, "the timestamp is no number of s"
    )
    LOGIN_EXPIRED = Condition(
        "login.timestamp_expired",
        Errors.SOCKET_TIMESTAMP_EXPIRED,
        "doc",
        _SOCKETS,
        "the timestamp is more than 30 s away from the server's clock",
    )
    LOGIN_KEY_MALFORMED = Condition(
        "login.key_malformed",
        Errors.SOCKET_KEY_INVALID,
        "inferred",
        "a made-up key gave 60005, a well-formed unknown one 60032",
        "nobody has this key, and it is no lower-case UUID",
    )
    LOGIN_KEY_UNKNOWN = Condition(
        "login.key_unknown",
        Errors.SOCKET_KEY_UNKNOWN,
        "wild",
        "roq-okx json_error.cpp",
        "nobody has this key, or it has expired",
    )
    LOGIN_STANDING = Condition(
        "login.blocked", Errors.LOGIN_FAILED, "inferred", _SOCKETS, "the API is frozen or the user blocked"
    )
    LOGIN_IP = Condition(
        "login.wrong_ip", Errors.IP_NOT_LISTED, "sdk", "gocryptotrader", "the caller's IP is not on the key's list"
    )
    TOO_MANY_CONNECTIONS = Condition(
        "login.too_many_connections",
        Errors.REQUESTS_TOO_FREQUENT,
        "unknown",
        "docs-v5: 3 connections a second and IP; whose a connection is shows with its login, so the login is refused "
        "here; what the real server does is not known",
        "too many sockets of this account from this IP within a second",
    )
    LOGIN_PASSPHRASE = Condition(
        "login.wrong_passphrase", Errors.SOCKET_PASSPHRASE_WRONG, "doc", _SOCKETS, "the passphrase is another one"
    )
    LOGIN_SIGN = Condition(
        "login.wrong_signature", Errors.SOCKET_SIGN_WRONG, "doc", _SOCKETS, "the signature is another one"
    )
    CHANNEL_UNKNOWN = Condition(
        "channel.unknown", Errors.CHANNEL_UNKNOWN, "wild", _PROBES, "there is no such channel on this path"
    )
    CHANNEL_ELSEWHERE = Condition(
        "channel.elsewhere",
        Errors.CHANNEL_MIGRATED,
        "unknown",
        _SOCKETS + "; 60018 is as likely",
        "a business channel is asked for on another path",
    )
    LOGIN_NEEDED = Condition(
        "channel.login_needed", Errors.LOGIN_NEEDED, "wild", "ws.okj.com, 2026-09", "nobody has logged in on the socket"
    )
    TOO_MANY_FRAMES = Condition(
        "channel.too_frequent",
        Errors.REQUESTS_TOO_FREQUENT,
        "inferred",
        "docs-v5: 480 of them an hour and connection",
        "too many subscriptions, removals and logins on this socket",
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
    EMPTY_ORDER = Field(
        "auth.empty_order",
        "passphrase, sign, timestamp",
        "unknown",
        "no capture with several headers missing and the key there; this is the order of the codes",
        "which of three missing headers is named first",
        (
            "passphrase, sign, timestamp",
            "passphrase, timestamp, sign",
            "sign, passphrase, timestamp",
            "sign, timestamp, passphrase",
            "timestamp, passphrase, sign",
            "timestamp, sign, passphrase",
        ),
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
        "it took less than 2 s, but several nodes would explain it too",
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
    BODY_BEFORE_AUTH = Field(
        "body.before_authentication",
        False,
        "unknown",
        "no capture of a broken body with broken credentials",
        "read the body of a POST before the OK-ACCESS headers are looked at",
        (False, True),
    )
    COERCES_SCALARS = Field(
        "body.coerces_scalars",
        True,
        "inferred",
        "Java's usual binding; python-okx sends a number when it is given one",
        "take a number or boolean for its text where a body's parameter is documented as a string",
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
    PUBLIC_LIMITED = Field(
        "limit.public",
        False,
        "doc",
        "docs-v5 count public calls by IP; they belong to no account, so this is set for the whole exchange",
        "count public calls",
        (False, True),
    )
    COUNTS_REFUSED = Field(
        "limit.counts_refused",
        False,
        "unknown",
        "no capture; in a fixed window it makes no difference",
        "whether a call beyond the limit counts as well (in a sliding window it then stays shut while calls go on)",
        (False, True),
    )
    INTERNAL_CANCELLING = Field(
        "cancel.internal_through_cancelling",
        True,
        "unknown",
        "docs-v5 list -3 among the states that internal transfers skip",
        "whether a cancelled internal transfer goes through -3, or to -2 at once",
        (True, False),
    )
    DEBITED = Field(
        "money.debited",
        "at creation",
        "inferred",
        "bill types 2 (withdrawal) and 13 (canceled withdrawal); frozenBal in between is not known",
        "when a withdrawal leaves `bal` and has its bills; until it is completed it may stand in frozenBal instead",
        ("at creation", "at completion"),
    )
    TIMESTAMP_FORMS = Field(
        "auth.timestamp_forms",
        "documented",
        "inferred",
        "docs-v5 give milliseconds and Z, gocryptotrader sends no fraction; other forms are not known",
        "which OK-ACCESS-TIMESTAMP is read: YYYY-MM-DDThh:mm:ss[.mmm]Z only, or any ISO 8601 and epochs in s or ms too",
        ("documented", "any"),
    )
    BEFORE_TAKES = Field(
        "list.before_takes",
        "the oldest",
        "unknown",
        "docs-v5: records newer than `before`; no capture of a page that has not room for all of them",
        "which rows a page by `before` alone has: the oldest of those that are newer, so that paging forward meets "
        "every row, or the newest",
        ("the oldest", "the newest"),
    )
    PAGE_ABOVE_LIMIT = Field(
        "list.limit_above_100",
        "refused",
        "unknown",
        "docs-v5: the maximum is 100; no capture",
        "what a `limit` above 100 gets: a refusal, or 100 rows",
        ("refused", "clamped"),
    )
    UPGRADE_AFTER_MS = Field(
        "socket.upgrade_after_ms",
        0,
        "unknown",
        "the real ones come when OKX upgrades; here only when asked for",
        "how long after its opening a socket is told of a service upgrade, ahead of its next answer or push; 0: never",
    )
    UPGRADE_CLOSES_MS = Field(
        "socket.upgrade_closes_ms",
        60_000,
        "unknown",
        "the notice says soon; no capture of how long that is",
        "how long after that notice the socket is closed",
    )
    IDLE_MS = Field(
        "socket.idle_ms",
        30_000,
        "wild",
        "ws.okj.com, 2026-09; docs-v5 have 30 s",
        "after how long without a frame or push a socket is closed; 0: never",
    )
