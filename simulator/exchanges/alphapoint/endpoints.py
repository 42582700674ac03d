"""The table of AlphaPoint's functions, and which transport has which.

GET with a query and POST with a body are the same to every HTTP function; `method` is what clients use. A path below
/WSGateway/ means that only the socket has the function.
"""

from collections.abc import Callable
from typing import Any

from simulator.core.exchange import Endpoint
from simulator.exchanges.alphapoint import (
    cancel,
    catalogue,
    create,
    logins,
    operators,
    people,
    positions,
    records,
    subscriptions,
    system,
    templates,
    transactions,
    two_factor,
)
from simulator.exchanges.alphapoint.calls import Call, function_name

_HTTP, _SOCKET = "/AP/", "/WSGateway/"


def _row(
    name: str,
    method: str,
    path: str,
    function: Callable[[Call], Any],
    permission: str | None,
    source: str = "",
    shows: bool = False,
) -> Endpoint:
    """One function: `permission` is its umbrella, "" for any caller, None when it is public."""
    return Endpoint(
        name=name,
        method=method,
        path=path,
        function=function,
        permission=permission,
        source="APEX documentation, " + (source or path.rpartition("/")[2]),
        shows=shows,
    )


ENDPOINTS = (
    _row("cancel", "POST", _HTTP + "CancelWithdraw", cancel.cancel_withdraw, "Withdraw"),
    _row("create", "POST", _HTTP + "CreateWithdrawTicket", create.create_withdraw_ticket, "Withdraw"),
    _row("confirm", "POST", _HTTP + "ConfirmWithdraw", create.confirm_withdraw, None),
    _row("deprecated", "POST", _HTTP + "Withdraw", create.withdraw, "Withdraw"),
    _row("list", "GET", _HTTP + "GetWithdraws", records.get_withdraws, "Trading", shows=True),
    _row("ticket", "POST", _HTTP + "GetWithdrawTicket", records.get_withdraw_ticket, "Trading", shows=True),
    _row("tickets", "POST", _HTTP + "GetWithdrawTickets", records.get_withdraw_tickets, "Trading", shows=True),
    _row(
        "all_tickets", "POST", _HTTP + "GetAllWithdrawTickets", records.get_all_withdraw_tickets, "Operator", shows=True
    ),
    _row("update", "POST", _HTTP + "UpdateWithdrawTicket", operators.update_withdraw_ticket, "Operator"),
    _row("fee", "GET", _HTTP + "GetWithdrawFee", create.get_withdraw_fee, "Trading"),
    _row(
        "template_types", "GET", _HTTP + "GetWithdrawTemplateTypes", templates.get_withdraw_template_types, "Withdraw"
    ),
    _row(
        "template_types",
        "GET",
        _HTTP + "GetWithdrawFormTemplateTypes",
        templates.get_withdraw_template_types,
        "Withdraw",
        "GetWithdrawTemplateTypes",
    ),
    _row("template", "GET", _HTTP + "GetWithdrawTemplate", templates.get_withdraw_template, "Withdraw"),
    _row("balance", "GET", _HTTP + "GetAccountPositions", positions.get_account_positions, "Trading"),
    _row("transactions", "GET", _HTTP + "GetAccountTransactions", transactions.get_account_transactions, "Trading"),
    _row("user", "POST", _HTTP + "GetUserInfo", people.get_user_info, ""),
    _row("permissions", "POST", _HTTP + "GetUserPermissions", people.get_user_permissions, ""),
    _row("accounts", "GET", _HTTP + "GetUserAccounts", people.get_user_accounts, ""),
    _row("account", "POST", _HTTP + "GetAccountInfo", people.get_account_info, "Trading"),
    _row("assets", "GET", _HTTP + "GetProducts", catalogue.get_products, None),
    _row("instruments", "GET", _HTTP + "GetInstruments", catalogue.get_instruments, None),
    _row("ping", "GET", _HTTP + "Ping", system.ping, None),
    _row("health", "GET", _HTTP + "HealthCheck", system.health_check, None),
    _row("version", "GET", _HTTP + "GetOMSVersion", system.get_oms_version, None),
    _row("login", "GET", _HTTP + "Authenticate", logins.authenticate_user, None),
    _row("login", "GET", _HTTP + "AuthenticateUser", logins.authenticate_user, None),
    _row("login", "WS", _SOCKET + "WebAuthenticateUser", logins.web_authenticate_user, None),
    _row("second_factor", "GET", _HTTP + "Authenticate2FA", two_factor.authenticate_2fa, None),
    _row("logout", "POST", _HTTP + "LogOut", logins.log_out, ""),
    _row("subscribe", "WS", _SOCKET + "SubscribeAccountEvents", subscriptions.subscribe_account_events, "Trading"),
    _row(
        "unsubscribe", "WS", _SOCKET + "UnsubscribeAccountEvents", subscriptions.unsubscribe_account_events, "Trading"
    ),
)

_HTTP_ONLY = (_HTTP + "Authenticate",)

HTTP_FUNCTIONS = {function_name(known).lower(): known for known in ENDPOINTS if known.method != "WS"}
"""By lower-case name."""

SOCKET_FUNCTIONS = {function_name(known).lower(): known for known in ENDPOINTS if known.path not in _HTTP_ONLY}
"""By lower-case name."""

OWN_PERMISSIONS = tuple(function_name(known) for known in ENDPOINTS if known.permission and known.name != "deprecated")
"""The functions that have a permission of their own name (`Withdraw` is an umbrella already)."""
