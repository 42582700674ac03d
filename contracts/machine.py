"""A state machine an exchange: whatever a client does, in whatever order, what it is answered fits the reference model.

    search.run(CLIENTS["bybit"], InProcess(), examples=100)    # None, or what failed with the shortest script

Needs Hypothesis (extra `contracts`). The steps are those of a client (create, cancel, repeat, list, page, ask for one,
use a second key, name somebody else's withdrawal) and those of the world (an event, time, a fault).
"""

from __future__ import annotations

import sys
from decimal import Decimal
from typing import Any, ClassVar

from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    initialize,
    multiple,
    precondition,
    rule,
)

from contracts import strategies
from contracts.cases import Call
from contracts.clients import Client
from contracts.clients.client import Shown
from contracts.model import Broken, Model
from contracts.script import Script
from contracts.targets import ControlRefused, ReplyLost, Target, TargetDown
from contracts.watch import Watch

start = Decimal(1000)


class Machine(RuleBasedStateMachine):
    """The steps that all exchanges have. `client`, `target`, `latest` and `watch` are set by `machine_for`."""

    client: ClassVar[Client]
    target: ClassVar[Target]
    latest: ClassVar[list[Script]]
    watch: ClassVar[Watch]
    withdrawals = Bundle("withdrawals")

    def __init__(self) -> None:
        super().__init__()
        self.watch.began()
        self.script = Script(self.client.exchange, self.target)
        self.latest[:] = [self.script]
        self.model = Model(self.client, start)
        self.count, self.in_haste = 0, False

    @initialize(in_haste=st.integers(0, 3).map(lambda drawn: drawn == 3))
    def an_account(self, in_haste: bool) -> None:
        self.in_haste = in_haste  # few runs end with a limit: that takes as many calls as all their other steps
        self.script.account({"balances": {self.client.asset: str(start)}, **self.client.account})
        self.script.key({}, "second")

    @property
    def can(self) -> frozenset[str]:
        return self.target.can

    def named(self) -> str:
        self.count += 1
        return f"w{self.count}"

    # What the client does.

    @rule(target=withdrawals, data=st.data())
    def create(self, data: st.DataObject) -> Any:
        amount = data.draw(strategies.amounts(self.client.exchange, largest=200))
        name = self.named()
        code = self.script.create(self.client.create(amount), name)
        if code:
            self.claim(code in self.client.not_created, f"a creation may not be answered with {code}")
            return multiple()
        self.open(name, amount)
        return name

    @rule(withdrawal=withdrawals, key=st.sampled_from(["account", "second"]))
    def cancel(self, withdrawal: str, key: str) -> None:
        self.model.answered(self.script.values[withdrawal], self.cancelled(withdrawal, key))

    @rule(unknown=st.data())
    def cancel_what_is_not_there(self, unknown: st.DataObject) -> None:
        self.script.let("nobodys", unknown.draw(st.sampled_from(self.client.unknown_ids)))
        answer = self.cancelled("nobodys", "account")
        self.claim(answer in self.client.nobodys, f"a cancel of nobody's id may not be answered with {answer}")

    @precondition(lambda self: "accounts" in self.can)
    @rule()
    def cancel_what_is_another_accounts(self) -> None:
        if "other" not in self.script.accounts:
            self.script.account({}, "other")
            self.script.withdrawal({"asset": self.client.asset, "amount": "10"}, "foreign", "other")
        answer = self.cancelled("foreign", "account")
        self.claim(answer in self.client.nobodys, f"a cancel of another's withdrawal may not be answered with {answer}")

    @rule()
    def look(self) -> None:
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

    @rule(withdrawal=withdrawals)
    def look_at_one(self, withdrawal: str) -> None:
        self.model.found(self.one(withdrawal))

    # What the world does.

    @precondition(lambda self: "withdrawals" in self.can)
    @rule(target=withdrawals, data=st.data())
    def a_withdrawal_is_there(self, data: st.DataObject) -> Any:
        options, name = data.draw(strategies.withdrawals(self.client.exchange)), self.named()
        try:
            self.script.withdrawal(options, name)
        except ControlRefused:
            self.script.steps.pop()
            return multiple()
        self.open(name, Decimal(options["amount"]))
        return name

    @precondition(lambda self: "events" in self.can)
    @rule(withdrawal=withdrawals, data=st.data())
    def something_happens(self, withdrawal: str, data: st.DataObject) -> None:
        try:
            self.script.event(data.draw(st.sampled_from(self.client.events)), withdrawal)
        except ControlRefused:
            self.script.steps.pop()
            return
        self.model.moved([self.script.values[withdrawal]])

    @precondition(lambda self: "time" in self.can)
    @rule(seconds=st.sampled_from([1, 60, 3600]))
    def time_passes(self, seconds: int) -> None:
        self.script.advance(seconds)
        self.model.moved()

    @precondition(lambda self: "faults" in self.can)
    @rule(withdrawal=withdrawals, kind=st.sampled_from(["lose_reply", "close_before"]))
    def the_answer_to_a_cancel_is_lost(self, withdrawal: str, kind: str) -> None:
        self.script.fault({"kind": kind, "endpoint": "cancel"})
        try:
            answer = self.cancelled(withdrawal, "account")
        except ReplyLost:
            if kind == "lose_reply":
                self.model.lost(self.script.values[withdrawal])
            return
        raise Broken(f"the answer to this cancel was to be lost, but it was {answer}")

    def too_many_cancels(self) -> None:
        """While the clock stands still, so many calls are answered and no more; a window later the next one is."""
        limit = self.client.limit
        self.script.account(limit.account, "limited")
        self.script.let("nobodys", self.client.unknown_ids[0])
        for number in range(1, limit.calls + 1):
            answer = self.cancelled("nobodys", "limited")
            self.claim(answer in self.client.nobodys, f"call {number} may not be answered with {answer}")
        answer = self.cancelled("nobodys", "limited")
        self.claim(answer == limit.code, f"call {limit.calls + 1} is answered with {limit.code}, not {answer}")
        self.script.advance(limit.window_s, "limited")
        answer = self.cancelled("nobodys", "limited")
        self.claim(answer in self.client.nobodys, f"{limit.window_s} s later a call may not be answered with {answer}")

    def teardown(self) -> None:
        try:
            if "account" in self.script.accounts and sys.exception() is None:  # a failure is not to be covered up
                self.look()
                if self.in_haste and {"clock", "limits"} <= self.can:
                    self.too_many_cancels()
        finally:
            error = sys.exception()
            try:
                self.script.close()
            except TargetDown as down:
                error = down
            self.watch.ended(self.script, error)

    # How it is asked and told.
    def cancelled(self, name: str, account: str) -> str:
        return self.client.answered(self.script.call(self.client.cancel(name), account))

    def one(self, withdrawal: str) -> Shown:
        rows, _ = self.client.listed(self.script.call(self.client.status(withdrawal)))
        identity = self.script.values[withdrawal]
        found = [row for row in rows if row.id == identity]
        self.claim(len(found) == 1, f"asked for {identity}, the exchange shows {len(found)} withdrawals of that id")
        return found[0]

    def open(self, name: str, amount: Decimal) -> None:
        """A withdrawal was made: it is shown at once, and takes at least the amount."""
        gross: Decimal = self.one(name).gross
        self.claim(gross >= amount, f"a withdrawal of {amount:f} takes no less from the balance, but {gross} is shown")
        self.model.opened(self.script.values[name], gross)

    def claim(self, holds: bool, sentence: str) -> None:
        if not holds:
            raise Broken(sentence)


def machine_for(client: Client, target: Target, latest: list[Script], watch: Watch | None = None) -> type[Machine]:
    """The machine of one exchange against one target; `latest` always has the script of the run that is going on."""
    from contracts.machines import MACHINES  # they are built on this module

    members = {"client": client, "target": target, "latest": latest, "watch": watch or Watch()}
    return type(f"{client.exchange.title()}Machine", (MACHINES.get(client.exchange, Machine),), members)
