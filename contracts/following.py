"""What a target named otherwise in a second run: texts of the first run's answers that later calls have in them.

Such as the cursor of a next page, which a client copies out of an answer. Knows texts and JSON, nothing of exchanges.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

from contracts.documents import parsed

_decode = json.JSONDecoder(parse_int=str).decode


class Following:
    """Answers of both runs, as they come, and texts that are to be sent."""

    def __init__(self) -> None:
        self._became: dict[str, str] = {}

    def heard(self, before: str, now: str) -> None:
        """An answer of the first run, and that of the second to the same question: a status and a body, or frames."""
        for was, became in _places(_parsed(before), _parsed(now)):
            if was != became and len(was) >= 8 and not re.fullmatch(r"-?\d+\.\d+", was):
                self._became[was] = became

    def now(self, text: str) -> str:
        """A text that is to be sent, with what it has of the first run's answers as the second had it."""
        for was, became in sorted(self._became.items(), key=lambda one: len(one[0]), reverse=True):
            text = text.replace(quote(was, safe=""), quote(became, safe=""))
        return text


def _parsed(heard: str) -> Any:
    """The document of an answer; None where it is no JSON."""
    try:
        return parsed(heard.partition(" ")[2], _decode)
    except ValueError:
        return None


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
