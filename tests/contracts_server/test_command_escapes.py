"""What a target writes is shown by `exchange-contracts` without the characters that a terminal would act on."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from servers import answering

from contracts import stderr, stdout
from contracts.cli import main
from contracts.progress import Progress
from contracts.targets.in_process import InProcess
from contracts.wire import HttpCall, HttpReply


def test_what_a_terminal_would_act_on_is_shown_as_an_escape(capsys: pytest.CaptureFixture[str]) -> None:
    said = "a\x00b \x1b[2J \r \x9b31m \u202e \ud800 \t two\nlines \N{SNOWMAN}"
    stdout.say(said)
    stderr.tell(said)
    shown = "a\\x00b \\x1b[2J \\x0d \\x9b31m \\u202e \\ud800 \t two\nlines \N{SNOWMAN}\n"
    assert capsys.readouterr() == (shown, shown)


def test_progress_on_a_terminal_shows_no_escape_of_others(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("contracts.progress.is_terminal", lambda: True)
    told = Progress()
    told.tick("run 1 \x1b[31m")
    told.say("failed \x1b[2J")
    assert capsys.readouterr().err == "\r\x1b[Krun 1 \\x1b[31m\r\x1b[Kfailed \\x1b[2J\n"


def profile(folder: Path, url: str) -> str:
    path = folder / "profile.toml"
    path.write_text(f'[bybit]\nurl = "{url}"\n')
    return str(path)


def test_the_sentence_of_a_first_call_that_is_refused_has_no_escape_of_the_target(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("API_KEY", "API_SECRET"):
        monkeypatch.setenv(f"EXCHANGE_CONTRACTS_BYBIT_{name}", "x" * 20)
    body = rb'{"retCode":10003,"retMsg":"a\u0000\u001b[31mb","result":{},"retExtInfo":{},"time":1700000000000}'
    head = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
    with answering(head % len(body) + body) as url:
        assert main(["server", "--profile", profile(tmp_path, url)]) == 2
    told = capsys.readouterr().err
    assert "10003 a\\x00\\x1b[31mb" in told
    assert "\x1b" not in told


class Colourful(InProcess):
    """Answers in red."""

    def send(self, call: HttpCall) -> HttpReply:
        reply = super().send(call)
        return HttpReply(reply.status, reply.headers, reply.body.replace(b'"success"', b'"\x1b[31m"'))


def test_failures_and_their_replays_show_escapes_and_the_files_keep_what_was_heard(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("contracts.choice.InProcess", Colourful)
    report = tmp_path / "report.json"
    options = ["--parts", "cases", "--scripts", str(tmp_path), "--json", str(report)]
    assert main(["server", "--exchange", "bybit", *options]) == 1
    said = capsys.readouterr().out
    assert '"retMsg":"\\x1b[31m"' in said
    assert "\x1b" not in said
    assert any("\x1b[31m" in one["difference"] for one in json.loads(report.read_text())["outcomes"])
    assert main(["replay", str(tmp_path / "bybit-cancel-response-example.json")]) == 1
    said = capsys.readouterr().out
    assert '"retMsg":"\\x1b[31m"' in said
    assert "\x1b" not in said
