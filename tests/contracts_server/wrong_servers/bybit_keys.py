"""Wrong servers that call themselves Bybit: the keys of an account mixed up, and addresses compared in part."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from simulator.core.accounts import Key
from simulator.exchanges.bybit import gateway
from simulator.exchanges.bybit.call import Call
from wrong_servers import keys
from wrong_servers.mutant import Mutant, Patch
from wrong_servers.patches import both, wrap

_mutant = partial(Mutant, "bybit")


# Keys.


def _secrets_of(candidates: Callable[[Key], list[Key]]) -> Patch:
    """The secrets of other keys prove a key as well."""

    def around(check: Callable[..., None], key: Key, *signed: Any) -> None:
        keys.with_any_secret(lambda: check(key, *signed), key, candidates(key))

    return wrap(gateway, "_check_signature", around)


def _anothers_secret(monkey: pytest.MonkeyPatch) -> None:
    all_keys: list[Key] = []

    def noted(known: Callable[[Call, str], Key], call: Call, api_key: str) -> Key:
        all_keys[:] = [key for account in call.world.accounts.values() for key in account.keys]
        return known(call, api_key)

    def others(key: Key) -> list[Key]:
        return [one for one in all_keys if one.account is not key.account]

    both(wrap(gateway, "_known_key", noted), _secrets_of(others))(monkey)


def _as_the_first(check: Callable[..., None], key: Key, *others: Any) -> None:
    check(keys.first_of(key), *others)


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
)
