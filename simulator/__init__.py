"""A local exchange for clients that cancel withdrawals: Bybit V5, OKX V5, Kraken Spot and AlphaPoint behind one server.

    from simulator import Simulator

    with Simulator() as sim:
        with sim.bybit.account(balances={"USDT": "100"}) as account:
            withdrawal = account.withdrawal("USDT", "10")
            ...  # any client, at sim.url with account.api_key and account.api_secret

Importing this package imports neither aiohttp nor a server; both come with the first use of `Simulator`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from simulator.core.clock import ManualClock
    from simulator.core.message import Reply, Request
    from simulator.core.misuse import Misuse
    from simulator.server.inprocess import ReplyLost
    from simulator.server.simulator import Simulator

__all__ = ["ManualClock", "Misuse", "Reply", "ReplyLost", "Request", "Simulator"]

_homes = {
    "ManualClock": "simulator.core.clock",
    "Misuse": "simulator.core.misuse",
    "Reply": "simulator.core.message",
    "Request": "simulator.core.message",
    "ReplyLost": "simulator.server.inprocess",
    "Simulator": "simulator.server.simulator",
}


def __getattr__(name: str) -> Any:
    if name not in _homes:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    import importlib

    return getattr(importlib.import_module(_homes[name]), name)
