"""Ctrl-C, heeded where it does what was promised: the run ends, and what it has found so far is kept.

Python raises KeyboardInterrupt wherever it happens to be. In a callback of the garbage collector that is where it is
lost, within Hypothesis it does damage, and in an `exec` behind an import the interpreter ends by the signal whatever
exit status was asked for. So it is noted, and raised where somebody looks: at each run, claim and call. While one
waits for a server it is raised as it comes. A person who presses twice means it once; one who presses again later, or
a third time, is not kept waiting, until what was found is being written. Knows nothing of what is interrupted.
"""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

twice_s = 1.0
"""Two presses within so many seconds are one."""


class _Heed:
    def __init__(self, now_s: Callable[[], float] = time.monotonic) -> None:
        self.now_s = now_s
        self.presses = 0
        self.first_s = 0.0
        self.at_once = False
        self.ending = False


_heed = _Heed()


@contextmanager
def heeded(*, for_good: bool = False, now_s: Callable[[], float] = time.monotonic) -> Iterator[None]:
    """Within, Ctrl-C is noted; behind it all is as before, or `for_good`: ignored, since the process ends. Only in the
    main thread, where signals come, and only where Ctrl-C is not somebody else's, or ignored. `now_s` is any clock.
    """
    global _heed  # noqa: PLW0603 - there is one handler in a process
    mine = threading.current_thread() is threading.main_thread()
    if not mine or signal.getsignal(signal.SIGINT) is not signal.default_int_handler:
        yield
        return
    _heed = _Heed(now_s)
    signal.signal(signal.SIGINT, _came)
    try:
        yield
    finally:
        end()
        signal.signal(signal.SIGINT, signal.SIG_IGN if for_good else signal.default_int_handler)
        _heed = _Heed()
        if for_good:
            # CPython ends by the signal once a KeyboardInterrupt has left an `exec` of text, such as dataclasses are
            # made with, wherever it was caught then. The next one begins anew.
            exec("")  # noqa: S102


def look() -> None:
    """Here an interrupt does no harm. Raises KeyboardInterrupt if one was asked for."""
    if _heed.presses:
        raise KeyboardInterrupt


def asked() -> bool:
    """True once Ctrl-C has come."""
    return _heed.presses > 0


def end() -> None:
    """From here on the run is being ended, which no further Ctrl-C interrupts but where somebody waits."""
    _heed.ending = True


@contextmanager
def at_once() -> Iterator[None]:
    """Within, Ctrl-C is raised as it comes: who waits for a server, or for time to pass, must not wait on."""
    before, _heed.at_once = _heed.at_once, True
    try:
        yield
    finally:
        _heed.at_once = before


def _came(number: int, frame: FrameType | None) -> None:
    _heed.presses += 1
    if _heed.presses == 1:
        _heed.first_s = _heed.now_s()
        raises = _heed.at_once
    else:
        again = _heed.presses > 2 or _heed.now_s() - _heed.first_s >= twice_s
        raises = again and (_heed.at_once or not _heed.ending)
    if raises:
        raise KeyboardInterrupt
