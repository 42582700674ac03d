"""Accounts and their keys: everything a test may change without another test seeing it.

Two times meet here. The server clock is handed in; account time is that plus `lead_ms`, which `advance` raises.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal

from simulator.core.behavior import Behavior
from simulator.core.book import Book, Change, Withdrawal
from simulator.core.clock import Clock
from simulator.core.faults import Fault
from simulator.core.ids import Ids
from simulator.core.journal import Journal
from simulator.core.ledger import Ledger
from simulator.core.lifecycle import Due, Lifecycle
from simulator.core.limits import Counter
from simulator.core.nonces import Nonces

Progress = Literal["manual", "timed", "immediate"]
"""How withdrawals go on by themselves: only by `advance`, with the passing of time as well, or at once."""


@dataclass(slots=True, kw_only=True, weakref_slot=True)
class Key:
    """One API key of an account. `expires_ms` is account time. `details` is what only one exchange needs.

    `supplied` are the secrets that the user chose instead of having them generated: they are masked wherever shown.
    """

    account: Account
    api_key: str
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


class Account:
    """One account of one exchange, with its money, withdrawals, keys, time, limits, behavior, faults and journal.

    `details` is what only one exchange needs (a user id, sessions), a value of that exchange's own type. What every
    reply draws (trace ids) comes from `traces`, so that the number of calls does not change the ids of what is made.
    """

    def __init__(
        self,
        *,
        exchange: str,
        name: str,
        clock: Clock,
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
        self.limited = False
        self.lead_ms = 0
        self.counters: dict[str, Counter] = {}
        self.faults: list[Fault] = []
        self.journal = Journal()
        self.details: Any = None

    def now_ms(self) -> int:
        """Account time."""
        return self.clock.now_ns() // 1_000_000 + self.lead_ms

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

    def move(self, withdrawal: Withdrawal, event: str) -> None:
        """Take a step of the life-cycle now."""
        self.book.move(withdrawal, event, self.now_ms(), self.lead_ms)
        self.catch_up_one(withdrawal)

    def catch_up(self) -> None:
        """Take every step that is due. Called at the start of each turn, so that states are true when looked at."""
        for withdrawal in self.book:
            self.catch_up_one(withdrawal)

    def due(self, withdrawal: Withdrawal) -> Due | None:
        """What falls due next for a withdrawal, as this account's behavior has it; None in a state without any."""
        due = self.book.lifecycle.due.get(withdrawal.state.name)
        return None if due is None else due.chosen(self.behavior)

    def catch_up_one(self, withdrawal: Withdrawal) -> None:
        while (due := self.due(withdrawal)) is not None:
            over_ms = self._in_state_ms(withdrawal) - (0 if self.progress == "immediate" else due.after_ms)
            if over_ms < 0:
                return
            over_ms = over_ms if self.progress != "immediate" else 0
            lead_ms = self.lead_ms - over_ms if self.progress == "manual" else self.lead_ms
            self.book.move(withdrawal, due.event, self.now_ms() - over_ms, lead_ms)

    def _in_state_ms(self, withdrawal: Withdrawal) -> int:
        """How long a withdrawal has been in its state: by the lead alone in manual mode, else by account time."""
        if self.progress == "manual":
            return self.lead_ms - withdrawal.entered_lead_ms
        return max(0, self.now_ms() - withdrawal.updated_ms)
