"""Rules of this repository that a machine can check."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
MODULES = sorted([*ROOT.glob("simulator/**/*.py"), *ROOT.glob("contracts/**/*.py")])
PURE = [path for path in MODULES if path.parts[-2] != "server" and "contracts" not in path.parts]
TABLES = {"errors.py", "behavior.py", "lifecycle.py", "assets.py"}


def named(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", MODULES, ids=named)
def test_a_module_opens_with_its_law(path: Path) -> None:
    assert ast.get_docstring(ast.parse(path.read_text()))


@pytest.mark.parametrize("path", MODULES, ids=named)
def test_a_module_that_is_no_table_has_at_most_250_lines(path: Path) -> None:
    if path.name not in TABLES:
        assert len(path.read_text().splitlines()) <= 250


@pytest.mark.parametrize("path", MODULES, ids=named)
def test_a_function_has_at_most_40_lines(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            first = node.body[1] if ast.get_docstring(node) and len(node.body) > 1 else node.body[0]
            assert (node.end_lineno or 0) - first.lineno < 40, node.name


@pytest.mark.parametrize("path", PURE, ids=named)
def test_nothing_is_awaited_outside_the_server(path: Path) -> None:
    tree = ast.parse(path.read_text())
    assert not [node for node in ast.walk(tree) if isinstance(node, ast.Await | ast.AsyncFunctionDef)]


@pytest.mark.parametrize("path", MODULES, ids=named)
def test_digits_are_told_by_a_pattern_since_isdigit_takes_other_scripts(path: Path) -> None:
    assert not re.search(r"\.is(digit|numeric|decimal)\(", path.read_text())


@pytest.mark.parametrize("path", sorted(ROOT.glob("simulator/exchanges/*/errors.py")), ids=named)
def test_an_error_table_has_rows_only(path: Path) -> None:
    tree = ast.parse(path.read_text())
    table = next(node for node in tree.body if isinstance(node, ast.ClassDef))
    rest = [node for node in table.body if not isinstance(node, ast.Assign | ast.Expr)]
    assert not rest
    names = [node.targets[0].id for node in table.body if isinstance(node, ast.Assign)]  # type: ignore[attr-defined]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("path", sorted((ROOT / "simulator/core").glob("*.py")), ids=named)
def test_the_core_knows_no_exchange_by_name(path: Path) -> None:
    assert not re.search(r"bybit|okx|kraken|alphapoint|apex", path.read_text(), re.IGNORECASE)
