"""The version of the installed distribution."""

from functools import cache
from importlib.metadata import PackageNotFoundError
from importlib.metadata import version as _version


@cache
def version() -> str:
    """The version of `exchange-simulator`, "0" when it runs without being installed."""
    try:
        return _version("exchange-simulator")
    except PackageNotFoundError:
        return "0"
