"""Wrong servers that call themselves Kraken: the keys of an account mixed up, nonces and bytes taken for others, and
what a cancel must leave alone.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from functools import partial
from typing import Any

from simulator.core.accounts import Account, Key
from simulator.core.book import Withdrawal
from simulator.core.exchange import Asset
from simulator.core.ledger import Ledger
from simulator.core.message import Request
from simulator.core.nonces import Nonces
from simulator.core.world import World
from simulator.exchanges.kraken import cancel, gateway, status
from simulator.exchanges.kraken.body import Nonce
from simulator.exchanges.kraken.call import Call
from wrong_servers import keys
from wrong_servers.mutant import Mutant, Patch
from wrong_servers.patches import put, wrap

_mutant = partial(Mutant, "kraken")


_PROOF = (gateway, "_check_signature")


def _window_of(which: Callable[[Key], Key]) -> Patch:
    """The order of nonces is checked with another key's window."""

    def around(check: Callable[..., None], call: Call, nonce: Nonce) -> None:
        own, nonces = call.caller.nonces.window, call.caller.nonces
        nonces.window = which(call.caller).nonces.window
        try:
            check(call, nonce)
        finally:
            nonces.window = own

    return wrap(gateway, "_check_nonce_order", around)


# Nonces and bytes.


def _forgotten_when_idle(check: Callable[..., None], call: Call, nonce: Nonce) -> None:
    used_ms = call.caller.details.used_ms
    if not used_ms or call.caller.account.now_ms() - used_ms <= 10_000:
        check(call, nonce)


def _as_text(accepts: Callable[..., bool], nonces: Nonces, nonce: int, **named: bool) -> bool:
    return accepts(nonces, nonce, **named) if nonces.window else str(nonce) > str(max(nonces.highest, 0))


def _signed(change: Callable[[Request, Nonce], tuple[Request, Nonce]]) -> Patch:
    """Another request or nonce is what a signature is checked against."""
    return wrap(gateway, "_check_signature", lambda check, key, request, nonce: check(key, *change(request, nonce)))


def _read_as_latin_1(request: Request, nonce: Nonce) -> tuple[Request, Nonce]:
    return replace(request, body=request.body.decode("latin-1").encode()), nonce


def _as_ascii(request: Request, nonce: Nonce) -> tuple[Request, Nonce]:
    return replace(request, body=request.body.decode().encode("ascii", "replace")), nonce


def _as_a_number(request: Request, nonce: Nonce) -> tuple[Request, Nonce]:
    return request, replace(nonce, text=str(nonce.number))


# What a cancel must leave alone.


def _moves_with_each_step(row: Callable[..., Any], call: Call, withdrawal: Withdrawal) -> Any:
    return {**row(call, withdrawal), "time": withdrawal.updated_ms // 1000}


def _waits_anew(check: Callable[..., None], account: Account, withdrawal: Withdrawal) -> None:
    if withdrawal.state.name.endswith("cancel-pending"):
        withdrawal.entered_ms, withdrawal.entered_lead_ms = account.now_ms(), account.lead_ms
    check(account, withdrawal)


def _in_any_case(find: Callable[..., Withdrawal], world: World, account: Account, refid: str) -> Withdrawal:
    return next((one for one in account.book if one.id.lower() == refid.lower()), None) or find(world, account, refid)


def _by_its_beginning(check: Callable[..., None], withdrawal: Withdrawal, asset: Asset) -> None:
    if withdrawal.asset[:3] != asset.ticker[:3]:
        check(withdrawal, asset)


def _through_a_float(ledger: Ledger, asset: str, value: Decimal) -> None:
    ledger._move(asset, held=value.copy_negate(), available=Decimal(repr(float(value))))


def _put_too(route: Callable[[Request], Any], request: Request) -> Any:
    return route(replace(request, method="POST") if request.method == "PUT" else request)


MUTANTS = (
    *keys.of_permissions("kraken", lambda which: keys.by_another(which, gateway, "_check_permission")),
    _mutant(
        "keys-permissions-together",
        "lets a key do what any key of the account may",
        keys.by_all_together(gateway, "_check_permission"),
    ),
    *keys.of_secrets("kraken", partial(keys.proven_by, *_PROOF)),
    _mutant(
        "keys-anothers-secret",
        "takes the secret of another account's key",
        keys.proven_by_anothers(_PROOF, (gateway, "_check_key")),
    ),
    *keys.of_expiry_and_addresses("kraken"),
    *keys.of_look_up("kraken"),
    _mutant(
        "keys-first-ones-window",
        "has the nonce window of the account's first key",
        _window_of(keys.first_of),
    ),
    _mutant("keys-last-ones-window", "has the nonce window of the account's newest key", _window_of(keys.last_of)),
    _mutant(
        "keys-first-ones-otp",
        "asks for a one-time password when the account's first key has two factors",
        keys.by_another(keys.first_of, gateway, "_check_otp_given"),
    ),
    _mutant(
        "keys-last-ones-otp",
        "asks for a one-time password when the account's newest key has two factors",
        keys.by_another(keys.last_of, gateway, "_check_otp_given"),
    ),
    _mutant(
        "nonce-kept-as-a-float",
        "keeps nonces as floating-point numbers",
        wrap(Nonces, "record", lambda record, nonces, nonce: record(nonces, int(float(nonce)))),
    ),
    _mutant("nonce-as-text", "compares nonces as text, letter by letter", wrap(Nonces, "accepts", _as_text)),
    _mutant(
        "nonce-forgotten-when-idle",
        "takes any nonce when a key was not used for ten seconds",
        wrap(gateway, "_check_nonce_order", _forgotten_when_idle),
    ),
    _mutant("nonce-signed-as-a-number", "checks a signature against the number of a nonce", _signed(_as_a_number)),
    _mutant("body-signed-as-latin-1", "reads a body as Latin-1 to check its signature", _signed(_read_as_latin_1)),
    _mutant("body-signed-as-ascii", "writes a body in ASCII to check its signature", _signed(_as_ascii)),
    _mutant(
        "status-time-moves",
        "shows the time of the last step of a withdrawal",
        wrap(status, "_row", _moves_with_each_step),
    ),
    _mutant(
        "again-waits-anew",
        "begins to wait anew when a cancel is asked for again",
        wrap(cancel, "_check_cancellable", _waits_anew),
    ),
    _mutant("id-in-any-case", "finds a reference id in any case", wrap(cancel, "_find", _in_any_case)),
    _mutant(
        "asset-by-its-beginning",
        "compares the first letters of an asset",
        wrap(cancel, "_check_asset", _by_its_beginning),
    ),
    _mutant(
        "refund-through-a-float",
        "gives back what a floating-point number holds",
        put(Ledger, "release", _through_a_float),
    ),
    _mutant("put-taken", "takes PUT for POST", wrap(gateway, "_route", _put_too)),
)
