"""Wrong servers that call themselves OKX: what they sign, and how they compare."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
from collections.abc import Callable
from functools import partial
from typing import Any
from urllib.parse import unquote, unquote_plus

from simulator.core.accounts import Key
from simulator.core.message import Request
from simulator.core.rows import Refusal
from simulator.exchanges.okx import gateway, signing
from simulator.exchanges.okx.behavior import Conditions
from wrong_servers.mutant import Mutant, Patch
from wrong_servers.patches import put, wrap

_mutant = partial(Mutant, "okx")


def _signed_with(text: Callable[[Key, Request, str], bytes]) -> Patch:
    """The server signs another text."""

    def check(key: Key, request: Request, timestamp: str, signature: str) -> None:
        if not signing.matches(key.secret, text(key, request, timestamp), signature):
            raise Refusal(Conditions.WRONG_SIGNATURE, "the signature of another text")

    return put(gateway, "_check_signature", check)


def _body(request: Request) -> bytes:
    return request.body if request.method == "POST" else b""


def _written_again(key: Key, request: Request, timestamp: str) -> bytes:
    try:
        body = json.dumps(json.loads(_body(request)), separators=(",", ":")).encode()
    except ValueError:
        body = _body(request)
    return signing.prehash(timestamp, request.method, request.target, body)


def _unquoted(key: Key, request: Request, timestamp: str) -> bytes:
    return signing.prehash(timestamp, request.method, unquote(request.target), _body(request))


def _without_lone_mark(key: Key, request: Request, timestamp: str) -> bytes:
    return signing.prehash(timestamp, request.method, request.target.removesuffix("?"), _body(request))


def _unquoted_form(key: Key, request: Request, timestamp: str) -> bytes:
    return signing.prehash(timestamp, request.method, unquote_plus(request.target), _body(request))


def _path_alone(key: Key, request: Request, timestamp: str) -> bytes:
    return signing.prehash(timestamp, request.method, request.path, _body(request))


def _without_body(key: Key, request: Request, timestamp: str) -> bytes:
    return signing.prehash(timestamp, request.method, request.target, b"")


def _without_timestamp(key: Key, request: Request, timestamp: str) -> bytes:
    return signing.prehash("", request.method, request.target, _body(request))


def _also(mistake: Callable[[str, bytes], str]) -> Patch:
    """The server takes another signature as well."""

    def around(matches: Callable[..., bool], secret: str, text: bytes, signature: str) -> bool:
        return matches(secret, text, signature) or signature == mistake(secret, text)

    return wrap(signing, "matches", around)


def _digest(secret: str, text: bytes, kind: Any = hashlib.sha256) -> bytes:
    return hmac.new(secret.encode(), text, kind).digest()


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def _compares(compare: Callable[[str, str], bool]) -> Patch:
    return put(signing, "matches", lambda secret, text, signature: compare(signing.sign(secret, text), signature))


def _same_bytes(right: str, given: str) -> bool:
    try:
        return base64.b64decode(right) == base64.urlsafe_b64decode(given.replace("+", "-").replace("/", "_"))
    except (binascii.Error, ValueError):
        return False


def _hex_decoded(secret: str, text: bytes) -> str:
    try:
        return _base64(hmac.new(bytes.fromhex(secret), text, hashlib.sha256).digest())
    except ValueError:
        return ""


def _base64_decoded(secret: str, text: bytes) -> str:
    try:
        return _base64(hmac.new(base64.b64decode(secret), text, hashlib.sha256).digest())
    except ValueError:
        return ""


MUTANTS = (
    _mutant("signature-not-checked", "takes any signature", put(signing, "matches", lambda *_: True)),
    _mutant("signs-body-anew", "signs the body as it would write it", _signed_with(_written_again)),
    _mutant("signs-decoded-query", "signs the query decoded", _signed_with(_unquoted)),
    _mutant("signs-decoded-form", "signs the query decoded as a form has it", _signed_with(_unquoted_form)),
    _mutant("signs-no-lone-mark", "drops a question mark with nothing behind it", _signed_with(_without_lone_mark)),
    _mutant("signs-path-alone", "leaves the query out", _signed_with(_path_alone)),
    _mutant("signs-without-body", "leaves the body out", _signed_with(_without_body)),
    _mutant("signs-without-timestamp", "leaves the timestamp out", _signed_with(_without_timestamp)),
    _mutant("hex-taken", "takes the digest in hex as well", _also(lambda s, t: _digest(s, t).hex())),
    _mutant("base64-of-hex-taken", "takes base64 of hex", _also(lambda s, t: _base64(_digest(s, t).hex().encode()))),
    _mutant("sha512-taken", "takes SHA-512 as well", _also(lambda s, t: _base64(_digest(s, t, hashlib.sha512)))),
    _mutant(
        "plain-hash-taken",
        "takes SHA-256 without HMAC",
        _also(lambda s, t: _base64(hashlib.sha256(t + s.encode()).digest())),
    ),
    _mutant("hex-secret-taken", "decodes the secret from hex as well", _also(_hex_decoded)),
    _mutant("base64-secret-taken", "decodes the secret from base64 as well", _also(_base64_decoded)),
    _mutant(
        "line-break-taken", "takes the secret with a line break", _also(lambda s, t: _base64(_digest(s + "\n", t)))
    ),
    _mutant("signature-in-any-case", "compares without case", _compares(lambda a, b: a.lower() == b.lower())),
    _mutant("signature-without-padding", "needs no padding", _compares(lambda a, b: a.rstrip("=") == b.rstrip("="))),
    _mutant("signature-by-bytes", "compares what base64 decodes to", _compares(_same_bytes)),
    _mutant("signature-by-its-start", "compares as far as given", _compares(lambda a, b: bool(b) and a.startswith(b))),
    _mutant("signature-with-more", "compares as far as expected", _compares(lambda a, b: b.startswith(a))),
)
