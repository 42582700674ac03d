"""A request that no endpoint takes is told which endpoints it nearly asked for, and why each does not fit."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator import Request, Simulator
from simulator.core.journal import Entry
from simulator.core.near_misses import Place, near_misses
from simulator.service.listed import exchanges

CASES = [
    # (method, path): the nearest endpoint and why it does not fit
    ("GET", "/v5/asset/withdraw/cancel", "bybit cancel POST /v5/asset/withdraw/cancel (takes POST, not GET)"),
    (
        "post",
        "/v5/asset/withdraw/cancel",
        "bybit cancel POST /v5/asset/withdraw/cancel (the method is POST, in capitals)",
    ),
    (
        "POST",
        "/v5/asset/withdraw/cancel/",
        "bybit cancel POST /v5/asset/withdraw/cancel (the path has no slash at its end)",
    ),
    (
        "POST",
        "/v5/asset/withdraw/Cancel",
        "bybit cancel POST /v5/asset/withdraw/cancel (the path is /v5/asset/withdraw/cancel, in this case of letters)",
    ),
    (
        "POST",
        "/v5/asset//withdraw/cancel",
        "bybit cancel POST /v5/asset/withdraw/cancel (its slashes are single)",
    ),
    (
        "POST",
        "/v5/asset/withdraw/cancel-withdraw",
        "bybit cancel POST /v5/asset/withdraw/cancel (the path is /v5/asset/withdraw/cancel)",
    ),
    (
        "GET",
        "/v5/asset/withdraw/query-records",
        "bybit list GET /v5/asset/withdraw/query-record (the path is /v5/asset/withdraw/query-record)",
    ),
    (
        "GET",
        "/api/v5/asset/withdraw-history",
        "okx list GET /api/v5/asset/withdrawal-history (the path is /api/v5/asset/withdrawal-history)",
    ),
    (
        "POST",
        "/api/v5/asset/withdrawal-history",
        "okx list GET /api/v5/asset/withdrawal-history (takes GET, not POST)",
    ),
    (
        "GET",
        "/asset/withdrawal-history",
        "okx list GET /api/v5/asset/withdrawal-history (the path begins with /api/v5)",
    ),
    (
        "DELETE",
        "/asset/cancel-withdrawal",
        "okx cancel POST /api/v5/asset/cancel-withdrawal (the path begins with /api/v5; takes POST, not DELETE)",
    ),
    (
        "POST",
        "/private/WithdrawCancel",
        "kraken cancel POST /0/private/WithdrawCancel (the path begins with /0)",
    ),
    (
        "POST",
        "/0/private/withdrawcancel",
        "kraken cancel POST /0/private/WithdrawCancel (the path is /0/private/WithdrawCancel, in this case of letters)",
    ),
    ("GET", "/0/private/WithdrawCancel", "kraken cancel POST /0/private/WithdrawCancel (takes POST, not GET)"),
    ("POST", "/0/public/Time", "kraken time GET /0/public/Time (takes GET, not POST)"),
    (
        "POST",
        "/proxy/0/private/WithdrawCancel",
        "kraken cancel POST /0/private/WithdrawCancel (nothing comes before /0/private/WithdrawCancel, not '/proxy')",
    ),
    (
        "POST",
        "/CancelWithdraw",
        "alphapoint cancel POST /AP/CancelWithdraw (the path begins with /AP)",
    ),
    ("PUT", "/AP/CancelWithdraw", "alphapoint cancel POST /AP/CancelWithdraw (takes POST or GET, not PUT)"),
    (
        "POST",
        "/AP/CancelWithdrawal",
        "alphapoint cancel POST /AP/CancelWithdraw (the path is /AP/CancelWithdraw)",
    ),
    (
        "POST",
        "/WSGateway/SubscribeAccountEvents",
        "alphapoint subscribe WebSocket /WSGateway/SubscribeAccountEvents (only a frame on a WebSocket reaches it)",
    ),
    (
        "GET",
        "/api/v5/asset%2Fwithdrawal-history",
        "okx list GET /api/v5/asset/withdrawal-history (the path has no escapes and no blanks)",
    ),
]


def last(simulator: Simulator, method: str, path: str) -> Entry:
    entries: list[Entry] = []
    simulator.service.listeners.append(lambda exchange, account, entry: entries.append(entry))
    simulator.answer(Request(method, path + "?a=b"))
    return entries[-1]


@pytest.mark.parametrize(("method", "path", "nearest"), CASES)
def test_the_journal_names_the_nearest_endpoint_and_why_it_does_not_fit(method: str, path: str, nearest: str) -> None:
    entry = last(Simulator(), method, path)
    assert entry.endpoint == ""
    assert str(entry.near_misses[0]) == nearest


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", "/v5/"), ("GET", "/"), ("GET", "/favicon.ico"), ("GET", "/0/private/Zzz"), ("GET", "/api/v5/zzz/nowhere")],
)
def test_what_is_near_nothing_has_no_near_misses(method: str, path: str) -> None:
    assert last(Simulator(), method, path).near_misses == ()


def test_a_request_that_reached_its_endpoint_has_none_whatever_it_was_answered() -> None:
    simulator = Simulator()
    assert last(simulator, "POST", "/v5/asset/withdraw/cancel").near_misses == ()
    assert last(simulator, "get", "/ap/ping/").near_misses != ()  # a method in small letters
    assert last(simulator, "GET", "/ap/ping/").near_misses == ()


def test_a_refusal_in_front_of_the_route_is_no_near_miss_of_the_right_endpoint() -> None:
    simulator = Simulator()
    simulator.answer(Request("GET", "/v5/market/time", (), b"{}"))
    [entry] = simulator.bybit.journal
    assert (entry.endpoint, entry.near_misses) == ("", ())
    assert entry.refused is not None
    assert entry.refused.condition == "edge.get_with_body"


def test_at_most_three_are_named_and_the_nearest_comes_first() -> None:
    found = last(Simulator(), "GET", "/v5/asset/withdraw/query-addres").near_misses
    assert 1 <= len(found) <= 3
    assert found[0].endpoint == "addresses"


def test_every_path_of_every_exchange_is_near_to_itself_with_another_method() -> None:
    for exchange in exchanges:
        for endpoint in exchange.endpoints:
            place = Place(exchange.name, endpoint.name, (endpoint.method,), endpoint.path)
            [miss] = near_misses("PATCH", endpoint.path, [place])
            assert miss.path == endpoint.path


@given(st.text(max_size=300), st.text(max_size=400))
def test_no_path_and_no_method_breaks_it(method: str, path: str) -> None:
    simulator = Simulator()
    entry = last(simulator, method, "/" + path)
    assert len(entry.near_misses) <= 3
    assert all(len(str(miss)) < 1500 for miss in entry.near_misses)


def test_a_function_that_no_socket_has_is_told_what_comes_near() -> None:
    simulator = Simulator()
    simulator.open_socket("/WSGateway/").send('{"m":0,"i":0,"n":"CancelWithdrawal","o":"{}"}')
    [entry] = simulator.alphapoint.journal
    assert entry.refused is not None
    assert entry.refused.because == (
        "no socket function is called 'CancelWithdrawal'; did you mean CancelWithdraw or Withdraw?"
    )
