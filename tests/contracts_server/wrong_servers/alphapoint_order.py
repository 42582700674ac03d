"""Wrong servers that call themselves AlphaPoint: the order of their checks."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from simulator.core.rows import Refusal
from simulator.exchanges.alphapoint import authentication, calls, cancel, gateway, permissions, two_factor, users
from simulator.exchanges.alphapoint.behavior import Conditions
from wrong_servers.alphapoint_patches import cancels_by
from wrong_servers.mutant import Mutant, Patch
from wrong_servers.patches import put, wrap

_mutant = partial(Mutant, "alphapoint")


# The order of checks.


def _process(*order: str) -> Patch:
    """The column of a private call in another order; what would stand behind somebody is asked of the key's header."""

    def process(call: Any, endpoint: Any) -> Any:
        call.endpoint = endpoint
        if endpoint.permission is None:
            if call.request is None:
                authentication.keep_alive(call)
            return endpoint.function(call)
        steps = {
            "caller": lambda: _known(call),
            "credentials": lambda: gateway._authenticate(call),
            "limit": lambda: gateway._take(call),
            "guard": lambda: two_factor.open_guarded(call),
            "payload": lambda: calls.parameters(call),
        }
        for name in order:
            steps[name]()
        return endpoint.function(call)

    return put(gateway, "_process", process)


def _known(call: Any) -> None:
    if call.request is not None:
        call.key = users.whose(call.world, call.request)
    elif call.session is not None:
        call.key = call.session.key
    if call.key is None:
        raise Refusal(Conditions.UNKNOWN_KEY, "nobody")


_TYPES: dict[str, Callable[..., Any]] = {
    "OMSId": calls.integer,
    "UserId": calls.integer,
    "AccountId": calls.integer,
    "RequestCode": calls.text,
}


def _cancel(*order: str) -> Patch:
    """CancelWithdraw with its checks in another order."""

    def cancel_withdraw(call: Any) -> Any:
        given = calls.parameters(call)
        found: dict[str, Any] = {}
        steps = {
            "fields": lambda: calls.require(
                given, ("OMSId", "UserId", "AccountId", "RequestCode"), Conditions.CANCEL_FIELD_MISSING
            ),
            "types": lambda: [read(given, name) for name, read in _TYPES.items() if not calls.is_absent(given, name)],
            "permission": lambda: permissions.check_permission(call),
            "account": lambda: found.update(
                account=permissions.account_numbered(
                    call, calls.integer(given, "AccountId"), Conditions.CANCEL_UNKNOWN_ACCOUNT
                )
            ),
            "own": lambda: found.update(account=call.caller.account),
            "oms": lambda: permissions.check_oms(calls.integer(given, "OMSId"), Conditions.CANCEL_WRONG_OMS),
            "user": lambda: cancel._check_user(call, found["account"], calls.integer(given, "UserId")),
            "ticket": lambda: found.update(
                withdrawal=cancel._find(call, found["account"], calls.text(given, "RequestCode"))
            ),
            "status": lambda: cancel._check_cancellable(found["account"], found["withdrawal"]),
        }
        for name in order:
            steps[name]()
        cancel.sign_off(found["withdrawal"], call.caller)
        at_once = found["account"].behavior.get(cancel.Fields.CANCEL_TAKES_EFFECT) == "at_once"
        found["account"].move(found["withdrawal"], "cancel" if at_once else "receive_cancel")
        detail = found["account"].behavior.get(cancel.Fields.SUCCESS_DETAIL) == "request_code"
        return calls.done(found["withdrawal"].id if detail else None)

    return cancels_by(cancel_withdraw)


def _some_of(early: Callable[[Any, dict[str, Any]], Any]) -> Patch:
    """CancelWithdraw that begins with something of a later check, where its fields are there and are numbers."""

    def begun(parameters: Callable[..., Any], call: Any) -> Any:
        given = parameters(call)
        early(call, given)
        return given

    return wrap(cancel, "parameters", begun)


def _users_number(call: Any, given: dict[str, Any]) -> None:
    user = given.get("userid")
    if (
        isinstance(user, int)
        and isinstance(given.get("accountid"), int)
        and user != call.caller.account.details.user_id
    ):
        raise Refusal(Conditions.CANCEL_WRONG_USER, "nobody looked at the other fields")


def _oms_number(call: Any, given: dict[str, Any]) -> None:
    if isinstance(given.get("omsid"), int):
        permissions.check_oms(given["omsid"], Conditions.CANCEL_WRONG_OMS)


def _login_before_function(function: Callable[..., Any], name: str) -> Any:
    if name.lower() not in gateway.SOCKET_FUNCTIONS:
        raise Refusal(Conditions.SOCKET_NOT_AUTHENTICATED, "nobody")
    return function(name)


RIGHT_ORDER = _process("credentials", "limit", "guard")
RIGHT_COLUMN = _cancel("fields", "types", "permission", "account", "oms", "user", "ticket", "status")
"""Copies of the emulator's own columns: nobody may blame them."""

ORDER = (
    _mutant(
        "limit-before-credentials",
        "counts before it knows who asks",
        _process("caller", "limit", "credentials", "guard"),
    ),
    _mutant("user-before-fields", "looks at a UserId before missing fields", _some_of(_users_number)),
    _mutant("oms-before-types", "looks at an OMSId before the type of others", _some_of(_oms_number)),
    _mutant("guard-before-limit", "asks for a code before it counts", _process("credentials", "guard", "limit")),
    _mutant(
        "payload-before-credentials",
        "reads the payload before it knows who asks",
        _process("payload", "credentials", "limit", "guard"),
    ),
    _mutant(
        "payload-before-limit",
        "reads the payload before it counts",
        _process("credentials", "payload", "limit", "guard"),
    ),
    _mutant(
        "login-before-function",
        "wants a login before it looks for a function",
        wrap(gateway, "_socket_function", _login_before_function),
    ),
    _mutant(
        "types-before-fields",
        "looks at numbers before missing fields",
        _cancel("types", "fields", "permission", "account", "oms", "user", "ticket", "status"),
    ),
    _mutant(
        "permission-before-fields",
        "looks at the permission before the fields",
        _cancel("permission", "fields", "types", "account", "oms", "user", "ticket", "status"),
    ),
    _mutant(
        "permission-before-types",
        "looks at the permission before the numbers",
        _cancel("fields", "permission", "types", "account", "oms", "user", "ticket", "status"),
    ),
    _mutant(
        "account-before-permission",
        "looks for the account before the permission",
        _cancel("fields", "types", "account", "permission", "oms", "user", "ticket", "status"),
    ),
    _mutant(
        "oms-before-account",
        "looks at the OMS before the account",
        _cancel("fields", "types", "permission", "oms", "account", "user", "ticket", "status"),
    ),
    _mutant(
        "permission-behind-the-ticket",
        "looks at the permission last but one",
        _cancel("fields", "types", "account", "oms", "user", "ticket", "permission", "status"),
    ),
    _mutant(
        "status-before-user",
        "looks at the status before the user",
        _cancel("fields", "types", "permission", "account", "oms", "ticket", "status", "user"),
    ),
    _mutant(
        "status-before-oms",
        "looks at the status before the OMS",
        _cancel("fields", "types", "permission", "account", "user", "ticket", "status", "oms"),
    ),
    _mutant(
        "account-of-the-key",
        "looks in the caller's account whatever AccountId says",
        _cancel("fields", "types", "permission", "own", "oms", "user", "ticket", "status"),
    ),
)


MUTANTS = (*ORDER,)
