"""A small reference of what a client may rely on: which withdrawals there are, in which words, and where the money is.

Not the simulator's code and not its tables: words, answers and money as `contracts.clients` has them from the
documentation. It is told what was done and what was seen, and says in one sentence what cannot be.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from contracts.clients.client import ACCEPTED, Client, Shown, held


class Broken(AssertionError):
    """A claim does not hold; the sentence says which and how."""


@dataclass(slots=True)
class Entry:
    """A withdrawal as last seen. `words` are those that it may be in now; `takes` is what it took from the balance when
    that was last seen: its gross, or nothing once the money is back.
    """

    id: str
    gross: Decimal
    words: frozenset[str]
    takes: Decimal = Decimal(0)


class Model:
    """One account: `start` is its balance before anything was withdrawn, in units of the client's asset.

    That the money of a withdrawal comes back at most once in its life is held in two parts: what is back stays in its
    word, unless somebody's step leads on from there, and from one look at the balance to the next nothing moves it but
    withdrawals whose word says that their money was taken or came back in between, each by its gross.
    """

    def __init__(self, client: Client, start: Decimal) -> None:
        self.client = client
        self.available, self.refunds = start, 0
        self.entries: dict[str, Entry] = {}

    def opened(self, identity: str, gross: Decimal, word: str | None = None) -> None:
        """A withdrawal was made, in `word` if it was put there in one."""
        if identity in self.entries:
            raise Broken(f"ids are unique: {identity} was given to a second withdrawal")
        self.entries[identity] = Entry(identity, gross, self.client.initial if word is None else frozenset({word}))

    def may_cancel(self, identity: str) -> frozenset[str]:
        """The answers that a cancel may get now."""
        return frozenset(answer for word in self.entries[identity].words for answer in self.client.words[word].cancel)

    def answered(self, identity: str, answer: str) -> None:
        """A cancel was answered."""
        entry, allowed = self.entries[identity], self.may_cancel(identity)
        if answer not in allowed:
            raise Broken(
                f"a cancel in {' or '.join(sorted(entry.words))} answers {' or '.join(sorted(allowed))}, not {answer}"
            )
        words = frozenset(word for word in entry.words if answer in self.client.words[word].cancel)
        if answer == ACCEPTED:
            # An accepted cancel is a request: where it may be asked for again, nothing new comes of it.
            again = words & self.client.cancelled
            entry.words = self.client.cancelled if not again or words - again else words
        else:
            entry.words = words

    def lost(self, identity: str) -> None:
        """A cancel was sent and its answer was lost although the exchange has acted."""
        allowed = self.may_cancel(identity)
        if ACCEPTED in allowed:
            entry = self.entries[identity]
            refused = frozenset(word for word in entry.words if self.client.words[word].cancel - {ACCEPTED})
            entry.words = self.client.cancelled | refused

    def moved(self, identities: Iterable[str] | None = None) -> None:
        """Something may have happened by itself, or by somebody's act, to these withdrawals, or to all."""
        for identity in self.entries if identities is None else identities:
            entry = self.entries[identity]
            entry.words = frozenset(after for word in entry.words for after in self.client.reachable(word))

    def happened(self, identity: str, event: str) -> None:
        """Somebody ordered an event, and it happened."""
        entry = self.entries[identity]
        entry.words = self.client.after(entry.words, event)

    def possible(self, identity: str) -> list[str]:
        """The events that may be possible now."""
        words = sorted(self.entries[identity].words)
        return list(dict.fromkeys(event for word in words for event in self.client.happens.get(word, ())))

    def seen(self, rows: Iterable[Shown]) -> None:
        """All withdrawals were listed, in whatever order."""
        shown: dict[str, Shown] = {}
        for row in rows:
            if row.id in shown:
                raise Broken(f"a list shows each withdrawal once: {row.id} is there twice")
            shown[row.id] = row
        missing, extra = self.entries.keys() - shown.keys(), shown.keys() - self.entries.keys()
        if missing or extra:
            raise Broken(
                f"a list shows all withdrawals and no others: missing {sorted(missing)}, extra {sorted(extra)}"
            )
        for row in shown.values():
            self.found(row)

    def found(self, row: Shown) -> None:
        """One withdrawal was seen."""
        entry = self.entries[row.id]
        if row.word not in self.client.words:
            raise Broken(f"{row.word!r} is no word for a withdrawal")
        if row.word not in entry.words:
            raise Broken(f"a withdrawal that is {' or '.join(sorted(entry.words))} was shown as {row.word}")
        if row.gross != entry.gross:
            raise Broken(f"amount and fee stay what they were: {entry.gross} before, {row.gross} now")
        entry.words = frozenset({row.word})

    def balance(self, available: Decimal) -> None:
        """What is available was seen, behind a list: every word is known."""
        expected, told = self.available, []
        for entry in self.entries.values():
            takes = Decimal(0) if self._is_back(entry) else entry.gross
            if takes != entry.takes:
                expected += entry.takes - takes
                what = "took" if takes else "gave back"
                self.refunds += not takes
                told.append(f"withdrawal {entry.id}, now {', '.join(entry.words)}, {what} {entry.gross}")
            entry.takes = takes
        if available != expected:
            raise Broken(
                f"the balance moves by what was taken or came back, once: {self.available} before; "
                f"{'; '.join(told) or 'nothing was'}; so {expected} is left and not {available}"
            )
        self.available = available

    def _is_back(self, entry: Entry) -> bool:
        (word,) = entry.words
        stage = self.client.words[word].stage
        return stage not in held and stage != "processed"
