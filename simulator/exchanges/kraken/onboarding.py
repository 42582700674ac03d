"""How accounts, keys and withdrawals of Kraken begin: shapes of refids and keys, and what a client is told."""

from __future__ import annotations

import base64
import shlex
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any

import msgspec

from simulator.core import opening
from simulator.core.accounts import Account, Key
from simulator.core.book import Withdrawal
from simulator.core.exchange import Onboarding
from simulator.core.lifecycle import State
from simulator.core.misuse import Misuse, did_you_mean, shown
from simulator.core.nonces import Nonces
from simulator.core.options import AccountOptions, Credential, KeyOptions, Options, WithdrawalOptions
from simulator.core.world import World
from simulator.exchanges.kraken import address_book, entries, otp
from simulator.exchanges.kraken.address_book import Address
from simulator.exchanges.kraken.assets import ASSETS
from simulator.exchanges.kraken.entries import WithdrawalDetails
from simulator.exchanges.kraken.lifecycle import LIFECYCLE, PROPS, STATES
from simulator.exchanges.kraken.lockout import Lockouts
from simulator.exchanges.kraken.permissions import PERMISSIONS
from simulator.exchanges.kraken.statement import Deposit

_DEFAULT_PERMISSIONS = ("query-funds", "withdraw-funds", "query-ledger")


class AddressOptions(Options):
    """An entry of the address book. The network is the asset's first, its address a plausible one, unless given."""

    key: str
    asset: str
    network: str | None = None
    address: str | None = None
    verified: bool = True
    tag: str = ""
    memo: str = ""


class KrakenAccountOptions(AccountOptions):
    """`addresses` is the address book (default: one entry for each way to withdraw, such as `btc-wallet`)."""

    addresses: list[AddressOptions] | None = None


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

    addresses: tuple[Address, ...]
    deposits: tuple[Deposit, ...] = ()
    lockouts: Lockouts = field(default_factory=Lockouts)


@dataclass(slots=True)
class KeyDetails:
    """What Kraken knows of a key besides what every exchange does. Times are account time in ms."""

    totp_secret: str | None
    created_ms: int
    used_ms: int = 0


def open_account(world: World, account: Account, options: KrakenAccountOptions) -> None:
    given = options.addresses
    addresses = address_book.default() if given is None else tuple(_address(one) for one in given)
    account.details = AccountDetails(addresses)
    opening.deposit(account, ASSETS, options.balances)
    account.details.deposits = tuple(
        Deposit(ticker, pots.available, account.now_ms())
        for ticker, pots in account.ledger.balances().items()
        if pots.available
    )


def _address(given: AddressOptions) -> Address:
    network = ASSETS.network(given.asset, given.network)
    return Address(
        given.key, given.asset, network.name, given.address or network.address, given.verified, given.tag, given.memo
    )


def issue_key(world: World, account: Account, options: KrakenKeyOptions) -> Key:
    check_secrets(options.api_secret, options.totp_secret)
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
        details=KeyDetails(options.totp_secret, account.now_ms()),
    )


def secrets(key: Key) -> tuple[str, ...]:
    totp_secret = key.details.totp_secret
    return (key.secret,) if totp_secret is None else (key.secret, totp_secret)


def check_secrets(api_secret: str | None, totp_secret: str | None) -> None:
    """Raises Misuse for secrets that no key of Kraken has."""
    try:
        base64.b64decode(api_secret or "", validate=True)
    except ValueError:
        raise Misuse("api_secret must be base64, as Kraken's private keys are, such as 'c2VjcmV0'") from None
    if totp_secret is not None and not otp.is_secret(totp_secret):
        raise Misuse("totp_secret must be base32 of at least 112 bits, such as 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ'")


def open_withdrawal(world: World, account: Account, options: KrakenWithdrawalOptions) -> Withdrawal:
    key = (
        address_book.default_key(ASSETS.named(options.asset)) if options.withdraw_key is None else options.withdraw_key
    )
    details = WithdrawalDetails(key, options.internal)
    return entries.enter(account, options, details, _state(options.state, options.status_prop))


def _state(status: str | None, prop: str | None) -> State:
    """The state of a status and a status-prop; either may be left open. Raises Misuse."""
    if prop is None:
        return LIFECYCLE.state(status or LIFECYCLE.initial)
    with_prop = [state for state in STATES if prop and PROPS[state.name] == prop]
    if not with_prop:
        raise Misuse(f"there is no status_prop {shown(prop)}; {did_you_mean(prop, {p for p in PROPS.values() if p})}")
    for state in with_prop:
        if status in (None, state.word, state.name):
            return state
    words = ", ".join(state.word for state in with_prop)
    raise Misuse(f"state {shown(status)} never has status_prop {shown(prop)}; {words} can have it")


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
        "withdraw_key": address_book.default_key(asset),
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
    account_options=KrakenAccountOptions,
    key_options=KrakenKeyOptions,
    withdrawal_options=KrakenWithdrawalOptions,
    open_account=open_account,
    issue_key=issue_key,
    open_withdrawal=open_withdrawal,
    credentials=credentials,
    client_settings=client_settings,
    paste=paste,
)
