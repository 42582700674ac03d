"""What `serve` tells of each request: a readable line, or one JSON document a line, through `logging`.

The loggers are `exchange_simulator.requests` (one record a turn) and `exchange_simulator.http` (what was no request at
all); a program that embeds the simulator may attach `listener` and configure logging as it likes.
"""

from __future__ import annotations

import json
import logging
import os
import sys
from collections.abc import Mapping
from typing import Any, Literal

from simulator.core.accounts import Account
from simulator.core.diagnosis import Diagnosis
from simulator.core.journal import PUSH, Entry
from simulator.core.message import Frame, Reply
from simulator.service import views

requests = logging.getLogger("exchange_simulator.requests")

_line_max = 1000

_RED, _GREEN, _DIM, _PLAIN = "\x1b[31m", "\x1b[32m", "\x1b[2m", "\x1b[0m"


def setup(kind: Literal["text", "json"]) -> None:
    """Write request lines to standard error; text is coloured on a terminal."""
    terminal = sys.stderr is not None and sys.stderr.isatty()  # a daemon's may be closed, which Python shows as None
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_Json() if kind == "json" else _Text(colour=coloured(os.environ, terminal=terminal)))
    ours = logging.getLogger("exchange_simulator")
    ours.handlers[:] = [handler]
    ours.setLevel(logging.INFO)
    ours.propagate = False


def coloured(environment: Mapping[str, str], *, terminal: bool) -> bool:
    """True if text is to have colours: on a terminal that knows them, and as NO_COLOR and FORCE_COLOR have it.

    The two are heeded as Python's own command line does (docs: "Controlling color"): NO_COLOR goes first, and either
    counts when it is not empty.
    """
    if environment.get("NO_COLOR"):
        return False
    if environment.get("FORCE_COLOR"):
        return True
    return terminal and environment.get("TERM") != "dumb"


def listener(exchange: str, account: Account | None, entry: Entry) -> None:
    """A listener for `Service.listeners`: one log record a turn."""
    refused = entry.refused
    fields = {
        "exchange": exchange,
        "account": account.id if account else None,
        "endpoint": entry.endpoint,
        "asked": _line(_asked(entry)),
        "answered": _answered(entry.frames if entry.reply is None else entry.reply),
        "row": refused.row if refused else None,
        "condition": refused.condition if refused else None,
        "check": refused.check if refused else None,
        "because": _line(refused.because) if refused else None,
        "diagnosis": _diagnosis(refused.diagnosis) if refused and refused.diagnosis else None,
        "unread": [_line(name) for name in entry.unread],
        "near_misses": [_line(str(miss)) for miss in entry.near_misses],
        "fault": entry.fault,
        "sent": None if entry.sent is None else _answered(entry.sent),
    }
    requests.info("%s", fields["asked"], extra={"turn": fields})


def _diagnosis(diagnosis: Diagnosis) -> dict[str, str | None]:
    """A wrong signature, explained, each part on a line."""
    return {name: value and _line(value) for name, value in views.diagnosis(diagnosis).items()}


def _answered(reply: Reply | tuple[str, ...]) -> str | int:
    return f"{len(reply)} frames" if isinstance(reply, tuple) else reply.status


def _asked(entry: Entry) -> str:
    request = entry.request
    if entry.endpoint == PUSH:
        return f"(push on {request.target})"
    return request.text if isinstance(request, Frame) else f"{request.method} {request.target}"


def _line(text: str) -> str:
    """One readable line of a client's text, in which secrets are masked: nothing that a terminal would obey, not too
    long.
    """
    shown = text[: _line_max + 1]
    if not shown.isprintable():
        shown = "".join(letter if letter.isprintable() else repr(letter)[1:-1] for letter in shown)
    return shown if len(shown) <= _line_max else shown[:_line_max] + "…"


class _Text(logging.Formatter):
    def __init__(self, *, colour: bool) -> None:
        super().__init__(datefmt="%H:%M:%S")
        self._colour = colour

    def format(self, record: logging.LogRecord) -> str:
        turn: dict[str, Any] | None = record.__dict__.get("turn")
        if turn is None:
            return super().format(record)
        at, who = self.formatTime(record, self.datefmt), turn["account"] or turn["exchange"] or "-"
        answered = self._dyed(str(turn["answered"]), _RED if turn["row"] else _GREEN)
        line = f"{self._dyed(at, _DIM)}  {who}  {turn['asked']}  {answered}"
        if turn["row"]:
            line += f"  {self._dyed(turn['row'], _RED)} ({turn['condition']}): {turn['because']}"
        if turn["unread"]:
            line += f"  read by nothing: {', '.join(turn['unread'])}"
        if turn["near_misses"]:
            line += f"  nearest: {', '.join(turn['near_misses'])}"
        if turn["fault"]:
            line += f"  fault: {turn['fault']}"
        if turn["sent"]:
            line += f"  sent: {turn['sent']}"
        return line.encode("utf-8", "backslashreplace").decode()

    def _dyed(self, text: str, colour: str) -> str:
        return f"{colour}{text}{_PLAIN}" if self._colour else text


class _Json(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        told = record.__dict__.get("turn") or {"message": super().format(record)}
        return json.dumps({"at": round(record.created, 3), **told})
