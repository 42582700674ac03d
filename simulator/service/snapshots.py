"""Snapshots: an account as a JSON document, and an account made of one, for every surface of ours.

A document holds all that an account has, its secrets too, but not its journal and its open sockets.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from simulator.core import snapshot
from simulator.core.misuse import Misuse, shown
from simulator.service.listed import exchange_given
from simulator.service.operations import Opened, find
from simulator.service.turns import Service


def take(service: Service, account_id: str) -> dict[str, Any]:
    """The document of an account as it is now. Raises NotThere."""
    with service.lock:
        exchange, world, account = find(service, account_id)
        service.publish(world)  # what `find` let fall due
        return snapshot.take(exchange, world, account)


def restore(service: Service, document: Mapping[str, Any], exchange_name: str | None = None) -> Opened:
    """The account of a document, of `exchange_name` if that is given, and its first key.

    Raises Misuse for a document that is broken, of another version, or contradicts itself; AlreadyThere when its name,
    a key or a user is taken. Nothing is left behind then.
    """
    named = _object(document).get("exchange") if exchange_name is None else exchange_name
    if not isinstance(named, str):
        raise Misuse(f"the snapshot's exchange is {shown(named)}; it must be bybit, okx, kraken or alphapoint")
    exchange = exchange_given(named)
    with service.lock:
        world = service.worlds[exchange.name]
        account = snapshot.rebuild(exchange, world, _object(document))
        return Opened(exchange, account, account.keys[0])


def check_exchange(document: Mapping[str, Any], exchange_name: str) -> None:
    """See that it is of that exchange, for who hands it to a server that would take one of any. Raises Misuse."""
    if _object(document).get("exchange") != exchange_name:
        snapshot.check_head(exchange_name, document)  # what of it is wrong first, in the words of `restore`


def _object(document: object) -> Mapping[str, Any]:
    if not isinstance(document, Mapping):
        raise Misuse(f"a snapshot is a JSON object, not {shown(document)}")
    return document
