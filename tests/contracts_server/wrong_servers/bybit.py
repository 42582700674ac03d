"""Wrong servers that call themselves Bybit."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest

from simulator.exchanges.bybit import gateway
from wrong_servers.mutant import Mutant

_mutant = partial(Mutant, "bybit")


def _nothing(*_: Any, **__: Any) -> None:
    """A check that checks nothing."""


def _skip(name: str) -> Any:
    def patch(monkey: pytest.MonkeyPatch) -> None:
        monkey.setattr(gateway, name, _nothing)

    return patch


MUTANTS = (
    _mutant("window-not-checked", "takes a request of any age", _skip("_check_window")),
    _mutant("expiry-not-checked", "takes a key that has expired", _skip("_check_expiry")),
    _mutant("signature-not-checked", "takes any signature", _skip("_check_signature")),
    _mutant("ip-not-checked", "takes a key from anywhere", _skip("_check_ip")),
    _mutant("permission-not-checked", "takes any key", _skip("_check_permission")),
)
