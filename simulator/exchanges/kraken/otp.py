"""One-time passwords of keys that have two-factor authentication (RFC 6238: SHA-1, six digits, 30 seconds).

Told the time by its caller: the server clock. The arithmetic is pyotp's.
"""

from __future__ import annotations

import hmac

import pyotp

_step_ms = 30_000


def is_secret(totp_secret: str) -> bool:
    """True if `totp_secret` is base32 of at least 112 bits (what pyotp asks for since NIST SP 800-63B-4 does)."""
    try:
        pyotp.TOTP(totp_secret).generate_otp(0)
    except ValueError:
        return False
    return True


def matches(totp_secret: str, otp: str, now_ms: int, steps: int) -> bool:
    """True if `otp` is the one of now, or of up to `steps` steps before or after."""
    totp, now_step = pyotp.TOTP(totp_secret), now_ms // _step_ms
    given = otp.encode("utf-8", "replace")
    near = range(max(0, now_step - steps), now_step + steps + 1)
    return any(hmac.compare_digest(totp.generate_otp(step).encode(), given) for step in near)
