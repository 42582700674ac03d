"""Seeded identifiers: the same seed gives the same bytes, whatever happens to other accounts.

The only place of the project that makes random-looking values. Nothing here is secret.
"""

from __future__ import annotations

import base64
import binascii
import random
import string
import struct
import uuid
from dataclasses import dataclass

from simulator.core.misuse import Misuse, shown

alphanumeric = string.ascii_letters + string.digits


_words = struct.Struct("<625I")
"""The state of Python's generator: 624 words and the position in them."""


@dataclass(frozen=True, slots=True)
class StreamState:
    """Where a stream stands. `position` is the generator's state in base64, None for a stream that is at its start."""

    seed: int
    owner: tuple[str, ...]
    position: str | None = None


class Ids:
    """A stream of identifiers for one owner, seeded by (world seed, exchange, owner's name)."""

    def __init__(self, seed: int, *owner: str) -> None:
        self._seed = seed
        self._owner = owner
        self._random = random.Random("/".join((str(seed), *owner)))

    def beside(self, *purpose: str) -> Ids:
        """A stream of its own for the same owner, which takes nothing from this one."""
        return Ids(self._seed, *self._owner, *purpose)

    @property
    def state(self) -> StreamState:
        """Where this stream stands, for a snapshot."""
        _, words, _ = self._random.getstate()
        if words == Ids(self._seed, *self._owner)._random.getstate()[1]:
            return StreamState(self._seed, self._owner)
        return StreamState(self._seed, self._owner, base64.b64encode(_words.pack(*words)).decode("ascii"))

    @classmethod
    def at(cls, state: StreamState) -> Ids:
        """The stream that stood there. Raises Misuse when `position` is none of a generator."""
        try:
            ids = cls(state.seed, *state.owner)
        except UnicodeEncodeError:
            raise Misuse("a stream belongs to a name that has half of a surrogate pair") from None
        if state.position is not None:
            try:
                words = _words.unpack(base64.b64decode(state.position, validate=True))
                if not any(words[:-1]):
                    raise ValueError("a generator of zeros draws nothing but zeros")
                ids._random.setstate((ids._random.VERSION, words, None))
            except (binascii.Error, struct.error, ValueError):
                raise Misuse(
                    f"the position of the stream {shown('/'.join(state.owner))} is none of a generator"
                ) from None
        return ids

    def digits(self, length: int) -> str:
        """Decimal digits, the first one not a zero."""
        return str(self._random.randrange(10 ** (length - 1), 10**length))

    def hex(self, length: int) -> str:
        """Lower-case hex digits."""
        return self.data((length + 1) // 2).hex()[:length]

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
