"""Amounts as Kraken prints them: text with at least so many decimals, more only where the amount has more."""

from __future__ import annotations

from decimal import Decimal


def funding(value: Decimal) -> str:
    """At least eight decimals, as in every capture of the funding methods; an amount of ten keeps its ten."""
    return format(value, f".{max(8, -int(value.as_tuple().exponent))}f")


def balance(value: Decimal, decimals: int) -> str:
    """The asset's `decimals`; zeros behind them are left away."""
    _, _, fraction = format(value, "f").partition(".")
    text = format(value, f".{max(decimals, len(fraction.rstrip('0')))}f")
    return text if value else text.removeprefix("-")
