"""Wrong servers that call themselves OKX: the keys of an account mixed up, and addresses and passphrases compared in
part.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from simulator.core.accounts import Key
from simulator.core.rows import Condition, Refusal
from simulator.exchanges.okx import authentication, gateway
from wrong_servers import keys
from wrong_servers.mutant import Mutant, Patch
from wrong_servers.patches import put

_mutant = partial(Mutant, "okx")

_PROOF = (authentication, "check_signature")


# Passphrases.


def _passphrase(fits: Callable[[Key, str], bool]) -> Patch:
    """A passphrase is compared in another way."""

    def check(key: Key, passphrase: str, wrong: Condition) -> None:
        if not fits(key, passphrase):
            raise Refusal(wrong, "another passphrase")

    return put(authentication, "check_passphrase", check)


MUTANTS = (
    *keys.of_permissions("okx", lambda which: keys.given_another(which, gateway, "_check_permission")),
    *keys.of_secrets("okx", partial(keys.proven_by, *_PROOF)),
    _mutant(
        "keys-anothers-secret",
        "takes the secret of another account's key",
        keys.proven_by_anothers(_PROOF, (gateway, "_authenticate")),
    ),
    *keys.of_expiry_and_addresses("okx"),
    *keys.of_look_up("okx"),
    keys.stripped("okx"),
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
        "passphrase-without-blanks",
        "takes the blanks off a passphrase before it compares it",
        _passphrase(lambda key, given: given.strip() == key.passphrase),
    ),
    _mutant(
        "passphrase-with-more",
        "compares a passphrase as far as expected",
        _passphrase(lambda key, given: given.startswith(key.passphrase)),
    ),
)
