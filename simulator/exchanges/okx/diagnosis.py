"""A wrong signature of OKX's, of a request or of a login on a socket, explained: for the journal, never for the client.

Pure functions; the mistakes stand in `mistakes`.
"""

from __future__ import annotations

from collections.abc import Iterator

from simulator.core.accounts import Key
from simulator.core.diagnosis import Diagnosis, Mac, mistake_of, other_secrets, text_secrets
from simulator.core.wire import as_arrived
from simulator.exchanges.okx.mistakes import TEXTS, Parts


def diagnosis(key: Key, parts: Parts, received: str) -> Diagnosis:
    """Why `received` is not the signature of `parts`."""
    text, mac = parts.text(), Mac(as_arrived(key.secret), "sha256", "base64")
    secrets = text_secrets(key.secret, _others(key), encode=as_arrived)
    mistake = mistake_of(received, mac, text, secrets, TEXTS, parts)
    return Diagnosis(text.decode("utf-8", "replace"), mac.sign(text), received, mistake)


def _others(key: Key) -> Iterator[tuple[str, str]]:
    yield "the passphrase is used in place of the secret", key.passphrase
    yield "the passphrase is used behind the secret", key.secret + key.passphrase
    yield from other_secrets(key.api_key, key.secret, (other.secret for other in key.account.keys))
