"""Where `exchange-contracts` puts a report: in the place of the last one, whole, or where that is no file."""

from __future__ import annotations

import errno
import subprocess
import sys
from pathlib import Path

import pytest

from contracts.report import CannotWrite, write

KRAKEN = [sys.executable, "-m", "contracts", "server", "--exchange", "kraken", "--parts", "cases"]


def test_a_report_is_replaced_whole_or_stays_what_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "report"
    path.write_bytes(b"old")
    path.chmod(0o600)

    def stopped(self: Path, target: Path) -> Path:
        assert (self.read_bytes(), path.read_bytes()) == (b"new", b"old")
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", stopped)
        with pytest.raises(KeyboardInterrupt):
            write(path, b"new")
    assert (path.read_bytes(), list(tmp_path.iterdir())) == (b"old", [path])
    write(path, b"new")
    assert (path.read_bytes(), list(tmp_path.iterdir())) == (b"new", [path])
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_report_behind_a_link_is_written_where_the_link_points(tmp_path: Path) -> None:
    link, report = tmp_path / "link", tmp_path / "deep" / "report"
    report.parent.mkdir()
    link.symlink_to(report)
    for content in (b"first", b"second"):
        write(link, content)
        assert (link.is_symlink(), report.read_bytes()) == (True, content)


@pytest.mark.parametrize("code", [errno.EBUSY, errno.EACCES])
def test_a_report_that_cannot_be_replaced_is_written_where_it_is(
    code: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "report"  # such as a file that is mounted into a container

    def refuses(self: Path, target: Path) -> Path:
        raise OSError(code, "it is mounted")

    path.write_bytes(b"old and longer")
    monkeypatch.setattr(Path, "replace", refuses)
    write(path, b"new")
    assert (path.read_bytes(), list(tmp_path.iterdir())) == (b"new", [path])


def test_a_disk_that_is_full_leaves_the_report_of_the_last_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "report"
    path.write_bytes(b"old")

    def full(self: Path, content: bytes) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(CannotWrite, match="report cannot be written: No space left on device"):
        write(path, b"new")
    assert path.read_bytes() == b"old"


@pytest.mark.skipif(not Path("/dev/stdout").exists(), reason="there is no /dev/stdout")
@pytest.mark.parametrize("into", ["pipe", "file"])
def test_a_report_on_standard_output_is_there_also_where_that_is_a_file(into: str, tmp_path: Path) -> None:
    command = [*KRAKEN, "--json", "/dev/stdout"]
    if into == "pipe":
        out = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True).stdout
        assert '"complete":true' in out.replace(" ", "")
        assert out.endswith(" skipped (in process)\n")
        return
    path = tmp_path / "out"
    with path.open("w") as file:
        subprocess.run(command, stdout=file, stderr=subprocess.PIPE, timeout=120, check=True)
    assert '"complete":true' in path.read_text().replace(" ", "")
    assert list(tmp_path.iterdir()) == [path]
