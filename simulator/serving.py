"""`exchange-simulator serve`: one account an exchange, everything a person needs to try it, and a clean end."""

from __future__ import annotations

import json
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from simulator import config, files, logs, state
from simulator.config import Declared
from simulator.core.accounts import Progress
from simulator.core.book import Withdrawal
from simulator.core.lifecycle import held_stages
from simulator.server.control import is_local
from simulator.server.simulator import Simulator
from simulator.service import operations, views
from simulator.service.listed import exchanges
from simulator.service.operations import Opened

_READY_FILE = "ready file"


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What `serve` was asked for."""

    host: str
    port: int
    tls_port: int | None
    config: Path | None
    state: Path | None = None
    seed: int
    progress: Progress
    ready_file: Path | None
    log: Literal["text", "json"]


def serve(settings: Settings) -> int:
    """Run until SIGINT or SIGTERM. Raises Misuse when an address or a file cannot be had."""
    ready_file = settings.ready_file
    if ready_file is not None:
        _clear(ready_file)
    simulator = Simulator(
        host=settings.host,
        port=settings.port,
        tls=settings.tls_port is not None,
        tls_port=settings.tls_port or 0,
        seed=settings.seed,
    )
    declared = _declare(simulator, settings)
    logs.setup(settings.log)
    simulator.service.listeners.append(logs.listener(simulator.service))
    with _told_to_end() as ended, simulator:
        warning = exposure(settings.host)
        if warning:
            print(warning, file=sys.stderr, flush=True)
        ready = _show(simulator, declared)
        if settings.tls_port is not None:
            ready |= {"tls_url": simulator.tls_url, "tls_ca_file": str(simulator.tls_ca_file)}
            print(f"with TLS: {simulator.tls_url}, trust {simulator.tls_ca_file}", flush=True)
        if ready_file is not None:
            files.write(ready_file, json.dumps(ready, indent=2), _READY_FILE)
        _wait(ended)
    if settings.state is not None:
        print(f"{state.save(simulator.service, settings.state)} accounts are in {settings.state}", flush=True)
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
    """The accounts of the state file, then those that the config file declares and the state has not.

    Without either, an account an exchange with a pending withdrawal.
    """
    service, defaults = simulator.service, {"progress": settings.progress, "limits": True}
    kept = None if settings.state is None else state.load(service, settings.state)
    declared = [Declared(opened, _under_way(opened)) for opened in kept or ()]
    if settings.config is not None:
        known = None if settings.state is None else [opened.account.id for opened in kept or ()]
        return declared + config.declare(service, settings.config, defaults, known)
    if kept is not None:
        return declared
    for exchange in exchanges:
        opened = operations.create_account(service, exchange.name, defaults)
        pending = operations.create_withdrawal(service, opened.account.id, {"asset": "USDT", "amount": "10"})
        declared.append(Declared(opened, (pending,)))
    return declared


def _under_way(opened: Opened) -> tuple[Withdrawal, ...]:
    """The withdrawals of a kept account that have not come to an end."""
    return tuple(withdrawal for withdrawal in opened.account.book if withdrawal.stage in held_stages)


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
    if not declared:
        print(f"there are no accounts yet; make them with POST {simulator.url}/_control/accounts\n")
    sys.stdout.flush()
    return {"url": simulator.url, "accounts": documents}


def _clear(path: Path) -> None:
    """Remove the ready file of an earlier run: whoever waits for it must not meet that one. Raises Misuse."""
    files.check(path, _READY_FILE)
    with files.writing(path, _READY_FILE):
        path.unlink(missing_ok=True)


def exposure(host: str) -> str | None:
    """The warning that listening on `host` deserves; None for an address that only this machine reaches."""
    if is_local(host):
        return None
    return f"warning: {host} can be reached from other machines, and /_control/ is open to whoever reaches it"
