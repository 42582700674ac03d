"""A private or public call on its way through the gateway, and the check that every private function makes itself."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from simulator.core.accounts import Key
from simulator.core.behavior import Behavior
from simulator.core.exchange import Endpoint
from simulator.core.message import Request
from simulator.core.reading import Reads
from simulator.core.rows import Refusal
from simulator.core.world import World
from simulator.exchanges.kraken.behavior import Conditions, Fields


@dataclass(slots=True)
class Call:
    """A request and what the gateway has established about it so far.

    `key` is the key that the request names; that the caller has its secret is proven once the signature is checked.
    `reads` notes which arguments came and which the method looked at.
    """

    world: World
    request: Request
    endpoint: Endpoint | None = None
    key: Key | None = None
    arguments: dict[str, Any] = field(default_factory=dict)
    reads: Reads = field(default_factory=Reads)

    @property
    def caller(self) -> Key:
        """The key of a call that passed authentication."""
        assert self.key is not None
        return self.key

    @property
    def behavior(self) -> Behavior:
        return self.key.account.behavior if self.key else self.world.behavior

    def now_ms(self) -> int:
        """Account time, or the server clock for a call that belongs to nobody."""
        return self.key.account.now_ms() if self.key else self.world.now_ms()


def check_service(call: Call) -> None:
    """The service mode; it is asked after the arguments and before anything that an account has."""
    mode = str(call.behavior.get(Fields.SERVICE_MODE))
    if mode in _MODES:
        raise Refusal(_MODES[mode], f"service.mode is {mode!r}")


_MODES = {
    "unavailable": Conditions.SERVICE_UNAVAILABLE,
    "busy": Conditions.SERVICE_BUSY,
    "deadline": Conditions.SERVICE_DEADLINE,
    "throttled": Conditions.SERVICE_THROTTLED,
    "error": Conditions.SERVICE_ERROR,
}
