"""A socket that stays open: what comes on it, what does not, how it ends, and how a difference is told."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from aiohttp import WSMsgType, web
from servers import HTML, REDIRECT, answering

from contracts import replay
from contracts.cases import Case, load
from contracts.holes import BrokenCase
from contracts.runner import Outcome, hold
from contracts.targets import Limited, ReplyLost, Target, TargetDown
from contracts.targets.connection import Connection
from contracts.targets.in_process import InProcess
from contracts.targets.over_http import OverHttp
from contracts.targets.remote import Remote, Section
from contracts.targets.websocket import WebSocket
from simulator import AccountHandle, ManualClock, Simulator
from simulator.exchanges.okx import sockets

BUSINESS = "/ws/v5/business"
UPGRADED = b"HTTP/1.1 101 Go\r\nUpgrade: websocket\r\nConnection: upgrade\r\nSec-WebSocket-Accept: x\r\n\r\n"
TOO_MANY = b"HTTP/1.1 429 Too Many Requests\r\nContent-Length: 0\r\n\r\n"
LATE = '{"arg":{},"data":[]}'


@pytest.fixture(scope="module")
def server() -> Iterator[Simulator]:
    with Simulator(clock=ManualClock(1_700_000_000_000)) as running:
        yield running


def case(identity: str) -> Case:
    return next(case for _, case in load("okx") if case.id == identity)


def held(identity: str, target: Target | None = None) -> Outcome:
    return hold("okx", case(identity), target or InProcess())


def remote(account: AccountHandle, url: str) -> Remote:
    """The server as a profile of a disposable account has it; nobody sleeps, and its clock stands still."""
    names = {name: str(account.credentials[name]) for name in ("api_key", "api_secret", "passphrase", "user_id")}
    names["withdrawal"] = account.withdrawal("BTC", "1").id
    environment = {f"EXCHANGE_CONTRACTS_OKX_{name.upper()}": value for name, value in names.items()}
    section = Section(
        url=url, can=["withdrawals", "sockets"], withdrawal={"asset": "BTC", "amount": "1"}, disposable=True
    )
    return Remote("okx", section, environment, sleep=lambda _: None, now_ms=lambda: 1_700_000_000_000)


@contextmanager
def late_pushes() -> Iterator[str]:
    """The url of a server that pushes once, just behind the pong to each ping."""
    loop, started, urls = asyncio.new_event_loop(), threading.Event(), list[str]()

    async def talk(request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse(autoping=False)
        await socket.prepare(request)
        async for message in socket:
            if message.type is WSMsgType.PING:
                await socket.pong(message.data)
                await socket.send_str(LATE)
        return socket

    async def run() -> None:
        app = web.Application()
        app.router.add_get("/", talk)
        runner = web.AppRunner(app)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        urls.append(f"http://127.0.0.1:{runner.addresses[0][1]}")
        started.set()
        await ended.wait()
        await runner.cleanup()

    ended = asyncio.Event()
    thread = threading.Thread(target=loop.run_until_complete, args=(run(),))
    thread.start()
    started.wait()
    try:
        yield urls[0]
    finally:
        loop.call_soon_threadsafe(ended.set)
        thread.join()
        loop.close()


def test_a_patient_socket_waits_for_the_pushes_that_are_expected() -> None:
    with late_pushes() as url:
        with closing(WebSocket(Connection(url), "/")) as hasty:
            assert hasty.heard(1) == []
            assert hasty.heard() == [LATE]
        with closing(WebSocket(Connection(url), "/", patient=True)) as patient:
            assert patient.heard(1)[:1] == [LATE]


def test_a_patient_socket_does_not_wait_for_ever(server: Simulator) -> None:
    with closing(WebSocket(Connection(server.url, timeout_s=1.0), BUSINESS, patient=True)) as socket:
        socket.send("ping")
        assert socket.heard(2) == ["pong"]


def test_how_a_server_ends_a_socket_is_heard_and_what_is_sent_afterwards_is_lost(server: Simulator) -> None:
    server.okx.set(behavior={"frame.unknown_op": "CLOSE_REQUEST_INVALID"})
    with closing(WebSocket(Connection(server.url), BUSINESS)) as socket:
        socket.send("ping")
        socket.send('{"op":"nothing","args":[{}]}')
        assert (socket.heard(), socket.closed) == (["pong"], "4002 Invalid Request")
        assert socket.heard() == []
        with pytest.raises(ReplyLost, match="closed the WebSocket"):
            socket.send("ping")


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (HTML, "the GET that asks for one was answered 200"),
        (b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n", "the GET that asks for one was answered 404"),
        (UPGRADED, "the GET that asks for one was answered 101 (Invalid challenge response)"),
        (REDIRECT, "it redirects to https://elsewhere.example/"),
    ],
    ids=["html", "404", "another challenge", "redirect"],
)
def test_a_server_that_speaks_no_websocket_is_told_with_what_it_answered(answer: bytes, told: str) -> None:
    with answering(answer) as url, pytest.raises(TargetDown) as down:
        WebSocket(Connection(url), BUSINESS)
    here = url.replace("http://", "ws://")
    assert str(down.value) == f"{here}{BUSINESS} does not speak WebSocket: {told}"


def test_a_handshake_that_is_one_too_many_is_a_rate_limit_and_refutes_nothing(
    server: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    with answering(TOO_MANY) as url:
        with pytest.raises(Limited, match="takes no more connections now: 429"):
            WebSocket(Connection(url), BUSINESS)
        with closing(remote(server.okx.account(), url)) as target:
            outcome = held("okx-socket-ping", target)
    assert (outcome.status, outcome.difference) == (
        "skipped",
        "the target limits the rate: raise pace_s in the profile",
    )


def test_a_login_that_is_one_too_many_is_a_rate_limit_and_refutes_nothing(
    server: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    with closing(remote(server.okx.account(limits=True), server.url)) as target:
        statuses = [held("okx-socket-subscribe", target).status for _ in range(4)]
    assert statuses == ["held", "held", "held", "skipped"]


def test_pushes_are_compared_by_a_profile_too(server: Simulator, monkeypatch: pytest.MonkeyPatch) -> None:
    with closing(remote(server.okx.account(), server.url)) as target:
        assert held("okx-push-creation", target).status == "held"
        outcome = held("okx-push-subscribed-twice", target)
        assert outcome.status == "held", outcome.difference


def test_a_push_that_is_missing_is_told_with_what_was_done(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sockets, "_producer", lambda *_: None)
    assert held("okx-push-cancel").difference == (
        "on the open socket behind POST /api/v5/asset/cancel-withdrawal, frames: expected 1, got 0: []"
    )


def test_a_push_to_somebody_else_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        sockets, "_producer", lambda world, _, change: world.accounts[change.account.removeprefix("okx-")]
    )
    told = held("okx-push-foreign").difference
    assert told.startswith(
        "on the open socket behind POST /api/v5/asset/cancel-withdrawal of another account, "
        "frames: expected 0, got 1: ['{"
    )


def test_an_answer_that_differs_meanwhile_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    wanted = case("okx-push-cancel")
    monkeypatch.setattr(wanted.then.meanwhile[0], "body", "{}")
    told = hold("okx", wanted, InProcess()).difference
    assert told.startswith("meanwhile, POST /api/v5/asset/cancel-withdrawal: body: expected {}\n")


def test_what_differs_on_another_socket_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    wanted = case("okx-push-each-socket")
    monkeypatch.setattr(wanted.then.meanwhile[0], "answers", [])
    told = hold("okx", wanted, InProcess()).difference
    assert told == "on another socket, frames: expected 0, got 1: ['pong']"


@pytest.mark.parametrize(
    ("identity", "closed", "told"),
    [
        (
            "okx-push-key-deleted",
            "",
            "the socket is closed: 4007 API key has been updated",
        ),
        ("okx-push-no-snapshot", "4004 No data", "the socket is not closed; expected closed: 4004 No data"),
    ],
)
def test_an_end_that_is_not_as_expected_is_told(
    identity: str, closed: str, told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    wanted = case(identity)
    monkeypatch.setattr(wanted.then.meanwhile[-1], "closed", closed)
    assert hold("okx", wanted, InProcess()).difference.startswith(f"on the open socket, {told}")


def test_an_answer_that_is_lost_or_comes_against_expectation_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    wanted = case("okx-push-cancel-whose-answer-is-lost")
    monkeypatch.setattr(wanted.then.meanwhile[0], "lost", False)
    told = hold("okx", wanted, InProcess()).difference
    assert told.startswith("there was no answer to POST /api/v5/asset/cancel-withdrawal: ")
    monkeypatch.setattr(wanted.then.meanwhile[0], "lost", True)
    monkeypatch.setattr(wanted.given, "faults", [])
    told = hold("okx", wanted, InProcess()).difference
    assert told.startswith("no answer was to come to POST /api/v5/asset/cancel-withdrawal, but 200 came: ")


def test_a_creation_that_fails_meanwhile_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    wanted = case("okx-push-creation")
    monkeypatch.setattr(wanted.then.meanwhile[0].call, "body", "{}")
    told = hold("okx", wanted, InProcess()).difference
    assert told.startswith('nothing was created: 400 {"code":"50014",')


@pytest.mark.parametrize("identity", ["okx-push-sub-account", "okx-push-creation", "okx-push-key-deleted"])
def test_a_script_with_an_open_socket_is_replayed(identity: str, tmp_path: Path) -> None:
    script = held(identity).script
    assert script is not None
    (tmp_path / "script.json").write_bytes(script.saved("a claim"))
    with Simulator() as server, closing(InProcess()) as here, closing(OverHttp(server.url)) as there:
        for target in (here, there):
            told: list[str] = []
            with pytest.raises(BrokenCase, match="names no claim of the suite"):
                told.extend(replay.again(replay.load(tmp_path / "script.json"), target))
            assert any("on /ws/v5/business, which stays open: " in line for line in told)
            assert any("on the open socket: what else has come?" in line for line in told)
