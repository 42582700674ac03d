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


class Died(AssertionError):
    """A server that dies of its mutation is blamed by anything, and shows nothing of the suite."""


def _fails(mutant: Mutant, case: Case, target: InProcess) -> bool:
    """True if the claim fails against the target. Raises Died."""
    outcome = hold(mutant.exchange, case, target)
    if outcome.status == "failed" and "the simulator died of" in outcome.difference:
        raise Died(f"{mutant.exchange} {mutant.name}, {case.id}: {outcome.difference}")
    return outcome.status == "failed"


def blamed_by(mutant: Mutant, *, examples: int = 60) -> str | None:
    """The id of the first claim that fails against this server, by itself too; None: nobody noticed. Raises Died."""
    passed_over: set[str] = set()
    while (found := _first(mutant, passed_over, examples)) is not None:
        if found.endswith("-machine") or is_blamed(mutant, found):
            return found
        passed_over.add(found)  # it fails behind other claims alone
    return None


def _first(mutant: Mutant, passed_over: set[str], examples: int) -> str | None:
    with pytest.MonkeyPatch.context() as patch:
        mutant.patch(patch)
        target = InProcess()
        for case in claims(mutant.exchange):
            if _fails(mutant, case, target) and case.id not in passed_over:
                return case.id
        outcome = let_loose(mutant, target, examples)
        return outcome.case.id if outcome.status == "failed" else None


def is_blamed(mutant: Mutant, claim: str, *, examples: int = 60) -> bool:
    """True if that claim, by its id, fails against this server. Raises Died."""
    with pytest.MonkeyPatch.context() as patch:
        mutant.patch(patch)
        target = InProcess()
        for case in claims(mutant.exchange):
            if case.id == claim:
                return _fails(mutant, case, target)
        return let_loose(mutant, target, examples).status == "failed"


def let_loose(mutant: Mutant, target: InProcess, examples: int) -> Outcome:
    """What the machine says. That it finds something is enough: making its script short takes most of the time."""
    return hold_machine(mutant.exchange, target, examples, watch=Watch(limit_s=0))
