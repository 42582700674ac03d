"""A call on its way through OKX's checks, and how its body and query are read.

Empty text and null count as absent: python-okx and others send them for what was not given. Keys that nobody knows are
ignored: okx-api adds a `tag` to every body.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, TypeVar
from urllib.parse import parse_qsl

from simulator.core.accounts import Account, Key
from simulator.core.book import Withdrawal
from simulator.core.exchange import Endpoint
from simulator.core.message import Request
from simulator.core.reading import Given, Reads
from simulator.core.rows import Condition, Refusal
from simulator.core.world import World
from simulator.exchanges.okx.assets import ASSETS
from simulator.exchanges.okx.behavior import Conditions, Fields

Listed = TypeVar("Listed")

_NUMBER = re.compile(r"[0-9]{1,16}", re.ASCII)
_DIGITS = re.compile(r"[0-9]+", re.ASCII)

_FIRST_PARAMETERS = {"cancel": "wdId", "status": "wdId", "instruments": "instType"}
"""What a row about a parameter names where the check is about none: the first that the call has, mostly `ccy`."""


@dataclass(slots=True)
class Call:
    """A request and what has been established about it so far. `body` is that of a POST; `told` are blanks that rows
    may name from here on. `reads` notes which parameters came and which were looked at; `parsed` is the query, once it
    was asked for.
    """

    world: World
    request: Request
    endpoint: Endpoint | None = None
    key: Key | None = None
    body: Mapping[str, Any] = field(default_factory=dict)
    told: dict[str, object] = field(default_factory=dict)
    reads: Reads = field(default_factory=Reads)
    parsed: Given[str] | None = None

    @property
    def caller(self) -> Key:
        """The key of a call that passed authentication."""
        assert self.key is not None
        return self.key

    @property
    def account(self) -> Account:
        return self.caller.account

    def blanks(self) -> dict[str, object]:
        """What a row may tell of this call, whichever check refuses it; what the check itself tells comes before it.

        A behavior may let any row answer, so a row must find its blanks at more places than its own.
        """
        given = dict(parse_qsl(self.request.query))
        given |= self.body.items()  # to list them is no look, which `reads` would note
        told = {
            "ip": self.request.peer,
            "api_key": self.request.header("OK-ACCESS-KEY") or "",
            "name": _FIRST_PARAMETERS.get(self.endpoint.name, "ccy") if self.endpoint else "",
            "token": given.get("ccy"),
            "chain": given.get("chain"),
            **self.told,
        }
        return {name: value for name, value in told.items() if isinstance(value, str) and value}

    def query(self) -> Given[str]:
        """The query's parameters that are not empty.

        Of a key that comes twice the last one that is not empty counts here [unknown: no capture].
        """
        if self.parsed is None:
            self.parsed = self.reads.watch(dict(parse_qsl(self.request.query)))
        return self.parsed

    def required(self, names: tuple[str, ...], missing: Condition, malformed: Condition) -> list[str]:
        """The body's texts of these names; all of them are looked for before one is looked at. Raises Refusal."""
        for name in names:
            if self.body.get(name) in (None, ""):
                sent = ", ".join(self.body) or "no keys"
                raise Refusal(missing, f"the body has no {name}; it has {sent}", name=name)
        return [self.text(name, malformed) for name in names]

    def text(self, name: str, malformed: Condition) -> str:
        """A parameter of the body as text, "" when it is absent. Raises Refusal."""
        given = self.body.get(name)
        if given is None:
            return ""
        if isinstance(given, str):
            return given
        if isinstance(given, int | Decimal) and self.account.behavior.get(Fields.COERCES_SCALARS) is True:
            if isinstance(given, bool):
                return "true" if given else "false"  # as JSON spells it
            return format(given, "f") if isinstance(given, Decimal) else str(given)
        raise Refusal(malformed, f"{name} is documented as a string, not {type(given).__name__}", name=name)


def number(name: str, text: str) -> int:
    """A whole number of the query. Raises Refusal."""
    if not _NUMBER.fullmatch(text):
        raise Refusal(Conditions.LIST_PARAMETER, f"{name} {text!r} is no whole number", name=name)
    return int(text)


def page_size(account: Account, query: Mapping[str, str]) -> int:
    """`limit`: 1 to 100, 100 when absent. What the real server does with other values is not known."""
    limit = number("limit", query.get("limit", "100"))
    if limit > 100 and account.behavior.get(Fields.PAGE_ABOVE_LIMIT) == "clamped":
        return 100
    if not 1 <= limit <= 100:
        raise Refusal(Conditions.LIST_PARAMETER, f"limit {limit} is not from 1 to 100", name="limit", limit=100)
    return limit


def page(account: Account, query: Mapping[str, str], newest_first: Sequence[Listed]) -> Sequence[Listed]:
    """The rows of one page, newest first: of `before` alone those next to it, so that paging forward meets each row;
    else the newest. With `after` as well it is an interval, which is paged through backwards.
    """
    limit = page_size(account, query)
    is_forward = "before" in query and "after" not in query
    if is_forward and account.behavior.get(Fields.BEFORE_TAKES) == "the oldest":
        return newest_first[-limit:]
    return newest_first[:limit]


def currency(code: str) -> str:
    """The ticker of a `ccy`, in the one spelling it has. Raises Refusal."""
    if all(asset.code != code for asset in ASSETS.table):
        raise Refusal(Conditions.UNKNOWN_CURRENCY, f"there is no currency {code!r}", name="ccy", token=code)
    return code


def currencies(query: Mapping[str, str]) -> list[str]:
    """The tickers of a comma list `ccy`, all when it is absent. Raises Refusal."""
    if "ccy" not in query:
        return [asset.code for asset in ASSETS.table]
    return [currency(code.strip()) for code in query["ccy"].split(",")]


def moments(query: Mapping[str, str]) -> Callable[[int], bool]:
    """What `after` and `before` let through: `after` asks for what is *earlier* than a moment, `before` for what is
    later, both without the moment itself.
    """
    earlier = number("after", query["after"]) if "after" in query else None
    later = number("before", query["before"]) if "before" in query else None
    return lambda at_ms: (earlier is None or at_ms < earlier) and (later is None or at_ms > later)


def check_funding_write(account: Account, demo: Condition, blocked: Condition, sub_account: Condition) -> None:
    """What no write of the funding account gets past. Raises Refusal."""
    if account.details.demo:
        raise Refusal(demo, "the account is a demo account")
    if account.details.account_blocked:
        raise Refusal(blocked, "the account was made with account_blocked")
    if account.details.sub_account:
        raise Refusal(sub_account, "the account is a sub-account")


def is_digits(text: str) -> bool:
    """True for plain digits and nothing else, however many."""
    return _DIGITS.fullmatch(text) is not None


def find_withdrawal(
    world: World, account: Account, withdrawal_id: str, unknown: Condition, foreign: Condition
) -> Withdrawal:
    """A withdrawal of the account. Raises Refusal, of `foreign` when it is another account's."""
    withdrawal = account.book.find(withdrawal_id)
    if withdrawal is not None:
        return withdrawal
    for other in world.accounts.values():
        if other.book.find(withdrawal_id) is not None:
            raise Refusal(foreign, f"withdrawal {withdrawal_id} is another account's")
    raise Refusal(unknown, f"there is no withdrawal {withdrawal_id!r}")
