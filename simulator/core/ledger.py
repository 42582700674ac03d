"""Money of one account: what is available, what is held for pending withdrawals, what has left.

For every asset `available + held + spent` equals what was ever deposited; each step moves an amount between two of the
three and refuses to make any of them negative.
"""

from __future__ import annotations

import decimal
import re
from dataclasses import dataclass
from decimal import Decimal

from simulator.core.misuse import Misuse, shown

zero = Decimal(0)
_limit = Decimal(10) ** 18
_finest = -24
_decimal_text = re.compile(r"([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?")
"""ASCII digits, at most one dot, an optional exponent; `Decimal` also reads other scripts, spaces and `1_0`."""
_exact = decimal.Context(prec=60)
"""Wide enough that no sum of allowed amounts is ever rounded (the default context has 28 digits)."""


def add(left: Decimal, right: Decimal) -> Decimal:
    """The exact sum; every addition of money in this project goes through here."""
    return _exact.add(left, right)


def amount(text: str | int | Decimal, name: str = "amount") -> Decimal:
    """The decimal in `text`: finite, not negative, below 10^18 and with at most 24 decimals. Raises Misuse."""
    try:
        if isinstance(text, str) and not _decimal_text.fullmatch(text):
            raise ValueError(text)
        value = text if isinstance(text, Decimal) else Decimal(text)
    except (ArithmeticError, ValueError, TypeError):
        raise Misuse(f"{name} {shown(text)} is not a decimal number such as '10.5'") from None
    if not value.is_finite() or value < 0 or value >= _limit or int(value.as_tuple().exponent) < _finest:
        told = shown(str(value))
        raise Misuse(f"{name} {told} must be a finite number from 0 to below 10^18 with at most 24 decimals")
    return value


@dataclass(frozen=True, slots=True)
class Balance:
    """One asset's three pots, in units of the asset."""

    available: Decimal = zero
    held: Decimal = zero
    spent: Decimal = zero

    @property
    def total(self) -> Decimal:
        """What was ever deposited: the sum of the three."""
        return add(add(self.available, self.held), self.spent)


class Overdrawn(Exception):
    """A step would take more out of a pot than it has."""


class Ledger:
    """The balances of one account by asset ticker."""

    def __init__(self) -> None:
        self._balances: dict[str, Balance] = {}

    def balance(self, asset: str) -> Balance:
        return self._balances.get(asset, Balance())

    def balances(self) -> dict[str, Balance]:
        return dict(self._balances)

    def enter(self, balances: dict[str, Balance]) -> None:
        """Take over the balances of a snapshot."""
        self._balances = dict(balances)

    def deposit(self, asset: str, value: Decimal) -> None:
        """From outside to available."""
        self._move(asset, available=value)

    def hold(self, asset: str, value: Decimal) -> None:
        """From available to held: a withdrawal was asked for. Raises Overdrawn."""
        self._move(asset, available=value.copy_negate(), held=value)

    def release(self, asset: str, value: Decimal) -> None:
        """From held to available: the refund of a withdrawal that will not happen."""
        self._move(asset, held=value.copy_negate(), available=value)

    def spend(self, asset: str, value: Decimal) -> None:
        """From held to spent: the withdrawal has left."""
        self._move(asset, held=value.copy_negate(), spent=value)

    def _move(self, asset: str, *, available: Decimal = zero, held: Decimal = zero, spent: Decimal = zero) -> None:
        before = self.balance(asset)
        after = Balance(add(before.available, available), add(before.held, held), add(before.spent, spent))
        if min(after.available, after.held, after.spent) < 0:
            raise Overdrawn(f"{asset}: {before} cannot become {after}")
        self._balances[asset] = after
