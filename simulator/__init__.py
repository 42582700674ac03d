"""A local exchange for clients that cancel withdrawals: Bybit V5, OKX V5, Kraken Spot and AlphaPoint behind one server.

    from simulator import Simulator

    with Simulator() as sim:
        with sim.bybit.account(balances={"USDT": "100"}) as account:
            withdrawal = account.withdrawal("USDT", "10")
            ...  # any client, at sim.url with account.api_key and account.api_secret

`Simulator` is what is made; the other names are what it gives and what it raises, for annotations and `except`. Every
wrong use raises Misuse (a ValueError), whose text is one sentence that says what is wrong and what would be right;
NotThere and AlreadyThere are kinds of it. Importing this package imports neither aiohttp nor a server; both come with
the first use.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from simulator.core.book import Step
    from simulator.core.clock import ManualClock
    from simulator.core.diagnosis import Diagnosis
    from simulator.core.faults import Fault
    from simulator.core.journal import Entry, Journal, Refused
    from simulator.core.ledger import Balance
    from simulator.core.lifecycle import Stage
    from simulator.core.message import Frame, Reply, Request
    from simulator.core.misuse import AlreadyThere, Misuse, NotThere
    from simulator.core.near_misses import NearMiss
    from simulator.core.plans import Plan
    from simulator.server.exchange_handle import ExchangeHandle
    from simulator.server.handles import AccountHandle, KeyHandle
    from simulator.server.inprocess import ReplyLost, SocketHandle
    from simulator.server.simulator import Simulator
    from simulator.server.withdrawal_handle import WithdrawalHandle

__all__ = [
    "AccountHandle",
    "AlreadyThere",
    "Balance",
    "Diagnosis",
    "Entry",
    "ExchangeHandle",
    "Fault",
    "Frame",
    "Journal",
    "KeyHandle",
    "ManualClock",
    "Misuse",
    "NearMiss",
    "NotThere",
    "Plan",
    "Refused",
    "Reply",
    "ReplyLost",
    "Request",
    "Simulator",
    "SocketHandle",
    "Stage",
    "Step",
    "WithdrawalHandle",
]

_homes = {
    "AccountHandle": "simulator.server.handles",
    "AlreadyThere": "simulator.core.misuse",
    "Balance": "simulator.core.ledger",
    "Diagnosis": "simulator.core.diagnosis",
    "Entry": "simulator.core.journal",
    "ExchangeHandle": "simulator.server.exchange_handle",
    "Fault": "simulator.core.faults",
    "Frame": "simulator.core.message",
    "Journal": "simulator.core.journal",
    "KeyHandle": "simulator.server.handles",
    "ManualClock": "simulator.core.clock",
    "Misuse": "simulator.core.misuse",
    "NearMiss": "simulator.core.near_misses",
    "NotThere": "simulator.core.misuse",
    "Plan": "simulator.core.plans",
    "Refused": "simulator.core.journal",
    "Reply": "simulator.core.message",
    "ReplyLost": "simulator.server.inprocess",
    "Request": "simulator.core.message",
    "Simulator": "simulator.server.simulator",
    "SocketHandle": "simulator.server.inprocess",
    "Stage": "simulator.core.lifecycle",
    "Step": "simulator.core.book",
    "WithdrawalHandle": "simulator.server.withdrawal_handle",
}


def __getattr__(name: str) -> Any:
    if name not in _homes:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    import importlib

    value = globals()[name] = getattr(importlib.import_module(_homes[name]), name)
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *_homes})
