"""Why a signature is wrong: what the server signed, and the known mistake of a client that makes what came.

Pure functions, for the journal and never for the client. Knows HMAC and how digests are written; which texts and which
secrets clients sign by mistake, each exchange says. Secrets go in and never come out.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal, TypeVar

Parts = TypeVar("Parts")

Texts = Mapping[str, Callable[[Parts], Iterable[bytes]]]
"""What clients sign by mistake: a sentence for each mistake, and the texts that come of it."""

_CANNOT_BE_MADE = (ValueError, TypeError, LookupError, ArithmeticError, RecursionError)
"""What a mistake may raise that cannot be made here: the body is no JSON, the secret no base64, and so on."""

_other_keys_most = 50

diagnosed_most = 64 * 1024
"""Texts longer than this are not made again: a turn must stay short, and no withdrawal is that long."""


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """A wrong signature, explained.

    `signed`: the exact text that the server signed (of a text with bytes that are none, the expression that makes it);
    `expected` and `received`: the signature of that text, and the one that came; `mistake`: the known mistake that
    makes the one that came, as the end of a sentence ("the query is signed sorted"), None when none of them does.
    """

    signed: str
    expected: str
    received: str
    mistake: str | None = None

    def because(self, signed: str | None = None) -> str:
        """The same as a sentence, with `signed` in the place of the text if it reads better."""
        told = f"the server signed {signed or repr(self.signed)} and expected {self.expected}, not {self.received!r}"
        return f"{told}; that is what comes out when {self.mistake}" if self.mistake else told


@dataclass(frozen=True, slots=True)
class Mac:
    """How an exchange makes a signature out of a text: HMAC with `key`, in lower-case hex or in base64."""

    key: bytes
    algorithm: Literal["sha256", "sha512"]
    writing: Literal["hex", "base64"]

    def sign(self, text: bytes, key: bytes | None = None) -> str:
        """The signature of `text`, with another key if one is given."""
        return self._written(hmac.digest(self.key if key is None else key, text, self.algorithm))

    def _written(self, digest: bytes) -> str:
        return digest.hex() if self.writing == "hex" else base64.b64encode(digest).decode()

    def slips(self, text: bytes) -> Iterator[tuple[str, str]]:
        """The right text and key, and something else wrong: each mistake with the signature that comes of it."""
        digest = hmac.digest(self.key, text, self.algorithm)
        in_hex, in_base64 = digest.hex(), base64.b64encode(digest).decode()
        if self.writing == "hex":
            yield "the digest is in upper case", in_hex.upper()
            yield "the digest is in base64 instead of hex", in_base64
            yield "the hex digest is written in hex once more", in_hex.encode().hex()
        else:
            yield "the digest is in hex instead of base64", in_hex
            yield "the digest is in hex instead of base64", in_hex.upper()
            yield "the digest is in base64 of the URL-safe alphabet", base64.urlsafe_b64encode(digest).decode()
            yield "the digest is in base64 without its = at the end", in_base64.rstrip("=")
            yield "the digest is in base64 with its letters in lower case", in_base64.lower()
            yield "the digest is in base64 with its last byte lost", base64.b64encode(digest[:-1]).decode()
        yield "the hex digest is written in base64 once more", base64.b64encode(in_hex.encode()).decode()
        for other in ("sha1", "sha256", "sha512"):
            if other != self.algorithm:
                names = (one.upper().replace("SHA", "SHA-") for one in (other, self.algorithm))
                yield " is used instead of ".join(names), self._written(hmac.digest(self.key, text, other))
        yield "text and secret are taken for each other", self._written(hmac.digest(text, self.key, self.algorithm))
        for plain in (self.key + text, text + self.key, text):
            yield "the text is hashed without HMAC", self._written(hashlib.new(self.algorithm, plain).digest())


def mistake_of(
    received: str,
    mac: Mac,
    text: bytes,
    secrets: Iterable[tuple[str, Callable[[], bytes]]],
    texts: Texts[Parts],
    parts: Parts,
) -> str | None:
    """The known mistake that makes `received` where `mac.sign(text)` is right; None when none of them does.

    `secrets` are keys of an HMAC that clients use instead of the right one. Never raises, whatever came.
    """
    if len(text) > diagnosed_most:
        return None
    for sentence, made in mac.slips(text):
        if made == received:
            return sentence
    for sentence, key in secrets:
        try:
            if mac.sign(text, key()) == received:
                return sentence
        except _CANNOT_BE_MADE:
            continue
    return mistake_in_text(texts, parts, lambda candidate: mac.sign(candidate) == received)


def mistake_in_text(texts: Texts[Parts], parts: Parts, fits: Callable[[bytes], bool]) -> str | None:
    """The first of `texts` of which one `fits` the signature that came; None when none does."""
    for sentence, make in texts.items():
        try:
            if any(fits(candidate) for candidate in make(parts)):
                return sentence
        except _CANNOT_BE_MADE:
            continue
    return None


def text_secrets(
    secret: str, others: Iterable[tuple[str, str]], *, encode: Callable[[str], bytes]
) -> Iterator[tuple[str, Callable[[], bytes]]]:
    """What clients take for a secret that is used as the text it is. `others`: a sentence and another secret each."""
    blanks = ("\n", "\r\n", " ", "\t")
    spaced = [secret.strip(), *(secret + blank for blank in blanks), *(blank + secret for blank in blanks)]
    for text in spaced:
        yield "the secret has white space at its ends", lambda text=text: encode(text)  # type: ignore[misc]
    for text in (f'"{secret}"', f"'{secret}'", secret.strip("\"'")):
        yield "the secret stands in quotes", lambda text=text: encode(text)  # type: ignore[misc]
    # The mark as it is, as a file has it that is read in Latin-1, and off a secret that was given with it.
    for text in ("\ufeff" + secret, "\u00ef\u00bb\u00bf" + secret, secret.removeprefix("\ufeff")):
        yield "the secret begins with a byte order mark", lambda text=text: encode(text)  # type: ignore[misc]
    yield "the secret is empty", lambda: b""
    for text in (secret.upper(), secret.lower()):
        yield "the secret is in another case of letters", lambda text=text: encode(text)  # type: ignore[misc]
    yield "the secret is base64-decoded", lambda: base64.b64decode(secret, validate=True)
    yield "the secret is hex-decoded", lambda: bytes.fromhex(secret)
    yield "the secret is base64-encoded", lambda: base64.b64encode(encode(secret))
    for sentence, other in others:
        yield sentence, lambda other=other: encode(other)  # type: ignore[misc]


def other_secrets(api_key: str, secret: str, secrets: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Secrets that are mistaken for a key's own: the key itself, and those of the account's other keys."""
    yield "the API key is used in place of the secret", api_key
    for number, other in enumerate(secrets):
        if other != secret and number < _other_keys_most:
            yield "the secret is that of another key of this account", other
