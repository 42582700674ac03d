"""Ways to mix up the keys of an account, and the addresses that a key may be used from, whatever the exchange."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from simulator.core.accounts import Key
from simulator.core.rows import Refusal
from wrong_servers.mutant import Patch
from wrong_servers.patches import put, wrap

Check = Callable[..., Any]


def first_of(key: Key) -> Key:
    return key.account.keys[0]


def by_the_first(owner: Any, name: str) -> Patch:
    """A check of a call looks at the account's first key instead of the one that asks."""

    def around(check: Check, call: Any, *others: Any) -> Any:
        asking = call.key
        call.key = first_of(asking) if asking is not None else None
        try:
            return check(call, *others)
        finally:
            call.key = asking

    return wrap(owner, name, around)


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


def _allows(judge: Callable[[str, str], bool]) -> Patch:
    """An address is compared with those of the list in another way."""
    return put(
        Key, "allows_ip", lambda key, peer: not key.ip_allowlist or any(judge(one, peer) for one in key.ip_allowlist)
    )


IP_BY_NETWORK = _allows(lambda listed, peer: listed.rsplit(".", 1)[0] == peer.rsplit(".", 1)[0])
IP_BY_FIRST_NUMBER = _allows(lambda listed, peer: listed.partition(".")[0] == peer.partition(".")[0])
IP_BY_BEGINNING = _allows(lambda listed, peer: listed.startswith(peer))
IP_BY_END = _allows(lambda listed, peer: peer.endswith(listed))
IP_FIRST_OF_THE_LIST = put(Key, "allows_ip", lambda key, peer: not key.ip_allowlist or key.ip_allowlist[0] == peer)
IP_OF_THE_FIRST_KEY = wrap(Key, "allows_ip", lambda allows, key, peer: allows(first_of(key), peer))

_own_expiry = Key.is_expired.fget  # type: ignore[attr-defined]
EXPIRY_OF_THE_FIRST_KEY = put(Key, "is_expired", property(lambda key: _own_expiry(first_of(key))))
EXPIRES_WITH_ANY_KEY = put(Key, "is_expired", property(lambda key: any(map(_own_expiry, key.account.keys))))
EXPIRES_AS_THE_FIRST_ALONE = put(Key, "is_expired", property(lambda key: key is first_of(key) and _own_expiry(key)))
