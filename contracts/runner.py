"""Holding a case against a target: prepare what is given, ask, compare with what must come back."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from contracts.cases import Case, Look, Then, When, pattern
from contracts.clients import CLIENTS, Unreadable
from contracts.script import Script
from contracts.targets import ControlRefused, ReplyLost, Target, TargetDown
from contracts.wire import Exchange, HttpCall, HttpReply

Status = Literal["held", "failed", "disputed", "skipped"]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a claim. A disputed one is `disputed` whatever was answered; `difference` then shows it.

    `difference` is the first one, "" when there is none; of a skipped claim it says what the target cannot do. `script`
    is what was done, from which the rest of a report is made.
    """

    case: Case
    exchange: Exchange
    status: Status
    difference: str
    script: Script | None = None


def hold(exchange: Exchange, case: Case, target: Target) -> Outcome:
    """Hold one case against a target. Raises TargetDown, BrokenCase."""
    missing = sorted(case.needs() - target.can)
    if missing:
        return Outcome(case, exchange, "skipped", f"the target has no {', '.join(missing)}")
    if case.given.withdrawal is not None and not target.has(case.given.withdrawal):
        return Outcome(case, exchange, "skipped", "the target has no such withdrawal")
    if unset := sorted(case.holes() & target.unset):
        return Outcome(case, exchange, "skipped", f"the target's {', '.join(unset)} is not set")
    script = Script(exchange, target)
    try:
        difference = _difference(case, script)
    except ControlRefused as refused:
        difference = f"it could not be prepared: {refused}"
    except ReplyLost as lost:
        difference = f"it could not be prepared, there was no answer: {lost}"
    finally:
        script.close()
    if difference and "limits" not in target.can and CLIENTS[exchange].limit.code in difference:
        return Outcome(case, exchange, "skipped", "the target limits the rate: raise pace_s in the profile", script)
    status: Status = "failed" if difference else "held"
    return Outcome(case, exchange, "disputed" if case.disputed_by else status, difference, script)


def greet(target: Target, exchange: Exchange) -> None:
    """Ask for the balance, which harms nothing, before anything else: are the credentials right? Raises TargetDown."""
    client, script = CLIENTS[exchange], Script(exchange, target)
    script.account({})
    try:
        reply = script.call(client.balance())
        client.available(reply)
    except Unreadable as unreadable:
        raise TargetDown(f"{target.url} does not take the credentials for {exchange}: {unreadable}") from None
    except ReplyLost as lost:
        raise TargetDown(str(lost)) from None


def hold_machine(exchange: Exchange, target: Target, examples: int, seed: int | None = None) -> Outcome:
    """Let the state machine of an exchange loose on a target. Raises TargetDown."""
    claim = Case(
        id=f"{exchange}-machine",
        description="Whatever a client does in whatever order, what it is answered fits the reference model.",
        source="contracts/model.py and contracts/clients, after the documentation",
        evidence="inferred",
        harmless_on_a_live_account=False,
        when=When(),
        then=Then(),
    )
    missing = sorted({"accounts", "withdrawals"} - target.can)
    if missing:
        return Outcome(claim, exchange, "skipped", f"the target has no {', '.join(missing)}")
    from contracts.machine import run

    finding = run(CLIENTS[exchange], target, examples=examples, seed=seed)
    if finding is None:
        return Outcome(claim, exchange, "held", "")
    return Outcome(claim, exchange, "failed", finding.claim, finding.script)


def _difference(case: Case, script: Script) -> str:
    """The first difference between what the case says and what the target does; "" when there is none."""
    asker = prepare(case, script)
    then = case.then
    try:
        difference = _asked(case, script, asker)
    except ReplyLost as lost:
        difference = "" if then.lost else f"there was no answer: {lost}"
    return difference or next((told for look in then.afterwards if (told := _look(look, script, asker))), "")


def _asked(case: Case, script: Script, asker: str) -> str:
    """Ask; the first difference of the answer. Raises ReplyLost."""
    when, then = case.when, case.then
    if when.frames is not None:
        heard = script.frames(when.target, when.frames, logged_in=when.logged_in, account=asker)
        if then.lost:
            return f"the connection was to break, but it did not, and {heard} came"
        return _compare_frames(then, heard, script.values_of(asker))
    assert when.call is not None
    reply = script.call(when.call, asker)
    if then.lost:
        return f"the connection was to break, but {reply.status} came with {reply.text}"
    return compare(then.status, then.headers, then.body, reply, script.values_of(asker))


def prepare(case: Case, script: Script) -> str:
    """Make what is given; returns who asks, in the script's words."""
    given = case.given
    if given.now_ms is not None:
        script.clock(given.now_ms)
    script.account(given.account)
    if given.foreign is not None or given.foreign_calls:
        script.account({name: value for name, value in given.account.items() if name == "limits"}, "other")
    if given.foreign is not None:
        script.withdrawal(given.foreign, "foreign", "other")
    for call in given.foreign_calls:
        for _ in range(call.times):
            script.call(call, "other")
    if given.withdrawal is not None:
        script.withdrawal(given.withdrawal)
    for event in given.events:
        script.event(event)
    for call in given.calls:
        for _ in range(call.times):
            script.call(call)
    if given.advance_seconds:
        script.advance(given.advance_seconds)
    for fault in given.faults:
        script.fault(fault)
    if given.key is None:
        return "account"
    script.key(given.key, "key")
    return "key"


def _look(look: Look, script: Script, asker: str) -> str:
    if look.advance_seconds:
        script.advance(look.advance_seconds)
    if look.event:
        script.event(look.event)
    try:
        reply = script.call(look.call, asker)
    except ReplyLost as lost:
        return f"afterwards there was no answer: {lost}"
    told = compare(look.status, {}, look.body, reply, script.values_of(asker))
    return told and f"afterwards, {look.call.method} {look.call.target}: {told}"


def compare(status: int, headers: Mapping[str, str], body: str, reply: HttpReply, values: Mapping[str, str]) -> str:
    """The first difference between an answer and what is expected; "" when there is none."""
    if reply.status != status:
        return f"status: expected {status}, got {reply.status} with {reply.text}"
    for name, expected in headers.items():
        got = reply.header(name)
        if got is None or not pattern(expected, values).fullmatch(got):
            return f"header {name}: expected {expected}, got {got}"
    return _compare_text("body", body, reply.text, values)


def _compare_frames(then: Then, frames: list[str], values: Mapping[str, str]) -> str:
    expected = then.frames or []
    if len(frames) != len(expected):
        return f"frames: expected {len(expected)}, got {len(frames)}: {frames}"
    for number, (wanted, got) in enumerate(zip(expected, frames, strict=True), 1):
        difference = _compare_text(f"frame {number}", wanted, got, values)
        if difference:
            return difference
    return ""


def _compare_text(what: str, expected: str, got: str, values: Mapping[str, str]) -> str:
    if pattern(expected, values).fullmatch(got):
        return ""
    agreed = _agreed(expected, got, values)
    start = max(0, agreed - 80)  # tickets are long, and only where they part is of interest
    same = f"{'... ' * (start > 0)}{got[start:agreed]!r}"
    rest = f"then comes {got[agreed : agreed + 40]!r}" if agreed < len(got) else "and then nothing more comes"
    return f"{what}: expected {expected}\n  got {got}\n  they agree up to {same}, {rest}"


def _agreed(expected: str, got: str, values: Mapping[str, str]) -> int:
    """How far `got` agrees with `expected`, in characters of `got`, hole by hole and then letter by letter."""
    agreed = 0
    for end in range(1, len(expected) + 1):
        if expected.count("«", 0, end) != expected.count("»", 0, end):
            continue
        match = pattern(expected[:end], values).match(got)
        if match is None:
            break
        agreed = match.end()
    return agreed


def curl_line(url: str, call: HttpCall) -> str:
    """A line for a shell that sends a call again, byte for byte, as long as its signature lasts."""
    parts = ["curl", "-sS", "-i", "--path-as-is", "-X", call.method]
    parts += [part for name, value in call.headers for part in ("-H", f"{name}: {value}" if value else f"{name};")]
    if call.body:
        parts += ["--data-binary", call.body.decode("utf-8", "surrogateescape")]
    return shlex.join([*parts, url.rstrip("/") + call.target])
