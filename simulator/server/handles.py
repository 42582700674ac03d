"""What a test holds of an account: the account itself and its keys.

Every operation is synchronous and may be called from any thread, also while the server answers.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from decimal import Decimal
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from simulator.core.accounts import Account, Key
from simulator.core.exchange import Exchange
from simulator.core.faults import Fault
from simulator.core.journal import Entry, Journal, newest, of_endpoint
from simulator.core.ledger import Balance
from simulator.core.misuse import NotThere
from simulator.server.withdrawal_handle import WithdrawalHandle
from simulator.service import Service, faults, operations, snapshots, views

if TYPE_CHECKING:
    from simulator.server.simulator import Simulator

Money = str | int | Decimal


class KeyHandle:
    """One API key: what a client needs to sign with it."""

    def __init__(self, exchange: Exchange, key: Key) -> None:
        self._exchange = exchange
        self._key = key
        self.api_key = key.api_key
        self.api_secret = key.secret
        self.passphrase = key.passphrase

    @property
    def credentials(self) -> dict[str, Any]:
        """All credentials under their common names, as the control surface gives them (nothing is masked here):
        `api_key`, `api_secret`, `passphrase`, `user_id`, `account_id`, ..., whichever the exchange has.
        """
        return dict(self._exchange.onboarding.credentials(self._key))


class AccountHandle(KeyHandle):
    """One account; as a context manager it deletes itself. `api_key`, `api_secret` are those of its first key.

    Once deleted it can still be read; what would act raises NotThere, also when a later account has its name.
    """

    def __init__(self, simulator: Simulator, exchange: Exchange, account: Account, key: Key) -> None:
        super().__init__(exchange, key)
        self._simulator = simulator
        self._account = account
        self.id = account.id
        self.name = account.name
        self.exchange = exchange.name

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.delete()

    def delete(self) -> None:
        """Forget the account, its keys and all it holds. Does nothing when that was done before."""
        with suppress(NotThere), self._present() as service:
            operations.delete_account(service, self.id)

    @property
    def _service(self) -> Service:
        return self._simulator.service

    @contextmanager
    def _present(self) -> Iterator[Service]:
        """The service, locked, while this very account is there, not a later one of its name. Raises NotThere."""
        with self._service.lock:
            if self._service.worlds[self.exchange].accounts.get(self.name) is not self._account:
                raise NotThere(f"the account {self.id!r} of this handle has been deleted; make a fresh one")
            yield self._service

    @property
    def url(self) -> str:
        """Where the server listens, such as `http://127.0.0.1:40123`. Raises Misuse when it is not running."""
        return self._simulator.url

    @property
    def client_settings(self) -> dict[str, Any]:
        """What a client needs to create a withdrawal of USDT: `asset`, `amount`, `address` and, where the exchange has
        them, `chain`, `withdraw_key`, `product_id`.
        """
        return dict(self._exchange.onboarding.client_settings(self._account))

    @property
    def now_ms(self) -> int:
        """Account time, in ms since 1970."""
        return self._account.now_ms()

    @property
    def journal(self) -> Journal:
        """What this account's clients asked and were answered, newest last."""
        return self._account.journal

    @property
    def calls(self) -> list[str]:
        """The endpoints that this account's clients called, in order: `["create", "cancel"]`; "" where none was."""
        return [entry.endpoint for entry in self.requests()]

    def requests(self, endpoint: str | None = None) -> list[Entry]:
        """The journal entries of one endpoint (`cancel`, `list` ...), or of all of them, oldest first.

        `push` are the pushed frames that a fault kept from the client; they are none of its requests.
        Raises Misuse for an endpoint that the exchange has not got: the empty list would prove nothing.
        """
        return of_endpoint(self._account.journal, endpoint, self._exchange.operations)

    def last_request(self, endpoint: str | None = None) -> Entry:
        """The newest of `requests(endpoint)`. Raises NotThere when there is none, Misuse for an unknown endpoint."""
        return newest(self.requests(endpoint), self.id, endpoint)

    def export_journal(self, path: str | Path) -> int:
        """Write the journal to a file as JSON Lines: the entries of the control surface, one a line, oldest first.

        Secrets that were supplied are masked. Returns the number of lines. Raises OSError.
        """
        return exported(self._service, self._account.journal, path)

    def balance(self, asset: str) -> Balance:
        """What of an asset is available, held and spent, in its units; all 0 for one that it never had.

        `asset` is the common ticker (`USDT`, `BTC`) on every exchange. Raises Misuse for another word.
        """
        with self._service.lock:
            self._exchange.assets.named(asset)
            self._account.catch_up()
            return self._account.ledger.balance(asset)

    def key(self, **options: Any) -> KeyHandle:
        """A further key of this account. Raises Misuse."""
        with self._present() as service:
            return KeyHandle(*operations.create_key(service, self.id, options))

    def withdrawal(self, asset: str, amount: Money, **options: Any) -> WithdrawalHandle:
        """A withdrawal, as if the user had asked for it. `amount` arrives, the fee comes on top.

        `options`: `state` in the exchange's words, `network`, `address`, what only this exchange has; `progress`,
        `delays` and `polls` where it does not go on as its account does. Raises Misuse.
        """
        given = {"asset": asset, "amount": amount, **options}
        with self._present() as service:
            return WithdrawalHandle(self, operations.create_withdrawal(service, self.id, given))

    @property
    def withdrawals(self) -> list[WithdrawalHandle]:
        """All withdrawals of this account, oldest first."""
        with self._service.lock:
            return [WithdrawalHandle(self, withdrawal) for withdrawal in self._account.book]

    def advance(self, *, seconds: float = 0, minutes: float = 0, hours: float = 0) -> None:
        """Move this account's time forward. Raises Misuse."""
        with self._present() as service:
            operations.advance(service, self.id, seconds, minutes=minutes, hours=hours)

    def set(self, **changes: Any) -> None:
        """Change `progress`, `delays`, `polls`, `skew_ms`, `limits` or `behavior`; they are as when an account is made.

        `delays` are the whole of them: {} is none. A skew moves no withdrawal. Raises Misuse.
        """
        with self._present() as service:
            operations.change_account(service, self.id, changes)

    def snapshot(self) -> dict[str, Any]:
        """This account as a JSON document, for `restore`: all it has but its journal and open sockets.

        Secrets are in it, also those that were supplied. Raises NotThere.
        """
        with self._present() as service:
            return snapshots.take(service, self.id)

    def fault(self, kind: str, **options: Any) -> Fault:
        """Let something happen to this account's calls: `lose_reply`, `close_before`, `delay` ... (`core.faults`).

        `options`: `endpoint` (`cancel`, `list` ...; default any), `nth` (default the next matching call), `times`
        (default once, and for `maintenance` and `busy` until removed, as with None), `share`, and what the kind takes:
        `seconds`, `status`, `acts`, `row`, `content_type`, `steps`. The answer counts: `met` calls (or pushed frames)
        matched, `fired` times it happened. Raises Misuse for a fault that could never happen.
        """
        with self._present() as service:
            return faults.add_to_account(service, self.id, {"kind": kind, **options})

    @property
    def faults(self) -> list[Fault]:
        """The faults of this account, in the order they were made, with live counters."""
        return list(self._account.faults)

    @property
    def unfired(self) -> list[Fault]:
        """Those of `faults` that have not happened yet: a test that made one in vain can say so."""
        return faults.unfired(self.faults)

    def forget_faults(self, fault_id: str | None = None) -> None:
        """Remove the fault with this `id`, or all of them. Raises NotThere."""
        with self._present():
            faults.forget(self._account.faults, fault_id)


def exported(service: Service, journal: Journal, path: str | Path) -> int:
    """Write a journal as JSON Lines; the number of lines. Raises OSError."""
    with service.lock:
        document = views.journal(journal)
    Path(path).write_bytes(views.json_lines(document["entries"]))
    return len(document["entries"])
