"""What the cases and the order of checks of an exchange show of the simulator: for the tests of what they cover.

Only what is compared counts. What is answered while a case is prepared is compared with nothing, and what is disputed
fails for nobody: both could be lost without a word.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import pytest

from contracts import precedence, runner
from contracts.cases import Case, load
from contracts.script import Script
from contracts.targets.in_process import InProcess
from contracts.wire import Exchange
from simulator.core.behavior import Behavior
from simulator.core.rows import Condition, Row


@dataclass(slots=True)
class Met:
    """Names of conditions and rows that answered, or ended a socket, of endpoints called; the states from which a
    client's cancel led on, and those of withdrawals that a client's cancel named; every (state, event) that led a
    withdrawal to the state in which a call found it or left it, and those that were taken while a cancel was answered.
    """

    conditions: set[str] = field(default_factory=set)
    rows: set[str] = field(default_factory=set)
    endpoints: set[str] = field(default_factory=set)
    cancelled_from: set[str] = field(default_factory=set)
    states: set[str] = field(default_factory=set)
    steps: set[tuple[str, str]] = field(default_factory=set)
    of_cancels: set[tuple[str, str]] = field(default_factory=set)


def claims(exchange: Exchange) -> list[Case]:
    """Every case of an exchange, those of the order of its checks too."""
    ordered = (case for file in precedence.load(exchange) for case in precedence.cases(file))
    return [*(case for _, case in load(exchange)), *ordered]


@cache
def met(exchange: Exchange) -> Met:
    """Hold every claim of an exchange in process and note what happens."""
    return met_by(exchange, claims(exchange))


def met_by(exchange: Exchange, cases: Iterable[Case]) -> Met:
    """What these claims compare."""
    found, target = Met(), InProcess()
    is_compared = False
    prepare = runner.prepare

    def prepared(case: Case, script: Script) -> str:
        nonlocal is_compared
        asker = prepare(case, script)
        is_compared = True
        return asker

    def listen(_: str, account: Any, entry: Any) -> None:
        if is_compared:
            _note(found, account, entry)

    row = Behavior.row

    def asked(behavior: Behavior, condition: Condition) -> Row:
        """What ends a socket, or is told without being asked for, stands in no line of a journal."""
        answer = row(behavior, condition)
        if is_compared and answer.shape in ("close", "notice"):
            found.conditions.add(condition.name)
            found.rows.add(answer.name)
        return answer

    target.simulator.service.listeners.append(listen)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Behavior, "row", asked)
        patch.setattr(runner, "prepare", prepared)
        for case in cases:
            is_compared = False
            if case.disputed_by is None:
                runner.hold(exchange, case, target)
    return found


def _note(found: Met, account: Any, entry: Any) -> None:
    found.endpoints.add(entry.endpoint)
    if entry.refused is not None:
        found.conditions.add(entry.refused.condition)
        found.rows.add(entry.refused.row)
    found.steps |= {(change.source, change.event) for change in entry.changes}
    asked, answered = _texts(entry)
    # What the turn changed has been changed by now: a withdrawal was in the state before.
    before = {change.withdrawal: change.source for change in entry.changes}
    for withdrawal in account.book if account else ():
        history, name = withdrawal.history, withdrawal.id.lower()
        if name in asked + answered and len(history) > 1:
            found.steps.add((history[-2].state, history[-1].event))
        if entry.endpoint == "cancel" and name in asked:
            found.states.add(before.get(withdrawal.id, withdrawal.state.name))
    if entry.endpoint == "cancel":
        found.of_cancels |= {(change.source, change.event) for change in entry.changes}
        found.cancelled_from |= {change.source for change in entry.changes if change.event == "cancel"}


def _texts(entry: Any) -> tuple[str, str]:
    """What was asked and what was answered, in small letters: where ids are GUIDs, clients write them in either."""
    request, reply = entry.request, entry.reply
    asked = request.text if hasattr(request, "text") else request.target + request.body.decode("utf-8", "replace")
    answered = reply.body.decode("utf-8", "replace") if reply else "".join(entry.frames)
    return asked.lower(), answered.lower()
