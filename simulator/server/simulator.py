"""`Simulator`, the object that a test or a program holds: a server in a thread, and the way to its exchanges."""

from __future__ import annotations

import threading
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from simulator.core.clock import Clock
from simulator.core.journal import Journal
from simulator.core.message import Reply, Request
from simulator.core.misuse import Misuse, shown
from simulator.server import transports
from simulator.server.exchange_handle import ExchangeHandle
from simulator.server.hosting import Host
from simulator.server.inprocess import ReplyLost, SocketHandle
from simulator.service import Service, operations
from simulator.service.listed import exchange_named

if TYPE_CHECKING:
    import httpx
    from requests.adapters import BaseAdapter


class Simulator:
    """One server with all four exchanges.

        with Simulator() as sim:
            with sim.bybit.account(balances={"USDT": "100"}) as account:
                withdrawal = account.withdrawal("USDT", "10")

    `port` 0 takes a free one; `tls` adds a listener with TLS (extra `tls`). `seed` decides every generated id and
    credential. `clock` replaces the server clock, for runs in process only (SDKs sign with the real time); `skew_ms`
    puts every exchange's that many ms off (negative: behind), until an exchange or an account says otherwise (`set`).
    Raises Misuse for what none of these can be; entering it does when the address cannot be had.
    """

    def __init__(
        self,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        tls: bool = False,
        tls_port: int = 0,
        seed: int = 0,
        clock: Clock | None = None,
        skew_ms: int = 0,
    ) -> None:
        self.service = Service(seed=seed, clock=clock)
        for name in self.service.worlds if skew_ms else ():
            operations.change_exchange(self.service, name, {"skew_ms": skew_ms})
        for name, given in {"port": port, "tls_port": tls_port}.items():
            if isinstance(given, bool) or not isinstance(given, int):
                raise Misuse(f"{name} {shown(given)} must be a number from 0 to 65535")
        if not isinstance(tls, bool):
            raise Misuse(f"tls {shown(tls)} must be true or false")
        if tls_port and not tls:
            raise Misuse(f"tls_port {tls_port} is given without tls=True")
        if not isinstance(host, str):
            raise Misuse(f"host {shown(host)} must be an address or a name, such as '127.0.0.1'")
        self._host_name = host
        self._asked_port = port
        self._asked_tls_port = tls_port if tls else None
        self._host: Host | None = None
        self._turning = threading.RLock()  # one start or stop at a time, whichever threads ask for them
        self.bybit = ExchangeHandle(self, "bybit")
        self.okx = ExchangeHandle(self, "okx")
        self.kraken = ExchangeHandle(self, "kraken")
        self.alphapoint = ExchangeHandle(self, "alphapoint")

    @property
    def url(self) -> str:
        """Where the server listens, such as `http://127.0.0.1:40123`. Raises Misuse when it is not running."""
        if self._host is None:
            raise Misuse("the simulator is not running: use it in a with statement or call start()")
        return self._host.url

    @property
    def tls_url(self) -> str:
        """Where it listens with TLS, such as `https://127.0.0.1:40124`. Raises Misuse when it does not."""
        if self._host is None or self._host.tls_url is None:
            raise Misuse("the simulator does not listen with TLS: make it with tls=True and start it")
        return self._host.tls_url

    @property
    def tls_ca_file(self) -> Path:
        """The authority's certificate (PEM) that clients of `tls_url` must trust. Raises Misuse when there is none."""
        if self._host is None or self._host.tls_ca_file is None:
            raise Misuse("the simulator does not listen with TLS: make it with tls=True and start it")
        return self._host.tls_ca_file

    @property
    def port(self) -> int:
        """The port it listens on; 0 when it is not running."""
        return self._host.port if self._host else 0

    def start(self) -> Self:
        """Listen, in a thread of its own. Does nothing when it runs already. Raises Misuse."""
        with self._turning:
            if self._host is None:
                host = Host(self.service, self._host_name, self._asked_port, self._asked_tls_port)
                host.start()
                self._host = host
        return self

    def stop(self) -> None:
        """End every connection. Accounts stay, so that they can be looked at afterwards."""
        with self._turning:
            host, self._host = self._host, None
            if host is not None:
                host.stop()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    async def __aenter__(self) -> Self:
        return self.start()

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def exchange(self, name: str) -> ExchangeHandle:
        """An exchange by name. Raises Misuse."""
        handle: ExchangeHandle = getattr(self, exchange_named(name).name)
        return handle

    @property
    def journal(self) -> Journal:
        """What was asked at paths that no exchange has, newest last; the rest is in the exchanges' journals."""
        return self.service.journal

    def answer(self, request: Request) -> Reply:
        """One turn without a socket, for property tests: the reply to `request`, at once even if a fault delays it.

        Raises ReplyLost when a fault keeps the reply, or a part of it, from its client, Misuse for what is no Request.
        """
        if not isinstance(request, Request):
            raise Misuse(f"answer takes a Request, such as Request('GET', '/v5/market/time'), not {shown(request)}")
        delivery = self.service.turn(request)
        reply = delivery.reply if delivery.cut_at is None else None
        if reply is None:
            raise ReplyLost("a fault broke the connection before the reply was complete")
        return reply

    def requests_adapter(self) -> BaseAdapter:
        """A transport adapter for `requests` sessions: every request is answered here, without a socket."""
        return transports.requests_adapter(self.service)

    def httpx_transport(self) -> httpx.BaseTransport:
        """A transport for `httpx.Client` and `httpx.AsyncClient`: every request is answered here, without a socket."""
        return transports.httpx_transport(self.service)

    def open_socket(self, target: str) -> SocketHandle:
        """A WebSocket without a socket: `target` is the path, such as `/WSGateway/`. Raises Misuse."""
        return SocketHandle(self.service, target)
