"""What only Bybit has: an envelope whose parts agree with its headers, ids that fall from page to page, two kinds of
withdrawals that make up the whole list, a window of 30 days, and ten seconds between withdrawals.

After docs v5/asset/withdraw, v5/asset/withdraw/withdraw-record and v5/rate-limit; headers after ccxt#15926.
"""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import multiple, precondition

from contracts import strategies
from contracts.cases import Call
from contracts.clients.bybit import create, created, read
from contracts.clients.client import ACCEPTED
from contracts.machine import Machine
from contracts.needs import needs
from contracts.taken import rule
from contracts.wire import HttpReply

_DAY_S, _DAY_MS = 86_400, 86_400_000
_UNPROVEN = frozenset({"10001", "10002", "10004"})
_WITHOUT_TRANSACTION = frozenset({"CancelByUser", "Reject", "Fail"})

_compact = json.JSONEncoder(separators=(",", ":"), ensure_ascii=False).encode
_withdrawals = Machine.withdrawals


class BybitMachine(Machine):
    """The steps of a client of Bybit besides those of any client."""

    def __init__(self) -> None:
        super().__init__()
        self.ended: dict[str, dict[str, Any]] = {}
        self.latest_ms = 0

    @rule(withdrawal=_withdrawals, data=st.data())
    def cancel_without_proof(self, withdrawal: str, data: st.DataObject) -> None:
        call = data.draw(strategies.spoiled("bybit", self.client.cancel(withdrawal)), "call")
        before = self.row(withdrawal)
        reply = self.script.call(call)
        # Credentials that are no headers are answered with a 401, whose body nobody knows.
        answer = "401" if reply.status == 401 else str(read(reply)["retCode"])
        allowed = {"401"} if call.signed == "credentials_in_query" else _UNPROVEN
        self.claim(answer in allowed, f"a cancel that is signed wrongly may not be answered with {answer}")
        self.claim(self.row(withdrawal) == before, "a cancel that is signed wrongly changes nothing")

    @needs("withdrawals")
    @rule(target=_withdrawals, amount=strategies.amounts("bybit", largest=200), data=st.data())
    def an_internal_transfer_is_there(self, amount: Decimal, data: st.DataObject) -> Any:
        name = self.put({"asset": self.client.asset, "amount": f"{amount:f}", "internal": True})
        if not name:
            return multiple()
        row = self.row(name)
        self.claim(
            (row["withdrawType"], row["withdrawFee"]) == (1, "0"),
            f"an internal transfer has the withdrawType 1 and no fee, not {row['withdrawType']}, {row['withdrawFee']}",
        )
        self.lives(name, data.draw(st.integers(0, 2), "steps"), data)
        return name

    @rule()
    def look_at_both_kinds(self) -> None:
        """Withdrawals on chain and internal transfers make up the list; each list falls by id."""
        on_chain, internal, both = (self.rows(f"withdrawType={kind}&limit=50") for kind in (0, 1, 2))
        for kind, rows in ((0, on_chain), (1, internal)):
            wrong = [row["withdrawId"] for row in rows if row["withdrawType"] != kind]
            self.claim(not wrong, f"the list of withdrawType {kind} has others: {wrong}")
        ids = [int(row["withdrawId"]) for row in both]
        self.claim(ids == sorted(set(ids), reverse=True), f"a list falls by id, not {ids}")
        parts = sorted(on_chain + internal, key=lambda row: -int(row["withdrawId"]))
        self.claim(parts == both, "the lists of withdrawType 0 and 1 make up that of 2")
        for row in both:
            self.ends(row)

    @rule()
    def ask_what_can_be_withdrawn(self) -> None:
        reply = self.script.call(Call("GET", "/v5/asset/withdraw/withdrawable-amount?coin=USDT"))
        wallet = read(reply)["result"]["withdrawableAmount"]["FUND"]
        available = self.client.available(self.script.call(self.client.balance()))
        told = Decimal(wallet["withdrawableAmount"])
        self.claim(told == available, f"what can be withdrawn is what is available: {told} there, {available} here")

    @needs("limits", "time")
    @precondition(lambda self: "hasty" not in self.script.accounts)
    @rule(pause=st.sampled_from([0, 5, 10, 15]), cancelled=st.booleans())
    def two_withdrawals_in_a_row(self, pause: int, cancelled: bool) -> None:
        """One of a coin on a chain in ten seconds, whatever became of the first."""
        self.script.account({"limits": True}, "hasty")
        self.script.let("first", self.make("hasty", ""))
        if cancelled:
            answer = self.cancelled("first", "hasty")
            self.claim(answer == ACCEPTED, f"a new withdrawal is cancelled, and not answered with {answer}")
        self.script.advance(pause, "hasty")
        expected = "131001" if pause < 10 else ""
        self.make("hasty", expected)

    @needs("withdrawals", "time")
    @precondition(lambda self: "old" not in self.script.accounts)
    @rule(days=st.integers(1, 29) | st.integers(31, 90))
    def a_withdrawal_grows_old(self, days: int) -> None:
        """The list shows 30 days unless one asks for others, and never more than 30 days at once."""
        self.script.account({}, "old")
        self.script.withdrawal({"asset": self.client.asset, "amount": "10"}, "aged", "old")
        (row,) = self.rows("withdrawType=2", "old")
        self.script.advance(days * _DAY_S, "old")
        shown = self.rows("withdrawType=2", "old")
        self.claim(bool(shown) == (days < 30), f"after {days} days the list shows {len(shown)} withdrawals")
        start_ms = int(row["createTime"])
        found = self.rows(f"withdrawType=2&startTime={start_ms}&endTime={start_ms + 29 * _DAY_MS}", "old")
        self.claim(len(found) == 1, f"asked for its time, the list shows {len(found)} withdrawals of {days} days ago")
        end_ms = start_ms + days * _DAY_MS
        document = read(
            self.script.call(_query(f"withdrawType=2&startTime={start_ms}&endTime={end_ms}"), account="old")
        )
        expected = 0 if days < 30 else 131002
        self.claim(
            document["retCode"] == expected,
            f"a list of {days} days may not be answered with {document['retCode']}",
        )

    # How it is asked and told.

    def cancelled(self, name: str, account: str) -> str:
        reply = self.script.call(self.client.cancel(name), account)
        self.envelope(reply)
        return self.client.answered(reply)

    def make(self, account: str, expected: str) -> str:
        """Create a withdrawal of 10, which must be answered with the code `expected` ("": made); its id."""
        identity, code = created(self.script.call(create(Decimal(10)), account))
        self.claim(code == expected, f"this creation is answered with {expected or 'an id'}, not {code or 'an id'}")
        return identity

    def row(self, withdrawal: str) -> dict[str, Any]:
        rows = self.rows(f"withdrawType=2&withdrawID=«{withdrawal}»")
        self.claim(len(rows) == 1, f"asked for one id, the list shows {len(rows)} withdrawals")
        return rows[0]

    def rows(self, query: str, account: str = "account") -> list[dict[str, Any]]:
        reply = self.script.call(_query(query), account)
        self.envelope(reply)
        document = read(reply)
        self.claim(document["retCode"] == 0, f"query-record?{query} may not be answered with {document['retCode']}")
        rows: list[dict[str, Any]] = document["result"]["rows"]
        return rows

    def envelope(self, reply: HttpReply) -> None:
        """Compact JSON of five keys in their order; the headers say the same; time does not run backwards."""
        document = read(reply)
        keys = ["retCode", "retMsg", "result", "retExtInfo", "time"]
        self.claim(list(document) == keys, f"an answer has the keys {', '.join(keys)}, not {', '.join(document)}")
        again = _compact(json.loads(reply.body))
        self.claim(again == reply.text, f"an answer is compact JSON, not {reply.text[:200]!r}")
        told = {"Timenow": document["time"], **({"Ret_code": document["retCode"]} if document["retCode"] else {})}
        for header, value in told.items():
            got = reply.header(header)
            self.claim(got == str(value), f"the header {header} is {value} as in the body, not {got}")
        reset = reply.header("X-Bapi-Limit-Reset-Timestamp")
        if document["retCode"] == 10006 and reset is not None:  # not every 10006 has it (pybit#340)
            self.claim(int(reset) > document["time"], f"a limit that was met ends in the future, not at {reset}")
        self.claim(document["time"] >= self.latest_ms, "the time of answers does not run backwards")
        self.latest_ms = document["time"]

    def ends(self, row: dict[str, Any]) -> None:
        """What has come to an end stays as it is, to the letter."""
        word = self.client.words[row["status"]]
        before = self.ended.get(row["withdrawId"])
        if before is not None:
            self.claim(row == before, f"what has ended does not change: {before} before, {row} now")
        elif not word.leads_to:
            self.ended[row["withdrawId"]] = row
            self.claim(int(row["createTime"]) <= int(row["updateTime"]), f"{row} was updated before it was created")
            self.claim(
                row["status"] not in _WITHOUT_TRANSACTION or not row["txID"],
                f"a withdrawal that is {row['status']} has no transaction, not {row['txID']}",
            )


def _query(query: str) -> Call:
    return Call("GET", f"/v5/asset/withdraw/query-record?{query}")
