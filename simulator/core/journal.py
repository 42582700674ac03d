"""The journal: what was asked, what was answered, and why. Bounded; the oldest entries go first.

Every account has one, and every exchange has one for what belongs to nobody (unknown key, unknown route, public calls).
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from simulator.core.book import Change
from simulator.core.diagnosis import Diagnosis
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


text_limit = 16 * 1024
"""The most that is kept of one turn's body, frame, reply or explanation, and of its headers together; a full journal of
the longest texts stays below 100 MB."""


def _shortened(entry: Entry) -> Entry:
    """`entry` with no more than `text_limit` of each text that a client can make long, or make the exchange echo."""
    return entry if _length(entry) <= text_limit else _cut(entry)


def _length(entry: Entry) -> int:
    """How long all texts of an entry are together: nearly every one is so short that nothing is to be copied."""
    request, reply, refused = entry.request, entry.reply, entry.refused
    if isinstance(request, Frame):
        length = len(request.text)
    else:
        length = len(request.target) + len(request.body)
        for name, value in request.headers:
            length += len(name) + len(value)
    if reply is not None:
        length += len(reply.body)
    if refused is not None:
        length += len(refused.because)
        if refused.diagnosis is not None:
            length += len(refused.diagnosis.signed) + len(refused.diagnosis.received)
    for frame in entry.frames:
        length += len(frame)
    return length


def _cut(entry: Entry) -> Entry:
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
        refused = replace(refused, because=refused.because[:text_limit], diagnosis=_bounded(refused.diagnosis))
    frames, sent = _bounded_frames(entry.frames), entry.sent
    if sent is not None:
        sent = replace(sent, body=sent.body[:text_limit]) if isinstance(sent, Reply) else _bounded_frames(sent)
    kept = replace(entry, request=request, reply=reply, refused=refused, frames=frames, sent=sent)
    return entry if kept == entry else replace(kept, cut=True)


def _bounded_frames(frames: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(frame[:text_limit] for frame in frames)


def _bounded(diagnosis: Diagnosis | None) -> Diagnosis | None:
    if diagnosis is None:
        return None
    return replace(diagnosis, signed=diagnosis.signed[:text_limit], received=diagnosis.received[:text_limit])


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

    def add(self, entry: Entry) -> None:
        """Keep an entry; the oldest one leaves a full journal."""
        self._entries.append(_shortened(entry))


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
