"""The server's clock may be off: for an exchange, for an account, and on everything that one turn tells of it."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from typing import Any

import pytest
from pybit.exceptions import InvalidRequestError
from pybit.unified_trading import HTTP

from contracts.dialects import alphapoint as alphapoint_dialect
from contracts.dialects import okx as okx_dialect
from contracts.wire import HttpCall
from simulator import Misuse, Request, Simulator
from simulator.core.clock import ManualClock

Open = Callable[..., Any]
NOW_MS = 1_700_000_000_000
NAMES = ("bybit", "okx", "alphapoint", "kraken")
EXPIRED = {"bybit": b'"retCode":10002', "okx": b'"code":"50102"'}


@pytest.mark.parametrize("name", EXPIRED)
@pytest.mark.parametrize("skew_ms", [-60_000, 60_000])
def test_a_client_with_the_right_time_is_refused_by_a_skewed_server_and_one_with_its_time_is_not(
    desk_of: Open, name: str, skew_ms: int
) -> None:
    desk = desk_of(name)
    desk.account.set(skew_ms=skew_ms)
    assert EXPIRED[name] in desk.cancel().body
    assert EXPIRED[name] not in desk.cancel(sent_ms=NOW_MS + skew_ms).body
    assert str(desk.withdrawal.stage) in ("cancelled", "cancelling")


def test_all_that_a_turn_tells_of_the_time_is_of_the_accounts_clock(desk_of: Open) -> None:
    desk = desk_of("bybit", skew_ms=-3_600_000)
    sent_ms = NOW_MS - 3_600_000
    reply = desk.cancel(sent_ms=sent_ms)
    assert json.loads(reply.body)["time"] == sent_ms
    assert reply.header("Timenow") == str(sent_ms)
    assert desk.withdrawal.history[-1].at_ms == sent_ms
    assert desk.account.now_ms == sent_ms
    assert desk.account.requests("cancel")[0].at_ms == sent_ms
    assert desk.simulator.bybit.account().now_ms == NOW_MS


PUBLIC = {
    "bybit": ("/v5/market/time", b'"timeSecond":"1700000060"'),
    "okx": ("/api/v5/public/time", b'"ts":"1700000060000"'),
    "kraken": ("/0/public/Time", b'"unixtime":1700000060'),
    "alphapoint": ("/AP/Ping", b'"msg":"PONG"'),
}


@pytest.mark.parametrize("name", NAMES)
def test_a_skew_of_an_exchange_is_that_of_calls_of_nobody_and_of_accounts_made_later(name: str) -> None:
    simulator = Simulator(clock=ManualClock(NOW_MS))
    exchange = simulator.exchange(name)
    earlier = exchange.account()
    exchange.set(skew_ms=60_000)
    later = exchange.account()
    assert (earlier.now_ms, later.now_ms) == (NOW_MS, NOW_MS + 60_000)
    path, told = PUBLIC[name]
    reply = simulator.answer(Request("GET", path))
    assert told in reply.body
    if name == "alphapoint":
        assert reply.header("Date") == "Tue, 14 Nov 2023 22:14:20 GMT"


def test_a_simulator_may_be_off_as_a_whole() -> None:
    simulator = Simulator(clock=ManualClock(NOW_MS), skew_ms=-5)
    assert {simulator.exchange(name).account().now_ms for name in NAMES} == {NOW_MS - 5}


def test_a_manual_clock_goes_on_under_a_skew(desk_of: Open) -> None:
    desk = desk_of("okx", skew_ms=1000)
    desk.clock.advance(500)
    desk.account.advance(seconds=2)
    assert desk.account.now_ms == NOW_MS + 3500


@pytest.mark.parametrize("progress", ["manual", "timed"])
def test_a_skew_moves_no_withdrawal_and_takes_no_time_from_it(desk_of: Open, progress: str) -> None:
    desk = desk_of("kraken", progress=progress)  # Initial for 60 s
    desk.clock.advance(10_000)
    for skew_ms in (10**9, -(10**9), 0, -5000):
        desk.account.set(skew_ms=skew_ms)
        assert desk.withdrawal.state == "Initial"
    desk.clock.advance(49_999)
    desk.account.advance(seconds=0)
    assert desk.withdrawal.state == "Initial"
    desk.clock.advance(1)
    assert desk.withdrawal.state == ("Pending" if progress == "timed" else "Initial")
    desk.account.set(skew_ms=-(10**9))
    desk.clock.advance(120_000)
    assert desk.withdrawal.state == ("Settled" if progress == "timed" else "Initial")
    assert [step.at_ms for step in desk.withdrawal.history] == sorted(step.at_ms for step in desk.withdrawal.history)


def test_a_login_with_a_password_and_its_session_go_by_the_accounts_clock(desk_of: Open) -> None:
    day_ms = 24 * 3600 * 1000
    desk = desk_of("alphapoint", skew_ms=day_ms)
    login = alphapoint_dialect.with_password(
        HttpCall("GET", "/AP/Authenticate"), desk.account.credentials["username"], desk.account.credentials["password"]
    )
    reply = desk.simulator.answer(Request(login.method, login.target, login.headers))
    assert reply.header("Date") == "Wed, 15 Nov 2023 22:13:20 GMT"
    token = json.loads(reply.body)["SessionToken"]
    call = alphapoint_dialect.with_token(HttpCall("POST", "/AP/GetUserInfo", (), b"{}"), token)
    assert b'"UserId"' in desk.simulator.answer(Request(call.method, call.target, call.headers, call.body)).body


def test_a_websocket_goes_by_the_clock_of_whoever_logs_in_on_it(desk_of: Open) -> None:
    desk = desk_of("okx", skew_ms=-3_600_000)
    socket = desk.simulator.open_socket("/ws/v5/business")
    right = desk.clock.now_ms // 1000
    assert '"code":"60006"' in socket.send(okx_dialect.login(desk.account.credentials, str(right)))[0]
    assert '"event":"login"' in socket.send(okx_dialect.login(desk.account.credentials, str(right - 3600)))[0]
    desk.clock.advance(29_000)
    desk.simulator.service.tick()
    assert (socket.pushed(), socket.closed) == ((), None)
    desk.clock.advance(2_000)
    desk.simulator.service.tick()
    socket.pushed()
    assert socket.closed is not None
    assert socket.closed[0] == 4004


def test_pybit_meets_its_time_error_and_recovers_once_it_goes_by_the_public_time(
    simulator: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    simulator.bybit.set(skew_ms=-60_000)
    with simulator.bybit.account() as account:
        withdrawal = account.withdrawal("USDT", "10")
        session = HTTP(api_key=account.api_key, api_secret=account.api_secret, retry_codes={0})
        session.endpoint = simulator.url
        with pytest.raises(InvalidRequestError) as raised:
            session.cancel_withdrawal(id=withdrawal.id)
        assert raised.value.status_code == 10002
        assert withdrawal.state == "SecurityCheck"
        offset_ms = int(session.get_server_time()["result"]["timeNano"]) // 10**6 - time.time_ns() // 10**6
        # pybit has no setting for it; its users replace its clock.
        monkeypatch.setattr("pybit._helpers.generate_timestamp", lambda: time.time_ns() // 10**6 + offset_ms)
        session = HTTP(api_key=account.api_key, api_secret=account.api_secret)
        session.endpoint = simulator.url
        assert session.cancel_withdrawal(id=withdrawal.id)["result"] == {"status": 1}


def test_a_wrong_skew_is_one_sentence() -> None:
    simulator = Simulator(clock=ManualClock(5))
    account = simulator.bybit.account()
    any_value: Any = lambda value: value  # noqa: E731
    for wrong, sentence in (
        (lambda: account.set(skew_ms=any_value("5")), "account changes: option 'skew_ms' must be a whole number"),
        (lambda: account.set(skew_ms=any_value(0.5)), "account changes: option 'skew_ms' must be a whole number"),
        (
            lambda: account.set(skew_ms=10**12),
            "account changes: option 'skew_ms' must be a whole number of at most 315360000000",
        ),
        (
            lambda: simulator.okx.set(skew_ms=-(10**12)),
            "exchange changes: option 'skew_ms' must be a whole number of -31536",
        ),
        (lambda: simulator.okx.set(skew=5), "exchange changes have no option 'skew'; did you mean 'skew_ms'?"),
        (lambda: account.set(skew_ms=-6), "skew_ms -6 would put the server's clock before 1970"),
        (lambda: simulator.okx.set(skew_ms=-6), "skew_ms -6 would put the server's clock before 1970"),
        (lambda: simulator.okx.account(skew_ms=-6), "skew_ms -6 would put the server's clock before 1970"),
        (
            lambda: Simulator(skew_ms=10**12),
            "exchange changes: option 'skew_ms' must be a whole number of at most 315360000000",
        ),
    ):
        with pytest.raises(Misuse) as told:
            wrong()
        assert str(told.value).startswith(sentence)
    assert account.now_ms == 5


def okx_socket(desk: Any) -> Any:
    socket = desk.simulator.open_socket("/ws/v5/business")
    assert (
        '"event":"login"' in socket.send(okx_dialect.login(desk.account.credentials, str(desk.clock.now_ms // 1000)))[0]
    )
    return socket


def closed(desk: Any, socket: Any, after_ms: int) -> Any:
    desk.clock.advance(after_ms)
    desk.simulator.service.tick()
    socket.pushed()
    return socket.closed


@pytest.mark.parametrize("skew_ms", [3_600_000, -3_600_000])
def test_a_skew_that_changes_while_a_socket_is_open_neither_ends_it_nor_keeps_it_open(
    desk_of: Open, skew_ms: int
) -> None:
    desk = desk_of("okx")
    socket = okx_socket(desk)
    desk.clock.advance(10_000)
    desk.account.set(skew_ms=skew_ms)
    assert closed(desk, socket, 0) is None
    assert closed(desk, socket, 19_999) is None
    assert closed(desk, socket, 1) == (4004, "No data received in 30s.")


@pytest.mark.parametrize("skew_ms", [3_600_000, -3_600_000])
def test_a_service_upgrade_comes_and_ends_a_socket_whatever_its_clock_is_set_to(desk_of: Open, skew_ms: int) -> None:
    desk = desk_of("okx", behavior={"socket.upgrade_after_ms": 5_000, "socket.idle_ms": 0})
    socket = okx_socket(desk)
    desk.account.set(skew_ms=skew_ms)
    desk.clock.advance(4_999)
    assert socket.send("ping") == ("pong",)
    desk.clock.advance(1)
    assert '"code":"64008"' in socket.send("ping")[0]
    desk.account.set(skew_ms=-skew_ms)
    assert closed(desk, socket, 59_999) is None
    assert closed(desk, socket, 1) == (1001, "Going away")


@pytest.mark.parametrize("skew_ms", [7_200_000, -7_200_000])
def test_a_session_is_idle_for_an_hour_whatever_its_clock_is_set_to(desk_of: Open, skew_ms: int) -> None:
    desk = desk_of("alphapoint")
    login = alphapoint_dialect.with_password(
        HttpCall("GET", "/AP/Authenticate"), desk.account.credentials["username"], desk.account.credentials["password"]
    )
    reply = desk.simulator.answer(Request(login.method, login.target, login.headers))
    token = json.loads(reply.body)["SessionToken"]
    call = alphapoint_dialect.with_token(HttpCall("POST", "/AP/GetUserInfo", (), b"{}"), token)

    def is_open() -> bool:
        return b'"UserId"' in desk.simulator.answer(Request(call.method, call.target, call.headers, call.body)).body

    desk.account.set(skew_ms=skew_ms)
    desk.clock.advance(3_599_999)
    assert is_open()
    desk.account.set(skew_ms=0)
    desk.clock.advance(3_600_000)
    assert not is_open()


HOUR_MS = 3_600_000
LIMITED = {
    "bybit": (b'"retCode":10006', 60),
    "okx": (b'"code":"50011"', 2),
    "kraken": (b"EAPI:Rate limit exceeded", 60),
}
"""How a rate limit refuses, and after how many seconds it is open again."""


@pytest.mark.parametrize("name", LIMITED)
@pytest.mark.parametrize("skew_ms", [-HOUR_MS, HOUR_MS])
def test_a_skew_neither_opens_a_rate_limit_nor_keeps_it_shut(desk_of: Open, name: str, skew_ms: int) -> None:
    desk, (refusal, open_after_s) = desk_of(name, limits=True), LIMITED[name]
    assert any(refusal in desk.cancel().body for _ in range(100))
    desk.account.set(skew_ms=skew_ms)
    assert refusal in desk.cancel(sent_ms=NOW_MS + skew_ms).body
    desk.account.advance(seconds=open_after_s)
    assert refusal not in desk.cancel(sent_ms=NOW_MS + skew_ms).body


@pytest.mark.parametrize("skew_ms", [-HOUR_MS, HOUR_MS])
def test_a_skew_neither_ends_a_lockout_nor_makes_it_longer(desk_of: Open, skew_ms: int) -> None:
    desk, locked_out = desk_of("kraken", behavior={"lockout.failures": 1}), b"EGeneral:Temporary lockout"
    key = desk.account.credentials["api_key"]
    desk.simulator.answer(
        Request("POST", "/0/private/Balance", (("API-Key", key), ("API-Sign", "d3Jvbmc=")), b"nonce=1")
    )
    assert locked_out in desk.cancel().body
    desk.account.set(skew_ms=skew_ms)
    assert locked_out in desk.cancel().body
    desk.account.advance(seconds=899)
    assert locked_out in desk.cancel().body  # which starts the time anew
    desk.account.advance(seconds=900)
    assert locked_out not in desk.cancel().body


@pytest.mark.parametrize("skew_ms", [-HOUR_MS, HOUR_MS])
def test_a_skew_neither_ends_a_ban_of_an_ip_nor_makes_it_longer(desk_of: Open, skew_ms: int) -> None:
    desk = desk_of("bybit", limits=True, behavior={"limit.ip_ban_ms": 60_000})
    banned = b"access too frequent"
    assert any(banned in desk.cancel().body for _ in range(700))
    desk.account.set(skew_ms=skew_ms)
    assert banned in desk.cancel(sent_ms=NOW_MS + skew_ms).body
    desk.account.advance(seconds=60)
    assert banned not in desk.cancel(sent_ms=NOW_MS + skew_ms).body
