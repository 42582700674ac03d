"""What strict mode holds against a client: calls that no exchange, no route or no key answers to.

By the names of conditions, whatever row they are mapped to; a wrong signature or a stale nonce is a test's own affair.
"""

from __future__ import annotations

CONDITIONS = frozenset(
    {
        "route.unknown",
        "route.wrong_method",
        "route.post_on_public",
        "route.get_on_private",
        "socket.unknown_function",
        "auth.unknown_key",
        "auth.key_malformed",
        "auth.unknown_token",
        "login.unknown_key",
        "login.unknown_user",
    }
)


def is_stray(exchange: str, condition: str | None) -> bool:
    """True if a call went where nothing is (`exchange` is "" when no exchange has its path)."""
    return not exchange or condition in CONDITIONS
