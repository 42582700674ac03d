"""Planned races: a step of a withdrawal that waits for a call of its client, to happen just before or just after it.

A plan knows the names of its event and its endpoint, not what they mean; the service counts the calls. What cannot
happen when its moment comes says why here, and never reaches the client.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

When = Literal["before", "after"]


@dataclass(slots=True, kw_only=True)
class Plan:
    """The step `event`, just `before` the `nth` call of `endpoint` from now on is answered, or right `after` it was.

    The calls of the whole account count, `met` so far. `done` is True once the step was taken; `because` says why it
    could not be when its moment came ("" otherwise). `reason` is what the history of the withdrawal will give.
    """

    id: str
    event: str
    endpoint: str
    when: When
    nth: int = 1
    reason: str
    met: int = 0
    done: bool = False
    because: str = ""

    @property
    def is_over(self) -> bool:
        """True once its moment has come, whether it could happen or not."""
        return self.done or self.because != ""

    def meets(self, endpoint: str, when: When) -> bool:
        """Count a call of `endpoint`; True if the moment of this plan has come."""
        if self.is_over or (self.endpoint, self.when) != (endpoint, when):
            return False
        self.met += 1
        return self.met >= self.nth
