"""One withdrawal of an account, as a test holds it: what it is now, and the steps that a test takes for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulator.core.book import Step, Withdrawal
from simulator.core.lifecycle import Stage
from simulator.service import operations

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

    def event(self, name: str | None = None) -> None:
        """Take a step of the life-cycle by name, or the one that would fall due next. Raises Misuse."""
        with self._account._present() as service:
            operations.event(service, self._account.id, self.id, name)
