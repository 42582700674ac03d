"""Hostility on request: a fault is a row that says which calls it meets and what happens to them.

Only faults that were asked for happen, deterministically; each counts what it met.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

FaultKind = Literal["lose_reply"]
"""`lose_reply`: the exchange acts, then the connection breaks before a byte of the answer is sent."""


@dataclass(slots=True, kw_only=True)
class Fault:
    """What happens (`kind`) to calls of `endpoint` (None: any), from the `nth` matching call on, `times` times.

    `met` counts the calls that matched, `fired` those it happened to; `times` None means every one.
    """

    id: str
    kind: FaultKind
    endpoint: str | None = None
    nth: int = 1
    times: int | None = 1
    met: int = 0
    fired: int = 0

    def meets(self, endpoint: str) -> bool:
        """Count a call of `endpoint`; True if the fault happens to it."""
        if self.endpoint is not None and self.endpoint != endpoint:
            return False
        self.met += 1
        if self.met < self.nth or (self.times is not None and self.fired >= self.times):
            return False
        self.fired += 1
        return True
