"""OKX's login on a WebSocket: the order of its checks.

Facts: docs-v5 WebSocket Login; the order is that of REST, the codes are the socket's own. The timestamp is in seconds:
text in the documentation, a whole number from python-okx, a fraction from the documentation's JavaScript.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from simulator.core.accounts import Key
from simulator.core.behavior import Behavior
from simulator.core.rows import Refusal
from simulator.core.world import World
from simulator.exchanges.okx import authentication
from simulator.exchanges.okx.behavior import Conditions, Fields
from simulator.exchanges.okx.mistakes import Parts

_TARGET = "/users/self/verify"


def named_key(world: World, arg: Mapping[str, Any]) -> Key | None:
    """Whose journal and behavior a login concerns; it proves nothing."""
    api_key = arg.get("apiKey")
    return world.find_key(api_key) if isinstance(api_key, str) else None


def log_in(world: World, arg: Mapping[str, Any], peer: str, key: Key | None, behavior: Behavior) -> Key:
    """The key that `arg` proves to have. Raises Refusal."""
    api_key, passphrase, sign = (_text(arg, name) for name in ("apiKey", "passphrase", "sign"))
    timestamp = _timestamp(arg)
    if behavior.get(Fields.KEY_SHAPE_BEFORE_TIMESTAMP) is True:
        authentication.check_shape(key, api_key, Conditions.LOGIN_KEY_MALFORMED)
    authentication.check_timestamp(
        authentication.seconds(timestamp),
        f"{timestamp[:100]!r} (such as 1704876947, in seconds)",
        world.now_ms(),
        Conditions.LOGIN_TIMESTAMP,
        Conditions.LOGIN_EXPIRED,
    )
    authentication.check_shape(key, api_key, Conditions.LOGIN_KEY_MALFORMED)
    key = authentication.known(key, api_key, Conditions.LOGIN_KEY_UNKNOWN, Conditions.LOGIN_KEY_UNKNOWN)
    authentication.check_standing(key.account, Conditions.LOGIN_STANDING, Conditions.LOGIN_STANDING)
    authentication.check_ip(key, peer, Conditions.LOGIN_IP)
    parts = Parts(timestamp, "GET", _TARGET, b"", key.api_key, key.passphrase)
    if behavior.get(Fields.SIGNATURE_BEFORE_PASSPHRASE) is True:
        authentication.check_signature(key, parts, sign, Conditions.LOGIN_SIGN)
    authentication.check_passphrase(key, passphrase, Conditions.LOGIN_PASSPHRASE)
    authentication.check_signature(key, parts, sign, Conditions.LOGIN_SIGN)
    return key


def _text(arg: Mapping[str, Any], name: str) -> str:
    given = arg.get(name)
    if not isinstance(given, str) or not given:
        raise Refusal(Conditions.LOGIN_PARAMETER, f"{name} is absent, empty or no text", name=name)
    return given


def _timestamp(arg: Mapping[str, Any]) -> str:
    """The timestamp as it was written, since that is what the client has signed."""
    given = arg.get("timestamp")
    if isinstance(given, str) and given:
        return given
    if isinstance(given, int | Decimal) and not isinstance(given, bool):
        return str(given)
    raise Refusal(Conditions.LOGIN_PARAMETER, "timestamp is absent, empty or neither text nor number", name="timestamp")
