"""Ways to mix up the keys of an account, and the addresses that a key may be used from, whatever the exchange; and the
wrong servers that every exchange has of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from contracts.wire import Exchange
from simulator.core.accounts import Key
from simulator.core.rows import Refusal
from simulator.core.world import World
from wrong_servers.mutant import Mutant, Patch
from wrong_servers.patches import both, put, wrap

Check = Callable[..., Any]


def first_of(key: Key) -> Key:
    return key.account.keys[0]


def last_of(key: Key) -> Key:
    return key.account.keys[-1]


def by_another(which: Callable[[Key], Key], owner: Any, name: str) -> Patch:
    """A check of a call looks at another key of the account instead of the one that asks."""

    def around(check: Check, call: Any, *others: Any) -> Any:
        asking = call.key
        call.key = which(asking) if asking is not None else None
        try:
            return check(call, *others)
        finally:
            call.key = asking

    return wrap(owner, name, around)


def given_another(which: Callable[[Key], Key], owner: Any, name: str) -> Patch:
    """The same of a check that is given the key first."""
    return wrap(owner, name, lambda check, key, *others: check(which(key), *others))


@contextmanager
def _with_all_permissions(key: Key) -> Iterator[None]:
    own = key.permissions
    key.permissions = frozenset().union(*(one.permissions for one in key.account.keys))
    try:
        yield
    finally:
        key.permissions = own


def by_all_together(owner: Any, name: str) -> Patch:
    """A check of a call grants what any key of the account may."""

    def around(check: Check, call: Any, *others: Any) -> Any:
        with _with_all_permissions(call.key):
            return check(call, *others)

    return wrap(owner, name, around)


def with_any_secret(check: Callable[[], Any], key: Key, candidates: list[Key]) -> Any:
    """Do `check` with the secret of one key after another, the key's own first, until one is right."""
    own = key.secret
    refused: Refusal | None = None
    for candidate in (key, *candidates):
        key.secret = own if candidate is key else candidate.secret
        try:
            return check()
        except Refusal as refusal:
            refused = refused or refusal
        finally:
            key.secret = own
    assert refused is not None
    raise refused


def of_permissions(exchange: Exchange, looked_at: Callable[[Callable[[Key], Key]], Patch]) -> tuple[Mutant, ...]:
    """The servers that look at another key's permissions."""
    return tuple(
        Mutant(exchange, name, f"lets a key do what the account's {whose} key may", looked_at(which))
        for name, whose, which in (
            ("keys-first-ones-permissions", "first", first_of),
            ("keys-last-ones-permissions", "newest", last_of),
        )
    )


Candidates = Callable[[Key], list[Key]]


def proven_by(owner: Any, name: str, candidates: Candidates) -> Patch:
    """The secrets of other keys prove a key as well; what proves it is given the key first."""

    def around(check: Check, key: Key, *signed: Any) -> None:
        with_any_secret(lambda: check(key, *signed), key, candidates(key))

    return wrap(owner, name, around)


def proven_by_anothers(proof: tuple[Any, str], entry: tuple[Any, str]) -> Patch:
    """The secrets of other accounts' keys prove a key as well; `entry` is given the call ahead of the `proof`."""

    def patch(monkey: pytest.MonkeyPatch) -> None:
        all_keys: list[Key] = []

        def noted(enter: Check, call: Any, *others: Any) -> Any:
            all_keys[:] = [key for account in call.world.accounts.values() for key in account.keys]
            return enter(call, *others)

        def anothers(key: Key) -> list[Key]:
            return [one for one in all_keys if one.account is not key.account]

        both(wrap(*entry, noted), proven_by(*proof, anothers))(monkey)

    return patch


def of_secrets(exchange: Exchange, proven: Callable[[Candidates], Patch]) -> tuple[Mutant, ...]:
    """The servers to which another secret of the same account is as good."""
    return (
        Mutant(
            exchange,
            "keys-any-secret-of-the-account",
            "takes the secret of any key of the account",
            proven(lambda key: key.account.keys),
        ),
        Mutant(
            exchange,
            "keys-first-ones-secret",
            "takes the secret of the account's first key as well",
            proven(lambda key: key.account.keys[:1]),
        ),
        Mutant(
            exchange,
            "keys-last-ones-secret",
            "takes the secret of the account's newest key as well",
            proven(lambda key: key.account.keys[-1:]),
        ),
    )


def _allows(judge: Callable[[str, str], bool]) -> Patch:
    """An address is compared with those of the list in another way."""
    return put(
        Key, "allows_ip", lambda key, peer: not key.ip_allowlist or any(judge(one, peer) for one in key.ip_allowlist)
    )


_ip_by_network = _allows(lambda listed, peer: listed.rsplit(".", 1)[0] == peer.rsplit(".", 1)[0])
_ip_by_first_number = _allows(lambda listed, peer: listed.partition(".")[0] == peer.partition(".")[0])
_ip_by_beginning = _allows(lambda listed, peer: listed.startswith(peer))
_ip_by_end = _allows(lambda listed, peer: peer.endswith(listed))
_ip_first_of_the_list = put(Key, "allows_ip", lambda key, peer: not key.ip_allowlist or key.ip_allowlist[0] == peer)
_ip_last_of_the_list = put(Key, "allows_ip", lambda key, peer: not key.ip_allowlist or key.ip_allowlist[-1] == peer)
_ip_of_the_first_key = wrap(Key, "allows_ip", lambda allows, key, peer: allows(first_of(key), peer))
_ip_of_the_last_key = wrap(Key, "allows_ip", lambda allows, key, peer: allows(last_of(key), peer))
_ip_of_all_keys = wrap(
    Key,
    "allows_ip",
    lambda allows, key, peer: allows(key, peer) or any(peer in one.ip_allowlist for one in key.account.keys),
)

_own_expiry = Key.is_expired.fget  # type: ignore[attr-defined]
_expiry_of_the_first_key = put(Key, "is_expired", property(lambda key: _own_expiry(first_of(key))))
_expiry_of_the_last_key = put(Key, "is_expired", property(lambda key: _own_expiry(last_of(key))))
_expires_with_any_key = put(Key, "is_expired", property(lambda key: any(map(_own_expiry, key.account.keys))))
_expires_with_all_keys = put(Key, "is_expired", property(lambda key: all(map(_own_expiry, key.account.keys))))
_expires_as_the_first_alone = put(Key, "is_expired", property(lambda key: key is first_of(key) and _own_expiry(key)))

_expires_in_seconds = put(
    Key,
    "is_expired",
    property(lambda key: key.expires_ms is not None and key.account.now_ms() // 1000 >= key.expires_ms),
)


def of_expiry_and_addresses(exchange: Exchange) -> tuple[Mutant, ...]:
    """The servers that look at another key's expiry or list of addresses, or compare addresses in part."""
    return tuple(
        Mutant(exchange, name, says, patch)
        for name, says, patch in (
            ("keys-expire-with-the-first", "looks when the account's first key expires", _expiry_of_the_first_key),
            ("keys-expire-together", "takes no key of an account when one has expired", _expires_with_any_key),
            ("keys-expire-with-the-last", "looks when the account's newest key expires", _expiry_of_the_last_key),
            ("keys-expire-with-all", "takes an expired key as long as another one is good", _expires_with_all_keys),
            ("keys-expire-in-seconds", "compares the time in seconds with an expiry in ms", _expires_in_seconds),
            ("keys-later-ones-never-expire", "lets only first keys expire", _expires_as_the_first_alone),
            ("keys-first-ones-ip-list", "looks at the list of the account's first key", _ip_of_the_first_key),
            ("keys-last-ones-ip-list", "looks at the list of the account's newest key", _ip_of_the_last_key),
            ("keys-ip-lists-together", "takes every address that any key of the account lists", _ip_of_all_keys),
            ("ip-by-network", "takes every address of a network on the list", _ip_by_network),
            ("ip-by-first-number", "looks at the first number of an address", _ip_by_first_number),
            ("ip-by-beginning", "takes an address with which one on the list begins", _ip_by_beginning),
            ("ip-by-end", "takes an address that ends like one on the list", _ip_by_end),
            ("ip-first-of-the-list", "looks at the first address of a list alone", _ip_first_of_the_list),
            ("ip-last-of-the-list", "looks at the last address of a list alone", _ip_last_of_the_list),
        )
    )


def _found(fits: Callable[[str, str], bool]) -> Patch:
    """A key is looked up in another way: `fits(key, given)`."""

    def around(find: Callable[..., Key | None], world: World, given: str) -> Key | None:
        keys = [key for account in world.accounts.values() for key in account.keys]
        return find(world, given) or next((key for key in keys if given and fits(key.api_key, given)), None)

    return wrap(World, "find_key", around)


def stripped(exchange: Exchange) -> Mutant:
    """One that HTTP hides, since a header has no blanks at its ends (RFC 9110, 5.5): a frame shows it."""
    fits = _found(lambda key, given: key == given.strip())
    return Mutant(exchange, "keys-without-blanks", "takes the blanks off a key before it looks it up", fits)


def of_look_up(exchange: Exchange) -> tuple[Mutant, ...]:
    """The servers that find a key by less than all of it."""
    return tuple(
        Mutant(exchange, name, says, _found(fits))
        for name, says, fits in (
            ("keys-in-any-case", "finds a key in any case", lambda key, given: key.lower() == given.lower()),
            ("keys-by-their-beginning", "finds a key as far as given", lambda key, given: key.startswith(given)),
            ("keys-with-more", "finds a key in front of more", lambda key, given: given.startswith(key)),
        )
    )
