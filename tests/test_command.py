"""The command, started as a user starts it."""

from __future__ import annotations

import json
import os
import re
import shlex
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path
from typing import Any

import pytest
import requests

from contracts import demo
from simulator import files
from simulator.cli import _chosen, main
from simulator.config import declare, load
from simulator.core.misuse import Misuse
from simulator.service import Service
from simulator.service.listed import exchanges
from simulator.serving import Settings, exposure, serve

COMMAND = [sys.executable, "-c", "import sys; from simulator.cli import main; sys.exit(main())"]
ROOT = Path(__file__).parent.parent
NAMES = [exchange.name for exchange in exchanges]


class Served:
    """A `serve` that runs, and what it printed until it was ready."""

    def __init__(self, ready_file: Path, *arguments: str, count: int = len(exchanges)) -> None:
        # Tests that were started by nohup(1) would hand its deaf ear on, and `serve` heeds it.
        before = signal.signal(signal.SIGHUP, signal.SIG_DFL)
        self.process = subprocess.Popen(
            [*COMMAND, "serve", "--port", "0", "--ready-file", str(ready_file), *arguments],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd=ROOT,
            env={**os.environ, "PYTHONUNBUFFERED": "1"},
        )
        signal.signal(signal.SIGHUP, before)
        assert self.process.stdout is not None
        self.printed = ""
        # The ready file is written after everything has been printed; the last exchange's paste line comes last.
        while self.printed.count("cancel it:") < count:
            line = self.process.stdout.readline()
            assert line, self.process.stderr.read() if self.process.stderr else ""
            self.printed += line

    def end(self, number: signal.Signals) -> tuple[int, str, str]:
        self.process.send_signal(number)
        out, err = self.process.communicate(timeout=30)
        return self.process.returncode, out, err


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    running = Served(tmp_path / "ready.json")
    yield running
    running.process.kill()
    running.process.communicate()


def wait_for(served: Served, path: Path) -> dict[str, Any]:
    """The ready file's document; it appears in one step right after the last line is printed."""
    while not path.exists():
        assert served.process.poll() is None
    document: dict[str, Any] = json.loads(path.read_text())
    return document


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_serve_is_ready_when_its_file_says_so_and_stops_gracefully(
    served: Served, tmp_path: Path, number: signal.Signals
) -> None:
    ready = wait_for(served, tmp_path / "ready.json")
    assert [account["exchange"] for account in ready["accounts"]] == NAMES
    assert requests.get(ready["url"] + "/_control/health", timeout=10).json()["status"] == "ok"
    for account in ready["accounts"]:
        shown = requests.get(f"{ready['url']}/_control/accounts/{account['id']}", timeout=10).json()
        assert shown["withdrawals"] == [account["withdrawals"][0]["id"]]
        assert (shown["limits"], shown["progress"]) == (True, "timed")
        assert account["withdrawals"][0]["stage"] == "pending"
        assert account["withdrawals"][0]["id"] in served.printed
        assert account["credentials"]["api_secret"] in served.printed
    status, out, _ = served.end(number)
    assert list(tmp_path.iterdir()) == [tmp_path / "ready.json"]
    assert status == 0
    assert out.endswith("stopped\n")


def test_serve_tells_why_it_refused_in_a_line_for_each_request(served: Served, tmp_path: Path) -> None:
    ready = wait_for(served, tmp_path / "ready.json")
    requests.post(ready["url"] + "/v5/asset/withdraw/cancel", timeout=10)
    _, _, err = served.end(signal.SIGINT)
    assert "bybit  POST /v5/asset/withdraw/cancel  200  EMPTY_VALUE (auth.empty_header): X-BAPI-TIMESTAMP, " in err


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.0.7", "my-machine"])
def test_serve_warns_about_an_address_that_others_can_reach(host: str) -> None:
    warning = f"warning: {host} can be reached from other machines, and /_control/ is open to whoever reaches it"
    assert exposure(host) == warning


def test_serve_warns_of_every_address_when_none_is_named() -> None:
    assert (exposure("") or "").startswith("warning: every address of this machine can be reached from other machines")


@pytest.mark.parametrize("host", ["127.0.0.1", "127.1.2.3", "::1", "localhost"])
def test_serve_does_not_warn_about_an_address_of_this_machine_alone(host: str) -> None:
    assert exposure(host) is None


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["serve", "--port", "99999"], "exchange-simulator: port 99999 must be a number from 0 to 65535"),
        (["serve", "--host", "256.1.1.1", "--port", "0"], "exchange-simulator: cannot listen on 256.1.1.1:0: "),
        (["serve", "--port", "0", "--ready-file", "/nowhere/x.json"], "exchange-simulator: the ready file's folder"),
        (["serve", "--port", "0", "--host", "a..b"], "exchange-simulator: cannot listen on a..b:0: "),
        (
            ["serve", "--port", "0", "--ready-file", "/tmp"],
            "exchange-simulator: the ready file '/tmp' is a folder; name",
        ),
        (["facts", "binance"], "exchange-simulator: there is no exchange 'binance'; "),
    ],
)
def test_a_wrong_use_of_the_command_is_told_in_one_sentence(
    arguments: list[str], sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(arguments) == 2
    told = capsys.readouterr().err
    assert told.startswith(sentence)
    assert told.count("\n") == 1


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ([], "the following arguments are required: COMMAND; `exchange-simulator --help` says what it takes"),
        (["serv"], "there is no command 'serv'; did you mean 'serve'?"),
        (
            ["serve", "--port", "x"],
            "argument --port: invalid int value: 'x'; `exchange-simulator serve --help` says wh",
        ),
        (["serve", "--progress", "fast"], "argument --progress: invalid choice: 'fast' (choose from "),
        (["serve", "--prog", "manual"], "serve does not take '--prog'; `exchange-simulator serve --help` says what it"),
        (["demo", "bybit"], "demo does not take 'bybit'; `exchange-simulator demo --help` says what it takes"),
        (["facts", "okx", "error"], "there is no table 'error'; did you mean 'errors'?"),
    ],
)
def test_arguments_that_cannot_be_read_end_with_status_2_and_one_sentence(
    arguments: list[str], sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(arguments) == 2
    told = capsys.readouterr()
    assert told.err.startswith(f"exchange-simulator: {sentence}")
    assert (told.out, told.err.count("\n")) == ("", 1)


LONG = "x" * 5_000


@pytest.mark.parametrize(
    "arguments",
    [
        [LONG],
        [f"--{LONG}"],
        ["serve", LONG],
        ["serve", "--port", LONG],
        ["serve", "--progress", LONG],
        ["serve", "--port", "0", "--host", LONG],
        ["serve", "--port", "9" * 4_000],
        ["serve", "--port", "0", "--config", LONG],
        ["serve", "--port", "0", "--state", LONG],
        ["serve", "--port", "0", "--ready-file", LONG],
        ["serve", "--port", "0", "--ready-file", LONG, "--state", f"{LONG}/{LONG}"],
        ["facts", LONG],
        ["facts", "okx", LONG],
    ],
    ids=lambda arguments: " ".join(arguments)[:40],
)
def test_no_argument_makes_a_sentence_long(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(arguments) == 2
    told = capsys.readouterr().err
    assert told.count("\n") == 1
    assert len(told) <= 1_300


@pytest.mark.parametrize(
    "text",
    [
        f"{LONG} = 1",
        f"[exchanges.{LONG}]",
        f"[{LONG}]\n[{LONG}]",
        f"[exchanges.okx]\n{LONG} = 1",
        f'[exchanges.okx.behavior]\n{LONG} = "{LONG}"',
        f'[[accounts]]\nexchange = "{LONG}"',
        f'[[accounts]]\nexchange = "okx"\nname = "{LONG}"',
        f'[[accounts]]\nexchange = "okx"\nexpires = "{LONG}"',
        f'[[accounts]]\nexchange = "okx"\n[[accounts.withdrawals]]\nasset = "{LONG}"\namount = 1',
    ],
    ids=lambda text: text[:24],
)
def test_no_text_of_a_config_makes_a_sentence_long(
    text: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    config = tmp_path / "config.toml"
    config.write_text(text)
    assert main(["serve", "--port", "0", "--config", str(config)]) == 2
    told = capsys.readouterr().err
    assert told.count("\n") == 1
    assert len(told) <= 700 + len(str(config))


def test_a_port_that_another_server_has_is_told_in_one_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        assert main(["serve", "--port", str(port)]) == 2
    told = capsys.readouterr().err
    assert told.startswith(f"exchange-simulator: cannot listen on 127.0.0.1:{port}: ")
    assert told.endswith("; choose another address, or port 0 for a free one\n")
    assert told.count("\n") == 1


def test_a_config_that_is_a_folder_is_told_in_one_sentence(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert main(["serve", "--port", "0", "--config", str(tmp_path)]) == 2
    assert capsys.readouterr().err == f"exchange-simulator: {tmp_path}: cannot be read: Is a directory\n"


def test_ctrl_c_in_a_command_that_ends_by_itself_is_status_130_and_no_traceback(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupted(_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(demo, "show", interrupted)
    assert main(["demo"]) == 130
    assert capsys.readouterr().err == ""


def test_ctrl_c_while_the_command_is_loaded_is_status_130_and_no_traceback() -> None:
    script = """
import sys

class Interrupted:
    def find_spec(self, name, *_):
        if name == "simulator.cli":
            raise KeyboardInterrupt

sys.meta_path.insert(0, Interrupted())
from simulator.__main__ import main
sys.exit(main())
"""
    ended = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, cwd=ROOT, check=False)
    assert (ended.returncode, ended.stdout, ended.stderr) == (130, "", "")


def test_the_module_is_the_command_too() -> None:
    command = [sys.executable, "-m", "simulator", "--version"]
    ended = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=True)
    assert ended.stdout == f"{metadata.version('exchange-simulator')}\n"


def help_of(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> str:
    with pytest.raises(SystemExit) as ended:
        main([*arguments, "--help"])
    assert ended.value.code == 0
    return capsys.readouterr().out


@pytest.mark.parametrize("arguments", [[], ["serve"], ["demo"], ["facts"]])
def test_every_help_has_examples_that_the_command_takes(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    printed = help_of(arguments, capsys)
    examples = re.findall(r"^  exchange-simulator (.+)$", printed, re.MULTILINE)
    assert examples
    for example in examples:
        words = shlex.split(re.split(r" \| | 2> | {3,}", example)[0])
        if "COMMAND" not in words:
            assert _chosen(words).run
            assert words[: len(arguments)] == arguments


def test_the_help_of_serve_tells_what_the_ready_file_has(
    served: Served, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ready = wait_for(served, tmp_path / "ready.json")
    printed = help_of(["serve"], capsys)
    for name in (*ready, *ready["accounts"][0]):
        if name not in ("name", "exchange", "url"):
            assert f'"{name}": ' in printed
    account = ready["accounts"][0]
    assert {"id", "exchange", "credentials", "client_settings", "balances", "withdrawals"} <= set(account)
    assert {"api_key", "api_secret"} <= set(account["credentials"])
    assert {"id", "state"} <= set(account["withdrawals"][0])


def test_the_config_in_the_help_of_serve_is_read(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = re.search(r"^    \[\[accounts\]\]\n(?:    .*\n)+", help_of(["serve"], capsys), re.MULTILINE)
    assert text
    config = tmp_path / "config.toml"
    config.write_text(text[0])
    [account] = load(config)["accounts"]
    assert (account["exchange"], len(account["withdrawals"]), len(account["faults"])) == ("bybit", 1, 1)


@pytest.mark.parametrize("table", ["routes", "errors", "states", "conditions", "fields"])
def test_facts_prints_one_table_alone(table: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["facts", "kraken", table]) == 0
    title, line, blank, heading, *rows = capsys.readouterr().out.splitlines()
    assert (title, line, blank, heading.split()[0]) == ("Kraken Spot REST", "=" * 16, "", table.capitalize())
    assert rows
    assert all(row.startswith("  ") for row in rows)
    assert main(["facts", "kraken", table, "--json"]) == 0
    [document] = json.loads(capsys.readouterr().out)
    assert list(document) == ["exchange", "title", table]
    assert len(document[table]) == len(rows)


def test_facts_as_json_has_every_table_of_every_exchange(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["facts", "--json"]) == 0
    documents = json.loads(capsys.readouterr().out)
    assert [document["exchange"] for document in documents] == NAMES
    for document, exchange in zip(documents, exchanges, strict=True):
        assert [row["name"] for row in document["errors"]] == list(exchange.unknowns.rows)
        assert [one["name"] for one in document["conditions"]] == list(exchange.unknowns.conditions)
        assert [one["name"] for one in document["fields"]] == list(exchange.unknowns.fields)
        assert [state["name"] for state in document["states"]] == [state.name for state in exchange.lifecycle.states]
        assert [route["path"] for route in document["routes"]] == [endpoint.path for endpoint in exchange.endpoints]


@pytest.mark.parametrize("name", NAMES)
def test_facts_for_people_name_every_row_and_condition_with_its_evidence(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["facts", name]) == 0
    printed = capsys.readouterr().out
    exchange = next(exchange for exchange in exchanges if exchange.name == name)
    for condition in exchange.unknowns.conditions.values():
        assert f"[{condition.evidence:<8}] {condition.name}" in printed
    for row in exchange.unknowns.rows.values():
        assert f"[{row.evidence:<8}] {row.name}" in printed


def test_the_demo_shows_four_exchanges_five_calls_each_or_four(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["demo"]) == 0
    printed = capsys.readouterr().out
    for play in demo.PLAYS:
        part = printed[printed.index(play.title + ": ") :].split("=" * 78)[1]
        titles = [line.removeprefix("--- ") for line in part.splitlines() if line.startswith("--- ")]
        later = ["and later?"] if play.settles_s else []
        assert titles == [
            "cancel a pending withdrawal",
            "what became of it?",
            *later,
            "cancel it a second time",
            "cancel with a wrong secret",
        ]
        assert part.count("\n> ") > part.count("--- ")
        assert part.count("\n< HTTP/1.1 ") == len(titles)
    for sign in (
        '"status":"CancelByUser"',
        '"state":"-3"',
        '"state":"-2"',
        "cancel-pending",
        "canceled",
        "UserCanceled",
    ):
        assert sign in printed
    for sign in ("error sign!", "Invalid Sign", "EAPI:Invalid signature", "NOT FOUND"):
        assert sign in printed


def test_the_output_may_be_cut_off_by_its_reader() -> None:
    ended = subprocess.run(
        f"{sys.executable} -c 'import sys; from simulator.cli import main; sys.exit(main())' facts --json | head -n 1",
        shell=True,
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=True,
    )
    assert ended.stdout == "[\n"
    assert ended.stderr == ""


CONFIG = """
[exchanges.bybit.behavior]
"cancel.unknown_id" = "SERVER_ERROR"

[[accounts]]
exchange = "bybit"
name = "treasury"
balances = { USDT = "100" }
api_secret = "hush-hush"

[[accounts.withdrawals]]
asset = "USDT"
amount = "10"

[[accounts.withdrawals]]
asset = "USDT"
amount = "5"
state = "success"

[[accounts.keys]]
permissions = []

[[accounts.faults]]
kind = "lose_reply"
endpoint = "cancel"

[[accounts]]
exchange = "kraken"
progress = "manual"
limits = false
"""


def test_serve_takes_its_accounts_from_a_config_file_and_logs_json(tmp_path: Path) -> None:
    config = tmp_path / "config.toml"
    config.write_text(CONFIG)
    running = Served(tmp_path / "ready.json", "--config", str(config), "--log", "json", count=0)
    ready = wait_for(running, tmp_path / "ready.json")
    treasury, kraken = ready["accounts"]
    assert (treasury["id"], treasury["balances"]["USDT"]) == (
        "bybit-treasury",
        {"available": "77", "held": "14", "spent": "9"},
    )
    assert [withdrawal["state"] for withdrawal in treasury["withdrawals"]] == ["SecurityCheck", "success"]
    shown = requests.get(f"{ready['url']}/_control/accounts/{treasury['id']}", timeout=10).json()
    assert (len(shown["keys"]), shown["limits"], shown["progress"]) == (2, True, "timed")
    faults = requests.get(f"{ready['url']}/_control/accounts/{treasury['id']}/faults", timeout=10).json()["faults"]
    assert [(fault["kind"], fault["endpoint"], fault["fired"]) for fault in faults] == [("lose_reply", "cancel", 0)]
    shown = requests.get(f"{ready['url']}/_control/accounts/{kraken['id']}", timeout=10).json()
    assert (shown["limits"], shown["progress"]) == (False, "manual")
    requests.get(ready["url"] + "/v5/nothing", timeout=10)
    status, out, err = running.end(signal.SIGTERM)
    assert status == 0
    assert "hush-hush" not in out + err + json.dumps(ready)
    line = json.loads(err.splitlines()[-1])
    assert (line["exchange"], line["asked"], line["answered"]) == ("bybit", "GET /v5/nothing", 404)
    assert line["condition"] == "route.unknown"


_PLANNED = '[[accounts]]\nexchange = "okx"\n[[accounts.withdrawals]]\nasset = "USDT"\namount = "1"\n'


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("[[accounts]", "is not TOML: Expected ']]' at the end of an array declaration (at line 1, column 11)"),
        ("accounts = 1", "'accounts' must be an array of tables, written [[accounts]]"),
        ("account = []", "there is no key 'account' here; did you mean 'accounts'?"),
        ("[exchanges.bitstamp]", "exchanges.bitstamp: there is no exchange 'bitstamp'; "),
        ("[exchanges.okx]\nlimits = true", "exchanges.okx: exchange changes have no option 'limits'; "),
        ("[[accounts]]", "accounts[0]: the key 'exchange' is missing: bybit, okx, kraken or alphapoint"),
        ("[[accounts]]\nexchange = 5", "accounts[0]: the key 'exchange' must be text, one of bybit, okx, kraken or al"),
        ("x = " + "[" * 5000, "is nested too deeply"),
        ("x = " + "1" * 5000, "has a number of thousands of digits"),
        (
            '[[accounts]]\nexchange = "okx"\nprogress = "slow"',
            "accounts[0]: okx accounts: option 'progress' cannot be",
        ),
        (
            '[[accounts]]\nexchange = "okx"\nname = "a"\n[[accounts]]\nexchange = "okx"\nname = "a"',
            "accounts[1]: okx already has an account 'a'; choose another name or delete it",
        ),
        (
            '[[accounts]]\nexchange = "okx"\n[[accounts.withdrawals]]\nasset = "USDT"\namount = "1e9"',
            "accounts[0].withdrawals[0]: account 'okx-account-1' has 10000 USDT available, but",
        ),
        (
            '[[accounts]]\nexchange = "okx"\n[[accounts.faults]]\nkind = "lose_reply"\nendpoint = "cancle"',
            "accounts[0].faults[0]: okx has no endpoint 'cancle'; did you mean 'cancel'?",
        ),
        (
            '[[accounts]]\nexchange = "bybit"\n[[accounts.faults]]\nkind = "stale_reads"\nendpoint = "cancel"',
            "accounts[0].faults[0]: the fault 'stale_reads' cannot happen to 'cancel'; known are list",
        ),
        (
            '[[accounts]]\nexchange = "okx"\ndelays = { "0" = -1 }',
            "accounts[0]: okx accounts: option delays['0'] must be a number of 0 or more",
        ),
        ('[[accounts]]\nexchange = "okx"\ndelays = { "20" = 1 }', "accounts[0]: there is no state '20'; "),
        (
            '[[accounts]]\nexchange = "okx"\npolls = 2',
            "accounts[0]: polls 2 count in progress 'polled' only, and the pro",
        ),
        (
            "[exchanges.okx]\nskew_ms = 1e3",
            "exchanges.okx: exchange changes: option 'skew_ms' must be a whole number",
        ),
        (
            _PLANNED + '[[accounts.withdrawals.plans]]\nevent = "aprove"\nbefore = "cancel"',
            "accounts[0].withdrawals[0].plans[0]: there is no event 'aprove'; did you mean 'approve'?",
        ),
        (
            _PLANNED + '[[accounts.withdrawals.plans]]\nevent = "approve"',
            "accounts[0].withdrawals[0].plans[0]: a plan takes either 'before' or 'after', the name of an endpoint",
        ),
        (
            '[[exchanges.bybit.faults]]\nkind = "delay"',
            "exchanges.bybit.faults[0]: the fault 'delay' needs the option 'seconds'",
        ),
        (
            "[exchanges.bybit]\nfaults = 1",
            "exchanges.bybit: 'faults' must be an array of tables, written [[exchanges.bybit.faults]]",
        ),
        (
            '[exchanges.bybit.behavior]\ncancel.unknown_id = "SERVER_ERROR"',
            "exchanges.bybit: the behavior cancel.unknown_id has a dot in its name: put the name in quotes, "
            '"cancel.unknown_id" = ...',
        ),
        (
            '[[accounts]]\nexchange = "bybit"\nbehavior = { cancel.unknown_id = "SERVER_ERROR" }',
            "accounts[0]: the behavior cancel.unknown_id has a dot in its name: put the name in quotes, ",
        ),
        (
            _PLANNED + "plans = 5",
            "accounts[0].withdrawals[0]: 'plans' must be an array of tables, written [[accounts.withdrawals.plans]]",
        ),
    ],
)
def test_a_wrong_config_is_told_with_its_file_and_place(
    text: str, sentence: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    config = tmp_path / "config.toml"
    config.write_text(text)
    assert main(["serve", "--port", "0", "--config", str(config)]) == 2
    told = capsys.readouterr().err
    assert told.startswith(f"exchange-simulator: {config}: {sentence}")
    assert told.count("\n") == 1


@pytest.mark.parametrize(
    ("written", "expires_ms"),
    [
        ("2030-01-31T12:00:00Z", 1_896_091_200_000),
        ("2030-01-31T13:00:00.250+01:00", 1_896_091_200_250),
        ("2030-01-31 12:00:00", 1_896_091_200_000),
        ('"2030-01-31T12:00:00"', 1_896_091_200_000),
        ("1_896_091_200_000", 1_896_091_200_000),
    ],
)
def test_a_config_says_when_a_key_expires_as_toml_writes_moments(written: str, expires_ms: int, tmp_path: Path) -> None:
    """A moment without an offset is one of UTC."""
    file = tmp_path / "config.toml"
    file.write_text(f'[[accounts]]\nexchange = "okx"\nexpires = {written}\n[[accounts.keys]]\nexpires = {written}')
    [declared] = declare(Service(), file, {})
    assert [key.expires_ms for key in declared.opened.account.keys] == [expires_ms, expires_ms]


@pytest.mark.parametrize(
    ("written", "sentence"),
    [
        ("2030-01-31", "expires '2030-01-31' is a day without a time; say when on it, such as '2030-01-31T12:00:00Z'"),
        ("12:00:00", "expires '12:00:00' is neither ISO 8601, such as '2030-01-31T12:00:00Z', nor ms"),
    ],
)
def test_a_day_without_a_time_and_a_time_of_no_day_are_refused(written: str, sentence: str, tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_text(f'[[accounts]]\nexchange = "okx"\n[[accounts.keys]]\nexpires = {written}')
    with pytest.raises(Misuse) as told:
        declare(Service(), file, {})
    assert str(told.value) == f"{file}: accounts[0].keys[0]: {sentence}"


def test_a_config_declares_faults_of_calls_that_belong_to_no_account(tmp_path: Path) -> None:
    file, service = tmp_path / "config.toml", Service()
    file.write_text(
        '[[exchanges.bybit.faults]]\nkind = "delay"\nendpoint = "time"\nseconds = 2\n[exchanges.okx]\nfaults = []'
    )
    assert declare(service, file, {}) == []
    [fault] = service.worlds["bybit"].faults
    assert (fault.kind, fault.endpoint, fault.seconds) == ("delay", "time", 2)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only some systems have a file that is always full")
@pytest.mark.parametrize("unbuffered", ["", "1"], ids=["buffered", "unbuffered"])
@pytest.mark.parametrize(
    "command", [["facts"], ["demo"], ["serve", "--port", "0"], ["--help"], ["--version"]], ids=" ".join
)
def test_a_full_disk_behind_standard_output_is_one_sentence(command: list[str], unbuffered: str) -> None:
    environment = {**os.environ, "PYTHONUNBUFFERED": unbuffered}
    with Path("/dev/full").open("w") as full:
        ended = subprocess.run(
            [*COMMAND, *command],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            timeout=60,
            env=environment,
            check=False,
        )
    assert ended.returncode == 1
    assert ended.stderr == "exchange-simulator: standard output cannot be written: No space left on device\n"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only some systems have a file that is always full")
@pytest.mark.parametrize("unbuffered", ["", "1"], ids=["buffered", "unbuffered"])
@pytest.mark.parametrize(("command", "status"), [(["nope"], 2), (["--version"], 0), (["facts", "okx"], 0)])
def test_a_full_disk_behind_standard_error_changes_no_status(command: list[str], status: int, unbuffered: str) -> None:
    environment = {**os.environ, "PYTHONUNBUFFERED": unbuffered}
    with Path("/dev/full").open("w") as full:
        ended = subprocess.run(
            [*COMMAND, *command], stdout=subprocess.DEVNULL, stderr=full, timeout=60, env=environment, check=False
        )
    assert ended.returncode == status


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only some systems have a file that is always full")
@pytest.mark.parametrize("unbuffered", ["", "1"], ids=["buffered", "unbuffered"])
def test_serve_warns_and_logs_into_a_full_standard_error_and_goes_on(tmp_path: Path, unbuffered: str) -> None:
    ready = tmp_path / "ready.json"
    with Path("/dev/full").open("w") as full:
        process = subprocess.Popen(
            [*COMMAND, "serve", "--host", "0.0.0.0", "--port", "0", "--ready-file", str(ready)],
            stdout=subprocess.DEVNULL,
            stderr=full,
            env={**os.environ, "PYTHONUNBUFFERED": unbuffered},
        )
    try:
        while not ready.exists():
            assert process.poll() is None
        url = json.loads(ready.read_text())["url"]
        assert requests.get(url + "/v5/market/time", timeout=10).status_code == 200
        process.terminate()
        assert process.wait(60) == 0
    finally:
        process.kill()
        process.wait(60)


def test_the_warning_that_others_reach_it_is_a_line_of_the_log(tmp_path: Path) -> None:
    """So that `--log json` is JSON from its first line on."""
    warning = "warning: 0.0.0.0 can be reached from other machines, and /_control/ is open to whoever reaches it"
    for kind in ("text", "json"):
        running = Served(tmp_path / "ready.json", "--host", "0.0.0.0", "--log", kind)
        _, _, err = running.end(signal.SIGTERM)
        [line] = err.splitlines()
        assert (json.loads(line)["message"] if kind == "json" else line) == warning


def test_serve_goes_on_when_the_reader_of_its_output_has_left(tmp_path: Path) -> None:
    """As in `serve | head -n 1`: who has read the address wants to use it."""
    running = Served(tmp_path / "ready.json", "--state", str(tmp_path / "state.json"), count=1)
    assert running.process.stdout is not None
    running.process.stdout.close()
    running.process.stdout = None
    while not (tmp_path / "ready.json").exists():
        assert running.process.poll() is None
    url = json.loads((tmp_path / "ready.json").read_text())["url"]
    assert requests.get(url + "/_control/health", timeout=10).status_code == 200
    status, _, err = running.end(signal.SIGTERM)
    assert (status, err) == (0, "")
    assert len(json.loads((tmp_path / "state.json").read_text())["accounts"]) == len(exchanges)


def test_facts_without_a_standard_output_end_well(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdout", None)
    assert main(["facts", "okx"]) == 0
    sys.stdout.close()


def test_a_config_declares_time_races_and_faults(tmp_path: Path) -> None:
    config = tmp_path / "config.toml"
    config.write_text(
        """
        [exchanges.okx]
        skew_ms = -1500

        [[accounts]]
        exchange = "okx"
        progress = "polled"
        polls = 3
        delays = { "0" = 1.5 }

        [[accounts.withdrawals]]
        asset = "USDT"
        amount = "10"
        progress = "timed"
        delays = { "7" = 2 }

        [[accounts.withdrawals.plans]]
        event = "lose_race"
        after = "cancel"
        nth = 2

        [[accounts.faults]]
        kind = "stale_reads"
        steps = 2
        times = 4

        [[accounts]]
        exchange = "okx"
        skew_ms = 0
        """
    )
    service = Service()
    first, second = declare(service, config, {"progress": "timed"})
    account, (withdrawal,) = first.opened.account, first.withdrawals
    assert (account.progress, account.polls, account.delays, account.clock.skew_ms) == ("polled", 3, {"0": 1500}, -1500)
    assert (withdrawal.progress, withdrawal.delays) == ("timed", {"7": 2000})
    [plan] = withdrawal.plans
    assert (plan.event, plan.when, plan.endpoint, plan.nth) == ("lose_race", "after", "cancel", 2)
    [fault] = account.faults
    assert (fault.kind, fault.steps, fault.times) == ("stale_reads", 2, 4)
    assert (second.opened.account.progress, second.opened.account.clock.skew_ms) == ("timed", 0)


def test_a_config_that_is_not_there_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["serve", "--config", str(tmp_path / "no.toml")]) == 2
    assert capsys.readouterr().err.endswith("no.toml: cannot be read: No such file or directory\n")


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="only some systems have a file without an end")
def test_a_config_without_an_end_is_told_in_one_sentence() -> None:
    with pytest.raises(Misuse) as told:
        declare(Service(), Path("/dev/zero"), {})
    assert str(told.value) == "/dev/zero: has more than the 16777216 characters that are read; name a config file"


@pytest.mark.skipif(not Path("/dev/fd").exists(), reason="only some systems name what is open")
def test_a_config_may_come_from_a_pipe() -> None:
    """As in `serve --config <(...)`."""
    reader, writer = os.pipe()
    os.write(writer, b'[[accounts]]\nexchange = "okx"\nname = "piped"\n')
    os.close(writer)
    try:
        [declared] = declare(Service(), Path(f"/dev/fd/{reader}"), {})
    finally:
        os.close(reader)
    assert declared.opened.account.id == "okx-piped"


def test_a_config_may_begin_with_a_byte_order_mark(tmp_path: Path) -> None:
    config = tmp_path / "config.toml"
    config.write_bytes(b"\xef\xbb\xbf[exchanges.okx.behavior]\n")
    assert load(config) == {"exchanges": {"okx": {"behavior": {}}}}


def test_serve_says_that_its_config_declares_no_accounts(tmp_path: Path) -> None:
    config = tmp_path / "config.toml"
    config.write_text("")
    running = Served(tmp_path / "ready.json", "--config", str(config), count=0)
    ready = wait_for(running, tmp_path / "ready.json")
    status, out, _ = running.end(signal.SIGTERM)
    assert (status, ready["accounts"]) == (0, [])
    assert f"there are no accounts yet; make them with POST {ready['url']}/_control/accounts\n" in out


def settings(ready_file: Path, **changes: Any) -> Settings:
    asked: dict[str, Any] = {"host": "127.0.0.1", "port": 0, "tls_port": None, "config": None, "seed": 0}
    return Settings(**{**asked, "progress": "timed", "log": "text", "ready_file": ready_file, **changes})


def test_the_ready_file_of_an_earlier_run_is_gone_before_the_server_is_up(tmp_path: Path) -> None:
    ready = tmp_path / "ready.json"
    ready.write_text("{}")
    with pytest.raises(Misuse, match="cannot be read"):
        serve(settings(ready, config=tmp_path / "no.toml"))
    assert list(tmp_path.iterdir()) == []


def test_a_ready_file_has_the_mode_that_the_umask_leaves(tmp_path: Path) -> None:
    before = os.umask(0o027)
    try:
        files.write(tmp_path / "ready.json", "{}", "ready file")
    finally:
        os.umask(before)
    assert (tmp_path / "ready.json").stat().st_mode & 0o777 == 0o640


def test_a_ready_file_that_cannot_be_written_leaves_nothing_behind(tmp_path: Path) -> None:
    ready = tmp_path / "ready.json"
    ready.mkdir()
    with pytest.raises(Misuse, match=r"ready\.json' cannot be written: "):
        files.write(ready, "{}", "ready file")
    assert list(tmp_path.iterdir()) == [ready]
    with pytest.raises(Misuse, match=r"ready\.json' is a folder; name a file in it$"):
        serve(settings(ready))


@pytest.mark.parametrize("option", ["--ready-file", "--state"])
@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="only some systems have pipes among files")
def test_what_is_no_file_is_not_replaced_by_one(
    option: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Such as /dev/null, for whoever is root in a container."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    assert main(["serve", "--port", "0", option, str(pipe)]) == 2
    assert f" {str(pipe)!r} is a device, a pipe or a standard stream; name a file\n" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == [pipe]
    assert pipe.is_fifo()


def test_standard_output_is_no_ready_file_where_it_is_a_file_either(tmp_path: Path) -> None:
    log, link = tmp_path / "log", tmp_path / "stdout"
    link.symlink_to(log)
    with log.open("w") as output:
        command = [*COMMAND, "serve", "--port", "0", "--ready-file", str(link)]
        ended = subprocess.run(command, stdout=output, stderr=subprocess.PIPE, text=True, timeout=60, check=False)
    assert (ended.returncode, log.read_text()) == (2, "")
    assert "is a device, a pipe or a standard stream; name a file" in ended.stderr
    assert link.is_symlink()


def test_a_link_that_is_the_ready_file_stays_a_link(tmp_path: Path) -> None:
    ready, link = tmp_path / "ready.json", tmp_path / "link"
    ready.write_text("{}")
    link.symlink_to(ready)
    with pytest.raises(Misuse, match="cannot be read"):
        serve(settings(link, config=tmp_path / "no.toml"))
    assert list(tmp_path.iterdir()) == [link]


def test_a_server_that_fails_leaves_the_ready_file_of_the_one_that_runs(
    served: Served, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "ready.json"
    ready = wait_for(served, path)
    port = ready["url"].rpartition(":")[2]
    assert main(["serve", "--port", port, "--ready-file", str(path)]) == 2
    assert capsys.readouterr().err == (
        f"exchange-simulator: the ready file {str(path)!r} is in use by another process; "
        "stop that one or name another file\n"
    )
    assert json.loads(path.read_text()) == ready


@pytest.mark.parametrize(
    ("one", "other"), [("--ready-file", "--state"), ("--ready-file", "--config"), ("--state", "--config")]
)
@pytest.mark.parametrize("link", ["none", "symbolic", "hard"])
def test_a_file_that_is_named_for_two_purposes_is_refused_and_left_as_it_is(
    one: str, other: str, link: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = again = tmp_path / "precious"
    path.write_text("all I have")
    if link != "none":
        again = tmp_path / "link"
        again.symlink_to(path) if link == "symbolic" else again.hardlink_to(path)
    assert main(["serve", "--port", "0", one, str(path), other, str(again)]) == 2
    assert capsys.readouterr().err == (
        f"exchange-simulator: {one} {str(path)!r} and {other} {str(again)!r} are the same file; name two\n"
    )
    assert path.read_text() == "all I have"
