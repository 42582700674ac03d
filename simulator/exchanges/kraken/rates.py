"""The call counter of a key (docs: spot REST rate limits), on account time. Ledger methods cost two, others one."""

from __future__ import annotations

from simulator.core.accounts import Key
from simulator.core.exchange import Endpoint
from simulator.core.limits import DecayingCounter, Verdict
from simulator.core.rows import Refusal
from simulator.exchanges.kraken.behavior import Conditions, Fields

_TIERS = {"starter": (15, 0.33, 3000), "intermediate": (20, 0.5, 2000), "pro": (20, 1.0, 1000)}
"""Maximum of the counter, what it melts by a second, and in which steps (ms) if it melts in steps."""


def count(key: Key, endpoint: Endpoint) -> Verdict | None:
    """Count the call. Calls that fail later count too (support article on API errors)."""
    account = key.account
    if not account.limited:
        return None
    tier = str(account.behavior.get(Fields.TIER))
    limit, decay_per_s, step_ms = _TIERS[tier]
    # The first one is that of an empty counter, so that a tier may be changed at any time.
    counter = key.counters.setdefault(tier, DecayingCounter(limit, decay_per_s))
    assert isinstance(counter, DecayingCounter)
    now_ms = account.steady_ms()
    if account.behavior.get(Fields.DECAY) == "stepwise":
        now_ms -= now_ms % step_ms
    return counter.take(now_ms, endpoint.cost)


def check(verdict: Verdict | None) -> None:
    """Refuse a call that the counter has no room for."""
    if verdict is not None and not verdict.allowed:
        raise Refusal(Conditions.RATE_LIMIT, f"the key's call counter is full; free again in {verdict.wait_ms} ms")
