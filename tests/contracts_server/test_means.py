"""Somebody's own account that lacks what a claim takes for granted: the server that says so is right."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from contracts.cli import main
from contracts.clients import CLIENTS
from contracts.targets import TargetAccount
from contracts.targets.in_process import InProcess
from contracts.targets.remote import Remote
from contracts.wire import EXCHANGES, HttpCall, HttpReply
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
    """Holds the cases of an exchange by the profile of an account: a disposable one without a pending withdrawal, or
    one with withdrawals of 10 USDT. `report` is that of the last run.
    """

    def __init__(
        self,
        server: Simulator,
        folder: Path,
        capsys: pytest.CaptureFixture[str],
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        self._server, self._folder, self._capsys, self._monkeypatch = server, folder, capsys, monkeypatch
        self.report: dict[str, Any] = {}

    def __call__(
        self, exchange: str, *, withdrawals: int = 0, disposable: bool = True, **options: Any
    ) -> dict[str, tuple[str, str]]:
        """What came of each claim of an account with these options: status and difference."""
        account = self._server.exchange(exchange).account(**options)
        for name, value in account.credentials.items():
            self._monkeypatch.setenv(f"EXCHANGE_CONTRACTS_{exchange.upper()}_{name.upper()}", str(value))
        ids = ",".join(account.withdrawal("USDT", "10").id for _ in range(withdrawals))
        self._monkeypatch.setenv(f"EXCHANGE_CONTRACTS_{exchange.upper()}_WITHDRAWAL", ids)
        can = '["withdrawals", "sockets"]' if ids else '["sockets"]'
        profile, report = self._folder / "profile.toml", self._folder / "report.json"
        section = f'[{exchange}]\nurl = "{self._server.url}"\ncan = {can}\npace_s = 0\n'
        profile.write_text(f"{section}disposable = {'true' if disposable else 'false'}\n")
        files = [f"--json={report}", f"--scripts={self._folder / 'scripts'}"]
        main(["server", "--profile", str(profile), "--parts", "cases", *files])
        self._capsys.readouterr()
        self.report = json.loads(report.read_text())
        outcomes = self.report["outcomes"]
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
    assert failed == []


KEYS: dict[str, tuple[str, dict[str, Any], str, str]] = {
    "bybit without withdraw": (
        "bybit",
        {"permissions": ["AccountTransfer"]},
        "cancel-unknown-id",
        "/v5/asset/withdraw/cancel was answered with Permission denied, please check your API key permissions.",
    ),
    "bybit read-only": (
        "bybit",
        {"read_only": True},
        "cancel-id-null",
        "/v5/asset/withdraw/cancel was answered with Permission denied, please check your API key permissions.",
    ),
    "okx without withdraw": (
        "okx",
        {"permissions": ["read_only", "trade"]},
        "config-row",
        '/api/v5/account/config was answered with "perm":"read_only,trade"',
    ),
    "okx read-only": (
        "okx",
        {"permissions": ["read_only"]},
        "cancel-unknown-id",
        '/api/v5/asset/cancel-withdrawal was answered with "50120"',
    ),
    "kraken without withdraw": (
        "kraken",
        {"permissions": ["query-funds", "query-ledger"]},
        "cancel-unknown-asset",
        "/0/private/WithdrawCancel was answered with EGeneral:Permission denied",
    ),
    "kraken read-only": (
        "kraken",
        {"permissions": ["query-funds"]},
        "cancel-asset-is-required",
        "/0/private/WithdrawCancel was answered with EGeneral:Permission denied",
    ),
    "alphapoint without withdraw": (
        "alphapoint",
        {"permissions": ["AccountReadOnly", "Trading"]},
        "cancel-unknown-code-in-a-frame",
        '/WSGateway/ was answered with "Not Authorized"',
    ),
    "alphapoint read-only": (
        "alphapoint",
        {"permissions": ["AccountReadOnly"]},
        "login-left-in-a-frame",
        '/AP/GetWithdrawTicket was answered with "Not Authorized"',
    ),
}
"""What a key may do, and a claim that takes more for granted with the answer that says so."""


@pytest.mark.parametrize("disposable", [False, True], ids=["harmless", "disposable"])
@pytest.mark.parametrize(("exchange", "key", "claim", "answer"), KEYS.values(), ids=KEYS)
def test_a_right_server_is_not_blamed_for_what_the_key_may_not_do(
    exchange: str, key: dict[str, Any], claim: str, answer: str, disposable: bool, held: Held
) -> None:
    found = held(exchange, withdrawals=50, disposable=disposable, **key)
    assert [name for name, (status, _) in found.items() if status == "failed"] == []
    assert held.report["refutes"] == []
    if disposable or claim not in ("config-row", "login-left-in-a-frame"):  # those may do harm
        assert found[claim] == ("skipped", f"the target's account lacks a permission of its key: {answer}")


def test_a_refusal_that_a_claim_expects_is_no_lack(held: Held) -> None:
    found = held("bybit", address_book=[])
    for claim in ("create-address-not-in-book", "create-uid-not-in-book", "create-other-tag"):
        assert found[claim] == ("held", "")
    found = held("alphapoint", withdrawals=50, permissions=["AccountReadOnly"])
    assert found["gateway-failed-login"] == ("held", "")  # "Not Authorized"
    assert found["login-left-in-a-frame"][0] == "skipped"  # expects that of its frames, and not of the look afterwards


def test_a_refusal_that_may_mean_too_little_money_excuses_only_what_was_to_be_done(held: Held) -> None:
    found = held("kraken", behavior={"withdraw.unknown_label": "INVALID_AMOUNT"})
    status, difference = found["withdraw-unknown-key"]
    assert status == "failed"
    assert "EFunding:Invalid amount" in difference


REFUSALS = {
    "bybit": (
        "/v5/asset/withdraw/create",
        b'{"retCode":131212,"retMsg":"Account available balance insufficient","result":{},"retExtInfo":{},"time":1}',
        "create-at-minimum",
    ),
    "okx": (
        "/api/v5/asset/withdrawal",
        b'{"code":"58350","data":[],"msg":"Insufficient balance"}',
        "withdrawal-amt-exponent",
    ),
    "kraken": ("/0/private/Withdraw", b'{"error":["EFunding:Insufficient funds"]}', "withdraw-form"),
    "alphapoint": (
        "/AP/CreateWithdrawTicket",
        b'{"result":false,"errormsg":"Operation Failed","errorcode":101,"detail":"Insufficient Balance"}',
        "create-request-example",
    ),
}
"""What an exchange answers to a withdrawal when there is too little money, and a claim that withdraws."""


@pytest.mark.parametrize("exchange", EXCHANGES)
@pytest.mark.parametrize(
    ("balance", "status"), [("10000", "failed"), ("1.5", "failed"), ("0", "skipped")], ids=["much", "some", "none"]
)
def test_a_server_that_says_there_is_no_money_is_held_against_the_balance(
    exchange: str, balance: str, status: str, held: Held, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, refusal, claim = REFUSALS[exchange]

    class Stingy(Remote):
        def send(self, call: HttpCall) -> HttpReply:
            return HttpReply(200, (), refusal) if call.path == path else super().send(call)

    monkeypatch.setattr("contracts.choice.Remote", Stingy)
    found = held(exchange, balances={"USDT": "100" if balance == "1.5" else balance, "BTC": balance})
    assert found[claim][0] == status


@pytest.mark.parametrize("exchange", EXCHANGES)
def test_too_little_money_is_an_excuse_where_the_balance_cannot_be_read(
    exchange: str, held: Held, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, refusal, claim = REFUSALS[exchange]

    class Stingy(Remote):
        refusing = False

        def send(self, call: HttpCall) -> HttpReply:
            self.refusing = self.refusing or call.path == path
            return HttpReply(200, (), refusal) if self.refusing else super().send(call)

    monkeypatch.setattr("contracts.choice.Remote", Stingy)
    assert held(exchange)[claim][0] == "skipped"


DENIALS = {
    "bybit": (
        b'{"retCode":10005,"retMsg":"Permission denied, please check your API key permissions.","result":{},'
        b'"retExtInfo":{},"time":1700000000000}',
        "cancel-id-null",
        "null",
    ),
    "okx": (
        b'{"msg":"This API key doesn\'t have permission to use this function","code":"50120"}',
        "cancel-id-null",
        "null",
    ),
    "kraken": (b'{"error":["EGeneral:Permission denied"]}', "cancel-unknown-asset", "NOPE"),
    "alphapoint": (
        b'{"result":false,"errormsg":"Not Authorized","errorcode":20,"detail":null}',
        "cancel-request-code-placeholder",
        "Request Code GUID",
    ),
}
"""How an exchange denies a permission, a claim about a cancel, and what stands in that call alone."""


@pytest.mark.parametrize("exchange", EXCHANGES)
def test_a_permission_that_is_denied_now_and_then_is_no_excuse(
    exchange: str, held: Held, monkeypatch: pytest.MonkeyPatch
) -> None:
    denial, claim, mark = DENIALS[exchange]
    path = CLIENTS[exchange].cancel("withdrawal").target

    class Moody(Remote):
        def send(self, call: HttpCall) -> HttpReply:
            moody = call.path == path and mark.encode() in call.body
            return HttpReply(200, (), denial) if moody else super().send(call)

    monkeypatch.setattr("contracts.choice.Remote", Moody)
    found = held(exchange, disposable=False)
    assert found[claim][0] == "failed"


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
