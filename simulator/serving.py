"""`exchange-simulator serve`: one account an exchange, everything a person needs to try it, and a clean end."""

from __future__ import annotations

import ipaddress
import json
import signal
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from simulator import config, logs
from simulator.config import Declared
from simulator.core.accounts import Progress
from simulator.core.misuse import Misuse
from simulator.server.simulator import Simulator
from simulator.service import operations, views
from simulator.service.listed import exchanges


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What `serve` was asked for."""

    host: str
    port: int
    tls_port: int | None
    config: Path | None
    seed: int
    progress: Progress
    ready_file: Path | None
    log: Literal["text", "json"]


def serve(settings: Settings) -> int:
    """Run until SIGINT or SIGTERM. Raises Misuse when an address or a file cannot be had."""
    ready_file = settings.ready_file
    if ready_file is not None and not ready_file.absolute().parent.is_dir():
        raise Misuse(f"the ready file's folder {str(ready_file.absolute().parent)!r} does not exist; create it first")
    simulator = Simulator(
        host=settings.host,
        port=settings.port,
        tls=settings.tls_port is not None,
        tls_port=settings.tls_port or 0,
        seed=settings.seed,
    )
    declared = _declare(simulator, settings)
    logs.setup(settings.log)
    simulator.service.listeners.append(logs.listener)
    with _told_to_end() as ended, simulator:
        warning = exposure(settings.host)
        if warning:
            print(warning, file=sys.stderr, flush=True)
        ready = _show(simulator, declared)
        if settings.tls_port is not None:
            ready |= {"tls_url": simulator.tls_url, "tls_ca_file": str(simulator.tls_ca_file)}
            print(f"with TLS: {simulator.tls_url}, trust {simulator.tls_ca_file}", flush=True)
        if ready_file is not None:
            _write(ready_file, ready)
        _wait(ended)
    print("stopped", flush=True)
    return 0


@contextmanager
def _told_to_end() -> Iterator[threading.Event]:
    """An event that SIGINT and SIGTERM set, as long as this lasts."""
    ended = threading.Event()
    before = {
        number: signal.signal(number, lambda _number, _frame: ended.set()) for number in (signal.SIGINT, signal.SIGTERM)
    }
    try:
        yield ended
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _wait(ended: threading.Event) -> None:
    """Until told to end. A bare `wait()` cannot be interrupted everywhere, so it wakes up now and then."""
    while not ended.wait(1.0):
        pass


def _declare(simulator: Simulator, settings: Settings) -> list[Declared]:
    """The accounts that the config file declares; without one, an account an exchange with a pending withdrawal."""
    service, defaults = simulator.service, {"progress": settings.progress, "limits": True}
    if settings.config is not None:
        return config.declare(service, settings.config, defaults)
    declared = []
    for exchange in exchanges:
        opened = operations.create_account(service, exchange.name, defaults)
        pending = operations.create_withdrawal(service, opened.account.id, {"asset": "USDT", "amount": "10"})
        declared.append(Declared(opened, (pending,)))
    return declared


def _show(simulator: Simulator, declared: list[Declared]) -> dict[str, Any]:
    """Print what a person needs to try it at once; returns the same for the ready file."""
    documents = []
    print(f"exchange-simulator listens on {simulator.url}   (Ctrl-C stops it)\n")
    for one in declared:
        exchange, key = one.opened.exchange, one.opened.key
        document = views.opened(exchange, key, simulator.url)
        documents.append({**document, "withdrawals": [views.withdrawal(withdrawal) for withdrawal in one.withdrawals]})
        print(f"{exchange.title}   ({one.opened.account.id})")
        for name, value in document["credentials"].items():
            print(f"  {name:<11} {value}")
        for withdrawal in one.withdrawals:
            amount = f"{format(withdrawal.amount, 'f')} {withdrawal.asset}"
            print(f"  {withdrawal.stage.value:<11} {withdrawal.id}   ({amount})")
        if one.withdrawals and not key.supplied:
            print(f"  cancel it:  {exchange.onboarding.paste(simulator.url, key, one.withdrawals[0])}")
        print()
    sys.stdout.flush()
    return {"url": simulator.url, "accounts": documents}


def _write(path: Path, document: dict[str, Any]) -> None:
    """Write the ready file in one step, so that nobody reads half of it. Raises Misuse."""
    try:
        with tempfile.NamedTemporaryFile("w", dir=path.absolute().parent, delete=False, suffix=".tmp") as file:
            json.dump(document, file, indent=2)
        Path(file.name).replace(path)
    except OSError as error:
        raise Misuse(f"the ready file {str(path)!r} cannot be written: {error.strerror}") from None


def exposure(host: str) -> str | None:
    """The warning that listening on `host` deserves; None for an address that only this machine reaches."""
    try:
        local = host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        local = False
    if local:
        return None
    return f"warning: {host} can be reached from other machines, and /_control/ is open to whoever reaches it"
