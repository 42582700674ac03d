"""Who is asking: by session token, by signed headers, by the socket's own session; and what a login may show.

Each function returns what it established or raises Refusal. Facts: APEX documentation (AuthenticateUser,
WebAuthenticateUser), ccxt ndax.py. What each refusal answers is a condition; the two families differ only in that.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass
from typing import Any

from simulator.core.accounts import Account, Key
from simulator.core.rows import Condition, Refusal
from simulator.core.world import World
from simulator.exchanges.alphapoint import signing
from simulator.exchanges.alphapoint.behavior import Conditions, Fields
from simulator.exchanges.alphapoint.calls import Call, Parameters, parameters
from simulator.exchanges.alphapoint.diagnosis import diagnosis
from simulator.exchanges.alphapoint.users import Session, User, is_idle, is_locked, named, sessions

_HEADERS = ("APIKey", "Signature", "UserId", "Nonce")

_LOGIN_ONLY = (
    "the four signed headers are right, but this account takes them at a login only (auth.signed_requests is false), "
    "so that they are no credentials of this call"
)


@dataclass(frozen=True, slots=True)
class _KeyConditions:
    """What the checks of a key answer."""

    unknown_key: Condition
    wrong_user_id: Condition
    wrong_signature: Condition
    expired_key: Condition
    wrong_ip: Condition


_EACH_REQUEST = _KeyConditions(
    Conditions.UNKNOWN_KEY,
    Conditions.WRONG_USER_ID,
    Conditions.WRONG_SIGNATURE,
    Conditions.EXPIRED_KEY,
    Conditions.WRONG_IP,
)
_LOGIN = _KeyConditions(
    Conditions.LOGIN_UNKNOWN_KEY,
    Conditions.LOGIN_WRONG_USER_ID,
    Conditions.LOGIN_WRONG_SIGNATURE,
    Conditions.LOGIN_EXPIRED_KEY,
    Conditions.LOGIN_WRONG_IP,
)


@dataclass(frozen=True, slots=True)
class Signed:
    """The four values of a signature, as text."""

    api_key: str
    signature: str
    user_id: str
    nonce: str


def by_request(call: Call) -> None:
    """An HTTP request: its session token first (ExchangeSharp sends Basic beside it), then its signed headers."""
    assert call.request is not None
    token = call.request.header("aptoken")
    if token is not None:
        _by_token(call, token)
        return
    headers = [call.request.header(name) for name in _HEADERS]
    if all(value is None for value in headers):
        raise Refusal(Conditions.NO_CREDENTIALS, "there is no aptoken header, and none of " + ", ".join(_HEADERS))
    if not all(headers):
        absent = [name for name, value in zip(_HEADERS, headers, strict=True) if not value]
        raise Refusal(Conditions.INCOMPLETE_HEADERS, f"the header {' and '.join(absent)} is missing or empty")
    by_key(call, Signed(*map(str, headers)), _EACH_REQUEST)
    if call.behavior.get(Fields.SIGNED_REQUESTS) is not True:
        raise Refusal(Conditions.NO_CREDENTIALS, _LOGIN_ONLY)


def _by_token(call: Call, token: str) -> None:
    session = sessions(call.world).find(token)
    if session is None:
        why = sessions(call.world).why_ended(token)
        raise Refusal(Conditions.UNKNOWN_TOKEN, f"the session {token!r} {why}")
    _take_over(call, session)
    if is_idle(call.world, session):
        raise Refusal(Conditions.EXPIRED_TOKEN, "the session was idle for an hour or more")
    if session.peer != call.peer:
        raise Refusal(
            Conditions.TOKEN_OF_ANOTHER_IP, f"the session began at {session.peer}, this call is from {call.peer}"
        )
    call.session = sessions(call.world).touch(call.world, session)


def by_socket(call: Call) -> None:
    """A frame: the socket itself is the session."""
    session = call.session
    if session is None:
        raise Refusal(Conditions.SOCKET_NOT_AUTHENTICATED, "nobody has logged in on this socket")
    if not sessions(call.world).is_open(session):
        why = sessions(call.world).why_ended(session.token)
        raise Refusal(Conditions.SOCKET_SESSION_ENDED, f"the socket's session {why}")
    _take_over(call, session)
    if is_idle(call.world, session):
        raise Refusal(Conditions.SOCKET_SESSION_ENDED, "the socket's session was idle for an hour or more")
    sessions(call.world).touch(call.world, session)


def keep_alive(call: Call) -> None:
    """A public function on a socket that is logged in, such as Ping, is activity too."""
    session, table = call.session, sessions(call.world)
    if session is not None and table.is_open(session) and not is_idle(call.world, session):
        table.touch(call.world, session)


def _take_over(call: Call, session: Session) -> None:
    call.key = session.key
    session.key.account.catch_up()


def by_key(call: Call, signed: Signed, conditions: _KeyConditions = _LOGIN) -> Key:
    """The key of a signature: known, the user's own, rightly signed, not expired, used from where it may be."""
    key = call.world.find_key(signed.api_key)
    if key is None:
        raise Refusal(conditions.unknown_key, f"no account here has the key {signed.api_key!r}")
    call.key = key
    user: User = key.account.details
    if signed.user_id != str(user.user_id):
        raise Refusal(conditions.wrong_user_id, f"the key is user {user.user_id}'s, not {signed.user_id!r}'s")
    message = signing.message(signed.nonce, signed.user_id, signed.api_key)
    uppercase = key.account.behavior.get(Fields.UPPERCASE_HEX) is True
    if not signing.matches(key.secret, message, signed.signature, uppercase=uppercase):
        told = diagnosis(key, call.request, signed.nonce, signed.user_id, signed.signature)
        raise Refusal(conditions.wrong_signature, told.because(), diagnosis=told)
    if key.is_expired:
        raise Refusal(conditions.expired_key, f"the key expired at {key.expires_ms} (account time)")
    if not key.allows_ip(call.peer):
        raise Refusal(conditions.wrong_ip, f"{call.peer} is not among the key's {', '.join(key.ip_allowlist)}")
    return key


def by_password(call: Call, username: str, password: str) -> Key:
    """The first key of the user: a login with a password may do what that one may."""
    account = named(call.world, username)
    if account is None:
        raise Refusal(Conditions.LOGIN_UNKNOWN_USER, f"there is no user {username!r}")
    account.catch_up()
    call.key = _first_key(account)
    user: User = account.details
    if is_locked(account):
        raise Refusal(Conditions.LOGIN_LOCKED, f"{username!r} is locked after {user.failures.count} failures")
    if not signing.same(user.password, password):
        user.failures.count += 1
        user.failures.last_ms = call.world.now_ms()
        raise Refusal(Conditions.LOGIN_WRONG_PASSWORD, f"the password of {username!r} is another one")
    user.failures.count = 0
    return call.key


def _first_key(account: Account) -> Key:
    return account.keys[0]


def log_in_by_request(call: Call) -> tuple[Key, bool]:
    """What an HTTP login shows in its headers: a signature (True), or Basic user and password."""
    assert call.request is not None
    headers = [call.request.header(name) for name in _HEADERS]
    if all(headers):
        return by_key(call, Signed(*map(str, headers))), True
    scheme, _, encoded = (call.request.header("Authorization") or "").partition(" ")
    if scheme.lower() != "basic":
        raise Refusal(
            Conditions.LOGIN_WITHOUT_CREDENTIALS,
            f"there are neither all of the headers {', '.join(_HEADERS)} nor Authorization: Basic",
        )
    try:
        username, colon, password = base64.b64decode(encoded.strip(), validate=True).decode().partition(":")
    except ValueError as error:
        raise Refusal(Conditions.LOGIN_MALFORMED, f"Authorization is not base64 of user:password: {error}") from None
    if not colon:
        raise Refusal(Conditions.LOGIN_MALFORMED, "Authorization has no colon between user and password")
    return by_password(call, username, password), False


def log_in_by_frame(call: Call, given: Parameters) -> tuple[Key, bool]:
    """What a login on a socket shows in its payload: a signature (True), or user and password."""
    if "apikey" in given:
        return by_key(call, Signed(*(_word(given, name) for name in _HEADERS))), True
    if "username" not in given or "password" not in given:
        raise Refusal(
            Conditions.LOGIN_WITHOUT_CREDENTIALS,
            f"neither UserName and Password nor {', '.join(_HEADERS)} are there, but {list(given)}",
        )
    return by_password(call, _word(given, "UserName"), _word(given, "Password")), False


def holder(world: World, session: Session | None, endpoint: str, payload: object) -> Account | None:
    """Whose socket this is, or on one without a login, whose login the payload would be. It proves nothing."""
    account = session.account if session is not None else None
    if account is not None and world.accounts.get(account.name) is account:
        return account
    try:
        given = parameters(Call(world=world, peer="", payload=payload)) if endpoint == "login" else {}
    except Refusal:
        return None
    token, api_key, username = (given.get(name) for name in ("sessiontoken", "apikey", "username"))
    begun = sessions(world).find(token) if isinstance(token, str) else None
    key = begun.key if begun else world.find_key(api_key) if isinstance(api_key, str) else None
    if key is not None:
        return key.account
    return named(world, username) if isinstance(username, str) else None


def take_up(call: Call, given: Parameters) -> Session:
    """The open session of the payload's SessionToken, from the same IP; a UserId beside it must be its user's."""
    token = _word(given, "SessionToken")
    session = sessions(call.world).find(token)
    if session is None:
        why = sessions(call.world).why_ended(token)
        raise Refusal(Conditions.LOGIN_DEAD_SESSION, f"the session {token!r} {why}")
    _take_over(call, session)
    if is_idle(call.world, session) or session.peer != call.peer:
        raise Refusal(Conditions.LOGIN_DEAD_SESSION, f"the session is idle, or was begun at {session.peer}")
    user: User = session.key.account.details
    if given.get("userid") is not None and _word(given, "UserId") != str(user.user_id):
        raise Refusal(
            Conditions.LOGIN_WRONG_USER_ID, f"the session is user {user.user_id}'s, not {given['userid']!r}'s"
        )
    return sessions(call.world).touch(call.world, session)


def _word(given: Parameters, name: str) -> str:
    """Text, or a number as text: ids and nonces come both ways."""
    value: Any = given.get(name.lower())
    if type(value) is int:
        return str(value)
    if not isinstance(value, str):
        raise Refusal(Conditions.LOGIN_MALFORMED, f"{name} is {value!r}; it must be text")
    return value
