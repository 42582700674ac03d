"""What may be asked for when an account, a key or a withdrawal is made, whichever way in it comes.

An exchange adds options of its own by deriving from these; an option that a type does not have is refused by name.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated, Any, TypeVar

import msgspec

from simulator.core.accounts import Progress
from simulator.core.behavior import Setting
from simulator.core.message import HeaderText, SentText
from simulator.core.misuse import Misuse, did_you_mean, shown
from simulator.core.wrong_options import hints, sentence

Name = Annotated[
    str,
    msgspec.Meta(
        pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$(?!\n)",
        description="1 to 64 letters, digits, dots, dashes and underscores of ASCII, beginning with a letter or digit",
    ),
]
SECRET = msgspec.Meta(extra={"is_secret": True})
"""Beside the type of an option whose value no sentence may show."""

Credential = Annotated[str, msgspec.Meta(min_length=1, max_length=512), SECRET]


Count = Annotated[int, msgspec.Meta(ge=1)]
Share = Annotated[float, msgspec.Meta(gt=0, le=1)]
Seconds = Annotated[float, msgspec.Meta(gt=0, le=3600)]

century_s = 100 * 365 * 24 * 3600
"""The furthest that anything here reaches into the future: dates beyond the year 9999 cannot be written."""

Delay = Annotated[float, msgspec.Meta(ge=0, le=century_s)]
"""Seconds that a withdrawal stays in a state."""

skew_ms_max = 10 * 365 * 24 * 3600 * 1000
Skew = Annotated[int, msgspec.Meta(ge=-skew_ms_max, le=skew_ms_max)]
"""How many ms the server's clock is off, either way: at most ten years."""

Reason = Annotated[str, msgspec.Meta(max_length=500)]


class Options(msgspec.Struct, forbid_unknown_fields=True):
    """The root of all options; nothing of its own."""


class AccountOptions(Options):
    """`balances` by common ticker (default: plenty of every asset); `limits` switches the rate limits on.

    `delays` are seconds by state (its name, or its word) that take the place of the due times; `polls` the looks that a
    step takes in polled progress; `skew_ms` how far the server's clock is off (None: as far as the exchange's).
    """

    name: Name | None = None
    balances: dict[str, Decimal] | None = None
    progress: Progress = "manual"
    delays: dict[str, Delay] = {}
    polls: Count | None = None
    skew_ms: Skew | None = None
    limits: bool = False
    behavior: dict[str, Setting] = {}


class KeyOptions(Options):
    """What is not given is generated. `permissions` in the exchange's own words; `expires` ISO 8601 or ms.

    A moment without an offset is one of UTC; a day without a time is none.
    """

    api_key: SentText | None = None
    api_secret: Credential | None = None
    permissions: tuple[str, ...] | None = None
    ip_allowlist: tuple[str, ...] = ()
    expires: str | int | None = None


class WithdrawalOptions(Options):
    """`amount` is what arrives, the fee comes on top. `state` in the exchange's own words (default: the first).

    `progress`, `delays` and `polls` are this withdrawal's own (default: as its account goes on).
    """

    asset: str
    amount: Decimal
    state: str | None = None
    network: str | None = None
    address: str | None = None
    progress: Progress | None = None
    delays: dict[str, Delay] = {}
    polls: Count | None = None


class AccountChanges(Options):
    """What may be changed on an account that exists. `delays` are the whole of them: {} is none."""

    progress: Progress | None = None
    delays: dict[str, Delay] | None = None
    polls: Count | None = None
    skew_ms: Skew | None = None
    limits: bool | None = None
    behavior: dict[str, Setting] = {}


class WithdrawalChanges(Options):
    """What may be changed on a withdrawal that exists; None goes back to what its account says."""

    progress: Progress | msgspec.UnsetType | None = msgspec.UNSET
    delays: dict[str, Delay] | msgspec.UnsetType | None = msgspec.UNSET
    polls: Count | msgspec.UnsetType | None = msgspec.UNSET


class ExchangeChanges(Options):
    """What may be changed on an exchange as a whole."""

    skew_ms: Skew | None = None
    behavior: dict[str, Setting] = {}


class PlanOptions(Options):
    """A step that waits for a call: the `nth` of the endpoint `before` or `after`; one of the two is given."""

    event: str
    before: str | None = None
    after: str | None = None
    nth: Count = 1
    reason: Reason | None = None


class EventOptions(Options):
    """What comes with a step of the life-cycle: the `reason` that its history gives."""

    reason: Reason | None = None


class FaultOptions(Options):
    """Which calls a fault meets: of `endpoint` (None: any), from the `nth` on, `times` times (None: always), a `share`.

    Without `times` it is once, and always for the kinds that are a mode of the service.

    The rest are options of some kinds only (`core.faults`).
    """

    kind: str
    endpoint: str | None = None
    nth: Count = 1
    times: Count | msgspec.UnsetType | None = msgspec.UNSET
    share: Share = 1.0
    seconds: Seconds | msgspec.UnsetType = msgspec.UNSET
    status: int | msgspec.UnsetType = msgspec.UNSET
    acts: bool | msgspec.UnsetType = msgspec.UNSET
    row: str | msgspec.UnsetType = msgspec.UNSET
    content_type: HeaderText | msgspec.UnsetType = msgspec.UNSET
    steps: Count | msgspec.UnsetType = msgspec.UNSET


_ascii_number = re.compile(r"[-+.0-9A-Za-z]+", re.ASCII)

Chosen = TypeVar("Chosen", bound=Options)


def read(kind: type[Chosen], given: Mapping[str, Any], what: str) -> Chosen:
    """`given` as options of `kind`. Raises Misuse with one sentence that names the option and what it may be."""
    for name in given:
        if name not in kind.__struct_fields__:
            raise Misuse(f"{what} have no option {shown(name)}; {did_you_mean(name, kind.__struct_fields__)}")
    _check_decimals(given, kind)
    try:
        return msgspec.convert(given, kind, strict=True)
    except msgspec.ValidationError as error:
        raise Misuse(f"{what}: {sentence(kind, given, str(error))}") from None
    except UnicodeEncodeError:
        raise Misuse(f"{what}: a text has half of a surrogate pair, which is no character") from None


def _check_decimals(given: Mapping[str, Any], kind: type[Options]) -> None:
    """msgspec reads decimals as Python does: digits of any script, blanks around, `1_0`. Money is plain ASCII here."""
    types = hints(kind)
    for name, value in given.items():
        if "Decimal" in str(types[name]):
            for text in value.values() if isinstance(value, Mapping) else (value,):
                if isinstance(text, str) and not _ascii_number.fullmatch(text):
                    raise Misuse(f"{name} {shown(text)} is not a decimal number such as '10.5'")
