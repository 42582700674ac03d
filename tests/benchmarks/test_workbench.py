"""The benchmark still runs; what it measured is nobody's business here."""

from __future__ import annotations

import json
import runpy
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

WORKBENCH = Path(__file__).parent / "workbench.py"
GOALS_MS = {
    "fresh account + signed request, in process": None,
    "fresh account + signed request, over HTTP": None,
    "signed sim.answer, many supplied secrets": None,
    "fresh Simulator: start, one request, stop": 1.5,
    "pytest loads the plugin": 5,
    "`serve`, from process to first answer": 300,
}


def test_the_benchmark_runs_and_sets_each_figure_beside_a_bare_one() -> None:
    command = [sys.executable, str(WORKBENCH), "--quick", "--json"]
    printed = subprocess.run(command, check=True, capture_output=True, text=True, timeout=120).stdout
    rows: list[dict[str, Any]] = json.loads(printed)
    assert {row["what"]: row["goal_ms"] for row in rows} == GOALS_MS
    for row in rows:
        assert row["bare"]
        assert row["ratio"] == pytest.approx(row["median_ms"] / row["bare_ms"])


def test_the_table_says_of_a_goal_whether_it_was_met() -> None:
    workbench = runpy.run_path(str(WORKBENCH))
    rows = [
        workbench["Row"]("quick", 0.5, "nothing", 0.25),
        workbench["Row"]("good", 1.5, "nothing", 1.0, goal_ms=1.5),
        workbench["Row"]("slow", 1.6, "nothing", 1.0, goal_ms=1.5),
    ]
    told = [line.split() for line in workbench["table"](rows).splitlines()]
    assert told == [
        ["median", "ms", "beside", "median", "ms", "ratio", "goal", "ms"],
        ["quick", "0.500", "nothing", "0.250", "2.00"],
        ["good", "1.500", "nothing", "1.000", "1.50", "1.5", "met"],
        ["slow", "1.600", "nothing", "1.000", "1.60", "1.5", "MISSED"],
    ]


def test_importing_the_package_imports_no_server() -> None:
    script = "import simulator, sys; print({'aiohttp', 'simulator.core'} & set(sys.modules))"
    loaded = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True)
    assert loaded.stdout == "set()\n"
