"""What came of a run, for people and for programs: text, JUnit XML, JSON, and a record of the evidence.

Secrets of a target are left out of everything that is written here.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, get_args
from xml.etree import ElementTree

from contracts.cases import Evidence
from contracts.runner import Outcome, Status, curl_line
from contracts.targets import Target

_doubtful = ("inferred", "unknown")


class CannotWrite(Exception):
    """A report file cannot be written; the sentence names it."""


@dataclass(slots=True)
class Run:
    """A run against one or several targets. `scripts` is where those of failed claims were written."""

    names: list[str] = field(default_factory=list)
    outcomes: list[Outcome] = field(default_factory=list)
    secrets: set[str] = field(default_factory=set)
    scripts: dict[str, Path] = field(default_factory=dict)

    def begin(self, target: Target) -> None:
        self.names.append(f"{target.name} at {target.url}" if target.name != "in process" else target.name)
        self.secrets |= target.secrets

    def count(self, status: Status) -> int:
        return sum(outcome.status == status for outcome in self.outcomes)

    def hidden(self, text: str) -> str:
        """`text` without the secrets of any target."""
        for secret in sorted(self.secrets, key=len, reverse=True):
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
        lines.append(f"  {curl_line(outcome.script.target.url, outcome.script.sent)}")
    if case.id in run.scripts:
        lines.append(f"  again, signed anew: exchange-contracts replay {run.scripts[case.id]}")
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
    for status, word in (("held", "confirms"), ("failed", "refutes")):
        settled = [one.case.id for one in run.outcomes if one.status == status and one.case.evidence in _doubtful]
        if settled:
            named = f": {', '.join(settled)}" if status == "failed" else ""
            claims = "1 claim that is" if len(settled) == 1 else f"{len(settled)} claims that are"
            lines.append(f"the target {word} {claims} inferred or unknown{named}")
    counts = ", ".join(f"{run.count(status)} {status}" for status in get_args(Status))
    lines.append(f"{counts} ({'; '.join(run.names)})")
    return "\n".join(lines)


def _cell(outcomes: Iterable[Outcome], exchange: str, mark: str) -> str:
    found = [one.status for one in outcomes if one.exchange == exchange and one.case.evidence == mark]
    asked = found.count("held") + found.count("failed")
    return f"{found.count('held')}/{asked}" if asked else "-"


def as_json(run: Run) -> bytes:
    """The run as JSON: counts, and every outcome with what stands behind it."""
    document = {
        "targets": run.names,
        "counts": {status: run.count(status) for status in get_args(Status)},
        "outcomes": [_outcome(run, one) for one in run.outcomes],
    }
    return json.dumps(document, indent=1, ensure_ascii=False).encode()


def _outcome(run: Run, outcome: Outcome) -> dict[str, Any]:
    case = outcome.case
    return {
        "id": case.id,
        "exchange": outcome.exchange,
        "status": outcome.status,
        "evidence": case.evidence,
        "description": case.description,
        "source": case.source,
        "disputed_by": case.disputed_by,
        "hunts": case.hunts,
        "difference": run.hidden(outcome.difference),
    }


def junit(run: Run) -> bytes:
    """The run as JUnit XML, a test suite an exchange."""
    root = ElementTree.Element("testsuites", name="exchange-contracts")
    for exchange in dict.fromkeys(outcome.exchange for outcome in run.outcomes):
        mine = [outcome for outcome in run.outcomes if outcome.exchange == exchange]
        counts = Counter(outcome.status for outcome in mine)
        suite = ElementTree.SubElement(
            root,
            "testsuite",
            name=exchange,
            tests=str(len(mine)),
            failures=str(counts["failed"]),
            skipped=str(counts["skipped"] + counts["disputed"]),
        )
        for outcome in mine:
            case = ElementTree.SubElement(suite, "testcase", classname=exchange, name=outcome.case.id)
            if outcome.status == "failed":
                told = ElementTree.SubElement(case, "failure", message=_xml(outcome.case.description))
                told.text = _xml(failure(run, outcome))
            elif outcome.status != "held":
                why = outcome.case.disputed_by or outcome.difference
                ElementTree.SubElement(case, "skipped", message=_xml(f"{outcome.status}: {why}"))
    written: bytes = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    return written


def _xml(text: str) -> str:
    """Text without the characters that XML cannot carry."""
    return "".join(
        letter if letter.isprintable() or letter in "\n\t" else "\N{REPLACEMENT CHARACTER}" for letter in text
    )


def record(run: Run, at: str) -> bytes:
    """What was sent and heard, a JSON line a claim: evidence for or against the facts. `at` says when (ISO 8601)."""
    lines = []
    for outcome in run.outcomes:
        if outcome.script is None:
            continue
        steps = [
            {
                "method": step.call.method if step.call else "WebSocket",
                "target": step.call.target if step.call else step.target,
                "sent": step.call.body if step.call else step.frames,
                "signed": step.call.signed if step.call else None,
                "heard": step.heard,
            }
            for step in outcome.script.steps
            if step.do in ("call", "frames")
        ]
        told = {"at": at, "target": outcome.script.target.url, **_outcome(run, outcome), "steps": steps}
        lines.append(run.hidden(json.dumps(told, ensure_ascii=False)) + "\n")
    return "".join(lines).encode()


def write(path: Path, content: bytes) -> None:
    """Write a report. Raises CannotWrite."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    except OSError as error:
        raise CannotWrite(f"{path} cannot be written: {error.strerror}") from None
