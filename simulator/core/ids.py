"""Seeded identifiers: the same seed gives the same bytes, whatever happens to other accounts.

The only place of the project that makes random-looking values. Nothing here is secret.
"""

from __future__ import annotations

import random
import string
import uuid

alphanumeric = string.ascii_letters + string.digits


class Ids:
    """A stream of identifiers for one owner, seeded by (world seed, exchange, owner's name)."""

    def __init__(self, seed: int, *owner: str) -> None:
        self._seed = seed
        self._owner = owner
        self._random = random.Random("/".join((str(seed), *owner)))

    def beside(self, purpose: str) -> Ids:
        """A stream of its own for the same owner, which takes nothing from this one."""
        return Ids(self._seed, *self._owner, purpose)

    def digits(self, length: int) -> str:
        """Decimal digits, the first one not a zero."""
        return str(self._random.randrange(10 ** (length - 1), 10**length))

    def hex(self, length: int) -> str:
        """Lower-case hex digits."""
        return self.text(length, "0123456789abcdef")

    def text(self, length: int, alphabet: str = alphanumeric) -> str:
        """Characters of `alphabet`."""
        return "".join(self._random.choices(alphabet, k=length))

    def chance(self, share: float) -> bool:
        """True for that share of the calls, in the long run."""
        return self._random.random() < share

    def data(self, length: int) -> bytes:
        """Random bytes, for keys that are shown in base64."""
        return self._random.randbytes(length)

    def uuid(self) -> str:
        """A lower-case random UUID (version 4)."""
        return str(uuid.UUID(bytes=self.data(16), version=4))
