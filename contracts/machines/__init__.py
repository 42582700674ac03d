"""State machines with steps of their own, which only one exchange has."""

from contracts.machine import Machine
from contracts.machines.alphapoint import AlphapointMachine
from contracts.machines.kraken import KrakenMachine

MACHINES: dict[str, type[Machine]] = {"kraken": KrakenMachine, "alphapoint": AlphapointMachine}
"""An exchange that is not named here is driven by the steps that all have."""
