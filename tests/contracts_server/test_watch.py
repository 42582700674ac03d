"""A state machine that finds something: what is said meanwhile, and that the finding survives deadline and Ctrl-C."""

from __future__ import annotations

import itertools
import json
import os
import signal
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from servers import SILENCE, answering
from wrong_servers.table import MUTANTS

from contracts import interrupts
from contracts.cli import main
from contracts.clients import CLIENTS
from contracts.progress import Progress
from contracts.script import Script
from contracts.search import run
from contracts.targets import TargetDown
from contracts.targets.connection import Connection
from contracts.targets.in_process import InProcess
from contracts.watch import FAILURES, Finding, Watch
from contracts.wire import HttpCall, HttpReply

(SKIPS,) = (one for one in MUTANTS if (one.exchange, one.name) == ("bybit", "list-skips-a-row"))


@pytest.fixture
def wrong(monkeypatch: pytest.MonkeyPatch) -> InProcess:
    """A Bybit that skips a row between two pages, which only a machine finds."""
    SKIPS.patch(monkeypatch)
    return InProcess()


def found(target: InProcess, watch: Watch) -> Finding:
    finding = run(CLIENTS["bybit"], target, examples=50, watch=watch)
    assert finding is not None
    assert finding.claim.startswith("a list shows all withdrawals and no others: missing [")
    return finding


def test_a_failure_is_told_at_once_and_shortened_until_the_time_is_up(wrong: InProcess) -> None:
    said: list[str] = []
    ticks: list[str] = []
    seconds = itertools.count(0, 10)
    watch = Watch(said.append, ticks.append, limit_s=60, now_s=lambda: float(next(seconds)))
    finding = found(wrong, watch)
    (told,) = said
    assert told.startswith("run ")
    assert " failed: a list shows all withdrawals and no others: missing [" in told
    assert told.endswith("; its script is shortened now, for up to 60 s (Ctrl-C: take it as it is)")
    shortening = [tick for tick in ticks if tick.endswith(" steps are left of the script that failed")]
    assert len(shortening) == 5  # the failure at 0 s, and a run at 10, 20, 30, 40 and 50 s
    assert not watch.stopped
    assert finding.script.steps[0].do == "account"


class Noting(Watch):
    """Notes how long the scripts of failed runs were."""

    def __init__(self, seconds: Iterator[int]) -> None:
        super().__init__(limit_s=15, now_s=lambda: float(next(seconds)))
        self.lengths: list[int] = []

    def ended(self, script: Script, error: BaseException | None) -> None:
        if isinstance(error, FAILURES):
            self.lengths.append(len(script.steps))
        super().ended(script, error)


def test_the_shortest_script_is_kept(wrong: InProcess) -> None:
    watch = Noting(itertools.count())
    finding = found(wrong, watch)
    assert len(finding.script.steps) == min(watch.lengths)


def test_what_was_found_is_kept_when_somebody_stops_it(wrong: InProcess) -> None:
    def tick(text: str) -> None:
        if "steps are left" in text:
            raise KeyboardInterrupt

    watch = Watch(tick=tick)
    found(wrong, watch)
    assert watch.stopped


def test_a_machine_that_is_stopped_before_it_found_anything_has_nothing_to_say() -> None:
    def tick(text: str) -> None:
        if text == "run 2":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run(CLIENTS["bybit"], InProcess(), examples=5, watch=Watch(tick=tick))


class Dying(InProcess):
    """Answers a few calls and then never again."""

    calls = 20

    def send(self, call: HttpCall) -> HttpReply:
        self.calls -= 1
        if self.calls < 0:
            raise TargetDown("the target is down")
        return super().send(call)


def test_a_target_that_goes_down_is_not_asked_again_and_again() -> None:
    target = Dying()
    with pytest.raises(TargetDown, match="the target is down"):
        run(CLIENTS["bybit"], target, examples=50)
    assert target.calls >= -3


def test_the_script_of_a_failure_is_written_when_it_is_stopped_and_the_report_says_so(
    wrong: InProcess, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def tick(progress: Progress, text: str) -> None:
        if "steps are left" in text:
            raise KeyboardInterrupt

    monkeypatch.setattr(Progress, "tick", tick)
    options = ["--parts", "machine", "--scripts", str(tmp_path), "--json", str(tmp_path / "report.json")]
    assert main(["server", "--exchange", "bybit", *options]) == 2
    heard = capsys.readouterr()
    assert "bybit: state machine, 50 runs\nbybit: state machine: run " in heard.err
    assert heard.err.endswith("exchange-contracts: stopped\n")
    assert f"replay {tmp_path}/bybit-machine.json\n" in heard.out
    assert "the run did not come to its end: what is missing here was not held\n" in heard.out
    report = json.loads((tmp_path / "report.json").read_text())
    assert (report["complete"], report["counts"]["failed"]) == (False, 1)
    assert main(["replay", str(tmp_path / "bybit-machine.json")]) == 1


def test_what_was_held_before_the_target_went_down_is_reported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("contracts.choice.InProcess", Dying)
    options = ["--parts", "cases", "--scripts", str(tmp_path), "--json", str(tmp_path / "report.json")]
    assert main(["server", "--exchange", "bybit", *options]) == 2
    heard = capsys.readouterr()
    assert heard.err.endswith("exchange-contracts: the target is down\n")
    assert "the run did not come to its end: what is missing here was not held\n" in heard.out
    report = json.loads((tmp_path / "report.json").read_text())
    assert not report["complete"]
    assert report["counts"]["held"] > 5


@pytest.fixture
def heeding() -> Iterator[None]:
    """As within the command."""
    with interrupts.heeded():
        yield


def interrupt() -> None:
    """Ctrl-C."""
    os.kill(os.getpid(), signal.SIGINT)


class Interrupted(InProcess):
    """Somebody presses Ctrl-C while the n-th call is answered, and something else swallows what is raised there."""

    def __init__(self, call: int) -> None:
        super().__init__()
        self.left = call

    def send(self, call: HttpCall) -> HttpReply:
        self.left -= 1
        if self.left == 0:
            interrupt()
        return super().send(call)


@pytest.mark.usefixtures("heeding")
def test_ctrl_c_within_a_run_is_raised_at_the_next_call() -> None:
    target = Interrupted(7)
    with pytest.raises(KeyboardInterrupt):
        run(CLIENTS["okx"], target, examples=3000)
    assert target.left == 0


@pytest.mark.usefixtures("heeding")
def test_ctrl_c_while_a_script_is_shortened_takes_it_as_it_is(wrong: InProcess) -> None:
    came: list[str] = []

    def tick(text: str) -> None:
        if "steps are left" in text and not came:
            came.append(text)
            interrupt()

    watch = Watch(tick=tick)
    finding = found(wrong, watch)
    assert watch.stopped
    assert finding is watch.finding
    assert len(came) == 1


@pytest.mark.usefixtures("heeding")
def test_a_third_ctrl_c_is_raised_at_once_and_hypothesis_may_stumble_over_it(
    monkeypatch: pytest.MonkeyPatch, wrong: InProcess
) -> None:
    def stumbling(*arguments: object, **options: object) -> None:
        interrupt()
        interrupt()
        try:
            interrupt()
        except KeyboardInterrupt:
            raise AssertionError("what was interrupted is in no order") from None

    monkeypatch.setattr("contracts.search.run_state_machine_as_test", stumbling)
    watch = Watch()
    with pytest.raises(KeyboardInterrupt):
        run(CLIENTS["okx"], wrong, examples=1, watch=watch)
    assert watch.stopped


@pytest.mark.usefixtures("heeding")
def test_ctrl_c_is_raised_at_once_where_a_server_is_waited_for() -> None:
    with pytest.raises(KeyboardInterrupt), interrupts.at_once():
        interrupt()
    with pytest.raises(KeyboardInterrupt):
        interrupts.look()


def test_ctrl_c_is_what_it_was_when_the_command_has_ended(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("contracts.choice.InProcess", lambda: Interrupted(3))
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
    assert main(["server", "--exchange", "kraken", "--parts", "cases"]) == 2
    assert capsys.readouterr().err == "kraken ...\nexchange-contracts: stopped\n"
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
    interrupts.look()


def test_a_handler_that_is_somebody_elses_is_left_alone() -> None:
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        with interrupts.heeded():
            assert signal.getsignal(signal.SIGINT) is signal.SIG_IGN
        assert signal.getsignal(signal.SIGINT) is signal.SIG_IGN
    finally:
        signal.signal(signal.SIGINT, before)


def test_ctrl_c_ends_a_wait_for_a_silent_server_and_what_it_may_still_say_is_not_read() -> None:
    with answering(SILENCE) as url, interrupts.heeded():
        here = Connection(url, timeout_s=30)
        pressed = threading.Timer(0.1, interrupt)
        pressed.start()
        try:
            with pytest.raises(KeyboardInterrupt):
                here.send(HttpCall("GET", "/"))
        finally:
            pressed.join()
        assert here._kept is None
