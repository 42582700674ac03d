"""What the cases and the order of checks of an exchange meet in the simulator: for the tests of what they cover."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from itertools import pairwise
from typing import Any

import pytest

from contracts import precedence
from contracts.cases import load
from contracts.runner import hold
from contracts.targets.in_process import InProcess
from contracts.wire import Exchange
from simulator.core.behavior import Behavior
from simulator.core.rows import Condition, Row


@dataclass(slots=True)
class Met:
    """Names of conditions and rows that answered, or ended a socket, of endpoints called; the states from which a
    client's cancel led on, and those in which withdrawals were when a cancel came; every (state, event) that a
    withdrawal took, by itself too, and those that were taken while a cancel was answered.
    """

    conditions: set[str] = field(default_factory=set)
    rows: set[str] = field(default_factory=set)
    endpoints: set[str] = field(default_factory=set)
    cancelled_from: set[str] = field(default_factory=set)
    states: set[str] = field(default_factory=set)
    steps: set[tuple[str, str]] = field(default_factory=set)
    of_cancels: set[tuple[str, str]] = field(default_factory=set)


@cache
def met(exchange: Exchange) -> Met:
    """Hold every claim of an exchange in process and note what happens."""
    found, target = Met(), InProcess()

    def listen(_: str, account: Any, entry: Any) -> None:
        found.endpoints.add(entry.endpoint)
        if entry.refused is not None:
            found.conditions.add(entry.refused.condition)
            found.rows.add(entry.refused.row)
        for withdrawal in account.book if account else ():
            found.steps |= {(before.state, step.event) for before, step in pairwise(withdrawal.history)}
        if entry.endpoint == "cancel":
            found.of_cancels |= {(change.source, change.event) for change in entry.changes}
            found.cancelled_from |= {change.source for change in entry.changes if change.event == "cancel"}
            # What the turn changed has been changed by now: a withdrawal was in the state before.
            before = {change.withdrawal: change.source for change in entry.changes}
            found.states |= {before.get(one.id, one.state.name) for one in (account.book if account else ())}

    row = Behavior.row

    def asked(behavior: Behavior, condition: Condition) -> Row:
        """What ends a socket, or is told without being asked for, stands in no line of a journal."""
        answer = row(behavior, condition)
        if answer.shape in ("close", "notice"):
            found.conditions.add(condition.name)
            found.rows.add(answer.name)
        return answer

    target.simulator.service.listeners.append(listen)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Behavior, "row", asked)
        for _, case in load(exchange):
            hold(exchange, case, target)
        for file in precedence.load(exchange):
            for case in precedence.cases(file):
                hold(exchange, case, target)
    return found
