"""Documents that come from outside: values that every part of the project can carry, and nothing that nobody reads.

Every function raises Misuse with the first thing that is wrong. Knows nothing of what a document means.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from decimal import Decimal
from typing import Any

from simulator.core.clock import latest_ms
from simulator.core.ids import Ids
from simulator.core.ledger import amount
from simulator.core.lifecycle import State
from simulator.core.misuse import Misuse, brief, shown


def check_values(where: str, value: Any, *, any_text: bool = False) -> None:
    """Numbers and texts that every part of the project can carry: times that have a date, money that is some.

    Clients may have written `any_text`, half of a surrogate pair too, into their withdrawals.
    """
    if isinstance(value, Decimal):
        amount(value, f"the snapshot's {brief(where)}")
    elif isinstance(value, int | float) and not -(2**63) < value < 2**64:
        raise Misuse(f"the snapshot's {brief(where)} {shown(value)} is out of range")
    elif isinstance(value, str) and not any_text and _has_half_a_character(value):
        raise Misuse(f"the snapshot's {brief(where)} has half of a surrogate pair, which is no character")
    elif isinstance(value, State | Ids):
        return
    elif is_dataclass(value):
        for field in fields(value):
            one = getattr(value, field.name)
            if field.name.endswith("_ms") and isinstance(one, int) and not -latest_ms <= one <= latest_ms:
                raise Misuse(f"the snapshot's {brief(where)} {field.name} {shown(one)} is no time that can be written")
            check_values(f"{where} {field.name}", one, any_text=any_text)
    elif isinstance(value, Mapping):
        for name, one in value.items():
            check_values(where, name, any_text=any_text)
            check_values(f"{where} {name}", one, any_text=any_text)
    elif isinstance(value, list | tuple | set | frozenset | deque):
        for one in value:
            check_values(where, one, any_text=any_text)


def _has_half_a_character(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return True
    return False


def readable(document: Mapping[str, Any]) -> dict[str, Any]:
    """A document with its decimals as floats, as which they were written. Raises Misuse for what nobody can carry."""
    read: dict[str, Any] = _numbers(document)
    check_values("document", read, any_text=True)
    return read


def _numbers(value: Any) -> Any:
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, Mapping):
        return {name: _numbers(one) for name, one in value.items()}
    return [_numbers(one) for one in value] if isinstance(value, list) else value


_SECRET = re.compile(r"(?:secret|passphrase|password|supplied)(?:\[[0-9]+\])?\Z")
"""Places of a document whose values no sentence shows."""


def check_same(where: str, given: Any, written: Any) -> None:
    """Refuse what is lost or changed when the account is written again: a field that nobody reads, a thing twice.

    Secrets that were supplied may stand in any order: whoever changes one by hand cannot know that there is one.
    """
    if where.endswith(".supplied") and isinstance(given, list):
        given, written = sorted(given), sorted(written)
    if isinstance(given, dict) and isinstance(written, dict):
        for name in {**given, **written}:
            if name not in given or name not in written:
                what = "lacks" if name not in given else "has an unknown"
                raise Misuse(f"the snapshot is broken: it {what} {shown((where + '.' + name).lstrip('.'))}")
            check_same(f"{where}.{name}", given[name], written[name])
    elif isinstance(given, list) and isinstance(written, list) and len(given) == len(written):
        for number, (one, other) in enumerate(zip(given, written, strict=True)):
            check_same(f"{where}[{number}]", one, other)
    elif given != written or isinstance(given, bool) is not isinstance(written, bool):
        what = brief(where.lstrip(".")) + ("" if _SECRET.search(where) else f" {shown(given)}")
        raise Misuse(f"the snapshot is broken: {what} is not as a snapshot writes it")
