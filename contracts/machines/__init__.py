"""State machines with steps of their own, which only one exchange has."""

from contracts.machine import Machine
from contracts.machines.alphapoint import AlphapointMachine
from contracts.machines.bybit import BybitMachine
from contracts.machines.kraken import KrakenMachine
from contracts.machines.okx import OkxMachine

MACHINES: dict[str, type[Machine]] = {
    "bybit": BybitMachine,
    "okx": OkxMachine,
    "kraken": KrakenMachine,
    "alphapoint": AlphapointMachine,
}
"""An exchange that is not named here is driven by the steps that all have."""
