"""Secrets that users supplied, masked once in what is kept and shown. What the simulator generated is no secret.

An index of the secrets of all accounts that there are, and of some whose accounts have gone: their clients call on for
a while. It costs nothing when there are none; of many, each place of a text is looked up once, however many they are.
How a secret may be written, `writings` tells.
"""

from __future__ import annotations

import re
from bisect import bisect_left, insort
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import AnyStr

from simulator.core.accounts import Account, Key, masked
from simulator.core.excerpts import rewritten, texts
from simulator.core.journal import Entry
from simulator.service.writings import Escapes, Needle, folded, lettered, needles, places, readings

_start = 6
"""Letters by which a secret is looked for, and of the shortest beginning of one that was cut."""

_few = 128
"""Up to so many starts are looked for one by one; of more, each place of a text is looked up among them."""

_telling = 8
"""A shorter secret stands in the texts of other accounts by chance, and is masked in those of its own and of nobody."""

_gone_kept = 256
"""Secrets that are masked although nobody has them any more; the one that went first is forgotten first."""

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
        at = bisect_left(self.needles, (text + "\0",))
        found = self.needles[at] if at < len(self.needles) else None
        return found if found and found.text.startswith(text) else None


Shelves = Mapping[str, _Shelf]
"""By the first letters of what stands on them."""


class Secrets:
    """The secrets of the accounts that there are, and the last ones of accounts that have gone."""

    def __init__(self) -> None:
        self._known: Counter[str] = Counter()
        self._gone: dict[str, None] = {}
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
        if secret in self._gone:
            del self._gone[secret]
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
        """Take back an `add`. A secret stays masked for a while, unless it may stand in a text by chance."""
        self._known[secret] -= 1
        if self._known[secret]:
            return
        del self._known[secret]
        if len(secret) >= _telling:
            self._gone[secret] = None
            if len(self._gone) <= _gone_kept:
                return
            secret = next(iter(self._gone))
            del self._gone[secret]
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
        shelves = self._met("\n".join(map(lettered, texts(entry)))) if self._shelves else {}
        if not shelves:
            return entry
        own = None if account is None else frozenset(one for key in account.keys for one in key.supplied)
        return rewritten(entry, _Search(shelves, own).beginning)

    def text(self, text: str, *, is_told: bool = False) -> str:
        """A text of nobody's without secrets, and without the beginnings that were cut in one that `is_told`."""
        shelves = self._met(lettered(text)) if self._shelves else {}
        return _Search(shelves).beginning(text, len(text), is_told) if shelves else text

    def _met(self, text: str) -> Shelves:
        """The shelves that a text may have something of."""
        met = (start for reading, _ in readings(text) for start in self._starts_in(folded(reading)))
        return {start: self._shelves[start] for start in met}

    def _starts_in(self, text: str) -> Iterable[str]:
        shelves = self._shelves
        if len(shelves) <= _few:
            return [start for start in shelves if start in text]
        return shelves.keys() & {text[at : at + size] for size in self._sizes for at in range(len(text))}


@dataclass(frozen=True, slots=True)
class _Search:
    """What is looked for in one entry. `own` are the secrets of the account whose it is (None: nobody's)."""

    shelves: Shelves
    own: frozenset[str] | None = None

    def beginning(self, text: AnyStr, most: int, is_told: bool = False) -> AnyStr:
        """The first `most` letters or bytes of a text without secrets; one that goes beyond is masked whole.

        In a text that `is_told`, which quotes what came, beginnings of secrets that were cut are masked as well.
        """
        read = lettered(text[: 2 * most])  # whatever begins within the first half ends within the second
        spans = [
            span for reading, escapes in readings(read) for span in self._found(read, escapes, reading, is_told=is_told)
        ]
        if not spans:
            return text[:most]
        end, at = len(lettered(text[:most])), 0
        parts: list[str] = []
        for begin, after in _apart(spans):
            if begin < end:
                parts += [read[at:begin], masked]
                at = after
        shown = "".join((*parts, read[at:end])).encode("latin-1")
        return shown if isinstance(text, bytes) else shown.decode("utf-8", "surrogatepass")

    def _found(self, text: str, escapes: Escapes, reading: str, *, is_told: bool) -> list[tuple[int, int]]:
        """Where secrets begin and end in a text, of those that one of its readings shows."""
        flat = folded(reading)
        starts = [(at, shelf) for start, shelf in self.shelves.items() for at in _every(flat, start)]
        if not starts:
            return []
        begins, afters = places(text, escapes)
        spans = [span for at, shelf in starts for span in self._whole(reading, flat, at, shelf)]
        found = [(begins[begin], afters[after - 1]) for begin, after in spans]
        if is_told:
            ends = [cut.span() for cut in _CUT.finditer(reading)]
            for at, shelf in starts:
                first = bisect_left(ends, (at + _start,))
                for end, after in ends[first : first + _tried]:
                    span, quote = (begins[at], afters[after - 1]), reading[after : after + 1]
                    if self._is_secret(shelf.begun(flat[at:end])) and _may_be_cut(text, span, quote):
                        found.append(span)
        return found

    def _whole(self, reading: str, flat: str, at: int, shelf: _Shelf) -> Iterator[tuple[int, int]]:
        """The secrets that begin at a place."""
        for length in shelf.lengths:
            for needle in shelf.called(flat[at : at + length]):
                if needle.is_at(reading, at) and self._is_secret(needle):
                    yield _grown(reading, needle, at)

    def _is_secret(self, needle: Needle | None) -> bool:
        """False for one of another account's that stands here by chance."""
        if needle is None:
            return False
        return self.own is None or len(needle.secret) >= _telling or needle.secret in self.own


def _every(text: str, part: str) -> Iterator[int]:
    """Every place where `part` stands in a text."""
    at = text.find(part)
    while at >= 0:
        yield at
        at = text.find(part, at + 1)


def _may_be_cut(text: str, span: tuple[int, int], quote: str) -> bool:
    """False for a beginning at the end of a short quotation: it is a word that a secret happens to begin with."""
    return quote not in ("'", '"') or span[1] - text.rfind(quote, 0, span[0]) > _quoted_from


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


def _apart(spans: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Spans (there are some) in order, those that overlap as one."""
    begin = end = 0
    for first, last in sorted(spans):
        if first >= end:
            if end:
                yield begin, end
            begin, end = first, last
        end = max(end, last)
    yield begin, end
