"""`exchange-simulator serve`: one account an exchange, everything a person needs to try it, and a clean end."""

from __future__ import annotations

import ipaddress
import json
import signal
import sys
import tempfile
import threading
from pathlib import Path
from typing import Any

from simulator.core.accounts import Account, Progress
from simulator.core.journal import Entry
from simulator.core.message import Frame
from simulator.core.misuse import Misuse
from simulator.server.simulator import Simulator
from simulator.service import operations, views
from simulator.service.listed import exchanges


def serve(*, host: str, port: int, tls_port: int | None, seed: int, progress: Progress, ready_file: Path | None) -> int:
    """Run until SIGINT or SIGTERM. Raises Misuse when the address or the ready file cannot be had."""
    if ready_file is not None and not ready_file.absolute().parent.is_dir():
        raise Misuse(f"the ready file's folder {str(ready_file.absolute().parent)!r} does not exist; create it first")
    ended = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda _number, _frame: ended.set())
    simulator = Simulator(host=host, port=port, tls=tls_port is not None, tls_port=tls_port or 0, seed=seed)
    with simulator:
        if not _is_loopback(host):
            _say(f"warning: {host} can be reached from other machines, and /_control/ is open to whoever reaches it")
        ready = _prepare(simulator, progress)
        if tls_port is not None:
            ready |= {"tls_url": simulator.tls_url, "tls_ca_file": str(simulator.tls_ca_file)}
            print(f"with TLS: {simulator.tls_url}, trust {simulator.tls_ca_file}", flush=True)
        if ready_file is not None:
            _write(ready_file, ready)
        simulator.service.listeners.append(_log)
        _wait(ended)
    print("stopped", flush=True)
    return 0


def _wait(ended: threading.Event) -> None:
    """Until told to end. A bare `wait()` cannot be interrupted everywhere, so it wakes up now and then."""
    while not ended.wait(1.0):
        pass


def _prepare(simulator: Simulator, progress: Progress) -> dict[str, Any]:
    """One ready account an exchange with one pending withdrawal: printed, and returned for the ready file."""
    documents = []
    print(f"exchange-simulator listens on {simulator.url}   (Ctrl-C stops it)\n")
    for exchange in exchanges:
        options = {"progress": progress, "limits": True}
        opened = operations.create_account(simulator.service, exchange.name, options)
        pending = operations.create_withdrawal(simulator.service, opened.account.id, {"asset": "USDT", "amount": "10"})
        document = views.opened(exchange, opened.key, simulator.url)
        documents.append({**document, "withdrawals": [views.withdrawal(pending)]})
        print(exchange.title)
        for name, value in document["credentials"].items():
            print(f"  {name:<11} {value}")
        print(f"  {'pending':<11} {pending.id}   (10 USDT)")
        print(f"  cancel it:  {exchange.onboarding.paste(simulator.url, opened.key, pending)}\n")
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


def _log(exchange: str, account: Account | None, entry: Entry) -> None:
    """One line a turn: who asked what, what was answered, and why it was refused."""
    request = entry.request
    asked = request.text if isinstance(request, Frame) else f"{request.method} {request.target}"
    answered = f"{len(entry.frames)} frames" if entry.reply is None else str(entry.reply.status)
    line = f"{account.id if account else exchange or '-'}  {asked[:120]}  {answered}"
    if entry.refused is not None:
        line += f"  {entry.refused.row} ({entry.refused.condition}): {entry.refused.because}"
    if entry.fault is not None:
        line += f"  fault: {entry.fault}"
    _say(views.line(line, account).encode("utf-8", "backslashreplace").decode())


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
