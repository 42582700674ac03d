"""Wrong servers that call themselves Bybit: those whose gateway is wrong, and all of them together."""

from __future__ import annotations

import base64
import json
from dataclasses import replace
from functools import partial
from typing import Any
from urllib.parse import quote, unquote

from simulator.core.accounts import Key
from simulator.exchanges.bybit import call, cancel, gateway, limits, signing
from simulator.exchanges.bybit.behavior import Conditions
from simulator.exchanges.bybit.endpoints import ENDPOINTS
from wrong_servers import bybit_cancel, bybit_replies
from wrong_servers.bybit_cancel import endpoint
from wrong_servers.edits import edit
from wrong_servers.mutant import Mutant, Patch
from wrong_servers.patches import both, put, skip

_mutant = partial(Mutant, "bybit")


def _limit(**changes: Any) -> Patch:
    (row,) = (one for one in ENDPOINTS if one.name == "cancel")
    assert row.limit is not None
    return endpoint("cancel", limit=replace(row.limit, **changes))


_PAYLOAD = 'payload = as_arrived(request.query) if request.method == "GET" else request.body'


def _signs(query: str = "as_arrived(request.query)", body: str = "request.body") -> Patch:
    """The signature is checked over something else than what arrived; `again` makes it."""
    return edit(gateway, "_check_signature", (_PAYLOAD, f'payload = {query} if request.method == "GET" else {body}'))


def _again(body: bytes, **how: Any) -> bytes:
    """JSON as a server would write it that has read it first."""
    try:
        return json.dumps(json.loads(body), **how).encode()
    except ValueError:
        return body


def _with(name: str, function: Any, patch: Patch) -> Patch:
    """`patch` needs a further function in the gateway."""

    def made(monkey: Any) -> None:
        monkey.setattr(gateway, name, function, raising=False)
        patch(monkey)

    return made


def _parts(text: str) -> Patch:
    """The text that is signed has other parts."""
    return edit(signing, "origin_string", ("as_arrived(timestamp + api_key + recv_window) + payload", text))


def _authentication(*changes: tuple[str, str]) -> Patch:
    return edit(gateway, "_authenticate", *changes)


def _window(*changes: tuple[str, str]) -> Patch:
    return edit(gateway, "_check_window", *changes)


_EDGE = (
    _mutant(
        "get-with-body-taken",
        "takes a GET with a body",
        edit(gateway, "_check_edge", ('request.method == "GET" and request.body', "False")),
    ),
    _mutant(
        "ip-not-limited",
        "takes any number of calls from one IP",
        edit(gateway, "_check_edge", ("key is None or not key.account.limited", "True")),
    ),
    _mutant(
        "ip-limit-one-more", "takes 601 calls in 5 s from one IP", edit(limits.IpWindow, "take", (">= 600", "> 600"))
    ),
    _mutant(
        "ip-not-banned",
        "takes the next call as soon as the window allows it",
        edit(
            limits.IpWindow, "take", ("self._banned_until_ms = now_ms + self.ban_ms", "self._banned_until_ms = now_ms")
        ),
    ),
    _mutant("ip-window-longer", "counts the calls of an IP for 6 s", edit(limits.IpWindow, "take", ("5_000", "6_000"))),
    _mutant(
        "path-in-any-case",
        "finds a path in capitals",
        edit(gateway, "_route", ("path = request.path", "path = request.path.lower()")),
    ),
    _mutant(
        "path-with-slash",
        "finds a path with a slash at its end",
        edit(gateway, "_route", ("path = request.path", 'path = request.path.rstrip("/")')),
    ),
    _mutant(
        "any-method",
        "takes any method on a path",
        edit(gateway, "_route", ("endpoint.method == request.method", "True")),
    ),
    _mutant(
        "credentials-in-parameters-taken-for-none",
        "tells V2 credentials that there are none",
        edit(gateway, "_auth_headers", ("and _has_credentials(request)", "and False")),
    ),
    _mutant(
        "credentials-in-body-not-seen",
        "looks for V2 credentials in the query alone",
        edit(gateway, "_has_credentials", ("isinstance(body, dict)", "False")),
    ),
)

_HEADERS = (
    _mutant(
        "missing-signature-not-told",
        "takes a missing signature for a wrong one",
        edit(
            gateway,
            "_auth_headers",
            ("if not (timestamp and api_key and signature):", "if not (timestamp and api_key):"),
        ),
    ),
    _mutant(
        "empty-header-not-missing",
        "takes an empty header for one that is there",
        edit(
            gateway,
            "_auth_headers",
            ('signature = request.header("X-BAPI-SIGN") or ""', 'signature = request.header("X-BAPI-SIGN")'),
            ("(timestamp and api_key and signature):", "(timestamp and api_key and signature is not None):"),
            ("        timestamp=timestamp,", '        timestamp=timestamp,  # a missing one is ""'),
            ("signature=signature,", 'signature=signature or "",'),
        ),
    ),
    _mutant(
        "headers-not-echoed",
        "does not show which headers came",
        edit(
            gateway,
            "_auth_headers",
            ("timestamp=timestamp,", 'timestamp="",'),
            ("api_key=api_key,", 'api_key="",'),
            ("signature=signature,", 'signature="",'),
        ),
    ),
    _mutant(
        "timestamp-with-decimals-taken",
        "takes a timestamp in seconds with decimals for one in ms",
        _window(
            ("not _INTEGER.fullmatch(timestamp)", 'not timestamp.replace(".", "").isdigit()'),
            ("sent_ms = int(timestamp)", 'sent_ms = int(timestamp.replace(".", ""))'),
        ),
    ),
    _mutant(
        "window-text-not-checked",
        "takes a receive window that is no number for the default",
        _window(
            ("recv_window and not _INTEGER.fullmatch(recv_window)", "False"),
            ("int(recv_window) if recv_window else", "int(recv_window) if recv_window.isdigit() else"),
        ),
    ),
    _mutant(
        "window-without-maximum", "forgets the maximum that was set", _window(("0 < largest_ms < window_ms", "False"))
    ),
    _mutant(
        "window-maximum-too-small", "refuses the maximum itself", _window(("0 < largest_ms < ", "0 < largest_ms <= "))
    ),
    _mutant("window-not-checked", "takes a request of any age", skip(gateway, "_check_window")),
    _mutant("window-to-the-past-alone", "takes a timestamp of any time to come", _window((" < now_ms + 1000", ""))),
    _mutant(
        "window-to-the-future-alone",
        "takes a request that is old",
        _window(("now_ms - window_ms <= sent_ms <", "sent_ms <")),
    ),
    _mutant(
        "window-symmetrical", "opens the window to both sides alike", _window(("now_ms + 1000", "now_ms + window_ms"))
    ),
    _mutant(
        "window-one-ms-too-short",
        "refuses what is late as allowed",
        _window(("now_ms - window_ms <=", "now_ms - window_ms <")),
    ),
    _mutant(
        "window-one-ms-too-far",
        "takes what is a whole second ahead",
        _window(("sent_ms < now_ms", "sent_ms <= now_ms")),
    ),
    _mutant("window-of-ten-seconds", "has a default window of 10 s", put(gateway, "DEFAULT_RECV_WINDOW", 10_000)),
    _mutant(
        "window-ignored",
        "has 5 s whatever the receive window says",
        _window(("int(recv_window) if recv_window else DEFAULT_RECV_WINDOW", "DEFAULT_RECV_WINDOW")),
    ),
    _mutant(
        "window-capped",
        "caps a receive window at a minute without a word",
        _window(("int(recv_window) if recv_window else", "min(int(recv_window), 60_000) if recv_window else")),
    ),
)

_SIGNATURE = (
    _mutant("signature-not-checked", "takes any signature", skip(gateway, "_check_signature")),
    _mutant(
        "signature-over-json-without-blanks",
        "writes the JSON again, compactly, before it checks",
        _with("again", partial(_again, separators=(",", ":")), _signs(body="again(request.body)")),
    ),
    _mutant(
        "signature-over-json-with-blanks",
        "writes the JSON again, with blanks, before it checks",
        _with("again", _again, _signs(body="again(request.body)")),
    ),
    _mutant(
        "signature-over-sorted-query",
        "sorts the query before it checks",
        _signs(query='as_arrived("&".join(sorted(request.query.split("&"))))'),
    ),
    _mutant(
        "signature-over-decoded-query",
        "decodes the query before it checks",
        _with("unquote", unquote, _signs(query="as_arrived(unquote(request.query))")),
    ),
    _mutant(
        "signature-over-encoded-query",
        "encodes the query anew before it checks",
        _with(
            "encoded", lambda text: quote(unquote(text), safe="&"), _signs(query="as_arrived(encoded(request.query))")
        ),
    ),
    _mutant("signature-over-the-head-alone", "does not look at the body", _signs(query='b""', body='b""')),
    _mutant(
        "signature-in-capitals",
        "takes hex in upper case",
        edit(signing, "matches", ("if uppercase else signature", "if True else signature")),
    ),
    _mutant(
        "signature-compared-in-part",
        "compares as many digits as came",
        edit(signing, "matches", ("sign(secret, origin).encode()", "sign(secret, origin)[: len(given)].encode()")),
    ),
    _mutant(
        "signature-compared-to-its-length",
        "compares as many digits as it expects",
        edit(signing, "matches", ("as_arrived(given)", "as_arrived(given[:64])")),
    ),
    _mutant(
        "signature-in-base64",
        "takes base64 of an HMAC key too",
        _with(
            "hexed",
            lambda text: base64.b64decode(text).hex() if text.endswith("=") else text,
            edit(gateway, "_check_signature", ("origin, signature, uppercase", "origin, hexed(signature), uppercase")),
        ),
    ),
    _mutant("signature-with-sha512", "signs with SHA-512", edit(signing, "sign", ("sha256", "sha512"))),
    _mutant("signature-without-window", "signs no receive window", _parts("as_arrived(timestamp + api_key) + payload")),
    _mutant("signature-without-key", "signs no key", _parts("as_arrived(timestamp + recv_window) + payload")),
    _mutant(
        "signature-with-default-window",
        "signs its own default where no receive window came",
        _parts('as_arrived(timestamp + api_key + (recv_window or "5000")) + payload'),
    ),
    _mutant(
        "signature-with-window-as-number",
        "signs the receive window as a number",
        _parts("as_arrived(timestamp + api_key + recv_window.lstrip('0')) + payload"),
    ),
    _mutant(
        "sign-type-selects",
        "takes X-BAPI-SIGN-TYPE 2 for RSA whatever the key is",
        edit(
            gateway,
            "_check_signature",
            (
                "    if not fits:\n        told",
                '    if not fits or (public_key is None and request.header("X-BAPI-SIGN-TYPE") == "2"):\n        told',
            ),
        ),
    ),
    _mutant(
        "rsa-not-checked",
        "takes any signature of an RSA key",
        edit(gateway, "_check_signature", ("signing.matches_rsa(public_key, origin, signature)", "True")),
    ),
    _mutant(
        "rsa-url-safe",
        "takes both alphabets of base64",
        edit(
            signing,
            "matches_rsa",
            (
                "b64decode(signature, validate=True)",
                'b64decode(signature, altchars=b"-_") if "-" in signature else base64.b64decode(signature)',
            ),
        ),
    ),
    _mutant(
        "rsa-in-hex",
        "takes hex of an RSA key",
        edit(
            signing,
            "matches_rsa",
            (
                "base64.b64decode(signature, validate=True)",
                "bytes.fromhex(signature) if len(signature) == 256 else base64.b64decode(signature)",
            ),
        ),
    ),
    _mutant(
        "rsa-with-pss",
        "wants PSS of an RSA key",
        edit(
            signing,
            "matches_rsa",
            ("import PKCS1v15", "import MGF1, PSS"),
            ("PKCS1v15()", "PSS(MGF1(SHA256()), PSS.AUTO)"),
        ),
    ),
)

_KEYS = (
    _mutant(
        "unknown-key-as-wrong-signature",
        "tells an unknown key that its signature is wrong",
        put(Conditions, "UNKNOWN_KEY", replace(Conditions.UNKNOWN_KEY, default=Conditions.WRONG_SIGNATURE.default)),
    ),
    _mutant("expiry-not-checked", "takes a key that has expired", skip(gateway, "_check_expiry")),
    _mutant(
        "expiry-one-ms-too-late",
        "takes a key in the ms in which it expires",
        put(
            Key,
            "is_expired",
            property(lambda key: key.expires_ms is not None and key.account.now_ms() > key.expires_ms),
        ),
    ),
    _mutant("ip-not-checked", "takes a key from anywhere", skip(gateway, "_check_ip")),
    _mutant(
        "ip-first-only",
        "looks at the first of the bound IPs alone",
        edit(Key, "allows_ip", ("peer in self.ip_allowlist", "peer in self.ip_allowlist[:1]")),
    ),
    _mutant("permission-not-checked", "takes any key", skip(gateway, "_check_permission")),
    _mutant(
        "permission-for-the-list", "wants Withdraw for the list of withdrawals", endpoint("list", permission="Withdraw")
    ),
    _mutant("no-permission-for-addresses", "shows the address book to any key", endpoint("addresses", permission="")),
    _mutant(
        "read-only-not-checked",
        "takes a read-only key",
        edit(gateway, "_check_permission", ('endpoint.method == "POST" and key.details.read_only', "False")),
    ),
    _mutant(
        "read-only-reads-nothing",
        "refuses a read-only key that reads",
        edit(gateway, "_check_permission", ('endpoint.method == "POST" and ', "")),
    ),
    _mutant(
        "demo-not-checked",
        "lets demo accounts cancel",
        edit(call, "master_account", ("if account.details.demo:", "if False:"), also=(cancel,)),
    ),
    _mutant(
        "sub-account-not-checked",
        "lets sub-accounts cancel",
        edit(call, "master_account", ("if account.details.sub_account:", "if False:"), also=(cancel,)),
    ),
)

_LIMITS = (
    _mutant("limit-none", "has no limit", edit(gateway, "_take", ("if not account.limited", "if True"))),
    _mutant("limit-one-more", "takes 61 calls a minute", _limit(calls=61)),
    _mutant("limit-one-less", "takes 59 calls a minute", _limit(calls=59)),
    _mutant("limit-too-long", "counts calls for 61 s", _limit(window_ms=61_000)),
    _mutant("limit-too-short", "counts calls for 59 s", _limit(window_ms=59_000)),
    _mutant("limit-by-the-clock", "begins to count anew with every minute of the clock", _limit(kind="fixed")),
    _mutant(
        "limit-by-key",
        "counts each key by itself",
        edit(gateway, "_take", ("account.counter(endpoint.name,", "account.counter(endpoint.name + key.api_key,")),
    ),
    _mutant(
        "limit-of-all-accounts",
        "counts all accounts together",
        both(
            lambda monkey: monkey.setattr(gateway, "first", {}, raising=False),
            edit(
                gateway,
                "_take",
                ("account.counter(endpoint.name,", "first.setdefault(endpoint.name, account).counter(endpoint.name,"),
            ),
        ),
    ),
    _mutant(
        "limit-of-all-endpoints",
        "counts all endpoints together",
        edit(gateway, "_take", ("account.counter(endpoint.name,", 'account.counter("all",')),
    ),
    _mutant(
        "limit-counts-refused",
        "counts calls with a wrong signature",
        _authentication(("if behavior.get(Fields.COUNTS_REFUSED) is True:", "if True:")),
    ),
    _mutant(
        "limit-as-429",
        "answers too many calls on HTTP 429",
        put(
            Conditions,
            "RATE_LIMIT",
            replace(Conditions.RATE_LIMIT, default=replace(Conditions.RATE_LIMIT.default, status=429)),
        ),
    ),
)

_ORDER = (
    _mutant(
        "order-path-before-edge",
        "looks at the path before the edge does its part",
        edit(
            gateway,
            "_process",
            ("    _check_edge(call)\n", ""),
            ("_route(request)\n", "_route(request)\n    _check_edge(call)\n"),
        ),
    ),
    _mutant(
        "order-window-before-headers",
        "looks at the timestamp before it looks whether all headers came",
        _authentication(
            (
                "    timestamp, api_key, signature = _auth_headers(request)\n",
                '    if sent := request.header("X-BAPI-TIMESTAMP"):\n'
                '        _check_window(sent, "", call.world.now_ms(), 0)\n'
                "    timestamp, api_key, signature = _auth_headers(request)\n",
            )
        ),
    ),
    _mutant(
        "order-key-before-window",
        "looks for the key before it looks at the timestamp",
        _authentication(("if behavior.get(Fields.KEY_BEFORE_TIMESTAMP) is True:", "if True:")),
    ),
    _mutant(
        "order-expiry-before-window",
        "looks at the key's end before it looks at the timestamp",
        _authentication(
            ("    _check_window(", "    _check_expiry(_known_key(call, api_key))\n    _check_window("),
            ("    _check_expiry(key)\n", ""),
        ),
    ),
    _mutant(
        "order-signature-before-expiry",
        "checks the signature of a key that has expired",
        _authentication(
            ("    _check_expiry(key)\n", ""),
            (
                "recv_window, signature)\n",
                "recv_window, signature)\n    _check_expiry(key)\n",
            ),
        ),
    ),
    _mutant(
        "order-rights-before-signature",
        "looks at IP and permission before the signature",
        _authentication(("if behavior.get(Fields.SIGNATURE_LAST) is True:", "if True:")),
    ),
    _mutant(
        "order-permission-before-ip",
        "looks at the permission before the IP",
        edit(
            gateway, "_check_rights", ("if key.account.behavior.get(Fields.PERMISSION_BEFORE_IP) is True:", "if True:")
        ),
    ),
    _mutant(
        "order-limit-before-rights",
        "counts a call before it looks at IP and permission",
        _authentication(
            (
                "    _check_signature(key, request, timestamp, recv_window, signature)\n",
                "    _check_signature(key, request, timestamp, recv_window, signature)\n"
                "    call.verdict = _take(key, endpoint)\n",
            ),
            ("    call.verdict = call.verdict or _take(key, endpoint)\n", ""),
        ),
    ),
    _mutant(
        "order-permission-behind-the-call",
        "looks at the permission when the endpoint has done its part",
        both(
            edit(
                gateway,
                "_process",
                (
                    "    return endpoint.function(call)",
                    "    result = endpoint.function(call)\n"
                    "    if endpoint.permission is not None:\n"
                    "        _check_late(call.caller, endpoint)\n"
                    "    return result",
                ),
            ),
            _with("_check_late", gateway._check_permission, skip(gateway, "_check_permission")),
        ),
    ),
)

MUTANTS = (
    *_EDGE,
    *_HEADERS,
    *_SIGNATURE,
    *_KEYS,
    *_LIMITS,
    *_ORDER,
    *bybit_cancel.MUTANTS,
    *bybit_replies.MUTANTS,
)
