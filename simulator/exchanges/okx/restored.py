"""Whether an account of OKX that a snapshot brings could have come about here. Knows no document."""

from __future__ import annotations

import re

from simulator.core.accounts import Account
from simulator.core.misuse import Misuse, shown
from simulator.core.world import World
from simulator.exchanges.okx.assets import ASSETS, CHAINS
from simulator.exchanges.okx.onboarding import AccountDetails

_NUMBER = re.compile(r"[0-9]{1,18}", re.ASCII)


def check(world: World, account: Account) -> None:
    """Raises Misuse with the first thing that could not be."""
    details: AccountDetails = account.details
    for ticker in (*details.deposits, *details.daily_limits):
        ASSETS.named(ticker)
    for chain in (*details.suspended_chains, *details.delisted_chains):
        if chain not in CHAINS:
            raise Misuse(f"the snapshot contradicts itself: there is no chain {shown(chain)}")
    if details.name != account.name:
        raise Misuse(
            f"the snapshot contradicts itself: the account is called {shown(account.name)} and {shown(details.name)}"
        )
    for number in (details.user_id, details.main_user_id, *(withdrawal.id for withdrawal in account.book)):
        if not _NUMBER.fullmatch(number):
            raise Misuse(f"the snapshot contradicts itself: the id {shown(number)} is not a number")
    for withdrawal in account.book:
        ASSETS.network(withdrawal.asset, withdrawal.network)
    if len({withdrawal.details.listed_ms for withdrawal in account.book}) < len(account.book):
        raise Misuse(
            "the snapshot contradicts itself: two withdrawals have one listed_ms, the moment they are listed at"
        )
