"""`simulator` as a library: what it exports, what is documented, and what a type checker makes of it."""

from __future__ import annotations

import asyncio
import inspect
import os
import runpy
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import simulator

ROOT = Path(__file__).parent.parent
USER = ROOT / "tests" / "typed_user.py"


def test_what_the_package_exports_is_there_and_listed() -> None:
    assert simulator.__all__ == sorted(simulator.__all__)
    for name in simulator.__all__:
        assert getattr(simulator, name).__name__ == name
    assert set(simulator.__all__) <= set(dir(simulator))
    names: dict[str, Any] = {}
    exec("from simulator import *", names)
    assert set(simulator.__all__) <= set(names)


def test_a_name_that_the_package_does_not_have_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="module 'simulator' has no attribute 'Simulater'"):
        simulator.Simulater  # type: ignore[attr-defined]  # noqa: B018


def public() -> Iterator[tuple[str, Any]]:
    """Every exported class, and every public method and property of it."""
    for name in simulator.__all__:
        kind = getattr(simulator, name)
        yield name, kind
        for attribute in dir(kind):
            member = inspect.getattr_static(kind, attribute)
            if attribute.startswith("_") or not getattr(kind, "__module__", "").startswith("simulator"):
                continue
            if isinstance(member, property) or (
                inspect.isfunction(member) and member.__module__.startswith("simulator")
            ):
                yield f"{name}.{attribute}", member.fget if isinstance(member, property) else member


PUBLIC = list(public())


@pytest.mark.parametrize(("name", "thing"), PUBLIC, ids=[name for name, _ in PUBLIC])
def test_whatever_is_public_is_documented_and_typed(name: str, thing: Any) -> None:
    told = inspect.getdoc(thing) or ""
    assert told
    assert not told.startswith(f"{name}(")  # what a dataclass writes of itself
    if inspect.isfunction(thing):
        annotated = set(thing.__annotations__)
        assert {"return", *inspect.signature(thing).parameters} - annotated <= {"self"}


def test_what_raises_says_so() -> None:
    """Of the handles' operations that can be wrongly used, each names the exception."""
    for name in ("account", "fault", "set"):
        assert "Raises Misuse" in (inspect.getdoc(getattr(simulator.ExchangeHandle, name)) or "")
    for name in ("withdrawal", "key", "advance", "set", "fault"):
        assert "Raises Misuse" in (inspect.getdoc(getattr(simulator.AccountHandle, name)) or "")


def test_a_users_typed_code_runs() -> None:
    names = runpy.run_path(str(USER))
    names["main"]()
    assert asyncio.run(names["main_async"]()).startswith("http://127.0.0.1:")


def test_a_users_code_is_accepted_by_mypy_strict(tmp_path: Path) -> None:
    pytest.importorskip("mypy", reason="needs mypy (extra lint)")
    copy = tmp_path / "user.py"
    copy.write_text(USER.read_text())
    command = [sys.executable, "-m", "mypy", "--strict", "--config-file", os.devnull, "--cache-dir", str(tmp_path)]
    checked = subprocess.run([*command, str(copy)], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (checked.returncode, checked.stdout) == (0, "Success: no issues found in 1 source file\n")
