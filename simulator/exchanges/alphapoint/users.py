"""Who stands behind an AlphaPoint account: a user with a name, a password and numbers, and the sessions that are open.

Facts: APEX documentation: a session lasts until it has been idle for an hour (server clock) or is left, and is bound
to the IP where it began. Sessions are looked up by token in a table of the world; nothing here knows a transport.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field

from simulator.core.accounts import Account, Key
from simulator.core.message import Request
from simulator.core.world import World

OMS_ID = 1
IDLE_MS = 3_600_000
SESSIONS = 64
"""How many sessions of one account are kept; the least recently used goes first. The number is ours."""

_OPERATORS = frozenset({"Operator", "SuperUser"})


@dataclass(slots=True, eq=False)
class Session:
    """An open login. `key` is the one that logged in, or the account's first after a login with a password.

    A session is itself only: tokens are seeded by the account's name, so that a later account of that name is given
    the same ones again.
    """

    token: str
    key: Key
    peer: str
    used_ms: int


@dataclass(frozen=True, slots=True, kw_only=True)
class User:
    """What AlphaPoint knows of an account besides what every exchange does.

    `tokens` are those of its open sessions, the least recently used first.

    `supplied` are the secrets that somebody chose instead of having them generated.
    """

    user_id: int
    account_id: int
    username: str
    password: str
    totp_secret: str
    first_ticket: int
    supplied: frozenset[str] = frozenset()
    tokens: list[str] = field(default_factory=list)

    @property
    def email(self) -> str:
        return self.username if "@" in self.username else f"{self.username}@example.com"


def is_operator(key: Key) -> bool:
    """True if the caller may act on any account of the OMS."""
    return not _OPERATORS.isdisjoint(key.permissions)


def users(world: World) -> Iterator[tuple[Account, User]]:
    """Every account with its user; one that is just being made has none yet."""
    for account in world.accounts.values():
        if account.details is not None:
            yield account, account.details


def named(world: World, username: str) -> Account | None:
    """The account whose user has this name."""
    return next((account for account, user in users(world) if user.username == username), None)


def numbered(world: World, account_id: int) -> Account | None:
    """The account with this number."""
    return next((account for account, user in users(world) if user.account_id == account_id), None)


class Sessions:
    """The open sessions of a world by token. Those that ended are swept out before they could pile up."""

    def __init__(self) -> None:
        self._by_token: dict[str, Session] = {}
        self._crowded_out: deque[str] = deque(maxlen=1024)
        self._sweep_at = 256

    def __len__(self) -> int:
        return len(self._by_token)

    def open(self, world: World, key: Key, peer: str) -> Session:
        """A new session of the key's account."""
        if len(self._by_token) >= self._sweep_at:
            self._sweep(world)
        user: User = key.account.details
        if len(user.tokens) >= SESSIONS:
            self._crowded_out.append(user.tokens[0])
            self.end(user.tokens[0])
        session = Session(key.account.ids.uuid(), key, peer, world.now_ms())
        self._by_token[session.token] = session
        user.tokens.append(session.token)
        return session

    def find(self, world: World, token: str) -> Session | None:
        """The session of a token, though it may have been idle too long; None when there is none (any more)."""
        session = self._by_token.get(token)
        if session is not None and not _lives_in(world, session):
            self.end(token)
            return None
        return session

    def is_open(self, world: World, session: Session) -> bool:
        """True if this very session is there, though it may have been idle too long; its token alone does not count."""
        return self.find(world, session.token) is session

    def why_ended(self, token: str) -> str:
        """Why there is no session of this token: for people."""
        if token in self._crowded_out:
            return f"was crowded out: an account keeps the {SESSIONS} sessions that were used last"
        return "is not there (any more): it was left, its account was deleted, or there never was one"

    def touch(self, world: World, session: Session) -> Session:
        """Note activity of a session that is open: its hour begins anew."""
        session.used_ms = world.now_ms()
        tokens = session.key.account.details.tokens
        tokens.remove(session.token)
        tokens.append(session.token)
        return session

    def end(self, token: str) -> None:
        """Forget a session that there is."""
        session = self._by_token.pop(token)
        session.key.account.details.tokens.remove(token)

    def _sweep(self, world: World) -> None:
        for session in tuple(self._by_token.values()):
            if not _lives_in(world, session) or is_idle(world, session):
                self.end(session.token)
        self._sweep_at = 2 * len(self._by_token) + 256


def is_idle(world: World, session: Session) -> bool:
    """True if the session's hour is over."""
    return world.now_ms() - session.used_ms >= IDLE_MS


def sessions(world: World) -> Sessions:
    """The sessions of a world; it carries them."""
    if world.details is None:
        world.details = Sessions()
    table = world.details
    assert isinstance(table, Sessions)
    return table


def _lives_in(world: World, session: Session) -> bool:
    """False when the account has been deleted."""
    account = session.key.account
    return world.accounts.get(account.name) is account


def whose(world: World, request: Request) -> Key | None:
    """The key behind the session token or the key header that a request names; it proves nothing."""
    token = request.header("aptoken")
    if token:
        session = sessions(world).find(world, token)
        return session.key if session else None
    return world.find_key(request.header("APIKey") or "")
