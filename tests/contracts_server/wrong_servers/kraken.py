"""Wrong servers that call themselves Kraken: the gateway's checks and their order. See also its two neighbours."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any
from urllib.parse import parse_qsl, urlencode

import pytest

from simulator.core.accounts import Key
from simulator.core.limits import DecayingCounter, Verdict
from simulator.core.message import Request
from simulator.core.nonces import Nonces
from simulator.core.rows import Refusal
from simulator.exchanges.kraken import body, cancel, gateway, lockout, otp, permissions, rates, signing
from simulator.exchanges.kraken.behavior import Conditions, Fields
from simulator.exchanges.kraken.body import Nonce
from simulator.exchanges.kraken.call import Call
from wrong_servers.mutant import Mutant, Patch
from wrong_servers.patches import both, put, skip, wrap

_mutant = partial(Mutant, "kraken")


# The way in: verbs, paths, bodies.


def _any_verb(route: Callable[[Request], Any], request: Request) -> Any:
    return route(replace(request, method="GET" if "/public/" in request.path else "POST"))


def _any_case(route: Callable[[Request], Any], request: Request) -> Any:
    known = {path.lower(): path for path in gateway._BY_PATH}
    return route(replace(request, target=known.get(request.path.lower(), request.target)))


def _without_query(route: Callable[[Request], Any], request: Request) -> Any:
    if request.query:
        raise Refusal(Conditions.UNKNOWN_ROUTE, "a query")
    return route(request)


def _text_is_a_form(read: Callable[..., Any], request: Request, behavior: Any) -> Any:
    return read(replace(request, headers=tuple(one for one in request.headers if one[1] != "text/plain")), behavior)


def _typeless_is_refused(read: Callable[..., Any], request: Request, behavior: Any) -> Any:
    if request.header("Content-Type") is None:
        raise Refusal(Conditions.BODY_TYPE, "no type")
    return read(request, behavior)


def _always(form: bool) -> Patch:
    return put(body, "_is_json", lambda request, behavior: not form)


def _broken_is_empty(read: Callable[..., Any], raw: bytes) -> Any:
    try:
        return read(raw)
    except Refusal:
        return {}


def _first_counts(raw: bytes) -> dict[str, Any]:
    return dict(reversed(parse_qsl(raw.decode(), keep_blank_values=True)))


def _nothing_unknown(read: Callable[..., Any], request: Request, behavior: Any) -> Any:
    arguments = read(request, behavior)
    if "broker" in arguments:
        raise Refusal(Conditions.NOT_TEXT, "an argument that no method has")
    return arguments


# Keys.


def _unknown_is_a_signature(check: Callable[[Call], Key], call: Call) -> Key:
    if call.key is None and call.request.header("API-Key"):
        raise Refusal(Conditions.WRONG_SIGNATURE, "unknown")
    return check(call)


def _no_key_is_a_nonce(check: Callable[[Call], Key], call: Call) -> Key:
    if not call.request.header("API-Key"):
        raise Refusal(Conditions.NONCE_MISSING, "no key")
    return check(call)


def _exact_names(header: Callable[[Request, str], Any], request: Request, name: str) -> Any:
    return next((value for key, value in request.headers if key == name), None)


_expires_late = property(lambda key: key.expires_ms is not None and key.account.now_ms() > key.expires_ms)


# Nonces.


def _accepts(judge: Callable[[Nonces, int], bool]) -> Patch:
    return wrap(Nonces, "accepts", lambda _, nonces, nonce, **__: judge(nonces, nonce))


def _one_for_all(check: Callable[..., None], call: Call, nonce: Nonce) -> None:
    call.caller.nonces = call.caller.account.keys[0].nonces
    check(call, nonce)


def _recorded_early(check: Callable[..., None], key: Key, request: Request, nonce: Nonce) -> None:
    fresh = key.nonces.accepts(nonce.number)
    try:
        check(key, request, nonce)
    except Refusal:
        if fresh:
            key.nonces.record(nonce.number)
        raise


def _recorded_late(monkey: pytest.MonkeyPatch) -> None:
    process = gateway._process
    monkey.setattr(gateway, "_accept", lambda call, nonce: None)

    def processed(call: Call) -> Any:
        result = process(call)
        if call.key and "nonce" in call.arguments:
            call.key.nonces.record(int(call.arguments["nonce"]))
        return result

    monkey.setattr(gateway, "_process", processed)


def _nonce(change: Callable[[Nonce], Nonce]) -> Patch:
    return wrap(body, "nonce", lambda read, arguments: change(read(arguments)))


def _signed_64(nonce: Nonce) -> Nonce:
    if nonce.number >= 2**63:
        raise Refusal(Conditions.NONCE_MALFORMED, "beyond int64")
    return nonce


def _zero_too(read: Callable[..., Nonce], arguments: dict[str, Any]) -> Nonce:
    return Nonce("0", 0) if arguments.get("nonce") == "0" else read(arguments)


def _wrapped_round(read: Callable[..., Nonce], arguments: dict[str, Any]) -> Nonce:
    text = arguments.get("nonce")
    return Nonce(text, int(text) % 2**64 + 1) if str(text) == str(2**64) else read(arguments)


def _numbers_only(read: Callable[..., Nonce], arguments: dict[str, Any]) -> Nonce:
    if arguments.get("asset") and isinstance(arguments.get("nonce"), str) and len(arguments) == 3:
        raise Refusal(Conditions.NONCE_MALFORMED, "text")
    return read(arguments)


def _digits_in_front(read: Callable[..., Nonce], arguments: dict[str, Any]) -> Nonce:
    text = arguments.get("nonce")
    if isinstance(text, str) and text.partition("?")[1]:
        return Nonce(text, int(text.partition("?")[0]))
    return read(arguments)


def _from_the_query(read: Callable[..., Any], request: Request, behavior: Any) -> Any:
    return {**dict(parse_qsl(request.query)), **read(request, behavior)}


def _from_a_header(read: Callable[..., Any], request: Request, behavior: Any) -> Any:
    nonce = request.header("API-Nonce")
    return {**({"nonce": nonce} if nonce else {}), **read(request, behavior)}


def _is_now(read: Callable[..., Nonce], arguments: dict[str, Any]) -> Nonce:
    return read({"nonce": "1", **arguments})


# Signatures.


def _also(signature: Callable[[str, bytes, str, bytes], str]) -> Patch:
    """Takes another signature besides the right one."""

    def around(matches: Callable[..., bool], secret: str, paths: Any, nonce: str, raw: bytes, given: str) -> bool:
        return matches(secret, paths, nonce, raw, given) or signature(secret, paths[0], nonce, raw) == given

    return wrap(signing, "matches", around)


def _of(change: Callable[[str, tuple[bytes, ...], str, bytes, str], tuple[Any, ...]]) -> Patch:
    """Looks at something else than at what came."""
    return wrap(signing, "matches", lambda matches, *given: matches(*change(*given)))


def _written_again(raw: bytes) -> bytes:
    if raw.startswith(b"{"):
        return json.dumps(json.loads(raw), separators=(",", ":")).encode()
    return urlencode(parse_qsl(raw.decode(), keep_blank_values=True)).encode()


def _decoded(given: str) -> bytes:
    try:
        return base64.b64decode(given.replace("-", "+").replace("_", "/"))
    except ValueError:
        return b""


def _compared_as_bytes(_: Any, secret: str, paths: Any, nonce: str, raw: bytes, given: str) -> bool:
    return any(_decoded(signing.sign(secret, path, nonce, raw)) == _decoded(given) for path in paths)


def _compared_without_case(_: Any, secret: str, paths: Any, nonce: str, raw: bytes, given: str) -> bool:
    return any(signing.sign(secret, path, nonce, raw).lower() == given.lower() for path in paths)


def _compared_in_front(_: Any, secret: str, paths: Any, nonce: str, raw: bytes, given: str) -> bool:
    return any(signing.sign(secret, path, nonce, raw).startswith(given) for path in paths)


def _missing_is_fine(check: Callable[..., None], key: Key, request: Request, nonce: Nonce) -> None:
    if request.header("API-Sign") is not None:
        check(key, request, nonce)


# Limits.


def _full_at(limit: int) -> Patch:
    return put(rates, "_TIERS", {**rates._TIERS, "starter": (limit, 0.33, 3000)})


def _melts(factor: float) -> Patch:
    tiers = {
        name: (limit, decay_per_s * factor, step_ms) for name, (limit, decay_per_s, step_ms) in rates._TIERS.items()
    }
    return put(rates, "_TIERS", tiers)


def _by_account(count: Callable[..., Any], key: Key, endpoint: Any) -> Any:
    return count(key.account.keys[0], endpoint)


def _costs_one(count: Callable[..., Any], key: Key, endpoint: Any) -> Any:
    return count(key, replace(endpoint, cost=1))


def _successes_only(monkey: pytest.MonkeyPatch) -> None:
    """The counter is looked at first and counts afterwards, if all went well."""
    process = gateway._process
    taken = DecayingCounter.take

    def processed(call: Call) -> Any:
        result = process(call)
        if call.key is not None and call.key.account.limited:
            for counter in call.key.counters.values():
                taken(counter, call.key.account.now_ms(), call.endpoint.cost if call.endpoint else 1)  # type: ignore[arg-type]
        return result

    monkey.setattr(gateway, "_process", processed)
    monkey.setattr(DecayingCounter, "take", _glance)


def _glance(counter: DecayingCounter, now_ms: int, cost: float | None = None) -> Verdict:
    level = max(0.0, counter._level - (now_ms - counter._at_ms) / 1000 * counter.decay_per_s)
    return Verdict(level + (cost or 1) <= counter.limit, 0, 1)


# Permissions.


def _any_of_both(given: frozenset[str], needed: str) -> bool:
    return not needed or not given.isdisjoint(needed.replace(" and ", " or ").split(" or "))


def _anybodys_transfer(call: Call) -> bool:
    refid = call.arguments.get("refid")
    found = [one for account in call.world.accounts.values() for one in account.book if one.id == refid]
    return any(one.details.internal for one in found)


# The order. `_COLUMN` is the gateway's own; a test of the right order stands in test_wrong_servers_kraken.py.

Step = Callable[[Call, dict[str, Any]], Any]


def _counted(call: Call, found: dict[str, Any]) -> None:
    found["verdict"] = rates.count(call.key, found["endpoint"]) if call.key else None


def _read(call: Call, found: dict[str, Any]) -> None:
    call.arguments = body.read(call.request, call.behavior)


def _nonce_read(call: Call, found: dict[str, Any]) -> None:
    found["nonce"] = body.nonce(call.arguments)
    if call.behavior.get(Fields.NONCE_ORDER) == "before_signature":
        gateway._check_nonce_order(call, found["nonce"])


_COLUMN: dict[str, Step] = {
    "lockout": lambda call, found: lockout.check(call),
    "count": _counted,
    "body": _read,
    "key": lambda call, found: gateway._check_key(call),
    "nonce": _nonce_read,
    "signature": lambda call, found: gateway._check_signature(call.caller, call.request, found["nonce"]),
    "otp": lambda call, found: gateway._check_otp(call),
    "stale": lambda call, found: gateway._check_nonce_order(call, found["nonce"]),
    "accept": lambda call, found: gateway._accept(call, found["nonce"]),
    "rates": lambda call, found: rates.check(found["verdict"]),
    "account": lambda call, found: gateway._check_account(call),
    "otp-given": lambda call, found: gateway._check_otp_given(call),
    "permission": lambda call, found: gateway._check_permission(call, found["endpoint"]),
}


def _order(*names: str) -> Patch:
    """The gateway with its column in this order."""

    def process(call: Call) -> Any:
        endpoint = call.endpoint = gateway._route(call.request)
        if endpoint.permission is None:
            return endpoint.function(call)
        found: dict[str, Any] = {"endpoint": endpoint}
        for name in names:
            _COLUMN[name](call, found)
        return endpoint.function(call)

    return put(gateway, "_process", process)


RIGHT_ORDER = _order(*_COLUMN)


def _behind(moved: str, other: str) -> Patch:
    """One check comes behind a later one."""
    names = [name for name in _COLUMN if name != moved]
    names.insert(names.index(other) + 1, moved)
    return _order(*names)


def _arguments_first(monkey: pytest.MonkeyPatch) -> None:
    def early(check: Callable[..., None], call: Call, endpoint: Any) -> None:
        if endpoint.name == "cancel":
            cancel._arguments(call)
        check(call, endpoint)

    wrap(gateway, "_check_permission", early)(monkey)


MUTANTS = (
    _mutant("verb-not-checked", "answers a private method that is asked by GET", wrap(gateway, "_route", _any_verb)),
    _mutant("path-in-any-case", "finds a method in any case", wrap(gateway, "_route", _any_case)),
    _mutant("no-query-allowed", "knows no method behind which a query stands", wrap(gateway, "_route", _without_query)),
    _mutant("lockout-not-checked", "locks nobody out", skip(lockout, "check")),
    _mutant(
        "lockout-runs-out",
        "lets a lockout run out however often one asks",
        put(lockout.Lockout, "is_locked", lambda own, now_ms, duration_ms: now_ms < own.until_ms),
    ),
    _mutant("lockout-adds-up", "counts failures that a success came between", skip(lockout.Lockout, "succeed")),
    _mutant(
        "lockout-one-late",
        "locks out one failure later",
        wrap(lockout.Lockout, "fail", lambda fail, own, now, most, long: fail(own, now, most + 1, long)),
    ),
    _mutant("plain-text-as-a-form", "reads a body of any type", wrap(body, "read", _text_is_a_form)),
    _mutant("type-needed", "reads no form without a Content-Type", wrap(body, "read", _typeless_is_refused)),
    _mutant("forms-alone", "reads JSON as a form", _always(form=True)),
    _mutant("json-alone", "reads forms as JSON", _always(form=False)),
    _mutant(
        "broken-json-as-nothing", "takes a broken body for an empty one", wrap(body, "_read_json", _broken_is_empty)
    ),
    _mutant("first-argument-counts", "takes the first of two arguments", put(body, "_read_form", _first_counts)),
    _mutant("unknown-arguments-refused", "refuses what it does not know", wrap(body, "read", _nothing_unknown)),
    _mutant(
        "no-key-as-no-nonce", "says Invalid nonce where no key comes", wrap(gateway, "_check_key", _no_key_is_a_nonce)
    ),
    _mutant(
        "unknown-key-as-signature",
        "says Invalid signature for an unknown key",
        wrap(gateway, "_check_key", _unknown_is_a_signature),
    ),
    _mutant("header-names-as-written", "knows headers in one case alone", wrap(Request, "header", _exact_names)),
    _mutant("expiry-not-checked", "takes a key that has expired", put(Key, "is_expired", False)),
    _mutant("expiry-one-late", "takes a key at the moment at which it expires", put(Key, "is_expired", _expires_late)),
    _mutant("ip-not-checked", "takes a key from anywhere", put(Key, "allows_ip", lambda key, peer: True)),
    _mutant(
        "ip-list-for-nobody",
        "takes no key that has a list",
        put(Key, "allows_ip", lambda key, peer: not key.ip_allowlist),
    ),
    _mutant("nonce-not-checked", "takes any nonce", skip(gateway, "_check_nonce_order")),
    _mutant(
        "nonce-again", "takes the last nonce a second time", _accepts(lambda own, n: n >= own.highest - own.window)
    ),
    _mutant("nonce-window-ignored", "knows no nonce window", _accepts(lambda own, n: n > own.highest)),
    _mutant(
        "nonce-window-without-end",
        "takes any nonce once there is a window",
        _accepts(lambda own, n: n > own.highest or own.window > 0),
    ),
    _mutant(
        "nonce-window-one-short",
        "has a window that is one too small",
        _accepts(lambda own, n: n > own.highest - max(0, own.window - 1)),
    ),
    _mutant(
        "nonce-window-for-all",
        "has a window of ten for every key",
        _accepts(lambda own, n: n > own.highest - max(own.window, 10)),
    ),
    _mutant("nonce-by-account", "counts nonces by account", wrap(gateway, "_check_nonce_order", _one_for_all)),
    _mutant(
        "nonce-used-by-a-forger",
        "takes note of a nonce under a wrong signature",
        wrap(gateway, "_check_signature", _recorded_early),
    ),
    _mutant("nonce-used-by-success", "takes note of a nonce when the call succeeds", _recorded_late),
    _mutant(
        "nonce-as-a-float", "counts nonces in floats", _nonce(lambda nonce: Nonce(nonce.text, int(float(nonce.number))))
    ),
    _mutant("nonce-signed-64", "takes nonces of 63 bits alone", _nonce(_signed_64)),
    _mutant("nonce-zero", "takes a nonce of zero", both(wrap(body, "nonce", _zero_too))),
    _mutant("nonce-of-any-length", "wraps nonces round at 64 bits", wrap(body, "nonce", _wrapped_round)),
    _mutant("nonce-no-text", "takes nonces as numbers alone", wrap(body, "nonce", _numbers_only)),
    _mutant("nonce-up-to-its-end", "reads a nonce as far as it is a number", wrap(body, "nonce", _digits_in_front)),
    _mutant("nonce-from-the-query", "takes a nonce from the query", wrap(body, "read", _from_the_query)),
    _mutant("nonce-from-a-header", "takes a nonce from a header", wrap(body, "read", _from_a_header)),
    _mutant("nonce-not-needed", "makes up a nonce where none comes", wrap(body, "nonce", _is_now)),
    _mutant("signature-not-checked", "takes any signature", put(signing, "matches", lambda *_: True)),
    _mutant(
        "signature-not-needed", "takes a call without a signature", wrap(gateway, "_check_signature", _missing_is_fine)
    ),
    _mutant(
        "signature-of-what-was-read",
        "signs the body written again",
        _of(lambda s, p, n, b, g: (s, p, n, _written_again(b), g)),
    ),
    _mutant(
        "signature-of-a-trimmed-body",
        "signs the body without its ends",
        _of(lambda s, p, n, b, g: (s, p, n, b.strip(), g)),
    ),
    _mutant(
        "signature-in-hex",
        "takes the digest in hexadecimal",
        _also(lambda s, p, n, b: base64.b64decode(signing.sign(s, p, n, b)).hex()),
    ),
    _mutant(
        "signature-without-case", "compares signatures without case", wrap(signing, "matches", _compared_without_case)
    ),
    _mutant("signature-decoded", "decodes signatures before it compares", wrap(signing, "matches", _compared_as_bytes)),
    _mutant("signature-cut", "compares as far as a signature goes", wrap(signing, "matches", _compared_in_front)),
    _mutant(
        "signature-without-path",
        "takes signatures without a path",
        _also(lambda s, p, n, b: signing.sign(s, b"", n, b)),
    ),
    _mutant(
        "signature-without-version",
        "takes signatures of a path without /0",
        _also(lambda s, p, n, b: signing.sign(s, p[2:], n, b)),
    ),
    _mutant(
        "signature-without-nonce",
        "takes signatures without a nonce",
        _also(lambda s, p, n, b: signing.sign(s, p, "", b)),
    ),
    _mutant(
        "signature-without-body",
        "takes signatures without a body",
        _also(lambda s, p, n, b: signing.sign(s, p, n, b"")),
    ),
    _mutant(
        "secret-as-text",
        "takes signatures under a secret that was not decoded",
        _also(lambda s, p, n, b: signing.sign(base64.b64encode(s.encode()).decode(), p, n, b)),
    ),
    _mutant(
        "query-must-be-signed", "takes the path with its query alone", _of(lambda s, p, n, b, g: (s, p[-1:], n, b, g))
    ),
    _mutant("query-must-not-be-signed", "takes the path alone", _of(lambda s, p, n, b, g: (s, p[:1], n, b, g))),
    _mutant("otp-not-checked", "takes any one-time password", put(otp, "matches", lambda *_: True)),
    _mutant("otp-not-expected", "looks at no one-time password", skip(gateway, "_check_otp")),
    _mutant(
        "otp-to-the-second",
        "takes no password of the step before",
        wrap(otp, "matches", lambda m, s, o, n, _: m(s, o, n, 0)),
    ),
    _mutant(
        "otp-for-long", "takes passwords of two steps before", wrap(otp, "matches", lambda m, s, o, n, _: m(s, o, n, 2))
    ),
    _mutant("otp-not-needed", "asks for no one-time password", skip(gateway, "_check_otp_given")),
    _mutant("no-limit", "limits nobody", skip(rates, "check")),
    _mutant("limit-one-late", "answers a call beyond the limit", _full_at(16)),
    _mutant("limit-one-early", "refuses the last call of the limit", _full_at(14)),
    _mutant(
        "limit-for-ever", "never forgets a call", put(rates, "_TIERS", {**rates._TIERS, "starter": (15, 0.0001, 3000)})
    ),
    _mutant("limit-melts-too-fast", "forgets calls twice as fast", _melts(2)),
    _mutant("limit-melts-too-slowly", "forgets calls half as fast", _melts(0.5)),
    _mutant(
        "limit-forgets-what-it-refused",
        "counts no call that it refuses",
        wrap(DecayingCounter, "__init__", lambda make, own, *given: make(own, *given, counts_refused=False)),
    ),
    _mutant(
        "limit-same-for-all",
        "has one tier",
        put(rates, "_TIERS", dict.fromkeys(rates._TIERS, rates._TIERS["starter"])),
    ),
    _mutant("limit-by-account", "counts the calls of all keys together", wrap(rates, "count", _by_account)),
    _mutant("limit-all-cost-one", "counts every call once", wrap(rates, "count", _costs_one)),
    _mutant("limit-successes", "counts no call that fails", _successes_only),
    _mutant("account-not-checked", "lets a disabled account cancel", skip(gateway, "_check_account")),
    _mutant("permission-not-checked", "takes any key", skip(gateway, "_check_permission")),
    _mutant(
        "permission-one-of-both", "is content with one of two permissions", put(permissions, "suffice", _any_of_both)
    ),
    _mutant(
        "permission-for-transfers",
        "asks for the permission for transfers too",
        put(gateway, "names_wallet_transfer", lambda call: False),
    ),
    _mutant(
        "permission-for-nobody",
        "asks for no permission once a reference id comes",
        put(gateway, "names_wallet_transfer", lambda call: bool(call.arguments.get("refid"))),
    ),
    _mutant(
        "permission-of-a-stranger",
        "asks for no permission for anybody's transfer",
        put(gateway, "names_wallet_transfer", _anybodys_transfer),
    ),
    _mutant("order-body-after-key", "looks at the key before the body", _behind("body", "key")),
    _mutant("order-lockout-after-body", "looks at the body before the lockout", _behind("lockout", "body")),
    _mutant("order-lockout-last", "looks at the lockout at the end", _behind("lockout", "permission")),
    _mutant(
        "order-key-after-nonce",
        "looks at the nonce before the key",
        _order("lockout", "count", "body", "nonce", *list(_COLUMN)[3:4], *list(_COLUMN)[5:]),
    ),
    _mutant(
        "order-otp-before-signature",
        "looks at the one-time password before the nonce",
        _order("lockout", "count", "body", "key", "otp", "nonce", "signature", *list(_COLUMN)[7:]),
    ),
    _mutant(
        "order-stale-before-signature",
        "looks at the nonce's value before the signature",
        _order("lockout", "count", "body", "key", "nonce", "stale", "signature", "otp", *list(_COLUMN)[8:]),
    ),
    _mutant(
        "order-rates-first",
        "limits calls before it knows whose they are",
        _order(
            "lockout",
            "count",
            "rates",
            "body",
            "key",
            "nonce",
            "signature",
            "otp",
            "stale",
            "accept",
            "account",
            "otp-given",
            "permission",
        ),
    ),
    _mutant(
        "order-rates-before-stale",
        "limits calls before it looks at the nonce's value",
        _order(*list(_COLUMN)[:7], "rates", "stale", "accept", *list(_COLUMN)[10:]),
    ),
    _mutant("order-lockout-after-stale", "looks at the nonce's value before the lockout", _behind("lockout", "stale")),
    _mutant("order-lockout-after-rates", "limits calls before it looks at the lockout", _behind("lockout", "rates")),
    _mutant("order-rates-last", "limits calls after it has looked at the permission", _behind("rates", "permission")),
    _mutant("order-account-last", "looks at the account after the permission", _behind("account", "permission")),
    _mutant(
        "order-permission-before-account", "looks at the permission before the account", _behind("account", "otp-given")
    ),
    _mutant("order-arguments-first", "looks at the arguments before the permission", _arguments_first),
)
