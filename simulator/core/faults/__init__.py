"""Hostility on request. A fault is a row that says which calls it meets and what happens to them; each kind of fault is
one small module here.

Only faults that were asked for happen, deterministically; each counts what it met.
"""

from simulator.core.faults import (
    break_at_push,
    busy,
    close_before,
    delay,
    edge,
    error,
    garbled_body,
    half_body,
    lose_push,
    lose_reply,
    maintenance,
    stale_reads,
    wrong_content_type,
)
from simulator.core.faults.fault import Delivery, Fault, Kind, Place

KINDS = (
    lose_reply.KIND,
    close_before.KIND,
    delay.KIND,
    edge.KIND,
    error.KIND,
    half_body.KIND,
    garbled_body.KIND,
    wrong_content_type.KIND,
    stale_reads.KIND,
    maintenance.KIND,
    busy.KIND,
    lose_push.KIND,
    break_at_push.KIND,
)

__all__ = ["KINDS", "Delivery", "Fault", "Kind", "Place"]
