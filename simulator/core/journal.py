"""The journal: what was asked, what was answered, and why. Bounded; the oldest entries go first.

Every account has one, and every exchange has one for what belongs to nobody (unknown key, unknown route, public calls).
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from simulator.core.book import Change
from simulator.core.diagnosis import Diagnosis
from simulator.core.excerpts import shortened
from simulator.core.message import Frame, Reply, Request
from simulator.core.misuse import Misuse, NotThere, did_you_mean, shown
from simulator.core.near_misses import NearMiss


@dataclass(frozen=True, slots=True)
class Refused:
    """Why a call was refused.

    `condition` is the name of the check that said no and `check` what it found, in words; `row` is the name of the
    error row that answered; `because` says what was expected and what came; `diagnosis` explains a wrong signature.
    """

    condition: str
    row: str
    because: str
    check: str = ""
    diagnosis: Diagnosis | None = None


PUSH = "push"
"""The endpoint of an entry that is no turn: a frame that was pushed to a client, which a fault kept from it."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One turn. Exactly one of `reply` and `frames` is used; they stay what the exchange answered when a fault lost or
    changed it. `sent` is what the client was sent instead (None: nothing else): a reply, in half or another one, or
    frames.

    `number` counts from 1 in each journal, `at_ms` is the server clock in ms since 1970, `endpoint` the common word for
    what was asked ("" when no endpoint was). `unread` are parameters that the client sent and nothing looked at (names
    of the outermost object or the query); `near_misses` the endpoints that a request without one nearly asked for.
    A pushed frame that a fault lost has an entry too: its endpoint is `push`, `frames` has it, and nothing was asked.
    Of what is longer than `excerpts.text_limit` only the beginning is kept; `cut` says so.
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
    sent: Reply | tuple[str, ...] | None = None
    unread: tuple[str, ...] = ()
    near_misses: tuple[NearMiss, ...] = ()
    cut: bool = False

    def __repr__(self) -> str:
        """What a failing assertion shows: a line without bodies, headers and explanations, which may hold secrets."""
        request, reply = self.request, self.reply
        asked = "a frame on" if isinstance(request, Frame) else request.method
        told = [f"{self.number} {self.endpoint or '(no endpoint)'}: {asked} {request.target.partition('?')[0][:200]}"]
        told.append(f"-> {len(self.frames)} frames" if reply is None else f"-> {reply.status}")
        if self.refused is not None:
            told.append(f"{self.refused.row} ({self.refused.condition})")
        told += [f"{change.withdrawal} {change.source or '(new)'}->{change.target}" for change in self.changes]
        told += [f"unread {', '.join(self.unread)}"] if self.unread else []
        told += [f"fault {self.fault}"] if self.fault else []
        return f"<Entry {' '.join(told)}>"


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
    def count(self) -> int:
        """How many entries there ever were: the number of the newest."""
        return self._count

    @property
    def dropped(self) -> int:
        """How many entries the bound has pushed out."""
        return self._count - len(self._entries)

    def next_number(self) -> int:
        """The number of the entry that is about to be written, from 1 on."""
        self._count += 1
        return self._count

    def add(self, entry: Entry) -> Entry:
        """Keep an entry, shortened where it is long, and return it so; the oldest one leaves a full journal."""
        kept = shortened(entry)
        self._entries.append(kept)
        return kept


def of_endpoint(entries: Iterable[Entry], endpoint: str | None, known: Iterable[str]) -> list[Entry]:
    """The entries of one endpoint, oldest first; for None all that was asked, and for `push` the pushes that were lost.

    Raises Misuse for a name that is neither in `known` nor in an entry: a count of 0 would prove nothing.
    """
    found = [entry for entry in entries if endpoint == entry.endpoint or (endpoint is None and entry.endpoint != PUSH)]
    names = {*known, PUSH}
    if endpoint is not None and not found and endpoint not in names:
        raise Misuse(f"there is no endpoint {shown(endpoint)}; {did_you_mean(endpoint, names)}")
    return found


def newest(entries: Sequence[Entry], account: str, endpoint: str | None) -> Entry:
    """The last of `entries`. Raises NotThere when there are none."""
    if not entries:
        raise NotThere(f"the account {account!r} was not asked {f'for {endpoint!r}' if endpoint else 'anything'} yet")
    return entries[-1]
