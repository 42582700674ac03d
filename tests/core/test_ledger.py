"""Money: conserved by every step, never negative, never rounded."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.core.ledger import Balance, Ledger, Overdrawn, add, amount
from simulator.core.misuse import Misuse

AMOUNTS = st.decimals(0, Decimal(10) ** 18 - 1, places=0) | st.decimals(0, 10**6, places=24)
ASSETS = st.sampled_from(["USDT", "BTC"])
STEPS = st.lists(st.tuples(st.sampled_from(["deposit", "hold", "release", "spend"]), ASSETS, AMOUNTS), max_size=30)


@given(STEPS)
def test_every_step_conserves_money_and_leaves_nothing_negative(steps: list[tuple[str, str, Decimal]]) -> None:
    ledger = Ledger()
    deposited = {"USDT": Fraction(0), "BTC": Fraction(0)}
    for step, asset, value in steps:
        before = ledger.balances()
        try:
            getattr(ledger, step)(asset, value)
        except Overdrawn:
            assert ledger.balances() == before
        else:
            deposited[asset] += Fraction(value) if step == "deposit" else 0
        for name, total in deposited.items():
            balance = ledger.balance(name)
            assert Fraction(balance.total) == total
            assert min(balance.available, balance.held, balance.spent) >= 0


@given(st.lists(AMOUNTS, max_size=20))
def test_sums_are_exact(values: list[Decimal]) -> None:
    total = Decimal(0)
    for value in values:
        total = add(total, value)
    assert Fraction(total) == sum(map(Fraction, values))


@given(AMOUNTS)
def test_what_was_held_and_released_is_there_again(value: Decimal) -> None:
    ledger = Ledger()
    ledger.deposit("USDT", value)
    ledger.hold("USDT", value)
    assert ledger.balance("USDT") == Balance(Decimal(0), value, Decimal(0))
    ledger.release("USDT", value)
    assert ledger.balance("USDT") == Balance(value, Decimal(0), Decimal(0))


def test_more_digits_than_the_default_context_has_are_kept() -> None:
    ledger = Ledger()
    ledger.deposit("USDT", Decimal("999999999999999999"))
    ledger.deposit("USDT", Decimal("0.000000000000000000000001"))
    assert str(ledger.balance("USDT").available) == "999999999999999999.000000000000000000000001"


@pytest.mark.parametrize("step", ["hold", "release", "spend"])
def test_a_pot_cannot_give_what_it_does_not_have(step: str) -> None:
    ledger = Ledger()
    with pytest.raises(Overdrawn, match="USDT"):
        getattr(ledger, step)("USDT", Decimal("0.01"))
    assert ledger.balances() == {}


def test_an_asset_that_nobody_deposited_has_a_balance_of_nothing() -> None:
    assert Ledger().balance("USDT") == Balance(Decimal(0), Decimal(0), Decimal(0))


def test_balances_are_a_copy() -> None:
    ledger = Ledger()
    ledger.balances()["USDT"] = Balance(Decimal(1))
    assert ledger.balance("USDT").total == 0


@pytest.mark.parametrize(
    ("given_value", "expected"),
    [
        ("10.50", "10.50"),
        (7, "7"),
        (Decimal("1E+2"), "100"),
        ("0", "0"),
        ("0.000000000000000000000001", None),
        ("1.5e+3", "1500"),
        ("5.", "5"),
        (".5", "0.5"),
    ],
)
def test_an_amount_keeps_its_digits(given_value: Any, expected: str | None) -> None:
    assert format(amount(given_value), "f") == (expected or given_value)


@pytest.mark.parametrize(
    "wrong",
    [
        "",
        "ten",
        "-1",
        "NaN",
        "sNaN",
        "Infinity",
        "-Infinity",
        "1e18",
        "1E-25",
        "0E-25",
        "1e999999999999999999",
        "1,5",
        "\u0661",
        "\uff11",
        " 1 ",
        "1\n",
        "1_0",
        "+1",
        "1.2.3",
        ".",
        "1e",
        pytest.param(10**5000, id="5001 digits"),
        None,
        [],
    ],
)
def test_what_is_no_amount_is_refused_by_name(wrong: Any) -> None:
    with pytest.raises(Misuse, match="balance of USDT"):
        amount(wrong, "balance of USDT")


@given(st.text() | st.integers() | st.decimals())
def test_an_amount_is_an_amount_or_a_misuse(value: Any) -> None:
    try:
        accepted = amount(value)
    except Misuse:
        return
    assert 0 <= accepted < Decimal(10) ** 18
