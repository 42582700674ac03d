"""What we say when somebody uses *our* surfaces wrongly (Python API, control surface, command line).

One clear sentence: what is wrong and what would be right. Never used for what a client of an emulated exchange
does wrong: that is a `Refusal`, answered in the exchange's own words.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from decimal import Decimal


class Misuse(ValueError):
    """A wrong use of the simulator: `str(error)` is the sentence, `status` what the control surface answers.

    `problem` is the type of its problem document there (RFC 9457): where the status does not say it all, a URI that
    stays, whatever becomes of the sentence.
    """

    status = 400
    problem = "about:blank"


class NotThere(Misuse):
    """The thing that was named does not exist."""

    status = 404


class NoSuchPath(NotThere):
    """The control surface has no such path: it is mistyped, or that server is older than who asks."""

    problem = "urn:exchange-simulator:no-such-path"


class AlreadyThere(Misuse):
    """The thing that was to be made exists already, or its present state does not allow the step."""

    status = 409


def brief(text: str, most: int = 80) -> str:
    """Somebody else's text as it may stand in a sentence of ours: what is longer than `most` has lost its middle."""
    if len(text) <= most:
        return text
    end = (most - 3) // 3
    return f"{text[: most - 3 - end]}...{text[-end:]}"


def shown(value: object, most: int = 80) -> str:
    """A wrong value as a sentence shows it: as Python writes it, and decimals as digits; at most `most` characters."""
    try:
        return brief(repr(_digits(value)), most)
    except (ValueError, RecursionError):  # a number of thousands of digits, or a thing that holds itself too often
        return f"<{type(value).__name__}>"


class _Digits(str):
    """A number that is written without quotes."""

    __repr__ = str.__str__


def _digits(value: object) -> object:
    if isinstance(value, Decimal):
        return _Digits(value)
    if type(value) is dict:
        return {name: _digits(one) for name, one in value.items()}
    return [_digits(one) for one in value] if type(value) is list else value


def did_you_mean(word: object, known: Iterable[str]) -> str:
    """The end of a sentence about an unknown name: the nearest known names, else all of them (at most twelve)."""
    names = sorted(known)
    near = difflib.get_close_matches(word if isinstance(word, str) else shown(word), names, n=3, cutoff=0.6)
    if near:
        return f"did you mean {' or '.join(repr(name) for name in near)}?"
    if len(names) > 12:
        return f"known are {', '.join(names[:12])} and {len(names) - 12} more"
    return f"known are {', '.join(names)}" if names else "none are known here"
