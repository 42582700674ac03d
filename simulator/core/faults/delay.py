"""The answer comes late. The exchange has acted at once; a client that gives up earlier cannot know."""

from simulator.core.faults.fault import Delivery, Kind

KIND = Kind(
    name="delay",
    says="the answer comes `seconds` late; the exchange acts at once",
    options=("seconds",),
    needed=("seconds",),
    after=lambda fault, reply: Delivery(reply, delay_ms=round(fault.seconds * 1000)),
)
