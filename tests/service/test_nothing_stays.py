"""Accounts that were dropped leave nothing behind, also while their clients' sockets are open."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Callable
from typing import Any

import pytest

from contracts.dialects import alphapoint, okx
from simulator import Simulator
from simulator.core.clock import ManualClock
from simulator.server.handles import AccountHandle
from simulator.service.listed import exchanges

NAMES = [exchange.name for exchange in exchanges]
LIFE: list[Any] = [
    ("withdrawal", 3, 1),
    *[("call", number, number % 7) for number in range(35)],
    ("fault", 0, 0),
    ("change", 1, 0),
    ("key", 0, 0),
    ("event", 2, 0),
    ("call", 1, 8),
]


def size(value: Any, seen: set[int] | None = None) -> int:
    """How many containers and values hang on `value`, tables of code not counted."""
    seen = set() if seen is None else seen
    if id(value) in seen or isinstance(value, type | str | bytes | int | float | type(None)) or callable(value):
        return 0
    seen.add(id(value))
    slots = [name for kind in type(value).__mro__ for name in getattr(kind, "__slots__", ()) if name != "__weakref__"]
    inner = [getattr(value, name, None) for name in slots] + list(getattr(value, "__dict__", {}).values())
    if isinstance(value, dict):
        inner += [*value.keys(), *value.values()]
    elif isinstance(value, list | tuple | set | frozenset) or type(value).__name__ == "deque":
        inner += list(value)
    return 1 + sum(size(one, seen) for one in inner)


def lived(simulator: Simulator, exchange: str, script: Any, count: int) -> list[weakref.ref[Any]]:
    """So many accounts, each with a whole life, each deleted."""
    gone = []
    for _ in range(count):
        with simulator.exchange(exchange).account(limits=True, balances={"USDT": "500"}) as account:
            script(simulator, account).play(LIFE)
            gone.append(weakref.ref(account._account))
    return gone


@pytest.mark.parametrize("exchange", NAMES)
def test_accounts_by_the_hundred_leave_nothing_behind(
    exchange: str, script: Callable[[Simulator, AccountHandle], Any]
) -> None:
    simulator = Simulator(clock=ManualClock())
    service = simulator.service
    lived(simulator, exchange, script, 50)
    world = service.worlds[exchange]
    world.journal._entries.clear()  # what belonged to nobody, bounded for itself
    before = size(world.__dict__) + size(service.sockets) + size(service.listeners)
    gone = lived(simulator, exchange, script, 150)
    world.journal._entries.clear()
    gc.collect()
    assert not [one for one in gone if one() is not None]
    assert (world.accounts, world._keys, world._changes, world.faults) == ({}, {}, [], [])
    assert size(world.__dict__) + size(service.sockets) + size(service.listeners) == before


def test_a_thousand_accounts_of_each_exchange_are_gone_when_they_are_dropped() -> None:
    simulator = Simulator(clock=ManualClock())
    gone = []
    for exchange in NAMES:
        for _ in range(1000):
            with simulator.exchange(exchange).account(balances={}) as account:
                gone.append(weakref.ref(account._account))
    del account
    gc.collect()
    assert len(gone) == 4000
    assert not [one for one in gone if one() is not None]


def test_an_open_socket_does_not_keep_an_account_that_was_deleted() -> None:
    clock = ManualClock()
    simulator = Simulator(clock=clock)
    of_okx, of_alphapoint = simulator.okx.account("a"), simulator.alphapoint.account("a")
    socket = simulator.open_socket("/ws/v5/business")
    assert '"event":"login"' in socket.send(okx.login(of_okx.credentials, str(clock.now_ms // 1000)))[0]
    socket.send('{"op":"subscribe","args":[{"channel":"withdrawal-info"}]}')
    other = simulator.open_socket("/WSGateway/")
    assert "SessionToken" in other.send(alphapoint.hello(of_alphapoint.credentials))[0]
    payload = {"OMSId": 1, "AccountId": of_alphapoint.credentials["account_id"]}
    assert "true" in other.send(alphapoint.frame(2, "SubscribeAccountEvents", payload))[0]
    gone = [weakref.ref(of_okx._account), weakref.ref(of_alphapoint._account)]
    of_okx.delete()
    of_alphapoint.delete()
    assert socket.pushed() == ()
    assert socket.closed == (4007, "API key has been updated or deleted. Please reconnect.")
    del of_okx, of_alphapoint
    gc.collect()
    assert [one() for one in gone] == [None, None]
    assert len(simulator.service.sockets) == 1
    assert "Not Authorized" in other.send(alphapoint.frame(4, "GetUserInfo", {}))[0]
    assert simulator.service.worlds["alphapoint"].details is not None
    assert len(simulator.service.worlds["alphapoint"].details) == 0


def test_a_login_on_the_socket_of_an_account_that_was_deleted_begins_anew() -> None:
    simulator = Simulator(clock=ManualClock())
    first, second = simulator.alphapoint.account("a"), simulator.alphapoint.account("b")
    socket = simulator.open_socket("/WSGateway/")
    socket.send(alphapoint.hello(first.credentials))
    first.delete()
    del first
    gc.collect()
    assert "SessionToken" in socket.send(alphapoint.hello(second.credentials))[0]


def test_what_belongs_to_nobody_is_bounded_too() -> None:
    simulator = Simulator()
    for exchange in NAMES:
        assert simulator.service.worlds[exchange].journal._entries.maxlen == 1000
    assert simulator.service.journal._entries.maxlen == 1000
