"""The service: the list of exchanges, which one a path belongs to, and one turn at a time. No sockets here.

Every way in (HTTP, WebSocket, control surface, Python, in process) goes through the one lock in `turns`.
"""

from simulator.service.turns import Service

__all__ = ["Service"]
