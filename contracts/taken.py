"""The steps of a state machine, remembered as they are taken: with their arguments and with what they drew.

So that they can be taken again, one after the other, without a search, and the machine's own claims say whether they
hold this time. Nothing is remembered that only one run has: withdrawals are names of the script, and ids are asked for
anew. Needs Hypothesis (extra `contracts`).
"""

from __future__ import annotations

import functools
import inspect
import re
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any, TypeVar

import msgspec
from hypothesis import stateful
from hypothesis import strategies as st

from contracts.cases import Call
from contracts.holes import BrokenCase, Unfilled
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


def pick(data: Any, what: str, options: Sequence[str]) -> str:
    """One of `options`, drawn as `what`. Raises OtherCourse when what is drawn again is none of them now."""
    (picked,) = picks(data, what, options, st.sampled_from(options).map(lambda one: [one]))
    return picked


def picks(data: Any, what: str, options: Sequence[str], some: st.SearchStrategy[list[str]]) -> list[str]:
    """Some of `options`, as `some` has them, drawn as `what`. Raises OtherCourse as `pick` does."""
    picked: list[str] = data.draw(some, what)
    if strange := set(picked) - set(options):
        raise OtherCourse(f"{what}: {', '.join(sorted(strange))} is not to be had")
    return picked


def again(machine: Lives, steps: list[Taken]) -> None:
    """Take the steps on a fresh machine. Raises what the machine raises when a claim does not hold, OtherCourse when it
    goes on otherwise, and BrokenCase for what are no steps of this machine.
    """
    ready = [(place, _ready(machine, place, taken)) for place, taken in enumerate(steps)]
    for place, take in ready:
        try:
            take()
        except (KeyError, Unfilled, OtherCourse):
            # A withdrawal that was made then is not there, or there is another choice.
            raise OtherCourse(f"step {place + 1}, {steps[place].rule}, cannot be taken as it was") from None
        except (TypeError, ValueError, AttributeError, ArithmeticError) as error:
            raise BrokenCase(f"taken[{place}]: {steps[place].rule}: {_brief(str(error))}") from None


_BEGINS, _GOES_ON = "hypothesis_stateful_initialize_rule", "hypothesis_stateful_rule"
_DRAWS = {"draws": True}
_KINDS = {"str": str, "int": int, "bool": bool, "Decimal": Decimal}
_digits_most = 40
"""The longest number of digits that an amount may have, in front of its point and behind it."""


def _ready(machine: Lives, place: int, taken: Taken) -> Callable[[], Any]:
    """A step that can be taken. Raises BrokenCase for what is none, or has no such arguments and draws."""
    step: Any = getattr(type(machine), taken.rule, None)
    if not hasattr(step, _GOES_ON if place else _BEGINS):
        missing = "step" if place else "first step"
        raise BrokenCase(f"taken[{place}]: the state machine has no {missing} {_brief(taken.rule)!r}")
    try:
        drawn = _Given([(what, _read(told)) for draw in taken.draws for what, told in draw.items()])
        given = {name: drawn if told == _DRAWS else _read(told) for name, told in taken.arguments.items()}
        parameters = inspect.signature(step).bind(machine, **given).signature.parameters
        for name, value in given.items():
            annotated: str = parameters[name].annotation
            if type(value) is not _KINDS.get(annotated, _Given):
                raise ValueError(f"{name} must be {annotated if annotated in _KINDS else 'what is drawn'}")
    except (TypeError, ValueError) as error:
        raise BrokenCase(f"taken[{place}]: {taken.rule}: {_brief(str(error))}") from None
    return functools.partial(step, machine, **given)


class _Given:
    """Stands in for what draws: gives what was drawn, as long as the same is asked for."""

    def __init__(self, draws: list[tuple[str, Any]]) -> None:
        self._draws = iter(draws)

    def draw(self, _: Any, label: str) -> Any:
        what, value = next(self._draws, ("", None))
        if what != label:
            raise OtherCourse
        return value


class _Noting:
    """Draws, and notes what was drawn."""

    def __init__(self, data: Any, draws: list[dict[str, Any]]) -> None:
        self._data, self._draws = data, draws

    def draw(self, strategy: Any, label: str) -> Any:
        drawn = self._data.draw(strategy, label)
        self._draws.append({label: _written(drawn)})
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
            if not re.fullmatch(rf"-?[0-9]{{1,{_digits_most}}}(\.[0-9]{{1,{_digits_most}}})?", digits):
                raise ValueError(f"{digits!r} is no amount")
            return Decimal(digits)
        case {"call": call}:
            return msgspec.convert(call, Call)
        case {"options": dict(options)}:
            return {name: _read(part) for name, part in options.items()}
        case dict():
            raise ValueError(f"{told!r} is nothing that was drawn")
        case list():
            return [_read(part) for part in told]
    return told


def _brief(text: str) -> str:
    return text if len(text) <= 200 else f"{text[:200]}..."
