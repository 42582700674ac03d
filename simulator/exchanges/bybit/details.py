"""What Bybit alone knows of an account, a key, a withdrawal and an entry of the address book. Values, no rules.

Facts: docs v5/user/apikey-info, v5/asset/withdraw/withdraw-address, v5/asset/withdraw.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING

from simulator.core.accounts import Account
from simulator.exchanges.bybit.signing import rsa_public_key

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

UNIVERSAL_COIN = "baseCoin"
"""The coin of an address that is good for every coin of its chain (docs v5/asset/withdraw/withdraw-address)."""

NEW_ADDRESS_MS = 24 * 3600 * 1000
"""How long a new address is barred from withdrawals."""

_read_pem = lru_cache(64)(rsa_public_key)


@dataclass(frozen=True, slots=True)
class Address:
    """An entry of the address book. `internal` entries hold a Bybit UID; `bybit_uid` is whose deposit address it is."""

    number: int
    coin: str
    chain: str
    address: str
    tag: str
    remark: str
    internal: bool
    verified: bool
    created_ms: int
    bybit_uid: str

    def is_new(self, now_ms: int) -> bool:
        return now_ms - self.created_ms < NEW_ADDRESS_MS


@dataclass(frozen=True, slots=True)
class AccountDetails:
    """`deposits[wallet][ticker]` is what the wallet was given; `address_book` is in the order it was written."""

    user_id: str
    sub_account: bool
    demo: bool
    limit_amount_usd: Decimal
    deposits: dict[str, dict[str, Decimal]]
    address_book: tuple[Address, ...]


@dataclass(frozen=True, slots=True)
class KeyDetails:
    """A key with a `public_key` signs with RSA, any other with HMAC; `pem` is that key as it was given."""

    number: str
    read_only: bool
    created_ms: int
    pem: str = ""

    @property
    def public_key(self) -> RSAPublicKey | None:
        return _read_pem(self.pem) if self.pem else None


@dataclass(frozen=True, slots=True)
class WithdrawalDetails:
    """`shares` is what each wallet gave; `refund_wallet` gets it all back when it fails ("": each wallet its share).

    `internal` withdrawals go to another Bybit account and touch no chain.
    """

    shares: tuple[tuple[str, Decimal], ...]
    refund_wallet: str
    internal: bool
    request_id: str = ""


def next_id(account: Account) -> str:
    """Ids grow within an account, since the record list is ordered by id; 8 to 9 digits as seen on real ones."""
    newest = max((int(withdrawal.id) for withdrawal in account.book), default=0)
    return str(newest + int(account.ids.digits(2))) if newest else account.ids.digits(8)
