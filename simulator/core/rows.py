"""Answers as rows: every error an exchange can send is one row of data with its evidence.

A `Condition` names a *place* that refuses (`cancel.unknown_id`) and the row that answers there by default; what is not
known about an exchange is thereby data that an account may change. `Refusal` is the one exception that carries a
condition to the one place of each exchange that renders it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from simulator.core.diagnosis import Diagnosis

Evidence = Literal["doc", "sdk", "wild", "inferred", "unknown"]
"""How well something is known: documented, seen in an SDK, captured from the real one, concluded, not known."""


@dataclass(frozen=True, slots=True)
class Row:
    """One answer of an exchange: its code, its exact wire text with `{blanks}`, its HTTP status.

    `shape` names one of the exchange's body shapes where it has several; `detail` is a second text where the exchange
    sends one. `evidence` and `source` speak of the text on the wire. `unreachable` says why no request provokes the
    row.
    """

    code: int | str
    text: str
    evidence: Evidence
    source: str
    status: int = 200
    shape: str = ""
    detail: str | None = None
    unreachable: str = ""
    name: str = field(default="", compare=False)

    def __set_name__(self, owner: type, name: str) -> None:
        object.__setattr__(self, "name", name)


def rows(table: type) -> tuple[Row, ...]:
    """The rows of an error table (a class body with rows only), in the order written."""
    return tuple(value for value in vars(table).values() if isinstance(value, Row))


@dataclass(frozen=True, slots=True)
class Condition:
    """A place that refuses, and the row that answers there unless an account says otherwise.

    `evidence` and `source` speak of the *use* of the row at this place, which is often less known than the row itself.
    """

    name: str
    default: Row
    evidence: Evidence
    source: str
    says: str


def conditions(table: type) -> tuple[Condition, ...]:
    """The conditions of a behavior table, in the order written."""
    return tuple(value for value in vars(table).values() if isinstance(value, Condition))


class Refusal(Exception):
    """A check said no. `because` is the explanation for people; `blanks` fill the row's text.

    `because`, and the `diagnosis` of a wrong signature, never reach the client: they stand in the journal, the log line
    and the test report.
    """

    def __init__(
        self, condition: Condition, because: str, *, diagnosis: Diagnosis | None = None, **blanks: object
    ) -> None:
        super().__init__(f"{condition.name}: {because}")
        self.condition = condition
        self.because = because
        self.diagnosis = diagnosis
        self.blanks = blanks


class _Blanks(dict[str, object]):
    def __missing__(self, key: str) -> str:
        return ""


def fill(template: str, blanks: dict[str, object]) -> str:
    """`template` with its `{blanks}` filled in; one that nobody filled (an overridden row) is left empty."""
    return template.format_map(_Blanks(blanks))
