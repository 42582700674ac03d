"""Where AlphaPoint refuses, which row answers there by default, and what about it is not known.

Over HTTP a refused credential looks like a function that does not exist; on a socket there is no capture of either.
"""

from simulator.core.behavior import Field
from simulator.core.rows import Condition
from simulator.exchanges.alphapoint.errors import Errors

_PROBE = "probe of apexapi.bitazza.com, 2026-09"
_SLATE = "APEX documentation (alphapoint.github.io/slate)"
_V4 = "APEX 4.3 documentation (VulcanXOffical/API-Docs) CancelWithdraw"
_AS_MISSING = "as missing credentials are answered; no capture"
_AS_REFUSED_LOGIN = "as a wrong password is answered; clients look at Authenticated only"
_NO_CAPTURE = "no capture"
_AS_CANCEL = "as cancel.field_missing"
_V4_CREATE = "APEX 4.3 documentation CreateFiatWithdrawTicket, CreateCryptocurrencyWithdrawTicket"


class Conditions:
    """Every place that refuses, in the order of the checks."""

    FRAME_NOT_JSON = Condition("frame.not_json", Errors.SILENCE, "wild", _PROBE, "a frame's text is no JSON")
    FRAME_UNUSABLE = Condition(
        "frame.unusable",
        Errors.SILENCE,
        "inferred",
        _NO_CAPTURE,
        "a frame lacks an integer m of 0, 2 or 4, an integer i or a text n",
    )
    UNKNOWN_FUNCTION = Condition(
        "route.unknown",
        Errors.NOT_FOUND,
        "wild",
        f"{_PROBE}; a slash after the name is ignored [inferred from the socket's path]",
        "no HTTP function has this name",
    )
    WRONG_METHOD = Condition(
        "route.wrong_method", Errors.NOT_FOUND, "unknown", "clients send GET and POST only", "neither GET nor POST"
    )
    UNKNOWN_SOCKET_FUNCTION = Condition(
        "socket.unknown_function", Errors.ENDPOINT_NOT_FOUND, "wild", _PROBE, "no socket function has this name"
    )
    NO_CREDENTIALS = Condition(
        "auth.no_credentials",
        Errors.NOT_FOUND,
        "wild",
        f"{_PROBE}; for signed headers where auth.signed_requests is false [inferred]",
        "neither a token nor signed headers, or headers that are taken at a login only",
    )
    UNKNOWN_TOKEN = Condition(
        "auth.unknown_token",
        Errors.NOT_FOUND,
        "inferred",
        _AS_MISSING,
        "nobody has this session token, it was left or crowded out",
    )
    EXPIRED_TOKEN = Condition(
        "auth.expired_token", Errors.NOT_FOUND, "inferred", _AS_MISSING, "the session was idle for an hour"
    )
    TOKEN_OF_ANOTHER_IP = Condition(
        "auth.token_of_another_ip", Errors.NOT_FOUND, "inferred", _AS_MISSING, "the session began at another IP"
    )
    INCOMPLETE_HEADERS = Condition(
        "auth.incomplete_headers", Errors.NOT_FOUND, "inferred", _AS_MISSING, "one of the four headers is missing"
    )
    UNKNOWN_KEY = Condition("auth.unknown_key", Errors.NOT_FOUND, "inferred", _AS_MISSING, "nobody has this key")
    WRONG_USER_ID = Condition(
        "auth.wrong_user_id", Errors.NOT_FOUND, "inferred", _AS_MISSING, "the key is another user's"
    )
    WRONG_SIGNATURE = Condition(
        "auth.wrong_signature",
        Errors.NOT_FOUND,
        "inferred",
        f"{_AS_MISSING}; ccxt#26827 has a signed call answered so, but not why",
        "the signature is another one",
    )
    EXPIRED_KEY = Condition("auth.expired_key", Errors.NOT_FOUND, "inferred", _AS_MISSING, "the key has expired")
    WRONG_IP = Condition(
        "auth.wrong_ip", Errors.NOT_FOUND, "inferred", _AS_MISSING, "the caller's IP is not in the key's IpWhiteList"
    )
    SOCKET_NOT_AUTHENTICATED = Condition(
        "socket.not_authenticated",
        Errors.NOT_AUTHORIZED,
        "inferred",
        "the documented code; ENDPOINT_NOT_FOUND would be the parallel to HTTP",
        "nobody has logged in on this socket",
    )
    SOCKET_SESSION_ENDED = Condition(
        "socket.session_ended",
        Errors.NOT_AUTHORIZED,
        "inferred",
        "as a socket without login; no capture",
        "the socket's session was left, crowded out or idle for an hour, or its account was deleted",
    )
    LOGIN_WITHOUT_CREDENTIALS = Condition(
        "login.no_credentials", Errors.LOGIN_FAILED, "unknown", _NO_CAPTURE, "a login names no credentials"
    )
    LOGIN_MALFORMED = Condition(
        "login.malformed", Errors.LOGIN_FAILED, "unknown", _NO_CAPTURE, "the login's credentials cannot be read"
    )
    LOGIN_UNKNOWN_USER = Condition(
        "login.unknown_user", Errors.LOGIN_FAILED, "inferred", f"{_SLATE}, re-cased", "nobody has this user name"
    )
    LOGIN_LOCKED = Condition(
        "login.locked",
        Errors.LOGIN_LOCKED,
        "doc",
        f"{_SLATE} AuthenticateUser; after how many failures is not known",
        "the user failed too often; only an administrator unlocks",
    )
    LOGIN_WRONG_PASSWORD = Condition(
        "login.wrong_password", Errors.LOGIN_FAILED, "inferred", f"{_SLATE}, re-cased", "the password is another one"
    )
    LOGIN_UNKNOWN_KEY = Condition(
        "login.unknown_key", Errors.LOGIN_FAILED, "unknown", _AS_REFUSED_LOGIN, "nobody has this key"
    )
    LOGIN_WRONG_USER_ID = Condition(
        "login.wrong_user_id", Errors.LOGIN_FAILED, "unknown", _AS_REFUSED_LOGIN, "the key or session is another user's"
    )
    LOGIN_WRONG_SIGNATURE = Condition(
        "login.wrong_signature", Errors.LOGIN_FAILED, "unknown", _AS_REFUSED_LOGIN, "the signature is another one"
    )
    LOGIN_EXPIRED_KEY = Condition(
        "login.expired_key", Errors.LOGIN_FAILED, "unknown", _AS_REFUSED_LOGIN, "the key has expired"
    )
    LOGIN_WRONG_IP = Condition(
        "login.wrong_ip", Errors.LOGIN_FAILED, "unknown", _AS_REFUSED_LOGIN, "the caller's IP is not in the IpWhiteList"
    )
    LOGIN_DEAD_SESSION = Condition(
        "login.dead_session",
        Errors.LOGIN_FAILED,
        "unknown",
        _AS_REFUSED_LOGIN,
        "the session to be taken up is unknown, has ended or began at another IP",
    )
    SECOND_FACTOR_NOT_PENDING = Condition(
        "second_factor.not_pending",
        Errors.SECOND_FACTOR_FAILED,
        "unknown",
        "as a wrong code is answered",
        "no login waits for a code: none began here or under this Pending2FaToken, or too long ago, or at another IP",
    )
    SECOND_FACTOR_MISSING = Condition(
        "second_factor.missing",
        Errors.SECOND_FACTOR_FAILED,
        "unknown",
        "as a wrong code is answered",
        "Authenticate2FA has no Code",
    )
    SECOND_FACTOR_WRONG = Condition(
        "second_factor.wrong",
        Errors.SECOND_FACTOR_FAILED,
        "wild",
        "comment with an answer in kip260384/alphapoint_client_php",
        "the Code is not the one of now",
    )
    RATE_LIMIT = Condition(
        "limit.exceeded", Errors.TOO_MANY_REQUESTS, "sdk", "hummingbot ndax", "too many calls in a minute"
    )
    BARE_PAYLOAD = Condition(
        "two_factor.bare_payload",
        Errors.TWO_FACTOR_REQUIRED,
        "sdk",
        "ccxt ndax.py",
        "a guarded function is called without the wrapper TFaType, TFaCode, Payload",
    )
    TWO_FACTOR_TYPE = Condition(
        "two_factor.unknown_type", Errors.INVALID_REQUEST, "unknown", _NO_CAPTURE, "TFaType is not Google"
    )
    TWO_FACTOR_CODE = Condition(
        "two_factor.wrong_code", Errors.NOT_AUTHORIZED, "unknown", _NO_CAPTURE, "TFaCode is not the code of now"
    )
    NOT_AN_OBJECT = Condition(
        "parameters.not_an_object",
        Errors.INVALID_REQUEST,
        "inferred",
        f"{_NO_CAPTURE}; of keys that differ in letter case alone the last one counts [unknown]",
        "the payload is no JSON object",
    )
    CANCEL_FIELD_MISSING = Condition(
        "cancel.field_missing",
        Errors.CANCEL_FIELDS_REQUIRED,
        "inferred",
        "code and errormsg as in the probe of apexapi.bitazza.com; the detail follows its style",
        "a required field is missing or empty",
    )
    FIELD_MISSING = Condition(
        "read.field_missing",
        Errors.ACCOUNT_FIELDS_REQUIRED,
        "inferred",
        _AS_CANCEL,
        "OMSId or AccountId of a function that reads one account, or of a subscription, is missing or empty",
    )
    OMS_MISSING = Condition(
        "products.oms_missing",
        Errors.OMS_REQUIRED,
        "wild",
        f"{_PROBE}, GetInstruments",
        "GetProducts or GetInstruments has no OMSId",
    )
    PRODUCT_FIELD_MISSING = Condition(
        "template.field_missing",
        Errors.PRODUCT_FIELDS_REQUIRED,
        "inferred",
        _AS_CANCEL,
        "OMSId or ProductId of a template function is missing or empty",
    )
    FEE_FIELD_MISSING = Condition(
        "fee.field_missing",
        Errors.FEE_FIELDS_REQUIRED,
        "inferred",
        _AS_CANCEL,
        "a required field of GetWithdrawFee is missing or empty",
    )
    CREATE_FIELD_MISSING = Condition(
        "create.field_missing",
        Errors.CREATE_FIELDS_REQUIRED,
        "inferred",
        _AS_CANCEL,
        "a required field of CreateWithdrawTicket is missing or empty",
    )
    CONFIRM_FIELD_MISSING = Condition(
        "confirm.field_missing",
        Errors.CONFIRM_FAILED,
        "unknown",
        _NO_CAPTURE,
        "UserId or VerifyCode of ConfirmWithdraw is missing or empty",
    )
    OPERATOR_FIELD_MISSING = Condition(
        "all_tickets.field_missing",
        Errors.OPERATOR_FIELDS_REQUIRED,
        "inferred",
        _AS_CANCEL,
        "OMSId or OperatorId of GetAllWithdrawTickets is missing or empty",
    )
    UPDATE_FIELD_MISSING = Condition(
        "update.field_missing",
        Errors.UPDATE_FIELDS_REQUIRED,
        "inferred",
        _AS_CANCEL,
        "OMSId, OperatorId or RequestCode of UpdateWithdrawTicket is missing or empty",
    )
    WRONG_TYPE = Condition(
        "parameters.wrong_type",
        Errors.INVALID_REQUEST,
        "inferred",
        _NO_CAPTURE,
        "a number is none, nor text of one, or is out of range; or a text is none",
    )
    NO_PERMISSION = Condition(
        "auth.no_permission", Errors.NOT_AUTHORIZED, "doc", _V4, "the caller lacks the function's permission"
    )
    TEMPLATE_NO_PERMISSION = Condition(
        "template.no_permission",
        Errors.TEMPLATE_NOT_AUTHORIZED,
        "doc",
        f"{_SLATE} GetWithdrawTemplateTypes",
        "the caller lacks the permission of a template function",
    )
    FOREIGN_ACCOUNT = Condition(
        "account.foreign",
        Errors.NOT_AUTHORIZED,
        "inferred",
        "the documented code; TICKET_NOT_FOUND is the other candidate",
        "AccountId is another user's",
    )
    CANCEL_UNKNOWN_ACCOUNT = Condition(
        "cancel.unknown_account", Errors.TICKET_NOT_FOUND, "doc", _V4, "there is no account AccountId"
    )
    READ_UNKNOWN_ACCOUNT = Condition(
        "read.unknown_account",
        Errors.NOT_AUTHORIZED,
        "unknown",
        _NO_CAPTURE,
        "there is no account AccountId (every function but CancelWithdraw)",
    )
    CANCEL_WRONG_OMS = Condition(
        "cancel.wrong_oms",
        Errors.TICKET_NOT_FOUND,
        "doc",
        f"{_V4}; elsewhere it is INVALID_OMS",
        "OMSId is another one",
    )
    READ_WRONG_OMS = Condition(
        "read.wrong_oms",
        Errors.INVALID_OMS,
        "wild",
        f"{_PROBE}, GetInstruments; of other functions inferred",
        "OMSId is another one (every function but CancelWithdraw and the operators')",
    )
    CANCEL_WRONG_USER = Condition(
        "cancel.wrong_user",
        Errors.TICKET_NOT_FOUND,
        "doc",
        f"{_V4}; not looked at for an operator [inferred]",
        "UserId is not the account's user",
    )
    MALFORMED_CODE = Condition(
        "cancel.malformed_code",
        Errors.TICKET_NOT_FOUND,
        "inferred",
        "no message about the format of a GUID is known",
        "RequestCode is no GUID",
    )
    UNKNOWN_CODE = Condition(
        "cancel.unknown_code", Errors.TICKET_NOT_FOUND, "doc", _V4, "there is no withdrawal RequestCode"
    )
    FOREIGN_CODE = Condition(
        "cancel.foreign_code", Errors.TICKET_NOT_FOUND, "doc", _V4, "the withdrawal is another account's"
    )
    ALREADY_CANCELLED = Condition(
        "cancel.already_cancelled", Errors.ALREADY_PROCESSED, "doc", _V4, "it was cancelled before"
    )
    BEING_CANCELLED = Condition(
        "cancel.being_cancelled", Errors.ALREADY_PROCESSED, "inferred", _NO_CAPTURE, "a cancel is on its way already"
    )
    FINAL = Condition("cancel.final", Errors.ALREADY_PROCESSED, "doc", _V4, "its status is final")
    NOT_CANCELLABLE = Condition(
        "cancel.not_cancellable",
        Errors.ALREADY_PROCESSED,
        "inferred",
        "the list of cancellable statuses is not published; the refusal is documented for terminal states only",
        "its status is not final, but does not allow it either",
    )
    TICKET_UNKNOWN = Condition(
        "ticket.unknown", Errors.RESOURCE_NOT_FOUND, "unknown", _NO_CAPTURE, "GetWithdrawTicket finds no ticket"
    )
    FOREIGN_USER = Condition(
        "user.foreign",
        Errors.NOT_AUTHORIZED,
        "inferred",
        "the documented code; no capture",
        "somebody who is no operator asks about another user",
    )
    USER_UNKNOWN = Condition(
        "user.unknown", Errors.RESOURCE_NOT_FOUND, "unknown", _NO_CAPTURE, "an operator asks about a user that is not"
    )
    TEMPLATE_NO_PRODUCT = Condition(
        "template.unknown_product",
        Errors.ASSET_MANAGER_NOT_FOUND,
        "doc",
        f"{_SLATE} GetWithdrawTemplateTypes",
        "there is no product ProductId",
    )
    TEMPLATE_UNKNOWN = Condition(
        "template.unknown",
        Errors.ASSET_MANAGER_NOT_FOUND,
        "unknown",
        "as an unknown product is answered",
        "GetWithdrawTemplate finds no template TemplateType of the AccountProviderId",
    )
    UNKNOWN_PRODUCT = Condition(
        "create.unknown_product",
        Errors.INVALID_REQUEST,
        "inferred",
        f"{_V4_CREATE}: a wrong kind of product is 100",
        "there is no product ProductId (also in GetWithdrawFee)",
    )
    CREATE_TEMPLATE = Condition(
        "create.unknown_template",
        Errors.INVALID_REQUEST,
        "unknown",
        _NO_CAPTURE,
        "the product has no template TemplateType of the AccountProviderId",
    )
    CREATE_FORM = Condition(
        "create.malformed_form",
        Errors.INVALID_REQUEST,
        "unknown",
        _NO_CAPTURE,
        "TemplateForm is no JSON object, nor text of one, or is too long",
    )
    CREATE_ADDRESS = Condition(
        "create.no_address", Errors.INVALID_REQUEST, "unknown", _NO_CAPTURE, "the form has no ExternalAddress"
    )
    CREATE_AMOUNT = Condition(
        "create.amount",
        Errors.INVALID_REQUEST,
        "inferred",
        f"{_SLATE} CreateWithdrawTicket: greater than 0",
        "Amount is not greater than 0, or absurdly large (also in GetWithdrawFee)",
    )
    CREATE_PRECISION = Condition(
        "create.precision",
        Errors.INVALID_REQUEST,
        "unknown",
        "a real one may cut off instead",
        "Amount has more decimals than the product, zeros not counted (also in GetWithdrawFee)",
    )
    CREATE_BALANCE = Condition(
        "create.insufficient_balance",
        Errors.INSUFFICIENT_BALANCE,
        "doc",
        f"{_SLATE} CreateWithdrawTicket; that the fee counts is inferred",
        "less than Amount and fee is available",
    )
    CONFIRM_UNKNOWN = Condition(
        "confirm.unknown_code", Errors.CONFIRM_FAILED, "unknown", _NO_CAPTURE, "the user has no ticket of VerifyCode"
    )
    CONFIRM_TOO_LATE = Condition(
        "confirm.too_late", Errors.CONFIRM_FAILED, "unknown", _NO_CAPTURE, "the ticket is not Pending2Fa any more"
    )
    DEPRECATED = Condition(
        "withdraw.deprecated", Errors.OPERATION_NOT_SUPPORTED, "doc", f"{_SLATE} Withdraw", "Withdraw is called"
    )
    WRONG_OPERATOR = Condition(
        "operator.wrong",
        Errors.INVALID_OMS_OR_OPERATOR,
        "doc",
        f"{_SLATE} UpdateWithdrawTicket",
        "OMSId or OperatorId of an operator's function is another one",
    )
    UPDATE_UNKNOWN = Condition(
        "update.unknown_code",
        Errors.TICKET_NOT_FOUND,
        "inferred",
        "as CancelWithdraw; no capture",
        "there is no withdrawal RequestCode",
    )
    UPDATE_IMPOSSIBLE = Condition(
        "update.impossible_status",
        Errors.OPERATION_FAILED,
        "inferred",
        f"{_SLATE} UpdateWithdrawTicket: code 101; which statuses may follow is not published",
        "no step leads from the ticket's status to the one that is asked for",
    )
    UPDATE_BALANCE = Condition(
        "update.insufficient_balance",
        Errors.INSUFFICIENT_BALANCE,
        "inferred",
        "as CreateWithdrawTicket; no capture",
        "a failed ticket is taken up again, but its money has gone",
    )
    ALREADY_SUBSCRIBED = Condition(
        "subscribe.again",
        Errors.ALREADY_SUBSCRIBED,
        "inferred",
        f"{_PROBE}, a public subscription",
        "the socket has these events already",
    )
    NOT_SUBSCRIBED = Condition(
        "unsubscribe.without",
        Errors.RESOURCE_NOT_FOUND,
        "unknown",
        _NO_CAPTURE,
        "the socket does not have these events",
    )


class Fields:
    """The structural choices."""

    CONTENT_TYPE = Field(
        "http.content_type",
        "application/json",
        "unknown",
        "JSON it must be (aiohttp's json() insists); the charset suffix is not known",
        "the Content-Type of a JSON answer",
        ("application/json", "application/json; charset=utf-8"),
    )
    SIGNED_REQUESTS = Field(
        "auth.signed_requests",
        True,
        "sdk",
        "ccxt ndax signs every request; ccxt#26827 suggests that NDAX stopped taking that",
        "accept the four signed headers on any private call, without a login",
        (True, False),
    )
    UPPERCASE_HEX = Field(
        "signature.uppercase_hex",
        False,
        "unknown",
        "every client sends lower case",
        "accept an upper-case hex signature",
        (False, True),
    )
    CALLS_PER_MINUTE = Field(
        "limit.calls_per_minute",
        600,
        "unknown",
        "no figures are published; hummingbot assumes 600 a minute",
        "private calls that one account may make from one IP in a minute, when limits are on",
    )
    FAILURES_TO_LOCK = Field(
        "login.failures_to_lock",
        0,
        "unknown",
        "locking is documented, how many failures it takes is not",
        "wrong passwords in a row that lock a user; 0: never (setting it to 0 also unlocks)",
    )
    GUARDS_CREATE = Field(
        "two_factor.guards_create",
        "users_of_2fa",
        "inferred",
        "createwithdrawticket is in a published list of GetValidate2FARequiredEndpoints; whether that binds users "
        "without two factors is not known",
        "when CreateWithdrawTicket takes its payload only inside the two-factor wrapper; it reads one anyway",
        ("users_of_2fa", "always", "never"),
    )
    GUARDS_CANCEL = Field(
        "two_factor.guards_cancel",
        False,
        "inferred",
        "no published list of GetValidate2FARequiredEndpoints has cancelwithdraw",
        "CancelWithdraw takes its payload only inside the two-factor wrapper",
        (False, True),
    )
    CANCELLABLE = Field(
        "cancel.cancellable",
        "pending",
        "inferred",
        "no list is published; the official web UI offers Cancel for Pending and Pending2Fa only, so the default "
        "promises no cancel beyond these. Contrary reading: the APEX 4.3 documentation refuses terminal states only, "
        'to which "wide" (every status before the funds are with the provider) comes nearer',
        "which statuses can be cancelled",
        ("pending", "wide"),
    )
    CANCEL_TAKES_EFFECT = Field(
        "cancel.takes_effect",
        "at_once",
        "inferred",
        f"{_SLATE} CancelWithdraw: the reply tells of receipt, the status stands in GetWithdrawTicket",
        "whether an accepted cancel is done when the reply is sent, or afterwards (and may then lose its race)",
        ("at_once", "later"),
    )
    CANCEL_RECEIPT_SECONDS = Field(
        "cancel.receipt_seconds",
        2,
        "unknown",
        "not published",
        "how long it takes from the receipt of a cancel to the cancelled ticket, where it takes effect later",
    )
    SUCCESS_DETAIL = Field(
        "cancel.success_detail",
        "request_code",
        "doc",
        "APEX 4.3 sends the RequestCode; version 3 is documented as usually null",
        "what stands in detail of an accepted cancel",
        ("request_code", "null"),
    )
    CREATE_FIRST_STATUS = Field(
        "create.first_status",
        "Pending2Fa",
        "wild",
        "captured creation of a ticket; where no mail confirms, New or AutoAccepted is concluded",
        "the status that CreateWithdrawTicket begins with",
        ("Pending2Fa", "New", "AutoAccepted"),
    )
    CREATE_WITHOUT_AMOUNT = Field(
        "create.without_amount",
        "refused",
        "inferred",
        "Amount is documented as required; ccxt's withdraw() sends none",
        "what CreateWithdrawTicket does without an Amount: refuse, or take one unit of the product",
        ("refused", "one"),
    )
    FEE_SHAPE = Field(
        "fee.shape",
        "fee_and_amount",
        "doc",
        "APEX 4.3 has FeeAmount and TicketAmount, version 3 FeeAmount only",
        "what GetWithdrawFee answers",
        ("fee_and_amount", "fee"),
    )
    TEMPLATE_TYPES = Field(
        "template.types",
        "objects",
        "doc",
        "APEX 4.3 and ccxt have objects, version 3 and ExchangeSharp plain names",
        "what the list of GetWithdrawTemplateTypes holds",
        ("objects", "names"),
    )
    TICKETS_LIMIT = Field(
        "tickets.default_limit",
        0,
        "doc",
        "APEX 4.3: no Limit means all; version 3: 200",
        "how many tickets a list without Limit has; 0: all",
    )
    READS_LAG_POLLS = Field(
        "reads.lag_polls",
        0,
        "inferred",
        "reads may come from a replica: Bitazza's update ids were seen going backwards",
        "how many reads of a withdrawal still show what earlier ones showed after it has changed",
    )
    READS_LAG_MS = Field(
        "reads.lag_ms",
        0,
        "inferred",
        "as reads.lag_polls",
        "how old, in ms of account time, what reads of withdrawals show is",
    )
    TRANSACTIONS_HOLDS = Field(
        "transactions.holds",
        False,
        "unknown",
        "WithdrawHold and Hold are documented types; samples have settled withdrawals only",
        "GetAccountTransactions lists holds, and their end, beside settled withdrawals",
        (False, True),
    )
