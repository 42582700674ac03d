"""A read is answered as the account's withdrawals stood `steps` steps ago, as from a replica that is behind.

The exchange's state is untouched, and so is its money: balances and statements are answered as they are now.
"""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import TYPE_CHECKING

from simulator.core.faults.fault import Fault, Kind

if TYPE_CHECKING:
    from simulator.core.accounts import Account


def _behind(fault: Fault, account: Account) -> AbstractContextManager[None]:
    return account.as_before(fault.steps)


KIND = Kind(
    name="stale_reads",
    says="a read is answered as the account's withdrawals stood `steps` steps ago; nothing else is behind",
    options=("steps",),
    during=_behind,
    places=("request", "frame"),
    reads_only=True,
)
