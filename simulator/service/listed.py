"""The written list of exchanges. A fifth one is one line here."""

from simulator.core.exchange import Exchange
from simulator.core.misuse import Misuse, NotThere, did_you_mean, shown
from simulator.exchanges.alphapoint import ALPHAPOINT
from simulator.exchanges.bybit import BYBIT
from simulator.exchanges.kraken import KRAKEN
from simulator.exchanges.okx import OKX

exchanges: tuple[Exchange, ...] = (BYBIT, OKX, KRAKEN, ALPHAPOINT)


EXCHANGES = tuple(exchange.name for exchange in exchanges)


def exchange_named(name: str) -> Exchange:
    """The exchange called `name`. Raises NotThere."""
    for exchange in exchanges:
        if exchange.name == name:
            return exchange
    raise NotThere(f"there is no exchange {shown(name)}; {did_you_mean(name, EXCHANGES)}")


def exchange_given(name: str) -> Exchange:
    """The exchange that a document names, and no path: a wrong one makes it a wrong document. Raises Misuse."""
    try:
        return exchange_named(name)
    except NotThere as unknown:
        raise Misuse(str(unknown)) from None
