"""Ctrl-C at `exchange-contracts`: which press ends what, and that it ends with a sentence and a status of its own."""

from __future__ import annotations

import itertools
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from contracts import interrupts
from contracts.cli import main
from contracts.files import as_json
from contracts.report import Run


def interrupt() -> None:
    """Ctrl-C."""
    signal.raise_signal(signal.SIGINT)


@pytest.mark.parametrize(
    ("at_s", "raised"),
    [
        ([0.0], []),
        ([0.0, 0.99], []),  # a person presses twice
        ([0.0, 1.0], [1.0]),
        ([0.0, 0.1, 0.2], [0.2]),
        ([0.0, 0.1, 5.0, 5.1], [5.0, 5.1]),
    ],
)
def test_a_second_ctrl_c_is_raised_at_once_if_it_comes_later_and_a_third_always(
    at_s: list[float], raised: list[float]
) -> None:
    now_s = 0.0
    came: list[float] = []
    with interrupts.heeded(now_s=lambda: now_s):
        for now_s in at_s:
            try:
                interrupt()
            except KeyboardInterrupt:
                came.append(now_s)
        with pytest.raises(KeyboardInterrupt):
            interrupts.look()
    assert came == raised


def test_a_second_ctrl_c_where_a_server_was_waited_for_is_the_same_one() -> None:
    with interrupts.heeded(now_s=lambda: 0.0):
        with pytest.raises(KeyboardInterrupt), interrupts.at_once():
            interrupt()
        with interrupts.at_once():
            interrupt()


def test_a_run_that_is_being_ended_is_interrupted_only_where_somebody_is_waited_for() -> None:
    seconds = itertools.count(0, 10)
    with interrupts.heeded(now_s=lambda: float(next(seconds))):
        interrupt()
        interrupts.end()
        for _ in range(5):
            interrupt()
        with pytest.raises(KeyboardInterrupt), interrupts.at_once():
            interrupt()
    with interrupts.heeded():  # the next run knows nothing of it
        interrupts.look()
        interrupt()
        interrupt()
        with pytest.raises(KeyboardInterrupt):
            interrupt()


def test_a_command_whose_process_ends_leaves_ctrl_c_ignored() -> None:
    try:
        with interrupts.heeded(for_good=True):
            pass
        assert signal.getsignal(signal.SIGINT) is signal.SIG_IGN
        interrupt()
    finally:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def test_ctrl_c_while_the_reports_are_written_changes_neither_them_nor_the_exit_status(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def pressing(run: Run) -> bytes:
        for _ in range(4):
            interrupt()
        return as_json(run)

    monkeypatch.setattr("contracts.files.as_json", pressing)
    files = [tmp_path / "report.json", tmp_path / "record.jsonl"]
    options = ["--parts", "cases", "--json", str(files[0]), "--record", str(files[1])]
    assert main(["server", "--exchange", "kraken", *options]) == 0
    assert json.loads(files[0].read_text())["complete"]
    assert files[1].read_text().endswith("\n")
    assert " held, 0 failed, " in capsys.readouterr().out


PRESSING = """
import signal, sys
from contracts.__main__ import main

class Pressing:
    def find_spec(self, name, path=None, target=None):
        if name == "contracts.cli":
            for _ in range({times}):
                exec("signal.raise_signal(signal.SIGINT)")

sys.meta_path.insert(0, Pressing())
sys.argv[1:] = ["server", "--exchange", "kraken", "--parts", "cases"]
sys.exit(main())
"""


@pytest.mark.parametrize("times", [1, 2, 3])
def test_ctrl_c_while_the_command_is_loaded_is_one_sentence_and_status_2(times: int, tmp_path: Path) -> None:
    (tmp_path / "pressing.py").write_text(PRESSING.format(times=times))
    ended = subprocess.run(
        [sys.executable, "-m", "pressing"],  # not -c, which ends with what sys.exit() is told in any case
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(tmp_path), str(Path(__file__).parents[2])])},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert (ended.returncode, ended.stdout, ended.stderr) == (2, "", "exchange-contracts: stopped\n")


def test_ctrl_c_behind_the_summary_changes_nothing() -> None:
    source = """
import atexit, signal, sys
from contracts.__main__ import main

atexit.register(signal.raise_signal, signal.SIGINT)
sys.argv[1:] = ["server", "--exchange", "kraken", "--parts", "cases"]
status = main()
signal.raise_signal(signal.SIGINT)
sys.exit(status)
"""
    ended = subprocess.run([sys.executable, "-c", source], capture_output=True, text=True, timeout=120, check=False)
    assert (ended.returncode, ended.stderr) == (0, "kraken ...\n")
