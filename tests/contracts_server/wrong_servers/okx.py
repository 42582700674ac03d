"""Wrong servers that call themselves OKX: the gateway's checks, their order, the limits. See also its neighbours."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

import pytest

from simulator.core.accounts import Account, Key
from simulator.core.exchange import Limit
from simulator.core.limits import FixedWindow, Verdict
from simulator.core.message import Request
from simulator.core.rows import Refusal
from simulator.core.wire import NotJson
from simulator.exchanges.okx import authentication, cancel, gateway, limits
from simulator.exchanges.okx.behavior import Conditions, Fields
from simulator.exchanges.okx.calls import Call
from simulator.exchanges.okx.endpoints import ENDPOINTS
from wrong_servers.mutant import Mutant, Patch
from wrong_servers.patches import both, put, skip, wrap

_mutant = partial(Mutant, "okx")


def field(name: str, value: Any) -> Patch:
    """A choice that is not known is made in another way."""
    return put(Fields, name, replace(getattr(Fields, name), default=value))


def answers(condition: str, row: Any) -> Patch:
    """A condition is answered with another row."""
    return put(Conditions, condition, replace(getattr(Conditions, condition), default=row))


# The way in: paths and methods.


def _any_method(route: Callable[[Request], Any], request: Request) -> Any:
    known = {endpoint.path: endpoint.method for endpoint in ENDPOINTS}
    return route(replace(request, method=known.get(request.path, request.method)))


def _any_slash(route: Callable[[Request], Any], request: Request) -> Any:
    return route(replace(request, target=request.target.rstrip("/")))


def _without_query(route: Callable[[Request], Any], request: Request) -> Any:
    if request.method == "POST" and request.query:
        raise Refusal(Conditions.UNKNOWN_ROUTE, "a query")
    return route(request)


# The headers.


def _maybe_empty(request: Request, name: str, empty: Any) -> str:
    value = request.header(name)
    if value is None:
        raise Refusal(empty, "missing")
    return value


def _exact_names(header: Callable[..., str], request: Request, name: str, empty: Any) -> str:
    return header(replace(request, headers=tuple(one for one in request.headers if one[0] == name)), name, empty)


def _named_key(check: Callable[..., str], request: Request, name: str, empty: Any) -> str:
    return check(request, name, Conditions.KEY_EMPTY)


# The window.


def _window(expired: Callable[[int], bool]) -> Patch:
    """A timestamp has expired by another rule, given how old it is in ms."""

    def check(sent_ms: int | None, shown: str, now_ms: int, invalid: Any, too_old: Any) -> None:
        if sent_ms is None:
            raise Refusal(invalid, shown)
        if expired(now_ms - sent_ms):
            raise Refusal(too_old, shown)

    return put(authentication, "check_timestamp", check)


def _invalid_is_expired(check: Callable[..., None], sent_ms: Any, shown: str, now_ms: int, _: Any, old: Any) -> None:
    check(sent_ms, shown, now_ms, old, old)


def _to_the_second(check: Callable[..., None], sent_ms: int | None, shown: str, now_ms: int, *rest: Any) -> None:
    check(None if sent_ms is None else sent_ms // 1000 * 1000, shown, now_ms // 1000 * 1000, *rest)


# Who is asking, and the body.


def _known(known: Callable[..., Key], key: Key | None, *rest: Any) -> Key:
    return known(key, *rest) if key is None else key


def _demo_by_presence(check: Callable[..., None], account: Any, request: Request) -> None:
    given = request.header("x-simulated-trading") is not None
    check(account, replace(request, headers=(("x-simulated-trading", "1" if given else "0"),)))


def _proven_when_public(take: Callable[..., None], call: Call) -> None:
    if call.endpoint and call.endpoint.permission is None:
        gateway._authenticate(call)
    take(call)


def _exact_type(read: Callable[..., Any], request: Request, behavior: Any) -> Any:
    if request.header("Content-Type") != "application/json":
        raise Refusal(Conditions.CONTENT_TYPE, "another type")
    return read(request, behavior)


def _empty_is_an_object(read: Callable[..., Any], request: Request, behavior: Any) -> Any:
    return read(replace(request, body=request.body or b"{}"), behavior)


def _broken_is_an_object(decode: Callable[[bytes], Any], body: bytes) -> Any:
    try:
        return decode(body)
    except NotJson:
        return {}


def _array_is_an_object(decode: Callable[[bytes], Any], body: bytes) -> Any:
    value = decode(body)
    return value if isinstance(value, dict) else {}


# The order: a check that comes too early simply runs twice, since all it can do is refuse.


def _first(check: Callable[[Call], object]) -> Patch:
    """A check comes ahead of authentication, where the key is somebody's."""

    def around(authenticate: Callable[[Call], Key], call: Call) -> Key:
        if call.key is not None:
            check(call)
        return authenticate(call)

    return wrap(gateway, "_authenticate", around)


def _permission(call: Call) -> None:
    assert call.key
    assert call.endpoint
    gateway._check_permission(call.key, call.endpoint)


def _permission_of_private(call: Call) -> None:
    if call.key is not None:
        _permission(call)


def _public_alone(take: Callable[..., None], call: Call) -> None:
    if call.key is None:
        take(call)


def _key_named(request: Request) -> None:
    authentication.header(request, "OK-ACCESS-KEY", Conditions.KEY_EMPTY)


def _early_body(call: Call) -> None:
    assert call.key
    if call.request.method == "POST":
        gateway._read_body(call.request, call.key.account.behavior)


def _before(name: str, check: Callable[..., object]) -> Patch:
    """`check`, which takes what the check `name` of the gateway takes, comes ahead of that one."""

    def around(function: Callable[..., Any], *arguments: Any) -> Any:
        check(*arguments)
        return function(*arguments)

    return wrap(gateway, name, around)


def _key_before_timestamp(call: Call) -> None:
    api_key = authentication.header(call.request, "OK-ACCESS-KEY", Conditions.KEY_EMPTY)
    authentication.check_shape(call.key, api_key, Conditions.KEY_MALFORMED)
    authentication.known(call.key, api_key, Conditions.UNKNOWN_KEY, Conditions.EXPIRED_KEY)


def _ip_early(call: Call) -> None:
    assert call.key
    authentication.check_ip(call.key, call.request.peer, Conditions.WRONG_IP)


def _passphrase_early(call: Call) -> None:
    assert call.key
    given = call.request.header("OK-ACCESS-PASSPHRASE") or ""
    authentication.check_passphrase(call.key, given, Conditions.WRONG_PASSPHRASE)


gates = (Conditions.DEMO, Conditions.ACCOUNT_BLOCKED, Conditions.SUB_ACCOUNT)
"""What the cancel call asks of an account, in its words."""


def _demo_early(key: Key, endpoint: Any) -> None:
    cancel.check_funding_write(key.account, *gates)


# The limits.


def _half_as_long(made: Callable[..., Any], kind: str, limit: Limit) -> Any:
    return made(kind, replace(limit, window_ms=limit.window_ms // 2))


def _limit(counts: Callable[[int], int]) -> Patch:
    """A limit that counts to another number."""
    return put(limits, "_made", lambda kind, limit: FixedWindow(counts(limit.calls), limit.window_ms))


def _by_key(take: Callable[..., Any], call: Call) -> None:
    if call.key is not None and call.account.limited:
        endpoint = call.endpoint
        assert endpoint
        assert endpoint.limit
        named = f"{endpoint.name} {call.key.api_key}"
        limits._check(limits.take_of_account(call.account, named, endpoint.limit), endpoint.limit)


def _for_everybody(monkey: pytest.MonkeyPatch) -> None:
    counters: dict[str, FixedWindow] = {}

    def take(account: Account, name: str, limit: Limit, peer: str | None = None) -> Verdict:
        if not account.limited:
            return Verdict(True, limit.calls, 0)
        counter = counters.setdefault(name, FixedWindow(limit.calls, limit.window_ms))
        return counter.take(account.now_ms())

    monkey.setattr(limits, "take_of_account", take)


def _for_all(take: Callable[..., Any], account: Any, name: str, limit: Any, peer: str | None = None) -> Any:
    return take(account, "all", limit, peer)


ROUTES = (
    _mutant("method-not-checked", "takes any method", wrap(gateway, "_route", _any_method)),
    _mutant("slash-behind-the-path", "takes a path with a slash behind it", wrap(gateway, "_route", _any_slash)),
    _mutant("query-of-a-post-refused", "has no route for a POST with a query", wrap(gateway, "_route", _without_query)),
)
HEADERS = (
    _mutant(
        "empty-headers-taken", "takes an empty header for a given one", put(authentication, "header", _maybe_empty)
    ),
    _mutant("header-names-exact", "knows header names in one spelling", wrap(authentication, "header", _exact_names)),
    _mutant("missing-is-missing", "names the key whatever is missing", wrap(authentication, "header", _named_key)),
    _mutant("missing-from-behind", "names the timestamp first", field("EMPTY_ORDER", "timestamp, sign, passphrase")),
    _mutant("sign-before-passphrase", "names the sign first", field("EMPTY_ORDER", "sign, passphrase, timestamp")),
    _mutant("timestamp-before-sign", "names the sign last", field("EMPTY_ORDER", "passphrase, timestamp, sign")),
)
WINDOW = (
    _mutant("window-not-checked", "takes a timestamp of any age", _window(lambda age: False)),
    _mutant("window-of-the-past", "takes any timestamp of the future", _window(lambda age: age > 30_000)),
    _mutant("window-of-the-future", "takes any timestamp of the past", _window(lambda age: age < -30_000)),
    _mutant("window-off-by-one", "has expired at 30 s", _window(lambda age: abs(age) >= 30_000)),
    _mutant("window-wider-by-one", "takes a timestamp of 30.001 s ago", _window(lambda age: abs(age) > 30_001)),
    _mutant("window-of-a-minute", "takes a timestamp of a minute ago", _window(lambda age: abs(age) > 60_000)),
    _mutant("window-of-five-seconds", "refuses what is older than 5 s", _window(lambda age: abs(age) > 5_000)),
    _mutant("window-in-seconds", "compares whole seconds", wrap(authentication, "check_timestamp", _to_the_second)),
    _mutant("any-timestamp", "reads epochs, offsets and local times", field("TIMESTAMP_FORMS", "any")),
    _mutant(
        "invalid-is-expired", "has one code for both", wrap(authentication, "check_timestamp", _invalid_is_expired)
    ),
)
CALLER = (
    _mutant("key-shape-not-checked", "has no code for a malformed key", skip(authentication, "check_shape")),
    _mutant("expiry-not-checked", "takes an expired key", wrap(authentication, "known", _known)),
    _mutant("standing-not-checked", "serves frozen and blocked users", skip(authentication, "check_standing")),
    _mutant("ip-not-checked", "takes a key from anywhere", skip(authentication, "check_ip")),
    _mutant("environment-not-checked", "takes keys of either world", skip(authentication, "check_environment")),
    _mutant(
        "environment-by-header",
        "takes any x-simulated-trading for demo",
        wrap(authentication, "check_environment", _demo_by_presence),
    ),
    _mutant("passphrase-not-checked", "takes any passphrase", skip(authentication, "check_passphrase")),
    _mutant("permission-not-checked", "takes any key", skip(gateway, "_check_permission")),
    _mutant("permission-withdraw", "asks for Withdraw to cancel", field("CANCEL_PERMISSION", "withdraw")),
    _mutant("permission-either", "cancels with Withdraw, too", field("CANCEL_PERMISSION", "trade or withdraw")),
    _mutant("public-is-private", "verifies the key on public calls", wrap(gateway, "take", _proven_when_public)),
)
BODY = (
    _mutant("content-type-not-checked", "reads a body of any type", field("CONTENT_TYPE_CHECKED", False)),
    _mutant("content-type-exact", "refuses a charset", wrap(gateway, "_read_body", _exact_type)),
    _mutant("empty-body-taken", "takes no body for {}", wrap(gateway, "_read_body", _empty_is_an_object)),
    _mutant("broken-body-taken", "takes what is no JSON for {}", wrap(gateway, "decode", _broken_is_an_object)),
    _mutant("array-taken", "takes an array for {}", wrap(gateway, "decode", _array_is_an_object)),
)
ORDER = (
    _mutant("order-body-first", "reads the body ahead of the headers", _first(_early_body)),
    _mutant("order-body-before-auth", "reads the body ahead of the headers", field("BODY_BEFORE_AUTH", True)),
    _mutant("order-permission-first", "asks for the permission ahead of the proof", _first(_permission)),
    _mutant(
        "order-limit-first",
        "counts calls that prove nobody",
        both(_first(limits.take), wrap(gateway, "take", _public_alone)),
    ),
    _mutant("order-ip-first", "looks at the address ahead of the rest", _first(_ip_early)),
    _mutant("order-passphrase-first", "looks at the passphrase ahead of the rest", _first(_passphrase_early)),
    _mutant("order-key-before-timestamp", "looks the key up first", _before("_authenticate", _key_before_timestamp)),
    _mutant("order-shape-before-timestamp", "looks at the key first", field("KEY_SHAPE_BEFORE_TIMESTAMP", True)),
    _mutant("order-environment-before-ip", "compares the environment first", field("ENVIRONMENT_BEFORE_IP", True)),
    _mutant("order-signature-first", "verifies ahead of the passphrase", field("SIGNATURE_BEFORE_PASSPHRASE", True)),
    _mutant("order-demo-before-permission", "closes the gate first", _before("_check_permission", _demo_early)),
    _mutant("order-permission-before-limit", "counts behind the permission", _before("take", _permission_of_private)),
    _mutant("order-key-before-route", "wants a key ahead of a path", _before("_route", _key_named)),
)
LIMITS = (
    _mutant("no-limit", "counts nothing", skip(gateway, "take")),
    _mutant("limit-of-seven", "answers one call too many", _limit(lambda calls: calls + 1)),
    _mutant("limit-of-five", "answers one call too few", _limit(lambda calls: max(calls - 1, 0))),
    _mutant(
        "limit-for-ever",
        "never answers again",
        put(limits, "_made", lambda kind, limit: FixedWindow(limit.calls, 10**12)),
    ),
    _mutant("limit-over-half-the-time", "counts over half the time", wrap(limits, "_made", _half_as_long)),
    _mutant("limit-by-key", "counts by key", wrap(gateway, "take", _by_key)),
    _mutant("limit-of-all-users", "counts all users together", _for_everybody),
    _mutant("limit-for-all", "counts all endpoints together", wrap(limits, "take_of_account", _for_all)),
)
MUTANTS = (*ROUTES, *HEADERS, *WINDOW, *CALLER, *BODY, *ORDER, *LIMITS)
