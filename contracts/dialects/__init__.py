"""The dialects, one a module: signers written from each exchange's documentation with the standard library alone."""

from contracts.dialects import alphapoint, bybit, kraken, okx
from contracts.holes import BrokenCase
from contracts.wire import Credentials, Dialect, HttpCall

another_secret = "d3Jvbmcgc2VjcmV0"  # noqa: S105 - a wrong one, for calls that are signed wrongly on purpose

DIALECTS: dict[str, Dialect] = {
    "bybit": bybit.DIALECT,
    "okx": okx.DIALECT,
    "kraken": kraken.DIALECT,
    "alphapoint": alphapoint.DIALECT,
}


def signed_as(exchange: str, call: HttpCall, how: str, credentials: Credentials, now_ms: int) -> HttpCall:
    """A call with the proof of its sender: "right", "wrong" (with another secret), "not", or as one of the dialect's
    mistakes or variants. Raises BrokenCase for another word.
    """
    dialect = DIALECTS[exchange]
    if how == "not":
        return call
    if sign := dialect.mistakes.get(how) or dialect.variants.get(how):
        return sign(call, credentials, now_ms)
    if how == "wrong":
        return dialect.signed(call, {**credentials, "api_secret": another_secret}, now_ms)
    if how != "right":
        known = ", ".join((*dialect.mistakes, *dialect.variants))
        raise BrokenCase(f"{exchange} is not signed {how!r}; known are right, wrong, not, {known}")
    return dialect.signed(call, credentials, now_ms)
