"""The connection, or the WebSocket, breaks before the exchange has acted: to the client it looks like a lost reply."""

from simulator.core.faults.fault import Delivery, Kind

KIND = Kind(
    name="close_before",
    says="the connection breaks and the exchange has not acted",
    instead=lambda fault, render: Delivery(None),
    places=("request", "frame"),
)
