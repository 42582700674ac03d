"""The exchange acts, then the connection or WebSocket breaks before a byte of the answer: the client cannot know."""

from simulator.core.faults.fault import Delivery, Kind

KIND = Kind(
    name="lose_reply",
    says="the exchange acts, then the connection breaks without an answer",
    after=lambda fault, reply: Delivery(None),
    places=("request", "frame"),
)
