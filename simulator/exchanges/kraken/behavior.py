"""Where Kraken refuses, which row answers there by default, and what about it is not known.

Only two places of the order are evidenced: an unknown key wins over empty arguments (python-kraken-sdk's live test),
and a missing permission over an unknown refid (its commit 4a378a1). The rest of the order is concluded.
"""

from simulator.core.behavior import Field
from simulator.core.rows import Condition
from simulator.exchanges.kraken.errors import Errors

_AUTH = "docs.kraken.com/exchange/guides/rest/authentication"
_GUIDE = "docs.kraken.com/exchange/guides/general/errors"
_CANCEL = "docs.kraken.com/api-reference/funding/request-withdrawal-cancellation"
_STATUS = "docs.kraken.com/api-reference/funding/get-status-of-recent-withdrawals"
_WITHDRAW = "docs.kraken.com/api-reference/funding/withdraw-funds"
_TRANSFER = "docs.kraken.com/api-reference/transfers/initiate-wallet-transfer"
_LEDGERS = "docs.kraken.com/api-reference/account-data/get-ledgers-info"
_DCA = "jorijn/bitcoin-dca#49"
_SUPPORT = "support.kraken.com/articles/360001491786"
_RESULT = _CANCEL + ": the result is a boolean; no capture"


class Conditions:
    """Every place that refuses, in the order of the checks."""

    POST_ON_PUBLIC = Condition(
        "route.post_on_public",
        Errors.NOT_ALLOWED,
        "wild",
        "krakenex#139, ExchangeSharp#827 (since 2024-01-31)",
        "a public method is asked with another verb than GET",
    )
    GET_ON_PRIVATE = Condition(
        "route.get_on_private",
        Errors.NOT_ALLOWED,
        "inferred",
        "by symmetry with public methods; a capture of 2017 has Invalid arguments (antoniocasero/Kraken#1)",
        "a private method is asked with another verb than POST",
    )
    UNKNOWN_ROUTE = Condition(
        "route.unknown",
        Errors.UNKNOWN_METHOD,
        "wild",
        "krijnsent/crypto_vba; names are case-sensitive",
        "no method has this path",
    )
    LOCKED_OUT = Condition(
        "lockout.active",
        Errors.TEMPORARY_LOCKOUT,
        "doc",
        _GUIDE + "; each attempt starts the time again",
        "too many failed calls came from this IP",
    )
    BODY_TYPE = Condition(
        "body.unknown_content_type",
        Errors.BAD_REQUEST,
        "unknown",
        "no capture; form, JSON and no type at all are accepted",
        "the Content-Type is neither form nor JSON",
    )
    BODY_BROKEN = Condition(
        "body.broken",
        Errors.BAD_REQUEST,
        "inferred",
        "python-kraken-sdk#65, a body that could not be mapped",
        "the body is no JSON object, or no form in UTF-8",
    )
    KEY_MISSING = Condition("auth.key_missing", Errors.INVALID_KEY, "doc", _GUIDE, "there is no API-Key header")
    UNKNOWN_KEY = Condition(
        "auth.unknown_key", Errors.INVALID_KEY, "wild", "python-kraken-sdk's live test", "nobody has this key"
    )
    EXPIRED_KEY = Condition("auth.expired_key", Errors.INVALID_KEY, "doc", _SUPPORT, "the key has expired")
    WRONG_IP = Condition(
        "auth.wrong_ip", Errors.INVALID_KEY, "inferred", _SUPPORT, "the caller's IP is not on the key's allowlist"
    )
    NONCE_MISSING = Condition(
        "nonce.missing", Errors.INVALID_NONCE, "wild", "npm-kraken-api#20", "the body has no nonce"
    )
    NONCE_MALFORMED = Condition(
        "nonce.malformed",
        Errors.INVALID_NONCE,
        "inferred",
        "krijnsent/crypto_vba#24; unsigned 64 bit says " + _AUTH,
        "the nonce is no whole number from 1 to 2^64 - 1",
    )
    SIGNATURE_MISSING = Condition(
        "auth.signature_missing", Errors.INVALID_SIGNATURE, "unknown", "no capture", "there is no API-Sign header"
    )
    WRONG_SIGNATURE = Condition(
        "auth.wrong_signature",
        Errors.INVALID_SIGNATURE,
        "wild",
        "ccxt#5128, krakenex#107; Invalid key on order methods and in support.kraken.com common-causes-of-invalid-key",
        "the signature is another one",
    )
    OTP_UNEXPECTED = Condition(
        "auth.otp_unexpected", Errors.INVALID_SIGNATURE, "wild", "pykrakenapi#24", "an otp for a key without 2FA"
    )
    OTP_WRONG = Condition(
        "auth.otp_wrong", Errors.INVALID_SIGNATURE, "wild", "npm-kraken-api#61, blackbird#446", "the otp is another one"
    )
    NONCE_NOT_GREATER = Condition(
        "nonce.not_greater",
        Errors.INVALID_NONCE,
        "doc",
        _AUTH + "; support.kraken.com/articles/360001148023",
        "the nonce is not above the last accepted one (less the key's window)",
    )
    RATE_LIMIT = Condition(
        "limit.exceeded",
        Errors.RATE_LIMIT_EXCEEDED,
        "doc",
        "docs.kraken.com/exchange/guides/rest/ratelimits",
        "the key's call counter is over the maximum of its tier",
    )
    ACCOUNT_DISABLED = Condition(
        "account.disabled", Errors.ACCOUNT_DISABLED, "doc", _GUIDE, "the account is temporarily disabled"
    )
    ACCOUNT_UNCONFIRMED = Condition(
        "account.unconfirmed", Errors.ACCOUNT_UNCONFIRMED, "doc", _GUIDE, "the account is not confirmed"
    )
    ACCOUNT_RESTRICTED = Condition(
        "account.restricted", Errors.ACCOUNT_PERMISSIONS, "doc", _GUIDE, "the account may not use funding"
    )
    OTP_MISSING = Condition(
        "auth.otp_missing", Errors.PERMISSION_DENIED, "wild", "npm-kraken-api#61", "the key has 2FA and no otp came"
    )
    NO_PERMISSION = Condition(
        "auth.no_permission",
        Errors.PERMISSION_DENIED,
        "wild",
        "python-kraken-sdk commit 4a378a1; a WalletTransfer needs none: " + _CANCEL,
        "the key lacks the permission",
    )
    ASSET_MISSING = Condition(
        "cancel.asset_missing",
        Errors.INVALID_ARGUMENTS,
        "inferred",
        "jorijn/bitcoin-dca#49",
        "asset is absent or empty",
    )
    REFID_MISSING = Condition(
        "cancel.refid_missing",
        Errors.INVALID_ARGUMENTS,
        "inferred",
        "jorijn/bitcoin-dca#49",
        "refid is absent or empty",
    )
    WITHDRAW_ASSET_MISSING = Condition(
        "withdraw.asset_missing", Errors.INVALID_ARGUMENTS, "wild", _DCA, "asset is absent or empty"
    )
    WITHDRAW_KEY_MISSING = Condition(
        "withdraw.key_missing", Errors.INVALID_ARGUMENTS, "wild", _DCA, "key is absent or empty"
    )
    WITHDRAW_AMOUNT_MISSING = Condition(
        "withdraw.amount_missing", Errors.INVALID_ARGUMENTS, "wild", _DCA, "amount is absent or empty"
    )
    MAX_FEE_MALFORMED = Condition(
        "withdraw.max_fee_malformed", Errors.INVALID_ARGUMENTS, "unknown", "no capture", "max_fee is no number"
    )
    TRANSFER_ARGUMENT_MISSING = Condition(
        "transfer.argument_missing",
        Errors.INVALID_ARGUMENTS,
        "inferred",
        _TRANSFER + ", required; sibling methods",
        "asset, from, to or amount is absent or empty",
    )
    TRANSFER_DIRECTION = Condition(
        "transfer.direction",
        Errors.INVALID_ARGUMENTS,
        "wild",
        "names of python-kraken-sdk's live tests; Permission denied is the other candidate",
        "the transfer is another than from the spot to the futures wallet",
    )
    LEDGER_ID_MISSING = Condition(
        "ledgers.id_missing", Errors.INVALID_ARGUMENTS, "inferred", _LEDGERS, "id is absent or empty"
    )
    LEDGER_TOO_MANY_IDS = Condition(
        "ledgers.too_many_ids",
        Errors.INVALID_ARGUMENTS,
        "inferred",
        "docs.kraken.com/api-reference/account-data/query-ledgers: 20 at most; no capture of more",
        "more ids than may be asked for at once",
    )
    NOT_TEXT = Condition(
        "arguments.not_text",
        Errors.INVALID_ARGUMENTS,
        "unknown",
        "no capture",
        "an argument has another type than text",
    )
    LIST_ARGUMENT = Condition(
        "list.bad_argument", Errors.INVALID_ARGUMENTS, "unknown", "no capture", "an argument has no valid value"
    )
    LIST_CURSOR = Condition(
        "list.bad_cursor", Errors.INVALID_ARGUMENTS, "unknown", "no capture", "the cursor is not one that was given"
    )
    SERVICE_UNAVAILABLE = Condition(
        "service.unavailable", Errors.SERVICE_UNAVAILABLE, "doc", _GUIDE, "the service is offline"
    )
    SERVICE_BUSY = Condition("service.busy", Errors.SERVICE_BUSY, "doc", _SUPPORT, "the service is busy")
    SERVICE_DEADLINE = Condition(
        "service.deadline", Errors.SERVICE_DEADLINE, "doc", _GUIDE, "the call took too long inside the service"
    )
    SERVICE_THROTTLED = Condition(
        "service.throttled", Errors.SERVICE_THROTTLED, "doc", _GUIDE, "too many calls of the account run at once"
    )
    SERVICE_ERROR = Condition("service.error", Errors.INTERNAL_ERROR, "doc", _GUIDE, "the service broke down")
    UNKNOWN_ASSET = Condition(
        "cancel.unknown_asset", Errors.UNKNOWN_ASSET, "inferred", "sibling methods; ccxt", "there is no such asset"
    )
    LIST_UNKNOWN_ASSET = Condition(
        "list.unknown_asset",
        Errors.UNKNOWN_ASSET,
        "unknown",
        "no capture; the other candidate is an empty list",
        "the list is filtered by an asset that does not exist",
    )
    LEDGERS_UNKNOWN_ASSET = Condition(
        "ledgers.unknown_asset",
        Errors.UNKNOWN_QUERY_ASSET,
        "inferred",
        "as on public methods",
        "the ledger is filtered by an asset that does not exist",
    )
    PUBLIC_UNKNOWN_ASSET = Condition(
        "assets.unknown_asset",
        Errors.UNKNOWN_QUERY_ASSET,
        "wild",
        "docs.kraken.com/api-reference/market-data/get-asset-info",
        "there is no such asset",
    )
    UNKNOWN_PAIR = Condition(
        "pairs.unknown_pair",
        Errors.UNKNOWN_ASSET_PAIR,
        "wild",
        "docs.kraken.com/api-reference/market-data/get-tradable-asset-pairs",
        "there is no such pair",
    )
    WITHDRAW_UNKNOWN_ASSET = Condition(
        "withdraw.unknown_asset", Errors.UNKNOWN_ASSET, "wild", "ccxt's table of exceptions", "there is no such asset"
    )
    NO_METHOD = Condition(
        "withdraw.no_method",
        Errors.NO_FUNDING_METHOD,
        "inferred",
        "kraken-api-client#10, for accounts and assets without a method",
        "withdrawals of the asset are suspended",
    )
    UNVERIFIED_LABEL = Condition(
        "withdraw.unverified_label",
        Errors.UNKNOWN_WITHDRAW_KEY,
        "unknown",
        "no capture",
        "the address of the key has not been verified",
    )
    UNKNOWN_LABEL = Condition(
        "withdraw.unknown_label",
        Errors.UNKNOWN_WITHDRAW_KEY,
        "wild",
        "XChange#1085, habibalancer#16",
        "the address book has no such key for this asset",
    )
    AMOUNT_MALFORMED = Condition(
        "withdraw.amount_malformed",
        Errors.INVALID_AMOUNT,
        "unknown",
        "no capture; Invalid arguments is the other candidate",
        "the amount is no number",
    )
    AMOUNT_PRECISION = Condition(
        "withdraw.amount_precision",
        Errors.INVALID_AMOUNT,
        "wild",
        "habibalancer#16, XChange#2653",
        "the amount has more decimals than the asset",
    )
    BELOW_MINIMUM = Condition(
        "withdraw.below_minimum",
        Errors.INVALID_AMOUNT,
        "wild",
        "habibalancer#16, XChange#2653; that the minimum is a net amount: get-withdrawal-methods",
        "what is left after the fee is below the minimum",
    )
    WRONG_ADDRESS = Condition(
        "withdraw.wrong_address",
        Errors.INVALID_WITHDRAWAL_ADDRESS,
        "doc",
        _WITHDRAW + "; the text's category is concluded",
        "address is another one than that of the key",
    )
    MAX_FEE_EXCEEDED = Condition(
        "withdraw.max_fee_exceeded", Errors.MAX_FEE_EXCEEDED, "doc", _WITHDRAW, "the fee is above max_fee"
    )
    INSUFFICIENT_FUNDS = Condition(
        "withdraw.insufficient_funds",
        Errors.INVALID_AMOUNT,
        "inferred",
        "ccxt takes Invalid amount for insufficient funds; no capture of another text",
        "the amount is more than the balance",
    )
    TRANSFER_UNKNOWN_ASSET = Condition(
        "transfer.unknown_asset", Errors.UNKNOWN_ASSET, "inferred", "sibling methods", "there is no such asset"
    )
    TRANSFER_AMOUNT = Condition(
        "transfer.bad_amount",
        Errors.INVALID_AMOUNT,
        "inferred",
        "sibling methods",
        "the amount is no number, zero, or has more decimals than the asset",
    )
    TRANSFER_INSUFFICIENT_FUNDS = Condition(
        "transfer.insufficient_funds",
        Errors.INVALID_AMOUNT,
        "inferred",
        "sibling methods",
        "the amount is more than the balance",
    )
    REFID_MALFORMED = Condition(
        "cancel.refid_malformed",
        Errors.INVALID_REFERENCE_ID,
        "inferred",
        "python-kraken-sdk commit 8f49422; which of the two texts answers when is not published",
        "the refid has neither the new nor the old shape",
    )
    UNKNOWN_REFID = Condition(
        "cancel.unknown_refid",
        Errors.UNKNOWN_REFERENCE_ID,
        "inferred",
        "python-kraken-sdk's exceptions",
        "there is no such withdrawal",
    )
    FOREIGN_REFID = Condition(
        "cancel.foreign_refid",
        Errors.UNKNOWN_REFERENCE_ID,
        "inferred",
        "as if it did not exist; no capture",
        "the withdrawal is another account's",
    )
    WRONG_ASSET = Condition(
        "cancel.wrong_asset",
        Errors.INVALID_REFERENCE_ID,
        "inferred",
        "python-kraken-sdk commit 8f49422",
        "the withdrawal is of another asset",
    )
    ALREADY_PENDING = Condition(
        "cancel.already_pending", Errors.RESULT_TRUE, "unknown", _RESULT, "a cancellation has been requested before"
    )
    ALREADY_DENIED = Condition(
        "cancel.already_denied", Errors.RESULT_FALSE, "unknown", _RESULT, "a cancellation has been denied before"
    )
    ALREADY_CANCELED = Condition(
        "cancel.already_canceled", Errors.RESULT_FALSE, "unknown", _RESULT, "it was canceled before"
    )
    ALREADY_SETTLED = Condition(
        "cancel.already_settled", Errors.RESULT_FALSE, "unknown", _RESULT, "it has been sent to the network"
    )
    ALREADY_SUCCEEDED = Condition("cancel.already_succeeded", Errors.RESULT_FALSE, "unknown", _RESULT, "it has arrived")
    ALREADY_FAILED = Condition("cancel.already_failed", Errors.RESULT_FALSE, "unknown", _RESULT, "it has failed")
    IS_RETURN = Condition(
        "cancel.is_return",
        Errors.RESULT_FALSE,
        "inferred",
        _STATUS + ": a return cannot be canceled",
        "it is a return that Kraken began",
    )


class Fields:
    """The structural choices."""

    WINDOW_DUPLICATES = Field(
        "nonce.window_accepts_duplicates",
        True,
        "unknown",
        "not published; krakenex repeats millisecond nonces, and a window is the advised cure, so that they would pass",
        "a nonce that was used before is accepted again inside the key's nonce window",
        (True, False),
    )
    LOCKOUT_FAILURES = Field(
        "lockout.failures",
        0,
        "unknown",
        "the number is not published; krakenex#31 saw about 3. Kraken locks the IP itself; here failures "
        "with unknown keys do not lock a known key on the same IP, so that accounts stay apart",
        "failed authentications in a row that lock an IP out; 0 switches lockouts off",
    )
    LOCKOUT_SECONDS = Field(
        "lockout.seconds", 900, "doc", _SUPPORT + ": typically about 15 minutes", "how long a lockout lasts"
    )
    BODY_READ_BY = Field(
        "body.read_by",
        "content_type",
        "unknown",
        "no capture of a body that contradicts its Content-Type",
        "what tells a JSON body from a form: the header, or a first character {",
        ("content_type", "content"),
    )
    NONCE_ORDER = Field(
        "nonce.order_checked",
        "after_signature",
        "unknown",
        "not published",
        "whether a nonce that is not above the last is refused before or after the signature is looked at",
        ("after_signature", "before_signature"),
    )
    OTP_STEPS = Field(
        "otp.steps",
        1,
        "unknown",
        "not published",
        "steps of 30 s by which an otp may be early or late",
        (0, 1, 2),
    )
    TIER = Field(
        "limit.tier",
        "starter",
        "doc",
        "docs.kraken.com/exchange/guides/rest/ratelimits; which tier an account has is its own affair",
        "the tier that decides maximum and decay of the call counter",
        ("starter", "intermediate", "pro"),
    )
    DECAY = Field(
        "limit.decay",
        "continuous",
        "unknown",
        "docs.kraken.com/exchange/guides/rest/ratelimits: reduced every couple of seconds",
        "how the call counter melts",
        ("continuous", "stepwise"),
    )
    ACCOUNT_STATUS = Field(
        "account.status",
        "active",
        "doc",
        _GUIDE,
        "what the account may do",
        ("active", "disabled", "unconfirmed", "restricted"),
    )
    SERVICE_MODE = Field(
        "service.mode",
        "online",
        "doc",
        _GUIDE,
        "how the service behind the gateway is",
        ("online", "unavailable", "busy", "deadline", "throttled", "error"),
    )
    SYSTEM_STATUS = Field(
        "system.status",
        "online",
        "doc",
        "docs.kraken.com/api-reference/market-data/get-system-status",
        "what SystemStatus says; it changes nothing else",
        ("online", "maintenance", "cancel_only", "post_only"),
    )
    ASSET_STATUS = Field(
        "asset.status",
        "enabled",
        "doc",
        "docs.kraken.com/api-reference/market-data/get-asset-info; that it stops Withdraw is concluded",
        "the status of every asset: two of them suspend withdrawals",
        ("enabled", "deposit_only", "withdrawal_only", "funding_temporarily_disabled"),
    )
    REFID_STYLE = Field(
        "refid.style",
        "new",
        "wild",
        "FT... since November 2022; both styles in one history in ccxt's fetch_withdrawals",
        "the style of refids that are given from now on",
        ("new", "old"),
    )
    NAMES_ARGUMENT = Field(
        "arguments.names_field",
        False,
        "unknown",
        "bare on Withdraw (jorijn/bitcoin-dca#49), with :field on order methods (krakenex#138)",
        "Invalid arguments ends with a colon and the name of the argument",
        (False, True),
    )
    CANCEL_OUTCOME = Field(
        "cancel.outcome",
        "complete_cancel",
        "unknown",
        _STATUS + ": cancel-pending becomes canceled or cancel-denied; what decides is not published",
        "who wins once a cancellation was requested: the event that falls due",
        ("complete_cancel", "deny_cancel"),
    )
    CANCEL_SECONDS = Field(
        "cancel.seconds", 30, "unknown", "not published", "how long a withdrawal stays cancel-pending"
    )
    SETTLED_SHOWS_DENIED = Field(
        "cancel.settled_shows_denied",
        False,
        "unknown",
        "no capture",
        "a settled withdrawal that somebody tries to cancel shows cancel-denied afterwards",
        (False, True),
    )
    EMPTY_RESULT = Field(
        "envelope.empty_result_on_error",
        False,
        "wild",
        "every capture has no result beside an error; the sample of the errors guide of 2026 has an empty one",
        "an error comes with an empty result",
        (False, True),
    )
    LIST_LIMIT = Field(
        "list.limit",
        500,
        "doc",
        _STATUS + "; another copy says 25",
        "rows of WithdrawStatus when the request names no limit",
        (500, 25),
    )
    LIST_DAYS = Field(
        "list.days",
        90,
        "sdk",
        "python-kraken-sdk: withdraws of the past 90 days",
        "how many days WithdrawStatus looks back when the request names no start; 0 looks back for ever",
    )
    LAST_CURSOR = Field(
        "list.last_cursor",
        "null",
        "unknown",
        "no capture of a last page",
        "next_cursor on the last page",
        ("null", "absent"),
    )
    SHOWS_KEY = Field(
        "list.key_and_network",
        True,
        "wild",
        "rows of 2022 and later have both (ccxt's capture), rows of 2018 neither",
        "rows have the address-book key and the network",
        (False, True),
    )
    SHOWS_TRANSFERS = Field(
        "list.shows_wallet_transfers",
        True,
        "unknown",
        "no capture",
        "WithdrawStatus shows a WalletTransfer too",
        (False, True),
    )
    METHOD_IDS = Field(
        "methods.ids_and_fee",
        False,
        "sdk",
        "Kraken.Net's model has them; the documentation's example does not",
        "rows of WithdrawMethods have method_id, network_id and fee",
        (False, True),
    )
    BALANCE_NUMBERS = Field(
        "balance.extended_as",
        "text",
        "inferred",
        "docs.kraken.com/api-reference/account-data/get-extended-balance: text in the schema, numbers in the example",
        "how BalanceEx writes amounts",
        ("text", "number"),
    )
    KEY_INFO_CASE = Field(
        "key_info.case",
        "snake",
        "sdk",
        "Kraken.Net's fixture; the documentation's example is in camel case with a number for nonceWindow",
        "how GetApiKeyInfo spells its names",
        ("snake", "camel"),
    )
