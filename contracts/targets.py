"""What cases are held against: the simulator in this process, or a server with the control surface somewhere else."""

from __future__ import annotations

import asyncio
import http.client
import json
from typing import Any, Protocol
from urllib.parse import quote, urlsplit

from contracts.wire import Credentials, HttpCall, HttpReply


class TargetDown(Exception):
    """The target cannot be used at all; the sentence says why."""


class TargetAccount(Protocol):
    """An account on the target, made for one case."""

    credentials: Credentials

    def withdrawal(self, options: dict[str, Any]) -> str:
        """Make a withdrawal; returns the id that the cancel call takes."""
        ...

    def event(self, withdrawal: str, event: str) -> None: ...

    def advance(self, seconds: int) -> None: ...

    def delete(self) -> None: ...


class Target(Protocol):
    """Something that answers as an exchange, and where accounts can be made."""

    name: str

    def account(self, exchange: str, options: dict[str, Any]) -> TargetAccount: ...

    def send(self, call: HttpCall) -> HttpReply: ...

    def converse(self, target: str, frames: list[str]) -> list[str]:
        """Send frames on a fresh WebSocket; the frames that came back until the socket fell silent."""
        ...


class InProcess:
    """The simulator in this process, without a socket."""

    name = "in process"

    def __init__(self) -> None:
        from simulator import Simulator

        self._simulator = Simulator()

    def account(self, exchange: str, options: dict[str, Any]) -> TargetAccount:
        return _InProcessAccount(self._simulator.exchange(exchange).account(**options))

    def send(self, call: HttpCall) -> HttpReply:
        from simulator import Request

        reply = self._simulator.answer(Request(call.method, call.target, call.headers, call.body))
        return HttpReply(reply.status, reply.headers, reply.body)

    def converse(self, target: str, frames: list[str]) -> list[str]:
        socket = self._simulator.open_socket(target)
        return [answer for frame in frames for answer in socket.send(frame)]


class _InProcessAccount:
    def __init__(self, account: Any) -> None:
        self._account = account
        self.credentials: Credentials = account.credentials

    def withdrawal(self, options: dict[str, Any]) -> str:
        return str(self._account.withdrawal(**options).id)

    def event(self, withdrawal: str, event: str) -> None:
        next(one for one in self._account.withdrawals if one.id == withdrawal).event(event)

    def advance(self, seconds: int) -> None:
        self._account.advance(seconds=seconds)

    def delete(self) -> None:
        self._account.delete()


class OverHttp:
    """A simulator that runs elsewhere, driven through its control surface. `url` as `serve` prints it."""

    name = "over HTTP"

    def __init__(self, url: str, timeout_s: float = 10.0) -> None:
        try:
            parts = urlsplit(url)
            host, port = parts.hostname or "", 80 if parts.port is None else parts.port
            host.encode("idna")
        except ValueError:  # brackets that do not close, a port that is no number, a name that IDNA refuses
            host, port = "", 0
        if not url.lower().startswith("http://") or not host or not port:
            raise TargetDown(f"target {url!r} is not an address such as http://127.0.0.1:8080")
        self._host, self._port, self._timeout_s = host, port, timeout_s
        self._url = url.rstrip("/")
        self.control("GET", "health")

    def account(self, exchange: str, options: dict[str, Any]) -> TargetAccount:
        return _RemoteAccount(self, self.control("POST", "accounts", {"exchange": exchange, **options}))

    def control(self, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
        """A call of the control surface; its JSON answer. Raises TargetDown with the problem's sentence."""
        data = b"" if body is None else json.dumps(body).encode()
        headers = (("Content-Type", "application/json"),) if data else ()
        reply = self.send(HttpCall(method, "/_control/" + path, headers, data))
        try:
            document = json.loads(reply.body) if reply.body else None
        except ValueError:
            raise TargetDown(f"{self._url} has no control surface: {method} {path} answered no JSON") from None
        if reply.status >= 400:
            told = document.get("detail") if isinstance(document, dict) else document
            raise TargetDown(f"{method} {path}: {told}")
        return document

    def send(self, call: HttpCall) -> HttpReply:
        try:
            connection = http.client.HTTPConnection(self._host, self._port, timeout=self._timeout_s)
        except http.client.HTTPException as error:
            raise TargetDown(f"{self._url} is not an address such as http://127.0.0.1:8080: {error}") from None
        try:
            connection.putrequest(call.method, call.target, skip_accept_encoding=True)
            for name, value in call.headers:
                connection.putheader(name, value.encode())
            if call.body or call.method == "POST":
                connection.putheader("Content-Length", str(len(call.body)))
            connection.endheaders(call.body or None)
            reply = connection.getresponse()
            return HttpReply(reply.status, tuple(reply.getheaders()), reply.read())
        except OSError as error:
            raise TargetDown(f"{self._url} does not answer: {error}") from None
        except http.client.HTTPException as error:
            raise TargetDown(f"{self._url} does not speak HTTP: {error!r}") from None
        finally:
            connection.close()

    def converse(self, target: str, frames: list[str]) -> list[str]:
        return asyncio.run(self._converse(target, frames))

    async def _converse(self, target: str, frames: list[str]) -> list[str]:
        import aiohttp

        heard: list[str] = []
        url = f"ws://{self._host}:{self._port}{target}"
        try:
            async with aiohttp.ClientSession() as session, session.ws_connect(url, autoping=False) as socket:
                for frame in frames:
                    await socket.send_str(frame)
                # A server answers in order, so what comes before the pong to this ping is all there is to hear.
                await socket.ping()
                async with asyncio.timeout(self._timeout_s):
                    async for message in socket:
                        if message.type is aiohttp.WSMsgType.PONG:
                            return heard
                        heard.append(str(message.data))
        except (aiohttp.ClientError, TimeoutError) as error:
            raise TargetDown(f"{url} does not speak WebSocket: {error!r}") from None
        raise TargetDown(f"{url} closed the WebSocket after {len(heard)} frames")


class _RemoteAccount:
    def __init__(self, target: OverHttp, document: dict[str, Any]) -> None:
        self._target = target
        self._path = "accounts/" + quote(document["id"])
        self.credentials: Credentials = document["credentials"]

    def withdrawal(self, options: dict[str, Any]) -> str:
        return str(self._target.control("POST", self._path + "/withdrawals", options)["id"])

    def event(self, withdrawal: str, event: str) -> None:
        self._target.control("POST", f"{self._path}/withdrawals/{quote(withdrawal)}/events", {"event": event})

    def advance(self, seconds: int) -> None:
        self._target.control("POST", self._path + "/advance", {"seconds": seconds})

    def delete(self) -> None:
        self._target.control("DELETE", self._path)
