"""One withdrawal of an account, as a test holds it: what it is now, and the steps that a test takes for it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from simulator.core.book import Step, Withdrawal
from simulator.core.lifecycle import Stage
from simulator.core.plans import Plan
from simulator.service import operations, plans

if TYPE_CHECKING:
    from simulator.server.handles import AccountHandle


class WithdrawalHandle:
    """One withdrawal of an account. `id` is what the cancel call takes."""

    def __init__(self, account: AccountHandle, withdrawal: Withdrawal) -> None:
        self._account = account
        self._withdrawal = withdrawal
        self.id = withdrawal.id
        self.asset = withdrawal.asset
        self.amount = withdrawal.amount
        self.fee = withdrawal.fee

    def _fresh(self) -> Withdrawal:
        with self._account._present() as service:
            return operations.find_withdrawal(service, self._account.id, self.id)

    @property
    def state(self) -> str:
        """The state in the exchange's own word."""
        return self._fresh().state.word

    @property
    def internal_state(self) -> str:
        """The state's name in the exchange's life-cycle table, where several may share a word."""
        return self._fresh().state.name

    @property
    def stage(self) -> Stage:
        """Our word for where the money is: pending, cancelling, processed, cancelled or failed."""
        return self._fresh().stage

    @property
    def confirmation_code(self) -> str:
        """What the exchange would have mailed to the user for confirming it; "" where an exchange mails nothing."""
        return self._fresh().confirmation_code

    @property
    def history(self) -> list[Step]:
        """The states it went through, oldest first, times in account time."""
        return list(self._fresh().history)

    def event(self, name: str | None = None, reason: str | None = None) -> None:
        """Take a step of the life-cycle by name, or the one that would fall due next, whoever may do so.

        `reason`, text of at most 500 characters, stands in the history and in the journal's changes; no client sees it.
        Raises Misuse when the state has no such event, naming those that it has.
        """
        with self._account._present() as service:
            operations.event(service, self._account.id, self.id, name, reason)

    def plan(
        self,
        event: str,
        *,
        before: str | None = None,
        after: str | None = None,
        nth: int = 1,
        reason: str | None = None,
    ) -> Plan:
        """Let a step of the life-cycle race a call of the client: `plan("approve", before="cancel")`.

        It happens just `before` the `nth` call of that endpoint from now on is answered, or right `after` it was; the
        calls of the whole account count, whatever they are answered, and those that a fault kept from the exchange do
        not. Several plans for one call happen in the order they were made. The answer tells: `done` once it happened,
        `because` why it could not (then the client's call goes on as if there were no plan), `met` calls so far.
        Raises Misuse when there is no such event or endpoint, or not just one of `before` and `after`.
        """
        given = {"event": event, "before": before, "after": after, "nth": nth, "reason": reason}
        with self._account._present() as service:
            return plans.add(service, self._account.id, self.id, given)

    @property
    def plans(self) -> list[Plan]:
        """What was planned for this withdrawal, oldest first; each says whether it is `done`, or why not."""
        return list(self._fresh().plans)

    def set(self, **changes: Any) -> None:
        """Change how this withdrawal goes on: `progress`, `delays`, `polls`; None is as its account does.

        `progress` is manual, timed, immediate or polled; `delays` seconds by state ({"Pending": 2}), the whole of them;
        `polls` the looks that a step takes in polled progress. Raises Misuse.
        """
        with self._account._present() as service:
            operations.change_withdrawal(service, self._account.id, self.id, changes)
