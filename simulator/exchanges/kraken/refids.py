"""Identifiers that Kraken gives: refids in both styles, and ledger ids.

Since November 2022 refids are "FT" and 28 characters; before, three groups in base32 whose first letter tells the kind
(captures in ccxt's fetch_withdrawals and XChange). Both occur in one account's history.
"""

from __future__ import annotations

import re

from simulator.core.accounts import Account
from simulator.core.ids import Ids
from simulator.exchanges.kraken.behavior import Fields

_base32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
_SHAPES = re.compile(r"FT[A-Za-z0-9]{5}-[A-Za-z0-9]{22}|[A-Z2-7]{7}-[A-Z2-7]{6}-[A-Z2-7]{6}")


def is_refid(text: str) -> bool:
    return _SHAPES.fullmatch(text) is not None


def withdrawal(account: Account, is_transfer: bool) -> str:
    """A fresh refid of a withdrawal or a transfer, in the style that the account has."""
    if account.behavior.get(Fields.REFID_STYLE) == "old":
        return old(account.ids, "B" if is_transfer else "A")
    return f"FT{account.ids.text(5)}-{account.ids.text(22)}"


def old(ids: Ids, letter: str) -> str:
    """A refid of the old style."""
    return f"{letter}{ids.text(6, _base32)}-{ids.text(6, _base32)}-{ids.text(6, _base32)}"


def ledger(ids: Ids) -> str:
    """A ledger id such as LWL3TV-BC7TE-EUZ5ZQ (XChange's fixtures)."""
    return f"L{ids.text(5, _base32)}-{ids.text(5, _base32)}-{ids.text(6, _base32)}"
