"""One account's withdrawals: what each is, the states it went through, and the money that each step moves.

A step changes the state and the ledger together; nothing else in the project changes either.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any, Literal

from simulator.core.ledger import Ledger, add
from simulator.core.lifecycle import Lifecycle, Stage, State, held_stages
from simulator.core.misuse import AlreadyThere, shown
from simulator.core.plans import Plan

Progress = Literal["manual", "timed", "immediate", "polled"]
"""How withdrawals go on by themselves: only by `advance`, with the passing of time as well, at once, or with every so
many looks that their client takes at them."""


@dataclass(frozen=True, slots=True)
class Step:
    """A withdrawal was in `state` from `at_ms` (account time); `event` brought it there, for `reason` ("" for none).

    `number` counts the steps of all withdrawals of an account, so that those of one millisecond keep their order; it
    is no part of what a step is.
    """

    at_ms: int
    state: str
    event: str
    number: int = field(default=0, compare=False)
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    """A state changed during a turn: what WebSocket doors push and the journal keeps. `source` is "" at creation."""

    account: str
    withdrawal: str
    source: str
    target: str
    event: str
    at_ms: int
    reason: str = ""


@dataclass(slots=True, kw_only=True)
class Withdrawal:
    """One withdrawal. `amount` is what arrives, `fee` comes on top; both in units of `asset` (the common ticker).

    `id` is what the cancel call takes. Times are account time in ms. `confirmation_code` is what the exchange mails to
    the user, who confirms with it ("" where that is not done). `details` is what only one exchange needs.

    `progress`, `delays` (ms by state) and `polls` are its own where it does not go on as its account says; `looks` are
    those of its client since the last step. `entered_ms` is when it came into its state, as the account's clock goes
    now, whatever that clock's skew was then. `plans` are the steps that wait for a call of its client.
    """

    id: str
    asset: str
    network: str
    amount: Decimal
    fee: Decimal
    address: str
    state: State
    created_ms: int
    updated_ms: int
    entered_lead_ms: int
    tag: str = ""
    tx_id: str = ""
    confirmation_code: str = ""
    details: Any = None
    history: list[Step] = field(default_factory=list)
    progress: Progress | None = None
    delays: Mapping[str, int] = field(default_factory=dict)
    polls: int | None = None
    looks: int = 0
    entered_ms: int = 0
    plans: list[Plan] = field(default_factory=list)

    @property
    def stage(self) -> Stage:
        return self.state.stage

    @property
    def gross(self) -> Decimal:
        """Amount and fee together: what is held, then spent or given back."""
        return add(self.amount, self.fee)


class Book:
    """The withdrawals of one account, oldest first. Every step is noted in `changes`, which all of a world share.

    `steps` counts those of all withdrawals.
    """

    def __init__(self, account: str, lifecycle: Lifecycle, ledger: Ledger, changes: list[Change]) -> None:
        self.lifecycle = lifecycle
        self._account = account
        self._ledger = ledger
        self._withdrawals: dict[str, Withdrawal] = {}
        self._changes = changes
        self.steps = 0

    def __iter__(self) -> Iterator[Withdrawal]:
        return iter(self._withdrawals.values())

    def __len__(self) -> int:
        return len(self._withdrawals)

    def newest_first(self) -> list[Withdrawal]:
        return list(reversed(self._withdrawals.values()))

    def find(self, withdrawal_id: str) -> Withdrawal | None:
        return self._withdrawals.get(withdrawal_id)

    def open(self, withdrawal: Withdrawal) -> None:
        """Enter a withdrawal in its state; holds its money. Raises AlreadyThere, Overdrawn."""
        if withdrawal.id in self._withdrawals:
            raise AlreadyThere(f"there is already a withdrawal {shown(withdrawal.id)} in this account")
        self._ledger.hold(withdrawal.asset, withdrawal.gross)
        self._withdrawals[withdrawal.id] = withdrawal
        withdrawal.entered_ms = withdrawal.updated_ms
        settle(self._ledger, withdrawal, Stage.PENDING, withdrawal.stage)
        self._note(withdrawal, "", "create", withdrawal.created_ms)

    def enter(self, withdrawals: list[Withdrawal], steps: int) -> None:
        """Take over the withdrawals of a snapshot, whose money the ledger has settled already. Changes nothing else."""
        self._withdrawals = {withdrawal.id: withdrawal for withdrawal in withdrawals}
        self.steps = steps

    def move(self, withdrawal: Withdrawal, event: str, at_ms: int, lead_ms: int, reason: str = "") -> None:
        """Take the step `event` at account time `at_ms`, with the account's lead as it was then.

        Raises Misuse or AlreadyThere when the state has no such event, Overdrawn when money would have to be held again
        that is not there; nothing changes in either case.
        """
        before = withdrawal.state
        after = self.lifecycle.after(before.name, event)
        settle(self._ledger, withdrawal, before.stage, after.stage)
        withdrawal.entered_ms, withdrawal.looks = at_ms, 0
        at_ms = max(at_ms, withdrawal.updated_ms)  # a server clock that was set back does not turn history round
        withdrawal.state = after
        withdrawal.updated_ms = at_ms
        withdrawal.entered_lead_ms = lead_ms
        self._note(withdrawal, before.name, event, at_ms, reason)

    def before(self, steps: int) -> Book:
        """A book as this one was `steps` steps ago (at its beginning, if it has not taken so many): copies, to read."""
        past = Book(self._account, self.lifecycle, self._ledger, [])
        for withdrawal in self:
            history = [step for step in withdrawal.history if step.number <= self.steps - steps]
            if history:
                state, at_ms = self.lifecycle.state(history[-1].state), history[-1].at_ms
                shown = replace(withdrawal, state=state, updated_ms=at_ms, history=history)
                past._withdrawals[shown.id] = shown
        return past

    def _note(self, withdrawal: Withdrawal, source: str, event: str, at_ms: int, reason: str = "") -> None:
        self.steps += 1
        state = withdrawal.state.name
        withdrawal.history.append(Step(at_ms, state, event, self.steps, reason))
        self._changes.append(Change(self._account, withdrawal.id, source, state, event, at_ms, reason))


def settle(ledger: Ledger, withdrawal: Withdrawal, before: Stage, after: Stage) -> None:
    """The money that a step from one stage to another moves. Raises Overdrawn."""
    if before not in held_stages and after in held_stages:
        ledger.hold(withdrawal.asset, withdrawal.gross)
    elif before in held_stages and after is Stage.PROCESSED:
        ledger.spend(withdrawal.asset, withdrawal.gross)
    elif before in held_stages and after not in held_stages:
        ledger.release(withdrawal.asset, withdrawal.gross)
