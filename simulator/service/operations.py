"""What our own surfaces can do: the same operations for the control surface, the Python API and the command line.

Every function takes the lock, does one thing, and raises Misuse with one clear sentence when it cannot. Options arrive
as plain mappings and are checked here, whichever way in they came.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from msgspec import UNSET

from simulator.core.accounts import Account, Key, again
from simulator.core.book import Withdrawal
from simulator.core.exchange import Exchange
from simulator.core.ledger import Overdrawn
from simulator.core.misuse import AlreadyThere, Misuse, NotThere, did_you_mean, shown
from simulator.core.opening import check_polls
from simulator.core.options import AccountChanges, EventOptions, ExchangeChanges, WithdrawalChanges, century_s, read
from simulator.core.world import World
from simulator.service import sockets
from simulator.service.listed import exchange_given, exchange_named, exchanges
from simulator.service.turns import Service


@dataclass(frozen=True, slots=True)
class Opened:
    """An account and the key it was made with."""

    exchange: Exchange
    account: Account
    key: Key


def create_account(service: Service, exchange_name: str, given: Mapping[str, Any]) -> Opened:
    """A fresh account with its first key. `given` mixes account and key options. Raises Misuse."""
    exchange = exchange_given(exchange_name)
    board = exchange.onboarding
    key_names, account_names = board.key_options.__struct_fields__, board.account_options.__struct_fields__
    for name in given:
        if name not in key_names and name not in account_names:
            known = {*key_names, *account_names}
            raise Misuse(f"{exchange_name} accounts have no option {shown(name)}; {did_you_mean(name, known)}")
    what = f"{exchange_name} accounts"
    account_options = read(board.account_options, {k: v for k, v in given.items() if k in account_names}, what)
    key_options = read(board.key_options, {k: v for k, v in given.items() if k in key_names}, what)
    delays = exchange.lifecycle.delays(account_options.delays)
    check_polls(account_options.polls, account_options.progress)
    with service.lock:
        world = service.worlds[exchange_name]
        behavior = exchange.unknowns.behavior(account_options.behavior, world.behavior)
        _check_skew(service, account_options.skew_ms)
        account = world.add_account(account_options.name)
        try:
            account.progress = account_options.progress
            account.delays = delays
            account.polls = account_options.polls or 1
            account.limited = account_options.limits
            account.behavior = behavior
            if account_options.skew_ms is not None:
                account.skew(account_options.skew_ms)
            board.open_account(world, account, account_options)
            key = board.issue_key(world, account, key_options)
            world.add_key(key)
        except Misuse:
            world.delete_account(account.name)
            raise
        return Opened(exchange, account, key)


def create_key(service: Service, account_id: str, given: Mapping[str, Any]) -> tuple[Exchange, Key]:
    """A further key of an account. Raises Misuse."""
    with service.lock:
        exchange, world, account = find(service, account_id)
        options = read(exchange.onboarding.key_options, given, f"{exchange.name} keys")
        key = exchange.onboarding.issue_key(world, account, options)
        world.add_key(key)
        return exchange, key


def create_withdrawal(service: Service, account_id: str, given: Mapping[str, Any]) -> Withdrawal:
    """A withdrawal of an account, as if its user had asked for it. Raises Misuse."""
    with service.lock:
        exchange, world, account = find(service, account_id)
        options = read(exchange.onboarding.withdrawal_options, given, f"{exchange.name} withdrawals")
        opened = exchange.onboarding.open_withdrawal(world, account, options)
        service.publish(world)
        return opened


def find(service: Service, account_id: str) -> tuple[Exchange, World, Account]:
    """The account with this id, brought up to date. Raises NotThere."""
    exchange_name, _, name = account_id.partition("-")
    with service.lock:
        if exchange_name in service.worlds and name in service.worlds[exchange_name].accounts:
            world = service.worlds[exchange_name]
            return exchange_named(exchange_name), world, world.account(name)
        known = [account.id for world in service.worlds.values() for account in world.accounts.values()]
    raise NotThere(f"there is no account {shown(account_id)}; {did_you_mean(account_id, known)}")


def find_withdrawal(service: Service, account_id: str, withdrawal_id: str) -> Withdrawal:
    """A withdrawal of an account, brought up to date. Raises NotThere."""
    with service.lock:
        _, _, account = find(service, account_id)
        withdrawal = account.book.find(withdrawal_id)
        if withdrawal is None:
            nearest = did_you_mean(withdrawal_id, [found.id for found in account.book])
            raise NotThere(f"account {account_id!r} has no withdrawal {shown(withdrawal_id)}; {nearest}")
        return withdrawal


def change_account(service: Service, account_id: str, given: Mapping[str, Any]) -> Account:
    """Change progress, delays, polls, skew, limits or behavior of an account. Raises Misuse."""
    changes = read(AccountChanges, given, "account changes")
    with service.lock:
        exchange, world, account = find(service, account_id)
        behavior = exchange.unknowns.behavior(changes.behavior, account.behavior)
        delays = account.delays if changes.delays is None else exchange.lifecycle.delays(changes.delays)
        check_polls(changes.polls, changes.progress or account.progress)
        _check_skew(service, changes.skew_ms)
        account.behavior, account.delays = behavior, delays
        account.polls = changes.polls or account.polls
        if changes.skew_ms is not None:
            account.skew(changes.skew_ms)
        if changes.limits is not None:
            account.limited = changes.limits
        if changes.progress is not None:
            account.progress = changes.progress
        account.catch_up()
        service.publish(world)
        return account


def change_withdrawal(service: Service, account_id: str, withdrawal_id: str, given: Mapping[str, Any]) -> Withdrawal:
    """Change how one withdrawal goes on: progress, delays or polls; None is as its account does. Raises Misuse."""
    changes = read(WithdrawalChanges, given, "withdrawal changes")
    with service.lock:
        exchange, world, account = find(service, account_id)
        withdrawal = find_withdrawal(service, account_id, withdrawal_id)
        progress = withdrawal.progress if changes.progress is UNSET else changes.progress
        delays = withdrawal.delays if changes.delays is UNSET else exchange.lifecycle.delays(changes.delays or {})
        polls = None if changes.polls is UNSET else changes.polls
        check_polls(polls, progress or account.progress)
        withdrawal.progress, withdrawal.delays = progress, delays
        withdrawal.polls = withdrawal.polls if changes.polls is UNSET else changes.polls
        account.catch_up_one(withdrawal)
        service.publish(world)
        return withdrawal


def change_exchange(service: Service, exchange_name: str, given: Mapping[str, Any]) -> tuple[Exchange, World]:
    """Change behavior or skew of an exchange for calls that belong to no account, and for accounts made from now on.

    Accounts that exist keep theirs. Raises Misuse.
    """
    exchange = exchange_named(exchange_name)
    changes = read(ExchangeChanges, given, "exchange changes")
    with service.lock:
        world = service.worlds[exchange_name]
        behavior = exchange.unknowns.behavior(changes.behavior, world.behavior)
        _check_skew(service, changes.skew_ms)
        world.behavior = behavior
        world.skew_ms = world.skew_ms if changes.skew_ms is None else changes.skew_ms
        return exchange, world


def _check_skew(service: Service, skew_ms: int | None) -> None:
    if skew_ms is not None and service.clock.now_ns() // 1_000_000 + skew_ms < 0:
        raise Misuse(f"skew_ms {skew_ms} would put the server's clock before 1970")


def delete_account(service: Service, account_id: str) -> None:
    """Forget an account and all it holds. Raises NotThere."""
    with service.lock:
        exchange, world, account = find(service, account_id)
        exchange.forget(world, account)
        world.delete_account(account.name)
        sockets.expire(service.sockets, service.worlds)
        sockets.leave(service.sockets, account)


def event(
    service: Service, account_id: str, withdrawal_id: str, name: object = None, reason: object = None
) -> Withdrawal:
    """The step `name` of a withdrawal's life-cycle, or the one that would fall due next. Raises Misuse.

    `reason` is what the history gives for it: text of at most 500 characters.
    """
    if name is not None and not isinstance(name, str):
        raise Misuse(f"event {shown(name)} must be the name of an event, or nothing for the next one")
    reason = read(EventOptions, {"reason": reason}, "events").reason or ""
    with service.lock:
        _, world, account = find(service, account_id)
        withdrawal = find_withdrawal(service, account_id, withdrawal_id)
        if name is None:
            due = account.due(withdrawal)
            if due is None:
                raise Misuse(f"a withdrawal in state {withdrawal.state.name!r} has no next step; name an event")
            name = due.event
        try:
            account.move(withdrawal, name, reason)
        except Overdrawn:
            raise AlreadyThere(again(account_id, name, withdrawal)) from None
        service.publish(world)
        return withdrawal


def advance(
    service: Service, account_id: str, seconds: object = 0, *, minutes: object = 0, hours: object = 0
) -> Account:
    """Move one account's time forward. Raises Misuse for a negative, absurd or non-numeric number."""
    ms = round(in_seconds(seconds, minutes, hours) * 1000)
    with service.lock:
        _, world, account = find(service, account_id)
        if account.lead_ms + ms > century_s * 1000:
            raise Misuse(f"account {shown(account_id)} would be more than {century_s} s ahead of the clock")
        account.advance(ms)
        service.publish(world)
        return account


def in_seconds(seconds: object, minutes: object, hours: object) -> float:
    """The three together, in seconds. Raises Misuse for a negative, absurd or non-numeric number."""
    return _seconds("seconds", seconds, 1) + _seconds("minutes", minutes, 60) + _seconds("hours", hours, 3600)


def _seconds(name: str, given: object, unit_s: int) -> float:
    """`given` units of `unit_s` seconds, in seconds."""
    count = float(given) if isinstance(given, Decimal) and given.is_finite() else given
    most = century_s // unit_s
    if isinstance(count, bool) or not isinstance(count, int | float) or not 0 <= count <= most:
        raise Misuse(f"{name} {shown(count)} must be a number from 0 to {most}")
    return count * unit_s


def accounts(service: Service) -> list[tuple[Exchange, Account]]:
    """Every account there is, exchange by exchange."""
    with service.lock:
        return [
            (exchange, account) for exchange in exchanges for account in service.worlds[exchange.name].accounts.values()
        ]
