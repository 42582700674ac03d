"""A wrong signature of Bybit's, explained: for the journal, never for the client. Pure functions.

An HMAC is made again with every known mistake. Of an RSA key nobody here has the private half: there the signature that
came is held against the texts of the known mistakes.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from simulator.core.accounts import Key
from simulator.core.diagnosis import (
    Diagnosis,
    Mac,
    diagnosed_most,
    mistake_in_text,
    mistake_of,
    other_secrets,
    text_secrets,
)
from simulator.core.message import Request
from simulator.core.wire import as_arrived
from simulator.exchanges.bybit.mistakes import TEXTS, Parts
from simulator.exchanges.bybit.signing import is_pss, matches_rsa

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

_OTHERWISE: dict[str, Callable[[str], bytes]] = {
    "the signature is in hex instead of base64": bytes.fromhex,
    "the signature is in base64 of the URL-safe alphabet": base64.urlsafe_b64decode,
}


def diagnosis(key: Key, request: Request, timestamp: str, recv_window: str, payload: bytes, received: str) -> Diagnosis:
    """Why `received` is not the signature of this request."""
    siblings = [other for other in key.account.keys if other is not key]
    names, host = tuple(other.api_key for other in siblings), request.header("Host") or ""
    parts = Parts(timestamp, key.api_key, recv_window, payload, request.method, request.path, host, names)
    if key.details.public_key is not None:
        return _of_rsa(key.details.public_key, parts, received)
    return _of_hmac(key.secret, parts, received, (other.secret for other in siblings))


def _of_hmac(secret: str, parts: Parts, received: str, others: Iterable[str]) -> Diagnosis:
    text, mac = parts.text(), Mac(as_arrived(secret), "sha256", "hex")
    secrets = text_secrets(secret, other_secrets(parts.api_key, secret, others), encode=as_arrived)
    mistake = mistake_of(received, mac, text, secrets, TEXTS, parts)
    return Diagnosis(text.decode("utf-8", "replace"), mac.sign(text), received, mistake)


def _of_rsa(public_key: RSAPublicKey, parts: Parts, received: str) -> Diagnosis:
    text = parts.text()
    mistake = None
    if len(text) <= diagnosed_most:
        mistake = _slip(public_key, text, received) or mistake_in_text(
            TEXTS, parts, lambda candidate: matches_rsa(public_key, candidate, received)
        )
    expected = "base64 of an RSA signature of it (SHA-256, PKCS#1 v1.5) with the private key"
    return Diagnosis(text.decode("utf-8", "replace"), expected, received, mistake)


def _slip(public_key: RSAPublicKey, text: bytes, received: str) -> str | None:
    """The right text, signed or written in another way."""
    for sentence, read in _OTHERWISE.items():
        try:
            raw = read(received)
        except ValueError:
            continue
        if matches_rsa(public_key, text, base64.b64encode(raw).decode()):
            return sentence
    return "the signature is padded by PSS, not by PKCS#1 v1.5" if is_pss(public_key, text, received) else None
