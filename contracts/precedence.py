"""The order of a gateway's checks as data: rules, each a way to break a good request, in the order in which they win.

`fixtures/<exchange>/precedence*.json` hold them. For every two rules that can be broken together, both are broken, and
the answer must be that of the earlier one. Two rules cannot be broken together when they change the same thing.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from itertools import combinations, product
from pathlib import Path
from typing import Annotated, Any

import msgspec

from contracts.cases import (
    Call,
    Case,
    Evidence,
    Given,
    Identifier,
    Then,
    When,
    fixtures,
    precedence_files,
)
from contracts.holes import BrokenCase
from contracts.wire import Exchange


class Breaks(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """What a rule changes of the good case. Everything that it changes is a slot that no other rule may change then.

    `fields` are set in the body (null: left away), which must be JSON for it; `form` the same in a body that is a form.
    `headers` are set before signing, `changed` behind it; `behavior` are settings of the account.
    `wrapper` is a text around the body, which stands in it, as JSON text, for the hole «body»; `frame` is the text of
    the frame (`RuleFile.frame`). The rest replace what the good case has.
    """

    method: str | None = None
    target: str | None = None
    headers: dict[str, str] = {}
    changed: dict[str, str | None] = {}
    body: str | None = None
    fields: dict[str, Any] = {}
    form: dict[str, str | None] = {}
    signed: str | None = None
    offset_ms: int | None = None
    after_s: int | None = None
    wrapper: str | None = None
    frame: str | None = None
    logged_in: bool | None = None
    account: dict[str, Any] = {}
    behavior: dict[str, Any] = {}
    key: dict[str, Any] = {}
    withdrawal: dict[str, Any] = {}
    foreign: dict[str, Any] | None = None
    calls: list[Call] = []
    advance_seconds: int | None = None

    def slots(self) -> dict[str, Any]:
        """The names of all that this changes, and to what. Calls before are no slot: two rules may have some."""
        slots: dict[str, Any] = {}
        for name in self.__struct_fields__:
            value = None if name == "calls" else getattr(self, name)
            if isinstance(value, dict) and name != "foreign":
                kind = "header" if name in ("headers", "changed") else name
                slots |= {f"{kind} {part.lower()}": one for part, one in value.items()}
            elif value not in (None, []):
                slots[name] = value
        return slots


class Rule(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """One check: how it is broken and what it answers. `order` says how well it is known that it stands here.

    `otherwise` are further ways to break it with the same answer, for a rule beside which `breaks` has no room.
    `not_with` names later or earlier rules that the exchange cannot be in doubt about: breaking one undoes the other.
    """

    id: Identifier
    says: Annotated[str, msgspec.Meta(min_length=10)]
    source: Annotated[str, msgspec.Meta(min_length=8)]
    order: Evidence
    breaks: Breaks
    then: Then
    otherwise: list[Breaks] = []
    not_with: list[Identifier] = []


class RuleFile(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """The rules of one gateway, first to last, and the good case that they break.

    `name` tells several files of an exchange apart. With a `frame` the call goes out as that frame on a WebSocket at
    its target: its body stands there, as JSON text, for the hole «body».
    """

    exchange: Exchange
    name: str = ""
    given: Given = msgspec.field(default_factory=Given)
    call: Call
    frame: str | None = None
    then: Then
    rules: list[Rule]


def schema() -> dict[str, Any]:
    """The JSON schema of a rule file."""
    return msgspec.json.schema(RuleFile)


def load(exchange: str | None = None, root: Path | None = None) -> Iterator[RuleFile]:
    """The rule files of an exchange, or of all. Raises BrokenCase."""
    return (file for _, file in files(exchange, root))


def files(exchange: str | None = None, root: Path | None = None) -> Iterator[tuple[str, RuleFile]]:
    """(name, file) for every rule file; the name is such as bybit/precedence.json. Raises BrokenCase."""
    for path in sorted((root or fixtures()).glob(f"{exchange or '*'}/{precedence_files}")):
        try:
            file = msgspec.json.decode(path.read_bytes(), type=RuleFile)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise BrokenCase(f"{path.parent.name}/{path.name}: {error}") from None
        known = {rule.id for rule in file.rules}
        for rule in file.rules:
            if unknown := set(rule.not_with) - known:
                raise BrokenCase(f"{path.parent.name}/{path.name}: {rule.id}: no rule {', '.join(unknown)}")
        yield f"{path.parent.name}/{path.name}", file


def cases(file: RuleFile) -> Iterator[Case]:
    """The good case, each rule alone, and every two of them that can be broken together."""
    name = f"{file.exchange}-order" + (file.name and f"-{file.name}")
    said = "Nothing is broken, and the good request is answered."
    yield _case(file, f"{name}-nothing-broken", said, "the order of checks breaks this request", "inferred", file.then)
    for rule in file.rules:
        said = f"Alone it is refused: {rule.says}."
        yield _case(file, f"{name}-{rule.id}", said, rule.source, rule.order, rule.then, rule.breaks)
    for first, second, breaks in pairs(file):
        said = f"First comes {first.id}, then {second.id}: both are broken, the first one is answered."
        evidence = first.order if _rank(first.order) >= _rank(second.order) else second.order
        source = f"{first.source}; {second.source}"
        identity = f"{name}-{first.id}-before-{second.id}"
        case = _case(file, identity, said, source, evidence, first.then, *breaks)
        if first.then == second.then:
            case.undecided = (
                "two rules have one answer: it is the right one, but which of them came first does not show"
            )
        yield case


def pairs(file: RuleFile) -> Iterator[tuple[Rule, Rule, tuple[Breaks, Breaks]]]:
    """Every two rules that can be broken together, the earlier first, and how they are."""
    for first, second in combinations(file.rules, 2):
        if second.id in first.not_with or first.id in second.not_with:
            continue
        ways = product((first.breaks, *first.otherwise), (second.breaks, *second.otherwise))
        together = (both for both in ways if not _collide(both[0].slots(), both[1].slots()))
        if (breaks := next(together, None)) is not None:
            yield first, second, breaks


def _collide(mine: dict[str, Any], its: dict[str, Any]) -> bool:
    """True if two rules make different things of the same; a whole body is the same thing as any part of it."""
    for one, another in ((mine, its), (its, mine)):
        if "body" in one and any(slot.startswith(("fields ", "form ")) for slot in another):
            return True
    return any(mine[slot] != its[slot] for slot in mine.keys() & its.keys())


def _rank(evidence: Evidence) -> int:
    """How little is known: an order of two rules is as doubtful as the more doubtful one."""
    return ("doc", "wild", "sdk", "inferred", "unknown").index(evidence)


def _case(
    file: RuleFile, identity: str, says: str, source: str, evidence: Evidence, then: Then, *breaks: Breaks
) -> Case:
    # Copies: what one case changes must not be seen by the next.
    given = msgspec.convert(msgspec.to_builtins(file.given), Given)
    call = msgspec.convert(msgspec.to_builtins(file.call), Call)
    for change in breaks:
        try:
            _break(change, given, call)
        except ValueError:
            raise BrokenCase(f"{identity}: a part of the body is changed that is no JSON object, or no form") from None
    # Last those of the earlier rule: once it is broken, other calls would be refused for it and count for nothing.
    given.calls += [one for change in reversed(breaks) for one in change.calls]
    for change in breaks:
        call.body = call.body if change.wrapper is None else _around(change.wrapper, call.body)
    when = When(call=call)
    if file.frame is not None:
        frame = next((change.frame for change in breaks if change.frame is not None), file.frame)
        logged_in = all(change.logged_in is not False for change in breaks)
        when = When(frames=[_around(frame, call.body)], target=call.target, logged_in=logged_in)
    return Case(
        id=identity,
        description=says,
        source=source,
        evidence=evidence,
        harmless_on_a_live_account=False,  # wrong signatures lock accounts out
        given=given,
        when=when,
        then=then,
    )


def _break(breaks: Breaks, given: Given, call: Call) -> None:
    call.method = breaks.method or call.method
    call.target = breaks.target or call.target
    call.signed = breaks.signed or call.signed
    call.offset_ms = call.offset_ms if breaks.offset_ms is None else breaks.offset_ms
    call.after_s = breaks.after_s or call.after_s
    call.headers |= breaks.headers
    call.changed |= breaks.changed
    call.body = call.body if breaks.body is None else breaks.body
    if breaks.fields:
        call.body = _fields(call.body, breaks.fields)
    if breaks.form:
        call.body = _form(call.body, breaks.form)
    given.account |= breaks.account
    if breaks.behavior:
        given.account["behavior"] = {**given.account.get("behavior", {}), **breaks.behavior}
    if breaks.key:
        given.key = {**(given.key or {}), **breaks.key}
    if breaks.withdrawal:
        given.withdrawal = {**(given.withdrawal or {}), **breaks.withdrawal}
    given.foreign = breaks.foreign or given.foreign
    given.advance_seconds = breaks.advance_seconds or given.advance_seconds


def _around(text: str, body: str) -> str:
    """The body as JSON text inside another text; its holes stay as they are."""
    return text.replace("«body»", json.dumps(body, ensure_ascii=False))


_bare_hole = re.compile('(?<!")(«[a-z_0-9]+»)(?!")')
_quoted_hole = re.compile('"\\u27ea(«[a-z_0-9]+»)\\u27eb"')


def _fields(body: str, changes: dict[str, Any]) -> str:
    # A hole outside of quotation marks will be a number; until then it stands in the JSON as marked text.
    value = {**json.loads(_bare_hole.sub('"\u27ea\\1\u27eb"', body)), **changes}
    kept = {name: one for name, one in value.items() if one is not None}
    return _quoted_hole.sub(r"\1", json.dumps(kept, separators=(",", ":"), ensure_ascii=False))


def _form(body: str, changes: dict[str, str | None]) -> str:
    """Holes stay as they are: what is filled in is the caller's to encode."""
    parts = dict(part.split("=", 1) for part in body.split("&"))
    return "&".join(f"{name}={value}" for name, value in {**parts, **changes}.items() if value is not None)
