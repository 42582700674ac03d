"""The options of a test's account: what the settings fixture returned and, over that, what the markers say."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Protocol

from simulator.core.misuse import Misuse, did_you_mean
from simulator.plugin.remote import EXCHANGES


class Marker(Protocol):
    """What we read of a `pytest.Mark`."""

    @property
    def args(self) -> tuple[Any, ...]: ...

    @property
    def kwargs(self) -> Mapping[str, Any]: ...


def settings(fixture: str, given: object) -> dict[str, Any]:
    """What a settings fixture returned. Raises Misuse when that is no dict."""
    if not isinstance(given, Mapping):
        raise Misuse(f"the fixture {fixture} must return a dict of options, not {given!r}")
    return dict(given)


def account_options(exchange: str, given: object, markers: Iterable[Marker]) -> dict[str, Any]:
    """Option by option, the closest marker wins; `markers` come closest first. Raises Misuse."""
    options = settings(f"{exchange}_account_settings", given)
    for marker in reversed(list(markers)):
        if marked_exchange(marker) == exchange:
            options |= marker.kwargs
    return options


def marked_exchange(marker: Marker) -> str:
    """The exchange of an `exchange_account` marker. Raises Misuse when it names none, or more."""
    if len(marker.args) != 1:
        shown = ", ".join(repr(argument) for argument in marker.args)
        raise Misuse(f"the marker takes one exchange and named options, not ({shown})")
    name = marker.args[0]
    if name not in EXCHANGES:
        raise Misuse(f"there is no exchange {name!r}; {did_you_mean(str(name), EXCHANGES)}")
    return str(name)
