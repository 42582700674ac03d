"""What a replay says of a failure: that it is there again, or not any more, and what it does not do for that."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from wrong_servers.table import MUTANTS

from contracts.cli import main
from contracts.progress import Progress
from contracts.targets.in_process import InProcess
from simulator import Simulator


def stopped(_: Progress, text: str) -> None:
    """Takes the first script that failed as it is."""
    if "steps are left" in text:
        raise KeyboardInterrupt


@pytest.mark.parametrize(
    ("exchange", "name"),
    [
        ("bybit", "ledger-third-refund-double"),
        ("okx", "ledger-third-refund-double"),
        ("kraken", "ledger-third-refund-double"),
        ("alphapoint", "ledger-third-refund-double"),
        ("bybit", "ret-code-as-text"),
        ("bybit", "json-with-blanks"),
        ("bybit", "without-timenow"),
        ("bybit", "signature-on-401"),
        ("okx", "code-as-number"),
        ("okx", "id-as-number"),
        ("kraken", "ledger-ids-as-numbers"),
        ("alphapoint", "errorcode-as-text"),
        ("alphapoint", "code-in-one-case"),
        ("alphapoint", "events-unasked"),
        ("alphapoint", "frame-payload-as-object"),
    ],
)
def test_a_machines_finding_fails_again_on_the_wrong_server_and_not_on_the_right_one(
    exchange: str, name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Also where it is a header that is wrong, a type or a blank, and where an id stands within a text."""
    (wrong,) = (one for one in MUTANTS if (one.exchange, one.name) == (exchange, name))
    script = str(tmp_path / f"{exchange}-machine.json")
    with pytest.MonkeyPatch.context() as patch:
        wrong.patch(patch)
        patch.setattr(Progress, "tick", stopped)
        assert main(["server", "--exchange", exchange, "--parts", "machine", "--scripts", str(tmp_path)]) == 2
        capsys.readouterr()
        assert main(["replay", script]) == 1
        assert "\nfails again: " in capsys.readouterr().out
    assert main(["replay", script]) == 0
    last = capsys.readouterr().out.splitlines()[-1]
    assert last == "every claim of the state machine holds" or last.startswith("no claim failed, but step ")


def test_a_claim_is_held_anew_on_the_wrong_server_and_on_the_right_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    script = str(tmp_path / "kraken-sign-hex-for-base64.json")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("simulator.exchanges.kraken.signing.matches", lambda *_: True)
        assert main(["server", "--exchange", "kraken", "--parts", "cases", "--scripts", str(tmp_path)]) == 1
        capsys.readouterr()
        assert main(["replay", script]) == 1
        assert "\nkraken-sign-hex-for-base64 fails: body: expected " in capsys.readouterr().out
    assert main(["replay", script]) == 0
    assert capsys.readouterr().out.endswith("\nkraken-sign-hex-for-base64 holds\n")


_ACCOUNT = {"do": "account"}
_BEGIN: dict[str, Any] = {
    "rule": "an_account",
    "arguments": {"in_haste": False, "data": {"draws": True}},
    "draws": [{"states": 0}, {"count": 1}, {"withdrawal": {"options": {"asset": "USDT", "amount": "10"}}}],
}
_CANCEL = {"do": "call", "call": {"method": "POST", "target": "/v5/asset/withdraw/cancel"}}


def _one(**arguments: Any) -> dict[str, Any]:
    return {"rule": "look_at_one", "arguments": arguments}


def _advance(seconds: int) -> dict[str, Any]:
    return {"rule": "time_passes", "arguments": {"seconds": seconds}}


@pytest.mark.parametrize(
    ("members", "sentence"),
    [
        ({}, "names no claim of the suite, so that nothing says whether it fails again"),
        ({"steps": [_ACCOUNT, _CANCEL]}, "names no claim of the suite, so that nothing says whether it fails again"),
        ({"case": "okx-cancel"}, "there is no claim 'okx-cancel' of bybit"),
        ({"steps": [_ACCOUNT, {"do": "say"}]}, "step 2 could not be taken: no socket is open"),
        ({"steps": [_ACCOUNT, {"do": "open", "target": "/nowhere"}]}, "step 2 could not be taken: "),
        ({"steps": [_CANCEL]}, "step 1 could not be taken: there is no 'account' in the script"),
        ({"taken": [{"rule": "close"}]}, "taken[0]: the state machine has no first step 'close'"),
        ({"taken": [{"rule": "look_at_all"}]}, "taken[0]: the state machine has no first step 'look_at_all'"),
        ({"taken": [_BEGIN, {"rule": "teardown"}]}, "taken[1]: the state machine has no step 'teardown'"),
        ({"taken": [_BEGIN, _BEGIN]}, "taken[1]: the state machine has no step 'an_account'"),
        ({"taken": [_BEGIN, _one()]}, "taken[1]: look_at_one: missing a required argument: 'withdrawal'"),
        ({"taken": [_BEGIN, _one(withdrawal={"decimal": "x"})]}, "taken[1]: look_at_one: 'x' is no amount"),
        ({"taken": [_BEGIN, _one(withdrawal=["w1"])]}, "taken[1]: look_at_one: withdrawal must be str"),
        ({"taken": [_BEGIN, _one(withdrawal={"options": []})]}, "taken[1]: look_at_one: {'options': []} is nothing"),
        ({"taken": [_BEGIN, _one(withdrawal="w1", x=1)]}, "taken[1]: look_at_one: got an unexpected keyword"),
        ({"taken": [{**_BEGIN, "arguments": {"in_haste": False, "data": None}}]}, "taken[0]: an_account: data must be"),
        ({"taken": [{**_BEGIN, "draws": [*_BEGIN["draws"][:2], {"withdrawal": 5}]}]}, "taken[0]: an_account: "),
        ({"taken": [{**_BEGIN, "draws": [{"states": {"call": {}}}]}]}, "taken[0]: an_account: Object missing required"),
        ({"taken": [{**_BEGIN, "draws": [{"states": {"decimal": "1e999999999"}}]}]}, "taken[0]: an_account: '1e9999"),
        ({"taken": [_BEGIN, _advance(10**17)]}, "the steps could not be taken: the target's own surface refused"),
    ],
)
def test_a_script_that_claims_nothing_or_is_broken_is_told(
    members: dict[str, Any], sentence: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    script = tmp_path / "script.json"
    script.write_text(json.dumps({"exchange": "bybit", "claim": "it fails", "steps": [], **members}))
    assert main(["replay", str(script)]) == 2
    assert f"{script}: {sentence}" in capsys.readouterr().err


@pytest.mark.parametrize(
    "members",
    [
        {"case": "bybit-create-with-the-tag"},
        {"steps": [_ACCOUNT, _CANCEL]},
        {"taken": [{"rule": "look_at_all"}]},
    ],
)
def test_nothing_harmful_is_replayed_on_an_account_that_is_not_disposable(
    members: dict[str, Any], tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    script, profile = tmp_path / "script.json", tmp_path / "profile.toml"
    script.write_text(json.dumps({"exchange": "bybit", "claim": "it fails", "steps": [], **members}))
    with Simulator() as server:
        account = server.bybit.account()
        monkeypatch.setenv("EXCHANGE_CONTRACTS_BYBIT_API_KEY", account.api_key)
        monkeypatch.setenv("EXCHANGE_CONTRACTS_BYBIT_API_SECRET", account.api_secret)
        profile.write_text(f'[bybit]\nurl = "{server.url}"\npace_s = 0\n')
        for options in ([], ["--curl"]):
            assert main(["replay", str(script), "--profile", str(profile), *options]) == 2
            told = capsys.readouterr().err
            assert told.endswith("may harm the account: not replayed unless its profile says disposable = true\n")
        assert {entry.endpoint for entry in account.journal} == {"coins_balance"}  # whether it takes the credentials


def test_a_file_that_is_nested_too_deeply_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    script = tmp_path / "script.json"
    draws = "[" * 50_000 + "]" * 50_000
    script.write_text(
        f'{{"exchange":"bybit","claim":"","steps":[],"taken":[{{"rule":"x","draws":[{{"x":{draws}}}]}}]}}'
    )
    assert main(["replay", str(script)]) == 2
    assert f"{script}: is no script: " in capsys.readouterr().err


@pytest.mark.parametrize(
    "later",
    [
        {"rule": "look_at_one", "arguments": {"withdrawal": "w9"}},
        {"rule": "create", "arguments": {"data": {"draws": True}}, "draws": [{"id": "5"}]},
        {"rule": "create", "arguments": {"data": {"draws": True}}},
        {"rule": "something_happens", "arguments": {"data": {"draws": True}}, "draws": [{"names": ["w9"]}]},
        {
            "rule": "something_happens",
            "arguments": {"data": {"draws": True}},
            "draws": [{"names": ["w1"]}, {"steps": 1}, {"event": ["return_funds"]}],
        },
    ],
)
def test_a_target_that_answers_otherwise_before_the_end_fails_no_claim(
    later: dict[str, Any], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A withdrawal was made then and is not now, or something else is there to choose from."""
    script = tmp_path / "script.json"
    document = {"exchange": "bybit", "claim": "it fails", "steps": [], "taken": [_BEGIN, later]}
    script.write_text(json.dumps(document))
    assert main(["replay", str(script)]) == 0
    told = capsys.readouterr().out
    assert told.endswith(
        f"\nno claim failed, but step 2, {later['rule']}, cannot be taken as it was: the target answers otherwise than "
        "then\n"
    )


def test_what_a_file_says_of_a_harmless_case_is_not_done(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """With `--curl`, which shows a call and sends those in front of it, the case is what the suite has it to be."""
    script, profile = tmp_path / "script.json", tmp_path / "profile.toml"
    steps = [_ACCOUNT, {"do": "withdrawal"}, {**_CANCEL, "call": {**_CANCEL["call"], "body": '{"id":"«withdrawal»"}'}}]
    case = "bybit-cancel-id-is-required"
    script.write_text(json.dumps({"exchange": "bybit", "claim": "x", "case": case, "steps": [*steps, _CANCEL]}))
    with Simulator() as server:
        account = server.bybit.account()
        withdrawal = account.withdrawal("USDT", "10", state="Pending")
        monkeypatch.setenv("EXCHANGE_CONTRACTS_BYBIT_API_KEY", account.api_key)
        monkeypatch.setenv("EXCHANGE_CONTRACTS_BYBIT_API_SECRET", account.api_secret)
        monkeypatch.setenv("EXCHANGE_CONTRACTS_BYBIT_WITHDRAWAL", withdrawal.id)
        profile.write_text(f'[bybit]\nurl = "{server.url}"\npace_s = 0\ncan = ["withdrawals"]\n')
        assert main(["replay", str(script), "--profile", str(profile), "--curl"]) == 0
        assert "/v5/asset/withdraw/cancel" in capsys.readouterr().out.splitlines()[-1]
        assert {entry.endpoint for entry in account.journal} == {"coins_balance"}
        assert withdrawal.state == "Pending"


def test_an_answer_to_a_creation_that_nobody_can_read_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    script = tmp_path / "script.json"
    create = {"do": "call", "name": "w1", "call": {"method": "GET", "target": "/nowhere"}}
    script.write_text(json.dumps({"exchange": "okx", "claim": "x", "steps": [_ACCOUNT, create, create]}))
    with Simulator() as server:
        assert main(["replay", str(script), "--target", server.url, "--curl"]) == 2
    assert f"{script}: step 2 could not be taken: " in capsys.readouterr().err


def test_what_has_no_socket_there_says_so() -> None:
    from contracts.targets import ControlRefused

    with pytest.raises(ControlRefused, match="/nowhere"):
        InProcess().open_socket("/nowhere")
