"""The table of AlphaPoint's functions, and which transport has which.

GET with a query and POST with a body are the same to every HTTP function; `method` is what clients use. A path below
/WSGateway/ means that only the socket has the function.
"""

from simulator.core.exchange import Endpoint
from simulator.exchanges.alphapoint.calls import function_name
from simulator.exchanges.alphapoint.logins import authenticate_user, log_out, ping, web_authenticate_user
from simulator.exchanges.alphapoint.withdraws import cancel_withdraw, get_withdraw_ticket, get_withdraws

_DOCS = "APEX documentation, "

ENDPOINTS = (
    Endpoint(
        name="cancel",
        method="POST",
        path="/AP/CancelWithdraw",
        function=cancel_withdraw,
        permission="Withdraw",
        source=_DOCS + "CancelWithdraw",
    ),
    Endpoint(
        name="list",
        method="GET",
        path="/AP/GetWithdraws",
        function=get_withdraws,
        permission="Trading",
        source=_DOCS + "GetWithdraws",
    ),
    Endpoint(
        name="ticket",
        method="POST",
        path="/AP/GetWithdrawTicket",
        function=get_withdraw_ticket,
        permission="Trading",
        source=_DOCS + "GetWithdrawTicket",
    ),
    Endpoint(name="ping", method="GET", path="/AP/Ping", function=ping, permission=None, source=_DOCS + "Ping"),
    Endpoint(
        name="login",
        method="GET",
        path="/AP/Authenticate",
        function=authenticate_user,
        permission=None,
        source=_DOCS + "Authenticate",
    ),
    Endpoint(
        name="login",
        method="GET",
        path="/AP/AuthenticateUser",
        function=authenticate_user,
        permission=None,
        source=_DOCS + "AuthenticateUser",
    ),
    Endpoint(
        name="login",
        method="WS",
        path="/WSGateway/WebAuthenticateUser",
        function=web_authenticate_user,
        permission=None,
        source=_DOCS + "WebAuthenticateUser",
    ),
    Endpoint(name="logout", method="POST", path="/AP/LogOut", function=log_out, permission="", source=_DOCS + "LogOut"),
)

_HTTP_ONLY = ("/AP/Authenticate",)

HTTP_FUNCTIONS = {function_name(known).lower(): known for known in ENDPOINTS if known.method != "WS"}
"""By lower-case name."""

SOCKET_FUNCTIONS = {function_name(known).lower(): known for known in ENDPOINTS if known.path not in _HTTP_ONLY}
"""By lower-case name."""
