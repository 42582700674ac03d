"""POST /0/private/GetApiKeyInfo: what the key that asks is, with the highest nonce that it has used.

The documentation's example has names in camel case, Kraken.Net's fixture of the same month in snake case.
"""

from __future__ import annotations

from typing import Any

from simulator.exchanges.kraken.behavior import Fields
from simulator.exchanges.kraken.call import Call, check_service
from simulator.exchanges.kraken.permissions import PERMISSIONS

_upper = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def get_api_key_info(call: Call) -> Any:
    check_service(call)
    key = call.caller
    in_camel = call.behavior.get(Fields.KEY_INFO_CASE) == "camel"
    info = {
        "api_key_name": key.account.name,
        "api_key": key.api_key,
        "nonce": str(key.nonces.highest),
        "nonce_window": key.nonces.window if in_camel else str(key.nonces.window),
        "permissions": [word for word in PERMISSIONS if word in key.permissions],
        "iban": _iban(call),
        "valid_until": _seconds(key.expires_ms),
        "query_from": "0",
        "query_to": "0",
        "created_time": _seconds(key.details.created_ms),
        "modified_time": _seconds(key.details.created_ms),
        "ip_allowlist": list(key.ip_allowlist),
        "last_used": _seconds(key.details.used_ms),
    }
    return {_camel(name): value for name, value in info.items()} if in_camel else info


def _seconds(ms: int | None) -> str:
    return str((ms or 0) // 1000)


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(word.capitalize() for word in rest)


def _iban(call: Call) -> str:
    """The account's public id, in the shape of one that is printed in @siebly's client: AA56 N84G TOOP ELJQ."""
    ids = call.caller.account.ids.beside("iban")
    return " ".join(("AA" + ids.digits(2), *(ids.text(4, _upper) for _ in range(3))))
