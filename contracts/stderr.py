"""Standard error, which may be closed or full: what cannot be told there is dropped and changes no exit status.

Knows nothing of what is told.
"""

from __future__ import annotations

import contextlib
import os
import sys

from contracts.escapes import escaped


def is_terminal() -> bool:
    """True if somebody watches."""
    return sys.stderr is not None and not sys.stderr.closed and sys.stderr.isatty()


def tell(text: str) -> None:
    """Write lines at once, escaped, or not at all."""
    write(f"{escaped(text)}\n")


def write(text: str) -> None:
    """Write what is ours as it is, at once, or not at all."""
    if sys.stderr is None:  # print() would take standard output for it
        return
    try:
        print(text, end="", file=sys.stderr, flush=True)
    except (OSError, ValueError):  # it is full, its reader has left, or it was closed
        let_go()


def let_go() -> None:
    """Let what still waits to be written go nowhere, if it must: Python tries again when it ends, and with that it
    changes the exit status.
    """
    if sys.stderr is None:
        return
    try:
        sys.stderr.flush()
    except (OSError, ValueError):
        with contextlib.suppress(OSError, ValueError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stderr.fileno())
