"""Whether two answers say the same but for what is new every time: ids, times, tokens. And cursors, followed anew.

Knows texts and JSON, and nothing of steps and exchanges.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator
from typing import Any
from urllib.parse import quote

_VOLATILE = re.compile(
    r"[\w.+-]+@[\w.-]+"
    r"|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
    r"|\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z?"
    r"|(?<![\w.])\d{10,}(?:\.\d+)?(?![\w.])"  # times, and numbers of orders; amounts have a point further in front
    r"|\b[A-Z0-9]{6,7}-(?:[A-Z0-9]{5,6}-[A-Z0-9]{6}|[A-Za-z0-9]{22})\b|\bFT[A-Za-z0-9]{5}-[A-Za-z0-9]{22}\b"
    r"|(?<![\w/+])[\w/+-]{32,}={0,2}"  # hashes, cursors, tokens
)

_NAMING = re.compile(r"(?:[iI]d|ID|Number|UserName)$")
"""How members are called that name something: a name is another one every time, but always the same within a run."""


def masked(text: str) -> str:
    """`text` without what looks like a time, a long id or a token."""
    return _VOLATILE.sub("«»", text)


class Likeness:
    """Compares the answers of two runs in order. `followed` are texts of the first run, and what they are in the
    second: what stood in the same place.
    """

    def __init__(self) -> None:
        self.followed: dict[str, str] = {}
        self._names: dict[tuple[str, str], str] = {}
        self._olds: dict[tuple[str, str], str] = {}

    def same(self, before: str, now: str, ids: Collection[str]) -> bool:
        """True if both say the same; one of `ids`, those of the second run, stands for one of the first and no other.

        Answers are a status and a body, such as they are kept in scripts, or frames.
        """
        old, new = _parsed(before), _parsed(now)
        for was, became in _places(old, new):
            if was != became and len(was) >= 8 and not re.fullmatch(r"-?\d+\.\d+", was):
                self.followed[was] = became
        return self._alike(old, new, ids)

    def again(self, text: str) -> str:
        """A text that is to be sent, with what it has of the first run's answers as the second had it."""
        for was, became in sorted(self.followed.items(), key=lambda one: len(one[0]), reverse=True):
            text = text.replace(quote(was, safe=""), quote(became, safe=""))
        return text

    def _alike(self, old: Any, new: Any, ids: Collection[str]) -> bool:
        if isinstance(old, dict) and isinstance(new, dict):
            pairs = zip(old.items(), new.items(), strict=False)
            named = [(name, was, now) for (name, was), (other, now) in pairs if name == other and _NAMING.search(name)]
            if not all(self._renamed(*one) for one in named if isinstance(one[1], str) and isinstance(one[2], str)):
                return False
            old = {name: "«»" if _is_name(name, part) else part for name, part in old.items()}
            new = {name: "«»" if _is_name(name, part) else part for name, part in new.items()}
            old, new = [part for one in old.items() for part in one], [part for one in new.items() for part in one]
        if isinstance(old, list) and isinstance(new, list):
            return len(old) == len(new) and all(self._alike(*pair, ids) for pair in zip(old, new, strict=True))
        if type(old) is not type(new):
            return False
        if str(new) in ids:
            return self._renamed("", str(old), str(new))
        return old == new or masked(str(old)) == masked(str(new))

    def _renamed(self, kind: str, old: str, new: str) -> bool:
        """True if one name stands for the other, and for no further one of its kind."""
        first = self._names.setdefault((kind, old), new)
        return first == new and self._olds.setdefault((kind, new), old) == old


def _is_name(member: str, value: Any) -> bool:
    return isinstance(value, str) and _NAMING.search(member) is not None


def _parsed(heard: str) -> Any:
    """[status, document] of an answer; its text where that is no JSON."""
    status, _, body = heard.partition(" ")
    try:
        return [status, json.loads(body, parse_float=str, parse_int=str)]
    except ValueError:
        return heard


def _places(old: Any, new: Any) -> Iterator[tuple[str, str]]:
    """The texts that stand in the same places."""
    if isinstance(old, dict) and isinstance(new, dict):
        for name in old.keys() & new.keys():
            yield from _places(old[name], new[name])
    elif isinstance(old, list) and isinstance(new, list):
        for pair in zip(old, new, strict=False):
            yield from _places(*pair)
    elif isinstance(old, str) and isinstance(new, str):
        yield old, new
