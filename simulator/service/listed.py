"""The written list of exchanges. A fifth one is one line here."""

from simulator.core.exchange import Exchange
from simulator.core.misuse import NotThere, did_you_mean
from simulator.exchanges.alphapoint import ALPHAPOINT
from simulator.exchanges.bybit import BYBIT
from simulator.exchanges.kraken import KRAKEN
from simulator.exchanges.okx import OKX

exchanges: tuple[Exchange, ...] = (BYBIT, OKX, KRAKEN, ALPHAPOINT)


def exchange_named(name: str) -> Exchange:
    """The exchange called `name`. Raises NotThere."""
    for exchange in exchanges:
        if exchange.name == name:
            return exchange
    raise NotThere(f"there is no exchange {name!r}; {did_you_mean(name, [exchange.name for exchange in exchanges])}")
