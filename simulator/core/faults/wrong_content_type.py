"""The right body under another Content-Type, as some proxies do. The exchange has acted."""

from dataclasses import replace

from simulator.core.faults.fault import Delivery, Kind
from simulator.core.message import Reply


def retyped(reply: Reply, content_type: str) -> Reply:
    """`reply` with another Content-Type."""
    kept = tuple((name, value) for name, value in reply.headers if name.lower() != "content-type")
    return replace(reply, headers=(("Content-Type", content_type), *kept))


KIND = Kind(
    name="wrong_content_type",
    says="the exchange acts; the answer is declared as `content_type`",
    options=("content_type",),
    after=lambda fault, reply: Delivery(retyped(reply, fault.content_type)),
)
