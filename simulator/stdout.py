"""Standard output, whose reader may leave (`| head`) and whose disk may be full. Knows nothing of what is written."""

from __future__ import annotations

import errno
import os
import sys

_UNWRITABLE = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO, errno.EBADF})


def say(line: str = "") -> None:
    """Write a line at once. That its reader has left is no reason to end for who has more to do."""
    try:
        sys.stdout.write(f"{line}\n")
        sys.stdout.flush()
    except BrokenPipeError:
        let_go()


def let_go() -> None:
    """Let all that is still written, also what waits to be, go nowhere."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def is_unwritable(error: OSError) -> bool:
    """True for an error that says of an open file, which standard output is, that it takes nothing more."""
    return error.filename is None and error.errno in _UNWRITABLE
