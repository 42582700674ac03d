"""The WebSocket breaks where a frame would have been pushed: what is pushed from then on is lost."""

from simulator.core.faults.fault import Kind

KIND = Kind(name="break_at_push", says="the WebSocket breaks instead of a pushed frame", places=("push",), breaks=True)
