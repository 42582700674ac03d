"""A state machine an exchange: whatever a client does, in whatever order, what it is answered fits the reference model.

    search.run(CLIENTS["bybit"], InProcess(), examples=100)    # None, or what failed with the shortest script

Needs Hypothesis (extra `contracts`). The steps are those of a client (create, cancel, repeat, list, page, ask for one,
use a second key, name somebody else's withdrawal) and those of the world (an event, time, a fault).
"""

from __future__ import annotations

import sys
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import Bundle, multiple, precondition

from contracts import strategies
from contracts.clients import Client
from contracts.lives import Lives, start
from contracts.model import Broken
from contracts.needs import needs
from contracts.script import Script
from contracts.taken import initialize, pick, picks, rule
from contracts.targets import ReplyLost, Target, TargetDown
from contracts.watch import Watch


class Machine(Lives):
    """The steps that all exchanges have."""

    withdrawals = Bundle("withdrawals")

    @initialize(target=withdrawals, in_haste=st.integers(0, 3).map(lambda drawn: drawn == 3), data=st.data())
    def an_account(self, in_haste: bool, data: st.DataObject) -> Any:
        """With some withdrawals that have lived a little: one that had to make them first often has none."""
        self.in_haste = in_haste  # few runs end with a limit: that takes as many calls as all their other steps
        self.script.account({"balances": {self.client.asset: str(start)}, **self.client.account})
        self.script.key({}, "second")
        if "withdrawals" not in self.can:
            return multiple()
        # One number for which states come and how far each goes: of many choices Hypothesis likes to repeat the first.
        states, chosen = self.client.states, data.draw(st.integers(0, 9_999), "states")
        names = []
        for place in range(chosen, chosen + data.draw(st.integers(5, 9), "count")):
            options = data.draw(strategies.withdrawals(self.client.exchange), "withdrawal")
            if name := self.put(options if place % 2 else {**options, "state": states[place // 2 % len(states)]}):
                self.lives(name, (0, 2, 5, 9)[place // 4 % 4], data)
                names.append(name)
        return multiple(*names)

    # What the client does.

    @rule(target=withdrawals, data=st.data())
    def create(self, data: st.DataObject) -> Any:
        amount = data.draw(strategies.amounts(self.client.exchange, largest=200), "amount")
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

    @precondition(lambda self: self.names)
    @rule(data=st.data())
    def several_are_cancelled(self, data: st.DataObject) -> None:
        """Or all; and what was accepted comes to an end, one way or the other: each gives back its own money, once."""
        some = st.lists(st.sampled_from(self.names), unique=True, min_size=1)
        for name in picks(data, "names", self.names, st.just(self.names) | some):
            if self.is_accepted(name) and (possible := self.possible(name)):
                self.order(name, pick(data, "event", possible))
        self.look()

    @rule(unknown=st.data())
    def cancel_what_is_not_there(self, unknown: st.DataObject) -> None:
        self.script.let("nobodys", pick(unknown, "id", self.client.unknown_ids))
        answer = self.cancelled("nobodys", "account")
        self.claim(answer in self.client.nobodys, f"a cancel of nobody's id may not be answered with {answer}")

    @needs("accounts")
    @rule()
    def cancel_what_is_another_accounts(self) -> None:
        if "other" not in self.script.accounts:
            self.script.account({}, "other")
            self.script.withdrawal({"asset": self.client.asset, "amount": "10"}, "foreign", "other")
        answer = self.cancelled("foreign", "account")
        self.claim(answer in self.client.nobodys, f"a cancel of another's withdrawal may not be answered with {answer}")

    @rule()
    def look_at_all(self) -> None:
        self.look()

    @rule(withdrawal=withdrawals)
    def look_at_one(self, withdrawal: str) -> None:
        self.found(withdrawal)

    # What the world does.

    @needs("withdrawals")
    @rule(target=withdrawals, data=st.data())
    def a_withdrawal_is_there(self, data: st.DataObject) -> Any:
        options = data.draw(strategies.withdrawals(self.client.exchange, states=True), "withdrawal")
        return self.put(options) or multiple()

    @needs("events")
    @precondition(lambda self: self.under_way())
    @rule(data=st.data())
    def something_happens(self, data: st.DataObject) -> None:
        """To those that have not come to their end: what can happen there, as far as the words tell."""
        under_way = self.under_way()
        some = st.lists(st.sampled_from(under_way), unique=True, min_size=1, max_size=6)
        for name in picks(data, "names", under_way, some):
            self.lives(name, data.draw(st.integers(1, 6), "steps"), data)

    @needs("time")
    @rule(seconds=st.sampled_from([1, 60, 3600]))
    def time_passes(self, seconds: int) -> None:
        self.script.advance(seconds)
        self.model.moved()

    @needs("faults")
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

    @needs("clock", "limits")
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
                self.all_are_cancelled()
                if self.in_haste and {"clock", "limits"} <= self.can:
                    self.too_many_cancels()
        finally:
            error = sys.exception()
            try:
                self.script.close()
            except TargetDown as down:
                error = down
            self.watch.ended(self.script, error)


def machine_for(client: Client, target: Target, latest: list[Script], watch: Watch | None = None) -> type[Machine]:
    """The machine of one exchange against one target; `latest` always has the script of the run that is going on."""
    from contracts.machines import MACHINES  # they are built on this module

    members = {"client": client, "target": target, "latest": latest, "watch": watch or Watch()}
    return type(f"{client.exchange.title()}Machine", (MACHINES.get(client.exchange, Machine),), members)
