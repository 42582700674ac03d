"""What somebody writes who uses the Python API and checks it with mypy --strict; test_public_api.py checks and runs it.

`assert_type` holds what an editor shows: a type that becomes Any would pass unseen otherwise.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from decimal import Decimal
from typing import Any, assert_type

from simulator import (
    AccountHandle,
    Balance,
    Diagnosis,
    Entry,
    ExchangeHandle,
    Fault,
    Journal,
    KeyHandle,
    Misuse,
    NearMiss,
    NotThere,
    Refused,
    Reply,
    ReplyLost,
    Request,
    Simulator,
    SocketHandle,
    Stage,
    Step,
    WithdrawalHandle,
)


def funded(exchange: ExchangeHandle, balances: Mapping[str, str]) -> AccountHandle:
    """A helper of the kind that every test suite has."""
    return exchange.account(
        balances=balances, progress="manual", limits=False, behavior={"cancel.unknown_id": "SERVER_ERROR"}
    )


def cancel_and_look(account: AccountHandle) -> WithdrawalHandle:
    """An account's operations, each with its type."""
    withdrawal = account.withdrawal("USDT", Decimal(10))
    assert_type(withdrawal, WithdrawalHandle)
    assert_type((withdrawal.id, withdrawal.state, withdrawal.internal_state), tuple[str, str, str])
    assert_type(withdrawal.stage, Stage)
    assert_type((withdrawal.amount, withdrawal.fee), tuple[Decimal, Decimal])
    assert_type(account.withdrawals, list[WithdrawalHandle])
    withdrawal.event("cancel")
    assert_type(withdrawal.history, list[Step])
    account.advance(minutes=5)
    assert_type(account.balance("USDT"), Balance)
    assert_type(account.balance("USDT").available, Decimal)
    assert_type(account.key(permissions=["Withdraw"]), KeyHandle)
    assert_type((account.api_key, account.api_secret, account.name, account.id), tuple[str, str, str, str])
    assert_type(account.credentials, dict[str, Any])
    return withdrawal


def lost(sim: Simulator, account: AccountHandle) -> list[Entry]:
    """Faults and the journal."""
    fault = account.fault("lose_reply", endpoint="time")
    assert_type(fault, Fault)
    assert_type((fault.met, fault.fired), tuple[int, int])
    reply = sim.answer(Request("GET", "/v5/market/time"))
    assert_type(reply, Reply)
    assert_type((reply.status, reply.body), tuple[int, bytes])
    sim.bybit.fault("lose_reply", endpoint="time")
    with suppress(ReplyLost):
        sim.answer(Request("GET", "/v5/market/time", (("Accept", "*/*"),), b""))
    assert_type(sim.bybit.journal, Journal)
    for entry in sim.bybit.journal:
        assert_type(entry, Entry)
        assert_type(entry.refused, Refused | None)
        assert_type(entry.near_misses, tuple[NearMiss, ...])
        if entry.refused is not None:
            assert_type(entry.refused.diagnosis, Diagnosis | None)
    assert_type(account.calls, list[str])
    return account.requests("cancel")


def refused(account: AccountHandle) -> str:
    """What is wrong is told in one sentence."""
    try:
        account.withdrawal("DOGE", "1")
    except Misuse as misuse:
        return str(misuse)
    raise AssertionError


def main() -> None:
    """All of it, run."""
    with Simulator(seed=7) as sim:
        assert_type(sim.url, str)
        assert_type(sim.exchange("okx"), ExchangeHandle)
        with funded(sim.bybit, {"USDT": "100"}) as account:
            withdrawal = cancel_and_look(account)
            assert withdrawal.stage is Stage.CANCELLED
            assert lost(sim, account) == []
            assert refused(account).startswith("there is no asset 'DOGE'; ")
        with suppress(NotThere):
            account.advance(seconds=1)
            raise AssertionError("a deleted account has no future")
    socket = Simulator().open_socket("/WSGateway/")
    assert_type(socket, SocketHandle)
    assert_type(socket.send('{"m":0,"i":0,"n":"Ping","o":"{}"}'), tuple[str, ...])


async def main_async() -> str:
    """`async with` gives the same object."""
    async with Simulator() as sim:
        assert_type(sim, Simulator)
        return sim.url
