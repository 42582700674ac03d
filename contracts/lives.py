"""What the steps of a state machine are made of: an account, withdrawals that live in it, calls, looks and claims.

Here is what is done and what must hold then; which of it is done when is for `contracts.machine` and those of the
exchanges. Needs Hypothesis (extra `contracts`).
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any, ClassVar

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine

from contracts.cases import Call
from contracts.clients import Client
from contracts.clients.client import ACCEPTED, Shown
from contracts.model import Broken, Model
from contracts.script import Script
from contracts.taken import pick
from contracts.targets import Ability, ControlRefused, Target
from contracts.watch import Watch

start = Decimal(3000)


class Lives(RuleBasedStateMachine):
    """`client`, `target`, `latest` and `watch` are set by `machine_for`. `names` are the withdrawals, oldest first."""

    client: ClassVar[Client]
    target: ClassVar[Target]
    latest: ClassVar[list[Script]]
    watch: ClassVar[Watch]

    def __init__(self) -> None:
        super().__init__()
        self.watch.began()
        self.script = Script(self.client.exchange, self.target)
        self.latest[:] = [self.script]
        self.model = Model(self.client, start)
        self.count, self.in_haste = 0, False
        self.names: list[str] = []

    @property
    def can(self) -> frozenset[Ability]:
        return self.target.can

    def named(self) -> str:
        self.count += 1
        return f"w{self.count}"

    def cancelled(self, name: str, account: str) -> str:
        return self.client.answered(self.script.call(self.client.cancel(name), account))

    def is_accepted(self, name: str) -> bool:
        """Cancel, and be told what fits the model; True if it was accepted."""
        answer = self.cancelled(name, "account")
        self.model.answered(self.script.values[name], answer)
        return answer == ACCEPTED

    def one(self, withdrawal: str) -> Shown:
        rows, _ = self.client.listed(self.script.call(self.client.status(withdrawal)))
        identity = self.script.values[withdrawal]
        found = [row for row in rows if row.id == identity]
        self.claim(len(found) == 1, f"asked for {identity}, the exchange shows {len(found)} withdrawals of that id")
        return found[0]

    def found(self, name: str) -> None:
        """Look at one; it is as the model has it."""
        shown = self.one(name)
        self.model.found(shown)
        self.watch.met[f"state {shown.word}"] += 1

    def put(self, options: dict[str, Any]) -> str:
        """Put a withdrawal there, in some state; its name, or "" where there is no such state or not the money."""
        name = self.named()
        try:
            self.script.withdrawal(options, name)
        except ControlRefused:
            self.script.steps.pop()
            return ""
        self.open(name, Decimal(options["amount"]), options.get("state"))
        return name

    def open(self, name: str, amount: Decimal, word: str | None = None) -> None:
        """A withdrawal was made: it is shown at once, in its first word or in `word`, and takes at least the amount."""
        shown = self.one(name)
        self.claim(
            shown.gross >= amount,
            f"a withdrawal of {amount:f} takes no less from the balance, but {shown.gross} is shown",
        )
        self.model.opened(shown.id, shown.gross, word)
        self.model.found(shown)
        self.watch.met[f"state {shown.word}"] += 1
        self.names.append(name)

    def under_way(self) -> list[str]:
        """The withdrawals to which something may happen, as far as is known."""
        return [name for name in self.names if self.possible(name)]

    def possible(self, name: str) -> list[str]:
        """What may happen to a withdrawal now, as far as its words tell, and this target can order it."""
        return self.model.possible(self.script.values[name]) if "events" in self.can else []

    def lives(self, name: str, steps: int, data: st.DataObject) -> None:
        """So many things happen to a withdrawal, or fewer where it comes to its end or the target knows better."""
        for _ in range(steps):
            possible = self.possible(name)
            chosen = [pick(data, "event", possible)] if possible else []
            if not any(self.order(name, event) for event in dict.fromkeys(chosen + possible)):
                break
        self.found(name)

    def order(self, name: str, event: str) -> bool:
        """Let an event happen; False if the target says that it cannot."""
        try:
            self.script.event(event, name)
        except ControlRefused:  # a word does not tell all, or time has passed
            self.script.steps.pop()
            self.watch.met[f"refused {event}"] += 1
            return False
        self.model.happened(self.script.values[name], event)
        self.watch.met[f"event {event}"] += 1
        return True

    def claim(self, holds: bool, sentence: str) -> None:
        if not holds:
            raise Broken(sentence)

    def look(self) -> None:
        """At all that the account has, and at its balance."""
        rows: list[Shown] = []
        pages = 0
        call: Call | None = self.client.list()
        while call is not None:
            shown, call = self.client.listed(self.script.call(call))
            rows += shown
            pages += 1
            self.claim(
                pages <= len(self.model.entries) + 2,
                f"the pages of a list come to an end, but {pages} of them show {len(self.model.entries)} withdrawals",
            )
        self.model.seen(rows)
        self.model.balance(self.client.available(self.script.call(self.client.balance())))
        self.watch.met.update({f"state {row.word}" for row in rows} | {f"balance after {self.model.refunds} refunds"})

    def all_are_cancelled(self) -> None:
        """One by one, and behind the first that are accepted one looks: back comes its money, and no other."""
        self.look()
        accepted = 0
        for name in self.names:
            if self.is_accepted(name):
                if possible := self.possible(name):
                    self.order(name, possible[0])
                accepted += 1
                if accepted <= 5:  # of forty withdrawals a list has many pages
                    self.look()
        self.look()
