"""The steps of a state machine, remembered as they are taken: with their arguments and with what they drew.

So that they can be taken again, one after the other, without a search, and the machine's own claims say whether they
hold this time. Nothing is remembered that only one run has: withdrawals are names of the script, and ids are asked for
anew. Needs Hypothesis (extra `contracts`).
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Iterator
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any, TypeVar

import msgspec
from hypothesis import stateful

from contracts.cases import Call
from contracts.holes import BrokenCase
from contracts.steps import Taken

if TYPE_CHECKING:
    from contracts.lives import Lives

_Step = TypeVar("_Step", bound=Callable[..., Any])


class OtherCourse(Exception):
    """Steps cannot be taken again, since the target answers otherwise than when they were taken first."""


def rule(**strategies: Any) -> Callable[[_Step], _Step]:
    """As that of Hypothesis, and the step is remembered in the machine's script."""
    marked: Any = stateful.rule(**strategies)
    return lambda step: marked(_remembered(step))


def initialize(**strategies: Any) -> Callable[[_Step], _Step]:
    """As that of Hypothesis, and the step is remembered in the machine's script."""
    marked: Any = stateful.initialize(**strategies)
    return lambda step: marked(_remembered(step))


def again(machine: Lives, steps: list[Taken]) -> None:
    """Take the steps on a fresh machine. Raises what the machine raises when a claim does not hold, OtherCourse when it
    goes on otherwise, and BrokenCase for what is no step of this machine.
    """
    for number, taken in enumerate(steps, 1):
        step = getattr(type(machine), taken.rule, None)
        if not any(hasattr(step, mark) for mark in _MARKS):
            raise BrokenCase(f"taken[{number - 1}]: the state machine has no step {taken.rule!r}")
        drawn = _Given(iter(taken.draws))
        try:
            given = {name: drawn if told == _DRAWS else _read(told) for name, told in taken.arguments.items()}
            inspect.signature(step).bind(machine, **given)  # type: ignore[arg-type]
        except (TypeError, ValueError, msgspec.ValidationError) as error:
            raise BrokenCase(f"taken[{number - 1}]: {taken.rule}: {error}") from None
        try:
            step(machine, **given)  # type: ignore[misc]
        except (KeyError, _Ends):  # a withdrawal that was made then is not there, or there is more to do
            raise OtherCourse(f"step {number}, {taken.rule}, cannot be taken as it was") from None


_MARKS = ("hypothesis_stateful_rule", "hypothesis_stateful_initialize_rule")
_DRAWS = {"draws": True}


class _Ends(Exception):
    """Nothing more was drawn."""


class _Given:
    """Stands in for what draws: gives what was drawn."""

    def __init__(self, draws: Iterator[Any]) -> None:
        self._draws = draws

    def draw(self, _: Any, label: Any = None) -> Any:
        for one in self._draws:
            return _read(one)
        raise _Ends


class _Noting:
    """Draws, and notes what was drawn."""

    def __init__(self, data: Any, draws: list[Any]) -> None:
        self._data, self._draws = data, draws

    def draw(self, strategy: Any, label: Any = None) -> Any:
        drawn = self._data.draw(strategy, label)
        self._draws.append(_written(drawn))
        return drawn


def _remembered(step: _Step) -> _Step:
    names = list(inspect.signature(step).parameters)[1:]

    @functools.wraps(step)
    def taking(machine: Lives, *values: Any, **given: Any) -> Any:
        given.update(zip(names, values, strict=False))
        taken = Taken(rule=step.__name__)
        machine.script.taken.append(taken)
        for name, value in given.items():
            draws = hasattr(value, "draw")
            taken.arguments[name] = _DRAWS if draws else _written(value)
            given[name] = _Noting(value, taken.draws) if draws else value
        return step(machine, **given)

    return taking  # type: ignore[return-value]


def _written(value: Any) -> Any:
    """As JSON has it: what is more than JSON is an object with its kind for a name."""
    match value:
        case Decimal():
            return {"decimal": f"{value:f}"}
        case Call():
            return {"call": msgspec.to_builtins(value)}
        case dict():
            return {"options": {name: _written(part) for name, part in value.items()}}
        case list() | tuple():
            return [_written(part) for part in value]
        case None | bool() | int() | str():
            return value
    raise TypeError(f"{value!r} cannot be remembered")


def _read(told: Any) -> Any:
    """What `_written` wrote. Raises ValueError (msgspec's as well)."""
    match told:
        case {"decimal": str(digits)}:
            try:
                return Decimal(digits)
            except InvalidOperation:
                raise ValueError(f"{digits!r} is no number") from None
        case {"call": call}:
            return msgspec.convert(call, Call)
        case {"options": dict(options)}:
            return {name: _read(part) for name, part in options.items()}
        case dict():
            raise ValueError(f"{told!r} is nothing that was drawn")
        case list():
            return [_read(part) for part in told]
    return told
