"""Somebody's own account that lacks what a claim takes for granted: the server that says so is right."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from contracts.cli import main
from contracts.targets import TargetAccount
from contracts.targets.in_process import InProcess
from simulator import Simulator


@pytest.fixture(scope="module")
def server() -> Iterator[Simulator]:
    with Simulator() as running:
        yield running


POOR: dict[str, Any] = {"balances": {"USDT": "0.5"}}
WITHOUT = {
    "bybit money": ("bybit", POOR, "create-with-the-tag", "the money", "Account available balance insufficient"),
    "bybit address": (
        "bybit",
        {"address_book": []},
        "create-at-minimum",
        "the address in its book",
        "Withdraw address chain or destination tag are not equal",
    ),
    "bybit receiver": (
        "bybit",
        {"address_book": []},
        "create-by-uid",
        "the address in its book",
        "UserId is not in the whitelist",
    ),
    "okx money": ("okx", POOR, "withdrawal-label", "the money", '"58350"'),
    "okx first withdrawal": ("okx", POOR, "withdrawal-client-id-taken", "the money", '"58350"'),
    "okx push": ("okx", POOR, "push-creation", "the money", '"58350"'),
    "okx address": (
        "okx",
        {"verified_addresses": []},
        "withdrawal-amt-too-fine",
        "the address in its book",
        '"58203"',
    ),
    "okx permission": (
        "okx",
        {"permissions": ["read_only", "trade"]},
        "withdrawal-amt-zero",
        "a key that may withdraw",
        '"50120"',
    ),
    "kraken money": ("kraken", POOR, "withdraw-form", "the money", "EFunding:Invalid amount"),
    "kraken transfer": ("kraken", POOR, "transfer-response-example", "the money", "EFunding:Invalid amount"),
    "kraken address": (
        "kraken",
        {"addresses": []},
        "withdraw-max-fee",
        "the address in its book",
        "EFunding:Unknown withdraw key",
    ),
    "alphapoint money": ("alphapoint", POOR, "create-request-example", "the money", "Insufficient Balance"),
}
"""What an account lacks, a claim that takes it for granted, and what that is called."""


@pytest.fixture
def held(
    server: Simulator, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Held:
    return Held(server, tmp_path, capsys, monkeypatch)


class Held:
    """Holds the cases of an exchange that need no pending withdrawal, by the profile of a disposable account."""

    def __init__(
        self,
        server: Simulator,
        folder: Path,
        capsys: pytest.CaptureFixture[str],
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        self._server, self._folder, self._capsys, self._monkeypatch = server, folder, capsys, monkeypatch

    def __call__(self, exchange: str, **options: Any) -> dict[str, tuple[str, str]]:
        """What came of each claim of an account with these options: status and difference."""
        account = self._server.exchange(exchange).account(**options)
        for name, value in account.credentials.items():
            self._monkeypatch.setenv(f"EXCHANGE_CONTRACTS_{exchange.upper()}_{name.upper()}", str(value))
        profile, report = self._folder / "profile.toml", self._folder / "report.json"
        section = f'[{exchange}]\nurl = "{self._server.url}"\ncan = ["sockets"]\npace_s = 0\ndisposable = true\n'
        profile.write_text(section)
        files = [f"--json={report}", f"--scripts={self._folder / 'scripts'}"]
        main(["server", "--profile", str(profile), "--parts", "cases", *files])
        self._capsys.readouterr()
        outcomes = json.loads(report.read_text())["outcomes"]
        return {one["id"].removeprefix(f"{exchange}-"): (one["status"], one["difference"]) for one in outcomes}


@pytest.mark.parametrize(("exchange", "options", "claim", "lacks", "answer"), WITHOUT.values(), ids=WITHOUT)
def test_a_right_server_is_not_blamed_for_what_the_account_lacks(
    exchange: str, options: dict[str, Any], claim: str, lacks: str, answer: str, held: Held
) -> None:
    found = held(exchange, **options)
    status, difference = found[claim]
    assert status == "skipped"
    assert difference.startswith(f"the target's account lacks {lacks}: /")
    assert difference.endswith(f" was answered with {answer}")
    failed = [name for name, (status, _) in found.items() if status == "failed"]
    assert failed == (["config-row"] if "permissions" in options else [])  # that one shows what the key may do


def test_a_refusal_that_a_claim_expects_is_no_lack(held: Held) -> None:
    found = held("bybit", address_book=[])
    for claim in ("create-address-not-in-book", "create-uid-not-in-book", "create-other-tag"):
        assert found[claim] == ("held", "")


def test_a_refusal_that_may_mean_too_little_money_excuses_only_what_was_to_be_done(held: Held) -> None:
    found = held("kraken", behavior={"withdraw.unknown_label": "INVALID_AMOUNT"})
    status, difference = found["withdraw-unknown-key"]
    assert status == "failed"
    assert "EFunding:Invalid amount" in difference


def test_a_server_with_accounts_of_its_own_is_blamed_for_what_they_lack(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    class Poor(InProcess):
        def account(self, exchange: str, options: Mapping[str, Any]) -> TargetAccount:
            return super().account(exchange, {**options, "balances": {}})

    monkeypatch.setattr("contracts.choice.InProcess", Poor)
    arguments = ["server", "--exchange", "bybit", "--parts", "cases", "--scripts", str(tmp_path)]
    assert main(arguments) == 1
    assert "failed: bybit-create-at-minimum [" in capsys.readouterr().out
