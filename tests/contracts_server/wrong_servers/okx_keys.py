"""Wrong servers that call themselves OKX: the keys of an account mixed up, and addresses and passphrases compared in
part.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from simulator.core.accounts import Key
from simulator.core.rows import Condition, Refusal
from simulator.exchanges.okx import authentication, gateway
from simulator.exchanges.okx.calls import Call
from wrong_servers import keys
from wrong_servers.mutant import Mutant, Patch
from wrong_servers.patches import both, put, wrap

_mutant = partial(Mutant, "okx")


# Keys.


def _secrets_of(candidates: Callable[[Key], list[Key]]) -> Patch:
    """The secrets of other keys prove a key as well."""

    def around(check: Callable[..., None], key: Key, *signed: Any) -> None:
        keys.with_any_secret(lambda: check(key, *signed), key, candidates(key))

    return wrap(authentication, "check_signature", around)


def _anothers_secret(monkey: pytest.MonkeyPatch) -> None:
    all_keys: list[Key] = []

    def noted(authenticate: Callable[[Call], Key], call: Call) -> Key:
        all_keys[:] = [key for account in call.world.accounts.values() for key in account.keys]
        return authenticate(call)

    def others(key: Key) -> list[Key]:
        return [one for one in all_keys if one.account is not key.account]

    both(wrap(gateway, "_authenticate", noted), _secrets_of(others))(monkey)


def _as_the_first(check: Callable[..., None], key: Key, *others: Any) -> None:
    check(keys.first_of(key), *others)


# Passphrases.


def _passphrase(fits: Callable[[Key, str], bool]) -> Patch:
    """A passphrase is compared in another way."""

    def check(key: Key, passphrase: str, wrong: Condition) -> None:
        if not fits(key, passphrase):
            raise Refusal(wrong, "another passphrase")

    return put(authentication, "check_passphrase", check)


MUTANTS = (
    _mutant(
        "keys-first-ones-permissions",
        "lets a key do what the account's first key may",
        wrap(gateway, "_check_permission", _as_the_first),
    ),
    _mutant(
        "keys-any-secret-of-the-account",
        "takes the secret of any key of the account",
        _secrets_of(lambda key: key.account.keys),
    ),
    _mutant(
        "keys-first-ones-secret",
        "takes the secret of the account's first key as well",
        _secrets_of(lambda key: key.account.keys[:1]),
    ),
    _mutant(
        "keys-last-ones-secret",
        "takes the secret of the account's newest key as well",
        _secrets_of(lambda key: key.account.keys[-1:]),
    ),
    _mutant("keys-anothers-secret", "takes the secret of another account's key", _anothers_secret),
    _mutant("keys-expire-with-the-first", "looks when the account's first key expires", keys.EXPIRY_OF_THE_FIRST_KEY),
    _mutant("keys-expire-together", "takes no key of an account when one has expired", keys.EXPIRES_WITH_ANY_KEY),
    _mutant("keys-later-ones-never-expire", "lets only first keys expire", keys.EXPIRES_AS_THE_FIRST_ALONE),
    _mutant("keys-first-ones-ip-list", "looks at the list of the account's first key", keys.IP_OF_THE_FIRST_KEY),
    _mutant("ip-by-network", "takes every address of a network on the list", keys.IP_BY_NETWORK),
    _mutant("ip-by-first-number", "looks at the first number of an address", keys.IP_BY_FIRST_NUMBER),
    _mutant("ip-by-beginning", "takes an address with which one on the list begins", keys.IP_BY_BEGINNING),
    _mutant("ip-by-end", "takes an address that ends like one on the list", keys.IP_BY_END),
    _mutant("ip-first-of-the-list", "looks at the first address of a list alone", keys.IP_FIRST_OF_THE_LIST),
    _mutant(
        "keys-first-ones-passphrase",
        "takes the passphrase of the account's first key as well",
        _passphrase(lambda key, given: given in (key.passphrase, keys.first_of(key).passphrase)),
    ),
    _mutant(
        "keys-any-passphrase-of-the-account",
        "takes the passphrase of any key of the account",
        _passphrase(lambda key, given: any(given == one.passphrase for one in key.account.keys)),
    ),
    _mutant(
        "keys-last-ones-passphrase",
        "takes the passphrase of the account's newest key as well",
        _passphrase(lambda key, given: given in (key.passphrase, key.account.keys[-1].passphrase)),
    ),
    _mutant(
        "passphrase-in-any-case",
        "compares a passphrase without case",
        _passphrase(lambda key, given: given.lower() == key.passphrase.lower()),
    ),
    _mutant(
        "passphrase-by-its-beginning",
        "compares a passphrase as far as given",
        _passphrase(lambda key, given: key.passphrase.startswith(given)),
    ),
    _mutant(
        "passphrase-with-more",
        "compares a passphrase as far as expected",
        _passphrase(lambda key, given: given.startswith(key.passphrase)),
    ),
)
