"""The named holes of texts, written «name»: in what is sent they are filled in, in what comes back they stand for what
varies; «name_upper» is the same in capitals.
"""

from __future__ import annotations

import re
from collections.abc import Mapping


class BrokenCase(ValueError):
    """A case file cannot be read or used; the sentence names the file and the place."""


class Unfilled(BrokenCase):
    """Nothing fills the hole `name` of what is sent."""

    def __init__(self, name: str, sentence: str) -> None:
        super().__init__(sentence)
        self.name = name


_hole = re.compile("«([a-z_0-9]+)»")


def names(text: str) -> frozenset[str]:
    """The names of all holes of `text`."""
    return frozenset(_hole.findall(text))


_patterns = {
    "ms": r"[0-9]{13}",
    "s": r"[0-9]{10}",
    "number": r"-?[0-9]+(?:\.[0-9]+)?",
    "text": r'[^"]*',
    "quoted": r'(?:[^"\\]|\\.)*',  # the inside of a JSON text, escapes and all
    "digits": r"[0-9]+",
    "hex": r"[0-9a-f]+",
    "any": r".*",  # what other cases spell out
    "uuid": r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}",
    "iso": r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3}Z",
}


def fill(text: str, values: Mapping[str, str]) -> str:
    """`text` with its holes filled in. Raises Unfilled for a hole that has no value."""

    def value(match: re.Match[str]) -> str:
        name = match.group(1)
        if name not in values and name.removesuffix("_upper") in values:
            return values[name.removesuffix("_upper")].upper()
        if name not in values:
            raise Unfilled(name, f"nothing fills the hole «{name}» in {text!r}; known are {', '.join(sorted(values))}")
        return values[name]

    return _hole.sub(value, text)


def pattern(text: str, values: Mapping[str, str]) -> re.Pattern[str]:
    """What `text` matches: holes with a known value stand for that value, the others for their kind of text."""
    parts = _hole.split(text)
    pieces = []
    for index, part in enumerate(parts):
        if index % 2 == 0:
            pieces.append(re.escape(part))
        elif part in values:
            pieces.append(re.escape(values[part]))
        elif part in _patterns:
            pieces.append(_patterns[part])
        else:
            raise BrokenCase(f"«{part}» in {text!r} is no hole; known are {', '.join(sorted((*values, *_patterns)))}")
    return re.compile("".join(pieces), re.DOTALL)
