"""The public strategies give what they say, for every exchange."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contracts import strategies
from contracts.cases import Call
from contracts.clients import ACCEPTED, CLIENTS, Client, Unreadable
from contracts.script import Script
from contracts.targets import ControlRefused
from contracts.targets.in_process import InProcess

EVERY = pytest.mark.parametrize("client", CLIENTS.values(), ids=CLIENTS)
few = settings(max_examples=30, deadline=None)
START = Decimal(1000)


def fresh(client: Client) -> Script:
    script = Script(client.exchange, InProcess())
    script.account({**client.account, "balances": {client.asset: str(START)}})
    return script


def answer(client: Client, script: Script, call: Any) -> str:
    """What a cancel is answered; an answer that is none of the API (the edge's) is no acceptance either."""
    try:
        return client.answered(script.call(call))
    except Unreadable:
        return "refused"


def created(script: Script, call: Any) -> str:
    """The code that says why nothing was created; an exchange may have no envelope for a body that it cannot read."""
    try:
        return script.create(call, "bad")
    except Unreadable as unreadable:
        return str(unreadable)


@EVERY
@few
@given(data=st.data())
def test_amounts_are_taken_and_bad_amounts_are_not(client: Client, data: st.DataObject) -> None:
    script = fresh(client)
    amount = data.draw(strategies.amounts(client.exchange, largest=500))
    places, minimum = client.precision(client.asset)
    assert amount >= minimum
    assert amount == amount.quantize(Decimal(1).scaleb(-places))
    assert script.create(client.create(amount), "withdrawal") == ""
    bad = client.create(Decimal("321.25"))
    bad.body = bad.body.replace("321.25", data.draw(strategies.bad_amounts(client.exchange)))
    assert created(script, bad) != ""


@EVERY
@few
@given(data=st.data())
def test_withdrawals_are_made_with_these_options_in_any_state(client: Client, data: st.DataObject) -> None:
    options = data.draw(strategies.withdrawals(client.exchange, states=True))
    script = fresh(client)
    script.withdrawal(options)
    (shown,), _ = client.listed(script.call(client.status("withdrawal")))
    assert shown.id == script.values["withdrawal"]
    assert shown.gross >= Decimal(options["amount"])
    assert shown.word == options.get("state", shown.word)


@EVERY
@few
@given(data=st.data())
def test_ids_that_nobody_has_cancel_nothing(client: Client, data: st.DataObject) -> None:
    script = fresh(client)
    script.let("unknown", data.draw(strategies.unknown_ids(client.exchange)))
    assert answer(client, script, client.cancel("unknown")) in client.nobodys
    script.let("broken", data.draw(strategies.broken_ids(client.exchange)))
    assert answer(client, script, client.cancel("broken")) != ACCEPTED


@EVERY
@few
@given(data=st.data())
def test_a_cancel_is_accepted_and_a_spoiled_one_is_not(client: Client, data: st.DataObject) -> None:
    script = fresh(client)
    script.withdrawal({"asset": client.asset, "amount": "10"})
    call = data.draw(strategies.cancels(client.exchange))
    assert answer(client, script, data.draw(strategies.spoiled(client.exchange, call))) != ACCEPTED
    assert answer(client, script, call) == ACCEPTED


@EVERY
@few
@given(data=st.data())
def test_whatever_happens_in_a_life_the_money_is_there_or_gone(client: Client, data: st.DataObject) -> None:
    script = fresh(client)
    script.withdrawal({"asset": client.asset, "amount": "10"})
    (shown,), _ = client.listed(script.call(client.status("withdrawal")))
    for what, value in data.draw(strategies.life_cycles(client.exchange)):
        if what == "advance":
            script.advance(value)
            continue
        try:
            script.event(value)
        except ControlRefused:
            continue
    available = client.available(script.call(client.balance()))
    assert available in (START, START - shown.gross)


@EVERY
@few
@given(data=st.data())
def test_fault_plans_are_taken(client: Client, data: st.DataObject) -> None:
    script = fresh(client)
    for fault in data.draw(strategies.fault_plans(client.exchange)):
        script.fault(fault)


def test_what_is_not_known_is_named() -> None:
    with pytest.raises(ValueError, match="there is no exchange 'binance'; known are bybit"):
        strategies.amounts("binance")
    with pytest.raises(ValueError, match="the suite withdraws no 'DOGE' on bybit; known: USDT, BTC, ETH"):
        strategies.amounts("bybit", "DOGE")


def test_what_is_not_known_or_no_call_is_refused_at_once() -> None:
    with pytest.raises(ValueError, match="there is no exchange 'bitfinex'; known are bybit"):
        strategies.cancels("bitfinex")
    for strategy in (strategies.spoiled, strategies.mistakes):
        with pytest.raises(ValueError, match=r"^'NOPE' is no call; take one that strategies.cancels\('bybit'\) gives"):
            strategy("bybit", "NOPE")  # type: ignore[arg-type]
        with pytest.raises(ValueError, match="there is no exchange 'bitfinex'; known are bybit"):
            strategy("bitfinex", CLIENTS["bybit"].cancel("withdrawal"))


@pytest.mark.parametrize("strategy", [strategies.amounts, strategies.withdrawals])
@pytest.mark.parametrize(
    ("exchange", "largest", "told"),
    [
        ("bybit", 0, "largest 0 is less than the 10 USDT that bybit takes at least"),
        ("bybit", 9, "largest 9 is less than the 10 USDT that bybit takes at least"),
        ("kraken", 7, "largest 7 is less than the 7.5 USDT that kraken takes at least"),
        ("alphapoint", -1, "largest -1 is less than the 0.000001 USDT that alphapoint takes at least"),
        ("bybit", "50", "largest '50' must be a whole number of USDT"),
        ("bybit", 20.5, "largest 20.5 must be a whole number of USDT"),
        ("bybit", True, "largest True must be a whole number of USDT"),
        (["bybit"], 50, "there is no exchange ['bybit']; known are bybit, okx, kraken, alphapoint"),
    ],
)
def test_a_largest_amount_that_cannot_be_is_refused_at_once(
    strategy: Any, exchange: Any, largest: Any, told: str
) -> None:
    with pytest.raises(ValueError, match=r"^" + re.escape(told) + r"$"):
        strategy(exchange, largest=largest)


def test_the_smallest_amount_may_be_the_largest() -> None:
    @settings(max_examples=5, database=None)
    @given(amount=strategies.amounts("bybit", largest=10))
    def drawn(amount: Decimal) -> None:
        assert amount == 10

    drawn()


@pytest.mark.parametrize(
    "strategy",
    [
        strategies.bad_amounts,
        strategies.unknown_ids,
        strategies.broken_ids,
        strategies.cancels,
        strategies.life_cycles,
        strategies.fault_plans,
    ],
)
def test_what_is_not_even_a_name_is_no_exchange(strategy: Any) -> None:
    with pytest.raises(ValueError, match=r"^there is no exchange \[1\]; known are bybit, okx, kraken, alphapoint$"):
        strategy([1])


def test_an_asset_is_a_ticker_and_a_hole_has_a_name() -> None:
    for strategy in (strategies.amounts, strategies.bad_amounts):
        with pytest.raises(ValueError, match=r"^asset \['BTC'\] must be a ticker such as 'USDT'$"):
            strategy("bybit", ["BTC"])  # type: ignore[arg-type]
    for name in ("My id", "", 7):
        with pytest.raises(ValueError, match=r" is no name of a hole; it has small letters, digits and underscores"):
            strategies.cancels("bybit", name)  # type: ignore[arg-type]


@pytest.mark.parametrize("strategy", [strategies.spoiled, strategies.mistakes])
@pytest.mark.parametrize(
    ("call", "why"),
    [
        (Call("POST", "/v5/asset/withdraw/cancel", {}, None), "Expected `str`, got `null` - at `$.body`"),  # type: ignore[arg-type]
        (Call("POST", "/", {"X": 1}), "Expected `str`, got `int` - at `$.headers[...]`"),  # type: ignore[dict-item]
        (Call("POST", "/", body=object()), "Encoding objects of type object is unsupported"),  # type: ignore[arg-type]
    ],
)
def test_a_call_of_the_wrong_parts_is_refused_at_once(strategy: Any, call: Call, why: str) -> None:
    with pytest.raises(ValueError, match=r"^Call\(.* is no call: " + re.escape(why)) as refused:
        strategy("bybit", call)
    assert type(refused.value) is ValueError
