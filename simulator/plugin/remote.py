"""A simulator that runs elsewhere, behind the same names as `simulator.Simulator`: every operation is a control call.

What the control surface does not offer is refused with one sentence. No server is imported here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from simulator.core.accounts import Progress
from simulator.core.message import Reply, Request
from simulator.core.misuse import AlreadyThere, Misuse, NotThere
from simulator.plugin import documents
from simulator.plugin.control import Control, written
from simulator.plugin.documents import JournalCopy
from simulator.plugin.remote_account import Money, RemoteAccount
from simulator.plugin.remote_fault import RemoteFault, RemoteFaults
from simulator.service import snapshots
from simulator.service.listed import exchange_named


class RemoteSimulator:
    """The server at `url`, such as `http://127.0.0.1:8080`. `opened` is told of every account made. Raises Misuse."""

    def __init__(self, url: str) -> None:
        self.control = Control(url)
        self.opened: Callable[[RemoteAccount], None] = lambda account: None
        self.bybit = RemoteExchange(self, "bybit")
        self.okx = RemoteExchange(self, "okx")
        self.kraken = RemoteExchange(self, "kraken")
        self.alphapoint = RemoteExchange(self, "alphapoint")

    @property
    def url(self) -> str:
        """Where the server listens, as it was given."""
        return self.control.url

    @property
    def port(self) -> int:
        """The port it listens on."""
        return self.control.port

    @property
    def tls_url(self) -> str:
        """Not offered. Raises Misuse."""
        raise self._lacking("its address with TLS")

    @property
    def tls_ca_file(self) -> Path:
        """Not offered. Raises Misuse."""
        raise self._lacking("its certificate")

    def start(self) -> Self:
        """See that it is there. Raises Misuse."""
        health = self.control.ask("GET", "health")
        if not isinstance(health, dict) or health.get("status") != "ok":
            raise Misuse(f"what answers at {self.url} is not an exchange simulator")
        return self

    def stop(self) -> None:
        """Leave it running: it is not ours."""

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def exchange(self, name: str) -> RemoteExchange:
        """An exchange by name. Raises NotThere."""
        exchange: RemoteExchange = getattr(self, exchange_named(name).name)
        return exchange

    @property
    def journal(self) -> JournalCopy:
        """What was asked at paths that no exchange has, newest last."""
        return documents.journal(self.control.ask("GET", "journal"))

    def answer(self, request: Request) -> Reply:
        """Not offered. Raises Misuse."""
        raise self._lacking("turns without a socket; send the request to its url")

    def requests_adapter(self) -> Any:
        """Not offered. Raises Misuse."""
        raise self._lacking("requests without a socket; point the client at its url")

    def httpx_transport(self) -> Any:
        """Not offered. Raises Misuse."""
        raise self._lacking("requests without a socket; point the client at its url")

    def open_socket(self, target: str) -> Any:
        """Not offered. Raises Misuse."""
        raise self._lacking("WebSockets without a socket; connect to its url")

    def _lacking(self, what: str) -> Misuse:
        return Misuse(f"the simulator at {self.url} runs elsewhere and its control surface does not give {what}")


class RemoteExchange:
    """One exchange of a remote simulator. `naming` gives names to try for an account that nobody names."""

    def __init__(self, simulator: RemoteSimulator, name: str) -> None:
        self._simulator = simulator
        self.name = name
        self._faults = RemoteFaults(simulator.control, ("exchanges", name))
        self.naming: Callable[[], Iterator[str]] | None = None

    @property
    def journal(self) -> JournalCopy:
        """What belonged to no account: unknown keys, unknown routes, public calls."""
        return documents.journal(self.journal_document())

    def journal_document(self) -> dict[str, Any]:
        """The same as the control surface shows it."""
        document: dict[str, Any] = self._simulator.control.ask("GET", "exchanges", self.name, "journal")
        return document

    def export_journal(self, path: str | Path) -> int:
        """Write that journal to a file, as `ExchangeHandle.export_journal`. Returns the number of lines."""
        return documents.exported(self.journal_document(), path)

    def set(self, **changes: Any) -> None:
        """Change `behavior` or `skew_ms` for calls that belong to no account, and for accounts made from now on.

        Raises Misuse.
        """
        self._simulator.control.ask("PATCH", "exchanges", self.name, body=changes)

    def fault(self, kind: str, **options: Any) -> RemoteFault:
        """Let something happen to calls that belong to no account, as `ExchangeHandle.fault` does. Raises Misuse."""
        return self._faults.make({"kind": kind, **options})

    @property
    def faults(self) -> list[RemoteFault]:
        """Its faults, in the order they were made; those of accounts are the accounts'."""
        return self._faults.all()

    @property
    def unfired(self) -> list[RemoteFault]:
        """Those of `faults` that have not happened to any call yet."""
        return self._faults.unfired()

    def forget_faults(self, fault_id: str | None = None) -> None:
        """Remove the fault with this `id`, or all of `faults`. Raises NotThere."""
        self._faults.forget(fault_id)

    def restore(self, snapshot: Mapping[str, Any]) -> RemoteAccount:
        """The account of a document, as `ExchangeHandle.restore` makes it. Raises Misuse."""
        snapshots.check_exchange(snapshot, self.name)
        document = self._simulator.control.ask("POST", "accounts", "restore", body=dict(snapshot))
        account = RemoteAccount(self._simulator.control, document, documents.secrets(snapshot))
        self._simulator.opened(account)
        return account

    def account(
        self,
        name: str | None = None,
        *,
        balances: dict[str, Money] | None = None,
        permissions: list[str] | tuple[str, ...] | None = None,
        progress: Progress = "manual",
        delays: dict[str, float] | None = None,
        polls: int | None = None,
        skew_ms: int | None = None,
        limits: bool = False,
        behavior: dict[str, str | int | bool] | None = None,
        **options: Any,
    ) -> RemoteAccount:
        """A fresh account with its first key, as `ExchangeHandle.account` makes it. Raises Misuse."""
        given: dict[str, Any] = {"progress": progress, "limits": limits, **options}
        if "exchange" in options:
            raise Misuse(f"{self.name} accounts have no option 'exchange'; it is that of this handle")
        money = {k: written(v) for k, v in balances.items()} if isinstance(balances, Mapping) else balances
        chosen = {
            "balances": money,
            "permissions": permissions,
            "behavior": behavior,
            "delays": delays,
            "polls": polls,
            "skew_ms": skew_ms,
        }
        given |= {option: value for option, value in chosen.items() if value is not None}
        account = self._open(name, given)
        self._simulator.opened(account)
        return account

    def _open(self, name: str | None, given: dict[str, Any]) -> RemoteAccount:
        if name is not None or self.naming is None:
            return self._create(given if name is None else {**given, "name": name})
        names = self.naming()
        while True:  # another run, or a run that was killed, may have left an account of that name
            candidate = next(names)
            try:
                return self._create({**given, "name": candidate})
            except AlreadyThere:
                if not self._has(candidate):
                    raise

    def _create(self, given: dict[str, Any]) -> RemoteAccount:
        document = self._simulator.control.ask("POST", "accounts", body={"exchange": self.name, **given})
        return RemoteAccount(self._simulator.control, document, given)

    def _has(self, name: str) -> bool:
        try:
            self._simulator.control.ask("GET", "accounts", f"{self.name}-{name}")
        except NotThere:
            return False
        return True
