"""How accounts, keys and withdrawals of Bybit begin: shapes of ids and keys, and what a client is told."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from functools import reduce
from shlex import quote
from typing import Any

from simulator.core import opening
from simulator.core.accounts import Account, Key
from simulator.core.book import Withdrawal
from simulator.core.exchange import Onboarding
from simulator.core.ledger import add, amount, zero
from simulator.core.misuse import AlreadyThere, Misuse, did_you_mean, shown
from simulator.core.options import AccountOptions, KeyOptions, Options, WithdrawalOptions
from simulator.core.world import World
from simulator.exchanges.bybit import wallets
from simulator.exchanges.bybit.assets import ASSETS
from simulator.exchanges.bybit.behavior import Fields
from simulator.exchanges.bybit.details import (
    NEW_ADDRESS_MS,
    UNIVERSAL_COIN,
    AccountDetails,
    Address,
    KeyDetails,
    WithdrawalDetails,
    next_id,
)
from simulator.exchanges.bybit.lifecycle import INTERNAL, INTERNAL_CHAIN
from simulator.exchanges.bybit.signing import rsa_public_key

DEFAULT_RECEIVER = "24617703"
"""The UID that is in every address book by itself."""

PERMISSIONS = ("Withdraw", "AccountTransfer", "SubMemberTransfer")
"""The Wallet permissions of a key (docs v5/user/apikey-info)."""


class AddressOptions(Options):
    """An entry of the address book. `coin` may be `baseCoin`; `internal` entries hold a UID and need no chain.

    A `new` one was added just now. `bybit_uid` says that the address is a deposit address of that Bybit account.
    """

    address: str
    coin: str = UNIVERSAL_COIN
    chain: str = ""
    tag: str = ""
    remark: str = ""
    internal: bool = False
    verified: bool = True
    new: bool = False
    bybit_uid: str = ""


class BybitAccountOptions(AccountOptions):
    """`sub_account` and `demo` accounts may not withdraw. `balances` go to the Funding wallet, the other `wallets` have
    balances of their own.

    `address_book` replaces the entries that there are by themselves: one for each chain, and one UID.
    """

    sub_account: bool = False
    demo: bool = False
    wallets: dict[str, dict[str, Decimal]] | None = None
    address_book: tuple[AddressOptions, ...] | None = None
    limit_amount_usd: Decimal = Decimal(1_000_000_000)


class BybitKeyOptions(KeyOptions):
    """A `read_only` key may call no POST endpoint. A `public_key` (PEM) makes it an RSA key, which has no secret."""

    read_only: bool = False
    public_key: str | None = None


class BybitWithdrawalOptions(WithdrawalOptions):
    """`internal` ones go to the Bybit account `address` and to no chain. `account_type` is such as `FUND,UTA`."""

    internal: bool = False
    tag: str = ""
    account_type: str = ",".join(wallets.WALLETS)


def open_account(world: World, account: Account, options: BybitAccountOptions) -> None:
    """Half of the plenty that nobody asked for lies in the unified wallet: ccxt draws on it unless told otherwise."""
    user_id, others = account.ids.digits(8), options.wallets or {}
    for wallet in others:
        if wallet not in (wallets.UTA, wallets.EARN):
            raise Misuse(f"option 'wallets' has {shown(wallet)}; it is UTA or EARN, and balances are those of FUND")
    given = {wallet: others.get(wallet, {}) for wallet in wallets.WALLETS} | {wallets.FUND: options.balances or {}}
    if options.balances is None and options.wallets is None:
        half = {asset.ticker: opening.plenty / 2 for asset in ASSETS.table}
        given |= {wallets.FUND: half, wallets.UTA: half}
    for balances in given.values():
        opening.deposit(account, ASSETS, balances)
    account.details = AccountDetails(
        user_id=user_id,
        sub_account=options.sub_account,
        demo=options.demo,
        limit_amount_usd=amount(options.limit_amount_usd, "limit_amount_usd"),
        deposits={wallet: dict(balances) for wallet, balances in given.items()},
        address_book=_address_book(account.now_ms(), options.address_book),
    )


def _address_book(now_ms: int, given: tuple[AddressOptions, ...] | None) -> tuple[Address, ...]:
    if given is None:
        known = [(asset, network) for asset in ASSETS.table for network in asset.networks]
        given = tuple(
            AddressOptions(
                network.address, asset.code, network.name, asset.details.chains[network.name].tag, remark="default"
            )
            for asset, network in known
        )
        given = (*given, AddressOptions(DEFAULT_RECEIVER, remark="default", internal=True))
    for entry in given:
        _check_entry(entry)
    return tuple(
        Address(
            number=number,
            coin=entry.coin,
            chain=entry.chain,
            address=entry.address,
            tag=entry.tag,
            remark=entry.remark,
            internal=entry.internal,
            verified=entry.verified,
            created_ms=now_ms if entry.new else now_ms - 90 * NEW_ADDRESS_MS,
            bybit_uid=entry.bybit_uid,
        )
        for number, entry in enumerate(given, 1)
    )


def _check_entry(entry: AddressOptions) -> None:
    """An entry with a coin or chain that is not here would never be found: its withdrawals would be refused."""
    if entry.coin != UNIVERSAL_COIN:
        ASSETS.named(entry.coin)
    if entry.internal:
        return
    if not entry.chain:
        raise Misuse(f"address_book has {shown(entry.address)} without a chain; only internal entries have none")
    if entry.coin != UNIVERSAL_COIN:
        ASSETS.network(entry.coin, entry.chain)
        return
    known = sorted({network.name for asset in ASSETS.table for network in asset.networks})
    if entry.chain not in known:
        raise Misuse(f"address_book has the chain {shown(entry.chain)}; {did_you_mean(entry.chain, known)}")


def issue_key(world: World, account: Account, options: BybitKeyOptions) -> Key:
    if options.public_key is not None and options.api_secret is not None:
        raise Misuse("a key has a public_key or an api_secret, not both")
    public_key = None if options.public_key is None else rsa_public_key(options.public_key)
    return Key(
        account=account,
        api_key=options.api_key or account.ids.text(18),
        secret="" if public_key else options.api_secret or account.ids.text(36),
        permissions=opening.permissions(options.permissions, PERMISSIONS, PERMISSIONS),
        ip_allowlist=opening.ip_allowlist(options.ip_allowlist),
        expires_ms=opening.expires_ms(options.expires),
        supplied=frozenset({options.api_secret} if options.api_secret else ()),
        details=KeyDetails(
            number=account.ids.digits(8),
            read_only=options.read_only,
            created_ms=account.now_ms(),
            pem=options.public_key or "",
        ),
    )


def open_withdrawal(world: World, account: Account, options: BybitWithdrawalOptions) -> Withdrawal:
    """As if the user had asked for it in the app: the address needs to be in no book."""
    if options.internal and options.network is not None:
        raise Misuse(f"an internal withdrawal touches no chain, but there is network {shown(options.network)}")
    named = options.account_type.split(",")
    if not set(named) <= set(wallets.WALLETS):
        raise Misuse(f"account_type {shown(options.account_type)} is not one or several of {','.join(wallets.WALLETS)}")
    lifecycle = account.book.lifecycle
    state = lifecycle.state(INTERNAL) if options.internal and options.state is None else None
    wanted = tuple(wallet for wallet in wallets.WALLETS if wallet in named)
    refund = str(account.behavior.get(Fields.REFUND_WALLET))
    fee = zero if options.internal else ASSETS.network(options.asset, options.network).fee
    details = WithdrawalDetails(
        shares=_shares(account, options.asset, add(amount(options.amount), fee), wanted),
        refund_wallet="" if refund == "source" else refund,
        internal=options.internal,
    )
    withdrawal = opening.withdrawal(
        account, ASSETS, options, id=next_id(account), state=state, fee=fee, tag=options.tag, details=details
    )
    if options.internal:
        withdrawal.network = INTERNAL_CHAIN
        withdrawal.address = options.address or DEFAULT_RECEIVER
    withdrawal.tx_id = "0x" + account.ids.hex(64)
    return withdrawal


def _shares(account: Account, ticker: str, gross: Decimal, wanted: tuple[str, ...]) -> tuple[tuple[str, Decimal], ...]:
    """What each wallet gives. When the account as a whole has too little, the book will say so."""
    shares = wallets.draw(account, ASSETS.named(ticker).ticker, gross, wanted)
    has = reduce(add, (share for _, share in shares), zero)
    if has < gross <= account.ledger.balance(ticker).available:
        raise AlreadyThere(f"{', '.join(wanted)} have {has:f} {ticker}, but the withdrawal takes {gross:f}")
    return shares


def credentials(key: Key) -> Mapping[str, Any]:
    return {"api_key": key.api_key, "api_secret": key.secret, "user_id": key.account.details.user_id}


def client_settings(account: Account) -> Mapping[str, Any]:
    network = ASSETS.network("USDT", None)
    return {"asset": "USDT", "chain": network.name, "address": network.address, "amount": "10", "account_type": "FUND"}


def paste(url: str, key: Key, withdrawal: Withdrawal) -> str:
    """A curl line that signs with openssl. Keys and secrets that a user chose may hold any character.

    Of an RSA key only the public half is here: the line reads the private one from `private.pem`.
    """
    signed = f"openssl dgst -sha256 -hmac {quote(key.secret)} | sed 's/.* //'"
    if key.details.public_key is not None:
        signed = "openssl dgst -sha256 -sign private.pem | openssl base64 -A"
    return (
        f'K={quote(key.api_key)}; T=$(date +%s)000; B=\'{{"id":"{withdrawal.id}"}}\'; '
        f"S=$(printf '%s' \"${{T}}${{K}}5000$B\" | {signed}); "
        f"curl -s {url}/v5/asset/withdraw/cancel -H 'Content-Type: application/json' "
        '-H "X-BAPI-API-KEY: $K" -H "X-BAPI-TIMESTAMP: $T" -H \'X-BAPI-RECV-WINDOW: 5000\' '
        '-H "X-BAPI-SIGN: $S" -d "$B"'
    )


ONBOARDING = Onboarding(
    account_options=BybitAccountOptions,
    key_options=BybitKeyOptions,
    withdrawal_options=BybitWithdrawalOptions,
    open_account=open_account,
    issue_key=issue_key,
    open_withdrawal=open_withdrawal,
    credentials=credentials,
    client_settings=client_settings,
    paste=paste,
)
