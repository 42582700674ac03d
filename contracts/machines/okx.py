"""What only OKX has: an accepted cancel that loses its race, Lightning, pages by time, a status in a sentence, bills.

In the bills every withdrawal is booked out once and back at most once.

After docs-v5 Funding Account: Cancel withdrawal, Get withdrawal history, Get deposit withdraw status, Asset bills
details (types 2, 13, 221 and 222).
"""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import multiple, precondition

from contracts import strategies
from contracts.cases import Call
from contracts.clients.client import ACCEPTED
from contracts.clients.okx import answered, cancel, history, read, rows_of
from contracts.lives import start
from contracts.machine import Machine
from contracts.needs import needs
from contracts.taken import rule

_UNPROVEN = frozenset({"50113", "50112", "50102", "50103"})
"""What a wrong proof gets: another signature, a timestamp that is none or too old, no headers at all."""
_SENTENCES = {
    "pending withdrawal": {"0", "17", "19", "10", "4", "5", "6", "8", "9", "12", "7"},
    "withdrawal in progress": {"1", "15", "16", "-3"},
    "withdrawal complete": {"2", "-1"},
    "cancellation complete": {"-2"},
}
"""The stages of deposit-withdraw-status, and the states that withdrawal-history puts there."""
_RETURNS = {"13": "2", "222": "221"}
"""Types of bills: what comes back, and what went out then."""

_withdrawals = Machine.withdrawals


class OkxMachine(Machine):
    """The steps of a client of OKX besides those of any client."""

    @rule(withdrawal=_withdrawals, data=st.data())
    def cancel_without_proof(self, withdrawal: str, data: st.DataObject) -> None:
        call = data.draw(strategies.spoiled("okx", cancel(withdrawal)), "call")
        before = self.one(withdrawal)
        answer = answered(self.script.call(call))
        self.claim(answer in _UNPROVEN, f"a cancel with a wrong proof may not be answered with {answer}")
        self.claim(self.one(withdrawal) == before, "a cancel that is refused for its proof changes nothing")

    @needs("events")
    @rule(withdrawal=_withdrawals)
    def an_accepted_cancel_loses_its_race(self, withdrawal: str) -> None:
        answer = self.cancelled(withdrawal, "account")
        self.model.answered(self.script.values[withdrawal], answer)
        if answer != ACCEPTED:
            return
        self.script.event("lose_race", withdrawal)
        self.model.moved([self.script.values[withdrawal]])
        word = self.one(withdrawal).word
        self.claim(word not in {"-3", "-2"}, f"a cancel that came too late leads on and not to {word}")
        again = self.cancelled(withdrawal, "account")
        self.claim(again == "58216", f"what goes out already cannot be cancelled; a cancel is answered with {again}")

    @needs("withdrawals")
    @precondition(lambda self: "lightning" not in self.script.values)
    @rule()
    def a_withdrawal_on_lightning_is_not_cancelled(self) -> None:
        self.script.withdrawal({"asset": "BTC", "amount": "0.01", "network": "BTC-Lightning"}, "lightning")
        before = self.one("lightning")
        answer = self.cancelled("lightning", "account")
        self.claim(answer == "58216", f"a cancel on Lightning may not be answered with {answer}")
        self.claim(self.one("lightning") == before, "a cancel that is refused changes nothing")

    @needs("withdrawals")
    @rule(target=_withdrawals, amount=strategies.amounts("okx", largest=200), data=st.data())
    def an_internal_transfer_is_there(self, amount: Decimal, data: st.DataObject) -> Any:
        """To another user of OKX: it goes its way without a chain."""
        name = self.put({"asset": self.client.asset, "amount": f"{amount:f}", "internal": True})
        if not name:
            return multiple()
        self.lives(name, data.draw(st.integers(0, 3), "steps"), data)
        return name

    @rule(limit=st.integers(1, 3))
    def page_by_time(self, limit: int) -> None:
        """`after` asks for what is strictly earlier: what shares its moment with the last row of a page is passed over,
        and nothing else is.
        """
        everything = rows_of(self.script.call(self.client.list()))
        times = [int(row["ts"]) for row in everything]
        self.claim(times == sorted(times, reverse=True), "the history is in reverse chronological order")
        expected, seen, query = list(everything), [], f"ccy=USDT&limit={limit}"
        while rows := rows_of(self.script.call(history(query))):
            self.claim(len(rows) <= limit, f"a page of {limit} has {len(rows)} rows")
            self.claim(rows == expected[: len(rows)], "a page continues the history where the last one ended")
            self.claim(len(rows) == min(limit, len(expected)), "a page is full unless it is the last one")
            seen += rows
            expected = [row for row in expected if int(row["ts"]) < int(rows[-1]["ts"])]
            query = f"ccy=USDT&limit={limit}&after={rows[-1]['ts']}"
        self.claim(not expected, f"pages end early: {len(expected)} rows are left")
        later = [row for row in everything if int(row["ts"]) > int(everything[-1]["ts"])] if everything else []
        if everything:
            shown = rows_of(self.script.call(history(f"ccy=USDT&before={everything[-1]['ts']}")))
            self.claim(shown == later, "`before` shows what is strictly newer")

    @rule(withdrawal=_withdrawals)
    def the_status_agrees_with_the_history(self, withdrawal: str) -> None:
        word = self.one(withdrawal).word
        call = Call("GET", f"/api/v5/asset/deposit-withdraw-status?wdId=«{withdrawal}»")
        (row,) = rows_of(self.script.call(call))
        stage, _, sentence = row["state"].partition(": ")
        self.claim(
            row["wdId"] == self.script.values[withdrawal] and bool(sentence) and word in _SENTENCES[stage.lower()],
            f"a withdrawal in state {word} is not in the stage {row['state']!r}",
        )

    @rule()
    def bills_book_every_withdrawal(self) -> None:
        words = {row["wdId"]: row for row in rows_of(self.script.call(self.client.list()))}
        types: Counter[str] = Counter()
        total = Decimal(0)
        for type_ in ("2", "221", "13", "222"):
            for bill in rows_of(self.script.call(Call("GET", f"/api/v5/asset/bills?ccy=USDT&type={type_}"))):
                self.claim(bill["type"] == type_, f"a bill of type {bill['type']} is shown among those of {type_}")
                types[type_] += 1
                total += Decimal(bill["balChg"])
        back = sum(row["state"] in {"-2", "-1"} for row in words.values())
        self.claim(types["2"] == len(words), f"{len(words)} withdrawals have {types['2']} bills of type 2")
        self.claim(types["13"] == back, f"{back} withdrawals came back, and there are {types['13']} bills of type 13")
        for returned, gone in _RETURNS.items():
            self.claim(types[returned] <= types[gone], f"more bills of type {returned} than of {gone}")
        available = self.client.available(self.script.call(self.client.balance()))
        self.claim(start + total == available, f"{start} and bills of {total} make {start + total}, not {available}")

    def cancelled(self, name: str, account: str) -> str:
        """An accepted cancel names the withdrawal that it was asked for, and no other."""
        reply = self.script.call(cancel(name), account)
        answer: str = answered(reply)
        if answer == ACCEPTED:
            data: list[dict[str, Any]] = read(reply)["data"]
            asked = self.script.values[name]
            self.claim(data == [{"wdId": asked}], f"a cancel of {asked} is answered with {data}")
        return answer
