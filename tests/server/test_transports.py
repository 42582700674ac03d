"""Unmodified SDKs in process: the adapter for requests and the transports for httpx."""

from __future__ import annotations

import httpx
import pytest
import requests
from hypothesis import given
from hypothesis import strategies as st
from krakenex import API
from pybit.unified_trading import HTTP

from simulator import Request, Simulator


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


def test_a_lost_reply_is_a_connection_error_of_requests() -> None:
    simulator = Simulator()
    account = simulator.bybit.account()
    withdrawal = account.withdrawal("USDT", "10")
    account.fault("lose_reply", endpoint="cancel")
    client = HTTP(api_key=account.api_key, api_secret=account.api_secret)
    client.client.mount("https://", simulator.requests_adapter())
    with pytest.raises(requests.ConnectionError):
        client.cancel_withdrawal(id=withdrawal.id)
    assert withdrawal.state == "CancelByUser"


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


def test_a_lost_reply_is_a_protocol_error_of_httpx() -> None:
    simulator = Simulator()
    account = simulator.okx.account()
    account.fault("lose_reply", times=None)
    url, headers = "https://www.okx.com/api/v5/asset/withdrawal-history", {"OK-ACCESS-KEY": account.api_key}
    with httpx.Client(transport=simulator.httpx_transport()) as client, pytest.raises(httpx.RemoteProtocolError):
        client.get(url, headers=headers)
