"""Scripts out of files, taken again step by step, and told to people."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Generator, Iterator
from itertools import chain
from pathlib import Path

import msgspec

from contracts import precedence
from contracts.cases import Case
from contracts.cases import load as cases
from contracts.clients import CLIENTS
from contracts.curl import curl_line
from contracts.following import Following
from contracts.holes import BrokenCase
from contracts.report import hidden
from contracts.runner import MACHINE, UNPREPARED, hold
from contracts.script import Script
from contracts.steps import ScriptFile, Step
from contracts.targets import ControlRefused, ReplyLost, Target, lacking
from contracts.targets.remote import Remote
from contracts.watch import FAILURES, Enough, Watch, told_of


def load(path: Path) -> ScriptFile:
    """A script from its file. Raises BrokenCase."""
    try:
        return msgspec.json.decode(path.read_bytes(), type=ScriptFile)
    except OSError as error:
        raise BrokenCase(f"{path}: cannot be read: {error.strerror}") from None
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise BrokenCase(f"{path}: is no script: {error}") from None


def again(file: ScriptFile, target: Target, *, curl: bool = False) -> Generator[str, None, bool]:
    """Do again what failed, and tell it line by line; returns True if it fails again. Raises BrokenCase, TargetDown.

    What failed is held anew: a case or an order claim as it stands in the fixtures, a state machine by taking its steps
    again, where any of its claims may fail. Of a script that is neither the steps are taken and shown, and BrokenCase
    says that nothing is claimed. With `curl` the steps are taken, but the last one, a call, is signed and shown but not
    sent, and the account stays. Secrets of the target are left out, but for that line.
    """
    case = _case(file)
    _see_harmless(case, target)
    yield f"{file.exchange}, {target.name}: {hidden(file.claim, target.secrets)}\n"
    if curl:
        yield from _taken(file, target, curl=True)
        return False
    if file.taken:
        return (yield from _by_machine(file, target))
    if case is not None:
        return (yield from _held(file, case, target))
    yield from _taken(file, target)
    raise BrokenCase("names no claim of the suite, so that nothing says whether it fails again")


def _see_harmless(case: Case | None, target: Target) -> None:
    """See that nothing is done to an account that is not there for it. Raises BrokenCase."""
    if not isinstance(target, Remote) or target.disposable or (case and case.harmless_on_a_live_account):
        return
    raise BrokenCase("may harm the account: not replayed unless its profile says disposable = true")


def _case(file: ScriptFile) -> Case | None:
    """The case or order claim that failed, as it stands in the fixtures now. Raises BrokenCase for one that is not."""
    if not file.case or file.taken:
        return None
    found = (case for _, case in cases(file.exchange))
    ordered = (case for rules in precedence.load(file.exchange) for case in precedence.cases(rules))
    for case in chain(found, ordered):
        if case.id == file.case:
            return case
    raise BrokenCase(f"there is no claim {file.case!r} of {file.exchange}")


def _held(file: ScriptFile, case: Case, target: Target) -> Generator[str, None, bool]:
    outcome = hold(file.exchange, case, target)
    difference = outcome.difference
    if outcome.script is None or (outcome.status == "skipped" and difference != case.undecided):
        raise BrokenCase(f"{case.id} could not be held: {hidden(difference, target.secrets)}")
    if difference.startswith(UNPREPARED) and not file.claim.startswith(UNPREPARED):
        raise BrokenCase(f"{case.id} could not be held: {hidden(difference, target.secrets)}")
    yield from _compared(file, outcome.script, target)
    fails = bool(difference) and outcome.status != "skipped"
    yield "\n" + hidden(f"{case.id} fails: {difference}" if fails else f"{case.id} holds", target.secrets)
    return fails


def _by_machine(file: ScriptFile, target: Target) -> Generator[str, None, bool]:
    from contracts.machine import machine_for  # Hypothesis: only who replays a machine needs it
    from contracts.taken import OtherCourse
    from contracts.taken import again as taken_again

    if missing := lacking(MACHINE, target):
        raise BrokenCase(missing)
    watch, latest, broken, told = Watch(), list[Script](), "", "every claim of the state machine holds"
    machine = machine_for(CLIENTS[file.exchange], target, latest, watch)()
    try:
        try:
            taken_again(machine, file.taken)
        finally:
            machine.teardown()
    except OtherCourse as other:
        told = f"no claim failed, but {other}: the target answers otherwise than then"
    except FAILURES as error:
        told = broken = f"fails again: {told_of(error)}"
    except Enough:
        assert watch.down is not None
        raise watch.down from None
    yield from _compared(file, latest[0], target)
    yield "\n" + hidden(told, target.secrets)
    return bool(broken)


def _compared(file: ScriptFile, script: Script, target: Target) -> Iterator[str]:
    """What was done now, and where it was answered otherwise before."""
    for number, step in enumerate(script.steps, 1):
        was = file.steps[number - 1] if number <= len(file.steps) else step
        yield from _lines(number, step, step.heard, was.heard if _asks(was) == _asks(step) else step.heard, target)


def _asks(step: Step) -> Step:
    return msgspec.structs.replace(step, heard="")


def _lines(number: int, step: Step, heard: str, was: str, target: Target) -> Iterator[str]:
    yield hidden(f"{number:>3}  {told(step)}", target.secrets)
    if step.is_answered:
        before = "" if heard == was else f"\n     before: {was}"
        yield hidden(f"     < {heard}{before}", target.secrets)


def _taken(file: ScriptFile, target: Target, *, curl: bool = False) -> Iterator[str]:
    script, following = Script(file.exchange, target), Following()
    steps = list(enumerate(file.steps, 1))
    number, last = steps.pop() if curl and steps else (0, None)
    try:
        for number, step in steps:
            heard = take(script, _followed(step, following))
            yield from _lines(number, step, heard, step.heard, target)
            following.heard(step.heard, heard)
        if last is not None:
            number = len(file.steps)
            yield f"{number:>3}  {told(last)}\n\n{_pasted(script, _followed(last, following))}"
    except (ControlRefused, ReplyLost, KeyError) as error:
        why = f"there is no {error} in the script" if isinstance(error, KeyError) else str(error)
        raise BrokenCase(f"step {number} could not be taken: {hidden(why, target.secrets)}") from None
    except BrokenCase as broken:
        raise BrokenCase(f"step {number}: {broken}") from None
    finally:
        if not curl:
            script.close()


def _followed(step: Step, following: Following) -> Step:
    """The step with the cursors of this run, where it asks for a further page."""
    if step.call is None:
        return step
    call = msgspec.structs.replace(
        step.call, target=following.now(step.call.target), body=following.now(step.call.body)
    )
    return msgspec.structs.replace(step, call=call)


def _pasted(script: Script, step: Step) -> str:
    """A line for a shell that takes the step. Raises BrokenCase."""
    if step.call is None:
        raise BrokenCase("only a call can be shown as a curl line, and this is none")
    line = curl_line(script.target.url, script.signed(step.call, step.account))
    return f"# signed just now, so paste it soon; secrets stand in it, and its account stays where it is\n{line}"


def take(script: Script, step: Step) -> str:
    """Take a step that was remembered; what was heard, "" for steps that nobody answers."""
    match step.do:
        case "account":
            script.account(step.options, step.account)
        case "key":
            script.key(step.options, step.name, step.account)
        case "withdrawal":
            script.withdrawal(step.options, step.name, step.account)
        case "event":
            script.event(step.what, step.name, step.account)
        case "let":
            script.let(step.name, step.what)
        case "advance":
            script.advance(step.number, step.account)
        case "clock":
            script.clock(step.number)
        case "fault":
            script.fault(step.options, step.account)
        case "look":
            script.look(step.account)
        case "end":
            script.end(step.account)
        case _:
            with contextlib.suppress(ReplyLost):
                _ask(script, step)
    return script.steps[-1].heard


def _ask(script: Script, step: Step) -> None:
    """Take a step that the target answers. Raises ReplyLost."""
    if step.do == "say":
        script.say(step.frames, step.number)
    elif step.call is None:
        on = script.frames if step.do == "frames" else script.open
        on(step.target, step.frames, logged_in=step.logged_in, account=step.account)
    elif step.name:
        script.create(step.call, step.name, step.account)
    else:
        script.call(step.call, step.account)


def told(step: Step) -> str:
    """A step as one line for people."""
    call = step.call
    if call is not None:
        signed = "" if call.signed == "right" else f" (signed: {call.signed})"
        return f"> {call.method} {call.target} {call.body}{signed} as {step.account}"
    lines = {
        "let": f"{step.name} = {step.what!r}",
        "event": f"event {step.what} happens to {step.name}",
        "advance": f"{step.number} s pass for {step.account}",
        "clock": f"the server's clock is set to {step.number} ms",
        "look": f"the target is asked what became of the withdrawals of {step.account}",
        "frames": f"on {step.target}: " + " | ".join(step.frames),
        "open": f"on {step.target}, which stays open: " + " | ".join(step.frames),
        "say": f"on the open socket: {' | '.join(step.frames) or 'what else has come?'}",
        "end": f"{step.account} is deleted",
    }
    options = json.dumps(step.options, ensure_ascii=False)
    return lines.get(step.do, f"{step.do} {step.name or step.account}: {options}")
