"""Cases as data: what is given, what is asked, what must come back, and how well that is known.

The files live in `fixtures/<exchange>/*.json`; `fixtures/schema.json` is generated from the types here. Texts have
named holes, written «name»: in what is sent they are filled in, in what comes back they stand for what varies;
«name_upper» is the same in capitals.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec

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

    `foreign` is a withdrawal of another account (the hole «foreign»; that account's credentials are «other_user_id» and
    so on), `foreign_calls` are calls that one made before, with limits where `account` has them. `key`: who asks does
    so with a further key of the account, made with these options; `now_ms`: what the server's clock says. `fresh`: the
    account has done nothing yet.
    """

    account: dict[str, Any] = {}
    withdrawal: dict[str, Any] | None = None
    foreign: dict[str, Any] | None = None
    foreign_calls: list[Call] = []
    events: list[str] = []
    calls: list[Call] = []
    advance_seconds: int = 0
    faults: list[dict[str, Any]] = []
    key: dict[str, Any] | None = None
    now_ms: int | None = None
    fresh: bool = False


class When(Strict):
    """What is asked: an HTTP `call`, or `frames` on a WebSocket at `target` (after login unless told otherwise)."""

    call: Call | None = None
    frames: list[str] | None = None
    target: str = ""
    logged_in: bool = True


class Look(Strict, kw_only=True):
    """A further call and what it must answer: how the outcome is seen. Time or an event may come first."""

    advance_seconds: int = 0
    event: str = ""
    call: Call
    status: int = 200
    body: str


class Then(Strict):
    """What must come back: status, the headers that matter, the exact body; or exactly these frames, in order.

    `lost`: nothing comes back, the connection breaks. `afterwards`: what is seen when one looks.
    """

    status: int = 200
    headers: dict[str, str] = {}
    body: str = ""
    frames: list[str] | None = None
    lost: bool = False
    afterwards: list[Look] = []


class Case(Strict, kw_only=True):
    """One expectation. `disputed_by` names what contradicts it: such a case is shown, not held.

    `hunts` names the client's mistake that a case with an invalid signature makes.
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

    def needs(self) -> frozenset[Ability]:
        """What a target must be able to do for this case to be held against it."""
        given, options = self.given, self.given.account
        events = given.events or any(look.event for look in self.then.afterwards)
        time = given.advance_seconds or any(look.advance_seconds for look in self.then.afterwards)
        calls = (*given.calls, *filter(None, [self.when.call]), *(look.call for look in self.then.afterwards))
        wanted: dict[Ability, object] = {
            "accounts": {name for name in options if name not in ("behavior", "limits")}
            or given.foreign is not None
            or given.foreign_calls
            or given.fresh
            or given.key is not None,
            "behavior": options.get("behavior"),
            "limits": options.get("limits"),
            "withdrawals": given.withdrawal is not None,
            "events": events or (given.withdrawal is not None and "state" in given.withdrawal),
            "time": time,
            "clock": given.now_ms is not None or any(call.after_s for call in calls),
            "faults": given.faults,
            "sockets": self.when.frames is not None,
        }
        return frozenset(ability for ability, wants in wanted.items() if wants)

    def holes(self) -> frozenset[str]:
        """The names of all holes of this case."""
        return frozenset(_hole.findall(msgspec.json.encode(self).decode()))


class CaseFile(Strict, kw_only=True):
    """One file of cases."""

    exchange: Exchange
    cases: list[Case]


class BrokenCase(ValueError):
    """A case file cannot be read or used; the sentence names the file and the place."""


class Unfilled(BrokenCase):
    """Nothing fills the hole `name` of what is sent."""

    def __init__(self, name: str, sentence: str) -> None:
        super().__init__(sentence)
        self.name = name


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


_hole = re.compile("«([a-z_0-9]+)»")

_patterns = {
    "ms": r"[0-9]{13}",
    "s": r"[0-9]{10}",
    "number": r"-?[0-9]+(?:\.[0-9]+)?",
    "text": r'[^"]*',
    "quoted": r'(?:[^"\\]|\\.)*',  # the inside of a JSON text, escapes and all
    "digits": r"[0-9]+",
    "any": r".*",  # what other cases spell out
    "uuid": r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}",
    "iso": r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3}Z",
}


def fill(text: str, values: Mapping[str, str]) -> str:
    """`text` with its holes filled in. Raises Unfilled for a hole that has no value."""

    def value(match: re.Match[str]) -> str:
        name = match.group(1)
        if name not in values and name.removesuffix("_upper") in values:
            return values[name.removesuffix("_upper")].upper()
        if name not in values:
            raise Unfilled(name, f"nothing fills the hole «{name}» in {text!r}; known are {', '.join(sorted(values))}")
        return values[name]

    return _hole.sub(value, text)


def pattern(text: str, values: Mapping[str, str]) -> re.Pattern[str]:
    """What `text` matches: holes with a known value stand for that value, the others for their kind of text."""
    parts = _hole.split(text)
    pieces = []
    for index, part in enumerate(parts):
        if index % 2 == 0:
            pieces.append(re.escape(part))
        elif part in values:
            pieces.append(re.escape(values[part]))
        elif part in _patterns:
            pieces.append(_patterns[part])
        else:
            raise BrokenCase(f"«{part}» in {text!r} is no hole; known are {', '.join(sorted((*values, *_patterns)))}")
    return re.compile("".join(pieces), re.DOTALL)
