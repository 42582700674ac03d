"""Secrets that users supplied, masked wherever something is shown. What the simulator generated is no secret.

A secret is known as it is and as clients write it on its way: escaped for a URL or inside JSON, in base64 and in hex.
How it is written is told by `writings`. A pattern is compiled once for each secret, and only when a text may have it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from simulator.core.accounts import Account, Key, masked
from simulator.core.world import World
from simulator.service.writings import Writing, unescaped, writings

Owner = Account | World | tuple[World, ...]
"""Whose call it was: an account's, an exchange's, or nobody's, which may have been meant for any of these."""


def secrets_of(owner: Owner) -> frozenset[str]:
    """The secrets that the users of an account, or of every account of an exchange, supplied."""
    worlds = owner if isinstance(owner, tuple) else (owner,)
    accounts = [one for part in worlds for one in (part.accounts.values() if isinstance(part, World) else (part,))]
    return secrets(key for account in accounts for key in account.keys)


def secrets(keys: Iterable[Key]) -> frozenset[str]:
    """The secrets that users supplied."""
    return frozenset(secret for key in keys for secret in key.supplied)


def mask(value: Any, secrets: frozenset[str]) -> Any:
    """A JSON document without them, however they are written in it."""
    return _masked(value, _writings(secrets)) if secrets else value


def line(text: str, owner: Owner) -> str:
    """A text of a log, with the secrets that the users of an account or exchange supplied masked."""
    return str(mask(text, secrets_of(owner)))


def _masked(value: Any, written: tuple[Writing, ...]) -> Any:
    if isinstance(value, str):
        plain = unescaped(value)
        for writing in written:
            if len(value) >= writing.shortest and _may_be_in(value, plain, writing.needles):
                value = _compiled(writing.pattern).sub(masked, value)
        return value
    if isinstance(value, list):
        return [_masked(part, written) for part in value]
    if isinstance(value, dict):
        return {name: _masked(part, written) for name, part in value.items()}
    return value


def _may_be_in(text: str, plain: str, needles: tuple[str, ...]) -> bool:
    return any(needle in plain or (plain is not text and needle in text) for needle in needles)


@lru_cache(maxsize=256)
def _writings(secrets: frozenset[str]) -> tuple[Writing, ...]:
    """Of longer secrets first, so that none is taken apart by one that stands in it."""
    return tuple(one for secret in sorted(secrets, key=lambda text: (-len(text), text)) for one in _of(secret))


_of = lru_cache(maxsize=2048)(writings)
_compiled = lru_cache(maxsize=2048)(re.compile)
