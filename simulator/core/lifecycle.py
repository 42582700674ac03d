"""Life-cycles as tables: states, the events that lead from one to the next, and what falls due by itself.

A state is the exchange's own word; its stage is ours and says where the money is. A missing event *is* the refusal:
whether a withdrawal can be cancelled is whether its state has the event `cancel`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from simulator.core.behavior import Behavior, Field
from simulator.core.misuse import AlreadyThere, Misuse, did_you_mean, shown
from simulator.core.rows import Evidence


class Stage(StrEnum):
    """Where a withdrawal's money is: held in the first two, spent in the third, back in the last two."""

    PENDING = "pending"
    CANCELLING = "cancelling"
    PROCESSED = "processed"
    CANCELLED = "cancelled"
    FAILED = "failed"


held_stages = frozenset({Stage.PENDING, Stage.CANCELLING})


@dataclass(frozen=True, slots=True)
class State:
    """One state. `name` is unique in its table; `word` is what the exchange prints, which several states may share."""

    name: str
    word: str
    stage: Stage
    evidence: Evidence
    source: str


@dataclass(frozen=True, slots=True)
class Due:
    """The event that happens by itself once a withdrawal has been `after_ms` in a state.

    Where either is not known, a field decides instead: `event_by` has the name of an event, `after_s_by` seconds.
    """

    event: str
    after_ms: int
    event_by: Field | None = None
    after_s_by: Field | None = None

    def chosen(self, behavior: Behavior) -> Due:
        """What falls due under this behavior."""
        if self.event_by is None and self.after_s_by is None:
            return self
        return Due(
            event=self.event if self.event_by is None else str(behavior.get(self.event_by)),
            after_ms=self.after_ms if self.after_s_by is None else behavior.number(self.after_s_by) * 1000,
        )


@dataclass(frozen=True, slots=True)
class Lifecycle:
    """The table of one exchange: `moves[state][event]` is the next state, `due[state]` what happens by itself."""

    states: tuple[State, ...]
    initial: str
    moves: Mapping[str, Mapping[str, str]]
    due: Mapping[str, Due]
    _by_name: dict[str, State] = field(init=False, repr=False, default_factory=dict)

    def __post_init__(self) -> None:
        self._by_name.update({state.name: state for state in self.states})

    def state(self, name: str) -> State:
        """The state called `name`, else the first whose word is `name`. Raises Misuse."""
        if name in self._by_name:
            return self._by_name[name]
        for state in self.states:
            if state.word == name:
                return state
        known = {state.word for state in self.states} | set(self._by_name)
        raise Misuse(f"there is no state {shown(name)}; {did_you_mean(name, known)}")

    def delays(self, given: Mapping[str, float]) -> dict[str, int]:
        """Due times in ms by the name of a state, from seconds by name or by word (all states of that word).

        A name counts more than a word. Raises Misuse for a state that there is not, and where nothing falls due.
        """
        chosen: dict[str, int] = {}
        for given_name, seconds in sorted(given.items(), key=lambda item: item[0] in self._by_name):
            named = self.state(given_name).name
            is_name = given_name in self._by_name
            wanted = [named] if is_name else [state.name for state in self.states if state.word == given_name]
            due = [name for name in wanted if name in self.due]
            if not due:
                known = ", ".join(self.due)
                raise Misuse(f"delays: nothing falls due by itself in state {shown(given_name)}, but in {known}")
            chosen |= dict.fromkeys(due, round(seconds * 1000))
        return chosen

    def allows(self, state: str, event: str) -> bool:
        return event in self.moves.get(state, {})

    def check_event(self, event: str) -> None:
        """Raises Misuse, with the nearest names, for an event that no state has."""
        known = {name for moves in self.moves.values() for name in moves}
        if event not in known:
            raise Misuse(f"there is no event {shown(event)}; {did_you_mean(event, known)}")

    def after(self, state: str, event: str) -> State:
        """Where `event` leads from `state`. Raises Misuse with the events that are possible."""
        possible = self.moves.get(state, {})
        if event not in possible:
            self.check_event(event)
            known_here = ", ".join(possible) or "none, it is final"
            raise AlreadyThere(f"a withdrawal in state {state!r} has no event {event!r}; possible are: {known_here}")
        return self._by_name[possible[event]]

    def is_final(self, state: str) -> bool:
        return not self.moves.get(state)
