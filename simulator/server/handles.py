"""What a test holds besides the `Simulator`: an exchange, an account, a key, a withdrawal.

Every operation is synchronous and may be called from any thread, also while the server answers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from simulator.core.accounts import Account, Key, Progress
from simulator.core.book import Step, Withdrawal
from simulator.core.exchange import Exchange
from simulator.core.faults import Fault
from simulator.core.journal import Entry, Journal
from simulator.core.ledger import Balance
from simulator.core.lifecycle import Stage
from simulator.service import Service, faults, operations

if TYPE_CHECKING:
    from simulator.server.simulator import Simulator

Money = str | int | Decimal


class ExchangeHandle:
    """One exchange of a simulator: where its accounts come from.

    `naming` gives names to try, in this order, for an account that nobody names (None: `account-1`, `account-2` ...).
    """

    def __init__(self, simulator: Simulator, name: str) -> None:
        self._simulator = simulator
        self.name = name
        self.naming: Callable[[], Iterator[str]] | None = None

    @property
    def journal(self) -> Journal:
        """What belonged to no account: unknown keys, unknown routes, public calls."""
        return self._simulator.service.worlds[self.name].journal

    def set(self, **changes: Any) -> None:
        """Change `behavior` for calls that belong to no account, and for accounts made from now on. Raises Misuse."""
        operations.change_exchange(self._simulator.service, self.name, changes)

    def fault(self, kind: str, **options: Any) -> Fault:
        """Let something happen to calls that belong to no account (public calls, unknown keys). Raises Misuse."""
        return faults.add_to_exchange(self._simulator.service, self.name, {"kind": kind, **options})

    def account(
        self,
        name: str | None = None,
        *,
        balances: dict[str, Money] | None = None,
        permissions: list[str] | tuple[str, ...] | None = None,
        progress: Progress = "manual",
        limits: bool = False,
        behavior: dict[str, str | int | bool] | None = None,
        **options: Any,
    ) -> AccountHandle:
        """A fresh account with its first key.

        `balances` by common ticker (default: plenty of everything); `permissions` in the exchange's own words (default:
        all that a withdrawal needs); `progress` how withdrawals go on by themselves; `limits` switches rate limits on;
        `behavior` maps conditions to error rows and fields to values; `options` are what only this exchange has, and
        the key's (`api_key`, `api_secret`, `ip_allowlist`, `expires` ...). Raises Misuse.
        """
        given: dict[str, Any] = {"progress": progress, "limits": limits, "behavior": behavior or {}, **options}
        if balances is not None:
            given["balances"] = {asset: str(value) for asset, value in balances.items()}
        if permissions is not None:
            given["permissions"] = list(permissions)
        service = self._simulator.service
        with service.lock:
            if name is None and self.naming is not None:
                taken = service.worlds[self.name].accounts
                name = next(candidate for candidate in self.naming() if candidate not in taken)
            if name is not None:
                given["name"] = name
            opened = operations.create_account(service, self.name, given)
        return AccountHandle(self._simulator, opened.exchange, opened.account, opened.key)


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
        """All credentials under their common names, as the control surface gives them (nothing is masked here)."""
        return dict(self._exchange.onboarding.credentials(self._key))


class AccountHandle(KeyHandle):
    """One account; as a context manager it deletes itself. `api_key`, `api_secret` are those of its first key."""

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
        with self._service.lock:
            world = self._service.worlds[self.exchange]
            if world.accounts.get(self.name) is self._account:
                operations.delete_account(self._service, self.id)

    @property
    def _service(self) -> Service:
        return self._simulator.service

    @property
    def url(self) -> str:
        """Where the server listens."""
        return self._simulator.url

    @property
    def client_settings(self) -> dict[str, Any]:
        """What a client needs to create a withdrawal of USDT."""
        return dict(self._exchange.onboarding.client_settings(self._account))

    @property
    def now_ms(self) -> int:
        """Account time, in ms since 1970."""
        return self._account.now_ms()

    @property
    def journal(self) -> Journal:
        """What this account's clients asked and were answered, newest last."""
        return self._account.journal

    def requests(self, endpoint: str | None = None) -> list[Entry]:
        """The journal entries of one endpoint (`cancel`, `list` ...), or all of them, oldest first."""
        return [entry for entry in self._account.journal if endpoint in (None, entry.endpoint)]

    def balance(self, asset: str) -> Balance:
        """What of an asset is available, held and spent; `asset` is the common ticker."""
        with self._service.lock:
            self._account.catch_up()
            return self._account.ledger.balance(asset)

    def key(self, **options: Any) -> KeyHandle:
        """A further key of this account. Raises Misuse."""
        exchange, key = operations.create_key(self._service, self.id, options)
        return KeyHandle(exchange, key)

    def withdrawal(self, asset: str, amount: Money, **options: Any) -> WithdrawalHandle:
        """A withdrawal, as if the user had asked for it. `amount` arrives, the fee comes on top.

        `options`: `state` in the exchange's words, `network`, `address`, what only this exchange has. Raises Misuse.
        """
        given = {"asset": asset, "amount": str(amount), **options}
        return WithdrawalHandle(self, operations.create_withdrawal(self._service, self.id, given))

    @property
    def withdrawals(self) -> list[WithdrawalHandle]:
        """All withdrawals of this account, oldest first."""
        with self._service.lock:
            return [WithdrawalHandle(self, withdrawal) for withdrawal in self._account.book]

    def advance(self, *, seconds: float = 0, minutes: float = 0, hours: float = 0) -> None:
        """Move this account's time forward. Raises Misuse."""
        operations.advance(self._service, self.id, seconds + 60 * minutes + 3600 * hours)

    def set(self, **changes: Any) -> None:
        """Change `progress`, `limits` or `behavior`. Raises Misuse."""
        operations.change_account(self._service, self.id, changes)

    def fault(self, kind: str, **options: Any) -> Fault:
        """Let something happen to this account's calls: `lose_reply`, `close_before`, `delay` ... (`core.faults`).

        `options`: `endpoint` (`cancel`, `list` ...; default any), `nth` (default the next matching call), `times`
        (default once, None: always), `share`, and what the kind takes: `seconds`, `status`, `acts`, `row`,
        `content_type`. The answer counts: `met` calls matched, `fired` times it happened. Raises Misuse for a fault
        that could never happen.
        """
        return faults.add_to_account(self._service, self.id, {"kind": kind, **options})


class WithdrawalHandle:
    """One withdrawal of an account. `id` is what the cancel call takes."""

    def __init__(self, account: AccountHandle, withdrawal: Withdrawal) -> None:
        self._account = account
        self._withdrawal = withdrawal
        self.id = withdrawal.id
        self.asset = withdrawal.asset
        self.amount = withdrawal.amount
        self.fee = withdrawal.fee

    def _fresh(self) -> Withdrawal:
        return operations.find_withdrawal(self._account._service, self._account.id, self.id)

    @property
    def state(self) -> str:
        """The state in the exchange's own word."""
        return self._fresh().state.word

    @property
    def internal_state(self) -> str:
        """The state's name in the exchange's life-cycle table, where several may share a word."""
        return self._fresh().state.name

    @property
    def stage(self) -> Stage:
        """Our word for where the money is: pending, cancelling, processed, cancelled or failed."""
        return self._fresh().stage

    @property
    def history(self) -> list[Step]:
        """The states it went through, oldest first, times in account time."""
        return list(self._fresh().history)

    def event(self, name: str | None = None) -> None:
        """Take a step of the life-cycle by name, or the one that would fall due next. Raises Misuse."""
        operations.event(self._account._service, self._account.id, self.id, name)
