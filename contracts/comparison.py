"""What came beside what was expected: the first difference, told so that it is found at once.

Knows texts with holes and nothing of how they were asked for.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from contracts.holes import pattern
from contracts.wire import HttpReply


def compare(status: int, headers: Mapping[str, str], body: str, reply: HttpReply, values: Mapping[str, str]) -> str:
    """The first difference between an answer and what is expected; "" when there is none."""
    if reply.status != status:
        return f"status: expected {status}, got {reply.status} with {reply.text}"
    for name, expected in headers.items():
        got = reply.header(name)
        if got is None or not pattern(expected, values).fullmatch(got):
            return f"header {name}: expected {expected}, got {got}"
    return _compare_text("body", body, reply.text, values)


def compare_frames(expected: Sequence[str], frames: Sequence[str], values: Mapping[str, str]) -> str:
    """The first difference between frames and those expected; "" when there is none."""
    if len(frames) != len(expected):
        return f"frames: expected {len(expected)}, got {len(frames)}: {list(frames)}"
    for number, (wanted, got) in enumerate(zip(expected, frames, strict=True), 1):
        difference = _compare_text(f"frame {number}", wanted, got, values)
        if difference:
            return difference
    return ""


def _compare_text(what: str, expected: str, got: str, values: Mapping[str, str]) -> str:
    if pattern(expected, values).fullmatch(got):
        return ""
    agreed = _agreed(expected, got, values)
    start = max(0, agreed - 80)  # tickets are long, and only where they part is of interest
    same = f"{'... ' * (start > 0)}{got[start:agreed]!r}"
    rest = f"then comes {got[agreed : agreed + 40]!r}" if agreed < len(got) else "and then nothing more comes"
    return f"{what}: expected {expected}\n  got {got}\n  they agree up to {same}, {rest}"


def _agreed(expected: str, got: str, values: Mapping[str, str]) -> int:
    """How far `got` agrees with `expected`, in characters of `got`, hole by hole and then letter by letter."""
    agreed = 0
    for end in range(1, len(expected) + 1):
        if expected.count("«", 0, end) != expected.count("»", 0, end):
            continue
        match = pattern(expected[:end], values).match(got)
        if match is None:
            break
        agreed = match.end()
    return agreed
