"""Wrong servers that call themselves AlphaPoint: sessions and logins."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

from simulator.core.rows import Refusal
from simulator.exchanges.alphapoint import authentication, logins, two_factor, users
from wrong_servers.alphapoint_patches import answers, functions
from wrong_servers.mutant import Mutant
from wrong_servers.patches import both, put, skip, wrap

_mutant = partial(Mutant, "alphapoint")


# Sessions and logins.


def _pending_too(find: Callable[..., Any], table: Any, token: str, *, is_pending: bool = False) -> Any:
    return find(table, token, is_pending=is_pending) or find(table, token, is_pending=True)


def _headers_first(by_request: Callable[..., Any], call: Any) -> Any:
    if call.request.header("Signature"):
        call.request = replace(
            call.request, headers=tuple(one for one in call.request.headers if one[0].lower() != "aptoken")
        )
    return by_request(call)


def _token_or_headers(by_token: Callable[..., Any], call: Any, token: str) -> Any:
    try:
        by_token(call, token)
    except Refusal:
        call.request = replace(
            call.request, headers=tuple(one for one in call.request.headers if one[0].lower() != "aptoken")
        )
        authentication.by_request(call)


def _all_sessions_left(log_out: Callable[..., Any], call: Any) -> Any:
    tokens = list(call.caller.account.details.tokens)
    answer = log_out(call)
    for token in tokens[:-1]:
        users.sessions(call.world).end(token)
    return answer


def _new_token(authenticate: Callable[..., Any], call: Any) -> Any:
    return {**authenticate(call), "SessionToken": call.world.traces.uuid()}


def _logs_out_on_failure(log_in: Callable[..., Any], call: Any) -> Any:
    try:
        return log_in(call)
    except Refusal:
        call.session = None
        raise


def _any_password(by_password: Callable[..., Any], call: Any, username: str, password: str) -> Any:
    account = users.named(call.world, username)
    return by_password(call, username, account.details.password if account else password)


def _keeps_failures(by_password: Callable[..., Any], call: Any, username: str, password: str) -> Any:
    account = users.named(call.world, username)
    count = account.details.failures.count if account else 0
    key = by_password(call, username, password)
    key.account.details.failures.count = count
    return key


LOGINS = (
    _mutant(
        "sessions-never-end",
        "keeps sessions for ever",
        both(put(users, "is_idle", lambda *_: False), put(authentication, "is_idle", lambda *_: False)),
    ),
    _mutant("sessions-end-late", "ends a session a second late", put(users, "IDLE_MS", 3_601_000)),
    _mutant("sessions-end-early", "ends a session after half an hour", put(users, "IDLE_MS", 1_800_000)),
    _mutant(
        "sessions-not-kept-alive",
        "ends a session an hour after its login",
        put(users.Sessions, "touch", lambda table, world, session: session),
    ),
    _mutant("log-out-does-nothing", "leaves a session open that was left", skip(users.Sessions, "end")),
    _mutant("log-out-ends-all", "ends all sessions of a user at once", functions("logout", _all_sessions_left)),
    _mutant("half-a-login-opens", "takes the token of half a login", wrap(users.Sessions, "find", _pending_too)),
    _mutant(
        "headers-before-token",
        "looks at signed headers before a token",
        wrap(authentication, "by_request", _headers_first),
    ),
    _mutant(
        "token-or-headers",
        "looks at signed headers where a token is wrong",
        wrap(authentication, "_by_token", _token_or_headers),
    ),
    _mutant(
        "second-half-new-token",
        "gives the second half of a login another token",
        functions("second_factor", _new_token),
    ),
    _mutant("code-not-checked", "takes any code", skip(two_factor, "_check_code")),
    _mutant("password-not-checked", "takes any password", wrap(authentication, "by_password", _any_password)),
    _mutant("users-never-locked", "locks nobody", put(authentication, "is_locked", lambda *_: False)),
    _mutant(
        "failures-never-forgotten",
        "counts failures on behind a success",
        wrap(authentication, "by_password", _keeps_failures),
    ),
    _mutant("failed-login-with-401", "answers a failed login with 401", answers("login.wrong_password", status=401)),
    _mutant(
        "failed-login-as-version-3",
        "answers a failed login as an error",
        answers("login.wrong_password", shape="", code=20),
    ),
    _mutant("locked-not-told", "says of a locked user that he is not", answers("login.locked", shape="login")),
    _mutant(
        "failed-login-logs-out",
        "ends the session of a socket where a login fails",
        functions("login", _logs_out_on_failure),
    ),
    _mutant(
        "keys-need-a-code",
        "wants a code where a key logs in",
        wrap(logins, "log_in_by_request", lambda log_in, call: (log_in(call)[0], False)),
    ),
)


MUTANTS = (*LOGINS,)
