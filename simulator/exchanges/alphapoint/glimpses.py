"""How much of a withdrawal's history a reader sees: all of it, or less where reads lag behind.

Facts: AlphaPoint's replies tell of receipt, and its read replicas have been seen to lag (Bitazza's update ids going
backwards). How far is the account's own choice: two fields, nothing by default.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from simulator.core.accounts import Account
from simulator.core.book import Step, Withdrawal
from simulator.core.lifecycle import State
from simulator.exchanges.alphapoint.behavior import Fields
from simulator.exchanges.alphapoint.lifecycle import LIFECYCLE


@dataclass(frozen=True, slots=True)
class Glimpse:
    """A withdrawal as it was after the first `steps` steps of its history (at least one)."""

    withdrawal: Withdrawal
    steps: int

    @property
    def history(self) -> list[Step]:
        return self.withdrawal.history[: self.steps]

    @property
    def state(self) -> State:
        return LIFECYCLE.state(self.history[-1].state)

    @property
    def updated_ms(self) -> int:
        return self.history[-1].at_ms


def by_reader(account: Account, withdrawal: Withdrawal) -> Glimpse:
    """What this read shows; it counts as one of the polls that may come too early."""
    steps = len(withdrawal.history)
    lag_ms = account.behavior.number(Fields.READS_LAG_MS)
    if lag_ms:
        until_ms = account.now_ms() - lag_ms
        steps = max(1, sum(step.at_ms <= until_ms for step in withdrawal.history))
    return Glimpse(withdrawal, min(steps, _polled(withdrawal, account.behavior.number(Fields.READS_LAG_POLLS))))


def _polled(withdrawal: Withdrawal, lag_polls: int) -> int:
    """How many steps show after this poll: those already shown, until enough polls have come."""
    details, steps = withdrawal.details, len(withdrawal.history)
    if details.steps_shown < steps and details.polls < lag_polls:
        withdrawal.details = replace(details, polls=details.polls + 1)
        return int(details.steps_shown)
    if details.steps_shown < steps:
        withdrawal.details = replace(details, steps_shown=steps, polls=0)
    return steps
