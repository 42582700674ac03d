"""What a test holds of an exchange: where its accounts come from, and what belongs to nobody.

Every operation is synchronous and may be called from any thread, also while the server answers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from simulator.core.accounts import Progress
from simulator.core.faults import Fault
from simulator.core.journal import Journal
from simulator.server.handles import AccountHandle, Money, exported
from simulator.service import faults, operations, snapshots

if TYPE_CHECKING:
    from simulator.server.simulator import Simulator

__all__ = ["AccountHandle", "ExchangeHandle"]


class ExchangeHandle:
    """One exchange of a simulator: where its accounts come from.

    `naming` gives names to try, in this order, for an account that nobody names (None: `account-1`, `account-2` ...).
    """

    def __init__(self, simulator: Simulator, name: str) -> None:
        self._simulator = simulator
        self.name = name
        self.naming: Callable[[], Iterator[str]] | None = None

    @property
    def journal(self) -> Journal:
        """What belonged to no account: unknown keys, unknown routes, public calls."""
        return self._simulator.service.worlds[self.name].journal

    def export_journal(self, path: str | Path) -> int:
        """Write that journal to a file, as `AccountHandle.export_journal` does. Returns the number of lines."""
        world = self._simulator.service.worlds[self.name]
        return exported(self._simulator.service, world.journal, path)

    def set(self, **changes: Any) -> None:
        """Change `behavior` or `skew_ms` for calls that belong to no account, and for accounts made from now on.

        `skew_ms` is how far the server's clock is off, in whole ms (negative: behind). Raises Misuse.
        """
        operations.change_exchange(self._simulator.service, self.name, changes)

    def fault(self, kind: str, **options: Any) -> Fault:
        """Let something happen to calls that belong to no account (public calls, unknown keys). Raises Misuse."""
        return faults.add_to_exchange(self._simulator.service, self.name, {"kind": kind, **options})

    @property
    def faults(self) -> list[Fault]:
        """Its faults, in the order they were made, with live counters; those of accounts are the accounts'."""
        return list(self._simulator.service.worlds[self.name].faults)

    @property
    def unfired(self) -> list[Fault]:
        """Those of `faults` that have not happened to any call yet."""
        return faults.unfired(self.faults)

    def forget_faults(self, fault_id: str | None = None) -> None:
        """Remove the fault with this `id`, or all of `faults`. Raises NotThere."""
        with self._simulator.service.lock:
            faults.forget(self._simulator.service.worlds[self.name].faults, fault_id)

    def account(
        self,
        name: str | None = None,
        *,
        balances: Mapping[str, Money] | None = None,
        permissions: list[str] | tuple[str, ...] | None = None,
        progress: Progress = "manual",
        delays: dict[str, float] | None = None,
        polls: int | None = None,
        skew_ms: int | None = None,
        limits: bool = False,
        behavior: Mapping[str, str | int | bool] | None = None,
        **options: Any,
    ) -> AccountHandle:
        """A fresh account with its first key.

        `balances` by common ticker (default: plenty of everything); `permissions` in the exchange's own words (default:
        all that a withdrawal needs); `limits` switches rate limits on; `behavior` maps conditions to error rows and
        fields to values; `options` are what only this exchange has, and the key's (`api_key`, `api_secret`,
        `ip_allowlist`, `expires` ...).

        `progress` is how withdrawals go on by themselves: manual, timed, immediate, or polled (a step with every
        `polls` answered calls that show withdrawals, `list` or `status`). `delays` are seconds by state, by its name or
        its word, that take the place of the due times. `skew_ms` is how far the server's clock is off for this account
        (default: as far as the exchange's). Raises Misuse.
        """
        service = self._simulator.service
        with service.lock:
            if name is None and self.naming is not None:
                taken = service.worlds[self.name].accounts
                name = next(candidate for candidate in self.naming() if candidate not in taken)
            chosen: dict[str, Any] = {"name": name, "balances": balances, "permissions": permissions}
            chosen |= {"behavior": behavior, "delays": delays, "polls": polls, "skew_ms": skew_ms}
            given = {option: value for option, value in chosen.items() if value is not None}
            given |= {"progress": progress, "limits": limits, **options}
            opened = operations.create_account(service, self.name, given)
        return AccountHandle(self._simulator, opened.exchange, opened.account, opened.key)

    def restore(self, snapshot: Mapping[str, Any]) -> AccountHandle:
        """The account of a document that `AccountHandle.snapshot` gave, under its own name, with its first key.

        Raises Misuse for a document that is broken, of another version, or contradicts itself; AlreadyThere when the
        name, a key or a user of it is taken. Nothing is left behind then.
        """
        opened = snapshots.restore(self._simulator.service, snapshot, self.name)
        return AccountHandle(self._simulator, opened.exchange, opened.account, opened.key)
