"""Two-factor codes: the second step of a login, and the wrapper of guarded functions.

The wrapper is `{"TFaType":"Google","TFaCode":"123456","Payload":"..."}`; which functions are guarded is the operator's
choice (GetValidate2FARequiredEndpoints). Facts: APEX documentation Authenticate2FA, ccxt ndax.py, the official web UI.
Codes are those of RFC 6238 over the server clock; the one before and the one after count as well.
"""

from __future__ import annotations

import re
from typing import Any

import pyotp

from simulator.core.rows import Condition, Refusal
from simulator.exchanges.alphapoint import signing
from simulator.exchanges.alphapoint.behavior import Conditions, Fields
from simulator.exchanges.alphapoint.calls import Call, Parameters, is_absent, parameters
from simulator.exchanges.alphapoint.logins import begin
from simulator.exchanges.alphapoint.users import Session, User, is_idle, sessions

_CODE = re.compile(r"[0-9]{6}", re.ASCII)


def authenticate_2fa(call: Call) -> Any:
    """Authenticate2FA: the code that a pending login waits for; its token is the session's from then on."""
    session = _pending(call)
    given = parameters(call)
    if is_absent(given, "Code"):
        raise Refusal(Conditions.SECOND_FACTOR_MISSING, f"Code is missing or empty; given are {list(given)}")
    user: User = session.key.account.details
    _check_code(user.totp_secret, given["code"], call.world.now_ms() // 1000, Conditions.SECOND_FACTOR_WRONG)
    session.is_pending = False
    begin(call, sessions(call.world).touch(call.world, session))
    return {"Authenticated": True, "UserId": user.user_id, "SessionToken": session.token}


def _pending(call: Call) -> Session:
    """The login that waits: named by a header, or the one that began on this socket."""
    table = sessions(call.world)
    if call.request is None:
        session = call.pending if call.pending is not None and table.is_open(call.pending) else None
    else:
        session = table.find(call.request.header("Pending2FaToken") or "", is_pending=True)
    if session is None:
        raise Refusal(
            Conditions.SECOND_FACTOR_NOT_PENDING, "no login waits for a code on this socket or under this token"
        )
    call.key = session.key
    session.key.account.catch_up()
    if is_idle(call.world, session) or session.peer != call.peer:
        raise Refusal(Conditions.SECOND_FACTOR_NOT_PENDING, f"the login began too long ago, or at {session.peer}")
    return session


def open_guarded(call: Call) -> None:
    """Put the payload of a wrapper in the wrapper's place, if the function is guarded or one came. Raises Refusal."""
    if _is_guarded(call):
        _unwrap(call, _wrapper(call))
    elif call.endpoint is not None and call.endpoint.name == "create":
        # ccxt wraps without asking whether that is wanted.
        wrapper = _wrapper(call)
        if _is_whole(wrapper):
            _unwrap(call, wrapper)


def _is_guarded(call: Call) -> bool:
    assert call.endpoint is not None
    if call.endpoint.name == "cancel":
        return call.behavior.get(Fields.GUARDS_CANCEL) is True
    if call.endpoint.name != "create":
        return False
    guards = call.behavior.get(Fields.GUARDS_CREATE)
    user: User = call.caller.account.details
    return guards == "always" or (guards == "users_of_2fa" and user.use_2fa)


def _is_whole(wrapper: Parameters) -> bool:
    return "tfacode" in wrapper and "payload" in wrapper


def _unwrap(call: Call, wrapper: Parameters) -> None:
    if not _is_whole(wrapper):
        raise Refusal(Conditions.BARE_PAYLOAD, f"TFaCode and Payload are needed; given are {list(wrapper)}")
    kind, code = wrapper.get("tfatype"), wrapper["tfacode"]
    if not isinstance(kind, str) or kind.lower() != "google":
        raise Refusal(Conditions.TWO_FACTOR_TYPE, f"TFaType is {kind!r}; it must be Google")
    user: User = call.caller.account.details
    _check_code(user.totp_secret, code, call.world.now_ms() // 1000, Conditions.TWO_FACTOR_CODE)
    call.payload = wrapper["payload"]


def _wrapper(call: Call) -> Parameters:
    """What came; a payload that cannot be read is no wrapper either."""
    try:
        return parameters(call)
    except Refusal:
        return {}


def _check_code(secret: str, code: object, now_s: int, wrong: Condition) -> None:
    """A code that came as a number has lost its leading zeros."""
    given = f"{code:06d}" if type(code) is int else code
    totp = pyotp.TOTP(secret)
    step = now_s // 30
    expected = [totp.generate_otp(max(number, 0)) for number in (step - 1, step, step + 1)]
    if (
        not isinstance(given, str)
        or not _CODE.fullmatch(given)
        or not any(signing.same(one, given) for one in expected)
    ):
        raise Refusal(wrong, f"the code is {code!r}; it must be {expected[1]} (server clock)")
