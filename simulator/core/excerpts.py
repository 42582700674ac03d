"""What a journal keeps of the texts of an entry: all that are short, of a long one the beginning.

Knows which texts an entry has. What takes the place of a beginning (a secret is masked, say), who asks for it decides.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, AnyStr, Protocol

from simulator.core.diagnosis import Diagnosis
from simulator.core.message import Frame, Reply

if TYPE_CHECKING:
    from simulator.core.journal import Entry, Refused

text_limit = 16 * 1024
"""The most that is kept of one turn's body, frame, reply or explanation, and of its headers together; a full journal of
the longest texts stays below 100 MB."""


class Beginning(Protocol):
    """Gives the first `most` letters or bytes of a text of an entry, or what is to be shown in their place.

    A text that `is_told` is a sentence of ours or of an exchange, which quotes what came, maybe in part; or half a
    body.
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
        sent=_reply(sent, beginning, is_told=True) if isinstance(sent, Reply) else sent and _frames(sent, beginning),
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


def shortened(entry: Entry) -> Entry:
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


def _reply(reply: Reply, beginning: Beginning, *, is_told: bool = False) -> Reply:
    return replace(reply, body=beginning(reply.body, text_limit, is_told=is_told))


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
