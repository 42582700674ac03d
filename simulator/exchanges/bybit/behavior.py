"""Where Bybit refuses, which row answers there by default, and what about it is not known."""

from simulator.core.behavior import Field
from simulator.core.rows import Condition
from simulator.exchanges.bybit.errors import Errors

_V1 = "docs-legacy asset V1 error list (the V5 successor is not known)"


class Conditions:
    """Every place that refuses, in the order of the checks."""

    METHOD_NOT_UPPER_CASE = Condition(
        "edge.method_not_upper_case",
        Errors.METHOD_NOT_UPPER_CASE,
        "doc",
        "docs v5/error: 400",
        "the method is not upper case",
    )
    GET_WITH_BODY = Condition(
        "edge.get_with_body", Errors.GET_WITH_BODY, "wild", "docs v5/error: 403; pipedream#5641", "a GET has a body"
    )
    IP_LIMIT = Condition(
        "limit.ip_exceeded",
        Errors.IP_ACCESS_TOO_FREQUENT,
        "doc",
        "docs v5/rate-limit: 600 requests in 5 s, then none for 10 min; counted here by account and IP",
        "too many calls from this IP",
    )
    UNKNOWN_ROUTE = Condition("route.unknown", Errors.NOT_FOUND, "wild", "ccxt#19322", "no endpoint has this path")
    WRONG_METHOD = Condition(
        "route.wrong_method", Errors.NOT_FOUND, "unknown", "docs v5/error name 10017 too", "another method is right"
    )
    CREDENTIALS_IN_PARAMETERS = Condition(
        "auth.in_parameters",
        Errors.UNAUTHORIZED,
        "doc",
        "docs v5/error: 401; docs pilot-feature: V2 authentication is not taken",
        "api_key and sign stand in the query or the body, as V2 had it, and not in the headers",
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
    RECV_WINDOW_TOO_LARGE = Condition(
        "auth.recv_window_too_large",
        Errors.TIMESTAMP_INVALID,
        "unknown",
        "no maximum was found; the field auth.recv_window_max_ms sets one",
        "the receive window is larger than the maximum",
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
    BODY_EMPTY = Condition("body.empty", Errors.PARAMS_ERROR, "unknown", "no capture", "there is no body")
    BODY_NOT_JSON = Condition("body.not_json", Errors.PARAMS_ERROR, "unknown", "no capture", "the body is no JSON")
    BODY_NOT_AN_OBJECT = Condition(
        "body.not_an_object", Errors.PARAMS_ERROR, "unknown", "no capture", "the body is JSON but no object"
    )
    UNKNOWN_BODY_FIELD = Condition(
        "body.unknown_field",
        Errors.PARAMS_ERROR,
        "unknown",
        "no capture; comes only where the field body.unknown_fields_are_refused has it come",
        "the body has a field that no documentation names",
    )
    ID_MISSING = Condition(
        "cancel.id_missing", Errors.PARAMS_ERROR, "unknown", "no capture", "there is no id, or it is null"
    )
    ID_EMPTY = Condition("cancel.id_empty", Errors.PARAMS_ERROR, "unknown", "no capture", "the id is an empty text")
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
    CANCEL_FAILED = Condition(
        "cancel.failed",
        Errors.STATUS_ZERO,
        "doc",
        "docs v5/asset/withdraw/cancel-withdraw: status 0 is fail; when that comes is not known",
        "the field cancel.fails has the cancel fail although the status allows it",
    )
    PARAMETER_MISSING = Condition(
        "create.parameter_missing", Errors.PARAMS_ERROR, "unknown", "no capture", "a required parameter is missing"
    )
    PARAMETER_MALFORMED = Condition(
        "create.parameter_malformed",
        Errors.PARAMS_ERROR,
        "unknown",
        "no capture; the types are those of docs v5/asset/withdraw",
        "a parameter has another type or value than the documented ones",
    )
    BODY_TIMESTAMP = Condition(
        "create.timestamp_outside_window",
        Errors.TIMESTAMP_OUT_OF_WINDOW,
        "wild",
        "ccxt#21427",
        "the timestamp in the body is too far from the server's",
    )
    REQUEST_ID_REPEATED = Condition(
        "create.request_id_repeated",
        Errors.REPEATED_REQUEST,
        "unknown",
        "docs v5/asset/withdraw call requestId idempotent; see the field create.request_id_is_idempotent",
        "a withdrawal with this requestId was made before",
    )
    UNKNOWN_COIN = Condition(
        "create.unknown_coin", Errors.PARAMS_ERROR, "unknown", "no capture", "there is no such coin (upper case only)"
    )
    CHAIN_NAME = Condition(
        "create.chain_is_a_name",
        Errors.SERVICE_ERROR,
        "wild",
        "pybit#311: Arbitrum One for ARBI",
        "the chain is no code: not capitals and digits alone",
    )
    UNKNOWN_CHAIN = Condition(
        "create.unknown_chain", Errors.ADDRESS_INVALID, "wild", "pybit#122: TRC20 for TRX", "the coin has no such chain"
    )
    CHAIN_CLOSED = Condition(
        "create.chain_closed", Errors.CURRENCY_CLOSED, "doc", "docs v5/error", "the chain takes no withdrawals"
    )
    AMOUNT_ACCURACY = Condition(
        "create.amount_accuracy",
        Errors.AMOUNT_ACCURACY_ERROR,
        "inferred",
        "docs v5/error has the row for transfers; no capture",
        "the amount has more decimals than the chain takes",
    )
    AMOUNT_TOO_SMALL = Condition(
        "create.amount_too_small", Errors.AMOUNT_TOO_SMALL, "wild", "API catalogue", "less than the chain's minimum"
    )
    AMOUNT_TOO_LARGE = Condition(
        "create.amount_too_large", Errors.AMOUNT_OUT_OF_LIMITS, "doc", "docs v5/error", "more than the chain's maximum"
    )
    RECEIVER_IS_CALLER = Condition(
        "create.receiver_is_caller", Errors.ADDRESS_IS_YOURSELF, "doc", "docs v5/error", "the UID is the caller's own"
    )
    RECEIVER_NOT_IN_BOOK = Condition(
        "create.receiver_not_in_book",
        Errors.USER_ID_NOT_WHITELISTED,
        "doc",
        "docs v5/error",
        "the UID is not in the address book",
    )
    TAG_NOT_TAKEN = Condition(
        "create.tag_not_taken", Errors.NO_TAG_PLEASE, "wild", "API catalogue", "a tag for a chain that has none"
    )
    ADDRESS_NOT_IN_BOOK = Condition(
        "create.address_not_in_book",
        Errors.ADDRESS_CHAIN_TAG_UNEQUAL,
        "wild",
        "ccxt#16344, #15967, #21427",
        "the address book does not have this address, in this letter case, for this coin and chain",
    )
    TAG_NOT_EQUAL = Condition(
        "create.tag_not_equal",
        Errors.ADDRESS_CHAIN_TAG_UNEQUAL,
        "doc",
        "docs v5/asset/withdraw: tag required if the entry has one; the row names the tag",
        "the address book has another tag",
    )
    ADDRESS_NEW = Condition(
        "create.address_new",
        Errors.NEW_ADDRESS,
        "doc",
        "docs v5/error; docs v5/asset/withdraw/withdraw-address: status 1",
        "the address was added less than 24 h ago",
    )
    TEN_SECONDS = Condition(
        "create.ten_seconds",
        Errors.WAIT_TEN_SECONDS,
        "wild",
        "API catalogue; docs v5/rate-limit",
        "less than 10 s since the last withdrawal of this coin on this chain",
    )
    VERIFICATION_LIMIT = Condition(
        "create.verification_limit",
        Errors.VERIFICATION_LIMIT_EXCEEDED,
        "doc",
        "docs v5/error",
        "worth more than what limit_amount_usd leaves for these 24 h",
    )
    FEE_ABOVE_AMOUNT = Condition(
        "create.fee_above_amount",
        Errors.FEE_NOT_COVERED,
        "inferred",
        "docs v5/asset/withdraw, feeType 1; no capture",
        "the fee that comes out of the amount leaves nothing of it",
    )
    BALANCE = Condition(
        "create.balance", Errors.BALANCE_INSUFFICIENT, "wild", "ccxt#18998", "the wallets do not have the amount"
    )
    BALANCE_FEE = Condition(
        "create.balance_fee", Errors.FEE_NOT_COVERED, "wild", "ccxt", "the wallets have the amount, but not the fee too"
    )
    CURSOR = Condition("list.bad_cursor", Errors.CURSOR_DECODE_ERROR, "wild", "API catalogue", "the cursor is broken")
    LIST_PARAMETER = Condition(
        "list.bad_parameter", Errors.PARAMS_ERROR, "unknown", "no capture", "a query parameter has no valid value"
    )
    LIST_INTERVAL = Condition(
        "list.bad_interval",
        Errors.INTERVAL_INCORRECT,
        "wild",
        "API catalogue; docs v5/asset/withdraw/withdraw-record: less than 30 days",
        "startTime and endTime are turned round, or 30 days or more apart",
    )
    ADDRESSES_CURSOR = Condition(
        "addresses.bad_cursor",
        Errors.CURSOR_DECODE_ERROR,
        "inferred",
        "as for the record query; no capture",
        "the cursor is broken",
    )
    ADDRESSES_PARAMETER = Condition(
        "addresses.bad_parameter", Errors.PARAMS_ERROR, "unknown", "no capture", "a query parameter has no valid value"
    )
    WITHDRAWABLE_COIN = Condition(
        "withdrawable.coin", Errors.PARAMS_ERROR, "unknown", "no capture", "there is no coin, or no such coin"
    )
    BALANCES_ACCOUNT_TYPE = Condition(
        "balances.account_type",
        Errors.ACCOUNT_TYPE_INVALID,
        "wild",
        "API catalogue; that a missing one is answered alike is concluded",
        "accountType is neither FUND nor UNIFIED",
    )
    BALANCES_MEMBER = Condition(
        "balances.member", Errors.MEMBER_ID_INVALID, "wild", "API catalogue", "memberId is not the caller's own"
    )
    BALANCES_COINS = Condition(
        "balances.coins",
        Errors.COINS_LIMIT,
        "wild",
        "docs v5/asset/balance/all-balance; API catalogue",
        "UNIFIED takes 1 to 10 coins",
    )
    BALANCES_PARAMETER = Condition(
        "balances.bad_parameter",
        Errors.TRANSFER_PARAMETER_ERR,
        "inferred",
        "the row is wild (API catalogue); no capture for this parameter",
        "a coin that does not exist, a flag that is neither 0 nor 1",
    )
    WALLET_ACCOUNT_TYPE = Condition(
        "wallet.account_type",
        Errors.ACCOUNT_TYPE_UNSUPPORTED,
        "wild",
        "API catalogue",
        "accountType is not UNIFIED",
    )
    CATEGORY = Condition(
        "instruments.category",
        Errors.REQUEST_PARAMETER_ERROR,
        "unknown",
        "docs v5/error; no capture",
        "the category is none of spot, linear, inverse, option",
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
    UNKNOWN_FIELDS_REFUSED = Field(
        "body.unknown_fields_are_refused",
        False,
        "unknown",
        "no capture; of a query hirokisan/bybit shows that unknown keys are ignored",
        "refuse a cancel or a create whose body has a field that no documentation names, instead of ignoring it",
        (False, True),
    )
    KEY_BEFORE_TIMESTAMP = Field(
        "auth.key_is_checked_before_timestamp",
        False,
        "unknown",
        "no capture shows the order",
        "an unknown key is told before a timestamp that is outside the window",
        (False, True),
    )
    PERMISSION_BEFORE_IP = Field(
        "auth.permission_is_checked_before_ip",
        False,
        "unknown",
        "no capture shows the order",
        "the permission is checked before the IP",
        (False, True),
    )
    SIGNATURE_LAST = Field(
        "auth.signature_is_checked_after_permission",
        False,
        "unknown",
        "no capture shows the order",
        "IP and permission are checked before the signature",
        (False, True),
    )
    RECV_WINDOW_MAX = Field(
        "auth.recv_window_max_ms",
        0,
        "unknown",
        "10000000 was seen to pass (ccxt#21427)",
        "the largest receive window, in ms; 0: none is too large",
    )
    COUNTS_REFUSED = Field(
        "limit.counts_refused_authentication",
        False,
        "unknown",
        "no capture",
        "a call with a known key counts, and meets its limit, before expiry, signature, IP and permission are checked",
        (False, True),
    )
    IP_BAN = Field(
        "limit.ip_ban_ms",
        600_000,
        "doc",
        "docs v5/rate-limit: wait for at least 10 minutes",
        "how long an IP that was too fast is refused, in ms of account time",
    )
    HEADER_PER_SECOND = Field(
        "limit.header_is_per_second",
        False,
        "unknown",
        "ccxt and Bybit.Net model the limits by the minute differently",
        "X-Bapi-Limit prints what a limit by the minute comes to in a second, instead of the limit",
        (False, True),
    )
    CANCEL_FAILS = Field(
        "cancel.fails",
        False,
        "unknown",
        "docs v5/asset/withdraw/cancel-withdraw know status 0 and do not say when",
        "every cancel that would be accepted is answered as cancel.failed and changes nothing",
        (False, True),
    )
    INFORMATION_CANCELLABLE = Field(
        "cancel.more_information_is_cancellable",
        False,
        "unknown",
        "docs v5/enum name the status and nothing else",
        "a withdrawal in status MoreInformationRequired can be cancelled",
        (False, True),
    )
    EARLY_PENDING_CANCELLABLE = Field(
        "cancel.early_pending_is_cancellable",
        False,
        "unknown",
        "kdj.com says until broadcast; the documentation says nothing",
        "a withdrawal in public status Pending that is not broadcast yet can still be cancelled",
        (False, True),
    )
    LATE_PENDING_CANCELLABLE = Field(
        "cancel.late_pending_is_cancellable",
        False,
        "unknown",
        "the documentation says nothing; kdj.com says until broadcast",
        "a withdrawal in public status Pending that was broadcast can still be cancelled",
        (False, True),
    )
    BODY_TIMESTAMP_WINDOW = Field(
        "create.timestamp_window_ms",
        60_000,
        "unknown",
        "a stale one is refused (ccxt#21427); how stale is not known",
        "how far the timestamp in the body may be from the server's, either way, in ms",
    )
    REQUEST_ID_IDEMPOTENT = Field(
        "create.request_id_is_idempotent",
        True,
        "doc",
        "docs v5/asset/withdraw: customised ID, for idempotency; what the second call answers is not known",
        "a second create with the same requestId answers the id of the first; otherwise it is refused",
        (True, False),
    )
    ACCOUNT_TYPE_REQUIRED = Field(
        "create.account_type_is_required",
        True,
        "doc",
        "docs v5/asset/withdraw since 2025-08-06; before that it was FUND by default",
        "a create without accountType is refused; otherwise it draws on FUND",
        (True, False),
    )
    ADDRESS_BOOK_REQUIRED = Field(
        "create.address_book_is_required",
        True,
        "doc",
        "docs v5/asset/withdraw: the address must be in the address book",
        "a withdrawal goes to addresses and UIDs of the address book only",
        (True, False),
    )
    REFUND_WALLET = Field(
        "create.refund_wallet",
        "source",
        "unknown",
        "no source says where the money of a withdrawal from UTA or EARN returns to",
        "where a withdrawal made from now on returns to: the wallets it came from, or FUND",
        ("source", "FUND"),
    )
    WALLET_INCLUDES_HELD = Field(
        "balances.wallet_includes_held",
        True,
        "unknown",
        "no capture with a pending withdrawal",
        "walletBalance still has what a pending withdrawal holds; transferBalance never has",
        (True, False),
    )
    TIMES_FILTERED = Field(
        "list.times_are_filtered",
        "in seconds",
        "unknown",
        "docs v5/asset/withdraw/withdraw-record and rotki show whole seconds; no capture of a filter within one",
        "how startTime and endTime are compared with createTime: in whole seconds, as records show it, or to the ms",
        ("in seconds", "to the ms"),
    )
    RET_CODE_ON_SUCCESS = Field(
        "envelope.ret_code_on_success",
        False,
        "unknown",
        "the header Ret_code was seen on an error only (ccxt#15926)",
        "send the header Ret_code: 0 with a success too",
        (False, True),
    )
