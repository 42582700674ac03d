"""What is not known about an exchange, as settings: which row answers a condition, and the few structural choices.

An exchange declares its conditions and fields; an account (or a whole exchange) carries a `Behavior`, which is those
defaults with some of them changed by name. Nothing here knows what any of the names mean.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from simulator.core.misuse import Misuse, did_you_mean, shown
from simulator.core.rows import Condition, Evidence, Row

Setting = str | int | bool


@dataclass(frozen=True, slots=True)
class Field:
    """A structural choice with a name: its default, what else it may be, and how well the default is known.

    `choices` lists the allowed values; when it is empty the value is any non-negative whole number.
    """

    name: str
    default: Setting
    evidence: Evidence
    source: str
    says: str
    choices: tuple[Setting, ...] = ()

    def checked(self, value: object) -> Setting:
        """`value` if this field may have it; raises Misuse otherwise."""
        if self.choices:
            for choice in self.choices:
                if type(choice) is type(value) and choice == value:
                    return choice
            allowed = ", ".join(repr(choice) for choice in self.choices)
            raise Misuse(f"behavior {self.name!r} cannot be {shown(value)}; it is one of {allowed}")
        if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
            return value
        raise Misuse(f"behavior {self.name!r} cannot be {shown(value)}; it is a whole number of 0 or more")


def fields(table: type) -> tuple[Field, ...]:
    """The fields of a behavior table, in the order written."""
    return tuple(value for value in vars(table).values() if isinstance(value, Field))


class Unknowns:
    """All that one exchange leaves open: its conditions, its fields, and the rows a condition may be given."""

    def __init__(self, rows: tuple[Row, ...], conditions: tuple[Condition, ...], fields: tuple[Field, ...]) -> None:
        self.rows = {row.name: row for row in rows}
        self.conditions = {condition.name: condition for condition in conditions}
        self.fields = {field.name: field for field in fields}

    def behavior(self, changes: Mapping[str, Any] | None = None, base: Behavior | None = None) -> Behavior:
        """The defaults (or `base`) with `changes` by name. Raises Misuse for a name or value that does not exist."""
        chosen: dict[str, Setting] = dict(base.changes) if base else {}
        for name, value in (changes or {}).items():
            if name in self.conditions:
                if not isinstance(value, str) or value not in self.rows:
                    nearest = did_you_mean(value, self.rows)
                    raise Misuse(f"behavior {name!r} cannot be {shown(value)}, which names no error row; {nearest}")
                chosen[name] = value
            elif name in self.fields:
                chosen[name] = self.fields[name].checked(value)
            else:
                known = [*self.conditions, *self.fields]
                raise Misuse(f"there is no behavior {shown(name)}; {did_you_mean(name, known)}")
        return Behavior(self, chosen)


@dataclass(frozen=True, slots=True)
class Behavior:
    """The settings in force for one account. Immutable: changing a behavior makes another one."""

    unknowns: Unknowns
    changes: Mapping[str, Setting]

    def row(self, condition: Condition) -> Row:
        """The row that answers `condition` here."""
        name = self.changes.get(condition.name)
        return condition.default if name is None else self.unknowns.rows[str(name)]

    def get(self, field: Field) -> Setting:
        """The value of `field` here."""
        return self.changes.get(field.name, field.default)

    def number(self, field: Field) -> int:
        """The value of a field that is a whole number."""
        value = self.get(field)
        assert isinstance(value, int)
        return value
