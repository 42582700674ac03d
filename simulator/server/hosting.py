"""A server in a thread of its own, with an event loop of its own.

Always a thread, also under `async with`: a synchronous SDK called in the user's loop would wait for a server that the
same loop cannot run.
"""

from __future__ import annotations

import asyncio
import threading
from pathlib import Path

from simulator.core.misuse import AlreadyThere, Misuse, brief, shown
from simulator.server.doors import Doors
from simulator.server.tls import Certificate, certificate
from simulator.service import Service


class Host:
    """Starts and stops the doors of a service. Not reusable: one start, one stop."""

    def __init__(self, service: Service, host: str, port: int, tls_port: int | None = None) -> None:
        self._doors = Doors(service)
        self._host = host
        self._asked_port = port
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stopped: asyncio.Event | None = None
        self._ready = threading.Event()
        self._error: Exception | None = None
        self._thread = threading.Thread(target=self._run, name="exchange-simulator", daemon=True)
        self._tls_port = tls_port
        self._certificate: Certificate | None = None
        self.port = 0
        self.tls_url: str | None = None

    @property
    def url(self) -> str:
        return self._doors.url

    @property
    def tls_ca_file(self) -> Path | None:
        return self._certificate.ca_file if self._certificate else None

    def start(self) -> None:
        """Listen. Raises Misuse when the address or a certificate cannot be had."""
        if self._tls_port is not None:
            self._certificate = certificate(self._host)
        self._thread.start()
        self._ready.wait()
        if self._error is not None:
            self._end()
            raise self._told(self._error)

    def stop(self) -> None:
        """End every connection and the thread."""
        if self._loop is not None and self._stopped is not None and self._thread.is_alive():
            self._loop.call_soon_threadsafe(self._stopped.set)
        self._end()

    def _told(self, error: Exception) -> Misuse:
        """Why nothing listens, in one sentence; a host that is no name at all fails in many ways, none of them ours."""
        ports = [shown(port) for port in (self._asked_port, self._tls_port) if port is not None]
        if isinstance(error, OverflowError):
            return Misuse(f"port {' or '.join(ports)} must be a number from 0 to 65535")
        host = brief(self._host) if isinstance(self._host, str) and self._host.isprintable() else shown(self._host)
        reason = brief(" ".join(str(getattr(error, "strerror", None) or error).split()), 200)
        sentence = f"cannot listen on {host}:{' and '.join(ports)}: {reason}; choose another address"
        if isinstance(error, OSError):
            return AlreadyThere(f"{sentence}, or port 0 for a free one")
        return Misuse(f"{sentence}, such as 127.0.0.1")

    def _end(self) -> None:
        self._thread.join()
        if self._certificate is not None:
            self._certificate.forget()

    def _run(self) -> None:
        asyncio.run(self._serve())

    async def _serve(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._stopped = asyncio.Event()
        try:
            self.port = await self._doors.open(self._host, self._asked_port)
            if self._tls_port is not None and self._certificate is not None:
                self.tls_url = await self._doors.open_tls(self._host, self._tls_port, self._certificate.context)
        except Exception as error:  # kept for the thread that waits in `start`
            self._error = error
            await self._doors.close()
            return
        finally:
            self._ready.set()
        await self._stopped.wait()
        await self._doors.close()
