"""python-okx, OKX V5 over WebSocket: it speaks wss only, so the simulator listens with TLS (extra `tls`).

The client's `subscribe` sends its login, sleeps five seconds and subscribes.
"""

import asyncio
import json
import os

from okx.websocket.WsPrivateAsync import WsPrivateAsync

from simulator import Simulator


async def listen(sim: Simulator) -> list[str]:
    """The states of one withdrawal, as they are pushed."""
    account = sim.okx.account()
    frames: asyncio.Queue[str] = asyncio.Queue()
    os.environ["SSL_CERT_FILE"] = str(sim.tls_ca_file)
    url = sim.tls_url.replace("https", "wss") + "/ws/v5/business"

    socket = WsPrivateAsync(account.api_key, account.passphrase, account.api_secret, url)

    await socket.start()
    await socket.subscribe([{"channel": "withdrawal-info"}], frames.put_nowait)
    assert [json.loads(await frames.get())["event"] for _ in range(2)] == ["login", "subscribe"]
    withdrawal = account.withdrawal("USDT", "10")
    withdrawal.event("cancel")
    states = [json.loads(await frames.get())["data"][0]["state"] for _ in range(2)]
    await socket.stop()
    return states


with Simulator(tls=True) as sim:
    assert asyncio.run(listen(sim)) == ["0", "-3"]
