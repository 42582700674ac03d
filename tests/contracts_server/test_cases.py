"""Every case holds against the simulator, in process and over HTTP; and tests of the cases themselves."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import jsonschema
import pytest

from contracts import files, precedence
from contracts.cases import Case, fixtures, load, precedence_files, schema
from contracts.cli import main
from contracts.dialects import DIALECTS
from contracts.holes import BrokenCase, fill, pattern
from contracts.runner import hold
from contracts.targets import Target
from contracts.targets.in_process import InProcess
from contracts.targets.over_http import OverHttp
from simulator import Simulator
from simulator.service.listed import exchanges

CASES = list(load())
RULES = sorted(fixtures().glob(f"*/{precedence_files}"))
FILES = sorted(set(fixtures().glob("*/*.json")) - set(RULES))


@pytest.fixture(scope="module")
def server() -> Iterator[Simulator]:
    with Simulator() as running:
        yield running


@pytest.fixture(params=["in process", "over HTTP"])
def target(request: pytest.FixtureRequest) -> Iterator[Target]:
    here: Target
    here = InProcess() if request.param == "in process" else OverHttp(request.getfixturevalue("server").url)
    yield here
    here.close()


@pytest.mark.parametrize(("exchange", "case"), CASES, ids=[case.id for _, case in CASES])
def test_the_simulator_answers_as_the_case_says(exchange: str, case: Case, target: Target) -> None:
    outcome = hold(exchange, case, target)
    if case.needs() - target.can:
        assert outcome.status == "skipped"
    elif case.disputed_by is None:
        assert outcome.status == "held", outcome.difference
    else:
        # A disputed case that holds is no longer disputed by this server: its mark must go.
        assert outcome.status == "disputed"
        assert outcome.difference


@pytest.mark.parametrize(
    "file", list(precedence.load()), ids=lambda file: file.exchange + (file.name and "-" + file.name)
)
def test_of_two_checks_that_fail_the_earlier_one_answers(file: precedence.RuleFile, target: Target) -> None:
    outcomes = [hold(file.exchange, case, target) for case in precedence.cases(file)]
    assert len(outcomes) > len(file.rules) + 1  # there are pairs
    assert not [(one.case.id, one.difference) for one in outcomes if one.status not in ("held", "skipped")]
    skipped = {one.case.id for one in outcomes if one.status == "skipped" and one.case.needs() <= target.can}
    assert skipped == {one.case.id for one in outcomes if one.case.undecided and one.case.needs() <= target.can}


def test_what_is_harmless_proves_who_asks_and_creates_nothing_on_a_doubtful_claim() -> None:
    """Wrong proofs lock accounts and addresses out, and on Kraken a nonce of tomorrow locks a key out for ever.

    A creation is harmless only where it is known to be refused; somebody's tickets and sessions are left alone.
    """
    for exchange, case in CASES:
        if not case.harmless_on_a_live_account:
            continue
        calls = (
            *case.given.calls,
            *filter(None, [case.when.call]),
            *(look.call for look in (*case.then.meanwhile, *case.then.afterwards) if look.call is not None),
        )
        for call in calls:
            assert call.signed in ("right", "not"), case.id
            private = exchange == "kraken" and "/private/" in call.target.lower()
            assert not private or call.signed == "right", case.id
            assert not private or "/private/" not in call.target or "«nonce»" in call.body, case.id
            basic = "Basic" in call.headers.get("Authorization", "")
            assert not basic or "accounts" in case.needs(), case.id  # of an account whose password is the case's
            assert "CreateWithdrawTicket" not in call.target or call.method == "GET" or not call.body, case.id
            assert "UpdateWithdrawTicket" not in call.target or case.given.account, case.id
            assert "logout" not in call.target.lower(), case.id
            creates = any(word in call.target for word in ("withdraw/create", "asset/withdrawal?"))
            creates = creates or call.target in ("/api/v5/asset/withdrawal", "/0/private/Withdraw")
            assert not creates or call.method == "GET" or case.evidence in ("doc", "wild"), case.id
        assert not [frame for frame in case.when.frames or () if '"op":"login"' in frame], case.id


def test_on_bybit_and_okx_what_is_harmless_asks_for_no_withdrawal_and_makes_no_wrong_proof() -> None:
    """What a creation lacks, another server may not miss; and nobody says how many wrong proofs a key survives."""
    for exchange, case in CASES:
        if exchange not in ("bybit", "okx") or not case.harmless_on_a_live_account:
            continue
        calls = [*case.given.calls, *filter(None, [case.when.call]), *(look.call for look in case.then.afterwards)]
        for call in calls:
            creates = call.method == "POST" and call.target.endswith(
                ("/create", "/withdrawal", "/withdrawal-lightning")
            )
            assert not creates, case.id
            assert call.signed in ("right", "not"), case.id
            assert call.offset_ms == 0, case.id
            assert not call.changed, case.id
            assert not any(word in name.lower() for name in call.headers for word in ("sign", "api-key", "access")), (
                case.id
            )
        assert not any('"login"' in frame for frame in case.when.frames or []), case.id


def test_ids_are_unique_and_begin_with_the_exchange() -> None:
    ids = [case.id for _, case in CASES]
    assert len(ids) == len(set(ids))
    assert all(case.id.startswith(exchange + "-") for exchange, case in CASES)


def test_descriptions_are_in_the_indicative_and_unique() -> None:
    descriptions = [case.description for _, case in CASES]
    assert len(descriptions) == len(set(descriptions))
    assert not [text for text in descriptions if "should" in text.lower().split()]


def test_every_exchange_has_cases_and_a_dialect() -> None:
    names = {exchange.name for exchange in exchanges}
    assert {exchange for exchange, _ in CASES} == names
    assert set(DIALECTS) == names


def test_the_schema_file_is_the_one_of_the_types() -> None:
    assert json.loads((fixtures() / "schema.json").read_text()) == schema()
    assert json.loads((fixtures() / "precedence.schema.json").read_text()) == precedence.schema()
    assert json.loads((fixtures() / "report.schema.json").read_text()) == files.schema()


@pytest.mark.parametrize("path", FILES + RULES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_a_case_file_fits_the_schema_and_its_folder(path: Path) -> None:
    document = json.loads(path.read_text())
    jsonschema.validate(document, precedence.schema() if path in RULES else schema())
    assert document["exchange"] == path.parent.name


def test_an_unknown_field_in_a_case_is_refused_with_the_file_and_the_place(tmp_path: Path) -> None:
    folder = tmp_path / "bybit"
    folder.mkdir()
    (folder / "broken.json").write_text('{"exchange": "bybit", "cases": [], "extra": 1}')
    with pytest.raises(BrokenCase, match=r"bybit/broken\.json: .*`extra`"):
        list(load(root=tmp_path))


def test_a_hole_without_a_value_is_refused_by_name() -> None:
    with pytest.raises(BrokenCase, match="«nothing»"):
        fill("a «nothing» b", {"withdrawal": "1"})
    with pytest.raises(BrokenCase, match="«nothing»"):
        pattern("a «nothing» b", {})


def test_a_hole_with_a_value_stands_for_exactly_that_value() -> None:
    assert pattern('{"id":"«withdrawal»","time":«ms»}', {"withdrawal": "12"}).fullmatch(
        '{"id":"12","time":1700000000000}'
    )
    assert not pattern('{"id":"«withdrawal»"}', {"withdrawal": "12"}).fullmatch('{"id":"13"}')


def test_a_wrong_answer_fails_and_says_where_it_differs(monkeypatch: pytest.MonkeyPatch) -> None:
    exchange, case = next((name, case) for name, case in CASES if case.id == "bybit-cancel-response-example")
    monkeypatch.setattr(case.then, "body", case.then.body.replace('"status":1', '"status":2'))
    outcome = hold(exchange, case, InProcess())
    assert outcome.status == "failed"
    assert 'they agree up to \'{"retCode":0,"retMsg":"success","result":{"status":\'' in outcome.difference


def test_of_a_long_answer_only_the_place_where_it_parts_is_pointed_out(monkeypatch: pytest.MonkeyPatch) -> None:
    exchange, case = next((name, case) for name, case in CASES if case.id == "alphapoint-cancel-status-by-ticket")
    monkeypatch.setattr(case.then, "body", case.then.body.replace('"Status":"UserCanceled"', '"Status":11'))
    told = hold(exchange, case, InProcess()).difference.splitlines()[-1]
    assert told.startswith("  they agree up to ... ")
    assert told.endswith(""""Status":', then comes '"UserCanceled","FeeAmt":0.0002,"UpdatedB'""")


def test_a_member_that_an_answer_lacks_cannot_be_kept_and_the_case_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    exchange, case = next((name, case) for name, case in CASES if case.id == "alphapoint-gateway-session-token")
    monkeypatch.setattr(case.given.calls[0], "keeps", {"token": "Token"})
    told = hold(exchange, case, InProcess()).difference
    assert told.startswith('it could not be prepared: there is no Token in 200 {"Authenticated":true,')


def test_a_socket_that_ought_to_break_and_does_not_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    exchange, case = next(
        (name, case) for name, case in CASES if case.id == "alphapoint-cancel-answer-lost-on-a-socket"
    )
    monkeypatch.setattr(case.given, "faults", [])
    assert hold(exchange, case, InProcess()).difference.startswith("the connection was to break, but it did not, and [")


def test_a_wrong_status_and_a_wrong_header_fail(monkeypatch: pytest.MonkeyPatch) -> None:
    exchange, case = next((name, case) for name, case in CASES if case.id == "bybit-cancel-response-example")
    monkeypatch.setattr(case.then, "headers", {"Content-Type": "text/html"})
    assert hold(exchange, case, InProcess()).difference.startswith("header Content-Type: expected text/html, got app")
    monkeypatch.setattr(case.then, "status", 418)
    assert hold(exchange, case, InProcess()).difference.startswith("status: expected 418, got 200")


def test_the_command_holds_every_case_and_exits_with_zero(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["server", "--exchange", "bybit", "--parts", "cases"]) == 0
    mine = [case for exchange, case in CASES if exchange == "bybit"]
    disputed = sum(case.disputed_by is not None for case in mine)
    counts = f"{len(mine) - disputed} held, 0 failed, {disputed} disputed, 0 skipped"
    assert capsys.readouterr().out.endswith(f"{counts} (in process)\n")
