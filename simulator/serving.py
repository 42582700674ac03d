"""`exchange-simulator serve`: one account an exchange, everything a person needs to try it, and a clean end."""

from __future__ import annotations

import json
import logging
import signal
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any, Literal

from simulator import config, files, logs, state
from simulator.config import Declared
from simulator.core.accounts import Progress
from simulator.core.book import Withdrawal
from simulator.core.lifecycle import held_stages
from simulator.core.misuse import Misuse
from simulator.server.control import is_local
from simulator.server.simulator import Simulator
from simulator.service import operations, views
from simulator.service.listed import exchanges
from simulator.service.operations import Opened
from simulator.streams import say

_READY_FILE = "ready file"
_log = logging.getLogger("exchange_simulator.http")


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
    """Run until SIGINT, SIGTERM or SIGHUP. Raises Misuse when an address or a file cannot be had.

    Until it ends no other server may have its state file or its ready file: so an older ready file that stands at the
    start is that of an ended run, and can go before anybody waits for the new one.
    """
    _see_apart(settings)
    with ExitStack() as stack:
        if settings.state is not None:
            stack.enter_context(state.held(settings.state))
        if settings.ready_file is not None:
            stack.enter_context(files.held(settings.ready_file, _READY_FILE))
            with files.writing(settings.ready_file, _READY_FILE):
                settings.ready_file.resolve().unlink(missing_ok=True)  # a link stays one
        _run(settings)
    return 0


def _run(settings: Settings) -> None:
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
    with _told_to_end(for_good=True) as ended:  # until the state is written: a second Ctrl-C must not lose it
        with simulator:
            warning = exposure(settings.host)
            if warning:
                _log.warning("%s", warning)
            ready = _show(simulator, declared)
            if settings.tls_port is not None:
                ready |= {"tls_url": simulator.tls_url, "tls_ca_file": str(simulator.tls_ca_file)}
                say(f"with TLS: {simulator.tls_url}, trust {simulator.tls_ca_file}")
            if settings.ready_file is not None:
                files.write(settings.ready_file, json.dumps(ready, indent=2), _READY_FILE)
            _wait(ended)
        if settings.state is not None:
            saved = state.save(simulator.service, settings.state)
            say(f"{saved} {'account is' if saved == 1 else 'accounts are'} in {settings.state}")
        say("stopped")


def _see_apart(settings: Settings) -> None:
    """See that no file has two parts to play: one is removed, one replaced. Raises Misuse."""
    options = {"--ready-file": settings.ready_file, "--state": settings.state, "--config": settings.config}
    given = [(option, path) for option, path in options.items() if path is not None]
    for (one, path), (other, another) in combinations(given, 2):
        if _is_same(path, another):
            raise Misuse(f"{one} {files.named(path)} and {other} {files.named(another)} are the same file; name two")


def _is_same(path: Path, another: Path) -> bool:
    try:
        return path.resolve() == another.resolve() or path.samefile(another)
    except OSError:  # one is not there, or cannot be: what is done with it next says so
        return False


@contextmanager
def _told_to_end(*, for_good: bool = False) -> Iterator[SimpleQueue[int]]:
    """A queue that SIGINT, SIGTERM and SIGHUP put their number into, as long as this lasts. `for_good`: when it has
    ended well the process ends too, and signals that come until then are ignored, so that its status stays that of a
    clean end.

    A handler runs in the thread that waits, wherever that is: in `threading.Event`, whose lock it may hold, `set` would
    wait for ever. Putting into this queue never waits.
    """
    ended: SimpleQueue[int] = SimpleQueue()
    numbers = [signal.SIGINT, signal.SIGTERM]
    if sys.platform != "win32" and signal.getsignal(signal.SIGHUP) != signal.SIG_IGN:  # as nohup(1) has it
        numbers.append(signal.SIGHUP)
    before = {number: signal.signal(number, lambda number, _frame: ended.put(number)) for number in numbers}
    try:
        yield ended
        if for_good:
            before = dict.fromkeys(before, signal.SIG_IGN)
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _wait(ended: SimpleQueue[int]) -> None:
    """Until told to end. A bare `get()` cannot be interrupted everywhere, so it wakes up now and then."""
    while True:
        with suppress(Empty):
            ended.get(timeout=1.0)
            return


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
    say(f"exchange-simulator listens on {simulator.url}   (Ctrl-C stops it)\n")
    for one in declared:
        exchange, key = one.opened.exchange, one.opened.key
        document = views.opened(exchange, key, simulator.url)
        documents.append({**document, "withdrawals": [views.withdrawal(withdrawal) for withdrawal in one.withdrawals]})
        say(f"{exchange.title}   ({one.opened.account.id})")
        for name, value in document["credentials"].items():
            say(f"  {name:<11} {value}")
        for withdrawal in one.withdrawals:
            amount = f"{format(withdrawal.amount, 'f')} {withdrawal.asset}"
            say(f"  {withdrawal.stage.value:<11} {withdrawal.id}   ({amount})")
        if one.withdrawals and not key.supplied:
            say(f"  cancel it:  {exchange.onboarding.paste(simulator.url, key, one.withdrawals[0])}")
        say()
    if not declared:
        say(f"there are no accounts yet; make them with POST {simulator.url}/_control/accounts\n")
    return {"url": simulator.url, "accounts": documents}


def exposure(host: str) -> str | None:
    """The warning that listening on `host` deserves; None for an address that only this machine reaches."""
    if is_local(host):
        return None
    named = host or "every address of this machine"
    return f"warning: {named} can be reached from other machines, and /_control/ is open to whoever reaches it"
