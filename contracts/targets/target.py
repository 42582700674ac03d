"""What a target is: something that answers as an exchange, and what it lets the suite prepare."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, Literal, Protocol

from contracts.wire import Credentials, HttpCall, HttpReply

Ability = Literal["accounts", "withdrawals", "events", "time", "clock", "faults", "behavior", "limits", "sockets"]
"""What a case may need: accounts made with options, withdrawals put into a state, steps of the life-cycle, time that
moves, a server clock that may be set, faults, other answers where an answer is not known, rate limits switched on and
off, WebSockets.
"""

_CANNOT: dict[Ability, str] = {
    "accounts": "make accounts",
    "withdrawals": "offer a pending withdrawal",
    "events": "move a withdrawal on",
    "time": "let time pass",
    "clock": "have its clock set",
    "faults": "break on request",
    "behavior": "answer otherwise on request",
    "limits": "switch rate limits",
    "sockets": "speak WebSocket",
}


class TargetDown(Exception):
    """The target cannot be used at all; the sentence says why."""


class ReplyLost(Exception):
    """The connection broke before the answer was complete: whether the target has acted is not known."""


class ControlRefused(Exception):
    """The target's control surface cannot do what was asked of it now; the sentence says why."""


class Limited(ControlRefused):
    """The target takes no more connections now: its rate limit."""


class TargetAccount(Protocol):
    """An account on the target, made for one case."""

    credentials: Credentials
    settings: Mapping[str, Any]

    def withdrawal(self, options: Mapping[str, Any]) -> str:
        """Make a withdrawal; returns the id that the cancel call takes. Raises ControlRefused."""
        ...

    def event(self, withdrawal: str, event: str) -> None:
        """A step of the life-cycle by name. Raises ControlRefused."""
        ...

    def fault(self, options: Mapping[str, Any]) -> None:
        """Let something happen to calls of this account. Raises ControlRefused."""
        ...

    def key(self, options: Mapping[str, Any]) -> Credentials:
        """A further key of the same account. Raises ControlRefused."""
        ...

    def advance(self, seconds: int) -> None: ...

    def withdrawals(self) -> Mapping[str, str] | None:
        """The state of every withdrawal, by id, as the target itself tells it apart; None where only the exchange can
        be asked.
        """
        ...

    def delete(self) -> None: ...


class TargetSocket(Protocol):
    """An open WebSocket."""

    @property
    def closed(self) -> str:
        """Close code and reason once the target ended it, such as "4004 No data"; "" before."""
        ...

    def send(self, frame: str) -> None:
        """Send a frame. Raises ReplyLost."""
        ...

    def heard(self, expected: int = 0) -> list[str]:
        """The frames that came since the last look: all that the target had to send by now, and where that cannot be
        told, as many as are `expected`, if they come in time. Raises ReplyLost, TargetDown.
        """
        ...

    def close(self) -> None: ...


class Target(Protocol):
    """Something that answers as an exchange. `name` tells people what it is; `secrets` are never shown to them.

    `unset` are the names of credentials that nobody has told: what needs them cannot be asked. `run` tells accounts
    that are named by this run from those of another.
    """

    name: str
    run: str
    secrets: frozenset[str]
    unset: frozenset[str]
    can: frozenset[Ability]
    exchanges: frozenset[str]
    url: str

    def account(self, exchange: str, options: Mapping[str, Any]) -> TargetAccount:
        """A fresh account, or the only one that there is. Raises ControlRefused, TargetDown."""
        ...

    def lacks(self, withdrawal: Mapping[str, Any]) -> str:
        """Why no withdrawal with these options can be had here; "" if it can."""
        ...

    def spent(self) -> None:
        """A cancel was accepted: where there is one withdrawal only, it is none for further cases."""
        ...

    def rest(self) -> bool:
        """Wait for a rate limit to pass; False if that is not to be done."""
        ...

    def now_ms(self) -> int:
        """The time that a client of this target signs with."""
        ...

    def at(self, now_ms: int) -> None:
        """Set the server's clock, for targets that can."""
        ...

    def send(self, call: HttpCall) -> HttpReply:
        """One request, one answer. Raises ReplyLost, TargetDown."""
        ...

    def open_socket(self, target: str) -> TargetSocket:
        """A fresh WebSocket. Raises TargetDown, Limited."""
        ...

    def close(self) -> None: ...


def lacking(needed: Collection[Ability], target: Target) -> str:
    """What the target cannot do of what is needed, in one sentence; "" when it can do it all."""
    missing = [told for ability, told in _CANNOT.items() if ability in needed and ability not in target.can]
    return f"the target cannot {', '.join(missing)}" if missing else ""
