"""The steps with which accounts, keys and withdrawals of every exchange begin, so that the same option means the same.

What an exchange adds (shapes of ids and keys, fields of a record) it adds in its own `onboarding`.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from simulator.core.accounts import Account
from simulator.core.book import Progress, Withdrawal
from simulator.core.exchange import Assets
from simulator.core.ledger import Overdrawn, amount
from simulator.core.lifecycle import State
from simulator.core.misuse import AlreadyThere, Misuse, did_you_mean, shown
from simulator.core.options import WithdrawalOptions

plenty = Decimal(10_000)
"""What an account has of every asset when nobody says otherwise."""


_day = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)


def deposit(account: Account, assets: Assets, balances: dict[str, Decimal] | None) -> None:
    """Give a fresh account its balances, by common ticker."""
    if balances is None:
        balances = {asset.ticker: plenty for asset in assets.table}
    for ticker, value in balances.items():
        account.ledger.deposit(assets.named(ticker).ticker, amount(value, f"balance of {ticker}"))


def check_polls(polls: int | None, progress: Progress) -> None:
    """Raises Misuse where `polls` are given that nobody counts."""
    if polls is not None and progress != "polled":
        raise Misuse(f"polls {shown(polls)} count in progress 'polled' only, and the progress is {progress!r}")


def permissions(given: tuple[str, ...] | None, known: Iterable[str], default: Iterable[str]) -> frozenset[str]:
    """The permissions of a key, each one a word of the exchange. Raises Misuse."""
    allowed = list(known)
    for word in given or ():
        if word not in allowed:
            raise Misuse(f"there is no permission {shown(word)}; {did_you_mean(word, allowed)}")
    return frozenset(default if given is None else given)


def ip_allowlist(given: tuple[str, ...]) -> tuple[str, ...]:
    """The addresses a key may be used from. Raises Misuse for what is no IP address."""
    for address in given:
        try:
            ipaddress.ip_address(address)
        except ValueError:
            raise Misuse(f"ip_allowlist has {shown(address)}, which is not an IP address such as '127.0.0.1'") from None
    return given


def expires_ms(given: str | int | None) -> int | None:
    """When a key expires, in ms since 1970, from ISO 8601 text (UTC unless it says otherwise) or ms. Raises Misuse.

    A day without a time is refused: it could mean that day's beginning as well as its end.
    """
    if isinstance(given, int) and not -(2**63) <= given < 2**63:
        raise Misuse(f"expires {shown(given)} is no number of ms since 1970 that 64 bits hold")
    if given is None or isinstance(given, int):
        return given
    if _day.fullmatch(given):
        raise Misuse(f"expires {shown(given)} is a day without a time; say when on it, such as '{given}T12:00:00Z'")
    try:
        moment = datetime.fromisoformat(given)
    except ValueError:
        raise Misuse(f"expires {shown(given)} is neither ISO 8601, such as '2030-01-31T12:00:00Z', nor ms") from None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return int(moment.timestamp() * 1000)


def withdrawal(
    account: Account,
    assets: Assets,
    options: WithdrawalOptions,
    *,
    id: str,
    state: State | None = None,
    fee: Decimal | None = None,
    tag: str = "",
    details: Any = None,
) -> Withdrawal:
    """Enter a withdrawal in the account's book, in the state that was asked for. Raises Misuse, AlreadyThere."""
    asset = assets.named(options.asset)
    network = assets.network(options.asset, options.network)
    value = amount(options.amount)
    if value == 0:
        raise Misuse("amount '0' must be greater than 0")
    lifecycle = account.book.lifecycle
    now_ms = account.now_ms()
    opened = Withdrawal(
        id=id,
        asset=asset.ticker,
        network=network.name,
        amount=value,
        fee=network.fee if fee is None else fee,
        address=options.address or network.address,
        state=state or lifecycle.state(options.state or lifecycle.initial),
        created_ms=now_ms,
        updated_ms=now_ms,
        entered_lead_ms=account.lead_ms,
        tag=tag,
        details=details,
        progress=options.progress,
        delays=lifecycle.delays(options.delays),
        polls=options.polls,
    )
    check_polls(options.polls, options.progress or account.progress)
    _enter(account, opened)
    account.catch_up_one(opened)
    return opened


def _enter(account: Account, opened: Withdrawal) -> None:
    """Put a withdrawal into the book. Raises AlreadyThere when there is less money than it takes."""
    try:
        account.book.open(opened)
    except Overdrawn:
        available = format(account.ledger.balance(opened.asset).available, "f")
        raise AlreadyThere(
            f"account {account.id!r} has {available} {opened.asset} available, "
            f"but the withdrawal takes {format(opened.gross, 'f')} (amount and fee)"
        ) from None
