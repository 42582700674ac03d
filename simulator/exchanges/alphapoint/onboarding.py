"""How accounts, keys and withdrawals of AlphaPoint begin: shapes of ids and keys, and what a client is told."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from shlex import quote
from typing import Annotated, Any

import msgspec
import pyotp

from simulator.core import opening
from simulator.core.accounts import Account, Key
from simulator.core.book import Withdrawal
from simulator.core.exchange import Onboarding
from simulator.core.misuse import AlreadyThere, Misuse, shown
from simulator.core.options import AccountOptions, Credential, KeyOptions, WithdrawalOptions
from simulator.core.wire import encode
from simulator.core.world import World
from simulator.exchanges.alphapoint.assets import ASSETS
from simulator.exchanges.alphapoint.create import enter
from simulator.exchanges.alphapoint.endpoints import OWN_PERMISSIONS
from simulator.exchanges.alphapoint.users import OMS_ID, User, basic, named, users

_DEFAULT_PERMISSIONS = ("Withdraw", "Trading", "Deposit")

PERMISSIONS = (*_DEFAULT_PERMISSIONS, "AccountReadOnly", "Operator", "SuperUser", *OWN_PERMISSIONS)
"""The umbrellas, and the functions here that have a permission of their own name (APEX 4.3 documentation)."""


Username = Annotated[
    str,
    msgspec.Meta(min_length=1, max_length=128, pattern="^[^:]*$", description="1 to 128 characters without a colon"),
]
Number = Annotated[int, msgspec.Meta(ge=1, le=2**63 - 1)]


class AlphapointAccountOptions(AccountOptions):
    """`username` and `password` are those of a login, which asks for a code as well when `use_2fa` is set.

    `totp_secret` (base32) makes the codes, of logins and of guarded functions. `user_id` and `account_id` are numbers
    that nobody has yet, for requests that are written down with them.
    """

    username: Username | None = None
    password: Credential | None = None
    totp_secret: Credential | None = None
    use_2fa: bool = False
    user_id: Number | None = None
    account_id: Number | None = None


def open_account(world: World, account: Account, options: AlphapointAccountOptions) -> None:
    username = options.username or f"{account.name}@example.com"
    if named(world, username) is not None:
        raise AlreadyThere(f"alphapoint already has a user {shown(username)}; username must be another one")
    password = options.password or account.ids.text(16)
    account.details = User(
        user_id=_free(account, {user.user_id for _, user in users(world)}, options.user_id, "user_id"),
        account_id=_free(account, {user.account_id for _, user in users(world)}, options.account_id, "account_id"),
        username=username,
        password=password,
        totp_secret=check_base32(options.totp_secret) or account.ids.text(32, "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"),
        first_ticket=int(account.ids.digits(6)),
        created_ms=account.now_ms(),
        use_2fa=options.use_2fa,
        supplied=frozenset(_supplied(options, username)),
    )
    opening.deposit(account, ASSETS, options.balances)


def _free(account: Account, taken: set[int], wanted: int | None, name: str) -> int:
    """A number that nobody has: the one that is wanted, or from a range so wide that hardly ever one is taken."""
    if wanted in taken:
        raise AlreadyThere(f"alphapoint already has the {name} {shown(wanted)}; it must be another one")
    if wanted is not None:
        return wanted
    while (number := int(account.ids.digits(8))) in taken:
        pass
    return number


def check_base32(secret: str | None) -> str | None:
    """`secret`, if authenticators can use it. Raises Misuse."""
    if secret is not None:
        try:
            pyotp.TOTP(secret)
        except ValueError:
            raise Misuse("totp_secret must be base32 of 112 bits or more, such as 'JBSWY3DPEHPK3PXPJBSWY3DP'") from None
    return secret


def _supplied(options: AlphapointAccountOptions, username: str) -> Iterator[str]:
    """What must not be shown; a password also as it stands in an Authorization header."""
    if options.password:
        yield options.password
        yield basic(username, options.password)
    if options.totp_secret:
        yield options.totp_secret


def secrets(key: Key) -> tuple[str, ...]:
    user: User = key.account.details
    return key.secret, *user.secrets


def issue_key(world: World, account: Account, options: KeyOptions) -> Key:
    user: User = account.details
    return Key(
        account=account,
        api_key=options.api_key or account.ids.hex(32),
        secret=options.api_secret or account.ids.hex(32),
        permissions=opening.permissions(options.permissions, PERMISSIONS, _DEFAULT_PERMISSIONS),
        ip_allowlist=opening.ip_allowlist(options.ip_allowlist),
        expires_ms=opening.expires_ms(options.expires),
        supplied=user.supplied | ({options.api_secret} if options.api_secret else frozenset()),
    )


def open_withdrawal(world: World, account: Account, options: WithdrawalOptions) -> Withdrawal:
    return enter(account, options)


def credentials(key: Key) -> Mapping[str, Any]:
    user: User = key.account.details
    return {
        "api_key": key.api_key,
        "api_secret": key.secret,
        "user_id": user.user_id,
        "account_id": user.account_id,
        "oms_id": OMS_ID,
        "username": user.username,
        "password": user.password,
        "totp_secret": user.totp_secret,
    }


def client_settings(account: Account) -> Mapping[str, Any]:
    network = ASSETS.network("USDT", None)
    return {
        "asset": "USDT",
        "product_id": ASSETS.named("USDT").details.product_id,
        "template_type": network.name,
        "address": network.address,
        "amount": "10",
    }


def paste(url: str, key: Key, withdrawal: Withdrawal) -> str:
    """A curl line that signs with openssl; nothing of the request is signed, so the nonce is all that changes."""
    user: User = key.account.details
    body = {
        "OMSId": OMS_ID,
        "UserId": user.user_id,
        "AccountId": user.account_id,
        "RequestCode": withdrawal.id,
    }
    return (
        f"N=$(date +%s); S=$(printf '%s%s' \"$N\" {quote(f'{user.user_id}{key.api_key}')} | "
        f"openssl dgst -sha256 -hmac {quote(key.secret)} | sed 's/.* //'); "
        f"curl -s {url}/AP/CancelWithdraw -H 'Content-Type: application/json' -H {quote(f'APIKey: {key.api_key}')} "
        f'-H \'UserId: {user.user_id}\' -H "Nonce: $N" -H "Signature: $S" -d {quote(encode(body).decode())}'
    )


ONBOARDING = Onboarding(
    account_options=AlphapointAccountOptions,
    key_options=KeyOptions,
    withdrawal_options=WithdrawalOptions,
    open_account=open_account,
    issue_key=issue_key,
    open_withdrawal=open_withdrawal,
    credentials=credentials,
    client_settings=client_settings,
    paste=paste,
)
