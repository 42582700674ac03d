"""A server in a thread of its own, with an event loop of its own.

Always a thread, also under `async with`: a synchronous SDK called in the user's loop would wait for a server that the
same loop cannot run.
"""

from __future__ import annotations

import asyncio
import threading

from simulator.core.misuse import AlreadyThere, Misuse
from simulator.server.doors import Doors
from simulator.service import Service


class Host:
    """Starts and stops the doors of a service. Not reusable: one start, one stop."""

    def __init__(self, service: Service, host: str, port: int) -> None:
        self._doors = Doors(service)
        self._host = host
        self._asked_port = port
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stopped: asyncio.Event | None = None
        self._ready = threading.Event()
        self._error: OSError | OverflowError | None = None
        self._thread = threading.Thread(target=self._run, name="exchange-simulator", daemon=True)
        self.port = 0

    @property
    def url(self) -> str:
        return self._doors.url

    def start(self) -> None:
        """Listen. Raises Misuse when the address cannot be had."""
        self._thread.start()
        self._ready.wait()
        if self._error is not None:
            self._thread.join()
            where = f"{self._host}:{self._asked_port}"
            if isinstance(self._error, OverflowError):
                raise Misuse(f"port {self._asked_port} must be a number from 0 to 65535")
            reason = self._error.strerror or str(self._error)
            raise AlreadyThere(f"cannot listen on {where}: {reason}; choose another address, or port 0 for a free one")

    def stop(self) -> None:
        """End every connection and the thread."""
        if self._loop is not None and self._stopped is not None and self._thread.is_alive():
            self._loop.call_soon_threadsafe(self._stopped.set)
        self._thread.join()

    def _run(self) -> None:
        asyncio.run(self._serve())

    async def _serve(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._stopped = asyncio.Event()
        try:
            self.port = await self._doors.open(self._host, self._asked_port)
        except (OSError, OverflowError) as error:
            self._error = error
            return
        finally:
            self._ready.set()
        await self._stopped.wait()
        await self._doors.close()
