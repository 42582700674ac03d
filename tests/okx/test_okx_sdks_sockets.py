"""The unmodified WebSocket clients: python-okx over TLS, which is all that it speaks, and okx-api from npm."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from simulator import Simulator

NODE = Path(__file__).parent.parent / "node"

needs_node = pytest.mark.skipif(
    not shutil.which("node") or not (NODE / "node_modules" / "okx-api").is_dir(),
    reason="needs node and `npm install` in tests/node",
)

PYTHON_OKX = """
import asyncio, json, sys
from okx.websocket.WsPrivateAsync import WsPrivateAsync

# subscribe() sends its login, sleeps 5 s instead of waiting for the answer, and subscribes. The server answers frames
# in their order, so the sleep has no effect here but time; nothing else in the process is made faster.
sleep = asyncio.sleep
asyncio.sleep = lambda delay, result=None: sleep(0 if delay == 5 else delay, result)

async def main(key, secret, passphrase, url):
    socket = WsPrivateAsync(key, passphrase, secret, url)
    await socket.start()
    await socket.subscribe([{"channel": "withdrawal-info"}], lambda frame: print(frame, flush=True))
    while line := await asyncio.get_running_loop().run_in_executor(None, sys.stdin.readline):
        await socket.subscribe(json.loads(line), lambda frame: print(frame, flush=True))
    await socket.stop()

asyncio.run(main(*sys.argv[1:]))
"""

OKX_API = """
import { createInterface } from 'node:readline';
import { WebsocketClient } from 'okx-api';

const [apiKey, apiSecret, apiPass, wsUrl, early] = process.argv.slice(1);
const quiet = { trace() {}, info() {}, error() {} };
const client = new WebsocketClient({ accounts: [{ apiKey, apiSecret, apiPass }], wsUrl }, quiet);
const say = (kind) => (event) => console.log(JSON.stringify({ kind, event }));
client.on('update', say('update'));
client.on('response', say('response'));
client.on('exception', say('exception'));
const lines = createInterface({ input: process.stdin });
lines.on('close', () => { client.closeAll(true); process.exit(0); });
// It never settles when the login fails: its user hears of that by the event alone.
if (!early) await client.connectWSAPI();
client.subscribe({ channel: 'withdrawal-info' });
"""


@contextmanager
def running(command: list[str], **options: Any) -> Iterator[subprocess.Popen[str]]:
    """A process that talks over its standard streams and ends when its input does."""
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with subprocess.Popen(command, text=True, **pipes, **options) as process:  # type: ignore[call-overload]
        try:
            yield process
            _, errors = process.communicate(timeout=30)
            assert process.returncode == 0, errors
        finally:
            process.kill()


def next_line(process: subprocess.Popen[str]) -> dict[str, Any]:
    assert process.stdout is not None
    line = process.stdout.readline()
    assert line, process.communicate(timeout=10)
    document: dict[str, Any] = json.loads(line)
    return document


def secrets(account: Any) -> list[str]:
    return [account.api_key, account.api_secret, account.passphrase]


@contextmanager
def python_okx(simulator: Simulator, account: Any) -> Iterator[subprocess.Popen[str]]:
    url = simulator.tls_url.replace("https", "wss") + "/ws/v5/business"
    environment = {**os.environ, "SSL_CERT_FILE": str(simulator.tls_ca_file)}
    command = [sys.executable, "-c", PYTHON_OKX, *secrets(account), url]
    with running(command, env=environment) as process:
        yield process


def test_python_okx_hears_of_a_cancel_until_it_is_done() -> None:
    with Simulator(tls=True) as simulator:
        account = simulator.okx.account(balances={"BTC": "10"})
        with python_okx(simulator, account) as process:
            assert next_line(process)["event"] == "login"
            assert next_line(process)["arg"] == {"channel": "withdrawal-info"}
            made = account.withdrawal("BTC", "1")
            pushed = next_line(process)
            assert pushed["arg"] == {"channel": "withdrawal-info", "uid": account.credentials["user_id"]}
            assert (pushed["data"][0]["wdId"], pushed["data"][0]["state"]) == (made.id, "0")
            made.event("cancel")
            assert next_line(process)["data"][0]["state"] == "-3"
            account.advance(seconds=10)
            assert next_line(process)["data"][0]["state"] == "-2"


def test_python_okx_logs_in_again_with_every_subscription_and_stays_connected() -> None:
    with Simulator(tls=True) as simulator:
        account = simulator.okx.account(balances={"BTC": "10"})
        with python_okx(simulator, account) as process:
            assert [next_line(process)["event"] for _ in range(2)] == ["login", "subscribe"]
            assert process.stdin is not None
            process.stdin.write('[{"channel": "deposit-info"}]\n')
            process.stdin.flush()
            assert next_line(process)["code"] == "60031"
            assert next_line(process)["arg"] == {"channel": "deposit-info"}


def test_python_okx_hands_the_notice_of_a_service_upgrade_to_its_callback() -> None:
    with Simulator(tls=True) as simulator:
        account = simulator.okx.account(balances={"BTC": "10"})
        with python_okx(simulator, account) as process:
            assert [next_line(process)["event"] for _ in range(2)] == ["login", "subscribe"]
            account.set(behavior={"socket.upgrade_after_ms": 1})
            account.withdrawal("BTC", "1")
            notice = next_line(process)
            assert list(notice) == ["event", "msg", "code", "connId"]
            assert (notice["event"], notice["code"]) == ("notice", "64008")
            assert next_line(process)["data"][0]["state"] == "0"


def test_python_okx_with_a_wrong_secret_is_told_so_and_then_to_log_in() -> None:
    with Simulator(tls=True) as simulator:
        account = simulator.okx.account()
        account.api_secret = "wrong"
        with python_okx(simulator, account) as process:
            told = [next_line(process) for _ in range(2)]
            assert [(one["msg"], one["code"]) for one in told] == [
                ("Invalid sign", "60007"),
                ("Please log in", "60011"),
            ]


@contextmanager
def okx_api(simulator: Simulator, account: Any, *more: str) -> Iterator[subprocess.Popen[str]]:
    url = simulator.url.replace("http", "ws") + "/ws/v5/business"
    command = ["node", "--input-type=module", "-e", OKX_API, *secrets(account), url, *more]
    with running(command, cwd=NODE) as process:
        yield process


def until(process: subprocess.Popen[str], kind: str) -> dict[str, Any]:
    """The next event of a kind."""
    while True:
        line = next_line(process)
        if line["kind"] == kind:
            event: dict[str, Any] = line["event"]
            return event


@needs_node
def test_okx_api_hears_of_a_cancel_until_it_is_done(simulator: Simulator) -> None:
    account = simulator.okx.account(balances={"BTC": "10"})
    with okx_api(simulator, account) as process:
        while until(process, "response").get("event") != "subscribe":
            pass
        made = account.withdrawal("BTC", "1")
        pushed = until(process, "update")
        assert (pushed["data"][0]["wdId"], pushed["data"][0]["state"]) == (made.id, "0")
        made.event("cancel")
        assert until(process, "update")["data"][0]["state"] == "-3"
        account.advance(seconds=10)
        assert until(process, "update")["data"][0]["state"] == "-2"


@needs_node
def test_okx_api_subscribes_without_a_login_unless_it_was_connected_first(simulator: Simulator) -> None:
    # withdrawal-info is in okx-api's list of business channels, not in that of private ones.
    with okx_api(simulator, simulator.okx.account(), "early") as process:
        told = until(process, "exception")
        assert (told["msg"], told["code"]) == ("Please log in", "60011")


@needs_node
def test_okx_api_with_a_wrong_secret_raises_an_exception_event(simulator: Simulator) -> None:
    account = simulator.okx.account()
    account.api_secret = "wrong"
    with okx_api(simulator, account) as process:
        told = until(process, "exception")
        assert (told["event"], told["msg"], told["code"]) == ("error", "Invalid sign", "60007")


async def test_a_socket_is_closed_after_the_notice_of_a_service_upgrade(simulator: Simulator) -> None:
    simulator.okx.set(behavior={"socket.upgrade_after_ms": 1, "socket.upgrade_closes_ms": 1})
    url = simulator.url.replace("http", "ws") + "/ws/v5/business"
    async with aiohttp.ClientSession() as session, session.ws_connect(url) as socket:
        heard = []
        while not heard or heard[-1].type is aiohttp.WSMsgType.TEXT:
            if not any("notice" in one.data for one in heard):
                await socket.send_str("ping")
            heard.append(await socket.receive(timeout=30))
        assert (heard[-1].data, heard[-1].extra) == (1001, "Going away")


async def test_a_silent_socket_is_closed_with_4004_over_the_wire(simulator: Simulator) -> None:
    simulator.okx.set(behavior={"socket.idle_ms": 1})
    url = simulator.url.replace("http", "ws") + "/ws/v5/business"
    async with aiohttp.ClientSession() as session, session.ws_connect(url) as socket:
        closing = await socket.receive(timeout=30)
        assert (closing.data, closing.extra) == (4004, "No data received in 30s.")
