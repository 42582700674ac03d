"""Who watches a state machine at work: tells how far it is, keeps the shortest script that failed, ends it in time.

Hypothesis shortens a failing run by running it again and again, which takes as long as it takes; what was found first
is not to be lost over that, neither to a deadline nor to Ctrl-C. Knows no exchange and no Hypothesis.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from contracts import interrupts
from contracts.clients import Unreadable
from contracts.model import Broken
from contracts.script import Script
from contracts.targets import ControlRefused, ReplyLost, TargetDown

shrink_s = 60.0
"""How long the script of a failure is shortened, unless told otherwise."""


REFUSED = "the target's own surface refused what the suite needs"
"""So begins the claim of a run that ended with that."""

FAILURES = (Broken, Unreadable, ReplyLost, ControlRefused)
"""What a run raises when a claim does not hold."""


@dataclass(frozen=True, slots=True)
class Finding:
    """A claim that does not hold, and the shortest script that was found to show it."""

    claim: str
    script: Script


class Enough(KeyboardInterrupt):
    """No further run is wanted. An interrupt is what Hypothesis lets pass at once, without a thought about it."""


class Watch:
    """Watches one machine. `say` is told what people want to know, `tick` how far it is; `now_s` is any clock.

    `met` counts what the runs came to, by what a machine calls it: one that comes to nothing proves nothing.
    `finding` is the shortest so far, `down` that the target cannot be used any more, `stopped` that somebody asked for
    an end (Ctrl-C).
    """

    def __init__(
        self,
        say: Callable[[str], None] = lambda text: None,
        tick: Callable[[str], None] = lambda text: None,
        limit_s: float = shrink_s,
        now_s: Callable[[], float] = time.monotonic,
    ) -> None:
        self._say, self._tick, self._limit_s, self._now_s = say, tick, limit_s, now_s
        self._runs = 0
        self.met: Counter[str] = Counter()
        self._ends_s = 0.0
        self.finding: Finding | None = None
        self.down: TargetDown | None = None
        self.stopped = False

    def began(self) -> None:
        """A run begins. Raises Enough when there was time enough to shorten what was found, and KeyboardInterrupt."""
        interrupts.look()
        self._runs += 1
        if self.finding is None:
            self._tick(f"run {self._runs}")
            return
        if self._now_s() >= self._ends_s:
            raise Enough
        self._tick(f"run {self._runs}, {len(self.finding.script.steps)} steps are left of the script that failed")

    def ended(self, script: Script, error: BaseException | None) -> None:
        """A run has ended, with `error` if a claim did not hold. Raises Enough when the target is down."""
        if isinstance(error, TargetDown):
            self.down = error
            raise Enough
        if not isinstance(error, FAILURES):
            return
        if self.finding is None:
            self._ends_s = self._now_s() + self._limit_s
            told = f"run {self._runs} failed: {error}"
            self._say(f"{told}; its script is shortened now, for up to {self._limit_s:g} s (Ctrl-C: take it as it is)")
        elif len(script.steps) > len(self.finding.script.steps):
            return
        self.finding = Finding(told_of(error), script)


def told_of(error: Exception) -> str:
    """The claim that an error of a run stands for."""
    if isinstance(error, ControlRefused):
        return f"{REFUSED}: {error}"
    return str(error)
