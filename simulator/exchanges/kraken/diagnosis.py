"""A wrong API-Sign, explained: for the journal, never for the client. Pure functions; the mistakes stand in `mistakes`.

What Kraken signs has the bytes of a hash in it, so it is told as the expression that makes it.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator

from simulator.core.accounts import Key
from simulator.core.diagnosis import Diagnosis, Mac, diagnosed_most, mistake_of, other_secrets
from simulator.core.message import Request
from simulator.core.wire import as_arrived
from simulator.exchanges.kraken import signing
from simulator.exchanges.kraken.mistakes import TEXTS, Parts

_shown_at_most = 4096
"""Bytes of a body that an explanation quotes: the journal keeps explanations, and bodies go up to a megabyte."""


def diagnosis(key: Key, request: Request, nonce: str, received: str) -> Diagnosis:
    """Why `received` is not the signature of this request."""
    parts = Parts(
        signing.raw(request.path),
        as_arrived(nonce),
        request.body,
        signing.raw(request.query),
        request.header("Host") or "",
        request.body.lstrip()[:1] == b"{",
    )
    text, mac = parts.text(), Mac(base64.b64decode(key.secret, validate=True), "sha512", "base64")
    texts = TEXTS if len(request.body) <= diagnosed_most else {}
    mistake = mistake_of(received, mac, text, _secrets(key), texts, parts)
    hashed = nonce + request.body[:_shown_at_most].decode("utf-8", "replace")
    more = len(request.body) - _shown_at_most
    signed = f"{request.path!r} + SHA256({hashed!r}{f' and {more} bytes more' if more > 0 else ''})"
    return Diagnosis(signed, mac.sign(text), received, mistake)


def _secrets(key: Key) -> Iterator[tuple[str, Callable[[], bytes]]]:
    yield "the secret was used as text instead of base64-decoded", key.secret.encode
    yield "the secret is base64-decoded twice", lambda: base64.b64decode(base64.b64decode(key.secret))
    yield "the secret is empty", lambda: b""
    others = (other.secret for other in key.account.keys)
    for sentence, secret in other_secrets(key.api_key, key.secret, others):
        yield sentence, lambda secret=secret: base64.b64decode(secret)  # type: ignore[misc]
        yield sentence, lambda secret=secret: as_arrived(secret)  # type: ignore[misc]
