"""What a wrong server is, and how the suite is let loose on it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import pytest

from contracts import precedence
from contracts.cases import Case, load
from contracts.runner import Outcome, hold, hold_machine
from contracts.targets.in_process import InProcess
from contracts.watch import Watch
from contracts.wire import Exchange

Patch = Callable[[pytest.MonkeyPatch], None]


@dataclass(frozen=True, slots=True)
class Mutant:
    """One wrong server. `says` what is wrong with it; `patch` makes it so."""

    exchange: Exchange
    name: str
    says: str
    patch: Patch


@cache
def claims(exchange: Exchange) -> tuple[Case, ...]:
    """The cases and the order of checks of an exchange; what is disputed blames nobody."""
    cases = [case for _, case in load(exchange) if case.disputed_by is None]
    return (*cases, *(case for file in precedence.load(exchange) for case in precedence.cases(file)))


def blamed_by(mutant: Mutant, *, examples: int = 60) -> str | None:
    """The id of the first claim that finds this server wrong, alone too, and not merely dead; None: nobody noticed."""
    passed_over: set[str] = set()
    while (found := _first(mutant, passed_over, examples)) is not None:
        if found.endswith("-machine") or difference(mutant, found):
            return found
        passed_over.add(found)  # it fails behind other claims alone
    return None


def _first(mutant: Mutant, passed_over: set[str], examples: int) -> str | None:
    with pytest.MonkeyPatch.context() as patch:
        mutant.patch(patch)
        target = InProcess()
        for case in claims(mutant.exchange):
            if _is_wrong(hold(mutant.exchange, case, target)) and case.id not in passed_over:
                return case.id
        outcome = let_loose(mutant, target, examples)
        return outcome.case.id if _is_wrong(outcome) else None


def _is_wrong(outcome: Outcome) -> bool:
    return outcome.status == "failed" and not is_a_dead_one(outcome.difference)


def difference(mutant: Mutant, claim: str, *, examples: int = 60) -> str:
    """What that claim, by its id, finds wrong with this server; "" when it holds."""
    with pytest.MonkeyPatch.context() as patch:
        mutant.patch(patch)
        target = InProcess()
        case = next((case for case in claims(mutant.exchange) if case.id == claim), None)
        outcome = hold(mutant.exchange, case, target) if case else let_loose(mutant, target, examples)
        return outcome.difference if outcome.status == "failed" else ""


def let_loose(mutant: Mutant, target: InProcess, examples: int) -> Outcome:
    """What the machine says. That it finds something is enough: making its script short takes most of the time."""
    return hold_machine(mutant.exchange, target, examples, watch=Watch(limit_s=0))


def is_a_dead_one(told: str) -> bool:
    """True for what is found of a server that is not wrong but broken: its patch does not fit the emulator (any more).

    It dies of the call that is held against it, or not even the state before that call can be made.
    """
    return "the simulator died" in told or told.startswith("it could not be prepared")
