"""As somebody with a real account would: a profile, credentials in the environment, a server with limits, no control.

The server is a simulator over HTTP whose clock stands still; the pauses of the suite move it, and nobody waits.
"""

from __future__ import annotations

import json
import re
import shlex
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
import requests

from contracts.cli import main
from contracts.clients import CLIENTS
from contracts.script import ScriptFile, Step
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
    tokens = re.findall(r'SessionToken[\\]*": *[\\]*"([^"\\]+)', everything)
    assert set(tokens) == ({"***"} if exchange == "alphapoint" else set())
    assert [one.stage for one in account.withdrawals] == ["pending"]


@pytest.mark.parametrize(
    ("exchange", "asset", "amount"),
    [("bybit", "USDT", "10"), ("okx", "BTC", "1"), ("kraken", "BTC", "0.5"), ("alphapoint", "USDT", "10")],
)
def test_an_account_that_has_been_used_refutes_nothing_though_everything_is_tried(
    exchange: str,
    asset: str,
    amount: str,
    server: Simulator,
    pauses: list[float],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    account = server.exchange(exchange).account()
    for one in ("BTC", "ETH", "USDT"):
        account.withdrawal(one, "20")
        account.withdrawal(one, "30").event("cancel")
    ids = ",".join(account.withdrawal(asset, amount).id for _ in range(150))
    profile = given(account, exchange, server.url, monkeypatch, withdrawal=ids).rpartition("withdrawal = ")[0]
    kind = f'withdrawal = {{ asset = "{asset}", amount = "{amount}" }}\n'
    (tmp_path / "profile.toml").write_text(f"{profile}{kind}pace_s = 0\ndisposable = true\n")
    options = [f"--json={tmp_path / 'report.json'}", f"--scripts={tmp_path / 'scripts'}"]
    assert main(["server", "--profile", str(tmp_path / "profile.toml"), *options]) == 0, capsys.readouterr().out
    report = json.loads((tmp_path / "report.json").read_text())
    assert report["counts"]["held"] > 90
    assert report["left_out"] == 0
    assert "state machine" not in capsys.readouterr().err
    assert not [one for one in report["outcomes"] if "cancelled by a case before" in one["difference"]]
    assert pauses.count(0.0) == len(pauses)


@pytest.fixture
def remote(server: Simulator, pauses: list[float], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A profile of Bybit at a server that answers 131002 otherwise than the facts conclude."""
    account = server.bybit.account(behavior={"cancel.unknown_id": "SERVER_ERROR"})
    (tmp_path / "profile.toml").write_text(given(account, "bybit", server.url, monkeypatch))
    return tmp_path / "profile.toml"


def test_a_server_that_differs_on_one_fact_refutes_that_fact_by_name(
    remote: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files = [f"--json={tmp_path / 'report.json'}", f"--scripts={tmp_path / 'scripts'}"]
    assert main(["server", "--profile", str(remote), *files]) == 1
    told = capsys.readouterr().out
    report = json.loads((tmp_path / "report.json").read_text())
    assert "bybit-cancel-unknown-id" in report["refutes"]
    assert {one for one in report["refutes"] if "bybit-cancel" not in one} == set()
    for claim in report["refutes"]:
        assert f"failed: {claim} [" in told
        assert f"{claim}.json --profile {remote}\n" in told
    count = len(report["refutes"])
    claims = "1 claim that is" if count == 1 else f"{count} claims that are"
    assert f"the target refutes {claims} inferred or unknown:\n  bybit-cancel-" in told


def test_what_failed_by_a_profile_is_replayed_by_it(
    remote: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["server", "--profile", str(remote), f"--scripts={tmp_path / 'scripts'}"])
    capsys.readouterr()
    script = tmp_path / "scripts" / "bybit-cancel-unknown-id.json"
    assert main(["replay", str(script), "--profile", str(remote)]) == 1
    told = capsys.readouterr().out
    assert told.startswith("bybit, remote: body: expected ")
    assert '     < 200 {"retCode":131200,"retMsg":"server err ",' in told
    assert main(["replay", str(script), "--profile", str(tmp_path / "other.toml")]) == 2
    assert "other.toml: cannot be read: " in capsys.readouterr().err


def test_a_replay_of_what_the_remote_cannot_do_says_so(
    remote: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    steps = [{"do": "account", "options": {"balances": {"USDT": "1"}}}]
    remote.write_text(remote.read_text() + "disposable = true\n")
    script = tmp_path / "script.json"
    script.write_text(json.dumps({"exchange": "bybit", "claim": "none", "steps": steps}))
    assert main(["replay", str(script), "--profile", str(remote)]) == 2
    expected = f"{script}: step 1 could not be taken: accounts cannot be made on this target"
    assert capsys.readouterr().err == f"exchange-contracts: {expected}\n"


@pytest.mark.skipif(shutil.which("curl") is None, reason="there is no curl")
@pytest.mark.parametrize("exchange", EXCHANGES)
def test_the_curl_line_of_a_replay_does_what_the_call_did(
    exchange: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    call = CLIENTS[exchange].cancel("withdrawal")
    steps = [Step(do="account"), Step(do="withdrawal", name="withdrawal", options={"asset": "USDT", "amount": "10"})]
    script = tmp_path / "script.json"
    document = ScriptFile(exchange=exchange, claim="none", steps=[*steps, Step(do="call", call=call)])  # type: ignore[arg-type]
    script.write_bytes(msgspec.json.encode(document))
    with Simulator() as running:  # curl is a program of its own: what it sends is in time by the machine's clock
        assert main(["replay", str(script), "--target", running.url, "--curl"]) == 0
        told = capsys.readouterr().out
        line = told.splitlines()[-1]
        assert line.startswith("curl -sS -i -g --path-as-is -X POST ")
        heard = subprocess.run(shlex.split(line), capture_output=True, text=True, timeout=30, check=True).stdout
        assert heard.startswith("HTTP/1.1 200 ")
        (account,) = requests.get(f"{running.url}/_control/accounts", timeout=10).json()["accounts"]
        mine = f"{running.url}/_control/accounts/{account['id']}"
        (entry,) = requests.get(f"{mine}/journal", timeout=10).json()["entries"]
        assert (entry["endpoint"], entry["refused"]) == ("cancel", None)


def test_a_curl_line_needs_somebody_who_listens(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["replay", str(tmp_path / "script.json"), "--curl"]) == 2
    expected = "exchange-contracts: --curl needs --target or --profile: in this process nobody listens\n"
    assert capsys.readouterr().err == expected
