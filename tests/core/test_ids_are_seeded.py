"""Identifiers: the same seed gives the same bytes, and what happens to one account changes no other's."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator import Request, Simulator
from simulator.core.clock import ManualClock
from simulator.core.ids import Ids
from simulator.service.listed import exchanges

NAMES = [exchange.name for exchange in exchanges]


def everything(simulator: Simulator, exchange: str, name: str = "mine", *, interrupted: bool = False) -> list[object]:
    """All generated texts of an account with two keys and two withdrawals, `interrupted` by what is not its own."""
    account = simulator.exchange(exchange).account(name)
    if interrupted:
        other = simulator.exchange(exchange).account("another")
        other.key()
        other.withdrawal("USDT", "10")
        for root in next(one for one in exchanges if one.name == exchange).roots:
            simulator.answer(Request("GET", root + "nowhere"))
    key = account.key()
    first, second = account.withdrawal("USDT", "10"), account.withdrawal("USDT", "11")
    fault = account.fault("lose_reply")
    return [account.credentials, key.credentials, first.id, second.id, fault.id, account.client_settings]


@pytest.mark.parametrize("exchange", NAMES)
def test_the_same_seed_gives_the_same_bytes(exchange: str) -> None:
    first = everything(Simulator(seed=7, clock=ManualClock()), exchange)
    assert everything(Simulator(seed=7, clock=ManualClock()), exchange) == first


@pytest.mark.parametrize("exchange", NAMES)
def test_calls_to_another_account_change_nothing(exchange: str) -> None:
    alone = everything(Simulator(seed=7, clock=ManualClock()), exchange)
    assert everything(Simulator(seed=7, clock=ManualClock()), exchange, interrupted=True) == alone


@pytest.mark.parametrize("exchange", NAMES)
def test_another_seed_or_name_gives_other_bytes(exchange: str) -> None:
    mine = everything(Simulator(seed=7, clock=ManualClock()), exchange)
    other_seed = everything(Simulator(seed=8, clock=ManualClock()), exchange)
    other_name = everything(Simulator(seed=7, clock=ManualClock()), exchange, "yours")
    assert all(one != two for one, two in zip(mine[:5], other_seed[:5], strict=True))
    assert all(one != two for one, two in zip(mine[:5], other_name[:5], strict=True))


def test_an_account_that_is_made_again_gets_the_same_bytes() -> None:
    simulator = Simulator(seed=7, clock=ManualClock())
    with simulator.bybit.account("mine") as first:
        credentials = first.credentials
    assert simulator.bybit.account("mine").credentials == credentials


@given(st.integers(), st.integers(1, 40))
def test_every_kind_of_identifier_has_its_shape(seed: int, length: int) -> None:
    ids = Ids(seed, "exchange", "owner")
    assert re.fullmatch(rf"[1-9][0-9]{{{length - 1}}}", ids.digits(length))
    assert re.fullmatch(rf"[0-9a-f]{{{length}}}", ids.hex(length))
    assert re.fullmatch(rf"[A-Za-z0-9]{{{length}}}", ids.text(length))
    assert re.fullmatch(rf"[AB]{{{length}}}", ids.text(length, "AB"))
    assert len(ids.data(length)) == length
    assert re.fullmatch(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}", ids.uuid())


def test_the_stream_of_an_owner_is_pinned() -> None:
    """Bytes that users may have written into their own tests; Python keeps them from version to version."""
    ids = Ids(0, "bybit", "mine")
    assert [ids.digits(8), ids.hex(8), ids.text(8)] == ["85851093", "e3dc8042", "FJoBla60"]
