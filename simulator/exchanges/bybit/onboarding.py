"""How accounts, keys and withdrawals of Bybit begin: shapes of ids and keys, and what a client is told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from shlex import quote
from typing import Any

from simulator.core import opening
from simulator.core.accounts import Account, Key
from simulator.core.book import Withdrawal
from simulator.core.exchange import Onboarding
from simulator.core.options import AccountOptions, KeyOptions, WithdrawalOptions
from simulator.core.world import World
from simulator.exchanges.bybit.assets import ASSETS

PERMISSIONS = ("Withdraw", "AccountTransfer", "SubMemberTransfer")
"""The Wallet permissions of a key (docs v5/user/apikey-info)."""


class BybitAccountOptions(AccountOptions):
    """`sub_account` and `demo` accounts may not withdraw."""

    sub_account: bool = False
    demo: bool = False


class BybitKeyOptions(KeyOptions):
    """A `read_only` key may call no POST endpoint."""

    read_only: bool = False


@dataclass(frozen=True, slots=True)
class AccountDetails:
    """What Bybit knows of an account besides what every exchange does."""

    user_id: str
    sub_account: bool
    demo: bool


@dataclass(frozen=True, slots=True)
class KeyDetails:
    """What Bybit knows of a key besides what every exchange does."""

    read_only: bool


def open_account(world: World, account: Account, options: BybitAccountOptions) -> None:
    account.details = AccountDetails(account.ids.digits(8), options.sub_account, options.demo)
    opening.deposit(account, ASSETS, options.balances)


def issue_key(world: World, account: Account, options: BybitKeyOptions) -> Key:
    return Key(
        account=account,
        api_key=options.api_key or account.ids.text(18),
        secret=options.api_secret or account.ids.text(36),
        permissions=opening.permissions(options.permissions, PERMISSIONS, PERMISSIONS),
        ip_allowlist=opening.ip_allowlist(options.ip_allowlist),
        expires_ms=opening.expires_ms(options.expires),
        supplied=frozenset({options.api_secret} if options.api_secret else ()),
        details=KeyDetails(options.read_only),
    )


def open_withdrawal(world: World, account: Account, options: WithdrawalOptions) -> Withdrawal:
    withdrawal = opening.withdrawal(account, ASSETS, options, id=_next_id(account))
    withdrawal.tx_id = "0x" + account.ids.hex(64)
    return withdrawal


def _next_id(account: Account) -> str:
    """Ids grow within an account, since the record list is ordered by id; 8 to 9 digits as seen on real ones."""
    newest = max((int(withdrawal.id) for withdrawal in account.book), default=0)
    return str(newest + int(account.ids.digits(2))) if newest else account.ids.digits(8)


def credentials(key: Key) -> Mapping[str, Any]:
    return {"api_key": key.api_key, "api_secret": key.secret, "user_id": key.account.details.user_id}


def client_settings(account: Account) -> Mapping[str, Any]:
    network = ASSETS.network("USDT", None)
    return {"asset": "USDT", "chain": network.name, "address": network.address, "amount": "10"}


def paste(url: str, key: Key, withdrawal: Withdrawal) -> str:
    """A curl line that signs with openssl. Keys and secrets that a user chose may hold any character."""
    return (
        f'K={quote(key.api_key)}; T=$(date +%s)000; B=\'{{"id":"{withdrawal.id}"}}\'; '
        f"S=$(printf '%s' \"${{T}}${{K}}5000$B\" | openssl dgst -sha256 -hmac {quote(key.secret)} | sed 's/.* //'); "
        f"curl -s {url}/v5/asset/withdraw/cancel -H 'Content-Type: application/json' "
        '-H "X-BAPI-API-KEY: $K" -H "X-BAPI-TIMESTAMP: $T" -H \'X-BAPI-RECV-WINDOW: 5000\' '
        '-H "X-BAPI-SIGN: $S" -d "$B"'
    )


ONBOARDING = Onboarding(
    account_options=BybitAccountOptions,
    key_options=BybitKeyOptions,
    withdrawal_options=WithdrawalOptions,
    open_account=open_account,
    issue_key=issue_key,
    open_withdrawal=open_withdrawal,
    credentials=credentials,
    client_settings=client_settings,
    paste=paste,
)
