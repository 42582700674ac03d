"""What a step of a state machine needs of its target, said where the step is, so that what is left out can be told."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from hypothesis.stateful import precondition

from contracts.targets import Ability

Step = Callable[..., Any]


def needs(*abilities: Ability) -> Callable[[Step], Step]:
    """The rule (or part of a machine) below is left out on a target that cannot do all this."""
    wanted = frozenset(abilities)

    def mark(step: Step) -> Step:
        is_rule = hasattr(step, "hypothesis_stateful_rule")
        marked: Any = precondition(lambda self: wanted <= self.can)(step) if is_rule else step
        marked.needs = wanted
        return marked  # type: ignore[no-any-return]

    return mark


def left_out(machine: type, can: frozenset[Ability]) -> Iterator[tuple[str, str, frozenset[Ability]]]:
    """The steps of a machine that a target cannot take: name, what it says of itself, what is missing."""
    for name in sorted(dir(machine)):
        step = getattr(machine, name, None)
        missing: frozenset[Ability] = getattr(step, "needs", frozenset()) - can
        if missing:
            yield name, (step.__doc__ or "").partition("\n")[0], missing
