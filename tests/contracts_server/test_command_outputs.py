"""Where the output of `exchange-contracts` goes: readers that leave, disks that are full, reports, and nothing else."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from contracts.cli import main

KRAKEN = [sys.executable, "-m", "contracts", "server", "--exchange", "kraken", "--parts", "cases"]


def test_a_reader_who_leaves_changes_neither_the_exit_status_nor_the_reports(tmp_path: Path) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    report = tmp_path / "report.json"
    try:
        ended = subprocess.run(
            [*KRAKEN, "--json", str(report)],
            stdout=writing,
            stderr=subprocess.PIPE,
            text=True,
            timeout=120,
            check=False,
        )
    finally:
        os.close(writing)
    assert (ended.returncode, ended.stderr) == (0, "kraken ...\n")
    assert json.loads(report.read_text())["complete"]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full")
def test_a_full_disk_behind_standard_output_is_told_and_the_reports_are_written(tmp_path: Path) -> None:
    report = tmp_path / "report.json"
    with Path("/dev/full").open("w") as full:
        ended = subprocess.run(
            [*KRAKEN, "--json", str(report)], stdout=full, stderr=subprocess.PIPE, text=True, timeout=120, check=False
        )
    told = "exchange-contracts: standard output cannot be written: No space left on device\n"
    assert (ended.returncode, ended.stderr) == (2, f"kraken ...\n{told}")
    assert json.loads(report.read_text())["outcomes"][0]["exchange"] == "kraken"


FULL = pytest.param("/dev/full", marks=pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full"))


@pytest.mark.parametrize("where", ["closed", FULL])
@pytest.mark.parametrize(
    ("arguments", "status", "said"),
    [
        (["server", "--exchange", "kraken", "--parts", "cases"], 0, " held, 0 failed, "),
        (["server", "--exchange", "kraken", "--parts", "machine", "--examples", "2"], 0, "1 held, 0 failed, "),
        (["server", "--profile", "there-is-no-such-file"], 2, ""),
        (["server", "--no-such-option"], 2, ""),
    ],
    ids=["cases", "machine", "no-profile", "no-option"],
)
def test_progress_that_cannot_be_written_is_dropped_and_changes_nothing(
    where: str, arguments: list[str], status: int, said: str
) -> None:
    redirect = "2>&-" if where == "closed" else f"2>{where}"
    shell = ["sh", "-c", f'exec "$@" {redirect}', "sh", sys.executable, "-m", "contracts", *arguments]
    ended = subprocess.run(shell, stdout=subprocess.PIPE, text=True, timeout=120, check=False)
    assert ended.returncode == status
    assert said in ended.stdout
    assert "exchange-contracts: " not in ended.stdout


@pytest.mark.parametrize(("first", "second"), [("--junit", "--json"), ("--json", "--record"), ("--junit", "--record")])
def test_two_reports_in_one_file_are_refused(
    first: str, second: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    here, same = tmp_path / "report", tmp_path / "deep" / ".." / "report"
    assert main(["server", "--exchange", "kraken", first, str(here), second, str(same)]) == 2
    told = f"{first} and {second} both name {same}; each report needs a file of its own"
    assert capsys.readouterr().err == f"exchange-contracts: {told}\n"


def test_two_names_of_one_file_are_one_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    here, linked = tmp_path / "report", tmp_path / "linked"
    here.write_text("kept")
    linked.hardlink_to(here)
    assert main(["server", "--exchange", "kraken", "--json", str(here), "--record", str(linked)]) == 2
    told = f"--json and --record both name {linked}; each report needs a file of its own"
    assert capsys.readouterr().err == f"exchange-contracts: {told}\n"
    assert here.read_text() == "kept"


def test_a_run_that_does_not_begin_leaves_the_reports_of_the_last_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    old, new = tmp_path / "report.json", tmp_path / "reports" / "junit.xml"
    old.write_text("kept")
    assert main(["server", "--target", "http://127.0.0.1:1", "--json", str(old), "--junit", str(new)]) == 2
    assert "does not answer" in capsys.readouterr().err
    assert old.read_text() == "kept"
    assert not new.exists()


def test_a_link_to_a_report_that_is_not_there_yet_stays_a_link(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    link, report = tmp_path / "link", tmp_path / "report"
    link.symlink_to(report)
    assert main(["server", "--target", "http://127.0.0.1:1", "--json", str(link)]) == 2
    assert "does not answer" in capsys.readouterr().err
    assert (link.is_symlink(), report.exists()) == (True, False)


def test_a_report_that_cannot_be_written_is_told_before_anything_is_asked(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["server", "--exchange", "kraken", "--json", str(tmp_path)]) == 2
    assert capsys.readouterr().err == f"exchange-contracts: {tmp_path} cannot be written: Is a directory\n"


def test_a_machine_leaves_nothing_in_the_directory_where_it_runs(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "contracts", "server", "--exchange", "kraken", "--parts", "machine"]
    root = str(Path(__file__).parents[2])
    environment = {name: value for name, value in os.environ.items() if name != "HYPOTHESIS_STORAGE_DIRECTORY"}
    ended = subprocess.run(
        [*command, "--examples", "3"],
        cwd=tmp_path,
        env={**environment, "PYTHONPATH": root},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
    assert list(tmp_path.iterdir()) == []


def test_ctrl_c_within_a_state_machine_is_one_sentence_and_status_2() -> None:
    command = [sys.executable, "-m", "contracts", "server", "--exchange", "okx", "--parts", "machine"]
    with subprocess.Popen(
        [*command, "--examples", "100000"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as running:
        assert running.stderr is not None
        assert running.stderr.readline() == "okx: state machine, 100000 runs\n"
        running.send_signal(signal.SIGINT)
        try:
            out, err = running.communicate(timeout=60)
        finally:
            running.kill()
    assert (running.returncode, out, err) == (2, "", "exchange-contracts: stopped\n")


@pytest.mark.parametrize("arguments", [["--help"], ["server", "--help"], ["replay", "--help"]])
@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full")
def test_help_that_cannot_be_written_is_told(arguments: list[str]) -> None:
    with Path("/dev/full").open("w") as full:
        ended = subprocess.run(
            [sys.executable, "-m", "contracts", *arguments],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            timeout=120,
            check=False,
        )
    told = "exchange-contracts: standard output cannot be written: No space left on device\n"
    assert (ended.returncode, ended.stderr) == (2, told)
