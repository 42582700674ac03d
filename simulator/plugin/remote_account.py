"""An account and a key of a simulator that runs elsewhere.

The same names as in `simulator/server/handles.py`; what is looked up is asked of the server each time.
"""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from simulator.core.accounts import masked
from simulator.core.journal import Entry, newest, of_endpoint
from simulator.core.ledger import Balance
from simulator.core.misuse import NotThere
from simulator.plugin import documents
from simulator.plugin.control import Control, written
from simulator.plugin.documents import JournalCopy
from simulator.plugin.remote_fault import RemoteFault, RemoteFaults
from simulator.plugin.remote_withdrawal import RemoteWithdrawal
from simulator.service.listed import exchange_named
from simulator.service.operations import in_seconds

Money = str | int | Decimal


class RemoteKey:
    """One API key: what a client needs to sign with it."""

    def __init__(self, document: documents.Document, given: documents.Document) -> None:
        shown = document["credentials"]
        # The server masks what its users supplied; here it is known all the same.
        self._credentials = {
            name: given.get(name, value) if value == masked else value for name, value in shown.items()
        }
        self.api_key = str(self._credentials["api_key"])
        self.api_secret = str(self._credentials["api_secret"])
        self.passphrase = str(self._credentials.get("passphrase", ""))

    @property
    def credentials(self) -> dict[str, Any]:
        """All credentials under their common names (nothing is masked here)."""
        return dict(self._credentials)


class RemoteAccount(RemoteKey):
    """One account; as a context manager it deletes itself. `api_key`, `api_secret` are those of its first key.

    Once deleted here it can still be read, as it was then, but for the states of withdrawals and the counters of
    faults; what would act raises NotThere, also when a later account has its name.
    """

    def __init__(self, control: Control, document: documents.Document, given: documents.Document) -> None:
        super().__init__(document, given)
        self._control = control
        self.id: str = document["id"]
        self.exchange: str = document["exchange"]
        self.name = self.id.removeprefix(f"{self.exchange}-")
        self._last_journal: documents.Document | None = None
        self._last: dict[str, Any] = {}
        self._faults = RemoteFaults(control, ("accounts", self.id), self._listed_faults)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.delete()

    def delete(self) -> None:
        """Forget the account, its keys and all it holds; its journal can still be read here. Does nothing twice."""
        if self._last_journal is not None:
            return
        try:
            journal = self.journal_document()
            self._last = {"account": self._ask("GET"), "withdrawals": self._ask("GET", "withdrawals")["withdrawals"]}
            self._last["faults"] = self._listed_faults()
            self._ask("DELETE")
            self._last_journal = journal
        except NotThere:
            self._last_journal = {"entries": [], "dropped": 0}

    @property
    def url(self) -> str:
        """Where the server listens."""
        return self._control.url

    @property
    def client_settings(self) -> dict[str, Any]:
        """What a client needs to create a withdrawal of USDT."""
        return dict(self._look()["client_settings"])

    @property
    def now_ms(self) -> int:
        """Account time, in ms since 1970; once deleted, that of the deletion."""
        return int(self._look()["now_ms"])

    @property
    def journal(self) -> JournalCopy:
        """What this account's clients asked and were answered, newest last."""
        return documents.journal(self.journal_document())

    def journal_document(self) -> documents.Document:
        """The same as the control surface shows it."""
        if self._last_journal is not None:
            return self._last_journal
        document: documents.Document = self._ask("GET", "journal")
        return document

    @property
    def calls(self) -> list[str]:
        """The endpoints that this account's clients called, in order, as `AccountHandle.calls`."""
        return [entry.endpoint for entry in self.requests()]

    def requests(self, endpoint: str | None = None) -> list[Entry]:
        """The journal entries of one endpoint (`cancel`, `list` ...), or all of them, oldest first. Raises Misuse."""
        return of_endpoint(self.journal, endpoint, exchange_named(self.exchange).operations)

    def last_request(self, endpoint: str | None = None) -> Entry:
        """The newest of `requests(endpoint)`. Raises NotThere when there is none, Misuse for an unknown endpoint."""
        return newest(self.requests(endpoint), self.id, endpoint)

    def export_journal(self, path: str | Path) -> int:
        """Write the journal to a file as JSON Lines, as `AccountHandle.export_journal`. Raises Misuse, OSError."""
        return documents.exported(self.journal_document(), path)

    def balance(self, asset: str) -> Balance:
        """What of an asset is available, held and spent; `asset` is the common ticker. Raises Misuse for another."""
        exchange_named(self.exchange).assets.named(asset)
        balances = self._look()["balances"]
        return documents.balance(balances[asset]) if asset in balances else Balance()

    def key(self, **options: Any) -> RemoteKey:
        """A further key of this account. Raises Misuse."""
        return RemoteKey(self._ask("POST", "keys", body=options), options)

    def withdrawal(self, asset: str, amount: Money, **options: Any) -> RemoteWithdrawal:
        """A withdrawal, as if the user had asked for it. `amount` arrives, the fee comes on top. Raises Misuse."""
        given = {"asset": asset, "amount": written(amount), **options}
        return RemoteWithdrawal(self, self._ask("POST", "withdrawals", body=given))

    @property
    def withdrawals(self) -> list[RemoteWithdrawal]:
        """All withdrawals of this account, oldest first."""
        return [RemoteWithdrawal(self, document) for document in self._withdrawals()]

    def advance(self, *, seconds: float = 0, minutes: float = 0, hours: float = 0) -> None:
        """Move this account's time forward. Raises Misuse."""
        self._ask("POST", "advance", body={"seconds": in_seconds(seconds, minutes, hours)})

    def set(self, **changes: Any) -> None:
        """Change `progress`, `delays`, `polls`, `skew_ms`, `limits` or `behavior`, as `AccountHandle.set` does."""
        self._ask("PATCH", body=changes)

    def snapshot(self) -> dict[str, Any]:
        """This account as a JSON document, as `AccountHandle.snapshot` gives it. Raises NotThere."""
        document: dict[str, Any] = self._ask("GET", "snapshot")
        return document

    def fault(self, kind: str, **options: Any) -> RemoteFault:
        """Let something happen to this account's calls, as `AccountHandle.fault` does. Raises Misuse."""
        self._check_present()
        return self._faults.make({"kind": kind, **options})

    @property
    def faults(self) -> list[RemoteFault]:
        """The faults of this account, in the order they were made."""
        return self._faults.all()

    @property
    def unfired(self) -> list[RemoteFault]:
        """Those of `faults` that have not happened yet."""
        return self._faults.unfired()

    def forget_faults(self, fault_id: str | None = None) -> None:
        """Remove the fault with this `id`, or all of them. Raises NotThere."""
        self._check_present()
        self._faults.forget(fault_id)

    def _look(self) -> documents.Document:
        document: documents.Document = self._last["account"] if self._has_last() else self._ask("GET")
        return document

    def _withdrawals(self) -> list[documents.Document]:
        listed: list[documents.Document] = (
            self._last["withdrawals"] if self._has_last() else self._ask("GET", "withdrawals")["withdrawals"]
        )
        return listed

    def _listed_faults(self) -> list[documents.Document]:
        if self._has_last():
            kept: list[documents.Document] = self._last["faults"]
            return kept
        return self._faults.ask()

    def _has_last(self) -> bool:
        return self._last_journal is not None and bool(self._last)

    def _check_present(self) -> None:
        if self._last_journal is not None:
            raise NotThere(f"the account {self.id!r} of this handle has been deleted; make a fresh one")

    def _ask(self, method: str, *path: str, body: dict[str, Any] | None = None) -> Any:
        self._check_present()
        return self._control.ask(method, "accounts", self.id, *path, body=body)
