"""Nothing hangs at the end, also when sockets are open and faults are sleeping; the suite's timeout is the clock."""

from __future__ import annotations

import gc
import json
import signal
import socket
import subprocess
import sys
import threading
from pathlib import Path

import pytest
import requests
from websockets.sync.client import connect

from contracts.dialects import bybit
from contracts.wire import HttpCall
from simulator import Simulator

COMMAND = [sys.executable, "-c", "import sys; from simulator.cli import main; sys.exit(main())"]


def cancel(url: str, credentials: dict[str, str], now_ms: int, ended: list[object]) -> None:
    """A cancel whose answer never comes; what its client sees stands in `ended`."""
    call = bybit.signed(HttpCall("POST", "/v5/asset/withdraw/cancel", (), b'{"id":"1"}'), credentials, now_ms)
    try:
        requests.post(url + call.target, data=call.body, headers=dict(call.headers), timeout=100)
    except requests.ConnectionError as error:
        ended.append(error)


def test_a_stop_ends_sleeping_faults_and_open_sockets() -> None:
    simulator = Simulator().start()
    account = simulator.bybit.account()
    account.fault("delay", seconds=3600)
    asked, ended = threading.Event(), []
    simulator.service.listeners.append(lambda *_: asked.set())
    client = threading.Thread(
        target=cancel, args=(simulator.url, account.credentials, simulator.service.clock.now_ns() // 1_000_000, ended)
    )
    client.start()
    assert asked.wait(60)
    with (
        connect(simulator.url.replace("http", "ws") + "/WSGateway/") as one,
        connect(simulator.url.replace("http", "ws") + "/ws/v5/business") as other,
        socket.create_connection(("127.0.0.1", simulator.port)),
    ):
        simulator.stop()
        client.join()
        assert len(ended) == 1
        for opened in (one, other):
            with pytest.raises(Exception, match=r"1001|going away|no close frame"):
                opened.recv()
    assert simulator.service.sockets == []
    assert not [thread for thread in threading.enumerate() if thread.name == "exchange-simulator"]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_serve_ends_when_told_though_faults_sleep_and_sockets_are_open(tmp_path: Path, number: int) -> None:
    ready = tmp_path / "ready.json"
    process = subprocess.Popen(
        [*COMMAND, "serve", "--port", "0", "--ready-file", str(ready)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        while not ready.exists():
            assert process.poll() is None
        document = json.loads(ready.read_text())
        url, account = document["url"], document["accounts"][0]
        mine = f"{url}/_control/accounts/{account['id']}"
        requests.post(f"{mine}/faults", json={"kind": "delay", "seconds": 3600}, timeout=10).raise_for_status()
        now_ms, ended = requests.get(mine, timeout=10).json()["now_ms"], []
        client = threading.Thread(target=cancel, args=(url, account["credentials"], now_ms, ended))
        client.start()
        while not requests.get(f"{mine}/faults", timeout=10).json()["faults"][0]["fired"]:
            pass
        with connect(url.replace("http", "ws") + "/WSGateway/"):
            process.send_signal(number)
            _, err = process.communicate(timeout=60)
        client.join()
        assert process.returncode == 0
        assert "Traceback" not in err
        assert len(ended) == 1
    finally:
        process.kill()
        process.wait()


def test_a_program_that_forgets_to_stop_its_simulator_ends_all_the_same() -> None:
    program = (
        "from simulator import Simulator\n"
        "import socket\n"
        "simulator = Simulator().start()\n"
        "client = socket.create_connection(('127.0.0.1', simulator.port))\n"
        "client.sendall(b'GET /WSGateway/ HTTP/1.1\\r\\nHost: x\\r\\nUpgrade: websocket\\r\\n'\n"
        "    b'Connection: Upgrade\\r\\n'\n"
        "    b'Sec-WebSocket-Version: 13\\r\\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\\r\\n\\r\\n')\n"
        "print(client.recv(12).decode(), flush=True)\n"
    )
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=False)
    assert (ended.returncode, ended.stdout) == (0, "HTTP/1.1 101\n")


def test_a_connection_that_comes_as_the_server_stops_is_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    forgotten: list[object] = []
    monkeypatch.setattr(sys, "unraisablehook", lambda told: forgotten.append(told.exc_value))
    for _ in range(30):
        simulator = Simulator().start()
        clients = [socket.create_connection(("127.0.0.1", simulator.port)) for _ in range(3)]
        simulator.stop()
        for client in clients:
            client.close()
    gc.collect()
    assert forgotten == []
