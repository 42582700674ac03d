"""Bybit's signature, over what arrived: timestamp + key + receive window + (raw query | raw body).

Pure functions; facts: docs v5/guide. An absent receive window contributes nothing. Which of the two kinds a key has is
told by the key, not by the header X-BAPI-SIGN-TYPE: every SDK sends the same there for both. RSA needs the extra `rsa`.
"""

from __future__ import annotations

import base64
import hmac
from typing import TYPE_CHECKING

from simulator.core.misuse import Misuse
from simulator.core.wire import as_arrived

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey


def origin_string(timestamp: str, api_key: str, recv_window: str, payload: bytes) -> bytes:
    """The text that is signed; `payload` is the raw query string of a GET and the raw body of a POST."""
    return as_arrived(timestamp + api_key + recv_window) + payload


def sign(secret: str, origin: bytes) -> str:
    """HMAC-SHA256 in lower-case hex."""
    return hmac.digest(as_arrived(secret), origin, "sha256").hex()


def matches(secret: str, origin: bytes, signature: str, *, uppercase: bool) -> bool:
    """True if `signature` is the one of `origin`."""
    given = signature.lower() if uppercase else signature
    return hmac.compare_digest(sign(secret, origin).encode(), as_arrived(given))


def rsa_public_key(pem: str) -> RSAPublicKey:
    """The key in `pem`. Raises Misuse for what is no RSA public key, and when the package that reads it is missing."""
    try:
        from cryptography.exceptions import UnsupportedAlgorithm
        from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
        from cryptography.hazmat.primitives.serialization import load_pem_public_key
    except ImportError:
        raise Misuse("public_key needs the package cryptography: pip install 'exchange-simulator[rsa]'") from None
    try:
        key: object = load_pem_public_key(pem.encode())
    except (ValueError, UnsupportedAlgorithm):
        key = None
    if not isinstance(key, RSAPublicKey):
        raise Misuse("public_key is not the PEM text of an RSA public key ('-----BEGIN PUBLIC KEY-----' ...)")
    return key


def is_pss(public_key: RSAPublicKey, origin: bytes, signature: str) -> bool:
    """True if `signature` is base64 of SHA-256 with PSS over `origin`, which Bybit does not take."""
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.padding import MGF1, PSS
    from cryptography.hazmat.primitives.hashes import SHA256

    try:
        public_key.verify(base64.b64decode(signature, validate=True), origin, PSS(MGF1(SHA256()), PSS.AUTO), SHA256())
    except (InvalidSignature, ValueError):
        return False
    return True


def matches_rsa(public_key: RSAPublicKey, origin: bytes, signature: str) -> bool:
    """True if `signature` is base64 (standard alphabet, no line breaks) of SHA-256 with PKCS#1 v1.5 over `origin`."""
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
    from cryptography.hazmat.primitives.hashes import SHA256

    try:
        public_key.verify(base64.b64decode(signature, validate=True), origin, PKCS1v15(), SHA256())
    except (InvalidSignature, ValueError):
        return False
    return True
