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
        "as cancel.field_missing",
        "a required field of GetWithdraws or GetWithdrawTicket is missing or empty",
    )
    WRONG_TYPE = Condition(
        "parameters.wrong_type",
        Errors.INVALID_REQUEST,
        "inferred",
        _NO_CAPTURE,
        "an id is no integer, nor text of one, or a code is no text",
    )
    NO_PERMISSION = Condition(
        "auth.no_permission", Errors.NOT_AUTHORIZED, "doc", _V4, "the caller lacks the function's permission"
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
        "read.unknown_account", Errors.NOT_AUTHORIZED, "unknown", _NO_CAPTURE, "there is no account AccountId"
    )
    CANCEL_WRONG_OMS = Condition(
        "cancel.wrong_oms",
        Errors.TICKET_NOT_FOUND,
        "doc",
        f"{_V4}; elsewhere it is INVALID_OMS",
        "OMSId is another one",
    )
    READ_WRONG_OMS = Condition(
        "read.wrong_oms", Errors.INVALID_OMS, "inferred", f"{_PROBE}, GetInstruments", "OMSId is another one"
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
    SUCCESS_DETAIL = Field(
        "cancel.success_detail",
        "request_code",
        "doc",
        "APEX 4.3 sends the RequestCode; version 3 is documented as usually null",
        "what stands in detail of an accepted cancel",
        ("request_code", "null"),
    )
