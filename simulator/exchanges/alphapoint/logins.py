"""AlphaPoint's logins and `Ping`: functions from a `Call` to the object that either transport sends.

Facts: APEX documentation (Authenticate, AuthenticateUser, WebAuthenticateUser, LogOut), version 4.3. Two-factor
logins are not emulated: `Use2FA` and `Requires2FA` are false.
"""

from __future__ import annotations

from typing import Any

from simulator.core.accounts import Key
from simulator.exchanges.alphapoint.authentication import log_in_by_frame, log_in_by_request, take_up
from simulator.exchanges.alphapoint.calls import Call, done, parameters
from simulator.exchanges.alphapoint.users import OMS_ID, Session, User, sessions


def ping(call: Call) -> Any:
    """Ping, public, over either transport; what a client sends with it does not matter."""
    return {"msg": "PONG"}


def authenticate_user(call: Call) -> Any:
    """Authenticate (HTTP) and AuthenticateUser: opens a session; on a socket, the socket becomes it."""
    key = log_in_by_request(call) if call.request is not None else log_in_by_frame(call, parameters(call))
    session = _open(call, key)
    user: User = key.account.details
    return {
        "Authenticated": True,
        "SessionToken": session.token,
        "User": {
            "UserId": user.user_id,
            "UserName": user.username,
            "Email": user.email,
            "EmailVerified": True,
            "AccountId": user.account_id,
            "OMSId": OMS_ID,
            "Use2FA": False,
        },
        "Locked": False,
        "Requires2FA": False,
        "EnforceEnable2FA": False,
        "TwoFAType": None,
        "TwoFAToken": None,
        "errormsg": None,
    }


def web_authenticate_user(call: Call) -> Any:
    """WebAuthenticateUser, on sockets only: user and password, or an open session to be taken up."""
    given = parameters(call)
    if given.get("sessiontoken") is not None:
        session = take_up(call, given)
        call.session = session
    else:
        session = _open(call, log_in_by_frame(call, given))
    user: User = session.key.account.details
    # The lower-case t of the last key is the exchange's.
    return {"Authenticated": True, "SessionToken": session.token, "UserId": user.user_id, "twoFAToken": ""}


def _open(call: Call, key: Key) -> Session:
    session = sessions(call.world).open(call.world, key, call.peer)
    call.session = session
    return session


def log_out(call: Call) -> Any:
    """LogOut: ends the session. A call that was signed by itself has none to end."""
    if call.session is not None:
        sessions(call.world).end(call.session.token)
        call.session = None
    return done(None)
