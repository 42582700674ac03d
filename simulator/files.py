"""Files that a command writes: checked before it starts, held against others, and written in one step.

Raises Misuse with the file's name and what it is for; knows nothing of what stands in it.
"""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from simulator.core.misuse import Misuse, shown

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl


def named(path: Path) -> str:
    """A path as a sentence names it: whole, unless no system would take it."""
    return shown(str(path), 1100)


def check(path: Path, what: str) -> None:
    """See that `path` can be a file that is written. `what` names it in a sentence, such as "ready file"."""
    folder = path.absolute().parent
    with writing(path, what):  # a name that is too long is not even asked for
        is_there, is_folder, is_none = folder.is_dir(), path.is_dir(), _is_no_file(path)
    if not is_there:
        raise Misuse(f"the {what}'s folder {named(folder)} does not exist; create it first")
    if is_folder:
        raise Misuse(f"the {what} {named(path)} is a folder; name a file in it")
    if is_none:  # it would be replaced, and root may replace /dev/null
        raise Misuse(f"the {what} {named(path)} is a device, a pipe or a standard stream; name a file")
    if not os.access(folder, os.W_OK | os.X_OK):
        raise Misuse(f"the {what} {named(path)} cannot be written: its folder {named(folder)} may not be written to")


def _is_no_file(path: Path) -> bool:
    """True for what must not be replaced: a device, a pipe, and a standard stream, even where that is a file."""
    if not path.exists():
        return False
    found = path.stat()
    streams = []
    for descriptor in range(3):
        with suppress(OSError):  # some have none
            streams.append(os.fstat(descriptor))
    return not stat.S_ISREG(found.st_mode) or any(os.path.samestat(found, stream) for stream in streams)


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
        raise Misuse(f"the {what} {named(path)} cannot be written: {error.strerror}") from None


@contextmanager
def held(path: Path, what: str) -> Iterator[None]:
    """Keep other processes that hold their files from `path` as long as this lasts. Raises Misuse when one has it.

    The lock is on a file beside it, since `path` itself is replaced when it is written. The system takes the lock from
    a process that dies, so what that leaves behind is in nobody's way.
    """
    check(path, what)
    target = path.resolve()  # whichever link leads to it
    lock = target.with_name(f".{target.name}.lock")
    with writing(path, what):
        descriptor = _locked(lock)
    if descriptor is None:
        raise Misuse(f"the {what} {named(path)} is in use by another process; stop that one or name another file")
    try:
        yield
    finally:
        with suppress(OSError):  # the folder is gone, or the system removes no open files
            lock.unlink()
        os.close(descriptor)


def _locked(lock: Path) -> int | None:
    """The descriptor that holds the lock; None when another has it."""
    while True:
        descriptor = os.open(lock, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            _lock(descriptor)
            if os.path.samestat(os.fstat(descriptor), lock.stat()):
                return descriptor
        except (BlockingIOError, PermissionError):
            os.close(descriptor)
            return None
        except FileNotFoundError:
            pass
        except OSError:
            os.close(descriptor)
            raise
        os.close(descriptor)  # its holder removed it between our opening and our locking: there is a new one to get


def _lock(descriptor: int) -> None:
    if sys.platform == "win32":
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
    else:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
