"""Standard output and error, whose readers may leave (`| head`) and whose disks may be full. Knows nothing of what is
written.
"""

from __future__ import annotations

import errno
import os
import sys
from contextlib import suppress
from typing import TextIO

_UNWRITABLE = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO, errno.EBADF})


def say(line: str = "") -> None:
    """Write a line to standard output at once. That its reader has left is no reason to end for who has more to do."""
    try:
        sys.stdout.write(f"{line}\n")
        sys.stdout.flush()
    except BrokenPipeError:
        let_go(sys.stdout)


def complain(line: str) -> None:
    """Write a line to standard error, if it can be: that nobody hears it there changes nothing."""
    if sys.stderr is not None:  # closed (`2>&-`)
        with suppress(OSError):
            sys.stderr.write(f"{line}\n")
            sys.stderr.flush()


def settle() -> None:
    """Let what standard error has not taken go: the interpreter would try once more when it ends, and end with 120."""
    try:
        if sys.stderr is not None:
            sys.stderr.flush()
    except OSError:
        let_go(sys.stderr)


def let_go(stream: TextIO) -> None:
    """Let all that is still written to a stream, also what waits to be, go nowhere."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def is_unwritable(error: OSError) -> bool:
    """True for an error that says of an open file, which standard output is, that it takes nothing more."""
    return error.filename is None and error.errno in _UNWRITABLE
