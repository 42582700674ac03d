"""Scripts out of files, taken again step by step, and told to people."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator
from pathlib import Path

import msgspec

from contracts.holes import BrokenCase
from contracts.report import hidden
from contracts.runner import curl_line
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


def again(file: ScriptFile, target: Target, *, curl: bool = False) -> Iterator[str]:
    """Take the steps of a script, and tell each, line by line. With `curl` the last one, a call, is signed and shown
    but not sent, and the account stays. Secrets of the target are left out, but for that line. Raises BrokenCase.
    """
    script, same = Script(file.exchange, target), True
    yield f"{file.exchange}, {target.name}: {hidden(file.claim, target.secrets)}\n"
    steps = list(enumerate(file.steps, 1))
    number, last = steps.pop() if curl and steps else (0, None)
    try:
        for number, step in steps:
            heard = take(script, step)
            yield hidden(f"{number:>3}  {told(step)}", target.secrets)
            if step.is_answered:
                before = "" if heard == step.heard else f"\n     before: {step.heard}"
                yield hidden(f"     < {heard}{before}", target.secrets)
                same = same and heard == step.heard
        if last is not None:
            number = len(file.steps)
            yield f"{number:>3}  {told(last)}\n\n{_pasted(script, last)}"
    except (ControlRefused, ReplyLost, KeyError) as error:
        why = f"there is no {error} in the script" if isinstance(error, KeyError) else str(error)
        raise BrokenCase(f"step {number} could not be taken: {hidden(why, target.secrets)}") from None
    except BrokenCase as broken:
        raise BrokenCase(f"step {number}: {broken}") from None
    finally:
        if not curl:
            script.close()
    if not curl:
        yield f"\n{'every answer is the same as when it was' if same else 'some answers differ from those'} written"


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
