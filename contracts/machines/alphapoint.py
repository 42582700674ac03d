"""What only AlphaPoint has: two transports that agree, lists and tickets that agree, sessions, operators, and holds
that begin and end.

After its documentation (message frame, CancelWithdraw, GetWithdraws, GetWithdrawTickets, UpdateWithdrawTicket,
GetAccountTransactions).
"""

from __future__ import annotations

import json
from collections import Counter
from decimal import Decimal

from hypothesis import strategies as st

from contracts.cases import Call
from contracts.clients.alphapoint import NOT_AUTHORIZED, WORDS, answered, cancel, listed, outcome, payload, read
from contracts.clients.client import Shown, Unreadable
from contracts.documents import parsed
from contracts.lives import start
from contracts.machine import Machine
from contracts.model import Broken
from contracts.needs import needs
from contracts.taken import rule
from contracts.targets import ReplyLost
from contracts.wire import HttpReply

_JSON = {"Content-Type": "application/json"}
_SOCKET = "/WSGateway/"
_IMPOSSIBLE = frozenset({"101 None", "100"})
"""No step leads to the status; or its money, which would be held again, has gone."""

_withdrawals = Machine.withdrawals


def _answered(said: str) -> str:
    """What a cancel was answered on a socket, read as over HTTP."""
    return answered(HttpReply(200, (), said.encode()))


def _within(withdrawal: str) -> Call:
    """A cancel in the session of «token»."""
    return Call("POST", "/AP/CancelWithdraw", {**_JSON, "aptoken": "«token»"}, payload(withdrawal), "not")


def _tickets(first: int, limit: int) -> Call:
    body = f'{{"OMSId":1,"AccountId":«account_id»,"StartIndex":{first},"Limit":{limit}}}'
    return Call("POST", "/AP/GetWithdrawTickets", _JSON, body)


def _frame(function: str, payload: str, number: int) -> str:
    text = json.dumps(payload, ensure_ascii=False)
    return f'{{"m":0,"i":{number},"n":"{function}","o":{text}}}'


class AlphapointMachine(Machine):
    """The steps of a client of AlphaPoint besides those of any client."""

    def said(self, frame: str, number: int, function: str, payload: str) -> str:
        """The `o` of a reply that echoes number and name."""
        try:
            told = parsed(frame)
        except ValueError:
            told = None
        if not isinstance(told, dict) or list(told) != ["m", "i", "n", "o"] or not isinstance(told["o"], str):
            raise Unreadable(f"{frame[:200]!r} is no frame with m, i, n and o")
        self.claim(told["m"] == 1, f"a reply is of type 1, also where it refuses, not {told['m']}")
        echoed = (told["i"], told["n"])
        self.claim(echoed == (number, function), f"a reply echoes {number} and {function}, not {echoed}")
        return str(told["o"])

    def in_frames(self, asked: list[tuple[str, str]], first: int = 0) -> list[str]:
        """Functions and payloads on one socket, numbered from `first`; what each was answered."""
        frames = [_frame(function, payload, first + 2 * place) for place, (function, payload) in enumerate(asked)]
        heard = self.script.frames(_SOCKET, frames)
        self.claim(len(heard) == len(frames), f"{len(frames)} frames are answered by as many, not by {len(heard)}")
        return [self.said(one, first + 2 * place, *asked[place]) for place, one in enumerate(heard)]

    @needs("sockets")
    @rule(withdrawal=_withdrawals, first=st.integers(0, 99))
    def cancel_in_a_frame(self, withdrawal: str, first: int) -> None:
        (said,) = self.in_frames([("CancelWithdraw", payload(withdrawal))], first)
        self.model.answered(self.script.values[withdrawal], _answered(said))
        self.model.found(self.one(withdrawal))

    @needs("sockets")
    @rule(withdrawal=_withdrawals)
    def cancel_twice_on_a_socket(self, withdrawal: str) -> None:
        for said in self.in_frames([("CancelWithdraw", payload(withdrawal))] * 2):
            self.model.answered(self.script.values[withdrawal], _answered(said))

    @needs("sockets", "faults")
    @rule(withdrawal=_withdrawals)
    def a_socket_breaks_behind_a_cancel(self, withdrawal: str) -> None:
        self.script.fault({"kind": "lose_reply", "endpoint": "cancel"})
        try:
            self.in_frames([("CancelWithdraw", payload(withdrawal))])
        except ReplyLost:
            self.model.lost(self.script.values[withdrawal])
            return
        raise Broken("the answer to this cancel was to be lost, but it came")

    @needs("sockets")
    @rule(withdrawal=_withdrawals)
    def both_transports_show_the_same(self, withdrawal: str) -> None:
        asked = self.client.status(withdrawal)
        (said,) = self.in_frames([("GetWithdrawTicket", asked.body)])
        reply = self.script.call(asked)
        self.claim(said == reply.text, f"both transports show the same ticket, not {said} on a socket, {reply.text}")

    @rule()
    def lists_and_tickets_agree(self) -> None:
        """GetWithdraws, GetWithdrawTickets page by page, and each GetWithdrawTicket show the same, newest first."""
        rows, _ = listed(self.script.call(self.client.list()))
        pages: list[Shown] = []
        while True:
            page, _ = listed(self.script.call(_tickets(len(pages), 2)))
            self.claim(len(page) <= 2, f"a page of at most 2 tickets has {len(page)}")
            pages += page
            if len(page) < 2:
                break
            self.claim(len(pages) <= len(rows), "the pages of a list come to an end")
        self.claim(list(rows) == pages, f"GetWithdraws and GetWithdrawTickets show the same: {rows}, {pages}")
        self.model.seen(pages)
        made = list(self.model.entries)
        self.claim([one.id for one in rows] == made[::-1], "lists begin with the newest")

    @rule(withdrawal=_withdrawals)
    def cancel_by_an_upper_case_code(self, withdrawal: str) -> None:
        self.script.let("upper", self.script.values[withdrawal].upper())
        self.model.answered(self.script.values[withdrawal], self.cancelled("upper", "account"))

    @rule(withdrawal=_withdrawals, name=st.sampled_from(["OMSId", "UserId", "AccountId"]))
    def cancel_with_a_wrong_number(self, withdrawal: str, name: str) -> None:
        """Misaligned numbers find no ticket, and nothing changes."""
        before = self.one(withdrawal)
        call = cancel(withdrawal)
        hole = {"OMSId": "1", "UserId": "«user_id»", "AccountId": "«account_id»"}[name]
        call.body = call.body.replace(f'"{name}":{hole}', f'"{name}":4')
        answer = self.client.answered(self.script.call(call))
        self.claim(answer in self.client.nobodys, f"a cancel with a wrong {name} may not be answered with {answer}")
        self.claim(self.one(withdrawal) == before, f"a cancel with a wrong {name} changes nothing")

    @rule(withdrawal=_withdrawals)
    def cancel_without_permission(self, withdrawal: str) -> None:
        if "reader" not in self.script.credentials:
            self.script.key({"permissions": ["Trading"]}, "reader")
        before = self.one(withdrawal)
        answer = self.cancelled(withdrawal, "reader")
        self.claim(answer == NOT_AUTHORIZED, f"a key without Withdraw may not be answered with {answer}")
        self.claim(self.one(withdrawal) == before, "a cancel that is not authorized changes nothing")

    @rule(withdrawal=_withdrawals)
    def cancel_in_a_session_that_was_left(self, withdrawal: str) -> None:
        self.script.call(Call("GET", "/AP/Authenticate", keeps={"token": "SessionToken"}))
        self.model.answered(self.script.values[withdrawal], self.client.answered(self.script.call(_within(withdrawal))))
        self.script.call(Call("POST", "/AP/LogOut", {"aptoken": "«token»"}, signed="not"))
        before = self.one(withdrawal)
        reply = self.script.call(_within(withdrawal))
        self.claim(reply.status == 404, f"a session that was left may not be answered with {reply.status} {reply.text}")
        self.claim(self.one(withdrawal) == before, "a cancel in a session that was left changes nothing")

    @rule(withdrawal=_withdrawals, status=st.sampled_from(sorted(WORDS)))
    def an_operator_sets_a_status(self, withdrawal: str, status: str) -> None:
        """What an operator's step may lead to is in the table of words; a step that is refused changes nothing."""
        if "operator" not in self.script.credentials:
            self.script.key({"permissions": ["Operator"]}, "operator")
        before = self.one(withdrawal)
        body = f'{{"OMSId":1,"OperatorId":1,"RequestCode":"«{withdrawal}»","Status":"{status}"}}'
        code = outcome(read(self.script.call(Call("POST", "/AP/UpdateWithdrawTicket", _JSON, body), "operator")))
        if code:
            self.claim(code in _IMPOSSIBLE, f"an operator's step may not be answered with {code}")
            self.claim(self.one(withdrawal) == before, "a step that is refused changes nothing")
            return
        allowed = {before.word} | WORDS[before.word].leads_to
        self.claim(status in allowed, f"no step leads from {before.word} to {status}")
        self.model.moved([before.id])
        self.claim(self.one(withdrawal).word == status, f"a ticket that was set to {status} is shown so")

    @needs("behavior")
    @rule()
    def every_hold_ends_once(self) -> None:
        """A ticket is held once, and again only when an operator takes up a failed one; every hold ends at most once,
        and at most one of them by paying. What is left is what the transactions add up to.
        """
        self.look()
        lines = read(self.script.call(Call("GET", "/AP/GetAccountTransactions?OMSId=1&AccountId=«account_id»")))
        rows = {row["TicketNumber"]: row for row in read(self.script.call(self.client.list()))}
        count = Counter((line["ReferenceId"], line["TransactionType"]) for line in lines)
        for number, row in rows.items():
            holds, ends, paid = (count[number, kind] for kind in ("Hold", "Reverse", "Other"))
            told = (
                f"{row['TicketStatus']} ticket {number} was held {holds} times, which ended {ends} times, {paid} paid"
            )
            is_held = WORDS[row["TicketStatus"]].stage == "pending"
            self.claim(holds - ends == is_held, told)
            self.claim(paid == (WORDS[row["TicketStatus"]].stage == "processed"), told)
            self.claim(holds <= 1 or row["Reaccepted"], told)  # 0: it began behind its hold
        moved = sum((line["CR"] - line["DR"] for line in lines), start=Decimal(0))
        available = self.client.available(self.script.call(self.client.balance()))
        self.claim(available == start + moved, f"transactions add up to {start + moved:f}, {available:f} is available")
