"""The journal on every surface: the control surface, JSON Lines, Python here and at a remote server, the log."""

from __future__ import annotations

import contextlib
import json
import logging
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from contracts.dialects import bybit, okx
from contracts.wire import HttpCall
from simulator import Reply, Request, Simulator, logs
from simulator.core.journal import Entry
from simulator.core.misuse import Misuse, NotThere
from simulator.plugin import documents
from simulator.plugin.remote import RemoteSimulator
from simulator.server import control

JSON = (("Content-Type", "application/json"),)
CANCEL = "/v5/asset/withdraw/cancel"


def send(
    simulator: Simulator, account: Any, body: bytes = b'{"id":"1"}', *, path: str = CANCEL, secret: str = ""
) -> None:
    """A cancel call of this account, signed with its own secret or with another one."""
    credentials = {**account.credentials, **({"api_secret": secret} if secret else {})}
    method = "GET" if "query" in path else "POST"
    signed = bybit.signed(
        HttpCall(method, path, JSON, b"" if method == "GET" else body), credentials, now_ms(simulator)
    )
    simulator.answer(Request(signed.method, signed.target, signed.headers, signed.body))


def now_ms(simulator: Simulator) -> int:
    return simulator.service.clock.now_ns() // 1_000_000


def ask(simulator: Simulator, path: str, accept: str = "") -> Any:
    headers = (("Accept", accept),) if accept else ()
    return control.answer(simulator.service, "http://here", Request("GET", control.root + path, headers))


# --- the document -----------------------------------------------------------------------------------------------------


def test_an_entry_has_the_check_in_words_and_the_diagnosis_of_a_signature() -> None:
    simulator = Simulator()
    account = simulator.bybit.account("a", api_key="key", api_secret="hush-hush")
    send(simulator, account, secret="hush-hush\n")
    [entry] = json.loads(ask(simulator, "accounts/bybit-a/journal").body)["entries"]
    refused = entry["refused"]
    assert list(refused) == ["condition", "check", "row", "because", "diagnosis"]
    assert (refused["condition"], refused["row"]) == ("auth.wrong_signature", "SIGNATURE_WRONG")
    assert refused["check"] == "the signature is another one"
    diagnosis = refused["diagnosis"]
    assert list(diagnosis) == ["signed", "expected", "received", "mistake"]
    assert diagnosis["signed"].endswith('key5000{"id":"1"}')
    assert diagnosis["mistake"] == "the secret has white space at its ends"
    assert (entry["unread"], entry["near_misses"]) == ([], [])
    assert "hush-hush" not in json.dumps(entry)


def test_a_supplied_secret_that_came_as_a_signature_is_masked_in_the_diagnosis() -> None:
    simulator = Simulator()
    simulator.bybit.account("a", api_key="key", api_secret="hush-hush")
    headers = (
        ("X-BAPI-API-KEY", "key"),
        ("X-BAPI-TIMESTAMP", str(now_ms(simulator))),
        ("X-BAPI-SIGN", "hush-hush"),
    )
    simulator.answer(Request("POST", CANCEL, headers, b'{"id":"hush-hush"}'))
    [entry] = json.loads(ask(simulator, "accounts/bybit-a/journal").body)["entries"]
    assert entry["refused"]["diagnosis"]["received"] == "***"
    assert entry["refused"]["diagnosis"]["signed"].endswith('key{"id":"***"}')
    assert "hush-hush" not in json.dumps(entry)


def test_near_misses_and_unread_fields_stand_in_the_document() -> None:
    simulator = Simulator()
    account = simulator.bybit.account("a")
    send(simulator, account, b'{"withdrawId":"1"}')
    [entry] = json.loads(ask(simulator, "accounts/bybit-a/journal").body)["entries"]
    assert entry["unread"] == ["withdrawId"]
    simulator.answer(Request("GET", CANCEL))
    [entry] = json.loads(ask(simulator, "exchanges/bybit/journal").body)["entries"]
    assert entry["near_misses"] == [
        {"exchange": "bybit", "endpoint": "cancel", "method": "POST", "path": CANCEL, "why": "takes POST, not GET"}
    ]


def test_a_path_that_no_exchange_has_is_answered_with_the_nearest_endpoint() -> None:
    simulator = Simulator()
    reply = simulator.answer(Request("GET", "/asset/withdrawal-history"))
    assert json.loads(reply.body)["detail"] == (
        "no exchange has the path '/asset/withdrawal-history'; paths begin with /v5/, /api/v5/, /ws/v5/, /0/, /ap/, "
        "/wsgateway/ or /_control/; nearest is "
        "okx list GET /api/v5/asset/withdrawal-history (the path begins with /api/v5)"
    )


# --- JSON Lines -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("accept", ["application/x-ndjson", "text/html, Application/X-NDJSON;q=0.9"])
def test_the_journal_comes_as_json_lines_for_who_asks_for_them(accept: str) -> None:
    simulator = Simulator()
    account = simulator.bybit.account("a", api_secret="hush-hush")
    for body in (b'{"id":"1"}', '{"id":"é\\u2028"}'.encode(), b"hush-hush"):
        send(simulator, account, body)
    simulator.answer(Request("GET", "/v5/nothing"))
    for path, count in (("accounts/bybit-a/journal", 3), ("exchanges/bybit/journal", 1)):
        reply = ask(simulator, path, accept)
        assert (reply.status, reply.headers) == (200, (("Content-Type", "application/x-ndjson"),))
        lines = reply.body.split(b"\n")
        assert lines.pop() == b""
        document = json.loads(ask(simulator, path).body)
        assert [json.loads(line) for line in lines] == document["entries"]
        assert len(lines) == count
        assert b"hush-hush" not in reply.body


@pytest.mark.parametrize("accept", ["", "*/*", "application/json", "application/*"])
def test_it_comes_as_one_document_for_everybody_else(accept: str) -> None:
    simulator = Simulator()
    simulator.bybit.account("a")
    reply = ask(simulator, "accounts/bybit-a/journal", accept)
    assert json.loads(reply.body) == {"entries": [], "dropped": 0, "count": 0}


def test_a_journal_without_entries_is_no_line() -> None:
    simulator = Simulator()
    simulator.bybit.account("a")
    assert ask(simulator, "accounts/bybit-a/journal", "application/x-ndjson").body == b""


def test_the_journal_of_a_deleted_account_is_gone_and_the_answer_says_so() -> None:
    simulator = Simulator()
    simulator.bybit.account("a").delete()
    simulator.bybit.account("b")
    for accept in ("", "application/x-ndjson"):
        reply = ask(simulator, "accounts/bybit-a/journal", accept)
        assert reply.status == 404
        assert json.loads(reply.body)["detail"] == (
            "a journal goes with its account, and there is no account 'bybit-a'; did you mean 'bybit-b'?"
        )


# --- Python, here and remote ------------------------------------------------------------------------------------------


@pytest.fixture(params=["here", "remote"])
def opened(request: pytest.FixtureRequest, simulator: Simulator) -> Callable[..., Any]:
    """Makes an account of bybit, of this simulator or of the same one asked over its control surface."""
    maker: Any = simulator if request.param == "here" else RemoteSimulator(simulator.url).start()
    make: Callable[..., Any] = maker.bybit.account
    return make


def test_calls_counts_order_and_the_last_request(simulator: Simulator, opened: Callable[..., Any]) -> None:
    account = opened()
    withdrawal = account.withdrawal("USDT", "10")
    assert account.calls == []
    send(simulator, account, path="/v5/asset/withdraw/query-record")
    send(simulator, account, b'{"id":"%s"}' % withdrawal.id.encode())
    send(simulator, account, b'{"id":"%s"}' % withdrawal.id.encode())
    assert account.calls == ["list", "cancel", "cancel"]
    assert account.calls.count("cancel") == len(account.requests("cancel")) == 2
    assert account.last_request().refused.condition == "cancel.already_cancelled"
    assert account.last_request("list").request.target == "/v5/asset/withdraw/query-record"


def test_an_endpoint_that_does_not_exist_cannot_be_counted(opened: Callable[..., Any]) -> None:
    account = opened("a")
    with pytest.raises(Misuse, match="there is no endpoint 'cancle'; did you mean 'cancel'"):
        account.requests("cancle")
    with pytest.raises(Misuse, match="there is no endpoint 'cancle'"):
        account.last_request("cancle")
    assert account.requests("cancel") == []
    with pytest.raises(NotThere) as told:
        account.last_request("cancel")
    assert str(told.value) == "the account 'bybit-a' was not asked for 'cancel' yet"
    with pytest.raises(NotThere, match="the account 'bybit-a' was not asked anything yet"):
        account.last_request()


def test_both_write_the_same_lines_also_when_the_account_was_deleted(simulator: Simulator, tmp_path: Path) -> None:
    near = simulator.bybit.account("a", api_secret="hush-hush")
    send(simulator, near, secret="hush-hush ")
    send(simulator, near, b"hush-hush \xff")
    far = RemoteSimulator(simulator.url).start()
    mine = far.bybit.account("b")
    assert near.export_journal(tmp_path / "near.jsonl") == 2
    document = json.loads(ask(simulator, "accounts/bybit-a/journal").body)
    lines = (tmp_path / "near.jsonl").read_text("utf-8").splitlines()
    assert [json.loads(line) for line in lines] == document["entries"]
    assert "hush-hush" not in "".join(lines)
    near.delete()
    assert near.export_journal(str(tmp_path / "again.jsonl")) == 2
    assert (tmp_path / "again.jsonl").read_bytes() == (tmp_path / "near.jsonl").read_bytes()
    send(simulator, mine)
    mine.delete()
    assert mine.export_journal(tmp_path / "far.jsonl") == 1
    assert mine.calls == ["cancel"]


def test_the_journal_of_an_exchange_is_written_alike(simulator: Simulator, tmp_path: Path) -> None:
    simulator.answer(Request("GET", "/v5/nothing"))
    remote = RemoteSimulator(simulator.url).start()
    assert simulator.bybit.export_journal(tmp_path / "near") == remote.bybit.export_journal(tmp_path / "far") == 1
    assert (tmp_path / "near").read_bytes() == (tmp_path / "far").read_bytes()


def test_a_remote_entry_equals_the_local_one_with_its_diagnosis_and_near_misses(simulator: Simulator) -> None:
    remote = RemoteSimulator(simulator.url).start()
    account = remote.bybit.account("a")
    send(simulator, account, secret="wrong")
    send(simulator, account, b'{"withdrawId":"1"}')
    simulator.answer(Request("GET", CANCEL + "/"))
    assert list(account.journal) == list(simulator.service.worlds["bybit"].account("a").journal)
    assert account.last_request().unread == ("withdrawId",)
    assert list(remote.bybit.journal) == list(simulator.bybit.journal)
    assert remote.bybit.journal.entries[0].near_misses[0].endpoint == "cancel"


def test_an_entry_in_a_failing_assertion_is_one_line_without_what_may_be_secret() -> None:
    simulator = Simulator()
    account = simulator.bybit.account("a", api_secret="hush-hush")
    withdrawal = account.withdrawal("USDT", "10")
    account.fault("lose_reply", endpoint="cancel", nth=2)
    send(simulator, account, b'{"withdrawId":"hush-hush"}', path=CANCEL + "?x=hush-hush")
    with pytest.raises(ConnectionError):
        send(simulator, account, b'{"id":"%s"}' % withdrawal.id.encode())
    first, second = account.journal
    assert repr(first) == (
        "<Entry 1 cancel: POST /v5/asset/withdraw/cancel -> 200 PARAMS_ERROR (cancel.id_missing) unread withdrawId, x>"
    )
    assert repr(second) == (
        f"<Entry 2 cancel: POST /v5/asset/withdraw/cancel -> 200 {withdrawal.id} UnderReview->CancelByUser "
        "fault lose_reply>"
    )
    socket = simulator.open_socket("/ws/v5/business")
    socket.send("ping")
    assert repr(next(iter(simulator.okx.journal))) == "<Entry 1 ping: a frame on /ws/v5/business -> 1 frames>"
    simulator.answer(Request("GET", "/v5/nothing"))
    assert repr(list(simulator.bybit.journal)[-1]) == (
        "<Entry 1 (no endpoint): GET /v5/nothing -> 404 NOT_FOUND (route.unknown)>"
    )


# --- the log ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def records(simulator: Simulator) -> Iterator[list[logging.LogRecord]]:
    kept: list[logging.LogRecord] = []
    handler = logging.Handler()
    handler.emit = kept.append  # type: ignore[method-assign]
    logs.requests.addHandler(handler)
    logs.requests.setLevel(logging.INFO)
    simulator.service.listeners.append(logs.listener)
    yield kept
    logs.requests.removeHandler(handler)


def test_the_log_says_which_mistake_what_is_unread_and_what_is_near(
    simulator: Simulator, records: list[logging.LogRecord]
) -> None:
    account = simulator.okx.account(api_secret="hush-hush", passphrase="phrase")
    call = HttpCall("POST", "/api/v5/asset/cancel-withdrawal", JSON, b'{"withdrawId":"hush-hush"}')
    now = now_ms(simulator)
    for credentials in (account.credentials, {**account.credentials, "api_secret": "hush-hush\n"}):
        signed = okx.signed(call, credentials, now)
        simulator.answer(Request(signed.method, signed.target, signed.headers, signed.body))
    simulator.answer(Request("GET", "/api/v5/asset/cancel-withdrawal"))
    text = logs._Text(colour=False)
    unread, wrong, near = (text.format(record) for record in records)
    assert unread.endswith("  read by nothing: withdrawId")
    assert wrong.endswith("; that is what comes out when the secret has white space at its ends")
    assert near.endswith("  nearest: okx cancel POST /api/v5/asset/cancel-withdrawal (takes POST, not GET)")
    told = [json.loads(logs._Json().format(record)) for record in records]
    assert told[0]["unread"] == ["withdrawId"]
    assert told[0]["check"] == "there is no wdId, or it is null or empty"
    assert told[0]["diagnosis"] is None
    assert told[1]["diagnosis"]["mistake"] == "the secret has white space at its ends"
    assert told[1]["diagnosis"]["signed"].endswith('POST/api/v5/asset/cancel-withdrawal{"withdrawId":"***"}')
    assert told[2]["near_misses"] == ["okx cancel POST /api/v5/asset/cancel-withdrawal (takes POST, not GET)"]
    assert "hush-hush" not in "".join([unread, wrong, near, *(json.dumps(one) for one in told)])


# --- bounds -----------------------------------------------------------------------------------------------------------


def test_of_a_diagnosis_over_long_texts_only_the_beginnings_are_kept() -> None:
    simulator = Simulator()
    account = simulator.bybit.account("a")
    headers = (
        ("X-BAPI-API-KEY", account.api_key),
        ("X-BAPI-TIMESTAMP", str(now_ms(simulator))),
        ("X-BAPI-SIGN", "x" * 100_000),
    )
    simulator.answer(Request("POST", CANCEL, headers, b"y" * 300_000))
    [entry] = account.journal
    assert isinstance(entry, Entry)
    assert entry.cut
    assert entry.refused is not None
    assert entry.refused.diagnosis is not None
    texts = (entry.refused.because, entry.refused.diagnosis.signed, entry.refused.diagnosis.received)
    assert [len(text) for text in texts] == [16 * 1024] * 3


# --- calls of no exchange ---------------------------------------------------------------------------------------------


def test_what_no_exchange_has_stands_in_a_journal_of_its_own(simulator: Simulator) -> None:
    remote = RemoteSimulator(simulator.url).start()
    simulator.answer(Request("GET", "/v6/asset/withdraw"))
    simulator.answer(Request("GET", "/v5/nothing"))
    document = json.loads(ask(simulator, "journal").body)
    assert (document["dropped"], document["count"]) == (0, 1)
    assert [(one["request"]["target"], one["reply"]["status"]) for one in document["entries"]] == [
        ("/v6/asset/withdraw", 404)
    ]
    assert list(remote.journal) == list(simulator.journal)
    lines = ask(simulator, "journal", "application/x-ndjson").body.splitlines()
    assert [json.loads(line) for line in lines] == document["entries"]


def test_a_journal_may_be_asked_for_what_came_after_a_number(simulator: Simulator) -> None:
    account = simulator.bybit.account("a")
    for number in range(3):
        simulator.answer(Request("GET", f"/v6/{number}"))
        simulator.answer(Request("GET", f"/v5/{number}"))
        send(simulator, account)
    for path in ("journal", "exchanges/bybit/journal", "accounts/bybit-a/journal"):
        for after, numbers in ((0, [1, 2, 3]), (2, [3]), (3, []), (10**17, [])):
            document = json.loads(ask(simulator, f"{path}?after={after}").body)
            assert [one["number"] for one in document["entries"]] == numbers
            assert document["count"] == 3
        for wrong in ("-1", "x", "", "1.5", "9" * 19, "\u0663"):
            answer = ask(simulator, f"{path}?after={wrong}")
            assert answer.status == 400
            assert "must be a whole number of 0 or more" in json.loads(answer.body)["detail"]


def test_secrets_of_every_account_are_masked_in_calls_of_no_exchange(
    simulator: Simulator, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", "exchange_simulator.requests")
    simulator.service.listeners.append(logs.listener)
    simulator.okx.account(passphrase="hush-hush")
    simulator.answer(Request("GET", "/api/v6/x?p=hush-hush", (("OK-ACCESS-PASSPHRASE", "hush-hush"),)))
    assert b"hush" not in ask(simulator, "journal").body
    assert b"***" in ask(simulator, "journal").body
    assert [record.getMessage() for record in caplog.records] == ["GET /api/v6/x?p=***"]


# --- what a fault sent in place of the answer -------------------------------------------------------------------------


def test_an_entry_has_the_answer_and_what_a_fault_sent_in_its_place(
    simulator: Simulator, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", "exchange_simulator.requests")
    simulator.service.listeners.append(logs.listener)
    account = simulator.bybit.account("a")
    for kind, options in (
        ("edge", {"status": 502, "acts": True}),
        ("error", {"row": "SERVICE_ERROR", "acts": True}),
        ("half_body", {}),
        ("wrong_content_type", {"content_type": "text/plain"}),
        ("lose_reply", {}),
        ("edge", {"status": 503}),
    ):
        account.fault(kind, **options)
        with contextlib.suppress(ConnectionError):  # the reply that a fault keeps
            send(simulator, account)
    send(simulator, account)
    edge, error, half, typed, lost, not_acting, plain = account.journal
    for entry in (edge, error, half, typed, lost, plain):
        assert entry.reply is not None
        assert entry.reply.status == 200
        assert b'"retCode":131002' in entry.reply.body
    assert isinstance(edge.sent, Reply)
    assert (edge.sent.status, edge.sent.header("Content-Type")) == (502, "text/html")
    assert isinstance(error.sent, Reply)
    assert b"openapi svc error" in error.sent.body
    assert isinstance(half.sent, Reply)
    assert half.reply is not None
    assert half.sent.body == half.reply.body[: len(half.reply.body) // 2]
    assert isinstance(typed.sent, Reply)
    assert typed.sent.header("Content-Type") == "text/plain"
    assert (lost.sent, plain.sent, not_acting.sent) == (None, None, None)
    assert not_acting.reply is not None
    assert not_acting.reply.status == 503
    document = json.loads(ask(simulator, "accounts/bybit-a/journal").body)["entries"]
    assert [one["sent"] and one["sent"]["status"] for one in document] == [502, 200, 200, 200, None, None, None]
    assert [documents.entry(one).sent for one in document] == [entry.sent for entry in account.journal]
    turns = [record.__dict__["turn"] for record in caplog.records]
    assert [(turn["answered"], turn["sent"]) for turn in turns[:2]] == [(200, 502), (200, 200)]
