"""The arguments by which Kraken's lists are narrowed: assets and their class, numbers, switches. Raises Refusal."""

from __future__ import annotations

from typing import Any

from simulator.core.exchange import Asset
from simulator.core.rows import Condition, Refusal
from simulator.exchanges.kraken import body
from simulator.exchanges.kraken.assets import ASSETS
from simulator.exchanges.kraken.behavior import Conditions


def texts(arguments: dict[str, Any], *names: str) -> dict[str, str]:
    """Those of the named arguments that have a text."""
    given = {name: body.text(arguments, name) for name in names}
    return {name: value for name, value in given.items() if value}


def asset(arguments: dict[str, Any]) -> tuple[str, str]:
    """The names of an asset and an asset class; "" when absent."""
    return body.text(arguments, "asset"), body.text(arguments, "aclass")


def assets(name: str, aclass: str, unknown: Condition = Conditions.LIST_UNKNOWN_ASSET) -> tuple[Asset, ...]:
    """The assets that are meant by one name, or by several with commas between: all when there is none.

    Every asset here is of the class `currency`; there is none of another.
    """
    chosen = [_one(part, unknown) for part in name.split(",")] if name else ASSETS.table
    return tuple(chosen) if aclass in ("", "currency") else ()


def _one(name: str, unknown: Condition) -> Asset:
    found = ASSETS.coded(name.strip())
    if found is None:
        raise Refusal(unknown, f"there is no asset {name[:80]!r}")
    return found


def flag(arguments: dict[str, Any], name: str) -> bool | None:
    """A switch: JSON's or a form's, where it is text in any case (python-kraken-sdk sends `True`)."""
    given = arguments.get(name)
    if isinstance(given, bool):
        return given
    switch = {"": None, "false": False, "0": False, "true": True, "1": True}
    word = body.text(arguments, name).lower()
    if word not in switch:
        raise Refusal(Conditions.LIST_ARGUMENT, f"{name} {word[:40]!r} is neither true nor false", argument=name)
    return switch[word]
