"""SubscribeAccountEvents: what a socket is between its frames, and the events that changes of withdrawals become.

Facts: a captured creation of a ticket (APEX 4.3 documentation, SubscribeAccountEvents): WithdrawTicketUpdateEvent with
the whole ticket, then AccountPositionEvent with the whole position, numbered 2 and 4 by a counter of the socket. That
a position comes only where money moved is concluded.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any
from weakref import ref

from simulator.core.accounts import Account
from simulator.core.book import Change
from simulator.core.lifecycle import Stage, held_stages
from simulator.core.rows import Refusal
from simulator.core.world import World
from simulator.exchanges.alphapoint import frames
from simulator.exchanges.alphapoint.behavior import Conditions
from simulator.exchanges.alphapoint.calls import Call, parameters
from simulator.exchanges.alphapoint.glimpses import Glimpse
from simulator.exchanges.alphapoint.lifecycle import LIFECYCLE
from simulator.exchanges.alphapoint.permissions import account_to_read
from simulator.exchanges.alphapoint.positions import position
from simulator.exchanges.alphapoint.tickets import ticket
from simulator.exchanges.alphapoint.users import Session, is_idle, sessions


@dataclass(frozen=True, slots=True)
class Socket:
    """What a WebSocket is between its frames.

    `session` is that of its login, None before one; `pending` a login that waits for its second factor; `subscribed`
    are the accounts whose events it gets, held weakly, so that a deleted one is gone; `event_number` is that of the
    last event, 0 before the first.
    """

    session: Session | None = None
    pending: Session | None = None
    subscribed: frozenset[ref[Account]] = frozenset()
    event_number: int = 0


def subscribe_account_events(call: Call) -> Any:
    """SubscribeAccountEvents."""
    account = account_to_read(call, parameters(call))
    if ref(account) in call.subscribed:
        payload = call.payload if isinstance(call.payload, str) else ""
        raise Refusal(
            Conditions.ALREADY_SUBSCRIBED, f"this socket has the events of {account.id} already", payload=payload
        )
    call.subscribed |= {ref(account)}
    return {"Subscribed": True}


def unsubscribe_account_events(call: Call) -> Any:
    """UnsubscribeAccountEvents; the answer mirrors that of the subscription."""
    account = account_to_read(call, parameters(call))
    if ref(account) not in call.subscribed:
        raise Refusal(Conditions.NOT_SUBSCRIBED, f"this socket does not have the events of {account.id}")
    call.subscribed -= {ref(account)}
    return {"Unsubscribed": True}


def push(world: World, socket: Socket, changes: tuple[Change, ...]) -> tuple[Socket, tuple[str, ...]]:
    """The events that changes mean for one socket: none unless it is logged in and has subscribed."""
    if not socket.subscribed or not _is_open(world, socket):
        return socket, ()
    known = [account for one in socket.subscribed if (account := one()) is not None]
    accounts = {account.id: account for account in known if world.accounts.get(account.name) is account}
    number, told = socket.event_number, []
    for name, content in _events(accounts, changes):
        number += 2
        told.append(frames.event(number, name, content))
    return replace(socket, event_number=number), tuple(told)


def _is_open(world: World, socket: Socket) -> bool:
    session = socket.session
    return session is not None and sessions(world).is_open(session) and not is_idle(world, session)


def _events(accounts: dict[str, Account], changes: tuple[Change, ...]) -> Iterator[tuple[str, Any]]:
    """Each change shows its withdrawal as it was then, though later ones may have happened in the same turn."""
    to_come = Counter((change.account, change.withdrawal) for change in changes)
    for change in changes:
        to_come[change.account, change.withdrawal] -= 1
        account = accounts.get(change.account)
        withdrawal = account.book.find(change.withdrawal) if account else None
        if account is None or withdrawal is None:
            continue
        source = LIFECYCLE.state(change.source) if change.source else None
        target = LIFECYCLE.state(change.target)
        if source is None or source.word != target.word:
            glimpse = Glimpse(withdrawal, len(withdrawal.history) - to_come[change.account, change.withdrawal])
            yield "WithdrawTicketUpdateEvent", ticket(account, glimpse, in_event=True)
        if source is None or _pot(source.stage) != _pot(target.stage):
            yield "AccountPositionEvent", position(account, withdrawal.asset)


def _pot(stage: Stage) -> str:
    """Where the money of a withdrawal is."""
    if stage in held_stages:
        return "held"
    return "spent" if stage is Stage.PROCESSED else "available"
