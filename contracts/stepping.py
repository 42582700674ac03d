"""Takes the steps of a script as its file has them, one by one, and tells them to people. Judges nothing."""

from __future__ import annotations

import contextlib
import json

from contracts.script import Script
from contracts.steps import Step
from contracts.targets import ReplyLost


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
