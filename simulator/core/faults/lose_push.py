"""A frame that the exchange pushes is lost; the WebSocket stays open, and nothing tells its client."""

from simulator.core.faults.fault import Kind

KIND = Kind(name="lose_push", says="a pushed frame is lost, the WebSocket stays open", places=("push",))
