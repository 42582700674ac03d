"""The fault row, what a kind of fault is, and how a reply reaches its client."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Literal

from simulator.core.ids import Ids
from simulator.core.message import HeaderText, Reply

if TYPE_CHECKING:
    from simulator.core.accounts import Account

Place = Literal["request", "frame", "push"]
"""Where a fault may happen: to an HTTP request, to a frame that a client sends, to one that the exchange pushes."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """How a reply reaches its client: after `delay_ms`, and only `cut_at` bytes of its body if the connection breaks
    within it. Without a reply the connection breaks at once.
    """

    reply: Reply | None
    delay_ms: int = 0
    cut_at: int | None = None

    def instead_of(self, reply: Reply) -> Reply | None:
        """What is sent instead of `reply`; None when it is sent as it is, or nothing is."""
        sent = self.reply
        if sent is None or self.cut_at is None:
            return None if sent is reply else sent
        return replace(sent, body=sent.body[: self.cut_at])


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """One kind of fault. `options` are those that it takes, `needed` those that it cannot do without.

    `instead` makes an answer of its own (it is given a function that renders an error row by name), and the exchange
    acts only when the fault says so; `during` is how the account is seen while the exchange answers; `after` changes
    the answer of an exchange that has acted. `places` says where it may happen. A frame whose reply is kept, and a push
    with `breaks`, end the socket. `reads_only` meets only calls that show withdrawals; `mode` has the exchange name the
    row, and lasts unless told otherwise.
    """

    name: str
    says: str
    options: tuple[str, ...] = ()
    needed: tuple[str, ...] = ()
    instead: Callable[[Fault, Callable[[str], Reply]], Delivery] | None = None
    during: Callable[[Fault, Account], AbstractContextManager[None]] | None = None
    after: Callable[[Fault, Reply], Delivery] | None = None
    places: tuple[Place, ...] = ("request",)
    breaks: bool = False
    reads_only: bool = False
    mode: bool = False


@dataclass(slots=True, kw_only=True)
class Fault:
    """What happens to calls of `endpoint` (None: any), from the `nth` matching call on, `times` times (None: always).

    `share` lets it happen to that share of those calls only, drawn by seed. `met` counts the calls that matched,
    `fired` those it happened to. The rest are the options of its kind: `seconds` of delay, `status` of an edge page,
    `row` of an error, `acts` (the exchange acts all the same), `content_type`, `steps` that a read is behind.
    `possible` are the endpoints that it can happen to at all (None: any). `does` is what happens, `kind` its name.
    """

    id: str
    does: Kind
    draws: Ids
    endpoint: str | None = None
    nth: int = 1
    times: int | None = 1
    share: float = 1.0
    seconds: float = 0.0
    status: int = 502
    acts: bool = False
    row: str = ""
    content_type: HeaderText = "text/html"
    steps: int = 1
    possible: frozenset[str] | None = None
    met: int = field(default=0)
    fired: int = field(default=0)

    @property
    def kind(self) -> str:
        """The name of its kind, such as `lose_reply`."""
        return self.does.name

    def meets(self, endpoint: str) -> bool:
        """Count a call of `endpoint`; True if the fault happens to it."""
        if self.endpoint is not None and self.endpoint != endpoint:
            return False
        if self.possible is not None and endpoint not in self.possible:
            return False
        self.met += 1
        if self.met < self.nth or (self.times is not None and self.fired >= self.times):
            return False
        if self.share < 1 and not self.draws.chance(self.share):
            return False
        self.fired += 1
        return True
