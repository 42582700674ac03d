"""What is no exchange, or does not take the caller: one sentence that says what is wrong, status 2, and no hang.

Each with a control surface to be looked for (`--target`) and by a profile, for every exchange.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from servers import (
    DRIP,
    ENDLESS_BODY,
    ENDLESS_CHUNKS,
    ENDLESS_CONTINUE,
    ENDLESS_HEADER,
    ENDLESS_HEADERS,
    HALF,
    HTML,
    NO_HTTP,
    REDIRECT,
    SILENCE,
    answering,
)

from contracts.cli import main
from contracts.greeting import greet
from contracts.targets import TargetDown, connection
from contracts.targets.remote import Remote, Section
from contracts.targets.websocket import WebSocket
from contracts.wire import EXCHANGES, Exchange
from simulator import Simulator

FIRST = {
    "bybit": "GET /v5/asset/transfer/query-account-coins-balance",
    "okx": "GET /api/v5/asset/balances",
    "kraken": "POST /0/private/Balance",
    "alphapoint": "GET /AP/GetAccountPositions",
}
NAMES = {"bybit": "Bybit", "okx": "OKX", "kraken": "Kraken", "alphapoint": "AlphaPoint"}
CREDENTIALS = {
    "bybit": {"API_KEY": "key", "API_SECRET": "secret"},
    "okx": {"API_KEY": "key", "API_SECRET": "secret", "PASSPHRASE": "phrase"},
    "kraken": {"API_KEY": "key", "API_SECRET": "c2VjcmV0"},
    "alphapoint": {"API_KEY": "key", "API_SECRET": "secret", "USER_ID": "1", "ACCOUNT_ID": "7"},
}


@pytest.fixture(scope="module")
def server() -> Iterator[Simulator]:
    with Simulator() as running:
        yield running


@pytest.fixture(params=EXCHANGES)
def exchange(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Each exchange, with credentials of nobody in the environment."""
    name: str = request.param
    for part, value in CREDENTIALS[name].items():
        monkeypatch.setenv(f"EXCHANGE_CONTRACTS_{name.upper()}_{part}", value)
    return name


@pytest.fixture
def told(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Ask:
    return Ask(capsys, tmp_path / "profile.toml")


class Ask:
    """Runs the command against a url; what it says is one sentence, and its status is 2."""

    def __init__(self, capsys: pytest.CaptureFixture[str], profile: Path) -> None:
        self._capsys, self._profile = capsys, profile

    def by_target(self, url: str, *more: str) -> str:
        return self.sentence("--target", url, "--timeout", "0.2", *more)

    def by_profile(self, url: str, exchange: str, timeout: str = "0.2") -> str:
        self._profile.write_text(f'[{exchange}]\nurl = "{url}"\npace_s = 0\n')
        return self.sentence("--profile", str(self._profile), "--timeout", timeout)

    def sentence(self, *arguments: str) -> str:
        assert main(["server", *arguments]) == 2
        heard = self._capsys.readouterr()
        assert heard.err.count("\n") == 1
        assert heard.err.startswith("exchange-contracts: ")
        assert heard.out == ""
        return heard.err.removeprefix("exchange-contracts: ").removesuffix("\n")


ALIKE = {
    "closes half-way": (HALF, "{url} closed the connection before its answer was complete: IncompleteRead("),
    "no HTTP": (NO_HTTP, "{url} does not speak HTTP: BadStatusLine("),
    "hangs": (SILENCE, "{url} gave no answer within 0.2 s to {asked}"),
    "drips": (DRIP, "{url} gave no answer within 0.2 s to {asked}"),
    "endless chunks": (ENDLESS_CHUNKS, "{url} answered {asked} with more than 65536 bytes"),
    "endless body": (ENDLESS_BODY, "{url} answered {asked} with more than 65536 bytes"),
    "endless 100 Continue": (ENDLESS_CONTINUE, "{url} gave no answer within 0.2 s to {asked}"),
    "endless header lines": (ENDLESS_HEADERS, "{url} does not speak HTTP: HTTPException('got more than 100 headers')"),
    "an endless header line": (ENDLESS_HEADER, "{url} does not speak HTTP: LineTooLong("),
}
"""What is told in the same words with a control surface and without."""


@pytest.mark.parametrize(("answer", "sentence"), ALIKE.values(), ids=ALIKE)
def test_a_target_that_does_not_answer_in_order_is_told(
    answer: bytes, sentence: str, told: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection, "answer_limit", 65536)
    with answering(answer) as url:
        assert told.by_target(url).startswith(sentence.format(url=url, asked="GET /_control/health"))


@pytest.mark.parametrize(("answer", "sentence"), ALIKE.values(), ids=ALIKE)
def test_a_remote_that_does_not_answer_in_order_is_told(
    answer: bytes, sentence: str, exchange: str, told: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection, "answer_limit", 65536)
    with answering(answer) as url:
        expected = sentence.format(url=url, asked=FIRST[exchange])
        assert told.by_profile(url, exchange).startswith(expected)


def test_a_target_that_is_down_is_told(told: Ask) -> None:
    assert told.by_target("http://127.0.0.1:1").startswith("http://127.0.0.1:1 does not answer: ")


def test_a_remote_that_is_down_is_told(exchange: str, told: Ask) -> None:
    assert told.by_profile("http://127.0.0.1:1", exchange).startswith("http://127.0.0.1:1 does not answer: ")


@pytest.mark.parametrize(
    ("answer", "found"),
    [
        (HTML, "GET /_control/health answered 200, text/html"),
        (REDIRECT, "it redirects to https://elsewhere.example/"),
    ],
    ids=["html", "redirect"],
)
def test_a_target_without_a_control_surface_is_told(answer: bytes, found: str, told: Ask) -> None:
    with answering(answer) as url:
        expected = f"{url} has no control surface ({found}); for a server without one give --profile FILE"
        assert told.by_target(url) == expected


def test_a_remote_that_speaks_html_is_not_told_as_wrong_credentials(exchange: str, told: Ask) -> None:
    with answering(HTML) as url:
        expected = f"{FIRST[exchange]} was answered 200, text/html, '<html>hi</html>'"
        assert told.by_profile(url, exchange) == f"{url} does not answer as {NAMES[exchange]} does: {expected}"


def test_a_remote_that_redirects_is_told_with_where_it_leads(exchange: str, told: Ask) -> None:
    with answering(REDIRECT) as url:
        expected = f"redirects {FIRST[exchange]} to https://elsewhere.example/: the profile must name the exchange's"
        assert told.by_profile(url, exchange) == f"{url} {expected} own address"


def http(status: str, body: str, kind: str = "application/json") -> bytes:
    return f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n\r\n{body}".encode()


ANSWERS = {
    "bybit": http("200 OK", '{"retCode":10001,"retMsg":"Request parameter error.","result":{}}'),
    "okx": http("404 Not Found", '{"msg":"Invalid request","code":"50404"}'),
    "kraken": http("200 OK", '{"error":["EGeneral:Unknown method"]}'),
    "alphapoint": http("404 Not Found", "NOT FOUND", "text/plain"),
}
"""What each answers to a path that is none of its own."""


@pytest.mark.parametrize("other", EXCHANGES)
def test_another_exchange_behind_the_url_is_told(other: str, exchange: str, told: Ask) -> None:
    with answering(ANSWERS[other]) as url:
        sentence = told.by_profile(url, exchange)
        if other == exchange:
            assert "does not answer as" not in sentence
            return
        assert sentence.startswith(f"{url} does not answer as {NAMES[exchange]} does: {FIRST[exchange]} was answered ")
        assert sentence.endswith(f", as {NAMES[other]} would")


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("bybit", '{"retCode":0,"retMsg":"success","result":null}'),
        ("bybit", '{"retCode":0,"retMsg":"success","result":[]}'),
        ("okx", '{"code":"0","msg":"","data":[7]}'),
        ("kraken", '{"error":[]}'),
        ("kraken", '{"error":[],"result":null}'),
        ("alphapoint", "[7]"),
        ("alphapoint", '{"result":true,"errormsg":null,"errorcode":0,"detail":null}'),
    ],
)
def test_a_success_without_anything_that_could_be_a_balance_is_told(
    name: str, body: str, told: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    for part, value in CREDENTIALS[name].items():
        monkeypatch.setenv(f"EXCHANGE_CONTRACTS_{name.upper()}_{part}", value)
    with answering(http("200 OK", body)) as url:
        expected = f"{FIRST[name]} was answered 200, application/json, {body[:80]!r}"
        assert told.by_profile(url, name).startswith(f"{url} does not answer as {NAMES[name]} does: {expected}")


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("bybit", '{"retCode":0,"retMsg":"success","result":{"balance":null}}'),
        ("okx", '{"code":"0","msg":"","data":[]}'),
        ("kraken", '{"error":[],"result":{}}'),
        ("alphapoint", "[]"),
    ],
)
def test_an_account_that_holds_nothing_is_greeted(name: Exchange, body: str) -> None:
    credentials = {f"EXCHANGE_CONTRACTS_{name.upper()}_{part}": value for part, value in CREDENTIALS[name].items()}
    with (
        answering(http("200 OK", body)) as url,
        closing(Remote(name, Section(url=url, pace_s=0), credentials)) as remote,
    ):
        greet(remote, name)


REFUSALS = {
    ("bybit", "API_KEY"): "10003 API key is invalid.",
    ("bybit", "API_SECRET"): "10004 error sign! origin_string[",
    ("okx", "API_KEY"): "50111 Invalid OK-ACCESS-KEY",
    ("okx", "API_SECRET"): "50113 Invalid Sign",
    ("okx", "PASSPHRASE"): "50105 Request header OK-ACCESS-PASSPHRASE incorrect.",
    ("kraken", "API_KEY"): "EAPI:Invalid key",
    ("kraken", "API_SECRET"): "EAPI:Invalid signature",
    ("alphapoint", "API_KEY"): "404 NOT FOUND",
    ("alphapoint", "API_SECRET"): "404 NOT FOUND",
    ("alphapoint", "USER_ID"): "404 NOT FOUND",
    ("alphapoint", "ACCOUNT_ID"): "20 Not Authorized",
}


@pytest.mark.parametrize(("name", "wrong"), REFUSALS, ids=[f"{name}-{wrong}" for name, wrong in REFUSALS])
def test_wrong_credentials_are_told_in_the_exchanges_words_with_what_to_look_at(
    name: str, wrong: str, server: Simulator, told: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    account = server.exchange(name).account()
    start = f"EXCHANGE_CONTRACTS_{name.upper()}_"
    for part in CREDENTIALS[name]:
        monkeypatch.setenv(start + part, str(account.credentials[part.lower()]))
    monkeypatch.setenv(start + wrong, CREDENTIALS[name][wrong])
    sentence = told.by_profile(server.url, name, timeout="10")
    refusal = REFUSALS[name, wrong]
    assert sentence.startswith(f"{server.url} does not take the credentials for {name}: {refusal}")
    assert start + wrong in sentence.partition("; are ")[2]
    assert sentence.endswith(" right?")


@pytest.mark.parametrize(("name", "part"), [(name, part) for name, parts in CREDENTIALS.items() for part in parts])
def test_missing_credentials_are_named(name: str, part: str, told: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    start = f"EXCHANGE_CONTRACTS_{name.upper()}_"
    for other, value in CREDENTIALS[name].items():
        monkeypatch.setenv(start + other, value)
    monkeypatch.delenv(start + part)
    expected = f"credentials come from the environment only: {start}{part} is not set"
    assert told.by_profile("http://127.0.0.1:1", name) == expected


@pytest.mark.parametrize(
    ("name", "part", "value", "sentence"),
    [
        ("kraken", "API_SECRET", "secret!", "no request can be signed with EXCHANGE_CONTRACTS_KRAKEN_API_KEY and "),
        ("bybit", "API_KEY", "key\n", "EXCHANGE_CONTRACTS_BYBIT_API_KEY has white space or a line break in it"),
        ("okx", "PASSPHRASE", " phrase", "EXCHANGE_CONTRACTS_OKX_PASSPHRASE has white space or a line break in it"),
        ("alphapoint", "ACCOUNT_ID", "a b", "EXCHANGE_CONTRACTS_ALPHAPOINT_ACCOUNT_ID 'a b' must be a whole number"),
    ],
)
def test_credentials_that_cannot_be_right_are_told(
    name: str, part: str, value: str, sentence: str, told: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    for other, right in CREDENTIALS[name].items():
        monkeypatch.setenv(f"EXCHANGE_CONTRACTS_{name.upper()}_{other}", right)
    monkeypatch.setenv(f"EXCHANGE_CONTRACTS_{name.upper()}_{part}", value)
    with answering(HTML) as url:
        assert told.by_profile(url, name).startswith(sentence)


def test_a_server_that_refuses_for_another_reason_is_quoted(told: Ask, exchange: str) -> None:
    quoted = {
        "bybit": (http("200 OK", '{"retCode":10010,"retMsg":"Unmatched IP"}'), "10010 Unmatched IP"),
        "okx": (
            http("503 No", '{"msg":"Service temporarily unavailable","code":"50001"}'),
            "50001 Service temporarily unavailable",
        ),
        "kraken": (http("200 OK", '{"error":["EService:Unavailable"]}'), "EService:Unavailable"),
        "alphapoint": (
            http("200 OK", '{"result":false,"errormsg":"Server Error","errorcode":102,"detail":null}'),
            "102 Server Error",
        ),
    }
    answer, refusal = quoted[exchange]
    with answering(answer) as url:
        expected = f"{url} refuses the first call for {exchange}, {FIRST[exchange]}: {refusal}"
        assert told.by_profile(url, exchange) == expected


_LATE = "invalid request, please check your server timestamp or recv_window param"


@pytest.mark.parametrize(
    ("exchange", "answer", "refusal"),
    [
        (
            "bybit",
            http("200 OK", f'{{"retCode":10002,"retMsg":"{_LATE}"}}'),
            f"10002 {_LATE}; the clock here is not that of the exchange",
        ),
        (
            "okx",
            http("401 No", '{"msg":"Timestamp request expired","code":"50102"}'),
            "50102 Timestamp request expired; the clock here is not that of the exchange",
        ),
        (
            "kraken",
            http("200 OK", '{"error":["EAPI:Invalid nonce"]}'),
            "EAPI:Invalid nonce; nonces go up in milliseconds here, the key has seen a higher one; take another",
        ),
    ],
    indirect=["exchange"],
)
def test_what_ails_a_caller_whose_times_are_refused_is_told(
    exchange: str, answer: bytes, refusal: str, told: Ask
) -> None:
    with answering(answer) as url:
        assert told.by_profile(url, exchange).endswith(f": {refusal}")


BROKEN = {
    "no JSON": ("{", "bybit/cancel.json: Input data was truncated"),
    "unknown member": ('{"exchange":"bybit","cases":[{"name":"x"}]}', "bybit/cancel.json: Object contains unknown"),
    "not UTF-8": ("\udcff", "bybit/cancel.json: "),
}


@pytest.fixture
def cases(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of cases of Bybit, with nothing in it yet."""
    (tmp_path / "fixtures" / "bybit").mkdir(parents=True)
    monkeypatch.setattr("contracts.cases.fixtures", lambda: tmp_path / "fixtures")
    monkeypatch.setattr("contracts.precedence.fixtures", lambda: tmp_path / "fixtures")
    return tmp_path / "fixtures" / "bybit"


@pytest.mark.parametrize(("text", "sentence"), BROKEN.values(), ids=BROKEN)
@pytest.mark.parametrize("profile", [False, True], ids=["target", "profile"])
def test_a_broken_case_file_is_told_by_name(
    text: str, sentence: str, profile: bool, cases: Path, server: Simulator, told: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    (cases / "cancel.json").write_bytes(text.encode("utf-8", "surrogateescape"))
    if profile:
        account = server.bybit.account()
        monkeypatch.setenv("EXCHANGE_CONTRACTS_BYBIT_API_KEY", account.api_key)
        monkeypatch.setenv("EXCHANGE_CONTRACTS_BYBIT_API_SECRET", account.api_secret)
        assert told.by_profile(server.url, "bybit", timeout="10").startswith(sentence)
    else:
        assert told.sentence("--target", server.url, "--exchange", "bybit").startswith(sentence)


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        ({"body": '{"id":"«wdid»"}'}, 'nothing fills the hole «wdid» in \'{"id":"«wdid»"}\'; known are api_key, '),
        ({"signed": "backwards"}, "bybit is not signed 'backwards'; known are right, wrong, not, "),
    ],
    ids=["hole", "mistake"],
)
def test_a_case_that_cannot_be_asked_is_told_with_its_file(
    call: dict[str, str], sentence: str, cases: Path, told: Ask
) -> None:
    case = {
        "id": "bybit-cancel-odd",
        "description": "A case that nobody can ask.",
        "source": "nowhere at all",
        "evidence": "doc",
        "harmless_on_a_live_account": True,
        "when": {"call": {"method": "POST", "target": "/v5/asset/withdraw/cancel", **call}},
        "then": {"body": "{}"},
    }
    (cases / "cancel.json").write_text(json.dumps({"exchange": "bybit", "cases": [case]}))
    heard = told.sentence("--exchange", "bybit")
    assert heard.startswith(f"bybit/cancel.json: bybit-cancel-odd: {sentence}")


def test_a_hole_that_an_answer_does_not_know_is_told_with_its_file(cases: Path, told: Ask) -> None:
    case = {
        "id": "bybit-cancel-odd",
        "description": "A case whose answer has an unknown hole.",
        "source": "nowhere at all",
        "evidence": "doc",
        "harmless_on_a_live_account": True,
        "when": {"call": {"method": "POST", "target": "/v5/asset/withdraw/cancel"}},
        "then": {"body": "{«milliseconds»}"},
    }
    (cases / "cancel.json").write_text(json.dumps({"exchange": "bybit", "cases": [case]}))
    expected = "bybit/cancel.json: bybit-cancel-odd: «milliseconds» in '{«milliseconds»}' is no hole; known are "
    assert told.sentence("--exchange", "bybit").startswith(expected)


def test_a_rule_that_cannot_be_broken_is_told_with_its_file(cases: Path, told: Ask) -> None:
    rules = {
        "exchange": "bybit",
        "call": {"method": "POST", "target": "/v5/asset/withdraw/cancel", "body": "no JSON"},
        "then": {},
        "rules": [
            {
                "id": "id-is-needed",
                "says": "the id is needed",
                "source": "nowhere at all",
                "order": "doc",
                "breaks": {"fields": {"id": None}},
                "then": {},
            }
        ],
    }
    (cases / "precedence.json").write_text(json.dumps(rules))
    expected = "bybit/precedence.json: bybit-order-id-is-needed: a part of the body is changed that is no JSON"
    assert told.sentence("--exchange", "bybit", "--parts", "order").startswith(expected)


@pytest.mark.parametrize("answer", [SILENCE, DRIP], ids=["silence", "drip"])
def test_a_websocket_that_never_opens_is_given_up(answer: bytes) -> None:
    with answering(answer) as url:
        here = connection.Connection(url, timeout_s=0.2)
        with pytest.raises(TargetDown, match=r"/WSGateway/ (does not open within|does not speak WebSocket)"):
            WebSocket(here, "/WSGateway/")


def test_a_target_whose_answer_is_deeper_than_can_be_read_is_told(exchange: str, told: Ask) -> None:
    body = b"[" * 200_000
    head = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n" % len(body)
    with answering(head + body) as url:
        found = "GET /_control/health answered 200, application/json"
        expected = f"{url} has no control surface ({found}); for a server without one give --profile FILE"
        assert told.by_target(url, "--exchange", exchange) == expected
        expected = f"{FIRST[exchange]} was answered 200, application/json, '{'[' * 80}'"
        said = told.by_profile(url, exchange)
        assert said == f"{url} does not answer as {NAMES[exchange]} does: {expected}"
