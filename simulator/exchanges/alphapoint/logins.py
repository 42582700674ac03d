"""AlphaPoint's logins: functions from a `Call` to the object that either transport sends.

Facts: APEX documentation (Authenticate, AuthenticateUser, WebAuthenticateUser, LogOut), version 4.3. A login with a
password of somebody who uses two factors is half a login; one with an API key never is.
"""

from __future__ import annotations

from typing import Any

from simulator.core.accounts import Key
from simulator.exchanges.alphapoint.authentication import log_in_by_frame, log_in_by_request, take_up
from simulator.exchanges.alphapoint.calls import Call, done, parameters
from simulator.exchanges.alphapoint.users import OMS_ID, Session, User, sessions


def authenticate_user(call: Call) -> Any:
    """Authenticate (HTTP) and AuthenticateUser: opens a session; on a socket, the socket becomes it."""
    if call.request is not None:
        key, by_key = log_in_by_request(call)
    else:
        key, by_key = log_in_by_frame(call, parameters(call))
    user: User = key.account.details
    if user.use_2fa and not by_key:
        return _halfway(call, key)
    session = _open(call, key)
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
            "Use2FA": user.use_2fa,
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
        begin(call, session)
    else:
        key, by_key = log_in_by_frame(call, given)
        if key.account.details.use_2fa and not by_key:
            return _halfway(call, key)
        session = _open(call, key)
    user: User = session.key.account.details
    # The lower-case t of the last key is the exchange's.
    return {"Authenticated": True, "SessionToken": session.token, "UserId": user.user_id, "twoFAToken": ""}


def _halfway(call: Call, key: Key) -> dict[str, Any]:
    """A login that waits for its code: it says Authenticated all the same, but opens nothing yet."""
    pending = sessions(call.world).open(call.world, key, call.peer, is_pending=True)
    told = {"Authenticated": True, "Requires2FA": True, "AuthType": "Google", "AddtlInfo": ""}
    if call.request is None:
        call.pending = pending
        return told
    return {**told, "Pending2FaToken": pending.token}


def _open(call: Call, key: Key) -> Session:
    session = sessions(call.world).open(call.world, key, call.peer)
    begin(call, session)
    return session


def begin(call: Call, session: Session) -> None:
    """The call goes on in this session; on a socket, what somebody else had subscribed to is not its business."""
    if call.session is None or call.session.account is not session.key.account:
        call.subscribed = frozenset()
    call.session, call.pending = session, None


def log_out(call: Call) -> Any:
    """LogOut: ends the session. A call that was signed by itself has none to end."""
    if call.session is not None:
        sessions(call.world).end(call.session.token)
        call.session, call.subscribed = None, frozenset()
    return done(None)
