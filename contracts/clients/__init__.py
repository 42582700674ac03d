"""The suite's own client of each exchange, one a module: calls as documented, answers as documented."""

from contracts.clients import alphapoint, bybit, kraken
from contracts.clients.client import ACCEPTED, Client, Unreadable

CLIENTS: dict[str, Client] = {"bybit": bybit.CLIENT, "kraken": kraken.CLIENT, "alphapoint": alphapoint.CLIENT}

__all__ = ["ACCEPTED", "CLIENTS", "Client", "Unreadable"]
