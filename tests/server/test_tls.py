"""The second listener, with TLS."""

from __future__ import annotations

import builtins
import socket
import ssl
from typing import Any

import aiohttp
import pytest
import requests

from simulator import Misuse, Simulator


def test_http_and_websocket_answer_with_tls_as_without() -> None:
    with Simulator(tls=True) as simulator:
        ca_file = simulator.tls_ca_file
        plain = requests.get(simulator.url + "/v5/nothing", timeout=10)
        secure = requests.get(simulator.tls_url + "/v5/nothing", timeout=10, verify=str(ca_file))
        assert (plain.status_code, plain.content) == (secure.status_code, secure.content)
        named = simulator.tls_url.replace("127.0.0.1", "localhost")
        assert requests.get(named + "/_control/health", timeout=10, verify=str(ca_file)).status_code == 200
    assert not ca_file.exists()


async def test_a_websocket_opens_over_tls() -> None:
    async with Simulator(tls=True) as simulator:
        context = ssl.create_default_context(cafile=str(simulator.tls_ca_file))
        url = simulator.tls_url.replace("https", "wss") + "/WSGateway/"
        async with aiohttp.ClientSession() as session, session.ws_connect(url, ssl=context) as open_socket:
            await open_socket.send_str('{"m":0,"i":2,"n":"Ping","o":"{}"}')
            assert await open_socket.receive_str() == '{"m":1,"i":2,"n":"Ping","o":"{\\"msg\\":\\"PONG\\"}"}'


def test_without_the_extra_one_sentence_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    imported = builtins.__import__

    def without(name: str, *arguments: Any) -> Any:
        if name == "trustme":
            raise ImportError(name)
        return imported(name, *arguments)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(Misuse, match=r"^TLS needs the extra 'tls': pip install 'exchange-simulator\[tls\]'$"):
        Simulator(tls=True).start()


def test_a_name_that_no_certificate_can_carry_is_told_in_one_sentence() -> None:
    with pytest.raises(Misuse) as told:
        Simulator(host="a..b", tls=True).start()
    assert str(told.value) == ("no certificate can be made for host 'a..b': Empty Label; choose another address")


def test_a_simulator_without_tls_says_how_to_have_it() -> None:
    with Simulator() as simulator:
        for wrong in ("tls_url", "tls_ca_file"):
            with pytest.raises(Misuse, match="make it with tls=True and start it"):
                getattr(simulator, wrong)


def test_a_tls_port_that_is_taken_is_told_and_nothing_stays_open() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(Misuse, match=rf"^cannot listen on 127\.0\.0\.1:0 and {port}: "):
            Simulator(tls=True, tls_port=port).start()
