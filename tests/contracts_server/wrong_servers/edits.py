"""A way to break the emulator that reads like a slip of the pen: some words of a function are others."""

from __future__ import annotations
import __future__

import inspect
import sys
import textwrap
from typing import Any

import pytest

from wrong_servers.mutant import Patch


def before(line: str, *added: str) -> tuple[str, str]:
    """A change for `edit`: lines come in front of `line`, all of them with their indentation."""
    return line, "\n".join([*added, line])


def edit(owner: Any, name: str, *changes: tuple[str, str], also: tuple[Any, ...] = ()) -> Patch:
    """The function `name` of a module or class, with every (before, after) of its source exchanged; `also` are modules
    that have imported it.

    Each `before` must be there exactly once: a wrong server whose mistake cannot be made any more is no wrong server.
    """

    def patch(monkey: pytest.MonkeyPatch) -> None:
        source = textwrap.dedent(inspect.getsource(getattr(owner, name)))
        for before, after in changes:
            assert source.count(before) == 1, f"{name} has {before!r} {source.count(before)} times"
            source = source.replace(before, after)
        module = owner if inspect.ismodule(owner) else sys.modules[owner.__module__]
        made: dict[str, Any] = {}
        flags = __future__.annotations.compiler_flag
        exec(compile(source, f"<wrong {name}>", "exec", flags), vars(module), made)
        for place in (owner, *also):
            monkey.setattr(place, name, made[name])

    return patch
