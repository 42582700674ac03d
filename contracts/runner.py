"""Holding a case against a target: prepare what is given, ask, compare with what must come back."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from typing import Literal

from contracts import means
from contracts.cases import Case, Look, Then, When
from contracts.clients import ACCEPTED, CLIENTS, Unreadable
from contracts.comparison import compare
from contracts.holes import Unfilled
from contracts.meanwhile import compare_socket, differs
from contracts.script import Script
from contracts.stakes import Stakes, replies_in
from contracts.targets import Ability, ControlRefused, Limited, ReplyLost, Target, lacking
from contracts.watch import Watch
from contracts.wire import Exchange, HttpReply

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


_tries = 3
UNPREPARED = "it could not be prepared"
"""So begins the difference of a claim that could not even be asked."""


def hold(exchange: Exchange, case: Case, target: Target) -> Outcome:
    """Hold one case against a target. Raises TargetDown, BrokenCase."""
    if told := lacking(case.needs(), target):
        return Outcome(case, exchange, "skipped", told)
    harmless = case.harmless_on_a_live_account
    if case.given.withdrawal is not None and (told := target.lacks(case.given.withdrawal)):
        return Outcome(case, exchange, "skipped", told)
    if unset := sorted(case.holes() & target.unset):
        return Outcome(case, exchange, "skipped", f"the target's {', '.join(unset)} is not set")
    for _ in range(_tries):
        outcome = _held(exchange, case, target)
        if outcome.difference != _LIMITED or not harmless or not target.rest():
            break
    alone = "accounts" not in target.can and not harmless
    if alone and outcome.script is not None and _cancelled(exchange, outcome.script):
        target.spent()
    return outcome


def _cancelled(exchange: Exchange, script: Script) -> bool:
    """True if a cancel was accepted, or may have been on a WebSocket."""
    client = CLIENTS[exchange]
    path = client.cancel("withdrawal").target.lower()
    for step in script.steps:
        if any(path.rpartition("/")[2] in frame.lower() for frame in step.frames):
            return True
        if step.call is not None and path in step.call.target.lower():
            status, _, body = step.heard.partition(" ")
            with contextlib.suppress(Unreadable, ValueError):  # what was heard may be that nothing was
                if client.answered(HttpReply(int(status), (), body.encode())) == ACCEPTED:
                    return True
    return False


_LIMITED = "the target limits the rate: raise pace_s in the profile"


def _held(exchange: Exchange, case: Case, target: Target) -> Outcome:
    script, limited = Script(exchange, target), False
    try:
        difference = _difference(case, script)
    except ControlRefused as refused:
        difference = f"{UNPREPARED}: {refused}"
        limited = isinstance(refused, Limited)
    except ReplyLost as lost:
        difference = f"{UNPREPARED}, there was no answer: {lost}"
    except Unreadable as unreadable:  # where an answer is taken apart, not compared
        difference = str(unreadable)
    except Unfilled as hole:
        if "accounts" in target.can:
            raise
        return Outcome(case, exchange, "skipped", f"the target has no {hole.name}", script)
    finally:
        script.close()
    limited = limited or (bool(difference) and CLIENTS[exchange].limit.met(difference))
    if limited and "limits" not in target.can:
        return Outcome(case, exchange, "skipped", _LIMITED, script)
    if difference and "accounts" not in target.can and (told := means.lacking(case, script)):
        return Outcome(case, exchange, "skipped", told, script)
    if not difference and case.undecided:
        return Outcome(case, exchange, "skipped", case.undecided, script)
    status: Status = "failed" if difference else "held"
    return Outcome(case, exchange, "disputed" if case.disputed_by else status, difference, script)


MACHINE: tuple[Ability, ...] = ("accounts", "withdrawals")
"""What no state machine can do without."""


def machine_skipped(exchange: Exchange, target: Target) -> Outcome | None:
    """The claim of an exchange's state machine as skipped, where the target cannot do what none can do without."""
    told = lacking(MACHINE, target)
    return Outcome(_whole(exchange), exchange, "skipped", told) if told else None


def hold_machine(
    exchange: Exchange, target: Target, examples: int, seed: int | None = None, watch: Watch | None = None
) -> Outcome:
    """Let the state machine of an exchange loose on a target. Raises TargetDown, and KeyboardInterrupt if nothing was
    found before it; if something was, `watch` says that it was stopped.
    """
    claim = _whole(exchange)
    if skipped := machine_skipped(exchange, target):
        return skipped
    from contracts.search import run

    finding = run(CLIENTS[exchange], target, examples=examples, seed=seed, watch=watch)
    if finding is None:
        return Outcome(claim, exchange, "held", "")
    return Outcome(claim, exchange, "failed", finding.claim, finding.script)


def _whole(exchange: Exchange) -> Case:
    """What the machine of an exchange claims as a whole."""
    return _claim(
        f"{exchange}-machine",
        "Whatever a client does in whatever order, what it is answered fits the reference model.",
        "contracts/model.py and contracts/clients, after the documentation",
    )


def left_out(exchange: Exchange, target: Target) -> list[Outcome]:
    """The steps of an exchange's machine that a target cannot take, each as a claim that is skipped."""
    if lacking(MACHINE, target):
        return []
    from contracts.machines import MACHINES
    from contracts.needs import left_out as steps

    return [
        Outcome(
            _claim(
                f"{exchange}-machine-{name.replace('_', '-')}",
                f"A step of the state machine: {said}",
                "contracts/machine.py and contracts/machines",
            ),
            exchange,
            "skipped",
            lacking(missing, target),
        )
        for name, said, missing in steps(MACHINES[exchange], target.can)
    ]


def _claim(identity: str, description: str, source: str) -> Case:
    """What a machine claims, as reports have it: nothing that one call could ask."""
    return Case(
        id=identity,
        description=description,
        source=source,
        evidence="inferred",
        harmless_on_a_live_account=False,
        when=When(),
        then=Then(),
    )


def _difference(case: Case, script: Script) -> str:
    """The first difference between what the case says and what the target does; "" when there is none."""
    asker = prepare(case, script)
    then, stakes = case.then, Stakes(script)
    try:
        difference = _asked(case, script, asker, stakes)
    except ReplyLost as lost:
        difference = "" if then.lost else f"there was no answer: {lost}"
    return difference or next((told for look in then.afterwards if (told := _look(look, script, asker))), "")


def _asked(case: Case, script: Script, asker: str, stakes: Stakes) -> str:
    """Ask; the first difference of the answer, or what a refused call has done. Raises ReplyLost."""
    when, then = case.when, case.then
    if when.frames is not None:
        on = script.open if then.meanwhile else script.frames
        heard = on(when.target, when.frames, logged_in=when.logged_in, account=asker)
        if then.lost:
            return f"the connection was to break, but it did not, and {heard} came"
        told = compare_socket(then.frames or [], then.closed, heard, script, asker) or stakes.touched(replies_in(heard))
        return told or next((told for one in then.meanwhile if (told := differs(one, when.target, script, asker))), "")
    assert when.call is not None
    reply = script.call(when.call, asker)
    if then.lost:
        return f"the connection was to break, but {reply.status} came with {reply.text}"
    return compare(then.status, then.headers, then.body, reply, script.values_of(asker)) or (
        stakes.touched([reply]) if not then.acts else ""
    )


def prepare(case: Case, script: Script) -> str:
    """Make what is given; returns who asks, in the script's words."""
    given = case.given
    if given.now_ms is not None:
        script.clock(given.now_ms)
    script.account(given.account)
    if given.foreign is not None or given.other is not None or given.foreign_calls:
        script.account(given.other or {}, "other")
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
    if given.key is not None:
        script.key(given.key, "key")
    return case.when.by or ("account" if given.key is None else "key")


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
