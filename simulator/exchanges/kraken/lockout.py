"""Lockouts of an IP after failed authentications in a row, counted by (account, IP) so that accounts stay apart.

Failures with keys that nobody has are counted by IP for the exchange as a whole, and lock out such keys alone: unlike
at Kraken, a known key on that IP is still answered. Off unless a field switches it on.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from simulator.core.rows import Refusal
from simulator.exchanges.kraken.behavior import Conditions, Fields
from simulator.exchanges.kraken.call import Call

_peers_kept = 64

FAILURES = frozenset(
    {
        Conditions.KEY_MISSING,
        Conditions.UNKNOWN_KEY,
        Conditions.EXPIRED_KEY,
        Conditions.WRONG_IP,
        Conditions.NONCE_MISSING,
        Conditions.NONCE_MALFORMED,
        Conditions.SIGNATURE_MISSING,
        Conditions.WRONG_SIGNATURE,
        Conditions.OTP_UNEXPECTED,
        Conditions.OTP_WRONG,
        Conditions.NONCE_NOT_GREATER,
    }
)
"""What counts towards a lockout: invalid keys, nonces and signatures (support article on API errors)."""


@dataclass(slots=True)
class Lockout:
    """The failures of one IP. Times are those of a clock that no skew moves."""

    failures: int = 0
    last_ms: int = 0
    until_ms: int = 0

    def is_locked(self, now_ms: int, duration_ms: int) -> bool:
        """True while locked out. Asking starts the time again (docs: each attempt resets the timer)."""
        self.until_ms = min(self.until_ms, now_ms + duration_ms)  # later only where the machine's clock was set back
        if now_ms >= self.until_ms:
            self.until_ms = 0  # what is over does not come back with a clock that is set back
            return False
        self.until_ms = now_ms + duration_ms
        return True

    def fail(self, now_ms: int, threshold: int, duration_ms: int) -> None:
        """Note a failure; the one that reaches `threshold` locks out. Failures far apart are not in a row; the last one
        counts as just made when the machine's clock was set back.
        """
        if now_ms - self.last_ms >= duration_ms:
            self.failures = 0
        self.failures, self.last_ms = self.failures + 1, now_ms
        if self.failures >= threshold:
            self.failures, self.until_ms = 0, now_ms + duration_ms

    def succeed(self) -> None:
        """A success ends the row."""
        self.failures = 0


@dataclass(slots=True)
class Lockouts:
    """The IPs of one owner; the oldest is forgotten when there are too many."""

    _peers: dict[str, Lockout] = field(default_factory=dict)

    def of(self, peer: str) -> Lockout:
        if peer not in self._peers:
            if len(self._peers) >= _peers_kept:
                self._peers.pop(next(iter(self._peers)))
            self._peers[peer] = Lockout()
        return self._peers[peer]


def of(call: Call) -> Lockout:
    """The failures of the caller's IP with the account that it names, or with keys that nobody has."""
    if call.key is not None:
        lockouts: Lockouts = call.key.account.details.lockouts
    else:
        lockouts = call.world.details = call.world.details or Lockouts()
    return lockouts.of(call.request.peer)


def _now_ms(call: Call) -> int:
    return call.key.account.steady_ms() if call.key else call.world.steady_ms()


def check(call: Call) -> None:
    """Refuse an IP that is locked out."""
    duration_ms = call.behavior.number(Fields.LOCKOUT_SECONDS) * 1000
    if call.behavior.number(Fields.LOCKOUT_FAILURES) and of(call).is_locked(_now_ms(call), duration_ms):
        raise Refusal(Conditions.LOCKED_OUT, f"{call.request.peer} is locked out for {duration_ms // 1000} s from now")


def note(call: Call, refusal: Refusal) -> None:
    """Count a refusal if it is one that locks out."""
    threshold = call.behavior.number(Fields.LOCKOUT_FAILURES)
    if threshold and refusal.condition in FAILURES:
        of(call).fail(_now_ms(call), threshold, call.behavior.number(Fields.LOCKOUT_SECONDS) * 1000)
