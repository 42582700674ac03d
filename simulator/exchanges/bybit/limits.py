"""How much Bybit takes in which time, beyond the calls of an endpoint: calls by IP, withdrawals by coin and by day.

Facts: docs v5/rate-limit; the answer 131088 of docs v5/error names a limit by verification level.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from decimal import Context, Decimal

from simulator.core.accounts import Account
from simulator.core.ledger import add
from simulator.core.lifecycle import Stage, held_stages
from simulator.core.limits import Verdict, set_back
from simulator.exchanges.bybit.assets import ASSETS

TEN_SECONDS_MS = 10_000
DAY_MS = 24 * 3600 * 1000

_EXACT = Context(prec=60)


@dataclass(slots=True)
class IpWindow:
    """At most 600 calls in any 5 s; whoever makes more is refused for `ban_ms` from then on."""

    ban_ms: int
    _calls: deque[int] = field(default_factory=deque)
    _banned_until_ms: int = 0

    def take(self, now_ms: int) -> Verdict:
        set_back(self._calls, now_ms)
        self._banned_until_ms = min(self._banned_until_ms, now_ms + self.ban_ms)  # a clock that was set back
        if now_ms < self._banned_until_ms:
            return Verdict(False, 0, self._banned_until_ms - now_ms)
        self._banned_until_ms = 0  # what is over does not come back with a clock that is set back
        while self._calls and self._calls[0] <= now_ms - 5_000:
            self._calls.popleft()
        if len(self._calls) >= 600:
            self._banned_until_ms = now_ms + self.ban_ms
            return Verdict(False, 0, self.ban_ms)
        self._calls.append(now_ms)
        return Verdict(True, 600 - len(self._calls), 0)


def waits_ten_seconds(account: Account, ticker: str, chain: str) -> bool:
    """True if the last withdrawal of this asset on this chain is less than 10 s old."""
    now_ms = account.now_ms()
    since_ms = now_ms - TEN_SECONDS_MS
    return any(
        withdrawal.asset == ticker and withdrawal.network == chain and since_ms < withdrawal.created_ms <= now_ms
        for withdrawal in account.book
    )


def left_of_day(account: Account) -> Decimal:
    """What of `limit_amount_usd` the withdrawals of the last 24 h leave, at sample prices; refunds do not count."""
    left: Decimal = account.details.limit_amount_usd
    since_ms = account.now_ms() - DAY_MS
    for withdrawal in account.book:
        is_gone = withdrawal.stage in held_stages or withdrawal.stage is Stage.PROCESSED
        if is_gone and withdrawal.created_ms > since_ms:
            price = ASSETS.named(withdrawal.asset).details.usd
            left = add(left, _EXACT.multiply(withdrawal.amount, price).copy_negate())
    return max(left, Decimal(0))
