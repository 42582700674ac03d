"""The suite's own client of each exchange, one a module: calls as documented, answers as documented."""

from contracts.clients import alphapoint, bybit, kraken, okx
from contracts.clients.client import ACCEPTED, MONEY, Absent, Client, Unreadable

CLIENTS: dict[str, Client] = {
    "bybit": bybit.CLIENT,
    "okx": okx.CLIENT,
    "kraken": kraken.CLIENT,
    "alphapoint": alphapoint.CLIENT,
}

__all__ = ["ACCEPTED", "CLIENTS", "MONEY", "Absent", "Client", "Unreadable"]
