"""Wrong servers that call themselves AlphaPoint: how they find a function, and who is asking."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

from simulator.core.accounts import Key
from simulator.core.message import Request
from simulator.core.rows import Refusal
from simulator.exchanges.alphapoint import authentication, gateway, signing
from simulator.exchanges.alphapoint.behavior import Conditions
from wrong_servers.alphapoint_patches import answers
from wrong_servers.mutant import Mutant, Patch
from wrong_servers.patches import put, wrap

_mutant = partial(Mutant, "alphapoint")


# The way in.


def _this_case_only(find: Callable[..., Any], request: Request) -> Any:
    endpoint = find(request)
    if request.path.removesuffix("/") != endpoint.path:
        raise Refusal(Conditions.UNKNOWN_FUNCTION, "another case")
    return endpoint


def _any_method(find: Callable[..., Any], request: Request) -> Any:
    return find(replace(request, method="POST"))


def _post_only(find: Callable[..., Any], request: Request) -> Any:
    if request.method != "POST":
        raise Refusal(Conditions.WRONG_METHOD, "no POST")
    return find(request)


def _no_slash(find: Callable[..., Any], request: Request) -> Any:
    if request.path.endswith("/"):
        raise Refusal(Conditions.UNKNOWN_FUNCTION, "a slash")
    return find(request)


def _exact_header(self: Request, name: str) -> str | None:
    return next((value for key, value in self.headers if key == name), None)


WAY_IN = (
    _mutant(
        "functions-in-one-case",
        "takes the path of a function in one case only",
        wrap(gateway, "_http_function", _this_case_only),
    ),
    _mutant("any-method", "takes any method", wrap(gateway, "_http_function", _any_method)),
    _mutant("post-only", "takes no function by GET", wrap(gateway, "_http_function", _post_only)),
    _mutant("no-slash-at-the-end", "takes no slash behind a function", wrap(gateway, "_http_function", _no_slash)),
    _mutant("headers-in-one-case", "finds headers in one case only", put(Request, "header", _exact_header)),
    _mutant(
        "unknown-function-in-json",
        "answers an unknown function with JSON",
        answers("route.unknown", shape="", code=404),
    ),
    _mutant(
        "unknown-function-with-200", "answers an unknown function with status 200", answers("route.unknown", status=200)
    ),
    _mutant("not-found-in-small-letters", "writes Not Found", answers("auth.no_credentials", text="Not Found")),
    _mutant(
        "missing-credentials-with-401",
        "answers missing credentials with 401",
        answers("auth.no_credentials", status=401),
    ),
    _mutant(
        "wrong-signature-in-json",
        "answers a wrong signature in words",
        answers("auth.wrong_signature", status=200, shape="", code=20, text="Not Authorized"),
    ),
    _mutant(
        "unknown-frame-function-as-reply",
        "answers an unknown function on a socket as a reply",
        answers("socket.unknown_function", shape="", code=104),
    ),
    _mutant(
        "socket-without-login-not-found",
        "answers a private function without login as one that is not",
        answers("socket.not_authenticated", shape="text", text="Endpoint Not Found"),
    ),
    _mutant(
        "broken-frame-answered",
        "answers a frame that is no JSON",
        answers("frame.not_json", shape="text", text="Invalid Request"),
    ),
    _mutant(
        "unusable-frame-answered",
        "answers a frame without a name",
        answers("frame.unusable", shape="text", text="Invalid Request"),
    ),
)


# Who is asking.


def _matches(compare: Callable[[str, str], bool]) -> Patch:
    """Signatures are compared in another way."""

    def matches(secret: str, signed: bytes, signature: str, *, uppercase: bool) -> bool:
        return compare(signing.sign(secret, signed), signature)

    return put(signing, "matches", matches)


def _also(sign: Callable[[str, bytes], str]) -> Patch:
    """A second way to sign is taken, too."""

    def around(matches: Callable[..., bool], secret: str, signed: bytes, signature: str, **named: Any) -> bool:
        return matches(secret, signed, signature, **named) or sign(secret, signed) == signature

    return wrap(signing, "matches", around)


def _message(write: Callable[[str, str, str], str]) -> Patch:
    return put(signing, "message", lambda nonce, user_id, api_key: write(nonce, user_id, api_key).encode())


def _hmac(digest: Any, secret: bytes, signed: bytes) -> str:
    return hmac.new(secret, signed, digest).hexdigest()


def _from_hex(secret: str) -> bytes:
    try:
        return bytes.fromhex(secret)
    except ValueError:
        return secret.encode()


def _any_user(by_key: Callable[..., Any], call: Any, signed: Any, *rest: Any) -> Any:
    key = call.world.find_key(signed.api_key)
    if key is not None and signed.user_id:
        own = str(key.account.details.user_id)
        right = signing.matches(
            key.secret, signing.message(signed.nonce, signed.user_id, signed.api_key), signed.signature, uppercase=False
        )
        signature = signing.sign(key.secret, signing.message(signed.nonce, own, signed.api_key))
        signed = replace(signed, user_id=own, signature=signature if right else "")
    return by_key(call, signed, *rest)


def _nonce_grows(by_key: Callable[..., Any], call: Any, signed: Any, *rest: Any) -> Any:
    key = by_key(call, signed, *rest)
    number = int(signed.nonce) if signed.nonce.isdecimal() else None
    if number is not None and number <= key.counters.get("nonce", -1):
        raise Refusal(Conditions.WRONG_SIGNATURE, "an old nonce")
    key.counters["nonce"] = number if number is not None else -1
    return key


def _nonce_once(by_key: Callable[..., Any], call: Any, signed: Any, *rest: Any) -> Any:
    key = by_key(call, signed, *rest)
    if signed.nonce in key.counters:
        raise Refusal(Conditions.WRONG_SIGNATURE, "the same nonce")
    key.counters[signed.nonce] = None
    return key


def _nonce_a_number(by_key: Callable[..., Any], call: Any, signed: Any, *rest: Any) -> Any:
    if not signed.nonce.isdecimal():
        raise Refusal(Conditions.WRONG_SIGNATURE, "no number")
    return by_key(call, signed, *rest)


WHO = (
    _mutant("signature-not-checked", "takes any signature", put(signing, "matches", lambda *_, **__: True)),
    _mutant(
        "signature-in-any-case",
        "compares signatures without regard to case",
        _matches(lambda right, given: right == given.lower()),
    ),
    _mutant(
        "signature-cut-short",
        "compares as much of a signature as came",
        _matches(lambda right, given: right.startswith(given)),
    ),
    _mutant(
        "signature-by-length",
        "looks at the length of a signature",
        _matches(lambda right, given: len(right) == len(given)),
    ),
    _mutant("nonce-not-signed", "signs user id and key", _message(lambda n, u, k: u + k)),
    _mutant("user-id-not-signed", "signs nonce and key", _message(lambda n, u, k: n + k)),
    _mutant("key-before-user-id", "signs the key before the user id", _message(lambda n, u, k: n + k + u)),
    _mutant("user-id-first", "signs the user id first", _message(lambda n, u, k: u + n + k)),
    _mutant(
        "text-as-latin-1",
        "signs text as Latin-1",
        put(signing, "to_bytes", lambda text: text.encode("latin-1", "replace")),
    ),
    _mutant(
        "sha512-for-sha256",
        "signs with SHA-512",
        put(signing, "sign", lambda s, m: _hmac(hashlib.sha512, s.encode(), m)),
    ),
    _mutant("sha512-taken-too", "takes SHA-512 as well", _also(lambda s, m: _hmac(hashlib.sha512, s.encode(), m))),
    _mutant("sha1-taken-too", "takes SHA-1 as well", _also(lambda s, m: _hmac(hashlib.sha1, s.encode(), m))),
    _mutant(
        "plain-hash-taken-too",
        "takes a hash without HMAC as well",
        _also(lambda s, m: hashlib.sha256(m + s.encode()).hexdigest()),
    ),
    _mutant(
        "hex-secret-taken-too",
        "takes a secret decoded from hex as well",
        _also(lambda s, m: _hmac(hashlib.sha256, _from_hex(s), m)),
    ),
    _mutant(
        "line-break-taken-too",
        "takes a message with a line break as well",
        _also(lambda s, m: _hmac(hashlib.sha256, s.encode(), m + b"\n")),
    ),
    _mutant(
        "user-id-not-looked-at",
        "looks at the signed text and not at the user id",
        wrap(authentication, "by_key", _any_user),
    ),
    _mutant("nonce-must-grow", "wants nonces to grow", wrap(authentication, "by_key", _nonce_grows)),
    _mutant("nonce-once", "takes no nonce twice", wrap(authentication, "by_key", _nonce_once)),
    _mutant("nonce-a-number", "wants a nonce to be a number", wrap(authentication, "by_key", _nonce_a_number)),
    _mutant("expiry-not-checked", "takes a key that has expired", put(Key, "is_expired", False)),
    _mutant("ip-not-checked", "takes a key from anywhere", put(Key, "allows_ip", lambda *_: True)),
    _mutant(
        "ip-always-refused",
        "refuses every key that has a list of IPs",
        put(Key, "allows_ip", lambda key, _: not key.ip_allowlist),
    ),
)


MUTANTS = (*WAY_IN, *WHO)
