"""The arguments that Kraken's methods take, by endpoint: the table only, from docs.kraken.com and from what SDKs send.

For the journal, which lists what a client sent and nothing read. A refused call has not looked at all of them, and some
are documented and change nothing here.
"""

from __future__ import annotations

_EVERYWHERE = ("nonce", "otp", "broker")
"""What every private call has, may have, and has from one client (@siebly puts its `broker` into every body)."""


def _private(*names: str) -> frozenset[str]:
    return frozenset({*_EVERYWHERE, *names})


PARAMETERS: dict[str, frozenset[str]] = {
    "assets": frozenset({"asset", "aclass", "assetVersion"}),
    "pairs": frozenset({"pair", "aclass_base", "info", "country_code", "execution_venue", "assetVersion"}),
    "cancel": _private("asset", "refid", "aclass"),
    "create": _private("asset", "key", "amount", "aclass", "address", "max_fee", "rebase_multiplier"),
    "quote": _private("asset", "key", "amount", "aclass", "rebase_multiplier"),
    "list": _private("asset", "aclass", "method", "start", "end", "cursor", "limit", "rebase_multiplier"),
    "methods": _private("asset", "aclass", "network", "rebase_multiplier"),
    "addresses": _private("asset", "aclass", "method", "key", "verified"),
    "transfer": _private("asset", "from", "to", "amount"),
    "balance": _private("rebase_multiplier"),
    "balance_ex": _private("rebase_multiplier"),
    "ledgers": _private("asset", "aclass", "type", "start", "end", "ofs", "without_count", "rebase_multiplier"),
    "ledger": _private("id", "trades", "rebase_multiplier"),
    "key_info": _private(),
    "token": _private(),
}
