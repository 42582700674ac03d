"""A control request: the names in its path and its JSON body, checked."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar
from urllib.parse import parse_qsl

from simulator.core.message import Request
from simulator.core.misuse import Misuse, did_you_mean, shown
from simulator.core.wire import NotJson, Repeated, decode
from simulator.service import Service

Chosen = TypeVar("Chosen")

_number = re.compile(r"[0-9]{1,18}", re.ASCII)

JSON_LINES = "application/x-ndjson"
"""What a journal may be asked for as, in `Accept`: a JSON document a line."""


@dataclass(frozen=True, slots=True)
class JsonLines:
    """An answer of JSON Lines instead of one document."""

    content: bytes


class WrongMediaType(Misuse):
    """A body that is not declared as JSON."""

    status = 415


class TooLarge(Misuse):
    """A body of more bytes than are read."""

    status = 413


class WrongMethod(Misuse):
    """The path exists, the method does not; `allowed` are those that do."""

    status = 405

    def __init__(self, sentence: str, allowed: Sequence[str]) -> None:
        super().__init__(sentence)
        self.allowed = allowed


class WrongOrigin(Misuse):
    """A web page of another host asked, through somebody's browser."""

    status = 403


class Asked:
    """A control request: the names in its path, its JSON body, and what it is put to."""

    def __init__(self, service: Service, url: str, request: Request, names: dict[str, str]) -> None:
        self.service = service
        self.url = url
        self.request = request
        self._names = names

    def name(self, blank: str) -> str:
        return self._names[blank]

    def optional(self, blank: str) -> str | None:
        """A name that not every path of the route has."""
        return self._names.get(blank)

    def accepts(self, content_type: str) -> bool:
        """True if the request names this type in `Accept`; `*/*` names none."""
        given = (self.request.header("Accept") or "").split(",")
        return any(one.partition(";")[0].strip().lower() == content_type for one in given)

    def query(self) -> dict[str, str]:
        """The parameters behind `?`. Raises Misuse for one that comes twice."""
        given: dict[str, str] = {}
        for name, value in parse_qsl(self.request.query, keep_blank_values=True):
            if name in given:
                raise Misuse(f"the parameter {shown(name)} is given twice; give it once")
            given[name] = value
        return given

    def check_query(self, allowed: Sequence[str]) -> None:
        """Raises Misuse for a parameter that is not `allowed`."""
        for name in self.query():
            if name not in allowed:
                known = did_you_mean(name, allowed) if allowed else "this path takes none"
                raise Misuse(f"there is no parameter {shown(name)} here; {known}")

    def choice(self, name: str, choices: Mapping[str, Chosen]) -> Chosen | None:
        """What the query's `name` chooses; None without it. Raises Misuse."""
        given = self.query()
        if name not in given:
            return None
        if given[name] not in choices:
            raise Misuse(f"{name} {shown(given[name])} must be {' or '.join(choices)}")
        return choices[given[name]]

    def number(self, name: str) -> int:
        """The whole number that the query's `name` is; 0 without it. Raises Misuse."""
        given = self.query().get(name, "0")
        if not _number.fullmatch(given):
            raise Misuse(f"{name} {shown(given)} must be a whole number of 0 or more")
        return int(given)

    def check_body(self) -> None:
        """Raises Misuse for a body where none is read: `DELETE .../faults` with an id in it would remove them all."""
        if self.request.body and self.request.method in {"GET", "DELETE"}:
            raise Misuse(f"{self.request.method} takes no body here; what it is about stands in the path")

    def body(self) -> dict[str, Any]:
        """The body as a JSON object; an empty one counts as {}. Raises Misuse."""
        if not self.request.body:
            return {}
        content_type = (self.request.header("Content-Type") or "").partition(";")[0].strip().lower()
        if content_type != "application/json":
            raise WrongMediaType(f"a body needs Content-Type: application/json, not {shown(content_type or 'none')}")
        try:
            value = decode(self.request.body, repeats=False)
        except Repeated as error:
            raise Misuse(f"the body is ambiguous: {error}") from None
        except NotJson as error:
            raise Misuse(f"the body is not JSON: {error}") from None
        if not isinstance(value, dict):
            raise Misuse(f"the body must be a JSON object, not {kind(value)}")
        return value

    def fields(self, *allowed: str, required: tuple[str, ...] = ()) -> dict[str, Any]:
        """The body, refused when it has a field that is not `allowed` or lacks a `required` one. Raises Misuse."""
        body = self.body()
        for name in body:
            if name not in allowed:
                raise Misuse(f"there is no field {shown(name)} here; {did_you_mean(name, allowed)}")
        for name in required:
            if name not in body:
                raise Misuse(f"the field {name!r} is missing")
        return body


def kind(value: object) -> str:
    """What a JSON value is, for a sentence."""
    names = {dict: "an object", list: "an array", str: "text", bool: "true or false", type(None): "null"}
    return names.get(type(value), "a number")
