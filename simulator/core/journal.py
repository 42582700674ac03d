"""The journal: what was asked, what was answered, and why. Bounded; the oldest entries go first.

Every account has one, and every exchange has one for what belongs to nobody (unknown key, unknown route, public calls).
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass

from simulator.core.book import Change
from simulator.core.message import Frame, Reply, Request


@dataclass(frozen=True, slots=True)
class Refused:
    """Why a call was refused: the condition (the check that said no), the row that answered, and the explanation."""

    condition: str
    row: str
    because: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One turn. Exactly one of `reply` and `frames` is used; `reply` stays what was lost when a fault lost it."""

    number: int
    at_ms: int
    endpoint: str
    request: Request | Frame
    reply: Reply | None
    frames: tuple[str, ...] = ()
    refused: Refused | None = None
    changes: tuple[Change, ...] = ()
    fault: str | None = None


class Journal:
    """A ring of entries, newest last. `dropped` counts those that the bound pushed out."""

    def __init__(self, length: int = 1000) -> None:
        self._entries: deque[Entry] = deque(maxlen=length)
        self._count = 0

    def __iter__(self) -> Iterator[Entry]:
        return iter(tuple(self._entries))

    def __len__(self) -> int:
        return len(self._entries)

    @property
    def dropped(self) -> int:
        return self._count - len(self._entries)

    def next_number(self) -> int:
        self._count += 1
        return self._count

    def add(self, entry: Entry) -> None:
        self._entries.append(entry)
