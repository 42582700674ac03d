"""What may be asked for when an account, a key or a withdrawal is made, whichever way in it comes.

An exchange adds options of its own by deriving from these; an option that a type does not have is refused by name.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from functools import cache
from typing import Annotated, Any, Literal, TypeVar, get_args, get_origin, get_type_hints

import msgspec

from simulator.core.accounts import Progress
from simulator.core.behavior import Setting
from simulator.core.misuse import Misuse, did_you_mean, shown

Name = Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$(?!\n)")]
Credential = Annotated[str, msgspec.Meta(min_length=1, max_length=512)]


class Options(msgspec.Struct, forbid_unknown_fields=True):
    """The root of all options; nothing of its own."""


class AccountOptions(Options):
    """`balances` by common ticker (default: plenty of every asset); `limits` switches the rate limits on."""

    name: Name | None = None
    balances: dict[str, Decimal] | None = None
    progress: Progress = "manual"
    limits: bool = False
    behavior: dict[str, Setting] = {}


class KeyOptions(Options):
    """What is not given is generated. `permissions` in the exchange's own words; `expires` ISO 8601 or ms."""

    api_key: Credential | None = None
    api_secret: Credential | None = None
    permissions: tuple[str, ...] | None = None
    ip_allowlist: tuple[str, ...] = ()
    expires: str | int | None = None


class WithdrawalOptions(Options):
    """`amount` is what arrives, the fee comes on top. `state` in the exchange's own words (default: the first)."""

    asset: str
    amount: Decimal
    state: str | None = None
    network: str | None = None
    address: str | None = None


class AccountChanges(Options):
    """What may be changed on an account that exists."""

    progress: Progress | None = None
    limits: bool | None = None
    behavior: dict[str, Setting] = {}


class ExchangeChanges(Options):
    """What may be changed on an exchange as a whole."""

    behavior: dict[str, Setting] = {}


Count = Annotated[int, msgspec.Meta(ge=1)]


Share = Annotated[float, msgspec.Meta(gt=0, le=1)]
Seconds = Annotated[float, msgspec.Meta(gt=0, le=3600)]


class FaultOptions(Options):
    """Which calls a fault meets: of `endpoint` (None: any), from the `nth` on, `times` times (None: always), a `share`.

    The rest are options of some kinds only (`core.faults`).
    """

    kind: str
    endpoint: str | None = None
    nth: Count = 1
    times: Count | None = 1
    share: Share = 1.0
    seconds: Seconds | msgspec.UnsetType = msgspec.UNSET
    status: int | msgspec.UnsetType = msgspec.UNSET
    acts: bool | msgspec.UnsetType = msgspec.UNSET
    row: str | msgspec.UnsetType = msgspec.UNSET
    content_type: Credential | msgspec.UnsetType = msgspec.UNSET


_ascii_number = re.compile(r"[-+.0-9A-Za-z]+", re.ASCII)

Chosen = TypeVar("Chosen", bound=Options)


def read(kind: type[Chosen], given: Mapping[str, Any], what: str) -> Chosen:
    """`given` as options of `kind`. Raises Misuse with one sentence that names the option and what it may be."""
    for name in given:
        if name not in kind.__struct_fields__:
            raise Misuse(f"{what} have no option {name!r}; {did_you_mean(name, kind.__struct_fields__)}")
    _check_decimals(given, kind)
    try:
        return msgspec.convert(given, kind, strict=True)
    except msgspec.ValidationError as error:
        raise Misuse(f"{what}: {_sentence(kind, str(error))}") from None
    except UnicodeEncodeError:
        raise Misuse(f"{what}: a text has half of a surrogate pair, which is no character") from None


@cache
def _hints(kind: type[Options]) -> dict[str, Any]:
    """The types of all options, resolved once: resolving them costs as much as a whole signed turn."""
    return get_type_hints(kind, include_extras=True)


def _check_decimals(given: Mapping[str, Any], kind: type[Options]) -> None:
    """msgspec reads decimals as Python does: digits of any script, blanks around, `1_0`. Money is plain ASCII here."""
    hints = _hints(kind)
    for name, value in given.items():
        if "Decimal" in str(hints[name]):
            for text in value.values() if isinstance(value, Mapping) else (value,):
                if isinstance(text, str) and not _ascii_number.fullmatch(text):
                    raise Misuse(f"{name} {shown(text)} is not a decimal number such as '10.5'")


def _sentence(kind: type[Options], error: str) -> str:
    """msgspec's "Expected `str`, got `int` - at `$.name`" with the option's name first, and what it may be."""
    told, separator, where = error.partition(" - at `$.")
    told = told[:1].lower() + told[1:]
    if not separator:
        return told
    name = where.rstrip("`")
    if told.startswith("invalid enum value"):
        value = told.removeprefix("invalid enum value").strip().strip("'")
        told = f"cannot be {value!r}; {did_you_mean(value, _choices(kind, name))}"
    return f"option {name!r}: {told}"


def _choices(kind: type[Options], name: str) -> list[str]:
    """The words that an option with a fixed choice may be."""

    def words(hint: Any) -> list[str]:
        if get_origin(hint) is Literal:
            return [word for word in get_args(hint) if isinstance(word, str)]
        return [word for part in get_args(hint) for word in words(part)]

    return words(_hints(kind).get(name))
