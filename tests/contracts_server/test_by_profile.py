"""As somebody with a real account would: a profile, credentials in the environment, a server with limits, no control.

The server is a simulator over HTTP whose clock stands still; the pauses of the suite move it, and nobody waits.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from contracts.cli import main
from contracts.targets.remote import Remote
from contracts.wire import EXCHANGES
from simulator import AccountHandle, ManualClock, Simulator

START_MS = 1_700_000_000_000


@pytest.fixture(scope="module")
def clock() -> ManualClock:
    return ManualClock(START_MS)


@pytest.fixture(scope="module")
def server(clock: ManualClock) -> Iterator[Simulator]:
    with Simulator(clock=clock) as running:
        yield running


@pytest.fixture
def pauses(clock: ManualClock, monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """How long the suite paused, in seconds; the server's clock and the suite's go on by that."""
    made: list[float] = []

    def sleep(seconds: float) -> None:
        made.append(seconds)
        clock.now_ms += round(seconds * 1000)

    class Patient(Remote):
        def __init__(self, *arguments: Any) -> None:
            super().__init__(*arguments, sleep=sleep, now_ms=lambda: clock.now_ms)

    monkeypatch.setattr("contracts.choice.Remote", Patient)
    return made


def given(account: AccountHandle, exchange: str, url: str, monkeypatch: pytest.MonkeyPatch, **more: str) -> str:
    """The credentials in the environment; the profile's section."""
    named = {name: str(value) for name, value in account.credentials.items() if name != "totp_secret"}
    named["withdrawal"] = account.withdrawal("USDT", "10").id
    for name, value in (named | more).items():
        monkeypatch.setenv(f"EXCHANGE_CONTRACTS_{exchange.upper()}_{name.upper()}", value)
    can = '["withdrawals", "sockets"]' if exchange in ("okx", "alphapoint") else '["withdrawals"]'
    return f'[{exchange}]\nurl = "{url}"\ncan = {can}\nwithdrawal = {{ asset = "USDT", amount = "10" }}\n'


@pytest.mark.parametrize("exchange", EXCHANGES)
def test_a_server_with_limits_is_asked_at_its_pace_and_every_harmless_claim_holds(
    exchange: str,
    server: Simulator,
    pauses: list[float],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    account = server.exchange(exchange).account(limits=True)
    (tmp_path / "profile.toml").write_text(given(account, exchange, server.url, monkeypatch))
    files = {name: tmp_path / name for name in ("record", "json", "junit")}
    options = [f"--{name}={path}" for name, path in files.items()]
    arguments = ["server", "--profile", str(tmp_path / "profile.toml"), "--exchange", exchange, "--only-harmless"]
    assert main([*arguments, f"--scripts={tmp_path / 'scripts'}", *options]) == 0, capsys.readouterr().out
    told = capsys.readouterr()

    report = json.loads(files["json"].read_text())
    assert report["complete"]
    assert report["counts"]["failed"] == 0
    assert report["counts"]["held"] > 20
    assert report["refutes"] == []
    for claim in report["confirms"]:
        assert claim in told.out
    skipped = [one for one in report["outcomes"] if one["status"] == "skipped"]
    assert [one["difference"] for one in skipped if not one["difference"].startswith("the target ")] == []
    assert not [one["id"] for one in skipped if "limits the rate" in one["difference"]]
    assert f"left out {report['left_out']}: they are not marked as harmless on a live account" in told.out
    assert len(files["record"].read_text().splitlines()) == len(report["outcomes"]) - len(skipped)
    assert set(pauses) <= {0.2, 0.5, 3.0, 2.0, 5.0, 30.0}

    everything = told.out + told.err + "".join(path.read_text() for path in tmp_path.rglob("*") if path.is_file())
    for name in ("api_key", "api_secret", "passphrase", "password"):
        assert name not in account.credentials or str(account.credentials[name]) not in everything
    assert [one.stage for one in account.withdrawals] == ["pending"]
