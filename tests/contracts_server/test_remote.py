"""A server without a control surface: described by a profile, asked with credentials of the environment."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from contracts.cli import main
from contracts.clients.kraken import ask
from contracts.dialects import DIALECTS
from contracts.dialects.kraken import nonce
from contracts.script import Script
from contracts.targets.in_process import InProcess
from contracts.targets.over_http import OverHttp
from contracts.wire import HttpCall
from simulator import Simulator


@pytest.fixture(scope="module")
def server() -> Iterator[Simulator]:
    with Simulator() as running:
        yield running


@pytest.fixture
def profile(server: Simulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A profile of a running simulator that nobody knows to be one, and the credentials of an account there."""
    account = server.bybit.account()
    monkeypatch.setenv("EXCHANGE_CONTRACTS_BYBIT_API_KEY", account.api_key)
    monkeypatch.setenv("EXCHANGE_CONTRACTS_BYBIT_API_SECRET", account.api_secret)
    monkeypatch.setenv("EXCHANGE_CONTRACTS_BYBIT_WITHDRAWAL", account.withdrawal("USDT", "10").id)
    path = tmp_path / "profile.toml"
    path.write_text(f'[bybit]\nurl = "{server.url}"\npace_s = 0\n')
    return path


def test_only_harmless_claims_are_held_and_the_rest_is_skipped_with_its_reason(
    server: Simulator, profile: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["server", "--profile", str(profile)]) == 0
    told = capsys.readouterr().out
    assert " 0 failed, " in told
    assert told.splitlines()[-1].endswith(f" skipped (remote at {server.url})")
    assert "the target confirms " in told


def test_a_disposable_account_with_a_withdrawal_is_cancelled(
    server: Simulator, profile: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    profile.write_text(profile.read_text() + 'can = ["withdrawals"]\ndisposable = true\n')
    outcomes = tmp_path / "outcomes.json"
    # One withdrawal can be cancelled once: what comes behind would say nothing about the server.
    assert main(["server", "--profile", str(profile), "--json", str(outcomes), "--scripts", str(tmp_path)]) == 0
    found = {one["id"]: one for one in json.loads(outcomes.read_text())["outcomes"]}
    assert found["bybit-cancel-response-example"]["status"] == "held"
    assert found["bybit-cancel-http-request-example"]["status"] == "skipped"
    told = "the target's last withdrawal was cancelled by a case before"
    assert found["bybit-cancel-http-request-example"]["difference"] == told
    assert found["bybit-machine"]["status"] == "skipped"


def test_a_second_withdrawal_serves_when_the_first_is_used_up(
    server: Simulator, profile: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    account = server.bybit.account()
    monkeypatch.setenv("EXCHANGE_CONTRACTS_BYBIT_API_KEY", account.api_key)
    monkeypatch.setenv("EXCHANGE_CONTRACTS_BYBIT_API_SECRET", account.api_secret)
    made = [account.withdrawal("USDT", "10") for _ in range(3)]
    monkeypatch.setenv("EXCHANGE_CONTRACTS_BYBIT_WITHDRAWAL", ", ".join(one.id for one in made))
    profile.write_text(profile.read_text() + 'can = ["withdrawals"]\ndisposable = true\n')
    outcomes = tmp_path / "outcomes.json"
    assert main(["server", "--profile", str(profile), "--json", str(outcomes), "--scripts", str(tmp_path)]) == 0
    found = {one["id"]: one["status"] for one in json.loads(outcomes.read_text())["outcomes"]}
    assert found["bybit-cancel-response-example"] == found["bybit-cancel-http-request-example"] == "held"
    assert [one.state for one in made] == ["CancelByUser"] * 3


def test_secrets_stand_in_no_report(
    profile: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    profile.write_text(profile.read_text() + 'can = ["withdrawals"]\ndisposable = true\n')
    files = [tmp_path / name for name in ("record.jsonl", "outcomes.json", "junit.xml")]
    options = [f"--{name}={file}" for name, file in zip(("record", "json", "junit"), files, strict=True)]
    main(["server", "--profile", str(profile), "--scripts", str(tmp_path / "scripts"), *options])
    written = capsys.readouterr().out + "".join(file.read_text() for file in files)
    written += "".join(file.read_text() for file in (tmp_path / "scripts").glob("*"))
    for name in ("KEY", "SECRET"):
        assert os.environ[f"EXCHANGE_CONTRACTS_BYBIT_API_{name}"] not in written


def refused(capsys: pytest.CaptureFixture[str], profile: Path, *more: str) -> str:
    assert main(["server", "--profile", str(profile), *more]) == 2
    told = capsys.readouterr().err
    assert told.count("\n") == 1
    return told.removeprefix("exchange-contracts: ")


def test_wrong_credentials_are_told_before_anything_is_asked(
    server: Simulator, profile: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EXCHANGE_CONTRACTS_BYBIT_API_KEY", "nobody")
    before = len(server.bybit.journal)
    told = refused(capsys, profile)
    assert told.startswith(f"{server.url} does not take the credentials for bybit: ")
    assert "API key is invalid." in told
    assert len(server.bybit.journal) == before + 1


def test_missing_credentials_are_named(
    profile: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("EXCHANGE_CONTRACTS_BYBIT_API_SECRET")
    assert "EXCHANGE_CONTRACTS_BYBIT_API_SECRET is not set" in refused(capsys, profile)
    monkeypatch.setenv("EXCHANGE_CONTRACTS_BYBIT_API_SECRET", "secret")
    monkeypatch.delenv("EXCHANGE_CONTRACTS_BYBIT_WITHDRAWAL")
    profile.write_text(profile.read_text() + 'can = ["withdrawals"]\n')
    assert "EXCHANGE_CONTRACTS_BYBIT_WITHDRAWAL (a pending one's id) is not set" in refused(capsys, profile)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "has no section; write [bybit], [okx], [kraken] or [alphapoint] with a url"),
        ("[bybit", "is not TOML: "),
        ("[binance]\nurl = 'https://api.example'", "Object contains unknown field `binance`"),
        ("[bybit]\nurl = 1", "Expected `str`, got `int` - at `$.bybit.url`"),
        ("[bybit]\nurl = 'https://api.example'\ncan = ['everything']", "Invalid enum value 'everything'"),
        ("[bybit]\nurl = 'api.example'", "is not an address such as http://127.0.0.1:8080"),
    ],
)
def test_a_profile_that_is_wrong_is_told(
    text: str, sentence: str, profile: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    profile.write_text(text)
    assert sentence in refused(capsys, profile)


def test_a_profile_without_the_exchange_that_was_asked_for_is_told(
    profile: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert "has no section for okx" in refused(capsys, profile, "--exchange", "okx")
    assert "cannot be read: " in refused(capsys, tmp_path / "nothing.toml")


def test_a_case_about_another_withdrawal_than_the_one_there_is_skipped(
    profile: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    text = profile.read_text() + 'can = ["withdrawals"]\ndisposable = true\n'
    profile.write_text(text + 'withdrawal = { asset = "ETH", amount = "3" }\n')
    outcomes = tmp_path / "outcomes.json"
    main(["server", "--profile", str(profile), "--json", str(outcomes), "--scripts", str(tmp_path), "--parts", "cases"])
    found = {one["id"]: one for one in json.loads(outcomes.read_text())["outcomes"]}
    assert found["bybit-cancel-response-example"]["status"] == "skipped"
    assert (
        found["bybit-cancel-response-example"]["difference"] == "the target has no withdrawal of asset USDT amount 10"
    )


def _told(monkeypatch: pytest.MonkeyPatch, exchange: str, credentials: Mapping[str, Any], *but: str) -> None:
    """The credentials, in the environment, but for some."""
    for name, value in credentials.items():
        if name not in but:
            monkeypatch.setenv(f"EXCHANGE_CONTRACTS_{exchange.upper()}_{name.upper()}", str(value))


@pytest.mark.parametrize(
    ("exchange", "name"), [("okx", "passphrase"), ("alphapoint", "user_id"), ("alphapoint", "account_id")]
)
def test_what_a_call_cannot_do_without_is_asked_for_by_name(
    exchange: str,
    name: str,
    server: Simulator,
    profile: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    _told(monkeypatch, exchange, getattr(server, exchange).account().credentials, name)
    profile.write_text(f'[{exchange}]\nurl = "{server.url}"\npace_s = 0\n')
    assert f"EXCHANGE_CONTRACTS_{exchange.upper()}_{name.upper()} is not set" in refused(capsys, profile)


def test_claims_about_a_credential_that_nobody_has_told_are_skipped_and_the_others_held(
    server: Simulator,
    profile: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    _told(monkeypatch, "alphapoint", server.alphapoint.account().credentials, "username", "password")
    profile.write_text(f'[alphapoint]\nurl = "{server.url}"\npace_s = 0\n')
    outcomes = tmp_path / "outcomes.json"
    assert main(["server", "--profile", str(profile), "--json", str(outcomes)]) == 0
    found = {one["id"]: one for one in json.loads(outcomes.read_text())["outcomes"]}
    assert found["alphapoint-cancel-unknown-request-code"]["status"] == "held"
    assert found["alphapoint-gateway-login-by-key"]["status"] == "skipped"
    assert found["alphapoint-gateway-login-by-key"]["difference"] == "the target's username is not set"


def test_the_key_of_a_client_that_counts_in_milliseconds_outlives_a_run(
    server: Simulator, profile: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    account = server.kraken.account()
    _told(monkeypatch, "kraken", account.credentials)
    profile.write_text(f'[kraken]\nurl = "{server.url}"\npace_s = 0\n')
    assert main(["server", "--profile", str(profile)]) == 0
    in_a_minute = str(time.time_ns() // 1_000_000 + 60_000)
    call = HttpCall("POST", "/0/private/Balance", (), f"nonce={in_a_minute}".encode())
    signed = DIALECTS["kraken"].signed(call, account.credentials, 0)
    with closing(OverHttp(server.url)) as target:
        assert target.send(signed).text.startswith('{"error":[],"result":')


def test_nonces_grow_and_run_ahead_of_the_clock_no_further_than_that_needs() -> None:
    def nonces(target: InProcess, count: int) -> list[int]:
        script = Script("kraken", target)
        script.account({})
        return [int(nonce(script.signed(ask("Balance")))) for _ in range(count)]

    here, now_ms = InProcess(), 1_700_000_000_000
    assert nonces(here, 2) == [now_ms, now_ms + 1]
    assert nonces(here, 2) == [now_ms + 2, now_ms + 3]  # another script: a remote has one key for all of them
    here.at(now_ms + 1000)
    assert nonces(here, 2) == [now_ms + 1000, now_ms + 1001]
    assert nonces(InProcess(), 1) == [now_ms]


def test_a_limited_answer_refutes_nothing(
    server: Simulator, profile: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    account = server.okx.account(limits=True)
    for name in ("api_key", "api_secret", "passphrase"):
        monkeypatch.setenv(f"EXCHANGE_CONTRACTS_OKX_{name.upper()}", account.credentials[name])
    account.fault("error", row="RATE_LIMIT_REACHED", endpoint="cancel", times=None)
    profile.write_text(f'[okx]\nurl = "{server.url}"\npace_s = 0\n')
    main(["server", "--profile", str(profile), "--parts", "cases"])
    assert "the target limits the rate: raise pace_s in the profile" in capsys.readouterr().out
