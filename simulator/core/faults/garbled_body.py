"""The body arrives garbled: every seventh byte is one that is neither UTF-8 nor JSON. The exchange has acted."""

from dataclasses import replace

from simulator.core.faults.fault import Delivery, Kind
from simulator.core.message import Reply


def garbled(reply: Reply) -> Reply:
    """`reply` with a body of the same length that nothing can read."""
    return replace(reply, body=bytes(0xFF if place % 7 == 0 else byte for place, byte in enumerate(reply.body)))


KIND = Kind(
    name="garbled_body",
    says="the exchange acts; the body arrives garbled",
    after=lambda fault, reply: Delivery(garbled(reply)),
)
