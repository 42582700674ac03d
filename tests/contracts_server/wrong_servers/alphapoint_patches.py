"""Ways to break AlphaPoint that wrong servers of several modules use."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

from simulator.core.behavior import Behavior
from simulator.core.rows import Refusal
from simulator.exchanges.alphapoint import gateway
from wrong_servers.mutant import Patch
from wrong_servers.patches import wrap


def answers(condition: str, **changes: Any) -> Patch:
    """A place that refuses answers with a row that is changed so."""

    def around(say: Callable[..., Any], row: Any, refusal: Refusal) -> Any:
        return say(replace(row, **changes) if refusal.condition.name == condition else row, refusal)

    return wrap(gateway, "_say_row", around)


def cancels_by(function: Callable[..., Any]) -> Patch:
    """CancelWithdraw is another function, on both transports."""

    def patch(monkey: Any) -> None:
        for table in (gateway.HTTP_FUNCTIONS, gateway.SOCKET_FUNCTIONS):
            known = table["cancelwithdraw"]
            monkey.setitem(table, "cancelwithdraw", replace(known, function=function))

    return patch


def field(wanted: Any, value: Any) -> Patch:
    """A field has this value whatever an account says."""
    return wrap(Behavior, "get", lambda get, behavior, asked: value if asked is wanted else get(behavior, asked))


def functions(name: str, around: Callable[..., Any]) -> Patch:
    """A function of both transports' tables, wrapped."""

    def patch(monkey: Any) -> None:
        for table in (gateway.HTTP_FUNCTIONS, gateway.SOCKET_FUNCTIONS):
            for key, known in table.items():
                if known.name == name:
                    monkey.setitem(table, key, replace(known, function=partial(around, known.function)))

    return patch
