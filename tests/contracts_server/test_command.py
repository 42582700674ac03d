"""`exchange-contracts`: what it says, what it writes, and how it ends."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import pytest

from contracts.cli import main
from simulator import Simulator


@pytest.fixture(scope="module")
def server() -> Iterator[Simulator]:
    with Simulator() as running:
        yield running


def refused(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    """The one sentence with which the command refuses."""
    assert main([*arguments]) == 2
    told = capsys.readouterr().err
    assert told.startswith("exchange-contracts: ")
    assert told.count("\n") == 1
    return told.removeprefix("exchange-contracts: ").removesuffix("\n")


@pytest.fixture
def broken(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A folder of cases with one case that does not hold: it claims that a cancel answers status 2."""
    text = (Path("fixtures") / "bybit" / "cancel.json").read_text()
    folder = tmp_path / "fixtures" / "bybit"
    folder.mkdir(parents=True)
    document = json.loads(text)
    document["cases"] = [case for case in document["cases"] if case["id"] == "bybit-cancel-response-example"]
    document["cases"][0]["then"]["body"] = document["cases"][0]["then"]["body"].replace('"status":1', '"status":2')
    (folder / "cancel.json").write_text(json.dumps(document))
    monkeypatch.setattr("contracts.cases.fixtures", lambda: tmp_path / "fixtures")
    monkeypatch.setattr("contracts.precedence.fixtures", lambda: tmp_path / "fixtures")
    return tmp_path


def test_a_failure_says_the_claim_its_source_the_difference_and_how_to_ask_again(
    broken: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    scripts = broken / "scripts"
    assert main(["server", "--exchange", "bybit", "--parts", "cases", "--scripts", str(scripts)]) == 1
    told = capsys.readouterr().out
    assert told.startswith(
        "failed: bybit-cancel-response-example [doc]\n  Cancelling a withdrawal under security check"
    )
    assert (
        "  source: https://bybit-exchange.github.io/docs/v5/asset/withdraw/cancel-withdraw (Response Example)\n" in told
    )
    assert 'they agree up to \'{"retCode":0,"retMsg":"success","result":{"status":\'' in told
    assert (
        "\n  sent as: curl -sS -i -g --path-as-is -X POST -H 'Content-Type: application/json' -H 'X-BAPI-API-KEY: "
        in told
    )
    assert f"  again, signed anew: exchange-contracts replay {scripts}/bybit-cancel-response-example.json\n" in told
    assert "bybit                0/1" in told
    assert told.endswith("0 held, 1 failed, 0 disputed, 0 skipped (in process)\n")


def test_a_vector_that_fails_says_which_mistake_it_hunts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("simulator.exchanges.kraken.signing.matches", lambda *_: True)
    assert main(["server", "--exchange", "kraken", "--parts", "cases", "--scripts", str(tmp_path)]) == 1
    told = capsys.readouterr().out
    assert "failed: kraken-sign-hex-for-base64 [doc]\n" in told
    assert "\n  hunts: hex_for_base64\n" in told


def test_what_failed_is_replayed_in_process_and_over_http(
    broken: Path, server: Simulator, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["server", "--exchange", "bybit", "--parts", "cases", "--scripts", str(broken)])
    script = str(broken / "bybit-cancel-response-example.json")
    capsys.readouterr()
    assert main(["replay", script]) == 1
    told = capsys.readouterr().out
    assert "  2  withdrawal withdrawal: " in told
    assert (
        '     < 200 {"retCode":0,"retMsg":"success","result":{"status":1},"retExtInfo":{},"time":1700000000000}\n'
        in told
    )
    assert "\nbybit-cancel-response-example fails: body: expected " in told
    assert main(["replay", script, "--target", server.url]) == 1
    told = capsys.readouterr().out
    assert "     before: 200 " in told  # the time is another one
    assert "\nbybit-cancel-response-example fails: body: expected " in told


def test_a_script_that_is_none_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "script.json"
    assert refused(capsys, "replay", str(path)) == f"{path}: cannot be read: No such file or directory"
    path.write_text("{")
    assert refused(capsys, "replay", str(path)).startswith(f"{path}: is no script: ")


def test_reports_are_written_as_junit_and_json(
    broken: Path, server: Simulator, capsys: pytest.CaptureFixture[str]
) -> None:
    files = [str(broken / "deep" / name) for name in ("junit.xml", "outcomes.json", "record.jsonl")]
    options = [
        "--parts",
        "cases",
        "--scripts",
        str(broken),
        "--junit",
        files[0],
        "--json",
        files[1],
        "--record",
        files[2],
    ]
    assert main(["server", "--target", server.url, "--exchange", "bybit", *options]) == 1
    suite = ElementTree.parse(files[0]).getroot().find("testsuite")
    assert suite is not None
    assert suite.attrib.pop("time").replace(".", "", 1).isdigit()
    assert suite.attrib == {"name": "bybit", "tests": "1", "failures": "1", "errors": "0", "skipped": "0"}
    failure = suite.find("testcase/failure")
    assert failure is not None
    assert "they agree up to" in (failure.text or "")
    outcomes = json.loads(Path(files[1]).read_text())
    assert outcomes["counts"] == {"held": 0, "failed": 1, "disputed": 0, "skipped": 0}
    assert outcomes["outcomes"][0]["id"] == "bybit-cancel-response-example"
    (line,) = Path(files[2]).read_text().splitlines()
    record = json.loads(line)
    assert record["target"] == server.url
    assert record["steps"][-1]["target"] == "/v5/asset/withdraw/cancel"
    assert record["steps"][-1]["heard"].startswith('200 {"retCode":0,')


def test_only_what_is_well_known_is_held(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["server", "--exchange", "bybit", "--evidence", "doc,wild"]) == 0
    table = capsys.readouterr().out.splitlines()
    row = next(line for line in table if line.startswith("bybit")).split()
    assert row[2] == row[4] == row[5] == "-"
    assert row[1] != "-"
    assert row[3] != "-"


def test_only_harmless_claims_break_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["server", "--exchange", "bybit", "--only-harmless"]) == 0
    assert "machine" not in capsys.readouterr().out


def test_the_machine_alone_runs_by_seed(server: Simulator, capsys: pytest.CaptureFixture[str]) -> None:
    options = ["--parts", "machine", "--examples", "5", "--seed", "3"]
    assert main(["server", "--target", server.url, "--exchange", "bybit", *options]) == 0
    told = capsys.readouterr().out
    assert "\nskipped 1: the target cannot have its clock set\n" in told  # that is the rate limit's step
    assert told.endswith(f"1 held, 0 failed, 0 disputed, 1 skipped (over HTTP at {server.url})\n")


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (
            ["--evidence", "docs"],
            "--evidence knows no 'docs'; it takes doc, sdk, wild, inferred, unknown, separated by",
        ),
        (["--parts", "case"], "--parts knows no 'case'; it takes cases, order, machine, separated by commas"),
        (["--examples", "0"], "--examples 0 must be 1 or more"),
        (["--timeout", "0"], "--timeout 0 must be a number of seconds, above 0 and at most 3600"),
        (["--timeout", "nan"], "--timeout nan must be a number of seconds"),
        (
            ["--exchange", "bybit", "--evidence", "doc", "--parts", "machine"],
            "no claim is left to be held: --exchange, --evidence, --parts and --only-harmless exclude them all",
        ),
    ],
)
def test_options_that_make_no_sense_are_refused(
    arguments: list[str], sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert refused(capsys, "server", *arguments).startswith(sentence)


def test_a_report_that_cannot_be_written_is_told(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    options = ["--exchange", "bybit", "--parts", "cases", "--json", str(tmp_path / "file" / "below.json")]
    assert "below.json cannot be written: " in refused(capsys, "server", *options)


@pytest.mark.parametrize(
    "url",
    [
        "127.0.0.1:8080",
        "",
        "http://127.0.0.1:abc",
        "http://127.0.0.1:99999",
        "http://127.0.0.1:-5",
        "http://127.0.0.1:0",
        "http://[::1",
        "http://a..b",
        "http://two words",
    ],
)
def test_a_target_that_is_no_address_is_refused(url: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert "is not an address such as http://127.0.0.1:8080" in refused(capsys, "server", "--target", url)


def test_a_target_with_a_path_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    told = refused(capsys, "server", "--target", "http://127.0.0.1:8080/api")
    assert told.endswith("has more than a host and a port; exchanges answer at the root")
