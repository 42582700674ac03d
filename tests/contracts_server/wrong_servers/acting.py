"""Wrong servers that refuse and act all the same: the right refusal goes out byte for byte, and the call runs.

As where the work is begun before the checks have had their say, or where a proxy answers for what its upstream does.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from typing import Any

from contracts.wire import Exchange
from simulator.core.ledger import Overdrawn
from simulator.core.misuse import Misuse
from simulator.core.rows import Refusal
from simulator.exchanges.alphapoint import gateway as alphapoint
from simulator.exchanges.bybit import gateway as bybit
from simulator.exchanges.kraken import gateway as kraken
from simulator.exchanges.okx import gateway as okx
from simulator.service.listed import exchanges
from wrong_servers.mutant import Mutant, Patch
from wrong_servers.patches import wrap

_GATEWAYS: dict[Exchange, Any] = {"bybit": bybit, "okx": okx, "kraken": kraken, "alphapoint": alphapoint}

_CANCELS: dict[Exchange, tuple[str, ...]] = {
    "bybit": (
        "EMPTY_HEADER",
        "OUTSIDE_WINDOW",
        "EXPIRED_KEY",
        "WRONG_SIGNATURE",
        "WRONG_IP",
        "NO_PERMISSION",
        "READ_ONLY_KEY",
        "RATE_LIMIT",
        "DEMO",
        "SUB_ACCOUNT",
        "UNKNOWN_BODY_FIELD",
        "CANCEL_FAILED",
    ),
    "okx": (
        "SIGN_EMPTY",
        "TIMESTAMP_EXPIRED",
        "EXPIRED_KEY",
        "WRONG_IP",
        "WRONG_PASSPHRASE",
        "WRONG_SIGNATURE",
        "RATE_LIMIT",
        "NO_PERMISSION",
        "CONTENT_TYPE",
        "DEMO",
        "SUB_ACCOUNT",
    ),
    "kraken": (
        "LOCKED_OUT",
        "EXPIRED_KEY",
        "WRONG_IP",
        "WRONG_SIGNATURE",
        "OTP_WRONG",
        "OTP_MISSING",
        "NONCE_NOT_GREATER",
        "RATE_LIMIT",
        "ACCOUNT_DISABLED",
        "NO_PERMISSION",
        "WRONG_ASSET",
    ),
    "alphapoint": (
        "WRONG_USER_ID",
        "WRONG_SIGNATURE",
        "EXPIRED_KEY",
        "WRONG_IP",
        "EXPIRED_TOKEN",
        "RATE_LIMIT",
        "BARE_PAYLOAD",
        "NO_PERMISSION",
        "CANCEL_WRONG_OMS",
        "CANCEL_WRONG_USER",
    ),
}
"""The conditions whose refusal of a cancel cancels: what the caller must be, and what has a withdrawal at stake."""


def _refused(exchange: Exchange, endpoint: str, condition: str, act: Callable[[Any], None]) -> Patch:
    """Calls of an endpoint that are refused for a condition (by its name; "": for any) act."""

    def around(process: Callable[..., Any], call: Any, *rest: Any) -> Any:
        try:
            return process(call, *rest)
        except Refusal as refusal:
            met = not condition or refusal.condition is getattr(conditions, condition)
            if met and call.key is not None and call.endpoint is not None and call.endpoint.name == endpoint:
                with contextlib.suppress(Misuse, Overdrawn):
                    act(call)
            raise

    gateway = _GATEWAYS[exchange]
    conditions = gateway.Conditions
    return wrap(gateway, "_process", around)


def _cancel(call: Any) -> None:
    account = call.key.account
    for withdrawal in account.book:
        if account.book.lifecycle.allows(withdrawal.state.name, "cancel"):
            account.move(withdrawal, "cancel")


def _create(exchange: Exchange) -> Callable[[Any], None]:
    (onboarding,) = (one.onboarding for one in exchanges if one.name == exchange)

    def act(call: Any) -> None:
        options = onboarding.withdrawal_options(asset="USDT", amount="10")
        onboarding.open_withdrawal(call.world, call.key.account, options)

    return act


def _mutants(exchange: Exchange) -> list[Mutant]:
    made = []
    for name in _CANCELS[exchange]:
        said = name.lower().replace("_", " ")
        made.append(
            Mutant(
                exchange,
                f"refuses and cancels: {said}",
                f"A cancel is refused ({said}) and runs.",
                _refused(exchange, "cancel", name, _cancel),
            )
        )
    says = "A creation is refused, and a withdrawal is made."
    made.append(Mutant(exchange, "refuses and creates", says, _refused(exchange, "create", "", _create(exchange))))
    return made


MUTANTS = (*_mutants("bybit"), *_mutants("okx"), *_mutants("kraken"), *_mutants("alphapoint"))
