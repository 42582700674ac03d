"""The suite's own client of each exchange, one a module: calls as documented, answers as documented."""

from contracts.clients import alphapoint, bybit
from contracts.clients.client import ACCEPTED, Client, Unreadable

CLIENTS: dict[str, Client] = {"bybit": bybit.CLIENT, "alphapoint": alphapoint.CLIENT}

__all__ = ["ACCEPTED", "CLIENTS", "Client", "Unreadable"]
