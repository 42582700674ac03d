"""An account of AlphaPoint that a snapshot brings: whether it could have come about here, and its sessions.

A session in a document names its key by the key's own name. Knows no document otherwise.
"""

from __future__ import annotations

from dataclasses import dataclass

from simulator.core.accounts import Account
from simulator.core.consistency import check_supplied
from simulator.core.misuse import AlreadyThere, Misuse, shown
from simulator.core.world import World
from simulator.exchanges.alphapoint.assets import ASSETS
from simulator.exchanges.alphapoint.onboarding import check_base32
from simulator.exchanges.alphapoint.tickets import Ticket
from simulator.exchanges.alphapoint.users import Session, User, sessions, users


@dataclass(frozen=True, slots=True)
class KeptSession:
    """A login; `api_key` is the name of the key that it has the rights of. `used_ms` is told by
    the clock that no skew moves.
    """

    token: str
    api_key: str
    peer: str
    used_ms: int
    is_pending: bool


def check(world: World, account: Account) -> None:
    """Raises Misuse with the first thing that could not be, AlreadyThere for a user whom somebody else is."""
    user: User = account.details
    check_base32(user.totp_secret)
    check_supplied("details.supplied", user.supplied, user.secrets)
    for _, other in users(world):
        for name in ("username", "user_id", "account_id"):
            value = getattr(user, name)
            if value == getattr(other, name):
                raise AlreadyThere(f"alphapoint already has a user whose {name} is {shown(value)}")
    for withdrawal in account.book:
        ASSETS.network(withdrawal.asset, withdrawal.network)
        ticket: Ticket = withdrawal.details
        if not 1 <= ticket.steps_shown <= len(withdrawal.history):
            raise Misuse(
                f"the snapshot contradicts itself: withdrawal {shown(withdrawal.id)} shows steps that it has not"
            )


def kept_sessions(world: World, account: Account) -> list[KeptSession]:
    """The open sessions of an account, the least recently used first."""
    found = sessions(world).of(account)
    return [KeptSession(one.token, one.key.api_key, one.peer, one.used_ms, one.is_pending) for one in found]


def take_up(world: World, account: Account, given: list[KeptSession]) -> None:
    """Open the sessions of a snapshot again. Raises Misuse, AlreadyThere."""
    user: User = account.details
    tokens, user.tokens[:] = list(user.tokens), []
    keys = {key.api_key: key for key in account.keys}
    if tokens != [one.token for one in given] or not {one.api_key for one in given} <= set(keys):
        raise Misuse("the snapshot contradicts itself: its sessions are not those of the user's tokens and keys")
    for one in given:
        sessions(world).enter(Session(one.token, keys[one.api_key], one.peer, one.used_ms, one.is_pending))
