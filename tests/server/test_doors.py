"""What a socket can carry: every byte arrives as sent, and nothing a client does becomes an error of ours."""

from __future__ import annotations

import asyncio
import http.client
import socket
import threading
from concurrent.futures import ThreadPoolExecutor
from unittest.mock import Mock

import aiohttp
import pytest
import requests

from contracts.dialects import alphapoint, bybit
from contracts.wire import HttpCall
from simulator import Misuse, Reply, Request, Simulator
from simulator.server import conversation, doors

CANCEL = "/v5/asset/withdraw/cancel"


def raw(simulator: Simulator, data: bytes, *, leaves: bool = False) -> bytes:
    """What the server sends back until it closes the connection; a client that `leaves` says no more after `data`."""
    with socket.create_connection(("127.0.0.1", simulator.port), timeout=10) as connection:
        connection.sendall(data)
        if leaves:
            connection.shutdown(socket.SHUT_WR)
        received = b""
        while chunk := connection.recv(65536):
            received += chunk
    return received


def last_request(simulator: Simulator) -> Request:
    request = list(simulator.bybit.journal)[-1].request
    assert isinstance(request, Request)
    return request


def test_target_headers_and_body_arrive_byte_for_byte(simulator: Simulator) -> None:
    raw(
        simulator,
        b"POST /v5//x%2By+z?a=%2c&&b=c+d&e? HTTP/1.1\r\nHost: x\r\nX-Twice: 1\r\nx-twice: 2\r\n"
        b"Content-Length: 4\r\nConnection: close\r\n\r\n\xff\x00 {",
    )
    request = last_request(simulator)
    assert request.target == "/v5//x%2By+z?a=%2c&&b=c+d&e?"
    assert request.headers[1:3] == (("X-Twice", "1"), ("x-twice", "2"))
    assert request.body == b"\xff\x00 {"
    assert request.peer == "127.0.0.1"


def test_a_lone_question_mark_is_kept(simulator: Simulator) -> None:
    raw(simulator, b"GET /v5/x? HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
    assert last_request(simulator).target == "/v5/x?"


def test_the_absolute_form_of_a_target_is_read_as_its_path(simulator: Simulator) -> None:
    raw(simulator, b"GET http://api.bybit.com/v5/x?y=1 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
    assert last_request(simulator).target == "/v5/x?y=1"


def test_a_false_content_encoding_is_not_an_error_of_ours(simulator: Simulator) -> None:
    headers = {"Content-Encoding": "gzip", "Content-Type": "application/json"}
    answer = requests.post(simulator.url + CANCEL, data=b"not gzip", headers=headers, timeout=10)
    assert answer.status_code == 200
    assert answer.json()["retCode"] == 10001
    assert last_request(simulator).body == b"not gzip"


def test_a_body_of_ten_megabytes_is_refused_and_the_server_goes_on(simulator: Simulator) -> None:
    answer = requests.post(simulator.url + CANCEL, data=b"x" * 10_000_000, timeout=10)
    assert answer.status_code == 413
    assert requests.get(simulator.url + "/v5/market/time", timeout=10).status_code == 200


@pytest.mark.parametrize(
    "data",
    [
        b"\r\n\r\n",
        b"GET\r\n\r\n",
        b"GET / HTTP/9.9\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        b"GET /v5/market/time HTTP/1.1\r\nHost: x\r\nX: " + b"a" * 20_000 + b"\r\n\r\n",
        b"POST /v5/x HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
        b"POST /v5/x HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
    ],
    ids=["empty", "no target", "bad version", "TLS", "long header", "negative length", "bad chunk"],
)
def test_malformed_http_is_answered_with_400_or_a_closed_connection(
    simulator: Simulator, data: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", "exchange_simulator.http")
    answer = raw(simulator, data, leaves=True)
    assert answer == b"" or answer.startswith((b"HTTP/1.1 400 ", b"HTTP/1.0 400 "))
    assert not [record for record in caplog.records if record.exc_info]
    assert all(record.message.startswith("malformed HTTP from a client: ") for record in caplog.records)
    assert requests.get(simulator.url + "/v5/market/time", timeout=10).status_code == 200


def test_a_client_that_expects_100_continue_is_told_to_go_on(simulator: Simulator) -> None:
    answer = raw(
        simulator,
        b"POST /v5/x HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}",
    )
    assert answer.startswith(b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 404 ")


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS", "HEAD", "PROPFIND"])
def test_another_method_is_answered_by_the_exchange(simulator: Simulator, method: str) -> None:
    assert requests.request(method, simulator.url + CANCEL, timeout=10).status_code == 404


def test_a_path_of_no_exchange_is_answered_in_one_clear_sentence(simulator: Simulator) -> None:
    answer = requests.get(simulator.url + "/v4/x", timeout=10)
    assert answer.status_code == 404
    assert answer.headers["Content-Type"] == "application/problem+json"
    detail = answer.json()["detail"]
    assert detail.startswith("no exchange has the path '/v4/x'; paths begin with /v5/, ")
    assert detail.endswith(" or /_control/")


def test_a_reply_has_the_headers_of_the_exchange_and_none_of_aiohttp(simulator: Simulator) -> None:
    answer = requests.get(simulator.url + "/v5/market/time", timeout=10)
    assert answer.headers["Server"] == "Openresty"
    assert "Python" not in str(answer.headers)
    control = requests.get(simulator.url + "/_control/health", timeout=10)
    assert "Server" not in control.headers


def test_a_lost_reply_breaks_the_connection_after_the_act(simulator: Simulator) -> None:
    with simulator.bybit.account() as account:
        withdrawal = account.withdrawal("USDT", "10")
        account.fault("lose_reply", endpoint="cancel")
        bare = HttpCall("POST", CANCEL, (), b'{"id":"%s"}' % withdrawal.id.encode())
        call = bybit.signed(bare, account.credentials, account.now_ms)
        connection = http.client.HTTPConnection("127.0.0.1", simulator.port, timeout=10)
        connection.request(call.method, call.target, call.body, dict(call.headers))
        with pytest.raises(ConnectionError):
            connection.getresponse()
        connection.close()
        assert withdrawal.state == "CancelByUser"
        assert account.requests("cancel")[0].fault == "lose_reply"


def test_two_racing_cancels_are_accepted_exactly_once(simulator: Simulator) -> None:
    with simulator.bybit.account() as account:
        withdrawal = account.withdrawal("USDT", "10")
        start = threading.Barrier(8)

        def cancel(_: int) -> int:
            bare = HttpCall("POST", CANCEL, (), b'{"id":"%s"}' % withdrawal.id.encode())
            call = bybit.signed(bare, account.credentials, account.now_ms)
            start.wait()
            answer = requests.post(simulator.url + call.target, call.body, headers=dict(call.headers), timeout=10)
            code: int = answer.json()["retCode"]
            return code

        with ThreadPoolExecutor(8) as pool:
            codes = sorted(pool.map(cancel, range(8)))
        assert codes == [0] + [131099] * 7
        assert account.balance("USDT").available == 10_000


def test_a_synchronous_client_works_inside_the_users_event_loop() -> None:
    async def main() -> int:
        async with Simulator() as running:
            return requests.get(running.url + "/v5/market/time", timeout=10).status_code

    assert asyncio.run(main()) == 200


def test_connections_above_the_limit_are_closed_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doors, "connection_limit", 3)
    with Simulator() as running:
        kept = [socket.create_connection(("127.0.0.1", running.port), timeout=10) for _ in range(3)]
        for one in kept:
            one.sendall(b"GET /v5/market/time HTTP/1.1\r\nHost: x\r\n\r\n")
            assert one.recv(16) == b"HTTP/1.1 200 OK\r"
        with socket.create_connection(("127.0.0.1", running.port), timeout=10) as refused:
            assert refused.recv(16) == b""
        for one in kept:
            one.close()


def test_the_server_stops_while_connections_and_websockets_are_open() -> None:
    with Simulator() as running:
        idle = socket.create_connection(("127.0.0.1", running.port), timeout=10)
        half = socket.create_connection(("127.0.0.1", running.port), timeout=10)
        half.sendall(b"POST /v5/x HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nhalf")
        upgraded = socket.create_connection(("127.0.0.1", running.port), timeout=10)
        upgraded.sendall(
            b"GET /WSGateway/ HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
        )
        assert upgraded.recv(12) == b"HTTP/1.1 101"
    for one in (idle, half, upgraded):
        one.close()


def test_a_second_server_on_the_same_port_is_refused_in_one_sentence(simulator: Simulator) -> None:
    with pytest.raises(Misuse, match=rf"^cannot listen on 127\.0\.0\.1:{simulator.port}: .*choose another address"):
        Simulator(port=simulator.port).start()


@pytest.mark.parametrize("port", [-1, 65536])
def test_a_port_that_cannot_be_is_refused(port: int) -> None:
    with pytest.raises(Misuse, match=f"port {port} must be a number from 0 to 65535"):
        Simulator(port=port).start()


class TestWebSocket:
    """The door of frames; what the frames say is tested with their exchange."""

    @staticmethod
    async def _talk(url: str, *frames: str | bytes) -> list[str]:
        async with aiohttp.ClientSession() as session, session.ws_connect(url, autoping=False) as open_socket:
            for frame in frames:
                await (open_socket.send_str(frame) if isinstance(frame, str) else open_socket.send_bytes(frame))
            await open_socket.ping()
            heard = []
            async for message in open_socket:
                if message.type is aiohttp.WSMsgType.PONG:
                    break
                heard.append(message.data)
            return heard

    async def test_frames_are_answered_in_order_and_binary_ones_not_at_all(self, simulator: Simulator) -> None:
        ping = '{"m":0,"i":%d,"n":"Ping","o":"{}"}'
        heard = await self._talk(
            simulator.url.replace("http", "ws") + "/WSGateway/", ping % 2, b"\x00\x01", "no json", ping % 4
        )
        assert heard == [
            '{"m":1,"i":2,"n":"Ping","o":"{\\"msg\\":\\"PONG\\"}"}',
            '{"m":1,"i":4,"n":"Ping","o":"{\\"msg\\":\\"PONG\\"}"}',
        ]

    async def test_no_compression_is_negotiated(self, simulator: Simulator) -> None:
        url = simulator.url.replace("http", "ws") + "/WSGateway/"
        async with aiohttp.ClientSession() as session, session.ws_connect(url, compress=15) as open_socket:
            assert open_socket.compress == 0

    @pytest.mark.parametrize(("frame", "accepted"), [("x" * (1024 * 1024), 4), ("x", 1000)], ids=["size", "frames"])
    async def test_a_client_that_reads_nothing_is_cut_off(
        self, simulator: Simulator, frame: str, accepted: int
    ) -> None:
        transport = Mock()
        talk = conversation.Conversation(simulator.service, Mock(transport=transport))
        for _ in range(accepted):
            talk._enqueue(frame)
        assert not transport.abort.called
        talk._enqueue(frame)
        assert transport.abort.called

    async def test_a_frame_above_the_limit_closes_the_socket(self, simulator: Simulator) -> None:
        url = simulator.url.replace("http", "ws") + "/WSGateway/"
        async with aiohttp.ClientSession() as session, session.ws_connect(url) as open_socket:
            await open_socket.send_str("x" * (conversation.frame_limit + 1))
            message = await open_socket.receive()
            assert message.type is aiohttp.WSMsgType.CLOSE
            assert message.data == 1009

    @pytest.mark.parametrize("at", ["push", "frame"])
    async def test_a_socket_that_a_fault_breaks_ends_without_a_word(self, simulator: Simulator, at: str) -> None:
        url = simulator.url.replace("http", "ws") + "/WSGateway/"
        with simulator.alphapoint.account() as account:
            withdrawal = account.withdrawal("USDT", "10")
            async with aiohttp.ClientSession() as session, session.ws_connect(url) as open_socket:
                await open_socket.send_str(alphapoint.hello(account.credentials))
                await open_socket.receive_str()
                owner = f'{{\\"OMSId\\":1,\\"AccountId\\":{account.credentials["account_id"]}}}'
                subscribe = f'{{"m":0,"i":2,"n":"SubscribeAccountEvents","o":"{owner}"}}'
                if at == "push":
                    account.fault("break_at_push")
                    await open_socket.send_str(subscribe)
                    assert "Subscribed" in await open_socket.receive_str()
                    withdrawal.event("confirm")
                else:
                    account.fault("close_before", endpoint="subscribe")
                    await open_socket.send_str(subscribe)
                message = await open_socket.receive()
                assert message.type is aiohttp.WSMsgType.CLOSED
                assert open_socket.close_code == 1006
            assert account.unfired == []

    def test_a_handshake_without_its_key_is_refused(self, simulator: Simulator) -> None:
        headers = {"Upgrade": "websocket", "Connection": "Upgrade", "Sec-WebSocket-Version": "13"}
        answer = requests.get(simulator.url + "/WSGateway/", headers=headers, timeout=10)
        assert answer.status_code == 400
        assert "handshake" in answer.text.lower()

    def test_an_upgrade_where_no_socket_is_is_answered_as_http(self, simulator: Simulator) -> None:
        headers = {"Upgrade": "websocket", "Connection": "Upgrade"}
        answer = requests.get(simulator.url + "/v5/nothing", headers=headers, timeout=10)
        assert answer.status_code == 404


def test_in_process_and_over_http_answer_the_same(simulator: Simulator) -> None:
    over_http = requests.get(simulator.url + "/v5/nothing", timeout=10)
    in_process: Reply = simulator.answer(Request("GET", "/v5/nothing"))
    assert (over_http.status_code, over_http.content) == (in_process.status, in_process.body)
    assert over_http.headers["Content-Type"] == in_process.header("Content-Type")
