"""The benchmark of the state machines still runs; what it measured is nobody's business here."""

from __future__ import annotations

import json
import runpy
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

MACHINE = Path(__file__).parent / "machine.py"


def test_each_machine_is_measured_in_process_and_over_a_socket_beside_its_ceiling() -> None:
    command = [sys.executable, str(MACHINE), "--examples", "2", "--json"]
    printed = subprocess.run(command, check=True, capture_output=True, text=True, timeout=120).stdout
    rows: list[dict[str, Any]] = json.loads(printed)
    exchanges = ("bybit", "okx", "kraken", "alphapoint")
    places = {"in process": 6000, "over a socket": 2300}
    assert [(row["exchange"], row["where"], row["goal_s"]) for row in rows] == [
        (exchange, where, goal) for exchange in exchanges for where, goal in places.items()
    ]
    for row in rows:
        assert row["steps_s"] > 0
        assert row["calls_s"] > 0
        assert row["share"] == pytest.approx(row["steps_s"] / row["ceiling_s"])
        is_local = row["where"] == "in process"
        assert (row["ceiling_s"] == pytest.approx(row["hypothesis_s"])) == is_local


def test_the_table_sets_steps_beside_what_could_be_had() -> None:
    machine = runpy.run_path(str(MACHINE))
    rows = [
        machine["Row"]("okx", "in process", 1500.0, 3000.0, 6000.0, 6000.0),
        machine["Row"]("okx", "over a socket", 600.0, 1200.0, 6000.0, 1500.0),
    ]
    assert [line.split() for line in machine["table"](rows).splitlines()] == [
        ["steps/s", "calls/s", "Hypothesis", "of", "it", "ceiling", "of", "it", "goal"],
        ["okx", "in", "process", "1500", "3000", "6000", "25%", "6000", "25%", "6000"],
        ["okx", "over", "a", "socket", "600", "1200", "6000", "10%", "1500", "40%", "2300"],
    ]
