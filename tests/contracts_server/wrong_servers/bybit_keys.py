"""Wrong servers that call themselves Bybit: the keys of an account mixed up, and addresses compared in part."""

from __future__ import annotations

from functools import partial

from simulator.exchanges.bybit import gateway
from wrong_servers import keys
from wrong_servers.mutant import Mutant

_mutant = partial(Mutant, "bybit")

_PROOF = (gateway, "_check_signature")


MUTANTS = (
    *keys.of_permissions("bybit", lambda which: keys.given_another(which, gateway, "_check_permission")),
    *keys.of_secrets("bybit", partial(keys.proven_by, *_PROOF)),
    _mutant(
        "keys-anothers-secret",
        "takes the secret of another account's key",
        keys.proven_by_anothers(_PROOF, (gateway, "_known_key")),
    ),
    *keys.of_expiry_and_addresses("bybit"),
    *keys.of_look_up("bybit"),
)
