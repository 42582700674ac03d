"""Ctrl-C, heeded where it does what was promised: the run ends, and what it has found so far is kept.

Python raises KeyboardInterrupt wherever it happens to be. In a callback of the garbage collector that is where it is
lost, within Hypothesis it does damage, and in an `exec` behind an import the interpreter ends by the signal whatever
exit status was asked for. So it is noted, and raised where somebody looks: at each run, claim and call. While one
waits for a server it is raised as it comes; a second one always is. Knows nothing of what is interrupted.
"""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType


class _Heed:
    asked = False
    at_once = False


_heed = _Heed()


@contextmanager
def heeded() -> Iterator[None]:
    """Within, Ctrl-C is noted; behind it all is as before. Only in the main thread, where signals come, and only where
    Ctrl-C is not somebody else's, or ignored.
    """
    mine = threading.current_thread() is threading.main_thread()
    if not mine or signal.getsignal(signal.SIGINT) is not signal.default_int_handler:
        yield
        return
    signal.signal(signal.SIGINT, _came)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, signal.default_int_handler)
        _heed.asked = False


def look() -> None:
    """Here an interrupt does no harm. Raises KeyboardInterrupt if one was asked for."""
    if _heed.asked:
        raise KeyboardInterrupt


def asked() -> bool:
    """True once Ctrl-C has come."""
    return _heed.asked


@contextmanager
def at_once() -> Iterator[None]:
    """Within, Ctrl-C is raised as it comes: who waits for a server, or for time to pass, must not wait on."""
    before, _heed.at_once = _heed.at_once, True
    try:
        yield
    finally:
        _heed.at_once = before


def _came(number: int, frame: FrameType | None) -> None:
    again, _heed.asked = _heed.asked, True
    if again or _heed.at_once:
        raise KeyboardInterrupt
