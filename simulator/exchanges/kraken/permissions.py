"""The permissions of keys by their ids, and whether a key has what a method needs.

Ids: documentation of GetApiKeyInfo and Kraken.Net; `earn-funds` and `export-data` are concluded.
"""

from __future__ import annotations

PERMISSIONS = (
    "query-funds",
    "add-funds",
    "withdraw-funds",
    "earn-funds",
    "query-open-trades",
    "query-closed-trades",
    "modify-trades",
    "close-trades",
    "query-ledger",
    "export-data",
    "create-ws-token",
)


def suffice(given: frozenset[str], needed: str) -> bool:
    """`needed` is one permission, or some joined by " and " or by " or "; "" is none."""
    if " and " in needed:
        return given.issuperset(needed.split(" and "))
    return not needed or not given.isdisjoint(needed.split(" or "))
