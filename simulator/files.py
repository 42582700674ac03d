"""Files that a command writes: checked before it starts, and written in one step, so that nobody reads half of one.

Raises Misuse with the file's name and what it is for; knows nothing of what stands in it.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from simulator.core.misuse import Misuse


def check(path: Path, what: str) -> None:
    """See that `path` can be a file that is written. `what` names it in a sentence, such as "ready file"."""
    folder = path.absolute().parent
    if not folder.is_dir():
        raise Misuse(f"the {what}'s folder {str(folder)!r} does not exist; create it first")
    if path.is_dir():
        raise Misuse(f"the {what} {str(path)!r} is a folder; name a file in it")
    if not os.access(folder, os.W_OK | os.X_OK):
        raise Misuse(f"the {what} {str(path)!r} cannot be written: its folder {str(folder)!r} may not be written to")


def write(path: Path, text: str, what: str, mode: int = 0o666) -> None:
    """Put `text` in the place of what the file was; when that fails, it is what it was."""
    target = path.resolve()  # a link stays one
    beside = target.with_name(f"{target.name}.{os.getpid()}.tmp")
    with writing(path, what):
        try:
            beside.touch(mode)
            with beside.open("w", encoding="utf-8") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            beside.replace(target)
        finally:
            beside.unlink(missing_ok=True)


@contextmanager
def writing(path: Path, what: str) -> Iterator[None]:
    """Say of a file that cannot be written which one it is."""
    try:
        yield
    except OSError as error:
        raise Misuse(f"the {what} {str(path)!r} cannot be written: {error.strerror}") from None
