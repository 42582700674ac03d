"""The journal: what was asked, what was answered, and why. Bounded; the oldest entries go first.

Every account has one, and every exchange has one for what belongs to nobody (unknown key, unknown route, public calls).
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, replace

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
    """One turn. Exactly one of `reply` and `frames` is used; `reply` stays what was lost when a fault lost it.

    Of what is longer than `text_limit` only the beginning is kept; `cut` says so.
    """

    number: int
    at_ms: int
    endpoint: str
    request: Request | Frame
    reply: Reply | None
    frames: tuple[str, ...] = ()
    refused: Refused | None = None
    changes: tuple[Change, ...] = ()
    fault: str | None = None
    cut: bool = False


text_limit = 16 * 1024
"""The most that is kept of one turn's body, frame, reply or explanation, and of its headers together; a full journal of
the longest texts stays below 100 MB."""


def _shortened(entry: Entry) -> Entry:
    """`entry` with no more than `text_limit` of each text that a client can make long, or make the exchange echo."""
    request, reply, refused = entry.request, entry.reply, entry.refused
    if isinstance(request, Frame):
        request = replace(request, text=request.text[:text_limit])
    else:
        request = replace(
            request,
            target=request.target[:text_limit],
            headers=_fitting(request.headers),
            body=request.body[:text_limit],
        )
    if reply is not None:
        reply = replace(reply, body=reply.body[:text_limit])
    if refused is not None:
        refused = replace(refused, because=refused.because[:text_limit])
    frames = tuple(frame[:text_limit] for frame in entry.frames)
    kept = replace(entry, request=request, reply=reply, refused=refused, frames=frames)
    return entry if kept == entry else replace(kept, cut=True)


def _fitting(headers: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str], ...]:
    """The first headers that together stay within `text_limit`."""
    room = text_limit
    for number, (name, value) in enumerate(headers):
        room -= len(name) + len(value)
        if room < 0:
            return headers[:number]
    return headers


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
        """How many entries the bound has pushed out."""
        return self._count - len(self._entries)

    def next_number(self) -> int:
        """The number of the entry that is about to be written, from 1 on."""
        self._count += 1
        return self._count

    def add(self, entry: Entry) -> None:
        """Keep an entry; the oldest one leaves a full journal."""
        self._entries.append(_shortened(entry))
