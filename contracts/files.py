"""What came of a run, for programs: JSON, JUnit XML, and a record of the evidence in JSON Lines.

Shapes that somebody's scripts rely on: `fixtures/report.schema.json` is generated from the types here, and `version`
changes when a member goes away or means something else. Secrets of a target are left out.
"""

from __future__ import annotations

import json
from collections import Counter
from typing import Any, Literal
from xml.etree import ElementTree

import msgspec

from contracts.cases import Evidence
from contracts.report import Run, failure
from contracts.runner import Outcome, Status
from contracts.steps import Step
from contracts.wire import Exchange


class Claim(msgspec.Struct, kw_only=True):
    """What came of one claim. `difference`: the first one, "" for none; of a skipped claim, why it was skipped.

    `script` is the file that `exchange-contracts replay` takes, `took_s` how many seconds it took.
    """

    id: str
    exchange: Exchange
    status: Status
    evidence: Evidence
    description: str
    source: str
    disputed_by: str | None
    hunts: str | None
    difference: str
    script: str | None
    took_s: float


class Counts(msgspec.Struct, kw_only=True):
    """How many claims came out how."""

    held: int
    failed: int
    disputed: int
    skipped: int


class Report(msgspec.Struct, kw_only=True):
    """A run. `complete` is false when it was stopped, or the target went down. `left_out` counts the claims that were
    not held because they are not marked as harmless. `confirms` and `refutes` are ids of inferred or unknown claims.
    """

    version: Literal[1]
    targets: list[str]
    complete: bool
    counts: Counts
    left_out: int
    confirms: list[str]
    refutes: list[str]
    outcomes: list[Claim]


def schema() -> dict[str, Any]:
    """The JSON schema of what `as_json` writes."""
    return msgspec.json.schema(Report)


def as_json(run: Run) -> bytes:
    """The run as JSON, in the shape of `Report`."""
    document = Report(
        version=1,
        targets=run.names,
        complete=run.complete,
        counts=Counts(
            held=run.count("held"),
            failed=run.count("failed"),
            disputed=run.count("disputed"),
            skipped=run.count("skipped"),
        ),
        left_out=run.left_out,
        confirms=run.settled("held"),
        refutes=run.settled("failed"),
        outcomes=[_claim(run, one) for one in run.outcomes],
    )
    return json.dumps(msgspec.to_builtins(document), indent=1, ensure_ascii=False).encode()


def _claim(run: Run, outcome: Outcome) -> Claim:
    case = outcome.case
    return Claim(
        id=case.id,
        exchange=outcome.exchange,
        status=outcome.status,
        evidence=case.evidence,
        description=case.description,
        source=case.source,
        disputed_by=case.disputed_by,
        hunts=case.hunts,
        difference=run.hidden(outcome.difference),
        script=str(run.scripts[case.id]) if case.id in run.scripts else None,
        took_s=round(run.took_s.get(case.id, 0.0), 3),
    )


def junit(run: Run) -> bytes:
    """The run as JUnit XML, a test suite an exchange. What is disputed is skipped there."""
    root = ElementTree.Element("testsuites", name="exchange-contracts", **_counted(run, run.outcomes))
    for exchange in dict.fromkeys(outcome.exchange for outcome in run.outcomes):
        mine = [outcome for outcome in run.outcomes if outcome.exchange == exchange]
        skipped = str(sum(outcome.status in ("skipped", "disputed") for outcome in mine))
        suite = ElementTree.SubElement(root, "testsuite", name=exchange, **_counted(run, mine), skipped=skipped)
        for outcome in mine:
            took = f"{run.took_s.get(outcome.case.id, 0.0):.3f}"
            case = ElementTree.SubElement(suite, "testcase", classname=exchange, name=outcome.case.id, time=took)
            if outcome.status == "failed":
                message = _xml(outcome.case.description)
                told = ElementTree.SubElement(case, "failure", message=message, type=outcome.case.evidence)
                told.text = _xml(failure(run, outcome))
            elif outcome.status != "held":
                why = outcome.case.disputed_by or run.hidden(outcome.difference)
                ElementTree.SubElement(case, "skipped", message=_xml(f"{outcome.status}: {why}"))
    written: bytes = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    return written


def _counted(run: Run, outcomes: list[Outcome]) -> dict[str, Any]:
    """What test suites have in common; a claim that could not be held ends the run, so nothing is an error."""
    counts = Counter(outcome.status for outcome in outcomes)
    took_s = sum(run.took_s.get(outcome.case.id, 0.0) for outcome in outcomes)
    return {"tests": str(len(outcomes)), "failures": str(counts["failed"]), "errors": "0", "time": f"{took_s:.3f}"}


def _xml(text: str) -> str:
    """Text without the characters that XML cannot carry."""
    return "".join(
        letter if letter.isprintable() or letter in "\n\t" else "\N{REPLACEMENT CHARACTER}" for letter in text
    )


def record(run: Run, at: str) -> bytes:
    """What was sent and heard, a JSON line a claim: evidence for or against the facts. `at` says when (ISO 8601).

    A line has the members of `Claim`, `at`, `target` (its address), and `steps`: of each call or conversation `method`,
    `target`, `sent` (the body, or a list of frames; symbolic, without credentials), `signed` and `heard`.
    """
    lines = []
    for outcome in run.outcomes:
        if outcome.script is None:
            continue
        steps = [_step(run, step) for step in outcome.script.steps if step.is_answered]
        claim = msgspec.to_builtins(_claim(run, outcome))
        told = {"at": at, "target": outcome.script.target.url, **claim, "steps": steps}
        lines.append(json.dumps(told, ensure_ascii=False) + "\n")
    return "".join(lines).encode()


def _step(run: Run, step: Step) -> dict[str, Any]:
    call = step.call
    sent = run.hidden(call.body) if call else [run.hidden(frame) for frame in step.frames]
    return {
        "method": call.method if call else "WebSocket",
        "target": run.hidden(call.target if call else step.target),
        "sent": sent,
        "signed": call.signed if call else None,
        "heard": run.hidden(step.heard),
    }
