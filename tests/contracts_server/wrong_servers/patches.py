"""Ways to break the emulator that wrong servers share: replace a function, wrap it, change a table."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from wrong_servers.mutant import Patch


def nothing(*_: Any, **__: Any) -> None:
    """A check that checks nothing."""


def put(owner: Any, name: str, value: Any) -> Patch:
    """`owner` gets another function or value."""
    return lambda monkey: monkey.setattr(owner, name, value)


def skip(owner: Any, name: str) -> Patch:
    """A check is forgotten."""
    return put(owner, name, nothing)


def wrap(owner: Any, name: str, around: Callable[..., Any]) -> Patch:
    """`around(function, *arguments)` takes the place of a function."""

    def patch(monkey: pytest.MonkeyPatch) -> None:
        function = getattr(owner, name)
        monkey.setattr(owner, name, lambda *arguments, **named: around(function, *arguments, **named))

    return patch


def entry(table: Any, key: Any, value: Any) -> Patch:
    """A table gets another entry."""
    return lambda monkey: monkey.setitem(table, key, value)


def no_entry(table: Any, key: Any) -> Patch:
    """A table lacks an entry."""
    return lambda monkey: monkey.delitem(table, key)


def both(*patches: Patch) -> Patch:
    """Several patches that make one mistake."""

    def patch(monkey: pytest.MonkeyPatch) -> None:
        for one in patches:
            one(monkey)

    return patch
