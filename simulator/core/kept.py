"""What a snapshot has to know of an exchange. Knows no document and no exchange."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any

from simulator.core.accounts import Account, Key
from simulator.core.world import World


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What a snapshot of an account has to know of an exchange: the types of its `details` and of its own counters.

    `secrets` are all that a key has, generated or not: nothing else can be among its `supplied`. `check` raises Misuse
    for an account that could not have come about, before it enters the world. `session` is the type of a session as a
    document has it, `sessions` and `take_up` give those of an account and bring them back.
    """

    account: type
    withdrawal: type
    key: type | None = None
    secrets: Callable[[Key], Collection[str]] = lambda key: (key.secret,)
    counters: tuple[type, ...] = ()
    check: Callable[[World, Account], None] = lambda world, account: None
    session: type | None = None
    sessions: Callable[[World, Account], list[Any]] = lambda world, account: []
    take_up: Callable[[World, Account, list[Any]], None] = lambda world, account, sessions: None
