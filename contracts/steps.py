"""The steps of a script as data, as they stand in its file.

Nothing here knows how they are taken.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, Literal

import msgspec

from contracts.cases import Call
from contracts.wire import Exchange


class Step(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """One thing done to `account`, which is a name within the script. `heard` is what was answered.

    `do`: "account", "key" and "withdrawal" make something (with `options`, called `name`: the hole «name» then has the
    withdrawal's id); "let" fills the hole `name` with the text `what`; "event" `what` happens to the withdrawal `name`;
    "advance" moves time (`number` of seconds), "clock" sets the server's (`number`, ms since 1970); "fault", "call"
    (that creates the withdrawal `name`, if it has one); "frames" on a socket of their own, "open" the same on one that
    stays open, "say" (frames, or none) on that one; "end" of an account; "look" asks the target, not the exchange, for
    the states of the account's withdrawals.
    """

    do: Literal[
        "account",
        "key",
        "withdrawal",
        "let",
        "event",
        "advance",
        "clock",
        "fault",
        "call",
        "frames",
        "open",
        "say",
        "end",
        "look",
    ]
    account: str = "account"
    name: str = ""
    options: dict[str, Any] = {}
    what: str = ""
    number: int = 0
    call: Call | None = None
    target: str = ""
    frames: list[str] = []
    logged_in: bool = True
    heard: str = ""

    @property
    def is_answered(self) -> bool:
        """True if it is something that the target answers."""
        return self.do in ("call", "frames", "open", "say", "look")


class Taken(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """One step of a state machine: its name, its arguments and what it drew, as `contracts.taken` writes them.

    Each of `draws` has one member: what it was drawn as, and the value.
    """

    rule: str
    arguments: dict[str, Any] = {}
    draws: list[dict[str, Any]] = []


class ScriptFile(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """A script as a file: the exchange it speaks to, what failed, and the steps that lead there. `case` is the
    id of the claim that failed, if it has one; `taken` are the steps of the state machine that took these.
    """

    exchange: Exchange
    claim: str
    steps: list[Step]
    case: str = ""
    taken: list[Taken] = []


def written(file: ScriptFile, hidden: Callable[[str], str]) -> bytes:
    """A script as a file's content; `hidden` leaves secrets out of what was heard."""
    steps = [msgspec.structs.replace(step, heard=hidden(step.heard)) for step in file.steps]
    document = msgspec.to_builtins(msgspec.structs.replace(file, claim=hidden(file.claim), steps=steps))
    return json.dumps(document, indent=1, ensure_ascii=False).encode()
