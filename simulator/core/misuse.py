"""What we say when somebody uses *our* surfaces wrongly (Python API, control surface, command line).

One clear sentence: what is wrong and what would be right. Never used for what a client of an emulated exchange
does wrong: that is a `Refusal`, answered in the exchange's own words.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable


class Misuse(ValueError):
    """A wrong use of the simulator: `str(error)` is the sentence, `status` what the control surface answers."""

    status = 400


class NotThere(Misuse):
    """The thing that was named does not exist."""

    status = 404


class AlreadyThere(Misuse):
    """The thing that was to be made exists already, or its present state does not allow the step."""

    status = 409


def shown(value: object) -> str:
    """A wrong value as a sentence shows it: as Python writes it, at most 80 characters of it."""
    try:
        text = repr(value)
    except ValueError:  # a number of thousands of digits: Python refuses to write it
        return f"<{type(value).__name__}>"
    return text if len(text) <= 80 else f"{text[:77]}..."


def did_you_mean(word: object, known: Iterable[str]) -> str:
    """The end of a sentence about an unknown name: the nearest known names, else all of them (at most twelve)."""
    names = sorted(known)
    near = difflib.get_close_matches(word if isinstance(word, str) else shown(word), names, n=3, cutoff=0.6)
    if near:
        return f"did you mean {' or '.join(repr(name) for name in near)}?"
    if len(names) > 12:
        return f"known are {', '.join(names[:12])} and {len(names) - 12} more"
    return f"known are {', '.join(names)}" if names else "none are known here"
