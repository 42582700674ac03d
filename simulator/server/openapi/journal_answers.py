"""The documents of the journal, as types: what `service/views.py` makes of its entries, described for readers."""

from __future__ import annotations

from typing import Annotated, Any

from msgspec import Meta, field

from simulator.server.openapi.answers import Answer, Id, Ms

Headers = list[tuple[str, str]]


class HttpAsked(Answer):
    """A request as it arrived."""

    method: str
    target: str
    headers: Headers
    body: str
    peer: str


class FrameAsked(Answer):
    """A WebSocket frame as it arrived."""

    frame: str
    target: str
    peer: str


class HttpAnswered(Answer):
    """The reply, also one that a fault kept from the client."""

    status: int
    headers: Headers
    body: str


class FramesAnswered(Answer):
    """The frames that answered a frame."""

    frames: list[str]


class Diagnosis(Answer):
    """A wrong signature, explained: the text that the server signed, both signatures, and the mistake that makes the
    received one (null when no known one does).
    """

    signed: str
    expected: str
    received: str
    mistake: str | None


class Refused(Answer):
    """Why a call was refused: the condition that said no, its check in words, the error row that answered, and the
    explanation.
    """

    condition: str
    check: str
    row: str
    because: str
    diagnosis: Annotated[Diagnosis | None, Meta(description="Of a wrong signature.")]


class NearMiss(Answer):
    """An endpoint that a request nearly asked for, and `why` it does not fit."""

    exchange: str
    endpoint: str
    method: str
    path: str
    why: str


class Change(Answer):
    """A withdrawal changed its state; `from` is "" when it was created."""

    account: Id
    withdrawal: str
    source: str = field(name="from")
    to: str
    event: str
    at_ms: Ms
    reason: str


def _either(*names: str) -> Meta:
    """One of several types that no tag tells apart, which msgspec cannot say."""
    return Meta(extra_json_schema={"anyOf": [{"$ref": f"#/components/schemas/{name}"} for name in names]})


_ANSWERS = [{"$ref": f"#/components/schemas/{name}"} for name in ("HttpAnswered", "FramesAnswered")]
_sent = Meta(
    description="What the client was sent instead of `reply` because of a fault; null: nothing else.",
    extra_json_schema={"anyOf": [*_ANSWERS, {"type": "null"}]},
)

UNTAGGED = (HttpAsked, FrameAsked, HttpAnswered, FramesAnswered)


class Entry(Answer):
    """One turn: what was asked, what was answered, and why."""

    number: int
    at_ms: Annotated[int, Meta(description="Milliseconds since 1970, server clock.")]
    endpoint: Annotated[
        str,
        Meta(
            description='The common word for what was called; "" for an unknown route, `push` for a pushed frame that '
            "a fault kept from its client (nothing was asked then, and `reply` has the frame)."
        ),
    ]
    request: Annotated[Any, _either("HttpAsked", "FrameAsked")]
    reply: Annotated[Any, _either("HttpAnswered", "FramesAnswered")]
    sent: Annotated[Any, _sent]
    refused: Refused | None
    unread: Annotated[list[str], Meta(description="What the client sent and nothing read.")]
    near_misses: Annotated[list[NearMiss], Meta(description="Endpoints that a request without one nearly asked for.")]
    changes: list[Change]
    fault: Annotated[str | None, Meta(description="The kind of the fault that happened.")]
    cut: Annotated[bool, Meta(description="True when of a long text only the beginning was kept.")]


class Journal(Answer):
    """The journal, newest last; `dropped` counts the entries that its bound pushed out, `count` all that there ever
    were, which is the number of the newest.
    """

    entries: list[Entry]
    dropped: int
    count: int
