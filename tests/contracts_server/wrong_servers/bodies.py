"""Wrong servers of every exchange whose bodies are JSON: of a member that comes twice they take the other one."""

from __future__ import annotations

import json
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from simulator.exchanges.alphapoint import calls as alphapoint
from simulator.exchanges.bybit import call as bybit
from simulator.exchanges.okx import gateway as okx
from wrong_servers.mutant import Mutant, Patch
from wrong_servers.patches import wrap


def _first_counts(reader: Any) -> Patch:
    """JSON is read so that an object keeps the first of its members that have one name."""

    def around(decode: Callable[..., Any], body: str | bytes) -> Any:
        decode(body)
        return json.loads(body, object_pairs_hook=lambda pairs: dict(reversed(pairs)), parse_float=Decimal)

    return wrap(reader, "decode", around)


MUTANTS = tuple(
    Mutant(exchange, "first-member-counts", "takes the first of two members of one name", _first_counts(reader))
    for exchange, reader in (("bybit", bybit), ("okx", okx), ("alphapoint", alphapoint))
)
