"""How accounts, keys and withdrawals of OKX begin: shapes of ids and keys, and what a client is told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from shlex import quote
from typing import Annotated, Any

import msgspec

from simulator.core import opening
from simulator.core.accounts import Account, Key
from simulator.core.book import Withdrawal
from simulator.core.exchange import Onboarding
from simulator.core.options import AccountOptions, Credential, KeyOptions, WithdrawalOptions
from simulator.core.world import World
from simulator.exchanges.okx.assets import ASSETS

PERMISSIONS = ("read_only", "trade", "withdraw")
"""The words of `perm` in `account/config`. A key has all three unless it is told otherwise."""

_UPPER_HEX = "0123456789ABCDEF"

ClientId = Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9]{1,32}$")]


class OkxAccountOptions(AccountOptions):
    """`demo` accounts take requests with `x-simulated-trading: 1` only and have no withdrawals; `sub_account`s cannot
    withdraw. `api_frozen`, `user_blocked` and `account_blocked` make OKX answer 50100, 50007 and 58004.
    """

    demo: bool = False
    sub_account: bool = False
    api_frozen: bool = False
    user_blocked: bool = False
    account_blocked: bool = False


class OkxKeyOptions(KeyOptions):
    """Every key has a passphrase."""

    passphrase: Credential | None = None


class OkxWithdrawalOptions(WithdrawalOptions):
    """`client_id` is what the withdrawal history shows and filters by: up to 32 letters and digits."""

    client_id: ClientId | None = None


@dataclass(frozen=True, slots=True)
class AccountDetails:
    """What OKX knows of an account besides what every exchange does."""

    user_id: str
    demo: bool
    sub_account: bool
    api_frozen: bool
    user_blocked: bool
    account_blocked: bool


@dataclass(frozen=True, slots=True)
class WithdrawalDetails:
    """What OKX knows of a withdrawal besides what every exchange does."""

    client_id: str


def open_account(world: World, account: Account, options: OkxAccountOptions) -> None:
    account.details = AccountDetails(
        account.ids.digits(17),
        options.demo,
        options.sub_account,
        options.api_frozen,
        options.user_blocked,
        options.account_blocked,
    )
    opening.deposit(account, ASSETS, options.balances)


def issue_key(world: World, account: Account, options: OkxKeyOptions) -> Key:
    supplied = (options.api_secret, options.passphrase)
    return Key(
        account=account,
        api_key=options.api_key or account.ids.uuid(),
        secret=options.api_secret or account.ids.text(32, _UPPER_HEX),
        passphrase=options.passphrase or account.ids.text(16),
        permissions=opening.permissions(options.permissions, PERMISSIONS, PERMISSIONS),
        ip_allowlist=opening.ip_allowlist(options.ip_allowlist),
        expires_ms=opening.expires_ms(options.expires),
        supplied=frozenset(secret for secret in supplied if secret),
    )


def open_withdrawal(world: World, account: Account, options: OkxWithdrawalOptions) -> Withdrawal:
    details = WithdrawalDetails(options.client_id or "")
    withdrawal = opening.withdrawal(account, ASSETS, options, id=_next_id(account), details=details)
    withdrawal.tx_id = ("0x" if withdrawal.address.startswith("0x") else "") + account.ids.hex(64)
    return withdrawal


def _next_id(account: Account) -> str:
    """A decimal of 8 or 9 digits, as seen on real ones; it grows within an account."""
    newest = max((int(withdrawal.id) for withdrawal in account.book), default=0)
    return str(newest + int(account.ids.digits(2))) if newest else account.ids.digits(8)


def credentials(key: Key) -> Mapping[str, Any]:
    return {
        "api_key": key.api_key,
        "api_secret": key.secret,
        "passphrase": key.passphrase,
        "user_id": key.account.details.user_id,
    }


def client_settings(account: Account) -> Mapping[str, Any]:
    network = ASSETS.network("USDT", None)
    return {"asset": "USDT", "chain": network.name, "address": network.address, "amount": "10"}


def paste(url: str, key: Key, withdrawal: Withdrawal) -> str:
    """A line for any POSIX shell: curl, signed with openssl."""
    path = "/api/v5/asset/cancel-withdrawal"
    demo = "-H 'x-simulated-trading: 1' " if key.account.details.demo else ""
    return (
        f'T=$(date -u +%Y-%m-%dT%H:%M:%S.000Z); B=\'{{"wdId":"{withdrawal.id}"}}\'; '
        f"S=$(printf '%s' \"${{T}}POST{path}$B\" | openssl dgst -sha256 -hmac {quote(key.secret)} -binary "
        "| openssl base64); "
        f"curl -s {url}{path} -H 'Content-Type: application/json' -H {quote('OK-ACCESS-KEY: ' + key.api_key)} "
        f'-H "OK-ACCESS-SIGN: $S" -H "OK-ACCESS-TIMESTAMP: $T" '
        f'-H {quote("OK-ACCESS-PASSPHRASE: " + key.passphrase)} {demo}-d "$B"'
    )


ONBOARDING = Onboarding(
    account_options=OkxAccountOptions,
    key_options=OkxKeyOptions,
    withdrawal_options=OkxWithdrawalOptions,
    open_account=open_account,
    issue_key=issue_key,
    open_withdrawal=open_withdrawal,
    credentials=credentials,
    client_settings=client_settings,
    paste=paste,
)
