"""What the suite knows of an exchange as its client: how calls are written, answers read, and what a word means.

Plain values and functions, written from the documentation. Calls are symbolic: ids and credentials are holes.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import wraps
from typing import Concatenate, Literal, ParamSpec, TypeVar

from contracts.cases import Call
from contracts.wire import Exchange, HttpReply

Stage = Literal["pending", "cancelling", "processed", "cancelled", "failed"]
"""Where the money is: held in the first two, gone in the third, back in the last two."""

held: frozenset[Stage] = frozenset({"pending", "cancelling"})
ACCEPTED = "accepted"


Read = TypeVar("Read")
Rest = ParamSpec("Rest")
_unfit = (LookupError, TypeError, AttributeError, ValueError, ArithmeticError)


class Unreadable(Exception):
    """An answer is not what the exchange answers; the sentence says what came."""


class Absent(Unreadable):
    """An answer is in order, but what was looked for is not in it."""


def reads(read: Callable[Concatenate[HttpReply, Rest], Read]) -> Callable[Concatenate[HttpReply, Rest], Read]:
    """A function that takes an answer apart: where a member is missing or of another kind, the answer is Unreadable."""

    @wraps(read)
    def reading(reply: HttpReply, /, *rest: Rest.args, **named: Rest.kwargs) -> Read:
        try:
            return read(reply, *rest, **named)
        except _unfit as error:
            told = f"{reply.status} with {reply.text[:200]!r} cannot be read: {type(error).__name__} {error}"
            raise Unreadable(told) from None

    return reading


def reads_body(read: Callable[[str], Read]) -> Callable[[str], Read]:
    """The same for what is sent."""

    @wraps(read)
    def reading(body: str) -> Read:
        try:
            return read(body)
        except _unfit as error:
            raise Unreadable(f"{body[:200]!r} cannot be read: {type(error).__name__} {error}") from None

    return reading


@dataclass(frozen=True, slots=True)
class Word:
    """What it means that the exchange shows a withdrawal in a word.

    `cancel` are the answers that a cancel may get: ACCEPTED, or codes of the exchange. `leads_to` are the words that
    may come next, by time or by somebody's act; a word that leads nowhere is final.
    """

    stage: Stage
    cancel: frozenset[str]
    leads_to: frozenset[str] = frozenset()


def steps(**events: str) -> Mapping[str, frozenset[str]]:
    """What may happen to a withdrawal in a word: the name of an event, and the word that it leads to; several words,
    with blanks between them, where what is shown does not tell which.
    """
    return {event: frozenset(words.split()) for event, words in events.items()}


@dataclass(frozen=True, slots=True)
class Shown:
    """A withdrawal as a list shows it; `gross` is what it takes from the balance, amount and fee together."""

    id: str
    word: str
    gross: Decimal


@dataclass(frozen=True, slots=True)
class Limit:
    """More than `calls` cancels within `window_s` are answered with `code`, for an account made with `account`.

    `elsewhere` is the code that other doors answer then.
    """

    calls: int
    window_s: int
    code: str
    account: Mapping[str, object] = field(default_factory=lambda: {"limits": True})
    elsewhere: str = ""

    def met(self, text: str) -> bool:
        """True if a code of the limit stands in `text` by itself, not within a longer number."""
        codes = "|".join(re.escape(code) for code in (self.code, self.elsewhere) if code)
        return re.search(rf"(?<!\d)(?:{codes})(?!\d)", text) is not None


CLOCK = "the clock here is not that of the exchange"
"""What ails a caller whose times are refused."""


MONEY, ADDRESS = "the money", "the address in its book"
"""What an account may lack for a withdrawal."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Client:
    """One exchange. `asset` is the common ticker that the suite withdraws; `precisions` has for each ticker how many
    decimals an amount may have, and the smallest one. `states` are those that a withdrawal can be made in.

    `happens` has for a word the events that somebody can order there, by the names that the control surface gives them,
    and where each leads; the names are ours, the words they lead to are those of `words`.

    `cancel(name)` and `status(name)` speak of the withdrawal in the hole «name»; `answered` reads what a cancel
    answered (ACCEPTED or a code), `created` the id or the code of a creation, `listed` one page and the call that asks
    for the next one. `cancelled` are the words that may follow an accepted cancel at once. `nobodys` are the codes that
    an id gets which the caller has not got, `not_created` those that a creation of a good amount may get all the same.

    `refused` reads of any answer that the exchange gives to a request in order why it was refused, "" for one that was
    not, as code and text; it raises Unreadable for what that exchange does not answer. `unproven` are the codes that a
    caller gets who is not known; `hints` has for other codes what ails a caller who gets them at the first call.
    Besides a key and its secret the caller must have `credentials`.

    `withdraws` are the paths of the calls that take money out; `lacks` says what an account has not got when a text
    stands in their answers, `may_lack` the same of texts that say other things as well. `denied` are the texts in the
    answer to any call that say that the key may not do everything. `takes` reads in the body of such a call the asset,
    by the name that `balance` and `available` take for it (without one they are about `asset`), and an amount that is
    surely enough for it and its fee. It raises Unreadable for what it cannot read.
    """

    exchange: Exchange
    asset: str
    precisions: Mapping[str, tuple[int, Decimal]]
    states: tuple[str, ...]
    words: Mapping[str, Word]
    initial: frozenset[str]
    cancelled: frozenset[str]
    nobodys: frozenset[str]
    not_created: frozenset[str]
    unknown_ids: tuple[str, ...]
    limit: Limit
    happens: Mapping[str, Mapping[str, frozenset[str]]]
    account: Mapping[str, object] = field(default_factory=dict)
    cancel: Callable[[str], Call]
    answered: Callable[[HttpReply], str]
    create: Callable[[Decimal], Call]
    created: Callable[[HttpReply], tuple[str, str]]
    list: Callable[[], Call]
    listed: Callable[[HttpReply], tuple[tuple[Shown, ...], Call | None]]
    status: Callable[[str], Call]
    balance: Callable[..., Call]
    available: Callable[..., Decimal]
    takes: Callable[[str], tuple[str, Decimal]]
    refused: Callable[[HttpReply], str]
    unproven: frozenset[str]
    withdraws: frozenset[str]
    lacks: Mapping[str, str]
    denied: tuple[str, ...]
    may_lack: Mapping[str, str] = field(default_factory=dict)
    credentials: tuple[str, ...] = ()
    hints: Mapping[str, str] = field(default_factory=dict)

    @property
    def events(self) -> tuple[str, ...]:
        """The names of all events."""
        return tuple(dict.fromkeys(event for events in self.happens.values() for event in events))

    def after(self, words: frozenset[str], event: str) -> frozenset[str]:
        """The words that an event leads to from any of `words`; none where it cannot happen."""
        return frozenset().union(*(self.happens.get(word, {}).get(event, frozenset()) for word in words))

    def precision(self, asset: str) -> tuple[int, Decimal]:
        """How many decimals an amount of `asset` may have, and the smallest one. Raises ValueError."""
        if asset not in self.precisions:
            raise ValueError(
                f"the suite withdraws no {asset!r} on {self.exchange}; known: {', '.join(self.precisions)}"
            )
        return self.precisions[asset]

    def reachable(self, word: str) -> frozenset[str]:
        """The words that a withdrawal in `word` may be in later, itself included."""
        found, fresh = {word}, {word}
        while fresh:
            fresh = {after for one in fresh for after in self.words[one].leads_to} - found
            found |= fresh
        return frozenset(found)
