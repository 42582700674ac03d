"""An error row of the exchange, by name, in the exchange's own shape. With `acts` the exchange has acted all the same.

A frame is met as well where the exchange can answer any frame with an error.
"""

from __future__ import annotations

from collections.abc import Callable

from simulator.core.faults.fault import Delivery, Fault, Kind
from simulator.core.message import Reply


def instead(fault: Fault, render: Callable[[str], Reply]) -> Delivery:
    return Delivery(render(fault.row))


KIND = Kind(
    name="error",
    says="the exchange answers with the error `row` and does not act; with `acts` it has acted all the same",
    options=("row", "acts"),
    needed=("row",),
    instead=instead,
    places=("request", "frame"),
)
