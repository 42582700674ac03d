"""A wrong signature of AlphaPoint's, explained: for the journal, never for the client. Pure functions.

The mistakes are those that APEX documentation AuthenticateUser and its clients leave room for: three values in a row,
of which two are numbers and two look alike.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from simulator.core.accounts import Key
from simulator.core.diagnosis import Diagnosis, Mac, Texts, mistake_of, other_secrets, text_secrets
from simulator.core.message import Request
from simulator.core.rewriting import orders_of
from simulator.exchanges.alphapoint.signing import message, to_bytes
from simulator.exchanges.alphapoint.users import User


@dataclass(frozen=True, slots=True)
class Parts:
    """The parts of the text that the server signed, and what clients mix them up with."""

    nonce: str
    user_id: str
    api_key: str
    secret: str
    others: tuple[str, ...] = ()
    path: str = ""
    body: bytes = b""

    def text(self, *, nonce: str | None = None, user_id: str | None = None, api_key: str | None = None) -> bytes:
        """The text, with some of the parts changed."""
        return message(
            self.nonce if nonce is None else nonce,
            self.user_id if user_id is None else user_id,
            self.api_key if api_key is None else api_key,
        )


def diagnosis(key: Key, request: Request | None, nonce: str, user_id: str, received: str) -> Diagnosis:
    """Why `received` is not the signature of these values; `request` is None on a socket."""
    user: User = key.account.details
    others = (str(user.account_id), user.username, user.email)
    path, body = (request.path, request.body) if request is not None else ("", b"")
    parts = Parts(nonce, user_id, key.api_key, key.secret, others, path, body)
    text, mac = parts.text(), Mac(to_bytes(key.secret), "sha256", "hex")
    siblings = other_secrets(key.api_key, key.secret, (other.secret for other in key.account.keys))
    words = (("the password is used in place of the secret", user.password), *siblings)
    mistake = mistake_of(received, mac, text, text_secrets(key.secret, words, encode=to_bytes), _TEXTS, parts)
    if mistake is None and mac.sign(parts.text(api_key=key.secret), to_bytes(key.api_key)) == received:
        mistake = "key and secret are taken for each other"
    return Diagnosis(text.decode("utf-8", "replace"), mac.sign(text), received, mistake)


def _separated(parts: Parts) -> Iterator[bytes]:
    values = (parts.nonce, parts.user_id, parts.api_key)
    yield from (to_bytes(mark.join(values)) for mark in (" ", ",", ":", "|", "&", "-", "\n"))
    yield to_bytes(f"Nonce={parts.nonce}&UserId={parts.user_id}&APIKey={parts.api_key}")


def _other_nonces(parts: Parts) -> Iterator[bytes]:
    """Another unit, or a nonce that was made twice, a moment apart."""
    number = int(parts.nonce[:40])
    for other in (number // 1000, number * 1000, *(number + step for step in range(-25, 26))):
        yield parts.text(nonce=str(other))


_TEXTS: Texts[Parts] = {
    "the user id is not signed": lambda parts: [parts.text(user_id="")],
    "the nonce is not signed": lambda parts: [parts.text(nonce="")],
    "the key is not signed": lambda parts: [parts.text(api_key="")],
    "account id, user name or e-mail address are signed in place of the user id": lambda parts: (
        parts.text(user_id=other) for other in parts.others
    ),
    "nonce, user id and key are signed in another order": lambda parts: orders_of(
        (to_bytes(parts.nonce), to_bytes(parts.user_id), to_bytes(parts.api_key))
    ),
    "nonce, user id and key are signed with something between them": _separated,
    "another nonce is signed than the one that is sent": _other_nonces,
    "the secret is signed in place of the key": lambda parts: [parts.text(api_key=parts.secret)],
    "path or body are signed as well": lambda parts: (
        parts.text() + more for more in (to_bytes(parts.path), parts.body, to_bytes(parts.path) + parts.body)
    ),
    "verb or function are signed as well": lambda parts: (
        text
        for word in (b"GET", b"POST", to_bytes(parts.path.rpartition("/")[2]))
        for text in (word + parts.text(), parts.text() + word)
    ),
    "a line break is signed behind the text": lambda parts: (parts.text() + end for end in (b"\n", b"\r\n")),
}
"""What clients sign by mistake, each with the texts that come of it."""
