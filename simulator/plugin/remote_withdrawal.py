"""A withdrawal of a simulator that runs elsewhere, and what was planned for it.

The same names as in `simulator/server/withdrawal_handle.py`; what is looked up is asked of the server each time.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from simulator.core.book import Step
from simulator.core.lifecycle import Stage
from simulator.plugin import documents

if TYPE_CHECKING:
    from simulator.plugin.remote_account import RemoteAccount


class RemoteWithdrawal:
    """One withdrawal of an account. `id` is what the cancel call takes."""

    def __init__(self, account: RemoteAccount, document: documents.Document) -> None:
        self._account = account
        self.id: str = document["id"]
        self.asset: str = document["asset"]
        self.amount = Decimal(document["amount"])
        self.fee = Decimal(document["fee"])

    def _fresh(self) -> documents.Document:
        document: documents.Document = self._account._ask("GET", "withdrawals", self.id)
        return document

    @property
    def state(self) -> str:
        """The state in the exchange's own word."""
        return str(self._fresh()["state"])

    @property
    def internal_state(self) -> str:
        """The state's name in the exchange's life-cycle table, where several may share a word."""
        return str(self._fresh()["internal_state"])

    @property
    def stage(self) -> Stage:
        """Our word for where the money is: pending, cancelling, processed, cancelled or failed."""
        return Stage(self._fresh()["stage"])

    @property
    def confirmation_code(self) -> str:
        """What the exchange would have mailed to the user for confirming it; "" where an exchange mails nothing."""
        return str(self._fresh().get("confirmation_code", ""))

    @property
    def history(self) -> list[Step]:
        """The states it went through, oldest first, times in account time."""
        return [documents.step(one) for one in self._fresh()["history"]]

    def event(self, name: str | None = None, reason: str | None = None) -> None:
        """Take a step of the life-cycle by name, or the one that would fall due next. Raises Misuse."""
        given = {"event": name, "reason": reason}
        body = {option: value for option, value in given.items() if value is not None}
        self._account._ask("POST", "withdrawals", self.id, "events", body=body)

    def plan(
        self,
        event: str,
        *,
        before: str | None = None,
        after: str | None = None,
        nth: int = 1,
        reason: str | None = None,
    ) -> RemotePlan:
        """Let a step of the life-cycle race a call of the client, as `WithdrawalHandle.plan` does. Raises Misuse."""
        given = {"event": event, "before": before, "after": after, "nth": nth, "reason": reason}
        body = {option: value for option, value in given.items() if value is not None}
        return RemotePlan(self, self._account._ask("POST", "withdrawals", self.id, "plans", body=body))

    @property
    def plans(self) -> list[RemotePlan]:
        """What was planned for this withdrawal, oldest first; each says whether it is `done`, or why not."""
        self._account._check_present()
        return [RemotePlan(self, document) for document in self._planned()]

    def _planned(self) -> list[documents.Document]:
        """Its plans as they are; once its account was deleted here, as they were then."""
        if self._account._has_last():
            last = self._account._withdrawals()
            return [plan for one in last if one["id"] == self.id for plan in one["plans"]]
        planned: list[documents.Document] = self._account._ask("GET", "withdrawals", self.id, "plans")["plans"]
        return planned

    def set(self, **changes: Any) -> None:
        """Change `progress`, `delays` or `polls` of this withdrawal; None is as its account does. Raises Misuse."""
        self._account._ask("PATCH", "withdrawals", self.id, body=changes)


class RemotePlan:
    """One planned step. `met`, `done` and `because` are as of now, or of its account's deletion here."""

    def __init__(self, withdrawal: RemoteWithdrawal, document: documents.Document) -> None:
        self._withdrawal = withdrawal
        self.id: str = document["id"]
        self.event: str = document["event"]
        self.endpoint: str = document["endpoint"]
        self.when: str = document["when"]
        self.nth: int = document["nth"]
        self.reason: str = document["reason"]

    @property
    def met(self) -> int:
        """The calls that it has waited for so far."""
        return int(self._fresh()["met"])

    @property
    def done(self) -> bool:
        """True once the step was taken."""
        return bool(self._fresh()["done"])

    @property
    def because(self) -> str:
        """Why the step could not be taken when its moment came; "" otherwise."""
        return str(self._fresh()["because"])

    @property
    def is_over(self) -> bool:
        """True once its moment has come, whether it could happen or not."""
        fresh = self._fresh()
        return bool(fresh["done"] or fresh["because"])

    def _fresh(self) -> documents.Document:
        return next(one for one in self._withdrawal._planned() if one["id"] == self.id)
