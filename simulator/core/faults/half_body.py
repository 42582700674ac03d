"""Half of the body arrives, then the connection breaks. The exchange has acted."""

from simulator.core.faults.fault import Delivery, Kind

KIND = Kind(
    name="half_body",
    says="the exchange acts; half of the body arrives, then the connection breaks",
    after=lambda fault, reply: Delivery(reply, cut_at=len(reply.body) // 2),
)
