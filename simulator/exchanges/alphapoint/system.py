"""AlphaPoint's functions about itself, public: Ping, HealthCheck, GetOMSVersion. There is no server time among them.

Facts: APEX documentation; the version is that of the documentation's own sample. What HealthCheck tells beyond its
first two figures is left away.
"""

from __future__ import annotations

from typing import Any

from simulator.exchanges.alphapoint.calls import Call, done
from simulator.exchanges.alphapoint.scalars import ticks

_VERSION = "4.3.65.1063"


def ping(call: Call) -> Any:
    """Ping; what a client sends with it does not matter."""
    return {"msg": "PONG"}


def health_check(call: Call) -> Any:
    """HealthCheck: the generic object, with JSON behind a word in its detail."""
    return done(f'running: {{"ExchangeId":1,"Data1":{ticks(call.world.now_ms())}}}')


def get_oms_version(call: Call) -> Any:
    """GetOMSVersion."""
    return done(_VERSION)
