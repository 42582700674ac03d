"""Wrong servers whose ledger errs now and then: right in every example of one withdrawal, wrong in an account's life.

One list for each exchange, since all keep their money in the same ledger; but for Bybit, which shows its wallets.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from contracts.wire import EXCHANGES
from simulator.core.accounts import Account
from simulator.core.book import Book, Withdrawal
from simulator.core.ledger import Ledger
from simulator.core.lifecycle import Stage
from simulator.exchanges.bybit import wallets
from wrong_servers.mutant import Mutant, Patch
from wrong_servers.patches import put, wrap

_release = Ledger.release


def _third(then: Callable[[Ledger, str, Decimal], None]) -> Patch:
    """From the third refund of an account on, something else is done."""
    counts: dict[int, list[Any]] = {}

    def release(ledger: Ledger, asset: str, value: Decimal) -> None:
        count = counts.setdefault(id(ledger), [ledger, 0])  # the ledger is kept, so that its id stays its own
        count[1] += 1
        if count[1] >= 3:
            then(ledger, asset, value)
        else:
            _release(ledger, asset, value)

    return put(Ledger, "release", release)


def _twice(ledger: Ledger, asset: str, value: Decimal) -> None:
    _release(ledger, asset, value)
    ledger._move(asset, available=value)


def _kept(ledger: Ledger, asset: str, value: Decimal) -> None:
    ledger._move(asset, held=value.copy_negate(), spent=value)


def _large(ledger: Ledger, asset: str, value: Decimal) -> None:
    (_kept if value > 150 else _release)(ledger, asset, value)


def _again(move: Callable[..., None], book: Book, withdrawal: Withdrawal, *rest: Any) -> None:
    """The money of a cancelled withdrawal comes back once more when another one takes a step."""
    move(book, withdrawal, *rest)
    done = book.__dict__.setdefault("given_again", set())
    for other in book:
        if other is not withdrawal and other.stage is Stage.CANCELLED and other.id not in done:
            done.add(other.id)
            book._ledger._move(other.asset, available=other.gross)


def _wallet(wrong: Callable[[list[Withdrawal]], Decimal]) -> Patch:
    """Bybit's wallets are reckoned from its withdrawals: theirs is another sum, by those whose money is back."""

    def around(available: Callable[..., Decimal], account: Account, wallet: str, ticker: str) -> Decimal:
        back = [one for one in account.book if one.asset == ticker and one.stage in (Stage.CANCELLED, Stage.FAILED)]
        return available(account, wallet, ticker) + (wrong(back) if wallet == wallets.FUND else Decimal(0))

    return wrap(wallets, "available", around)


def _sum(withdrawals: list[Withdrawal]) -> Decimal:
    return sum((one.gross for one in withdrawals), Decimal(0))


_GENERAL = tuple(
    Mutant(exchange, f"ledger-{name}", says, patch)
    for exchange in EXCHANGES
    if exchange != "bybit"
    for name, says, patch in (
        ("third-refund-double", "gives back an account's third refund, and those behind it, twice", _third(_twice)),
        ("third-refund-kept", "keeps an account's third refund, and those behind it", _third(_kept)),
        ("large-refund-kept", "keeps every refund above 150", put(Ledger, "release", _large)),
        ("refund-again", "gives back a cancelled withdrawal once more when another moves", wrap(Book, "move", _again)),
    )
)

MUTANTS = (
    *_GENERAL,
    *(
        Mutant("bybit", f"ledger-{name}", says, patch)
        for name, says, patch in (
            (
                "third-refund-double",
                "gives back an account's third refund, and those behind it, twice",
                _wallet(lambda back: _sum(back[2:])),
            ),
            (
                "third-refund-kept",
                "keeps an account's third refund, and those behind it",
                _wallet(lambda back: -_sum(back[2:])),
            ),
            (
                "large-refund-kept",
                "keeps every refund above 150",
                _wallet(lambda back: -_sum([one for one in back if one.gross > 150])),
            ),
        )
    ),
)
