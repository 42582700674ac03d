"""What came of a run, told to people. What programs read of it is written by `contracts.files`.

Secrets of a target are left out of everything that is told here.
"""

from __future__ import annotations

import errno
import os
import stat
import textwrap
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import get_args

from contracts import interrupts
from contracts.cases import Evidence
from contracts.curl import curl_line
from contracts.runner import Outcome, Status
from contracts.targets import Target

_doubtful = ("inferred", "unknown")
_a_page = 60


class CannotWrite(Exception):
    """A report file cannot be written; the sentence names it."""


@dataclass(slots=True)
class Run:
    """A run against one or several targets. `scripts` is where those of failed claims were written.

    `again` are the options with which `replay` speaks to the same target; `left_out` counts claims that might do harm
    and were not held for that; `took_s` has for each claim how long it took. `complete`: all claims had their turn.
    """

    names: list[str] = field(default_factory=list)
    outcomes: list[Outcome] = field(default_factory=list)
    secrets: set[str] = field(default_factory=set)
    scripts: dict[str, Path] = field(default_factory=dict)
    again: str = ""
    left_out: int = 0
    took_s: dict[str, float] = field(default_factory=dict)
    complete: bool = False

    def begin(self, target: Target) -> None:
        self.names.append(f"{target.name} at {target.url}" if target.name != "in process" else target.name)
        self.secrets |= target.secrets

    def add(self, outcome: Outcome, took_s: float) -> None:
        """Note what came of a claim; the tokens of a login on somebody's own account are secrets from then on."""
        self.outcomes.append(outcome)
        self.took_s[outcome.case.id] = took_s
        if outcome.script is not None and outcome.script.target.secrets:
            self.secrets |= outcome.script.tokens()

    def count(self, status: Status) -> int:
        return sum(outcome.status == status for outcome in self.outcomes)

    def hidden(self, text: str) -> str:
        """`text` without the secrets of any target."""
        return hidden(text, self.secrets)

    def settled(self, status: Status) -> list[str]:
        """The inferred or unknown claims that the target confirms (`held`) or refutes (`failed`)."""
        return [one.case.id for one in self.outcomes if one.status == status and one.case.evidence in _doubtful]


def hidden(text: str, secrets: Iterable[str]) -> str:
    """`text` without secrets."""
    for secret in sorted(secrets, key=len, reverse=True):
        text = text.replace(secret, "***")
    return text


def failure(run: Run, outcome: Outcome) -> str:
    """A claim that does not hold, or is disputed: what it is, its source, how the answer differs, how to ask again."""
    case = outcome.case
    lines = [f"{outcome.status}: {case.id} [{case.evidence}]", f"  {case.description}", f"  source: {case.source}"]
    if case.hunts:
        lines.append(f"  hunts: {case.hunts}")
    if case.disputed_by:
        lines.append(f"  disputed by: {case.disputed_by}")
    lines += ["  " + line for line in (outcome.difference or "the target answers as the case says").split("\n")]
    if outcome.status == "failed" and outcome.script is not None and outcome.script.sent is not None:
        lines.append(f"  sent as: {curl_line(outcome.script.target.url, outcome.script.sent, run.hidden)}")
    if case.id in run.scripts:
        lines.append(f"  again, signed anew: exchange-contracts replay {run.scripts[case.id]} {run.again}".rstrip())
    return run.hidden("\n".join(lines))


def summary(run: Run) -> str:
    """The table by exchange and evidence mark, what was skipped, and which doubtful facts the target settles."""
    lines = ["", f"{'':<12}" + "".join(f"{mark:>12}" for mark in get_args(Evidence))]
    for exchange in dict.fromkeys(outcome.exchange for outcome in run.outcomes):
        cells = [_cell(run.outcomes, exchange, mark) for mark in get_args(Evidence)]
        lines.append(f"{exchange:<12}" + "".join(f"{cell:>12}" for cell in cells))
    lines.append("(held/asked; disputed and skipped claims are not asked)")
    skipped = Counter(outcome.difference for outcome in run.outcomes if outcome.status == "skipped")
    lines += [f"skipped {count}: {reason}" for reason, count in skipped.most_common()]
    if run.left_out:
        lines.append(f"left out {run.left_out}: they are not marked as harmless on a live account")
    lines += _settled(run.settled("held"), "confirms")
    lines += _settled(run.settled("failed"), "refutes")
    if not run.complete:
        lines.append("the run did not come to its end: what is missing here was not held")
    counts = ", ".join(f"{run.count(status)} {status}" for status in get_args(Status))
    lines.append(f"{counts} ({'; '.join(dict.fromkeys(run.names))})")
    return "\n".join(lines)


def _settled(claims: list[str], word: str) -> list[str]:
    """Which doubtful claims the target settles, by name; more than a page of confirmed ones only by number."""
    if not claims:
        return []
    told = "1 claim that is" if len(claims) == 1 else f"{len(claims)} claims that are"
    line = f"the target {word} {told} inferred or unknown"
    if word == "confirms" and len(claims) > _a_page:
        return [f"{line} (--json and --record list them)"]
    return [
        line + ":",
        *textwrap.wrap(", ".join(claims), 118, initial_indent="  ", subsequent_indent="  ", break_on_hyphens=False),
    ]


def _cell(outcomes: Iterable[Outcome], exchange: str, mark: str) -> str:
    found = [one.status for one in outcomes if one.exchange == exchange and one.case.evidence == mark]
    asked = found.count("held") + found.count("failed")
    return f"{found.count('held')}/{asked}" if asked else "-"


@contextmanager
def probed(path: Path) -> Iterator[tuple[int, int]]:
    """A report can be written there: device and number of the file, one of its own behind however many names. What
    stands in it stays until there is something to write; within, the file exists. Raises CannotWrite.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        is_new = not path.exists()
        with path.open("ab") as file:
            found = os.fstat(file.fileno())
    except OSError as error:
        raise CannotWrite(f"{path} cannot be written: {error.strerror}") from None
    try:
        yield found.st_dev, found.st_ino
    finally:
        if is_new:
            path.resolve().unlink(missing_ok=True)  # not a link to it


def write(path: Path, content: bytes) -> None:
    """Write a report: what stood there is replaced by the whole of it, or stays. Raises CannotWrite."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if _is_no_file(path):
            _write_there(path, content)
            return
        try:
            _replace(path.resolve(), content)  # a link stays one
        except OSError as error:
            if error.errno not in _KEEPS_ITS_FILES:
                raise
            _write_there(path, content)
    except OSError as error:
        raise CannotWrite(f"{path} cannot be written: {error.strerror}") from None


_KEEPS_ITS_FILES = frozenset({errno.EACCES, errno.EPERM, errno.EBUSY, errno.EROFS})
"""A folder says so that takes no file beside, or lets none be replaced (a file that is mounted): it can still be
written to.
"""


def _is_no_file(path: Path) -> bool:
    """True for what must not be replaced: a device, a pipe, and a standard stream, even where that is a file."""
    if not path.exists():
        return False
    found = path.stat()
    streams = []
    for descriptor in range(3):
        with suppress(OSError):  # some have none
            streams.append(os.fstat(descriptor))
    nameless = not path.resolve().exists()  # /dev/fd/N of a file that was removed
    return nameless or not stat.S_ISREG(found.st_mode) or any(os.path.samestat(found, one) for one in streams)


def _write_there(path: Path, content: bytes) -> None:
    """What is no file may have no reader: who waits for one can be told to stop."""
    with interrupts.at_once():
        path.write_bytes(content)


def _replace(target: Path, content: bytes) -> None:
    beside = target.with_name(f".exchange-contracts.{os.getpid()}.tmp")
    try:
        beside.write_bytes(content)
        if target.exists():
            beside.chmod(stat.S_IMODE(target.stat().st_mode))
        beside.replace(target)
    finally:
        beside.unlink(missing_ok=True)
