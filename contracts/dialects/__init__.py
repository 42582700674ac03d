"""The dialects, one a module: signers written from each exchange's documentation with the standard library alone."""

from contracts.dialects import alphapoint, bybit, kraken, okx
from contracts.wire import Dialect

DIALECTS: dict[str, Dialect] = {
    "bybit": bybit.DIALECT,
    "okx": okx.DIALECT,
    "kraken": kraken.DIALECT,
    "alphapoint": alphapoint.DIALECT,
}
