"""Whether an account of Kraken that a snapshot brings could have come about here. Knows no document."""

from __future__ import annotations

from simulator.core.accounts import Account
from simulator.core.limits import DecayingCounter
from simulator.core.misuse import Misuse, shown
from simulator.core.world import World
from simulator.exchanges.kraken.assets import ASSETS
from simulator.exchanges.kraken.onboarding import AccountDetails, check_secrets


def check(world: World, account: Account) -> None:
    """Raises Misuse with the first thing that could not be."""
    details: AccountDetails = account.details
    for entry in details.addresses:
        ASSETS.network(entry.asset, entry.network)
    for deposit in details.deposits:
        ASSETS.named(deposit.asset)
    for key in account.keys:
        check_secrets(key.secret, key.details.totp_secret)
        if not all(isinstance(counter, DecayingCounter) for counter in key.counters.values()):
            raise Misuse(f"the snapshot contradicts itself: the counter of key {shown(key.api_key)} does not melt")
    for withdrawal in account.book:
        ASSETS.network(withdrawal.asset, withdrawal.network)
