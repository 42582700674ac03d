"""Scripts out of files, taken again step by step, and told to people."""

from __future__ import annotations

import contextlib
import json
from pathlib import Path

import msgspec

from contracts.cases import BrokenCase
from contracts.script import Script, ScriptFile, Step
from contracts.targets import ReplyLost


def load(path: Path) -> ScriptFile:
    """A script from its file. Raises BrokenCase."""
    try:
        return msgspec.json.decode(path.read_bytes(), type=ScriptFile)
    except OSError as error:
        raise BrokenCase(f"{path}: cannot be read: {error.strerror}") from None
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise BrokenCase(f"{path}: is no script: {error}") from None


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
        case "frames":
            with contextlib.suppress(ReplyLost):
                script.frames(step.target, step.frames, logged_in=step.logged_in, account=step.account)
        case "call":
            assert step.call is not None
            with contextlib.suppress(ReplyLost):
                if step.name:
                    script.create(step.call, step.name)
                else:
                    script.call(step.call, step.account)
    return script.steps[-1].heard


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
        "frames": f"on {step.target}: " + " | ".join(step.frames),
    }
    options = json.dumps(step.options, ensure_ascii=False)
    return lines.get(step.do, f"{step.do} {step.name or step.account}: {options}")
