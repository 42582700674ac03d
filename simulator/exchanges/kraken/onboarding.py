"""How accounts, keys and withdrawals of Kraken begin: shapes of refids and keys, and what a client is told."""

from __future__ import annotations

import base64
import shlex
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Annotated, Any

import msgspec

from simulator.core import opening
from simulator.core.accounts import Account, Key
from simulator.core.book import Withdrawal
from simulator.core.exchange import Onboarding
from simulator.core.lifecycle import State
from simulator.core.misuse import Misuse, did_you_mean
from simulator.core.nonces import Nonces
from simulator.core.options import AccountOptions, Credential, KeyOptions, WithdrawalOptions
from simulator.core.world import World
from simulator.exchanges.kraken import otp
from simulator.exchanges.kraken.assets import ASSETS
from simulator.exchanges.kraken.lifecycle import LIFECYCLE, PROPS, STATES
from simulator.exchanges.kraken.lockout import Lockouts

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
"""The permissions of a key by their ids (docs GetApiKeyInfo; Kraken.Net)."""

_DEFAULT_PERMISSIONS = ("query-funds", "withdraw-funds", "query-ledger")


class KrakenKeyOptions(KeyOptions):
    """`nonce_window` in units of the nonce; `totp_secret` in base32 gives the key two-factor authentication."""

    nonce_window: Annotated[int, msgspec.Meta(ge=0, le=2**63 - 1)] = 0
    totp_secret: Credential | None = None


class KrakenWithdrawalOptions(WithdrawalOptions):
    """`status_prop` goes with `state`; an `internal` one is a WalletTransfer to the futures wallet, without a fee.

    `withdraw_key` is the label of the address in the address book.
    """

    status_prop: str | None = None
    internal: bool = False
    withdraw_key: str | None = None


@dataclass(slots=True)
class AccountDetails:
    """What Kraken knows of an account besides what every exchange does."""

    lockouts: Lockouts = field(default_factory=Lockouts)


@dataclass(frozen=True, slots=True)
class KeyDetails:
    """What Kraken knows of a key besides what every exchange does."""

    totp_secret: str | None


@dataclass(frozen=True, slots=True)
class WithdrawalDetails:
    """What Kraken knows of a withdrawal besides what every exchange does."""

    withdraw_key: str
    internal: bool


def open_account(world: World, account: Account, options: AccountOptions) -> None:
    account.details = AccountDetails()
    opening.deposit(account, ASSETS, options.balances)


def issue_key(world: World, account: Account, options: KrakenKeyOptions) -> Key:
    _check_secrets(options)
    ids = account.ids
    return Key(
        account=account,
        api_key=options.api_key or base64.b64encode(ids.data(42)).decode(),
        secret=options.api_secret or base64.b64encode(ids.data(64)).decode(),
        permissions=opening.permissions(options.permissions, PERMISSIONS, _DEFAULT_PERMISSIONS),
        ip_allowlist=opening.ip_allowlist(options.ip_allowlist),
        expires_ms=opening.expires_ms(options.expires),
        supplied=frozenset(secret for secret in (options.api_secret, options.totp_secret) if secret),
        nonces=Nonces(options.nonce_window),
        details=KeyDetails(options.totp_secret),
    )


def _check_secrets(options: KrakenKeyOptions) -> None:
    try:
        base64.b64decode(options.api_secret or "", validate=True)
    except ValueError:
        raise Misuse("api_secret must be base64, as Kraken's private keys are, such as 'c2VjcmV0'") from None
    if options.totp_secret is not None and not otp.is_secret(options.totp_secret):
        raise Misuse("totp_secret must be base32 of at least 112 bits, such as 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ'")


def open_withdrawal(world: World, account: Account, options: KrakenWithdrawalOptions) -> Withdrawal:
    ticker = ASSETS.named(options.asset).ticker
    if options.internal and options.address is None:
        options.address = "Futures Wallet"
    ids = account.ids
    withdrawal = opening.withdrawal(
        account,
        ASSETS,
        options,
        # The shape of refids since 2022; 30 characters.
        id=f"FT{ids.text(5)}-{ids.text(22)}",
        state=_state(options.state, options.status_prop),
        fee=Decimal(0) if options.internal else None,
        details=WithdrawalDetails(options.withdraw_key or _withdraw_key(ticker), options.internal),
    )
    withdrawal.tx_id = ("0x" if withdrawal.network == "Ethereum" else "") + ids.hex(64)
    return withdrawal


def _state(status: str | None, prop: str | None) -> State:
    """The state of a status and a status-prop; either may be left open. Raises Misuse."""
    if prop is None:
        return LIFECYCLE.state(status or LIFECYCLE.initial)
    with_prop = [state for state in STATES if prop and PROPS[state.name] == prop]
    if not with_prop:
        raise Misuse(f"there is no status_prop {prop!r}; {did_you_mean(prop, {p for p in PROPS.values() if p})}")
    for state in with_prop:
        if status in (None, state.word, state.name):
            return state
    words = ", ".join(state.word for state in with_prop)
    raise Misuse(f"state {status!r} never has status_prop {prop!r}; {words} can have it")


def _withdraw_key(ticker: str) -> str:
    return f"{ticker.lower()}-wallet"


def credentials(key: Key) -> Mapping[str, Any]:
    shown = {"api_key": key.api_key, "api_secret": key.secret}
    if key.details.totp_secret is not None:
        shown["totp_secret"] = key.details.totp_secret
    return shown


def client_settings(account: Account) -> Mapping[str, Any]:
    asset = ASSETS.named("USDT")
    network = asset.networks[0]
    return {
        "asset": asset.code,
        "chain": network.name,
        "address": network.address,
        "amount": "10",
        "withdraw_key": _withdraw_key(asset.ticker),
    }


def paste(url: str, key: Key, withdrawal: Withdrawal) -> str:
    """A line for a POSIX shell that signs with openssl: SHA-256 of nonce and body, HMAC-SHA512 of path and that."""
    path, asset = "/0/private/WithdrawCancel", ASSETS.named(withdrawal.asset).code
    return (
        f'N=$(date +%s)000; B="nonce=$N&asset={asset}&refid={withdrawal.id}"; '
        f"K=$(printf '%s' {shlex.quote(key.secret)} | openssl base64 -d -A | od -An -v -tx1 | tr -d ' \\n'); "
        f"S=$({{ printf '%s' {path}; printf '%s' \"$N$B\" | openssl dgst -sha256 -binary; }} | "
        'openssl dgst -sha512 -mac HMAC -macopt "hexkey:$K" -binary | openssl base64 -A); '
        f'curl -s {url}{path} -H {shlex.quote("API-Key: " + key.api_key)} -H "API-Sign: $S" -d "$B"'
    )


ONBOARDING = Onboarding(
    account_options=AccountOptions,
    key_options=KrakenKeyOptions,
    withdrawal_options=KrakenWithdrawalOptions,
    open_account=open_account,
    issue_key=issue_key,
    open_withdrawal=open_withdrawal,
    credentials=credentials,
    client_settings=client_settings,
    paste=paste,
)
