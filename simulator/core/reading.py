"""Which parameters of a call were sent, and which of them anybody looked at.

What a client sent and nothing read is a typing error in its code, or a hope that is not fulfilled: the journal
lists it. Knows no exchange; names are those of the outermost object or of the query.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from typing import Any, TypeVar
from urllib.parse import parse_qsl

from simulator.core.message import Request
from simulator.core.wire import NotJson, decode

Value = TypeVar("Value")

_names_most = 20
_name_longest = 80
_read_at_most = 16 * 1024


class Reads:
    """The parameters of one call: `sent` by the name that is looked for, `asked` those that were looked for, and
    `misplaced` the names that came where nothing looks (the query of a POST).
    """

    __slots__ = ("asked", "misplaced", "sent")

    def __init__(self) -> None:
        self.sent: dict[str, str] = {}
        self.asked: set[str] = set()
        self.misplaced: dict[str, str] = {}

    def watch(self, given: Mapping[str, Value], *, folds_case: bool = False) -> Given[Value]:
        """`given`, from here on noting what is looked at; with `folds_case` by lower-case name."""
        named: dict[str, Value] = {}
        for name, value in given.items():
            known = name.lower() if folds_case else name
            named[known] = value
            self.sent.setdefault(known, name)
        return Given(named, self.asked)

    def misplace(self, names: Iterable[str], *, folds_case: bool = False) -> None:
        """Note names that came where nothing looks, whether or not they would be known elsewhere."""
        for name in names:
            self.misplaced.setdefault(name.lower() if folds_case else name, name)

    def unread(self, taken: Container[str], *, is_refused: bool) -> tuple[str, ...]:
        """The names that were sent, that nothing looked at and that the endpoint does not take.

        A call that is refused has not looked at everything, which is why `taken` counts: what its endpoint would look
        at, and what it ignores on purpose. One that was refused before it looked at anything has none.
        """
        if is_refused and not self.asked:
            return ()
        own = [shown for name, shown in self.sent.items() if name not in self.asked and name not in taken]
        others = [shown for name, shown in self.misplaced.items() if name not in self.sent]
        return tuple(name[:_name_longest] for name in (own + others)[:_names_most])


def elsewhere(request: Request) -> tuple[str, ...]:
    """The names that came where no exchange looks for them: in the query of a POST, in the JSON body of a GET."""
    if request.method == "GET":
        try:
            body = decode(request.body) if 0 < len(request.body) <= _read_at_most else None
        except NotJson:
            body = None
        return tuple(body) if isinstance(body, dict) else ()
    query = request.query[:_read_at_most]
    if not query:
        return ()
    return tuple(name for name, _ in parse_qsl(query, keep_blank_values=True, errors="replace"))


class Given(dict[str, Value]):
    """Parameters that note which of their names are looked for. To list them all, for an explanation, is no look."""

    __slots__ = ("_asked",)

    def __init__(self, given: Mapping[str, Value], asked: set[str]) -> None:
        super().__init__(given)
        self._asked = asked

    def __getitem__(self, name: str) -> Value:
        self._asked.add(name)
        return super().__getitem__(name)

    def __contains__(self, name: object) -> bool:
        if isinstance(name, str):
            self._asked.add(name)
        return super().__contains__(name)

    def get(self, name: str, default: Any = None) -> Any:
        self._asked.add(name)
        return super().get(name, default)
