"""What only Kraken has: nonces that belong to a key, transfers that need no permission, and a ledger in which every
withdrawal is booked out once and back at most once.

After its documentation (spot REST authentication, the support article on nonce windows, get-ledgers-info) and the
reversal that BittyTax#287 has captured.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import precondition

from contracts import strategies
from contracts.cases import Call
from contracts.clients.client import ACCEPTED, held
from contracts.clients.kraken import answered, ask, cancel, read
from contracts.machine import Machine
from contracts.model import Broken
from contracts.taken import rule

_STALE = "EAPI:Invalid nonce"
_UNPROVEN = frozenset({"EAPI:Invalid signature", "EAPI:Invalid key"})
"""Which of the two answers a wrong signature: the documentation says both."""

_REFID = re.compile("FT[A-Za-z0-9]{5}-[A-Za-z0-9]{22}|[A-Z2-7]{7}-[A-Z2-7]{6}-[A-Z2-7]{6}")
_LEDGER_ID = re.compile("L[A-Z2-7]{5}-[A-Z2-7]{5}-[A-Z2-7]{6}")
"""Ids have one of these shapes in every capture (ccxt, XChange): 30 letters since 2022, groups in base32 before."""

_withdrawals = Machine.withdrawals


class KrakenMachine(Machine):
    """The steps of a client of Kraken besides those of any client."""

    @rule(withdrawal=_withdrawals)
    def cancel_with_a_stale_nonce(self, withdrawal: str) -> None:
        before = self.one(withdrawal)  # its nonce is accepted, so that 1 is behind
        answer = answered(self.script.call(cancel(withdrawal, "1")))
        self.claim(answer == _STALE, f"a cancel whose nonce is behind may not be answered with {answer}")
        self.claim(self.one(withdrawal) == before, "a cancel that is refused for its nonce changes nothing")

    @rule(withdrawal=_withdrawals, data=st.data())
    def cancel_without_proof(self, withdrawal: str, data: st.DataObject) -> None:
        """With the highest nonce there is, which does not count as used: otherwise this key would be at its end."""
        right = cancel(withdrawal, str(2**64 - 1))
        call = data.draw(strategies.spoiled("kraken", right).filter(lambda call: call.signed != "not"), "call")
        before = self.one(withdrawal)
        answer = answered(self.script.call(call))
        self.claim(answer in _UNPROVEN, f"a cancel with a wrong signature may not be answered with {answer}")
        self.claim(self.one(withdrawal) == before, "a cancel that is refused for its signature changes nothing")

    @precondition(lambda self: "highest" not in self.script.credentials)
    @rule()
    def a_key_takes_the_highest_nonce(self) -> None:
        """That key is at its end; the other keys of the account are not."""
        self.script.key({}, "highest")
        self.nobodys("highest", str(2**64 - 1), self.client.nobodys)
        self.nobodys("highest", "«nonce»", frozenset({_STALE}))
        self.nobodys("account", "«nonce»", self.client.nobodys)

    @precondition(lambda self: "wide" not in self.script.credentials)
    @rule(window=st.integers(1, 1000), behind=st.integers(0, 2000))
    def a_key_has_a_nonce_window(self, window: int, behind: int) -> None:
        """What is less than the window behind the highest nonce is tolerated, and nothing that is further behind.

        Whether a nonce may come twice inside the window is not known: none does here.
        """
        self.script.key({"nonce_window": window}, "wide")
        self.nobodys("wide", "10000", self.client.nobodys)
        if behind:
            self.nobodys("wide", str(10_000 - behind), self.client.nobodys if behind < window else frozenset({_STALE}))
        self.nobodys("wide", "10001", self.client.nobodys)

    @precondition(lambda self: "mover" not in self.script.accounts)
    @rule()
    def a_transfer_is_cancelled_without_permission(self) -> None:
        self.script.account({"permissions": [], "balances": {"USDT": "100"}}, "mover")
        self.script.withdrawal({"asset": "USDT", "amount": "10"}, "withdrawn", "mover")
        self.script.withdrawal({"asset": "USDT", "amount": "10", "internal": True}, "transferred", "mover")
        answer = self.cancelled("withdrawn", "mover")
        self.claim(
            answer == "EGeneral:Permission denied",
            f"a key that may not withdraw may not have a cancel answered with {answer}",
        )
        answer = self.cancelled("transferred", "mover")
        self.claim(answer == ACCEPTED, f"a transfer is cancelled by any key, and not answered with {answer}")

    @rule()
    def look_into_the_ledger(self) -> None:
        self.look()
        booked: dict[str, list[dict[str, Any]]] = {}
        lines = self.ledger()
        for line in lines:
            booked.setdefault(line["refid"], []).append(line)
        self.claim(booked.keys() == self.model.entries.keys(), "the ledger has exactly the withdrawals that were made")
        for identity, entry in self.model.entries.items():
            (word,) = entry.words
            stage = self.client.words[word].stage
            expected = [-entry.gross] if stage in held or stage == "processed" else [-entry.gross, entry.gross]
            taken = [_effect(line) for line in reversed(booked[identity])]
            if taken != expected:
                raise Broken(f"a withdrawal that is {word} is booked {_told(expected)}, not {_told(taken)}")
        if lines:
            reply = self.script.call(self.client.balance())
            last, available = Decimal(lines[0]["balance"]), self.client.available(reply)
            self.claim(last == available, f"the ledger ends with the balance: {last} there, {available} in Balance")

    def open(self, name: str, amount: Decimal, word: str | None = None) -> None:
        refid = self.script.values[name]
        self.claim(_REFID.fullmatch(refid) is not None, f"{refid!r} has the shape of no reference id")
        super().open(name, amount, word)

    def ledger(self) -> list[dict[str, Any]]:
        """All entries of withdrawals, newest first, fifty at a time."""
        lines: list[dict[str, Any]] = []
        while True:
            result, error = read(self.script.call(_ledger(len(lines))))
            self.claim(not error, f"Ledgers may not be answered with {error}")
            for identity, line in result["ledger"].items():
                self.claim(_LEDGER_ID.fullmatch(identity) is not None, f"{identity!r} has the shape of no ledger id")
                lines.append(line)
            if not result["ledger"] or len(lines) >= result["count"]:
                return lines

    def nobodys(self, key: str, nonce: str, allowed: frozenset[str]) -> None:
        """A cancel of what is not there, with this key and this nonce."""
        self.script.let("nobodys", self.client.unknown_ids[0])
        answer = answered(self.script.call(cancel("nobodys", nonce), key))
        self.claim(answer in allowed, f"a cancel with the nonce {nonce} of {key} may not be answered with {answer}")


def _ledger(offset: int) -> Call:
    return ask("Ledgers", f"asset=USDT&type=withdrawal&ofs={offset}")


def _effect(line: dict[str, Any]) -> Decimal:
    """What an entry does to the balance: the fee is taken from it, and a negative one is given."""
    return Decimal(line["amount"]) - Decimal(line["fee"])


def _told(amounts: list[Decimal]) -> str:
    return " and ".join(format(one, "+f") for one in amounts) or "not at all"
