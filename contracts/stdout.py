"""Standard output, whose reader may leave (`| head`) and whose disk may be full. Knows nothing of what is written."""

from __future__ import annotations

import os
import sys

from contracts.escapes import escaped


class CannotSay(Exception):
    """Standard output takes nothing more; the sentence says why."""


def say(text: str) -> None:
    """Write lines at once, escaped. Raises CannotSay."""
    write(f"{escaped(text)}\n")


def write(text: str) -> None:
    """Write what is ours as it is. A reader who has left ends nothing: reports are still to be written. Raises
    CannotSay.
    """
    try:
        print(text, end="", flush=True)
    except BrokenPipeError:
        _let_go()
    except OSError as error:
        _let_go()
        raise CannotSay(f"standard output cannot be written: {error.strerror}") from None


def _let_go() -> None:
    """Let what is still written, also what waits to be, go nowhere: Python writes that once more when it ends."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
