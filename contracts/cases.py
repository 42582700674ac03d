"""Cases as data: what is given, what is asked, what must come back, and how well that is known.

The files live in `fixtures/<exchange>/*.json`; `fixtures/schema.json` is generated from the types here. Texts have
named holes (`contracts.holes`).
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec

from contracts import holes
from contracts.holes import BrokenCase
from contracts.targets import Ability
from contracts.wire import Exchange

Evidence = Literal["doc", "sdk", "wild", "inferred", "unknown"]
Name = Annotated[str, msgspec.Meta(pattern=r"^[a-z][a-z0-9_]*$")]
Identifier = Annotated[str, msgspec.Meta(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]


class Strict(msgspec.Struct, forbid_unknown_fields=True):
    """The root of all case types."""


class Call(Strict):
    """An HTTP request. `signed`: "right"; "wrong" with another secret; "not" at all; else a mistake or variant of the
    dialect.

    `offset_ms` is how far the client's clock is from the server's. `changed` are headers as the way changed them behind
    the signing; null: lost. `times`: among `given.calls` it is made so often. The server's clock goes on by `after_s`
    before it. `keeps` fills holes with what is answered: the name of a hole, and that of a member of the JSON object.
    """

    method: Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z]+$")]
    target: str
    headers: dict[str, str] = {}
    body: str = ""
    signed: str = "right"
    offset_ms: int = 0
    changed: dict[str, str | None] = {}
    times: Annotated[int, msgspec.Meta(ge=1)] = 1
    after_s: int = 0
    keeps: dict[Name, str] = {}


class Given(Strict):
    """An account with `account` options, a `withdrawal` of it, `events` of that, time, and `calls` made before.

    `foreign` is a withdrawal of another account, made with the options `other` (the hole «foreign»; that account's
    credentials are «other_user_id» and so on), and `foreign_calls` are calls that one made before; `key`: a further key
    of the account, made with these options, which then asks unless `when` says who does; `now_ms`: what the server's
    clock says. `fresh`: the account has done nothing yet.
    """

    account: dict[str, Any] = {}
    withdrawal: dict[str, Any] | None = None
    foreign: dict[str, Any] | None = None
    other: dict[str, Any] | None = None
    foreign_calls: list[Call] = []
    events: list[str] = []
    calls: list[Call] = []
    advance_seconds: int = 0
    faults: list[dict[str, Any]] = []
    key: dict[str, Any] | None = None
    now_ms: int | None = None
    fresh: bool = False


class When(Strict):
    """What is asked: an HTTP `call`, or `frames` on a WebSocket at `target` (after login unless told otherwise).

    `by`: who asks: the "other" account, or the "account" with its first key although there is a further one.
    """

    call: Call | None = None
    frames: list[str] | None = None
    target: str = ""
    logged_in: bool = True
    by: Literal["", "account", "other"] = ""


class Look(Strict, kw_only=True):
    """A further call and what it must answer: how the outcome is seen. Time or an event may come first."""

    advance_seconds: int = 0
    event: str = ""
    call: Call
    status: int = 200
    body: str


class Meanwhile(Strict, kw_only=True):
    """Something that happens while the socket of `when` is open, and what has come on it when that is done: exactly
    these `frames`, in order. No frames: nothing comes.

    One of: a `call` of whom `by` says (default: who asks), answered with `status` and `body` or not at all (`lost`),
    which may have made the withdrawal «made» (`makes`); an `event` of `withdrawal`, which is "foreign" if it is the
    other account's; a withdrawal that is `made` with these options, the hole «made»; frames that are sent on this
    socket (`says`, each time of so many `times`), or on a fresh one (`elsewhere`, where `answers` come back); time that
    goes on, for the account (`advance_seconds`) or on the server's clock (`after_s`); the end of the account (`ends`).
    Of several, time comes first. `closed`: close code and reason with which the server ends the socket then.
    """

    call: Call | None = None
    by: Literal["", "account", "other"] = ""
    status: int = 200
    body: str = "«any»"
    lost: bool = False
    makes: bool = False
    event: str = ""
    withdrawal: Name = "withdrawal"
    made: dict[str, Any] | None = None
    says: list[str] = []
    times: Annotated[int, msgspec.Meta(ge=1)] = 1
    elsewhere: list[str] = []
    logged_in: bool = True
    answers: list[str] = []
    advance_seconds: int = 0
    after_s: int = 0
    ends: bool = False
    frames: list[str] = []
    closed: str = ""


class Then(Strict):
    """What must come back: status, the headers that matter, the exact body; or exactly these frames, in order.

    `lost`: nothing comes back, the connection breaks; `closed`: close code and reason with which the server ends the
    socket. `meanwhile`: what happens on the socket from then on. `afterwards`: what is seen when one looks. `acts`:
    although it refuses something is done, which `afterwards` shows; without it no call that is refused may leave a
    trace.
    """

    status: int = 200
    headers: dict[str, str] = {}
    body: str = ""
    frames: list[str] | None = None
    lost: bool = False
    acts: bool = False
    closed: str = ""
    meanwhile: list[Meanwhile] = []
    afterwards: list[Look] = []


class Case(Strict, kw_only=True):
    """One expectation. `disputed_by` names what contradicts it: such a case is shown, not held.

    `hunts` names the client's mistake that a case with an invalid signature makes. `undecided` says why an answer that
    is right confirms nothing: the case is then counted as skipped, and fails as any other one.
    """

    id: Identifier
    description: Annotated[str, msgspec.Meta(min_length=20, pattern=r"\.$")]
    source: Annotated[str, msgspec.Meta(min_length=8)]
    evidence: Evidence
    harmless_on_a_live_account: bool
    given: Given = msgspec.field(default_factory=Given)
    when: When
    then: Then
    disputed_by: str | None = None
    hunts: str | None = None
    undecided: str | None = None

    def needs(self) -> frozenset[Ability]:
        """What a target must be able to do for this case to be held against it."""
        given, then, options = self.given, self.then, self.given.account
        looks: tuple[Meanwhile | Look, ...] = (*then.meanwhile, *then.afterwards)
        calls = (*given.calls, *filter(None, (self.when.call, *(look.call for look in looks))))
        clock = any(call.after_s for call in calls) or any(one.after_s for one in then.meanwhile)
        wanted: dict[Ability, object] = {
            "accounts": {name for name in options if name not in ("behavior", "limits")}
            or given.foreign is not None
            or given.other is not None
            or given.foreign_calls
            or given.fresh
            or given.key is not None
            or any(one.ends or one.made is not None for one in then.meanwhile),
            "behavior": options.get("behavior"),
            "limits": options.get("limits"),
            "withdrawals": given.withdrawal is not None,
            "events": given.events
            or any(one.event for one in looks)
            or (given.withdrawal is not None and "state" in given.withdrawal),
            "time": given.advance_seconds or any(one.advance_seconds for one in looks),
            "clock": given.now_ms is not None or clock,
            "faults": given.faults,
            "sockets": self.when.frames is not None,
        }
        return frozenset(ability for ability, wants in wanted.items() if wants)

    def holes(self) -> frozenset[str]:
        """The names of all holes of this case."""
        return holes.names(msgspec.json.encode(self).decode())


class CaseFile(Strict, kw_only=True):
    """One file of cases."""

    exchange: Exchange
    cases: list[Case]


def schema() -> dict[str, Any]:
    """The JSON schema of a case file."""
    return msgspec.json.schema(CaseFile)


precedence_files = "precedence*.json"
"""The files of an exchange that hold rules in their order instead of cases (`contracts.precedence`)."""


def fixtures() -> Path:
    """Where the cases are: inside the installed package, else in the checkout."""
    installed = Path(__file__).parent / "_fixtures"
    return installed if installed.is_dir() else Path(__file__).parent.parent / "fixtures"


def load(exchange: str | None = None, root: Path | None = None) -> Iterator[tuple[str, Case]]:
    """(exchange, case) for every case of an exchange, or of all. Raises BrokenCase."""
    for _, file in files(exchange, root):
        for case in file.cases:
            yield file.exchange, case


def files(exchange: str | None = None, root: Path | None = None) -> Iterator[tuple[str, CaseFile]]:
    """(name, file) for every file of cases; the name is such as bybit/cancel.json. Raises BrokenCase."""
    folder = root or fixtures()
    for path in sorted(folder.glob(f"{exchange or '*'}/*.json")):
        if path.match(precedence_files):
            continue
        try:
            file = msgspec.json.decode(path.read_bytes(), type=CaseFile)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise BrokenCase(f"{path.parent.name}/{path.name}: {error}") from None
        yield f"{path.parent.name}/{path.name}", file
