"""What a client does in the middle of a request or a frame, and what no header could carry, is a line of the log."""

from __future__ import annotations

import json
import socket
import struct
from typing import Any

import pytest
import requests

from simulator import Misuse, Simulator, logs
from simulator.core.faults import Delivery
from simulator.core.message import Reply, Request

PATHS = ("/v5/asset/withdraw/cancel", "/0/private/WithdrawCancel", "/nowhere", "/_control/accounts")
BROKEN = (
    "a\r\nX: y",
    "\n",
    "a\x00",
    "\x7f",
    "\x1b[31m",
    "text/html\u20ac",
    "é",
    " text/html",
    "text/html ",
    "",
    "a" * 513,
)


def leave(simulator: Simulator, data: bytes, *, reset: bool) -> None:
    """Send `data` and go, with or without a goodbye; the server has noticed when this returns."""
    with socket.create_connection(("127.0.0.1", simulator.port), timeout=10) as connection:
        connection.sendall(data)
        if reset:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        else:
            connection.shutdown(socket.SHUT_WR)
            while connection.recv(65536):
                pass


@pytest.mark.parametrize("reset", [False, True], ids=["goodbye", "reset"])
@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize(
    "rest",
    [
        b"Content-Length: 500\r\n\r\n{}",
        b"Transfer-Encoding: chunked\r\n\r\n5\r\nab",
        b"Transfer-Encoding: chunked\r\n\r\n2\r\nab\r\nzz\r\n",
        b"Expect: 100-continue\r\nContent-Length: 500\r\n\r\n",
    ],
    ids=["length", "half a chunk", "a broken chunk", "expecting 100"],
)
def test_a_client_that_leaves_within_its_body_is_at_most_one_line(
    simulator: Simulator, path: str, rest: bytes, reset: bool, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", "exchange_simulator.http")
    head = f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n".encode()
    leave(simulator, head + rest, reset=reset)
    simulator.stop()  # whoever was at it has ended then
    assert len(caplog.records) <= 1
    for record in caplog.records:
        assert record.exc_info is None
        assert record.levelname == "INFO"
        assert record.getMessage().startswith(
            (f"a client left in the middle of its request: 'POST {path}'", "malformed HTTP from a client: ")
        )


@pytest.mark.parametrize("reset", [False, True], ids=["goodbye", "reset"])
@pytest.mark.parametrize(
    "frame",
    [b"\x81\xfe\x01\x00abcdab", b"\x01\x82abcdab", b"\xff\xff\xff\xff\xff"],
    ids=["within a frame", "within a message", "no frame"],
)
def test_a_client_that_leaves_within_a_frame_is_no_line(
    simulator: Simulator, frame: bytes, reset: bool, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", "exchange_simulator.http")
    hello = (
        b"GET /WSGateway/ HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
    )
    leave(simulator, hello + frame, reset=reset)
    simulator.stop()
    assert not caplog.records


def test_the_line_is_a_document_in_a_log_of_json(
    simulator: Simulator, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    ours = logs.logging.getLogger("exchange_simulator")
    monkeypatch.setattr(ours, "handlers", [])
    monkeypatch.setattr(ours, "propagate", ours.propagate)
    logs.setup("json")
    simulator.bybit.account(api_secret="hush-hush")
    leave(simulator, b"POST /v5/x?hush-hush HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\n{}", reset=False)
    simulator.stop()
    (line,) = capsys.readouterr().err.splitlines()
    assert json.loads(line)["message"] == "a client left in the middle of its request: 'POST /v5/x?***'"


def test_a_reply_that_no_header_can_carry_breaks_the_connection_in_one_line(
    simulator: Simulator, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = Delivery(Reply(200, (("Content-Type", "a\r\nX: y"),), b"{}"))
    with monkeypatch.context() as patched:
        patched.setattr(simulator.service, "turn", lambda request: broken)
        with pytest.raises(requests.exceptions.ConnectionError):
            requests.get(simulator.url + "/v5/market/time", timeout=10)
    (record,) = [record for record in caplog.records if record.name == "exchange_simulator.http"]
    assert record.exc_info is None
    assert record.getMessage().startswith("a reply could not be sent, so the connection was broken off: ")
    assert requests.get(simulator.url + "/v5/market/time", timeout=10).status_code == 200


PHRASE = "Correct-Horse 9!"


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (f"GET /v5 HTTP/1.1\r\nHost: x\r\nOK-ACCESS-PASSPHRASE: {PHRASE}\x07\r\n\r\n", "OK-ACCESS-PASSPHRASE: ***"),
        (f"GET /v5 HTTP/1.1\r\nHost: x\r\nBad Header {PHRASE}\r\n\r\n", "Bad Header ***"),
        (f"GET /v5 HTTP/1.1\r\nHost: x\r\nX-Key: {PHRASE[:12]}\x07\r\n\r\n", "X-Key: Correct-Hors"),
        (f"GET /v5 HTTP/1.1\r\nHost: x\r\nX-Key: {'a' * 90}{PHRASE * 900}\r\n\r\n", "a" * 90 + "***"),
    ],
    ids=["value", "name", "no secret", "cut"],
)
def test_a_supplied_secret_in_malformed_http_is_masked_in_its_line(
    simulator: Simulator, data: str, told: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", "exchange_simulator.http")
    simulator.okx.account(api_secret="hush-hush", passphrase=PHRASE)
    leave(simulator, data.encode(), reset=False)
    simulator.stop()
    (line,) = [record.getMessage() for record in caplog.records]
    assert line.startswith("malformed HTTP from a client: ")
    assert told in line
    assert "Horse 9" not in line


def test_a_supplied_secret_is_masked_where_a_reply_that_cannot_be_sent_is_told(
    simulator: Simulator, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    simulator.okx.account(api_secret="hush-hush", passphrase=PHRASE)

    def turn(request: Request) -> Delivery:
        raise ValueError(f"no header can have {PHRASE!r}")

    with monkeypatch.context() as patched:
        patched.setattr(simulator.service, "turn", turn)
        with pytest.raises(requests.exceptions.ConnectionError):
            requests.get(simulator.url + "/v5/market/time", timeout=10)
    (line,) = [record.getMessage() for record in caplog.records if record.name == "exchange_simulator.http"]
    assert line == "a reply could not be sent, so the connection was broken off: no header can have '***'"


@pytest.mark.parametrize("text", BROKEN)
def test_what_no_header_carries_is_refused_where_it_would_become_one(simulator: Simulator, text: str) -> None:
    told = "must be printable ASCII, with no blank at its ends, as a header can carry it, not "
    if len(text) > 512:
        told = "must be text of at most 512 characters, not "
    for make in (
        lambda: simulator.bybit.fault("wrong_content_type", content_type=text),
        lambda: simulator.bybit.account().fault("wrong_content_type", content_type=text),
    ):
        with pytest.raises(Misuse) as refused:
            make()
        assert told in str(refused.value)
    answer = requests.post(
        f"{simulator.url}/_control/exchanges/bybit/faults",
        json={"kind": "wrong_content_type", "content_type": text},
        timeout=10,
    )
    assert answer.status_code == 400
    assert told in answer.json()["detail"]


@pytest.mark.parametrize("text", [text for text in BROKEN if text.isascii() or not text.isprintable()])
def test_what_no_client_can_send_is_refused_as_a_name_of_its_own(simulator: Simulator, text: str) -> None:
    told = "must be text without control characters, and with no blank at its ends, so that a client can send it, not "
    if len(text) > 512:
        told = "must be text of at most 512 characters, not "
    for make in (
        lambda: simulator.bybit.account(api_key=text, api_secret="s"),
        lambda: simulator.okx.account(passphrase=text),
        lambda: simulator.kraken.account().key(api_key=text),
        lambda: simulator.alphapoint.account(api_key=text),
    ):
        with pytest.raises(Misuse) as refused:
            make()
        assert told in str(refused.value)


def test_a_snapshot_may_not_bring_what_no_header_carries(simulator: Simulator) -> None:
    account = simulator.bybit.account("a")
    account.fault("wrong_content_type", content_type="text/plain; charset=utf-8")
    taken: dict[str, Any] = account.snapshot()
    account.delete()
    for part, name in ((taken["faults"][0], "content_type"), (taken["keys"][0], "api_key")):
        kept, part[name] = part[name], "a\r\nX: y"
        with pytest.raises(Misuse, match="the snapshot is broken"):
            simulator.bybit.restore(taken)
        part[name] = kept
    assert simulator.bybit.restore(taken).faults[0].content_type == "text/plain; charset=utf-8"


def test_a_control_body_that_is_too_large_is_a_problem(simulator: Simulator) -> None:
    headers = {"Content-Type": "application/json"}
    for path in ("accounts", "accounts/bybit-a/faults", "no/such/path"):
        answer = requests.post(f"{simulator.url}/_control/{path}", data=b" " * 2_000_000, headers=headers, timeout=10)
        assert (answer.status_code, answer.headers["Content-Type"]) == (413, "application/problem+json")
        assert answer.json()["status"] == 413
        assert (
            answer.json()["detail"] == "the body has more than the 1048576 bytes that are read here; send a smaller one"
        )


def test_every_operation_says_that_a_body_may_be_too_large(simulator: Simulator) -> None:
    document = requests.get(simulator.url + "/_control/openapi.json", timeout=10).json()
    operations = [one for path in document["paths"].values() for one in path.values()]
    assert [one["operationId"] for one in operations if "413" not in one["responses"]] == []
