"""A call, whichever transport brought it, and its parameters: names in any case, numbers also as text.

The `Call` is what the gateway establishes step by step; the functions read from it. No order of checks is decided
here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from weakref import ref

from simulator.core.accounts import Account, Key
from simulator.core.behavior import Behavior
from simulator.core.exchange import Endpoint
from simulator.core.message import Request
from simulator.core.reading import Reads, elsewhere
from simulator.core.rows import Condition, Refusal
from simulator.core.wire import NotJson, decode
from simulator.core.world import World
from simulator.exchanges.alphapoint.behavior import Conditions
from simulator.exchanges.alphapoint.users import Session

_INTEGER = re.compile(r"-?[0-9]{1,19}", re.ASCII)
_DECIMAL = re.compile(r"[0-9]{1,30}(\.[0-9]{1,30})?", re.ASCII)
_INT64 = 2**63

Parameters = Mapping[str, Any]
"""What a client gave, by lower-case name."""


@dataclass(slots=True, kw_only=True)
class Call:
    """A call and what has been established about it so far.

    `payload` is the JSON text that came (a body, the `o` of a frame), or the parameters of a query, already read apart.
    `request` is None on a socket. `session` is the one that a socket is, or whose token came; logging in and out
    change it. On a socket, `pending` is the login that waits for its second factor, and `subscribed` are the accounts
    whose events it gets. `reads` notes which parameters came and which were looked at.
    """

    world: World
    peer: str
    payload: object = None
    request: Request | None = None
    session: Session | None = None
    pending: Session | None = None
    subscribed: frozenset[ref[Account]] = frozenset()
    endpoint: Endpoint | None = None
    key: Key | None = None
    reads: Reads = field(default_factory=Reads)

    @property
    def caller(self) -> Key:
        """Who is asking, of a call that passed authentication."""
        assert self.key is not None
        return self.key

    @property
    def behavior(self) -> Behavior:
        """The account's settings once it is known, else the exchange's."""
        return self.key.account.behavior if self.key else self.world.behavior


@dataclass(frozen=True, slots=True)
class Query:
    """Parameters that came in a query string: all of them text."""

    values: dict[str, str]


def parameters(call: Call) -> Parameters:
    """What the client gave; nothing, "", `null` and `{}` are the same. Raises Refusal.

    Of keys that differ in letter case alone the last one counts [unknown].
    """
    given = call.payload
    if isinstance(given, Query):
        given = given.values
    elif isinstance(given, str | bytes):
        given = _read(given)
    elif given is not None:
        raise Refusal(Conditions.NOT_AN_OBJECT, f"o is a JSON {type(given).__name__}; it must be text")
    if call.request is not None:
        call.reads.misplace(elsewhere(call.request), folds_case=True)
    return call.reads.watch(given or {}, folds_case=True)


def _read(text: str | bytes) -> dict[str, Any] | None:
    if not text:
        return None
    try:
        value = decode(text)
    except NotJson as error:
        raise Refusal(Conditions.NOT_AN_OBJECT, f"the payload is not JSON: {error}") from None
    if value is not None and not isinstance(value, dict):
        raise Refusal(Conditions.NOT_AN_OBJECT, f"the payload is a JSON {type(value).__name__}, not an object")
    return value


def is_absent(given: Parameters, name: str) -> bool:
    """True if a parameter is missing, null or empty."""
    return given.get(name.lower()) in (None, "")


def is_set(given: Parameters, name: str) -> bool:
    """True if a switch is on; in a query it is text."""
    value = given.get(name.lower())
    return value is True or (isinstance(value, str) and value.lower() in ("true", "1"))


def require(given: Parameters, names: tuple[str, ...], missing: Condition) -> None:
    """Every one of `names` must be there and not be empty. Raises Refusal."""
    absent = [name for name in names if is_absent(given, name)]
    if absent:
        raise Refusal(missing, f"{', '.join(absent)} is missing or empty; given are {list(given)}")


def integer(given: Parameters, name: str) -> int:
    """A parameter that is a 64-bit integer, or text of one. Raises Refusal."""
    value = given[name.lower()]
    if isinstance(value, str) and _INTEGER.fullmatch(value):
        value = int(value)
    if type(value) is not int or not -_INT64 <= value < _INT64:
        raise Refusal(Conditions.WRONG_TYPE, f"{name} {value!r} is no 64-bit integer")
    return value


def natural(given: Parameters, name: str) -> int | None:
    """An optional integer of 0 or more; None when it is not there. Raises Refusal."""
    if is_absent(given, name):
        return None
    value = integer(given, name)
    if value < 0:
        raise Refusal(Conditions.WRONG_TYPE, f"{name} {value} is negative")
    return value


def decimal(given: Parameters, name: str) -> Decimal:
    """A parameter that is a number, or text of one without an exponent. Raises Refusal."""
    value = given[name.lower()]
    if isinstance(value, str) and _DECIMAL.fullmatch(value):
        return Decimal(value)
    if type(value) is int or isinstance(value, Decimal):
        return Decimal(value)
    raise Refusal(Conditions.WRONG_TYPE, f"{name} {value!r} is no number")


def text(given: Parameters, name: str) -> str:
    """A parameter that is text. Raises Refusal."""
    value = given[name.lower()]
    if not isinstance(value, str):
        raise Refusal(Conditions.WRONG_TYPE, f"{name} {value!r} is no text")
    return value


def function_name(endpoint: Endpoint) -> str:
    """`CancelWithdraw` of `/AP/CancelWithdraw`."""
    return endpoint.path.rpartition("/")[2]


def done(detail: str | None) -> dict[str, Any]:
    """The generic object of a success."""
    return {"result": True, "errormsg": None, "errorcode": 0, "detail": detail}
