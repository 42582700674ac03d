"""Secrets that users supplied, masked wherever something is shown. What the simulator generated is no secret."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from simulator.core.accounts import Account, Key, masked
from simulator.core.world import World

Owner = Account | World | tuple[World, ...]
"""Whose call it was: an account's, an exchange's, or nobody's, which may have been meant for any of these."""


def secrets_of(owner: Owner) -> frozenset[str]:
    """The secrets that the users of an account, or of every account of an exchange, supplied."""
    worlds = owner if isinstance(owner, tuple) else (owner,)
    accounts = [one for part in worlds for one in (part.accounts.values() if isinstance(part, World) else (part,))]
    return secrets(key for account in accounts for key in account.keys)


def secrets(keys: Iterable[Key]) -> frozenset[str]:
    """The secrets that users supplied, also as they stand inside JSON, and inside JSON that stands in JSON as text."""
    plain = {secret for key in keys for secret in key.supplied}
    if not plain:
        return frozenset()
    written = {_quoted(secret, ascii_only) for secret in plain for ascii_only in (False, True)}
    return frozenset(plain | written | {_quoted(text, ascii_only) for text in written for ascii_only in (False, True)})


def _quoted(text: str, ascii_only: bool) -> str:
    return json.dumps(text, ensure_ascii=ascii_only)[1:-1]


def mask(value: Any, secrets: frozenset[str]) -> Any:
    """A JSON document without them."""
    if isinstance(value, str):
        for secret in sorted(secrets, key=len, reverse=True):
            value = value.replace(secret, masked)
        return value
    if isinstance(value, list):
        return [mask(part, secrets) for part in value]
    if isinstance(value, dict):
        return {name: mask(part, secrets) for name, part in value.items()}
    return value


def line(text: str, owner: Owner) -> str:
    """A text of a log, with the secrets that the users of an account or exchange supplied masked."""
    return str(mask(text, secrets_of(owner)))
