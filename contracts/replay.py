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
from contracts.holes import BrokenCase
from contracts.likeness import Likeness
from contracts.report import hidden
from contracts.runner import UNPREPARED, hold
from contracts.script import Script
from contracts.steps import ScriptFile, Step
from contracts.targets import ControlRefused, ReplyLost, Target


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

    A case or an order claim is held anew. Of all else, such as a machine's script, the steps are taken again, and it
    fails again when the last answers are as they were (`_last`), but for what is new every time. With `curl` the steps
    are taken, too, and the last one, a call, is signed and shown but not sent, and the account stays. Secrets of the
    target are left out, but for that line.
    """
    yield f"{file.exchange}, {target.name}: {hidden(file.claim, target.secrets)}\n"
    case = None if curl else _case(file)
    if case is None:
        return (yield from _taken(file, target, curl))
    outcome = hold(file.exchange, case, target)
    difference = outcome.difference
    if outcome.script is None or (outcome.status == "skipped" and difference != case.undecided):
        raise BrokenCase(f"{case.id} could not be held: {hidden(difference, target.secrets)}")
    if difference.startswith(UNPREPARED) and not file.claim.startswith(UNPREPARED):
        raise BrokenCase(f"{case.id} could not be held: {hidden(difference, target.secrets)}")
    for number, step in enumerate(outcome.script.steps, 1):
        was = file.steps[number - 1] if number <= len(file.steps) else step
        yield from _lines(number, step, step.heard, was.heard if _asks(was) == _asks(step) else step.heard, target)
    fails = bool(difference) and outcome.status != "skipped"
    told = f"{case.id} fails: {difference}" if fails else f"{case.id} holds"
    yield "\n" + hidden(told, target.secrets)
    return fails


def _case(file: ScriptFile) -> Case | None:
    """The case or order claim that failed, as it stands in the fixtures now. Raises BrokenCase."""
    found = (case for _, case in cases(file.exchange))
    ordered = (case for rules in precedence.load(file.exchange) for case in precedence.cases(rules))
    return next((case for case in chain(found, ordered) if case.id == file.case), None) if file.case else None


def _asks(step: Step) -> Step:
    return msgspec.structs.replace(step, heard="")


def _lines(number: int, step: Step, heard: str, was: str, target: Target) -> Iterator[str]:
    yield hidden(f"{number:>3}  {told(step)}", target.secrets)
    if step.is_answered:
        before = "" if heard == was else f"\n     before: {was}"
        yield hidden(f"     < {heard}{before}", target.secrets)


def _taken(file: ScriptFile, target: Target, curl: bool) -> Generator[str, None, bool]:
    script, likeness, different = Script(file.exchange, target), Likeness(), []
    steps = list(enumerate(file.steps, 1))
    number, last = steps.pop() if curl and steps else (0, None)
    try:
        for number, step in steps:
            heard = take(script, _followed(step, likeness))
            yield from _lines(number, step, heard, step.heard, target)
            if step.is_answered and not likeness.same(step.heard, heard, _ids(script)):
                different.append(number)
        if last is not None:
            number = len(file.steps)
            yield f"{number:>3}  {told(last)}\n\n{_pasted(script, _followed(last, likeness))}"
    except (ControlRefused, ReplyLost, KeyError) as error:
        why = f"there is no {error} in the script" if isinstance(error, KeyError) else str(error)
        raise BrokenCase(f"step {number} could not be taken: {hidden(why, target.secrets)}") from None
    except BrokenCase as broken:
        raise BrokenCase(f"step {number}: {broken}") from None
    finally:
        if not curl:
            script.close()
    if curl:
        return False
    fails = not any(number >= _last(file) for number in different)
    yield (
        "\nfails as before: the last answers are, but for ids and times, those written"
        if fails
        else ("\ndoes not fail as before: the last answers are not those written")
    )
    if fails and different:
        yield f"(earlier answers are others than those written: steps {', '.join(map(str, different))})"
    return fails


def _followed(step: Step, likeness: Likeness) -> Step:
    """The step with the cursors of this run, where it asks for a further page."""
    if step.call is None:
        return step
    call = msgspec.structs.replace(
        step.call, target=likeness.again(step.call.target), body=likeness.again(step.call.body)
    )
    return msgspec.structs.replace(step, call=call)


def _ids(script: Script) -> set[str]:
    """What the target named, and names otherwise every time: withdrawals, users and accounts."""
    names = ("user_id", "account_id")
    users = {str(one[name]) for one in script.credentials.values() for name in names if name in one}
    return users | set(script.values.values())


def _last(file: ScriptFile) -> int:
    """The number of the step from which on answers count: the last one that acts, behind which one only looks."""
    path = CLIENTS[file.exchange].cancel("withdrawal").target
    for number, step in reversed(list(enumerate(file.steps, 1))):
        cancels = step.call is not None and step.call.target == path
        if cancels or step.name or step.do not in ("call", "look"):
            return number
    return 0


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
