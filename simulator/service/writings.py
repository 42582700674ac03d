"""How a secret is written where clients put it: as it is, escaped for a URL or in JSON, in base64, in hex.

Pure functions over texts; knows no account. A text has a letter for each of its bytes here (as Latin-1 reads them), so
that a body that is no UTF-8 is a text too. Escapes are not looked for: a text is read with them and without.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

_encoded_from = 4
"""Bytes of the shortest secret that is known in base64 and hex: of shorter ones too much else looks like them."""

_nested_most = 3
"""How often a text is read without escapes: JSON inside JSON inside a form, %25252B."""


class Needle(NamedTuple):
    """A writing of a secret, as `folded` has it; `plain` is the secret itself where it stands as it is.

    One in base64 may share a letter with what stands before it and, when it `is_open`, with what comes behind it or
    with a padding.
    """

    text: str
    secret: str
    plain: str = ""
    is_behind: bool = False
    is_open: bool = False

    def is_at(self, text: str, at: int) -> bool:
        """True if it stands at a place where `folded` has it: a secret is no other one with - for its blanks."""
        return not self.plain or text[at : at + len(self.plain)].replace("+", " ") == self.plain


def lettered(text: str | bytes) -> str:
    """A text with a letter for each of its bytes."""
    if isinstance(text, bytes):
        return text.decode("latin-1")
    return text if text.isascii() else text.encode("utf-8", "surrogatepass").decode("latin-1")


def folded(text: str) -> str:
    """A text of the same length in which a form's + is a blank, and both alphabets of base64 are one."""
    return text.replace("+", " ").replace("-", " ").replace("_", "/")


def needles(secret: str) -> Iterator[Needle]:
    """All that is looked for, for a secret; for an empty one nothing. None is twice there."""
    if not secret:
        return
    plain = lettered(secret)
    yield Needle(folded(plain), secret, plain.replace("+", " "))
    for raw in dict.fromkeys((secret.encode("utf-8", "surrogatepass"), _decoded(secret))):
        if len(raw) >= _encoded_from:
            for before in range(3):
                letters = base64.b64encode(bytes(before) + raw).decode()
                whole = letters[-(-before * 8 // 6) : (before + len(raw)) * 8 // 6]
                yield Needle(folded(whole), secret, "", before > 0, (before + len(raw)) % 3 > 0)
            for digits in dict.fromkeys((raw.hex(), raw.hex().upper())):
                yield Needle(digits, secret)


def _decoded(secret: str) -> bytes:
    """The bytes of a secret that is base64, as Kraken's are: clients write them with and without = and URL-safe."""
    try:
        return base64.b64decode(secret, validate=True)
    except ValueError:
        return b""


_PERCENT = re.compile("%[0-9A-Fa-f]{2}")
_BACKSLASH = re.compile(
    r"\\(?:[\"'\\/nrtbf]|x[0-9A-Fa-f]{2}|u[dD][89abAB][0-9A-Fa-f]{2}\\u[dD][c-fC-F][0-9A-Fa-f]{2}|u[0-9A-Fa-f]{4})"
)
_SHORT = {"n": "\n", "r": "\r", "t": "\t", "b": "\b", "f": "\f"}
Escapes = tuple[re.Pattern[str], ...]
"""The kinds of escapes that were read, outermost first."""


def readings(text: str) -> Iterator[tuple[str, Escapes]]:
    """A text as it is, and as it reads when its escapes, and those that stand in what they mean, are undone."""
    yield text, ()
    if "%" not in text and "\\" not in text:
        return
    seen, outer = {text}, [(text, ())]
    for _ in range(_nested_most):
        inner: list[tuple[str, Escapes]] = []
        for before, escapes in outer:
            for sign, kind in (("%", _PERCENT), ("\\", _BACKSLASH)):
                if sign in before and (read := kind.sub(_meant, before)) not in seen:
                    seen.add(read)
                    inner.append((read, (*escapes, kind)))
        yield from inner
        outer = inner  # type: ignore[assignment]


def places(text: str, escapes: Escapes) -> tuple[Sequence[int], Sequence[int]]:
    """Where each letter of a reading begins in the text that was read, and where it ends."""
    begins: Sequence[int] = range(len(text))
    ends: Sequence[int] = range(1, len(text) + 1)
    for kind in escapes:
        outer, at = (begins, ends), 0
        begins, ends = [], []
        for found in kind.finditer(text):
            letters = len(_meant(found))
            begins += [*outer[0][at : found.start()], *[outer[0][found.start()]] * letters]
            ends += [*outer[1][at : found.start()], *[outer[1][found.end() - 1]] * letters]
            at = found.end()
        begins += outer[0][at:]
        ends += outer[1][at:]
        text = kind.sub(_meant, text)
    return begins, ends


def _meant(found: re.Match[str]) -> str:
    return _letters(found[0])


@lru_cache(maxsize=1024)
def _letters(escape: str) -> str:
    """What an escape means, a letter for each byte."""
    if escape[0] == "%" or escape[1] == "x":
        return chr(int(escape[-2:], 16))
    if escape[1] == "u":
        units = bytes.fromhex(escape.replace("\\u", ""))
        return lettered(units.decode("utf-16-be", "surrogatepass"))
    return _SHORT.get(escape[1], escape[1])
