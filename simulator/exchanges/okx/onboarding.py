"""How accounts, keys and withdrawals of OKX begin: shapes of ids and keys, and what a client is told."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from shlex import quote
from typing import Any

import msgspec

from simulator.core import opening
from simulator.core.accounts import Account, Key
from simulator.core.book import Withdrawal
from simulator.core.exchange import Onboarding
from simulator.core.ledger import amount
from simulator.core.lifecycle import State, held_stages
from simulator.core.misuse import AlreadyThere, Misuse, did_you_mean, shown
from simulator.core.world import World
from simulator.exchanges.okx.assets import ASSETS, CHAINS, LIGHTNING, RECIPIENTS
from simulator.exchanges.okx.lifecycle import INTERNAL
from simulator.exchanges.okx.options import OkxAccountOptions, OkxKeyOptions, OkxWithdrawalOptions, RecipientRules

PERMISSIONS = ("read_only", "trade", "withdraw")
"""The words of `perm` in `account/config`. A key has all three unless it is told otherwise."""

_UPPER_HEX = "0123456789ABCDEF"

_TAG = "1234567"
"""What goes with the address of a withdrawal for which nobody named a tag."""


@dataclass(frozen=True, slots=True)
class AccountDetails:
    """What OKX knows of an account besides what every exchange does."""

    user_id: str
    main_user_id: str
    name: str
    opened_ms: int
    deposits: Mapping[str, Decimal]
    demo: bool
    sub_account: bool
    api_frozen: bool
    user_blocked: bool
    account_blocked: bool
    verified_addresses: tuple[str, ...]
    suspended_chains: tuple[str, ...]
    delisted_chains: tuple[str, ...]
    daily_limits: Mapping[str, Decimal]
    recipient_rules: RecipientRules
    lightning: bool


@dataclass(frozen=True, slots=True)
class WithdrawalDetails:
    """What OKX knows of a withdrawal besides what every exchange does.

    `listed_ms` is its `ts`: when it was made, or the next moment that no other of the account has. Records page by it.
    """

    listed_ms: int
    client_id: str
    internal: bool
    to_addr_type: str
    area_code: str
    note: str


def open_account(world: World, account: Account, options: OkxAccountOptions) -> None:
    opening.deposit(account, ASSETS, options.balances)
    user_id = account.ids.digits(17)
    main = _main(world, account, options.main_account)
    is_sub = options.sub_account or main is not None
    drawn = account.ids.digits(17) if is_sub else user_id
    samples = tuple(network.address for asset in ASSETS.table for network in asset.networks)
    account.details = AccountDetails(
        user_id=user_id,
        main_user_id=main.details.user_id if main else drawn,
        name=account.name,
        opened_ms=account.now_ms(),
        deposits={ticker: balance.total for ticker, balance in account.ledger.balances().items()},
        demo=options.demo,
        sub_account=is_sub,
        api_frozen=options.api_frozen,
        user_blocked=options.user_blocked,
        account_blocked=options.account_blocked,
        verified_addresses=samples if options.verified_addresses is None else options.verified_addresses,
        suspended_chains=_chains(options.suspended_chains),
        delisted_chains=_chains(options.delisted_chains),
        daily_limits={
            ASSETS.named(ticker).ticker: amount(value, f"daily limit of {ticker}")
            for ticker, value in (options.daily_limits or {}).items()
        },
        recipient_rules=options.recipient_rules,
        lightning=options.lightning,
    )


def _main(world: World, account: Account, name: str | None) -> Account | None:
    """The account that a sub-account belongs to. Raises Misuse, NotThere."""
    if name is None:
        return None
    main = world.account(name)
    if main is account or main.details.sub_account:
        raise Misuse(f"main_account {shown(name)} must be another account that is no sub-account itself")
    return main


def _chains(given: tuple[str, ...]) -> tuple[str, ...]:
    for name in given:
        if name not in CHAINS:
            raise Misuse(f"there is no chain {shown(name)}; {did_you_mean(name, CHAINS)}")
    return given


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
    """A withdrawal as asked for. Raises Misuse, AlreadyThere."""
    network = ASSETS.network(options.asset, options.network)
    internal = options.internal or (options.state or "").startswith(INTERNAL)
    if internal and network.name == LIGHTNING:
        raise Misuse(f"an internal transfer does not go through {LIGHTNING}")
    if options.client_id and any(one.details.client_id == options.client_id for one in account.book):
        raise AlreadyThere(
            f"account {shown(account.id)} has a withdrawal with the client_id {shown(options.client_id)} already"
        )
    if internal and options.address is None:
        options = msgspec.structs.replace(options, address=RECIPIENTS[0])
    details = WithdrawalDetails(
        listed_ms=_free_ms(account),
        client_id=options.client_id or "",
        internal=internal,
        to_addr_type=options.to_addr_type or "1",
        area_code=options.area_code or "",
        note=options.note,
    )
    opened = opening.withdrawal(
        account,
        ASSETS,
        options,
        id=_next_id(account),
        state=_internal_state(account, options.state) if internal else None,
        fee=Decimal(0) if internal else None,
        tag=(options.tag or _TAG) if CHAINS[network.name].label and not internal else "",
        details=details,
    )
    if not internal:
        opened.tx_id = ("0x" if opened.address.startswith("0x") else "") + account.ids.hex(64)
    return opened


def _internal_state(account: Account, word: str | None) -> State:
    """The state of an internal transfer that is called `word`. Raises Misuse."""
    states = [state for state in account.book.lifecycle.states if state.stage not in held_stages]
    own = [state for state in account.book.lifecycle.states if state.name.startswith(INTERNAL)]
    known = {state.word: state for state in (*states, *own)}
    name = (word or "0").removeprefix(INTERNAL)
    if name not in known:
        raise Misuse(f"an internal transfer has no state {shown(word)}; {did_you_mean(name, known)}")
    return known[name]


def _free_ms(account: Account) -> int:
    """Now, or the next moment that is no other withdrawal's: two with one `ts` could not be paged through."""
    taken = {one.details.listed_ms for one in account.book}
    at_ms = account.now_ms()
    while at_ms in taken:
        at_ms += 1
    return at_ms


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
    verified = account.details.verified_addresses
    usable = [one for one in verified if re.fullmatch(CHAINS[network.name].shape, one)]
    address = network.address if network.address in verified or not usable else usable[0]
    return {"asset": "USDT", "chain": network.name, "address": address, "amount": "10"}


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
