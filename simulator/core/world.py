"""The world of one exchange: its accounts, its keys, its clock, and what belongs to nobody.

Exchanges do not share a world, so what happens on one cannot be seen on another.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from simulator.core.accounts import Account, Key
from simulator.core.behavior import Behavior
from simulator.core.book import Change
from simulator.core.clock import Clock, SkewedClock
from simulator.core.faults import Fault
from simulator.core.ids import Ids
from simulator.core.journal import Journal
from simulator.core.lifecycle import Lifecycle
from simulator.core.misuse import AlreadyThere, NotThere, did_you_mean, shown

Heed = Callable[[Key, bool], None]
"""Told of every key that comes (True) or goes (False)."""


class World:
    """All state of one exchange. `details` is what only one exchange needs (the sessions by token).

    `clock` is the server's clock as whoever is asking sees it: during a turn that of the account that it names, else
    the exchange's own, which calls of nobody see. `heed` hears of the keys of its accounts.
    """

    def __init__(self, exchange: str, clock: Clock, seed: int, lifecycle: Lifecycle, behavior: Behavior) -> None:
        self.exchange = exchange
        self._clock = SkewedClock(clock)
        self.clock = self._clock
        self.seed = seed
        self.lifecycle = lifecycle
        self.behavior = behavior
        self.traces = Ids(seed, exchange).beside("traces")
        self.journal = Journal()
        self.faults: list[Fault] = []
        self.faults_made = 0
        self.accounts: dict[str, Account] = {}
        self.details: Any = None
        self._keys: dict[str, Key] = {}
        self._named = 0
        self._changes: list[Change] = []
        self.heed: Heed = lambda key, is_new: None

    def now_ms(self) -> int:
        """The server clock."""
        return self.clock.now_ns() // 1_000_000

    def steady_ms(self) -> int:
        """A clock that no skew ever moves: how long sockets and sessions have been silent is told by it."""
        return self._clock.base.now_ns() // 1_000_000

    @property
    def skew_ms(self) -> int:
        """How far the server's clock is off for calls of nobody, and for accounts made from now on."""
        return self._clock.skew_ms

    @skew_ms.setter
    def skew_ms(self, ms: int) -> None:
        self._clock.skew_ms = ms

    @contextmanager
    def seen_by(self, account: Account | None) -> Iterator[None]:
        """As long as this lasts, the server's clock is the one that `account` sees (None: the exchange's own)."""
        before, self.clock = self.clock, self._clock if account is None else account.clock
        try:
            yield
        finally:
            self.clock = before

    def find_key(self, api_key: str) -> Key | None:
        """The key, its account brought up to date; None when nobody has it."""
        key = self._keys.get(api_key)
        if key is not None:
            key.account.catch_up()
        return key

    def add_account(self, name: str | None) -> Account:
        """A new, empty account. Raises AlreadyThere when the name is taken."""
        while name is None:
            self._named += 1
            candidate = f"account-{self._named}"
            name = candidate if candidate not in self.accounts else None
        account = self.make_account(name, Ids(self.seed, self.exchange, name))
        self.admit(account)
        return account

    def make_account(self, name: str, ids: Ids) -> Account:
        """An empty account that draws from `ids`; nobody knows it until it is admitted."""
        return Account(
            exchange=self.exchange,
            name=name,
            clock=SkewedClock(self._clock.base, self._clock.skew_ms),
            ids=ids,
            lifecycle=self.lifecycle,
            behavior=self.behavior,
            changes=self._changes,
        )

    def admit(self, account: Account) -> None:
        """Make an account and its keys known. Raises AlreadyThere when a name is taken; nothing is known then."""
        self.check_free(account)
        self.accounts[account.name] = account
        self._keys.update({key.api_key: key for key in account.keys})
        for key in account.keys:
            self.heed(key, True)

    def check_free(self, account: Account) -> None:
        """Raises AlreadyThere when the name of an account or of one of its keys is taken."""
        if account.name in self.accounts:
            name = account.name
            raise AlreadyThere(f"{self.exchange} already has an account {name!r}; choose another name or delete it")
        for key in account.keys:
            self._check_key(key)

    def add_key(self, key: Key) -> None:
        """Make a key known. Raises AlreadyThere when an account has one of that name."""
        self._check_key(key)
        self._keys[key.api_key] = key
        key.account.keys.append(key)
        self.heed(key, True)

    def _check_key(self, key: Key) -> None:
        if key.api_key in self._keys:
            raise AlreadyThere(f"{self.exchange} already has a key {shown(key.api_key)}; api_key must be another one")

    def account(self, name: str) -> Account:
        """The account called `name`, brought up to date. Raises NotThere."""
        if name not in self.accounts:
            raise NotThere(f"{self.exchange} has no account {shown(name)}; {did_you_mean(name, self.accounts)}")
        account = self.accounts[name]
        account.catch_up()
        return account

    def delete_account(self, name: str) -> None:
        """Forget an account, its keys and all it holds. Raises NotThere."""
        account = self.account(name)
        for key in account.keys:
            del self._keys[key.api_key]
            self.heed(key, False)
        del self.accounts[name]

    def drain(self) -> tuple[Change, ...]:
        """The changes of state since the last call, in every account, in the order they were made."""
        drained = tuple(self._changes)
        self._changes.clear()
        return drained
