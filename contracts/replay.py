"""Scripts out of files, taken again step by step, and told to people."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from itertools import chain
from pathlib import Path

import msgspec

from contracts import precedence
from contracts.cases import Call, Case
from contracts.cases import load as cases
from contracts.clients import CLIENTS, Unreadable
from contracts.curl import curl_line
from contracts.following import Following
from contracts.holes import BrokenCase
from contracts.report import hidden
from contracts.runner import MACHINE, UNPREPARED, hold, prepare
from contracts.script import Script
from contracts.stepping import take, told
from contracts.steps import ScriptFile, Step
from contracts.targets import ControlRefused, ReplyLost, Target, lacking
from contracts.targets.remote import Remote
from contracts.watch import FAILURES, REFUSED, Enough, Watch, told_of
from contracts.wire import Exchange


def load(path: Path) -> ScriptFile:
    """A script from its file. Raises BrokenCase."""
    try:
        return msgspec.json.decode(path.read_bytes(), type=ScriptFile)
    except OSError as error:
        raise BrokenCase(f"{path}: cannot be read: {error.strerror}") from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise BrokenCase(f"{path}: is no script: {error}") from None


def again(file: ScriptFile, target: Target, *, curl: bool = False) -> Generator[str, None, bool]:
    """Do again what failed, and tell it line by line; returns True if it fails again. Raises BrokenCase, TargetDown.

    What failed is held anew: a case or an order claim as it stands in the fixtures, a state machine by taking its steps
    again, where any of its claims may fail. Of a script that is neither the steps are taken and shown, and BrokenCase
    says that nothing is claimed. With `curl` the call of the case, or else the last step, is signed and shown but not
    sent, all that goes before it is done, and the account stays. Secrets of the target are left out, but for that line.
    """
    case = _case(file)
    _see_harmless(case, target)
    yield f"{file.exchange}, {target.name}: {hidden(file.claim, target.secrets)}\n"
    if curl:
        yield from _shown(file.exchange, case, target) if case is not None else _taken(file, target, curl=True)
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
    raise BrokenCase(f"there is no claim {file.case[:80]!r} of {file.exchange}")


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


def _shown(exchange: Exchange, case: Case, target: Target) -> Iterator[str]:
    """What the case asks as a line for a shell, behind what it needs. Raises BrokenCase."""
    script = Script(exchange, target)
    try:
        asker = prepare(case, script)
        yield from (
            line
            for number, step in enumerate(script.steps, 1)
            for line in _lines(number, step, step.heard, step.heard, target)
        )
        yield "\n" + _pasted(script, case.when.call, asker)
    except (ControlRefused, ReplyLost, Unreadable) as error:
        raise BrokenCase(f"{case.id} could not be prepared: {hidden(str(error), target.secrets)}") from None


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
        if isinstance(error, ControlRefused) and not file.claim.startswith(REFUSED):
            raise BrokenCase(f"the steps could not be taken: {hidden(told_of(error), target.secrets)}") from None
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
            yield f"{number:>3}  {told(last)}\n\n{_pasted(script, _followed(last, following).call, last.account)}"
    except (ControlRefused, ReplyLost, Unreadable, KeyError) as error:
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


def _pasted(script: Script, call: Call | None, account: str) -> str:
    """A line for a shell that sends the call. Raises BrokenCase."""
    if call is None:
        raise BrokenCase("only a call can be shown as a curl line, and this is none")
    line = curl_line(script.target.url, script.signed(call, account))
    return f"# signed just now, so paste it soon; secrets stand in it, and its account stays where it is\n{line}"
