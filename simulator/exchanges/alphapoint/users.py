"""Who stands behind an AlphaPoint account: a user with a name, a password and numbers, and the sessions that are open.

Facts: APEX documentation: a session lasts until it has been idle for an hour (server clock) or is left, and is bound
to the IP where it began. Sessions are looked up by token in a table of the world; nothing here knows a transport.
"""

from __future__ import annotations

import base64
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from weakref import ref

from simulator.core.accounts import Account, Key
from simulator.core.message import Request
from simulator.core.misuse import AlreadyThere, shown
from simulator.core.world import World
from simulator.exchanges.alphapoint.behavior import Fields

OMS_ID = 1
IDLE_MS = 3_600_000
SESSIONS = 64
"""How many sessions of one account are kept; the least recently used goes first. The number is ours."""

_OPERATORS = frozenset({"Operator", "SuperUser"})


class Session:
    """A login. `key` is the one that logged in, or the account's first after a login with a password. It is held
    weakly: a socket keeps its session for as long as it is open, and must not keep an account that was deleted.

    One that `is_pending` still waits for its second factor and opens nothing. A session is itself only: tokens are
    seeded by the account's name, so that a later account of that name is given the same ones again.
    """

    __slots__ = ("_key", "is_pending", "peer", "token", "used_ms")

    def __init__(self, token: str, key: Key, peer: str, used_ms: int, is_pending: bool = False) -> None:
        self.token = token
        self.peer = peer
        self.used_ms = used_ms
        self.is_pending = is_pending
        self._key = ref(key)

    @property
    def key(self) -> Key:
        """Its key; only a session that is open has one for certain."""
        key = self._key()
        assert key is not None
        return key

    @property
    def account(self) -> Account | None:
        """Whose login it is; None when that account has gone."""
        key = self._key()
        return None if key is None else key.account


@dataclass(slots=True)
class Failures:
    """How many logins with a wrong password came in a row, and when the last one did (server clock)."""

    count: int = 0
    last_ms: int = 0


def basic(username: str, password: str) -> str:
    """A login with a password as it stands in an Authorization header."""
    return base64.b64encode(f"{username}:{password}".encode("utf-8", "replace")).decode()


@dataclass(frozen=True, slots=True, kw_only=True)
class User:
    """What AlphaPoint knows of an account besides what every exchange does.

    `tokens` are those of its logins, the least recently used first.

    `supplied` are the secrets that somebody chose instead of having them generated.
    """

    user_id: int
    account_id: int
    username: str
    password: str
    totp_secret: str
    first_ticket: int
    created_ms: int
    use_2fa: bool = False
    failures: Failures = field(default_factory=Failures)
    supplied: frozenset[str] = frozenset()
    tokens: list[str] = field(default_factory=list)

    @property
    def secrets(self) -> tuple[str, ...]:
        """What must not be shown of it if it was supplied; a password also as it stands in an Authorization header."""
        return self.password, basic(self.username, self.password), self.totp_secret

    @property
    def email(self) -> str:
        return self.username if "@" in self.username else f"{self.username}@example.com"


def is_operator(key: Key) -> bool:
    """True if the caller may act on any account of the OMS."""
    return not _OPERATORS.isdisjoint(key.permissions)


def is_locked(account: Account) -> bool:
    """True after too many failures, where the account says how many those are."""
    allowed = account.behavior.number(Fields.FAILURES_TO_LOCK)
    user: User = account.details
    return 0 < allowed <= user.failures.count


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
    """The open sessions of a world by token: at most so many an account, and they end with their account."""

    def __init__(self) -> None:
        self._by_token: dict[str, Session] = {}
        self._crowded_out: deque[str] = deque(maxlen=1024)

    def __len__(self) -> int:
        return len(self._by_token)

    def open(self, world: World, key: Key, peer: str, *, is_pending: bool = False) -> Session:
        """A new login of the key's account."""
        user: User = key.account.details
        if len(user.tokens) >= SESSIONS:
            self._crowded_out.append(user.tokens[0])
            self.end(user.tokens[0])
        session = Session(key.account.ids.uuid(), key, peer, world.steady_ms(), is_pending)
        self.enter(session)
        return session

    def enter(self, session: Session) -> None:
        """Make a session known, as the one of its account that was used last. Raises AlreadyThere."""
        if session.token in self._by_token:
            raise AlreadyThere(f"alphapoint already has a session {shown(session.token)}")
        self._by_token[session.token] = session
        session.key.account.details.tokens.append(session.token)

    def of(self, account: Account) -> list[Session]:
        """The sessions of an account, the least recently used first."""
        user: User = account.details
        return [self._by_token[token] for token in user.tokens]

    def find(self, token: str, *, is_pending: bool = False) -> Session | None:
        """The session of a token, though it may have been idle too long; None when there is none (any more)."""
        session = self._by_token.get(token)
        return session if session is not None and session.is_pending is is_pending else None

    def is_open(self, session: Session) -> bool:
        """True if this very session is there, though it may have been idle too long; its token alone does not count."""
        return self._by_token.get(session.token) is session

    def why_ended(self, token: str) -> str:
        """Why there is no session of this token: for people."""
        if token in self._crowded_out:
            return f"was crowded out: an account keeps the {SESSIONS} sessions that were used last"
        return "is not there (any more): it was left, its account was deleted, or there never was one"

    def touch(self, world: World, session: Session) -> Session:
        """Note activity of a session that is open: its hour begins anew."""
        session.used_ms = world.steady_ms()
        tokens = session.key.account.details.tokens
        tokens.remove(session.token)
        tokens.append(session.token)
        return session

    def end(self, token: str) -> None:
        """Forget a session that there is."""
        session = self._by_token.pop(token)
        session.key.account.details.tokens.remove(token)


def is_idle(world: World, session: Session) -> bool:
    """True if the session's hour is over."""
    return world.steady_ms() - session.used_ms >= IDLE_MS


def sessions(world: World) -> Sessions:
    """The sessions of a world; it carries them."""
    if world.details is None:
        world.details = Sessions()
    table = world.details
    assert isinstance(table, Sessions)
    return table


def forget(world: World, account: Account) -> None:
    """End the sessions of an account that is being deleted."""
    user: User = account.details
    for token in tuple(user.tokens):
        sessions(world).end(token)


def whose(world: World, request: Request) -> Key | None:
    """The key behind the session token, the key header or the user of a login that a request names.

    It proves nothing. A login that waits for its second factor names its token in a header of its own.
    """
    for header, is_pending in (("aptoken", False), ("Pending2FaToken", True)):
        token = request.header(header)
        if token:
            session = sessions(world).find(token, is_pending=is_pending)
            return session.key if session else None
    if request.header("APIKey"):
        return world.find_key(request.header("APIKey") or "")
    username = _basic_user(request.header("Authorization") or "")
    account = named(world, username) if username else None
    return account.keys[0] if account else None


def _basic_user(authorization: str) -> str:
    """The user of `Basic ...`; "" when there is none to be read."""
    scheme, _, encoded = authorization.partition(" ")
    try:
        user = base64.b64decode(encoded.strip(), validate=True).decode().partition(":")[0]
    except ValueError:
        return ""
    return user if scheme.lower() == "basic" else ""
