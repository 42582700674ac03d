"""One WebSocket to a target that stays open while other things are done; frames as they are, nothing parsed.

It has an event loop of its own, which runs only while somebody waits for something.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, TypeVar

from contracts import interrupts
from contracts.targets.connection import Connection
from contracts.targets.target import Limited, ReplyLost, TargetDown

if TYPE_CHECKING:
    import aiohttp  # only those who speak WebSocket wait for it

Result = TypeVar("Result")


class WebSocket:
    """A WebSocket of the server that `connection` is to. `closed`: close code and reason, once the server ended it.

    A server in one piece answers in order, so what comes before the pong to a ping is all there is to hear. Where
    pushes come from elsewhere they may be later than that: a `patient` one waits for those that are expected.
    Raises TargetDown when none opens, Limited when there are too many.
    """

    def __init__(self, connection: Connection, target: str, *, patient: bool = False) -> None:
        import aiohttp

        host = f"[{connection.host}]" if ":" in connection.host else connection.host
        self.url = f"{'wss' if connection.secure else 'ws'}://{host}:{connection.port}{target}"
        self.closed = ""
        self._timeout_s = connection.timeout_s
        self._patient = patient
        self._kinds = aiohttp.WSMsgType
        self._broken = (aiohttp.ClientError, ConnectionError)
        self._runner = asyncio.Runner()
        try:
            self._session, self._socket = self._wait(self._opened, "does not open")
        except (aiohttp.ClientError, ConnectionError) as error:
            self._runner.close()
            if isinstance(error, aiohttp.WSServerHandshakeError) and error.status == 429:
                raise Limited(f"{self.url} takes no more connections now: 429") from None
            raise TargetDown(f"{self.url} does not speak WebSocket: {_answer(error)}") from None
        except BaseException:
            self._runner.close()
            raise

    def send(self, frame: str) -> None:
        """Send a frame. Raises ReplyLost when the connection is gone."""
        self._told(lambda: self._socket.send_str(frame))

    def heard(self, expected: int = 0) -> list[str]:
        """What has come since the last look. Raises ReplyLost when the connection broke, TargetDown when nothing tells
        that this is all.
        """
        heard: list[str] = []
        self._told(lambda: self._until_pong(heard))
        if self._patient and len(heard) < expected:
            self._told(lambda: self._until(heard, expected))
            self._told(lambda: self._until_pong(heard))
        return heard

    def close(self) -> None:
        try:
            self._wait(self._leave, "does not close")
        except (*self._broken, TargetDown):
            pass  # it is gone, or it does not care
        finally:
            self._runner.close()

    async def _opened(self) -> tuple[aiohttp.ClientSession, aiohttp.ClientWebSocketResponse]:
        import aiohttp

        trace = aiohttp.TraceConfig()
        trace.on_request_redirect.append(_refuse)
        session = aiohttp.ClientSession(trace_configs=[trace])
        try:
            return session, await session.ws_connect(self.url, autoping=False)
        except BaseException:
            await session.close()
            raise

    async def _leave(self) -> None:
        try:
            if not interrupts.asked():  # else nobody waits for the other side
                await self._socket.close()
        finally:
            await self._session.close()

    async def _until_pong(self, heard: list[str]) -> None:
        if self.closed:
            return
        await self._socket.ping()
        while not self.closed and await self._next(heard) is not self._kinds.PONG:
            pass

    async def _until(self, heard: list[str], expected: int) -> None:
        try:
            async with asyncio.timeout(self._timeout_s / 2):
                while len(heard) < expected and not self.closed:
                    await self._next(heard)
        except TimeoutError:
            return  # what is missing is for whoever compares

    async def _next(self, heard: list[str]) -> aiohttp.WSMsgType:
        message = await self._socket.receive()
        if message.type is self._kinds.CLOSE:
            self.closed = f"{message.data} {message.extra or ''}".rstrip()
        elif message.type in (self._kinds.TEXT, self._kinds.BINARY):
            heard.append(str(message.data))
        elif message.type not in (self._kinds.PONG, self._kinds.PING):
            raise ConnectionError("the connection is gone")
        return message.type

    def _told(self, asked: Callable[[], Awaitable[None]]) -> None:
        """Do something and wait for its end. Raises ReplyLost, TargetDown."""
        try:
            self._wait(asked, "fell silent: no answer to the frames and no pong")
        except self._broken as error:
            raise ReplyLost(f"{self.url} closed the WebSocket: {error!r}") from None

    def _wait(self, asked: Callable[[], Awaitable[Result]], otherwise: str) -> Result:
        async def in_time() -> Result:
            async with asyncio.timeout(self._timeout_s):
                return await asked()

        try:
            with interrupts.at_once():
                return self._runner.run(in_time())
        except TimeoutError:
            raise TargetDown(f"{self.url} {otherwise} within {self._timeout_s:g} s") from None


def _answer(error: Exception) -> str:
    """What came instead of a WebSocket. The errors of aiohttp show the whole request with its headers."""
    import aiohttp

    if isinstance(error, aiohttp.WSServerHandshakeError):
        why = f" ({error.message})" if error.status == 101 else ""
        return f"the GET that asks for one was answered {error.status}{why}"
    if isinstance(error, aiohttp.ClientResponseError):
        return f"{type(error).__name__}({error.message!r})"
    return str(error) or repr(error)


async def _refuse(session: aiohttp.ClientSession, context: object, asked: aiohttp.TraceRequestRedirectParams) -> None:
    """What is meant for one server goes to no other: a login would go with it."""
    import aiohttp

    raise aiohttp.ClientError(f"it redirects to {asked.response.headers.get('Location', 'nowhere')}")
