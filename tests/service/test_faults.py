"""Every kind of fault on every exchange: what the client gets, and whether the exchange has acted."""

from __future__ import annotations

import http.client
import itertools
from collections.abc import Callable
from typing import Any

import pytest
import requests

from contracts.demo import PLAYS, Play
from contracts.dialects import DIALECTS
from contracts.wire import HttpCall
from simulator import Misuse, Reply, ReplyLost, Request, Simulator
from simulator.core.faults import KINDS
from simulator.service.listed import exchanges

NAMES = [exchange.name for exchange in exchanges]
PLAY = {play.exchange: play for play in PLAYS}
NONCES = itertools.count(1_800_000_000_000_000)


class Bench:
    """One exchange in process: an account with a pending withdrawal, and a client that cancels it."""

    def __init__(self, name: str) -> None:
        self.simulator = Simulator()
        self.play: Play = PLAY[name]
        self.account = self.simulator.exchange(name).account()
        self.withdrawal = self.account.withdrawal("USDT", "10")

    def call(self, asked: Callable[..., HttpCall]) -> HttpCall:
        bare = asked(self.withdrawal.id, self.account.credentials, str(next(NONCES)))
        return DIALECTS[self.play.exchange].signed(bare, self.account.credentials, self.account.now_ms)

    def request(self) -> Request:
        call = self.call(self.play.cancel)
        return Request(call.method, call.target, call.headers, call.body)

    def cancel(self) -> Reply:
        return self.simulator.answer(self.request())

    @property
    def acted(self) -> bool:
        return str(self.withdrawal.stage) in ("cancelling", "cancelled")


@pytest.fixture(params=NAMES)
def bench(request: pytest.FixtureRequest) -> Bench:
    return Bench(request.param)


def calm(name: str) -> Reply:
    """What the same cancel is answered without a fault."""
    return Bench(name).cancel()


def test_the_kinds_are_these() -> None:
    assert [kind.name for kind in KINDS] == [
        "lose_reply",
        "close_before",
        "delay",
        "edge",
        "error",
        "half_body",
        "garbled_body",
        "wrong_content_type",
        "stale_reads",
        "maintenance",
        "busy",
        "lose_push",
        "break_at_push",
    ]


@pytest.mark.parametrize(("kind", "acts"), [("lose_reply", True), ("close_before", False), ("half_body", True)])
def test_a_broken_connection_does_not_tell_whether_the_exchange_acted(bench: Bench, kind: str, acts: bool) -> None:
    fault = bench.account.fault(kind, endpoint="cancel")
    with pytest.raises(ReplyLost):
        bench.cancel()
    assert bench.acted is acts
    assert (fault.met, fault.fired) == (1, 1)
    assert bench.account.requests("cancel")[0].fault == kind


@pytest.mark.parametrize("status", [429, 502, 503, 504, 520, 525])
@pytest.mark.parametrize("acts", [False, True])
def test_a_page_of_the_edge_is_html_and_the_exchange_acts_only_if_told(bench: Bench, status: int, acts: bool) -> None:
    bench.account.fault("edge", status=status, acts=acts)
    reply = bench.cancel()
    assert reply.status == status
    assert reply.header("Content-Type") == "text/html"
    assert reply.body.startswith(f"<html>\r\n<head><title>{status} ".encode())
    assert bench.acted is acts


ROWS = {
    "bybit": ("SERVER_ERROR", 200, b'"retCode":131200,"retMsg":"server err "'),
    "okx": ("PARAMETER_EMPTY", 400, b'{"code":"50014","data":[],"msg":"Parameter  can not be empty."}'),
    "kraken": ("SERVICE_UNAVAILABLE", 200, b'{"error":["EService:Unavailable"]}'),
    "alphapoint": (
        "SERVER_ERROR",
        200,
        b'{"result":false,"errormsg":"Server Error","errorcode":102,"detail":null}',
    ),
}


@pytest.mark.parametrize("acts", [False, True])
def test_any_error_row_answers_in_the_exchanges_own_shape(bench: Bench, acts: bool) -> None:
    row, status, body = ROWS[bench.play.exchange]
    bench.account.fault("error", row=row, acts=acts, endpoint="cancel")
    reply = bench.cancel()
    assert reply.status == status
    assert body in reply.body
    assert bench.acted is acts
    assert bench.account.requests("cancel")[0].fault == "error"


def test_every_row_of_the_exchange_can_be_a_fault(bench: Bench) -> None:
    exchange = next(exchange for exchange in exchanges if exchange.name == bench.play.exchange)
    for row in exchange.unknowns.rows.values():
        bench.account.fault("error", row=row.name)
        assert bench.cancel().status == row.status
    assert not bench.acted


def test_a_service_mode_is_an_error_for_every_call_until_it_is_forgotten(bench: Bench) -> None:
    row, _, body = ROWS[bench.play.exchange]
    fault = bench.account.fault("error", row=row, times=None)
    for _ in range(3):
        assert body in bench.cancel().body
    fault.times = fault.fired
    assert body not in bench.cancel().body
    assert bench.acted


def test_a_garbled_body_has_its_length_and_nothing_reads_it(bench: Bench) -> None:
    bench.account.fault("garbled_body")
    reply, expected = bench.cancel(), calm(bench.play.exchange)
    assert reply.status == expected.status
    assert len(reply.body) == len(expected.body)
    with pytest.raises(UnicodeDecodeError):
        reply.body.decode()
    assert bench.acted


def test_a_wrong_content_type_is_on_the_right_body(bench: Bench) -> None:
    bench.account.fault("wrong_content_type", content_type="text/plain")
    reply = bench.cancel()
    assert reply.header("Content-Type") == "text/plain"
    assert [name.lower() for name, _ in reply.headers].count("content-type") == 1
    assert bench.acted


def test_a_delay_is_beyond_the_patience_of_a_client_and_the_exchange_has_acted() -> None:
    bench = Bench("bybit")
    bench.account.fault("delay", seconds=30, times=2)
    session = requests.Session()
    session.mount("https://", bench.simulator.requests_adapter())
    call = bench.call(bench.play.cancel)
    with pytest.raises(requests.ReadTimeout):
        session.post("https://x" + call.target, call.body, headers=dict(call.headers), timeout=10)
    assert bench.acted
    late = session.post("https://x" + call.target, call.body, headers=dict(call.headers), timeout=(1, 60))
    assert late.json()["retCode"] == 131099


def test_on_a_socket_half_a_body_is_an_incomplete_read_and_a_delay_is_waited_for() -> None:
    with Simulator() as simulator, simulator.bybit.account() as account:
        account.fault("half_body")
        account.fault("delay", seconds=0.01)
        headers = {"X-BAPI-API-KEY": account.api_key}
        connection = http.client.HTTPConnection("127.0.0.1", simulator.port, timeout=10)
        connection.request("POST", "/v5/asset/withdraw/cancel", b"{}", headers)
        with pytest.raises(http.client.IncompleteRead) as broken:
            connection.getresponse().read()
        assert broken.value.partial.startswith(b'{"retCode":10001,')
        connection.close()
        connection.request("POST", "/v5/asset/withdraw/cancel", b"{}", headers)
        assert connection.getresponse().read().endswith(b"}")
        connection.close()


def test_a_fault_meets_its_endpoint_its_number_and_its_account_alone(bench: Bench) -> None:
    other = bench.simulator.exchange(bench.play.exchange).account()
    bench.account.fault("close_before", endpoint="list")
    second = bench.account.fault("close_before", endpoint="cancel", nth=2)
    elsewhere = other.fault("close_before", times=None)
    bench.cancel()
    with pytest.raises(ReplyLost):
        bench.cancel()
    bench.cancel()
    assert (second.met, second.fired) == (3, 1)
    assert (elsewhere.met, elsewhere.fired) == (0, 0)


def test_a_share_is_drawn_by_seed(bench: Bench) -> None:
    def happened(seed: int) -> list[bool]:
        simulator = Simulator(seed=seed)
        account = simulator.exchange(bench.play.exchange).account("mine")
        fault = account.fault("close_before", share=0.5, times=None)
        return [fault.meets("cancel") for _ in range(64)]

    first = happened(1)
    assert first == happened(1)
    assert first != happened(2)
    assert 16 < sum(first) < 48


def test_an_exchanges_fault_meets_what_belongs_to_no_account(bench: Bench) -> None:
    fault = bench.simulator.exchange(bench.play.exchange).fault("close_before", times=None)
    path = next(exchange for exchange in exchanges if exchange.name == bench.play.exchange).roots[0] + "nothing"
    with pytest.raises(ReplyLost):
        bench.simulator.answer(Request("GET", path))
    bench.cancel()
    assert (fault.fired, bench.acted) == (1, True)


@pytest.mark.parametrize(
    ("kind", "options", "sentence"),
    [
        ("loose_reply", {}, "there is no fault 'loose_reply'; did you mean 'lose_reply'"),
        ("delay", {}, "the fault 'delay' needs the option 'seconds'"),
        ("delay", {"seconds": 0}, "faults: option 'seconds' must be a number greater than 0"),
        ("delay", {"seconds": 1, "row": "X"}, "the fault 'delay' has no option 'row'; known are seconds"),
        ("edge", {"status": 418}, "the edge has no page 418; known are 429, 502, 503, 504, 520, 525"),
        ("error", {"row": "SERVER_EROR"}, "bybit has no error row 'SERVER_EROR'; did you mean 'SERVER_ERROR'"),
        ("lose_reply", {"endpoint": "cancle"}, "bybit has no endpoint 'cancle'; did you mean 'cancel'"),
        ("lose_reply", {"share": 2}, "faults: option 'share' must be a number of at most 1"),
        ("lose_reply", {"often": True}, "faults have no option 'often'; "),
    ],
)
def test_a_fault_that_could_never_happen_is_refused(kind: str, options: dict[str, Any], sentence: str) -> None:
    bench = Bench("bybit")
    with pytest.raises(Misuse) as told:
        bench.account.fault(kind, **options)
    assert str(told.value).startswith(sentence)
