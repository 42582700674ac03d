"""Secrets that users supplied, masked once in what is kept and shown. What the simulator generated is no secret.

An index of the secrets of all accounts that there are. It costs nothing when there are none; of many, each place of a
text is looked up once, however many they are. How a secret may be written, `writings` tells.
"""

from __future__ import annotations

import re
from bisect import bisect_left, insort
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import AnyStr

from simulator.core.accounts import Account, Key, masked
from simulator.core.journal import Entry, rewritten, texts
from simulator.service.writings import Needle, folded, lettered, needles, places, readings

_start = 6
"""Letters by which a secret is looked for, and of the shortest beginning of one that was cut."""

_few = 128
"""Up to so many starts are looked for one by one; of more, each place of a text is looked up among them."""

_telling = 8
"""A shorter secret stands in the texts of other accounts by chance, and is masked in those of its own and of nobody."""

_quoted_from = 16
"""Letters of the shortest quotation that may have been cut."""

_tried = 4

_CUT = re.compile(
    r"(?:%(?:25){0,2}[0-9A-Fa-f]?|\\{1,8}+(?:u[0-9A-Fa-f]{0,3}|x[0-9A-Fa-f]?)?)?(?=['\"]|\.\.\.|\xe2\x80\xa6|\Z)"
)
"""Where a text that was cut may end, with half an escape: before a quote, an ellipsis, and at the end of all."""

_SEXTET = re.compile(r"[A-Za-z0-9+/_-]?")
_PADDING = re.compile("={0,2}")


@dataclass(slots=True)
class _Shelf:
    """The needles that begin alike, in order, and how many there are of each length."""

    needles: list[Needle] = field(default_factory=list)
    lengths: Counter[int] = field(default_factory=Counter)

    def called(self, text: str) -> Iterator[Needle]:
        """Those that are `text`."""
        at = bisect_left(self.needles, (text,))
        while at < len(self.needles) and self.needles[at].text == text:
            yield self.needles[at]
            at += 1

    def begun(self, text: str) -> Needle | None:
        """One that begins with `text` and goes on."""
        at = bisect_left(self.needles, (text,))
        found = self.needles[at] if at < len(self.needles) else None
        return found if found and found.text.startswith(text) else None


class Secrets:
    """The secrets of the accounts that there are."""

    def __init__(self) -> None:
        self._known: Counter[str] = Counter()
        self._shelves: dict[str, _Shelf] = {}
        self._sizes: Counter[int] = Counter()

    def heed(self, key: Key, is_new: bool) -> None:
        """A key has come, or has gone: so have the secrets that its user supplied."""
        for secret in key.supplied:
            if is_new:
                self.add(secret)
            else:
                self.drop(secret)

    def add(self, secret: str) -> None:
        """Mask a secret from now on, until it was dropped as often as it was added."""
        self._known[secret] += 1
        if self._known[secret] > 1:
            return
        for needle in needles(secret):
            start = needle.text[:_start]
            if start not in self._shelves:
                self._shelves[start] = _Shelf()
                self._sizes[len(start)] += 1
            shelf = self._shelves[start]
            insort(shelf.needles, needle)
            shelf.lengths[len(needle.text)] += 1

    def drop(self, secret: str) -> None:
        """Take back an `add`."""
        self._known[secret] -= 1
        if self._known[secret]:
            return
        del self._known[secret]
        for needle in needles(secret):
            start = needle.text[:_start]
            shelf = self._shelves[start]
            del shelf.needles[bisect_left(shelf.needles, needle)]
            shelf.lengths -= Counter((len(needle.text),))
            if not shelf.needles:
                del self._shelves[start]
                self._sizes -= Counter((len(start),))

    def masked(self, entry: Entry, account: Account | None) -> Entry:
        """An entry of an account's journal, or of nobody's, without secrets. One that has some comes cut as well.

        Secrets of all accounts are looked for, since clients mix up keys.
        """
        if not self._known or not self._may_be_in("\n".join(map(lettered, texts(entry)))):
            return entry
        own = None if account is None else frozenset(one for key in account.keys for one in key.supplied)
        return rewritten(entry, partial(self.beginning, own=own))

    def text(self, text: str) -> str:
        """A text of nobody's without secrets."""
        return self.beginning(text, len(text)) if self._known and self._may_be_in(lettered(text)) else text

    def beginning(
        self, text: AnyStr, most: int, is_told: bool = False, *, own: frozenset[str] | None = None
    ) -> AnyStr:
        """The first `most` letters or bytes of a text without secrets; one that goes beyond is masked whole.

        In a text that `is_told`, which quotes what came, beginnings of secrets that were cut are masked as well.
        `own` are the secrets of the account in whose journal it stands (None: in nobody's).
        """
        read = lettered(text[: 2 * most])  # whatever begins within the first half ends within the second
        end = len(lettered(text[:most]))
        parts: list[str] = []
        at = 0
        for begin, after in _apart(self._found(read, own, is_told=is_told)):
            if begin < end:
                parts += [read[at:begin], masked]
                at = after
        if not parts:
            return text[:most]
        shown = "".join((*parts, read[at:end])).encode("latin-1")
        return shown if isinstance(text, bytes) else shown.decode("utf-8", "surrogatepass")

    def _may_be_in(self, text: str) -> bool:
        return any(True for reading, _ in readings(text) for _ in self._starts_in(folded(reading)))

    def _starts_in(self, text: str) -> Iterator[tuple[int, _Shelf]]:
        """Where a secret may begin in a folded text, and which ones."""
        shelves = self._shelves
        if len(shelves) <= _few:
            for start, shelf in shelves.items():
                at = text.find(start)
                while at >= 0:
                    yield at, shelf
                    at = text.find(start, at + 1)
            return
        for size in self._sizes:
            for at in range(len(text) - size + 1):
                if text[at : at + size] in shelves:
                    yield at, shelves[text[at : at + size]]

    def _found(self, text: str, own: frozenset[str] | None, *, is_told: bool) -> Iterator[tuple[int, int]]:
        """Where secrets begin and end in a text."""
        for reading, escapes in readings(text):
            spans = list(self._found_in(reading, own))
            if is_told:
                spans += self._cut_in(reading)
            if spans:
                begins, ends = places(text, escapes)
                yield from ((begins[begin], ends[after - 1]) for begin, after in spans)

    def _found_in(self, reading: str, own: frozenset[str] | None) -> Iterator[tuple[int, int]]:
        flat = folded(reading)
        for at, shelf in self._starts_in(flat):
            for length in shelf.lengths:
                for needle in shelf.called(flat[at : at + length]):
                    if own is None or len(needle.secret) >= _telling or needle.secret in own:
                        yield _grown(reading, needle, at)

    def _cut_in(self, reading: str) -> Iterator[tuple[int, int]]:
        """Where beginnings of secrets stand that were cut."""
        flat, ends = folded(reading), [found.span() for found in _CUT.finditer(reading)]
        for at, shelf in self._starts_in(flat):
            first = bisect_left(ends, (at + _start,))
            for begin, after in ends[first : first + _tried]:
                if shelf.begun(flat[at:begin]) and _may_be_cut(reading, at, after):
                    yield at, after


def _may_be_cut(reading: str, at: int, end: int) -> bool:
    """False for a beginning that stands in a short quotation: it is a word that a secret happens to begin with."""
    quote = reading[end : end + 1]
    return quote not in ("'", '"') or end - reading.rfind(quote, 0, at) > _quoted_from


def _grown(reading: str, needle: Needle, at: int) -> tuple[int, int]:
    """Where a needle begins and ends, with the letters of base64 that it shares with others, and its padding."""
    begin, end = at, at + len(needle.text)
    if needle.is_behind and begin and _SEXTET.fullmatch(reading[begin - 1]):
        begin -= 1
    if needle.is_open:
        for more in (_SEXTET, _PADDING):
            found = more.match(reading, end)
            end = found.end() if found else end
    return begin, end


def _apart(spans: Iterator[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Spans in order, those that overlap as one."""
    begin = end = 0
    for first, last in sorted(spans):
        if first >= end:
            if end:
                yield begin, end
            begin, end = first, last
        end = max(end, last)
    if end:
        yield begin, end
