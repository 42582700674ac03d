"""Accounts and their keys: everything a test may change without another test seeing it.

Two times meet here. The server clock is handed in, with a skew of this account's own; account time is that plus
`lead_ms`, which `advance` raises.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

from simulator.core.behavior import Behavior
from simulator.core.book import Book, Change, Progress, Withdrawal
from simulator.core.clock import SkewedClock
from simulator.core.faults import Fault
from simulator.core.ids import Ids
from simulator.core.journal import Journal
from simulator.core.ledger import Ledger, Overdrawn
from simulator.core.lifecycle import Due, Lifecycle
from simulator.core.limits import Counter
from simulator.core.message import HeaderText
from simulator.core.misuse import Misuse
from simulator.core.nonces import Nonces
from simulator.core.plans import When

__all__ = ["Account", "Key", "Progress", "again", "masked"]


masked = "***"
"""What is shown in place of a secret that its user supplied."""


@dataclass(slots=True, kw_only=True, weakref_slot=True)
class Key:
    """One API key of an account. `expires_ms` is account time. `details` is what only one exchange needs.

    `supplied` are the secrets that the user chose instead of having them generated: they are masked wherever shown.
    """

    account: Account
    api_key: HeaderText
    secret: str
    passphrase: str = ""
    permissions: frozenset[str]
    ip_allowlist: tuple[str, ...] = ()
    expires_ms: int | None = None
    supplied: frozenset[str] = frozenset()
    nonces: Nonces = field(default_factory=Nonces)
    counters: dict[str, Counter] = field(default_factory=dict)
    details: Any = None

    def allows_ip(self, peer: str) -> bool:
        return not self.ip_allowlist or peer in self.ip_allowlist

    @property
    def is_expired(self) -> bool:
        return self.expires_ms is not None and self.account.now_ms() >= self.expires_ms


def again(account_id: str, event: str, withdrawal: Withdrawal) -> str:
    """Why a step that would hold a withdrawal's money again cannot be taken: the account has spent it otherwise."""
    gross = format(withdrawal.gross, "f")
    return f"the event {event!r} would hold {gross} {withdrawal.asset} again, which account {account_id!r} has not got"


class Account:
    """One account of one exchange, with its money, withdrawals, keys, time, limits, behavior, faults and journal.

    `delays` (ms by state) take the place of the due times of the life-cycle; `polls` are the looks that a step takes
    in polled progress; a withdrawal may have its own of both.
    `details` is what only one exchange needs (a user id, sessions), a value of that exchange's own type. What every
    reply draws (trace ids) comes from `traces`, so that the number of calls does not change the ids of what is made.
    """

    def __init__(
        self,
        *,
        exchange: str,
        name: str,
        clock: SkewedClock,
        ids: Ids,
        lifecycle: Lifecycle,
        behavior: Behavior,
        changes: list[Change],
    ) -> None:
        self.exchange = exchange
        self.name = name
        self.id = f"{exchange}-{name}"
        self.clock = clock
        self.ids = ids
        self.traces = ids.beside("traces")
        self.behavior = behavior
        self.ledger = Ledger()
        self.book = Book(self.id, lifecycle, self.ledger, changes)
        self.keys: list[Key] = []
        self.progress: Progress = "manual"
        self.delays: dict[str, int] = {}
        self.polls = 1
        self.limited = False
        self.lead_ms = 0
        self.counters: dict[str, Counter] = {}
        self.faults: list[Fault] = []
        self.faults_made = 0
        self.journal = Journal()
        self.details: Any = None
        self._is_past = False

    def now_ms(self) -> int:
        """Account time."""
        return self.clock.now_ns() // 1_000_000 + self.lead_ms

    def steady_ms(self) -> int:
        """Account time as it is without any skew: how much time has passed, for limits and lockouts, is told by it."""
        return self.clock.base.now_ns() // 1_000_000 + self.lead_ms

    def skew(self, ms: int) -> None:
        """Put the server's clock, as this account sees it, `ms` off. That alone moves no withdrawal."""
        for withdrawal in self.book:
            withdrawal.entered_ms += ms - self.clock.skew_ms
        self.clock.skew_ms = ms

    def counter(self, name: str, peer: str | None, make: Callable[[], Counter]) -> Counter:
        """This account's counter `name` (for one IP when `peer` is given), made on first use; at most 64 are kept."""
        key = name if peer is None else f"{name} {peer}"
        if key not in self.counters:
            if len(self.counters) >= 64:
                self.counters.pop(next(iter(self.counters)))
            self.counters[key] = make()
        return self.counters[key]

    def advance(self, ms: int) -> None:
        """Move this account's time forward and let fall due what falls due."""
        self.lead_ms += ms
        self.catch_up()

    def move(self, withdrawal: Withdrawal, event: str, reason: str = "") -> None:
        """Take a step of the life-cycle now. Raises Misuse, AlreadyThere and Overdrawn, as the book does."""
        self.book.move(withdrawal, event, self.now_ms(), self.lead_ms, reason)
        self.catch_up_one(withdrawal)

    def catch_up(self) -> None:
        """Take every step that is due. Called at the start of each turn, so that states are true when looked at."""
        for withdrawal in self.book:
            self.catch_up_one(withdrawal)

    def due(self, withdrawal: Withdrawal, state: str | None = None) -> Due | None:
        """What falls due for a withdrawal in `state` (None: its present one): the life-cycle's, as this account's
        behavior has it, after the withdrawal's delay, else the account's. None in a state without any.
        """
        name = withdrawal.state.name if state is None else state
        due = self.book.lifecycle.due.get(name)
        if due is None:
            return None
        chosen = due.chosen(self.behavior)
        if not withdrawal.delays and not self.delays:
            return chosen
        after_ms = withdrawal.delays.get(name, self.delays.get(name))
        return chosen if after_ms is None else replace(chosen, after_ms=after_ms)

    def catch_up_one(self, withdrawal: Withdrawal) -> None:
        """Take every step of a withdrawal that is due. One that goes by looks waits for its client."""
        progress = withdrawal.progress or self.progress
        if self._is_past or progress == "polled":
            return
        while (due := self.due(withdrawal)) is not None:
            over_ms = 0 if progress == "immediate" else self._in_state_ms(withdrawal, progress) - due.after_ms
            if over_ms < 0:
                return
            lead_ms = self.lead_ms - over_ms if progress == "manual" else self.lead_ms
            self.book.move(withdrawal, due.event, self.now_ms() - over_ms, lead_ms)

    def _in_state_ms(self, withdrawal: Withdrawal, progress: Progress) -> int:
        """How long a withdrawal has been in its state: by the lead alone in manual mode, else by account time."""
        if progress == "manual":
            return self.lead_ms - withdrawal.entered_lead_ms
        return max(0, self.now_ms() - withdrawal.entered_ms)

    def look(self) -> None:
        """The client has looked at the withdrawals: those that go by looks, and have had enough, take their next step.

        Every such withdrawal counts the look, whatever of them the client asked for.
        """
        for withdrawal in self.book:
            if (withdrawal.progress or self.progress) == "polled" and (due := self.due(withdrawal)) is not None:
                withdrawal.looks += 1
                if withdrawal.looks >= (withdrawal.polls or self.polls):
                    self.book.move(withdrawal, due.event, self.now_ms(), self.lead_ms)

    def meet_plans(self, endpoint: str, when: When) -> None:
        """A call of `endpoint` is about to be answered, or has been: take the steps that were planned for it.

        What cannot happen says so in its plan and nowhere else: it must not reach the client's call.
        """
        for withdrawal in [one for one in self.book if one.plans]:
            for plan in withdrawal.plans:
                if plan.meets(endpoint, when):
                    self.catch_up_one(withdrawal)
                    try:
                        self.move(withdrawal, plan.event, plan.reason)
                        plan.done = True
                    except Misuse as misuse:
                        plan.because = str(misuse)
                    except Overdrawn:
                        plan.because = again(self.id, plan.event, withdrawal)

    @contextmanager
    def as_before(self, steps: int) -> Iterator[None]:
        """As long as this lasts, the withdrawals are seen as they stood `steps` steps ago, and nothing falls due."""
        present, self.book, self._is_past = self.book, self.book.before(steps), True
        try:
            yield
        finally:
            self.book, self._is_past = present, False
