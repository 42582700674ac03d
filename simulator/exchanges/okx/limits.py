"""OKX's rate limits: private calls by user, public ones by IP, each endpoint for itself.

Windows are aligned with the clock or slide (a field). Private calls are counted in account time where the account has
limits; public ones in the server's time where the whole exchange was told to (`limit.public`), since they are nobody's.
"""

from __future__ import annotations

from simulator.core.accounts import Account
from simulator.core.behavior import Behavior
from simulator.core.exchange import Limit
from simulator.core.limits import Counter, FixedWindow, SlidingWindow, Verdict
from simulator.core.rows import Refusal
from simulator.exchanges.okx.behavior import Conditions, Fields
from simulator.exchanges.okx.calls import Call

_PUBLIC_MAX = 256
"""So many counters of public calls are kept at most."""


def take(call: Call) -> None:
    """Count a call against the limit of its endpoint. Raises Refusal."""
    endpoint = call.endpoint
    assert endpoint is not None
    limit = endpoint.limit
    assert limit is not None
    if call.key is None:
        if call.world.behavior.get(Fields.PUBLIC_LIMITED) is True:
            # instType too, where the documentation counts by it.
            name = f"{endpoint.name} {call.query().get('instType', '')[:16]} {call.request.peer}"
            _check(_public_counter(call, name, limit).take(call.world.steady_ms()), limit)
        return
    _check(take_of_account(call.account, endpoint.name, limit), limit)


def take_of_account(account: Account, name: str, limit: Limit, peer: str | None = None) -> Verdict:
    """Count something of an account's (from one IP, when `peer` is given); all is allowed where it has no limits."""
    if not account.limited:
        return Verdict(True, limit.calls, 0)
    kind = _kind(account.behavior)
    return account.counter(f"{name} {kind}", peer, lambda: _made(kind, limit)).take(account.steady_ms())


def _kind(behavior: Behavior) -> str:
    if behavior.get(Fields.LIMIT_WINDOW) == "fixed":
        return "fixed"
    return "insistent" if behavior.get(Fields.COUNTS_REFUSED) is True else "sliding"


def _made(kind: str, limit: Limit) -> Counter:
    if kind == "fixed":
        return FixedWindow(limit.calls, limit.window_ms)
    return SlidingWindow(limit.calls, limit.window_ms, counts_refused=kind == "insistent")


def _public_counter(call: Call, name: str, limit: Limit) -> Counter:
    world = call.world
    if world.details is None:
        world.details = {}
    counters: dict[str, Counter] = world.details
    kind = _kind(world.behavior)
    key = f"{kind} {name}"
    if key not in counters:
        if len(counters) >= _PUBLIC_MAX:
            counters.pop(next(iter(counters)))
        counters[key] = _made(kind, limit)
    return counters[key]


def _check(verdict: Verdict, limit: Limit) -> None:
    if not verdict.allowed:
        raise Refusal(
            Conditions.RATE_LIMIT,
            f"more than {limit.calls} calls in {limit.window_ms / 1000:g} s; free again in {verdict.wait_ms} ms",
        )
