"""The calls of one test as text for a failing test's report: what was asked, what was answered, and why.

Reads the documents of `simulator/service/views.py`, in which supplied secrets are masked already.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

shown_calls = 30
"""The most calls of one test that are shown; the last ones, since a property test ends with its failing example."""
_shown_text = 500


@dataclass(frozen=True, slots=True)
class Call:
    """One turn: whose it was (an account's id, an exchange's name, "" for nobody's) and its journal document."""

    owner: str
    document: Mapping[str, Any]


def transcript(calls: Sequence[Call], count: int) -> str:
    """`calls` are the last of `count`, oldest first; "" when there were none."""
    if not count:
        return ""
    left_out = f", the last {len(calls)} of them" if count > len(calls) else ""
    lines = [f"{count} call{'' if count == 1 else 's'} in this test{left_out}"]
    for call in calls:
        lines += ["", *_lines(call)]
    return "\n".join(lines).encode("utf-8", "backslashreplace").decode()


def _lines(call: Call) -> list[str]:
    document = call.document
    endpoint = f"  [{document['endpoint']}]" if document["endpoint"] else ""
    lines = [f"{call.owner or 'no exchange'}{endpoint}", f"  asked     {_asked(document['request'])}"]
    lines += [f"  answered  {answered}" for answered in _answered(document["reply"])]
    lines += [f"  fault     {document['fault']}"] if document["fault"] else []
    lines += [f"  sent      {sent}" for sent in _answered(document["sent"])] if document["sent"] else []
    refused = document["refused"]
    if refused is not None:
        lines.append(f"  refused   {refused['row']} ({refused['condition']}): {refused['check']}")
        lines += _why(refused)
    lines += [f"  nearest   {near_miss(one)}" for one in document["near_misses"]]
    lines += [f"  unread    {', '.join(document['unread'])}"] if document["unread"] else []
    for change in document["changes"]:
        step = f"{change['from'] or '(new)'} -> {change['to']}"
        lines.append(f"  changed   {change['withdrawal']}: {step} by {change['event']}")
    return lines


def _why(refused: Mapping[str, Any]) -> list[str]:
    """Why a call was refused; of a wrong signature what was signed, and which mistake it is."""
    diagnosis = refused["diagnosis"]
    if diagnosis is None:
        return [f"            {line}" for line in str(refused["because"]).splitlines()]
    told = ("signed", "expected", "received")
    mistake = diagnosis["mistake"] or "none that is known"
    return [*(f"  {name:<8}  {_cut(diagnosis[name])}" for name in told), f"  mistake   {mistake}"]


def near_miss(document: Mapping[str, Any]) -> str:
    """An endpoint that a request nearly asked for, in a line."""
    where = f"{document['exchange']} {document['endpoint']} {document['method']} {document['path']}"
    return f"{where} ({document['why']})"


def _asked(request: Mapping[str, Any]) -> str:
    if "frame" in request:
        return _cut(f"frame on {request['target']}  {request['frame']}")
    return _cut(f"{request['method']} {request['target']}  {request['body']}".rstrip())


def _answered(reply: Mapping[str, Any]) -> list[str]:
    if "frames" in reply:
        return [_cut(f"frame  {frame}") for frame in reply["frames"]] or ["nothing"]
    return [_cut(f"{reply['status']}  {reply['body']}".rstrip())]


def _cut(text: str) -> str:
    """On one line and not too long; what is cut stands in the journal."""
    line = text.replace("\r", "\\r").replace("\n", "\\n")
    return line if len(line) <= _shown_text else f"{line[:_shown_text]}... ({len(line)} characters)"
