"""One body of calls, two arms: what a local handle and a remote one give for the same right and wrong uses."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
import requests

from simulator import Misuse, Simulator
from simulator.plugin.remote import RemoteSimulator


def told(call: Callable[[Any], Any], simulator: Any) -> Any:
    """The value, or the type of the misuse and its sentence; any other error is one of the test."""
    try:
        return call(simulator)
    except Misuse as misuse:
        return type(misuse), re.sub("account-[0-9]+", "account-N", str(misuse))


def gone(sim: Any) -> Any:
    account = sim.bybit.account(balances={"USDT": "100"})
    account.withdrawal("USDT", "1")
    account.fault("lose_reply")
    account.delete()
    return account


def counters_of_the_gone(sim: Any) -> Any:
    account = sim.bybit.account()
    planned = account.withdrawal("USDT", "1").plan("cancel", before="list", nth=2)
    fault, other = account.fault("close_before", endpoint="list"), account.fault("half_body", nth=5)
    for _ in range(2):
        with suppress(requests.ConnectionError):
            path = "/v5/asset/withdraw/query-record"
            requests.get(account.url + path, headers={"X-BAPI-API-KEY": account.api_key}, timeout=10)
    assert (fault.met, fault.fired, other.met) == (2, 1, 1)
    account.delete()
    counted = [(one.met, one.fired) for one in (fault, other)]
    return counted, (planned.met, planned.done, planned.because, planned.is_over)


def asked(sim: Any) -> Any:
    account = sim.bybit.account()
    for _ in range(2):
        requests.get(account.url + "/v5/user/query-api", headers={"X-BAPI-API-KEY": account.api_key}, timeout=10)
    return account


def forgotten(owner: Any) -> Any:
    first, second = owner.fault("lose_reply", nth=3), owner.fault("close_before")
    listed = owner.faults[1]
    owner.forget_faults(second.id)
    with suppress(Misuse):
        owner.forget_faults(second.id)
    counted = [(one.met, one.fired) for one in (first, second, listed)]
    owner.forget_faults()
    return counted, first.met, owner.faults, owner.unfired


CALLS: dict[str, Callable[[Any], Any]] = {
    "a decimal of seconds": lambda sim: sim.bybit.account().advance(seconds=Decimal("1.5")),
    "seconds as text": lambda sim: sim.bybit.account().advance(seconds="5"),
    "seconds true": lambda sim: sim.bybit.account().advance(seconds=True),
    "negative minutes": lambda sim: sim.bybit.account().advance(seconds=61, minutes=-1),
    "no number": lambda sim: sim.bybit.account().advance(seconds=float("nan")),
    "a decimal delay": lambda sim: sim.bybit.account().fault("delay", seconds=Decimal("0.1")).seconds,
    "a long decimal delay": lambda sim: sim.bybit.account().fault("delay", seconds=Decimal(1) / 3).seconds,
    "a long decimal share": lambda sim: sim.bybit.account().fault("lose_reply", share=Decimal(1) / 3).share,
    "long decimal delays": lambda sim: sim.okx.account(delays={"0": Decimal(10) / 3}).exchange,
    "a delay of no number": lambda sim: sim.bybit.account().fault("delay", seconds=Decimal("NaN")),
    "the row of maintenance": lambda sim: sim.okx.account().fault("maintenance").row,
    "the row of busy": lambda sim: sim.kraken.account().fault("busy").row,
    "the row of none": lambda sim: sim.okx.account().fault("lose_reply").row,
    "a set of seconds": lambda sim: sim.bybit.account().fault("delay", seconds={1}),
    "no kind": lambda sim: sim.bybit.account().fault(None),
    "a kind": lambda sim: sim.bybit.account().fault("lose_reply").kind,
    "the rest of a fault": lambda sim: [
        getattr(sim.okx.account().fault("edge", status=503, share=0.5), name)
        for name in ("share", "seconds", "status", "acts", "row", "content_type", "steps", "times", "met", "fired")
    ],
    "a decimal skew": lambda sim: sim.bybit.account().set(skew_ms=Decimal(5)),
    "an object for a skew": lambda sim: sim.bybit.account().set(skew_ms=object()),
    "a key of bytes": lambda sim: sim.bybit.account().key(api_key=b"x"),
    "a key that expires": lambda sim: sim.bybit.account().key(expires=datetime(2030, 1, 1, tzinfo=UTC)),
    "an object for an event": lambda sim: sim.bybit.account().withdrawal("USDT", "1").event(object()),
    "an object for a plan": lambda sim: sim.bybit.account().withdrawal("USDT", "1").plan(object(), before="cancel"),
    "a document with a set": lambda sim: sim.bybit.restore({"exchange": "bybit", "x": {1}}),
    "no snapshot": lambda sim: sim.okx.restore("x"),
    "none for a snapshot": lambda sim: sim.okx.restore(None),
    "an empty snapshot": lambda sim: sim.okx.restore({}),
    "a snapshot of another exchange": lambda sim: sim.okx.restore(sim.bybit.account().snapshot()),
    "a snapshot of another version": lambda sim: sim.bybit.restore({**sim.bybit.account().snapshot(), "version": 2}),
    "a snapshot of version true": lambda sim: sim.okx.restore({**sim.okx.account().snapshot(), "version": True}),
    "a snapshot of a name that is taken": lambda sim: sim.okx.restore(sim.okx.account("taken").snapshot()),
    "balances by number": lambda sim: sim.bybit.account(balances={5: "1"}),
    "counted entries": lambda sim: [one.journal.count for one in (asked(sim), sim.bybit, sim, gone(sim))],
    "counters of a forgotten fault": lambda sim: forgotten(sim.bybit.account()),
    "counters of a forgotten fault of nobody": lambda sim: forgotten(sim.kraken),
    "an amount with an exponent": lambda sim: sim.bybit.account().withdrawal("USDT", "1e3").amount,
    "a list of balances": lambda sim: sim.bybit.account(balances=["USDT"]),
    "balances": lambda sim: sim.bybit.account(balances={"USDT": Decimal("0.10")}).balance("USDT"),
    "permissions as text": lambda sim: sim.bybit.account(permissions="Withdraw"),
    "permissions": lambda sim: sim.bybit.account(permissions=("Withdraw",)).balance("BTC").held,
    "another exchange": lambda sim: sim.bybit.account(exchange="okx"),
    "an amount of none": lambda sim: sim.bybit.account().withdrawal("USDT", None),
    "an amount": lambda sim: sim.bybit.account().withdrawal("USDT", Decimal("1.50")).amount,
    "no asset": lambda sim: sim.bybit.account().balance("NOSUCH"),
    "no fault": lambda sim: sim.bybit.account().forget_faults(5),
    "calls by frame": lambda sim: [sim.okx.account().requests(name) for name in ("login", "subscribe")],
    "no endpoint": lambda sim: sim.okx.account().requests("logon"),
    "a balance afterwards": lambda sim: gone(sim).balance("USDT"),
    "time afterwards": lambda sim: gone(sim).now_ms > 0,
    "settings afterwards": lambda sim: gone(sim).client_settings["asset"],
    "withdrawals afterwards": lambda sim: [one.amount for one in gone(sim).withdrawals],
    "a state afterwards": lambda sim: gone(sim).withdrawals[0].state,
    "faults afterwards": lambda sim: [one.kind for one in (*gone(sim).faults, *gone(sim).unfired)],
    "plans afterwards": lambda sim: gone(sim).withdrawals[0].plans,
    "counters afterwards": counters_of_the_gone,
    "journal afterwards": lambda sim: len(gone(sim).journal),
    "advance afterwards": lambda sim: gone(sim).advance(seconds=1),
    "a fault afterwards": lambda sim: gone(sim).fault("lose_reply"),
    "twice": lambda sim: gone(sim).delete(),
}

WORDED_APART = {
    "an object for a skew",
    "a set of seconds",
    "a key of bytes",
    "an object for an event",
    "an object for a plan",
    "a key that expires",
    "a delay of no number",
    "a decimal skew",
    "balances by number",
    "no fault",
    "another exchange",
}
"""Refused by the type alone: nearly all have what JSON cannot say, so that no server is asked."""


@pytest.mark.parametrize("name", CALLS)
def test_both_arms_give_the_same_value_or_refuse_in_the_same_words(simulator: Simulator, name: str) -> None:
    local, remote = told(CALLS[name], simulator), told(CALLS[name], RemoteSimulator(simulator.url).start())
    if name in WORDED_APART:
        assert remote[0] is local[0]
        assert remote[1] != local[1]
    else:
        assert remote == local
