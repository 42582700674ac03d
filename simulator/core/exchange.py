"""What an exchange is to the rest of the project: a value that lists its functions and tables.

There is no base class: each exchange fills one `Exchange` in its `__init__`, and the service keeps the written list.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Literal

from simulator.core.accounts import Account, Key
from simulator.core.behavior import Unknowns
from simulator.core.book import Change, Withdrawal
from simulator.core.kept import Kept
from simulator.core.lifecycle import Lifecycle
from simulator.core.limits import Counter, FixedWindow, SlidingWindow
from simulator.core.message import Frame, Reply, Request
from simulator.core.misuse import Misuse, did_you_mean, shown
from simulator.core.options import AccountOptions, KeyOptions, WithdrawalOptions
from simulator.core.rows import Evidence, Refusal, Row
from simulator.core.world import World


@dataclass(frozen=True, slots=True)
class Limit:
    """A documented rate limit of one endpoint: `calls` in `window_ms`."""

    calls: int
    window_ms: int
    kind: Literal["fixed", "sliding"]
    evidence: Evidence

    def counter(self) -> Counter:
        window = FixedWindow if self.kind == "fixed" else SlidingWindow
        return window(self.calls, self.window_ms)


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """One function of an exchange. `name` is the common word for it (`cancel`, `list`, `status`, `time` ...).

    `permission` is the exchange's own word ("" when a key needs none, None when the call is public). `shows` says that
    its answer shows withdrawals and their states: such a call is a look at them, and may be behind.
    """

    name: str
    method: str
    path: str
    function: Callable[..., Any]
    permission: str | None
    source: str
    limit: Limit | None = None
    cost: float = 1.0
    shows: bool = False


@dataclass(frozen=True, slots=True)
class Mode:
    """The row that answers every call while the service is in some mode, and how well that use of it is known."""

    row: Row
    evidence: Evidence
    source: str


@dataclass(frozen=True, slots=True)
class Network:
    """One way to move an asset: the exchange's own name for it, its fee in units of the asset, a plausible address."""

    name: str
    fee: Decimal
    address: str
    method: str = ""


@dataclass(frozen=True, slots=True)
class Asset:
    """One asset: the common `ticker` that our own surfaces take, and the exchange's own `code` for it."""

    ticker: str
    code: str
    decimals: int
    networks: tuple[Network, ...]
    names: tuple[str, ...] = ()
    details: Any = None


@dataclass(frozen=True, slots=True)
class Assets:
    """An exchange's assets. The first network of an asset is its default."""

    table: tuple[Asset, ...]

    def named(self, ticker: str) -> Asset:
        """The asset of a common ticker. Raises Misuse."""
        for asset in self.table:
            if asset.ticker == ticker:
                return asset
        raise Misuse(f"there is no asset {shown(ticker)}; {did_you_mean(ticker, [a.ticker for a in self.table])}")

    def coded(self, code: str) -> Asset | None:
        """The asset that the exchange's clients call `code` (its code or one of its other names), in any case."""
        if not code.isascii():  # `upper` would fold some letters of other scripts into ASCII
            return None
        wanted = code.upper()
        for asset in self.table:
            if wanted == asset.code.upper() or wanted in asset.names:
                return asset
        return None

    def network(self, ticker: str, name: str | None) -> Network:
        """The network of an asset by the exchange's own name; None: the default one. Raises Misuse."""
        networks = self.named(ticker).networks
        if name is None:
            return networks[0]
        for network in networks:
            if network.name == name:
                return network
        raise Misuse(f"{ticker} has no network {shown(name)}; {did_you_mean(name, [n.name for n in networks])}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What an exchange made of a request: the reply, and what it established on the way (for the journal and faults).

    `row` is the row that answered when there was a refusal; `unread` are the parameters that came and nothing read.
    """

    reply: Reply
    endpoint: str
    key: Key | None
    refusal: Refusal | None
    row: Row | None
    unread: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FrameAnswer:
    """What an exchange made of a frame: the frames to send back, the socket's session from now on, and the rest."""

    session: Any
    frames: tuple[str, ...]
    endpoint: str
    account: Account | None
    refusal: Refusal | None
    row: Row | None
    close: tuple[int, str] | None = None
    unread: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Sockets:
    """The WebSocket side of an exchange. `open` gives the session that a fresh socket begins with.

    `push` turns changes of state, whoever made them, into frames for one socket, and gives its next session; `expire`
    tells whether a socket has been silent for too long (close code and reason), asked now and then. `FrameAnswer.close`
    ends a socket behind its frames in the same way. `meant` tells which operation a frame asks for and whose socket or
    key it names, before it is answered and proving nothing; `operations` are all names that it gives. `refuse` answers
    a frame with any row, where the exchange has a way to.
    """

    paths: Callable[[str], bool]
    open: Callable[[World, Request], Any]
    receive: Callable[[World, Any, Frame], FrameAnswer]
    meant: Callable[[World, Any, Frame], tuple[str, Account | None]]
    operations: tuple[str, ...]
    push: Callable[[World, Any, tuple[Change, ...]], tuple[Any, tuple[str, ...]]] | None = None
    expire: Callable[[World, Any], tuple[int, str] | None] | None = None
    refuse: Callable[[World, Any, Frame, Row], tuple[str, ...]] | None = None


@dataclass(frozen=True, slots=True)
class Onboarding:
    """How accounts, keys and withdrawals of an exchange begin.

    `credentials(key)` and `client_settings(account)` are what the control surface prints; `paste(url, key, withdrawal)`
    is one command that a person can paste to cancel the withdrawal.
    """

    account_options: type[AccountOptions]
    key_options: type[KeyOptions]
    withdrawal_options: type[WithdrawalOptions]
    open_account: Callable[[World, Account, Any], None]
    issue_key: Callable[[World, Account, Any], Key]
    open_withdrawal: Callable[[World, Account, Any], Withdrawal]
    credentials: Callable[[Key], Mapping[str, Any]]
    client_settings: Callable[[Account], Mapping[str, Any]]
    paste: Callable[[str, Key, Withdrawal], str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """One exchange, whole.

    `whose` tells whose key or session a request names, before a turn and proving nothing; None when nobody's. `forget`
    drops what the world has of an account besides the account itself, when it is deleted. `modes` are the service modes
    `maintenance` and `busy`.
    """

    name: str
    title: str
    roots: tuple[str, ...]
    answer: Callable[[World, Request], Answer]
    whose: Callable[[World, Request], Key | None]
    endpoints: tuple[Endpoint, ...]
    lifecycle: Lifecycle
    unknowns: Unknowns
    assets: Assets
    permissions: tuple[str, ...]
    onboarding: Onboarding
    kept: Kept
    modes: Mapping[Literal["maintenance", "busy"], Mode]
    sockets: Sockets | None = None
    forget: Callable[[World, Account], None] = lambda world, account: None
    folds_case: bool = False
    _names: dict[tuple[str, str], str] = field(init=False, repr=False, default_factory=dict)
    _shown: set[str] = field(init=False, repr=False, default_factory=set)

    def __post_init__(self) -> None:
        for endpoint in self.endpoints:
            self._names.setdefault(self._place(endpoint.method, endpoint.path), endpoint.name)
        self._shown.update(endpoint.name for endpoint in self.endpoints if endpoint.shows)

    @property
    def operations(self) -> tuple[str, ...]:
        """The names of all that a client can ask, by request or by frame: what faults and plans may name."""
        by_frame = self.sockets.operations if self.sockets else ()
        return tuple(dict.fromkeys((*(endpoint.name for endpoint in self.endpoints), *by_frame)))

    def endpoint_at(self, request: Request) -> str:
        """The name of the endpoint that a request is meant for; "" when no path and method fit."""
        return self._names.get(self._place(request.method, request.path), "")

    def _place(self, method: str, path: str) -> tuple[str, str]:
        """An exchange that takes its paths in any case takes GET and POST alike."""
        return ("", path.lower().removesuffix("/")) if self.folds_case else (method, path)

    def shows(self, endpoint: str) -> bool:
        """True if the answer of the endpoint of that name shows withdrawals."""
        return endpoint in self._shown

    def owns(self, path: str) -> bool:
        """True if `path` lies below one of this exchange's roots (in any case if the exchange `folds_case`).

        A root without a slash at its end is that path alone, not what begins with it (`/ap` is not `/apples`).
        """
        folded = path.lower() if self.folds_case else path
        return any(folded.startswith(root) if root.endswith("/") else folded == root for root in self.roots)
