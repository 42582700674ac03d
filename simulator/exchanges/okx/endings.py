"""How OKX's WebSockets end: silence, a key that is gone, a service upgrade with its notice beforehand.

Facts: docs-v5 WebSocket; the close 4004 of ws.okj.com; the notice 64008 that roq-okx captured. A notice is not sent by
itself but ahead of the next answer or push: a socket that has neither within 30 s ends anyway.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from simulator.core.behavior import Behavior
from simulator.core.rows import Row, fill
from simulator.core.world import World
from simulator.exchanges.okx import frames
from simulator.exchanges.okx.behavior import Conditions, Fields
from simulator.exchanges.okx.session import Socket


def upgrade_notice(world: World, socket: Socket) -> tuple[Socket, tuple[str, ...]]:
    """The notice of a service upgrade, once, if it is time for one; and the session from then on."""
    behavior, now_ms = _behavior(world, socket), world.steady_ms()
    after_ms = behavior.number(Fields.UPGRADE_AFTER_MS)
    if socket.told_ms is not None or not after_ms or now_ms - socket.opened_ms < after_ms:
        return socket, ()
    row = behavior.row(Conditions.SERVICE_UPGRADE)
    return replace(socket, told_ms=now_ms), (frames.told(row, {}, socket.connection, ""),)


def expire(world: World, socket: Socket) -> tuple[int, str] | None:
    """How the socket ends, if it does: its key is gone, nothing was heard or pushed for too long, or it was told so."""
    key, behavior, now_ms = socket.key, _behavior(world, socket), world.steady_ms()
    if key is not None and world.find_key(key.api_key) is not key:
        return closing(behavior.row(Conditions.KEY_DELETED), {})
    idle_ms = behavior.number(Fields.IDLE_MS)
    if idle_ms and now_ms - socket.active_ms >= idle_ms:
        return closing(behavior.row(Conditions.IDLE), {})
    if socket.told_ms is not None and now_ms - socket.told_ms >= behavior.number(Fields.UPGRADE_CLOSES_MS):
        return closing(behavior.row(Conditions.UPGRADED), {})
    return None


def closing(row: Row, blanks: Mapping[str, object]) -> tuple[int, str]:
    """Close code and reason; a row of another shape, which a behavior may bring, ends the socket with code 1000."""
    code = int(row.code) if row.shape == "close" else 1000
    # A close frame has room for 123 bytes of reason (RFC 6455 5.5).
    return code, fill(row.text, dict(blanks)).encode()[:123].decode("utf-8", "ignore")


def _behavior(world: World, socket: Socket) -> Behavior:
    return socket.key.account.behavior if socket.key else world.behavior
