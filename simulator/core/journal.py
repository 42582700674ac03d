"""The journal: what was asked, what was answered, and why. Bounded; the oldest entries go first.

Every account has one, and every exchange has one for what belongs to nobody (unknown key, unknown route, public calls).
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import AnyStr, Protocol

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


class Beginning(Protocol):
    """Gives the first `most` letters or bytes of a text of an entry, or what is to be shown in their place.

    A text that `is_told` is a sentence of ours or of an exchange, which quotes what came, maybe in part.
    """

    def __call__(self, text: AnyStr, most: int, is_told: bool = False) -> AnyStr: ...


def texts(entry: Entry) -> Iterator[str | bytes]:
    """Every text of an entry that a client can choose or make the exchange echo, as far as it may come to be kept."""
    request, refused = entry.request, entry.refused
    if isinstance(request, Frame):
        yield from (request.text[: 2 * text_limit], request.target)
    else:
        yield from (request.method, request.target[: 2 * text_limit], request.body[: 2 * text_limit])
        yield from (part for pair in request.headers for part in pair)
    for reply in (entry.reply, entry.sent):
        if isinstance(reply, Reply):
            yield reply.body[: 2 * text_limit]  # in a header no exchange echoes anything
        elif reply is not None:
            yield from (frame[: 2 * text_limit] for frame in reply)
    yield from (frame[: 2 * text_limit] for frame in entry.frames)
    if refused is not None:
        yield refused.because[: 2 * text_limit]
        if (diagnosis := refused.diagnosis) is not None:
            yield from (diagnosis.signed[: 2 * text_limit], diagnosis.expected, diagnosis.received[: 2 * text_limit])
    yield from entry.unread
    yield from (miss.why for miss in entry.near_misses)
    yield from (change.reason for change in entry.changes)


def rewritten(entry: Entry, beginning: Beginning) -> Entry:
    """An entry with no more than `text_limit` of each of its texts, as `beginning` gives them."""
    request, refused, sent = entry.request, entry.refused, entry.sent
    if isinstance(request, Frame):
        request = replace(
            request, text=beginning(request.text, text_limit), target=beginning(request.target, text_limit)
        )
    else:
        request = replace(
            request,
            method=beginning(request.method, text_limit),
            target=beginning(request.target, text_limit),
            headers=_fitting(request.headers, beginning),
            body=beginning(request.body, text_limit),
        )
    if refused is not None:
        because, diagnosis = beginning(refused.because, text_limit, is_told=True), _explained(refused, beginning)
        refused = replace(refused, because=because, diagnosis=diagnosis)
    return replace(
        entry,
        request=request,
        reply=entry.reply and _reply(entry.reply, beginning),
        frames=_frames(entry.frames, beginning),
        sent=_reply(sent, beginning) if isinstance(sent, Reply) else sent and _frames(sent, beginning),
        refused=refused,
        unread=_frames(entry.unread, beginning),
        near_misses=tuple(
            replace(miss, why=beginning(miss.why, text_limit, is_told=True)) for miss in entry.near_misses
        ),
        changes=tuple(replace(change, reason=beginning(change.reason, text_limit)) for change in entry.changes),
        cut=entry.cut or _is_long(entry),
    )


def _is_long(entry: Entry) -> bool:
    headers = () if isinstance(entry.request, Frame) else entry.request.headers
    in_headers = sum(len(name) + len(value) for name, value in headers)
    return in_headers > text_limit or any(len(text) > text_limit for text in texts(entry))


def _shortened(entry: Entry) -> Entry:
    """`entry` with no more than `text_limit` of each text that a client can make long, or make the exchange echo."""
    return entry if _length(entry) <= text_limit else rewritten(entry, _first)


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


def _first(text: AnyStr, most: int, is_told: bool = False) -> AnyStr:
    return text[:most]


def _reply(reply: Reply, beginning: Beginning) -> Reply:
    return replace(reply, body=beginning(reply.body, text_limit))


def _frames(frames: tuple[str, ...], beginning: Beginning) -> tuple[str, ...]:
    return tuple(beginning(frame, text_limit) for frame in frames)


def _explained(refused: Refused, beginning: Beginning) -> Diagnosis | None:
    if (diagnosis := refused.diagnosis) is None:
        return None
    parts = {name: beginning(getattr(diagnosis, name), text_limit) for name in ("signed", "expected", "received")}
    return replace(diagnosis, **parts)


def _fitting(headers: tuple[tuple[str, str], ...], beginning: Beginning) -> tuple[tuple[str, str], ...]:
    """The first headers that together stay within `text_limit`."""
    room, fitting = text_limit, []
    for name, value in headers:
        room -= len(name) + len(value)
        if room < 0:
            break
        fitting.append((beginning(name, text_limit), beginning(value, text_limit)))
    return tuple(fitting)


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
        kept = _shortened(entry)
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
