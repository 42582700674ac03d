"""Unmodified SDKs in process: the adapter for requests and the transports for httpx."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from itertools import islice
from typing import Any

import httpx
import pytest
import requests
from hypothesis import given
from hypothesis import strategies as st
from krakenex import API
from pybit.unified_trading import HTTP
from urllib3 import Timeout
from urllib3.exceptions import HTTPError

from simulator import Request, Simulator
from simulator.core.faults import KINDS


@given(amounts=st.lists(st.integers(1, 100), min_size=1, max_size=4))
def test_pybit_cancels_in_process_whatever_host_it_asks_for(amounts: list[int]) -> None:
    simulator = Simulator()
    account = simulator.bybit.account()
    client = HTTP(api_key=account.api_key, api_secret=account.api_secret)
    client.client.mount("https://", simulator.requests_adapter())
    for amount in amounts:
        withdrawal = account.withdrawal("USDT", amount)
        assert client.cancel_withdrawal(id=withdrawal.id)["result"] == {"status": 1}
    assert account.balance("USDT").available == 10_000


def test_a_form_body_and_its_headers_arrive_as_requests_prepared_them() -> None:
    simulator = Simulator()
    account = simulator.kraken.account()
    withdrawal = account.withdrawal("USDT", "10")
    client = API(account.api_key, account.api_secret)
    client.session.mount("https://", simulator.requests_adapter())
    assert client.query_private("WithdrawCancel", {"asset": "USDT", "refid": withdrawal.id})["result"] is True
    request = account.requests("cancel")[0].request
    assert isinstance(request, Request)
    assert request.target == "/0/private/WithdrawCancel"
    assert request.header("Content-Type") == "application/x-www-form-urlencoded"


@pytest.mark.parametrize("body", [b"raw", "text", iter([b"in ", b"parts"])], ids=["bytes", "text", "parts"])
def test_every_kind_of_body_arrives_as_its_bytes(body: object) -> None:
    simulator = Simulator()
    session = requests.Session()
    session.mount("http://", simulator.requests_adapter())
    answer = session.post("http://any.host/v5/nothing?a=b%20c", data=body)
    assert (answer.status_code, answer.content) == (404, b"")
    assert answer.headers["Server"] == "Openresty"
    request = next(iter(simulator.bybit.journal)).request
    assert isinstance(request, Request)
    assert request.body in (b"raw", b"text", b"in parts")
    assert request.target == "/v5/nothing?a=b%20c"


Client = Callable[[str, dict[str, str], float, Simulator | None], Iterator[Any]]
"""A GET with headers by a client that waits so many seconds, in process if it is given a simulator for that: what the
client sees, bit by bit.
"""


def by_requests(*, stream: bool) -> Client:
    def ask(url: str, headers: dict[str, str], wait_s: float, near: Simulator | None) -> Iterator[Any]:
        with requests.Session() as session:
            if near is not None:
                session.mount("http://", near.requests_adapter())
            with session.get(url, headers=headers, timeout=(10, wait_s), stream=stream) as answer:
                yield answer.status_code, answer.reason, answer.headers["Content-Type"], answer.raw.version
                yield digitless(answer.content)

    return ask


def by_httpx(*, stream: bool) -> Client:
    def ask(url: str, headers: dict[str, str], wait_s: float, near: Simulator | None) -> Iterator[Any]:
        options: dict[str, Any] = {"headers": headers, "timeout": httpx.Timeout(10, read=wait_s)}
        with httpx.Client(transport=None if near is None else near.httpx_transport(), **options) as client:
            asked = client.build_request("GET", url)
            with closing(client.send(asked, stream=stream)) as answer:
                yield answer.status_code, answer.reason_phrase, answer.headers["Content-Type"], answer.http_version
                yield digitless(answer.read())

    return ask


def by_httpx_async(*, stream: bool) -> Client:
    async def gather(url: str, headers: dict[str, str], wait_s: float, near: Simulator | None, seen: list[Any]) -> None:
        transport: Any = None if near is None else near.httpx_transport()
        async with httpx.AsyncClient(transport=transport, timeout=httpx.Timeout(10, read=wait_s)) as client:
            answer = await client.send(client.build_request("GET", url, headers=headers), stream=stream)
            try:
                seen.append((answer.status_code, answer.reason_phrase, answer.headers["Content-Type"]))
                seen.append(digitless(await answer.aread()))
            finally:
                await answer.aclose()

    def ask(url: str, headers: dict[str, str], wait_s: float, near: Simulator | None) -> Iterator[Any]:
        seen: list[Any] = []
        try:
            asyncio.run(gather(url, headers, wait_s, near, seen))
        finally:
            yield from seen

    return ask


def digitless(content: bytes) -> bytes:
    """A body without what the time makes of it."""
    return re.sub(rb"[0-9]", b"#", content)


def seen_by(client: Client, account: Any, url: str, near: Simulator | None, wait_s: float) -> list[Any]:
    """All that the client sees of a list of withdrawals; an error as its type and sentence."""
    seen: list[Any] = []
    try:
        path = "/v5/asset/withdraw/query-record"
        seen += client(url + path, {"X-BAPI-API-KEY": account.api_key}, wait_s, near)
    except (requests.RequestException, httpx.HTTPError) as error:
        # Of a read that timed out httpx says nothing where it is asynchronous.
        seen.append((type(error), str(error) or "timed out", error.request is not None))
    return seen


OPTIONS = {"delay": {"seconds": 60}, "error": {"row": "SERVER_ERROR"}}


@pytest.mark.parametrize("stream", [False, True], ids=["whole", "stream"])
@pytest.mark.parametrize("make", [by_requests, by_httpx, by_httpx_async])
@pytest.mark.parametrize("kind", [kind.name for kind in KINDS if "request" in kind.places])
def test_a_fault_reaches_a_client_in_process_as_it_does_over_http(
    simulator: Simulator, kind: str, make: Callable[..., Client], stream: bool
) -> None:
    seen = []
    for near in (None, Simulator()):
        account = (near or simulator).bybit.account()
        account.withdrawal("USDT", "10")
        fault = account.fault(kind, **OPTIONS.get(kind, {}))
        wait_s = 0.05 if kind == "delay" else 10
        seen.append(seen_by(make(stream=stream), account, simulator.url, near, wait_s))
        assert fault.fired == 1
    over_http, in_process = seen
    assert in_process == over_http


READERS: dict[str, Callable[[requests.Response], Iterable[Any]]] = {
    "iter_content(None)": lambda answer: answer.iter_content(None),
    "iter_content(7)": lambda answer: answer.iter_content(7),
    "iter_lines(None)": lambda answer: answer.iter_lines(chunk_size=None),
    "iter_lines(7)": lambda answer: answer.iter_lines(chunk_size=7),
    "raw.stream(None)": lambda answer: answer.raw.stream(None),
    "raw.stream(7)": lambda answer: answer.raw.stream(7),
    "raw.read()": lambda answer: iter(answer.raw.read, b""),
    "raw.read(7)": lambda answer: iter(lambda: answer.raw.read(7), b""),
    "raw.read1(7)": lambda answer: iter(lambda: answer.raw.read1(7), b""),
    "raw": lambda answer: answer.raw,
}
"""Ways to read a body bit by bit."""


def at_most(times: int, read: Callable[..., bytes]) -> Callable[..., bytes]:
    """`read`, but for a body that never ends: a reader that waits for its end must not hang here."""
    left = iter(range(times))

    def counted(*args: Any, **options: Any) -> bytes:
        assert next(left, None) is not None, f"read {times} times and still no end"
        return read(*args, **options)

    return counted


@pytest.mark.parametrize("read", READERS.values(), ids=READERS)
@pytest.mark.parametrize("path", ["/v5/market/time", "/v5/nothing"], ids=["body", "no body"])
@pytest.mark.parametrize("kind", [None, "half_body"])
def test_a_body_is_read_bit_by_bit_in_process_as_it_is_over_http(
    simulator: Simulator, kind: str | None, path: str, read: Callable[[requests.Response], Iterable[Any]]
) -> None:
    seen: list[list[Any]] = []
    for near in (None, Simulator()):
        if kind is not None:
            (near or simulator).bybit.fault(kind)
        bits: list[Any] = []
        with requests.Session() as session:
            if near is not None:
                session.mount("http://", near.requests_adapter())
            with session.get(simulator.url + path, stream=True, timeout=10) as answer:
                answer.raw.read = at_most(1000, answer.raw.read)
                try:
                    bits += map(digitless, islice(read(answer), 1000))
                except (requests.RequestException, HTTPError) as error:
                    bits.append((type(error), str(error)))
                bits.append(answer.raw.closed)
        seen.append(bits)
    over_http, in_process = seen
    assert in_process == over_http
    assert len(in_process) < 1000


async def test_httpx_answers_in_process_both_ways() -> None:
    simulator = Simulator()
    transport = simulator.httpx_transport()
    with httpx.Client(transport=transport) as client:
        plain = client.get("https://www.okx.com/api/v5/public/time", params={"a": "b c"})
    assert isinstance(transport, httpx.AsyncBaseTransport)
    async with httpx.AsyncClient(transport=transport) as client:
        waited = await client.get("https://www.okx.com/api/v5/public/time")
    assert plain.status_code == waited.status_code == 200
    assert set(plain.json()) == set(waited.json()) == {"code", "data", "msg"}


@pytest.mark.parametrize(
    ("kind", "error", "calls"),
    [
        ("lose_reply", "InvalidRequestError", ["cancel", "cancel"]),
        ("close_before", None, ["cancel", "cancel"]),
        ("half_body", "ChunkedEncodingError", ["cancel"]),
    ],
)
@pytest.mark.parametrize("is_near", [False, True], ids=["over http", "in process"])
def test_a_client_tries_again_in_process_where_it_does_over_http(
    simulator: Simulator, is_near: bool, kind: str, error: str | None, calls: list[str]
) -> None:
    account = simulator.bybit.account()
    withdrawal = account.withdrawal("USDT", "10")
    account.fault(kind, endpoint="cancel")
    client = HTTP(
        api_key=account.api_key, api_secret=account.api_secret, force_retry=True, max_retries=3, retry_delay=0
    )
    if is_near:
        client.client.mount("https://", simulator.requests_adapter())
    else:
        client.endpoint = simulator.url
    raised = None
    try:
        client.cancel_withdrawal(id=withdrawal.id)
    except Exception as caught:
        raised = type(caught).__name__
    assert (raised, account.calls) == (error, calls)
    assert withdrawal.state == "CancelByUser"


@pytest.mark.parametrize("timeout", [5, (None, 5), Timeout(5), Timeout(connect=1, read=5)], ids=str)
def test_a_late_reply_is_a_read_timeout_however_requests_is_told_to_wait(timeout: Any) -> None:
    simulator = Simulator()
    simulator.bybit.fault("delay", seconds=6)
    simulator.bybit.fault("delay", seconds=4, nth=2)
    with requests.Session() as session:
        session.mount("https://", simulator.requests_adapter())
        with pytest.raises(requests.ReadTimeout, match=r"'api.bybit.com', port=443.*\(read timeout=[45]"):
            session.get("https://api.bybit.com/v5/market/time", timeout=timeout)
        assert session.get("https://api.bybit.com/v5/market/time", timeout=timeout).status_code == 200
        simulator.bybit.fault("delay", seconds=3600)
        assert session.get("https://api.bybit.com/v5/market/time", timeout=Timeout()).status_code == 200


def test_the_answer_to_head_has_no_body_in_process_either() -> None:
    simulator = Simulator()
    with requests.Session() as session, httpx.Client(transport=simulator.httpx_transport()) as client:
        session.mount("https://", simulator.requests_adapter())
        answers = [one.head("https://www.okx.com/api/v5/public/time") for one in (session, client)]
    assert [(one.content, int(one.headers["Content-Length"]) > 0) for one in answers] == [(b"", True), (b"", True)]
