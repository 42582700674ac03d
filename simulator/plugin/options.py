"""The options of a test's account: what the settings fixture returned and, over that, what the markers say."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Protocol

from simulator.core.misuse import Misuse, shown
from simulator.service.listed import exchange_named


class Marker(Protocol):
    """What we read of a `pytest.Mark`."""

    @property
    def args(self) -> tuple[Any, ...]: ...

    @property
    def kwargs(self) -> Mapping[str, Any]: ...


def settings(fixture: str, given: object) -> dict[str, Any]:
    """What a settings fixture returned. Raises Misuse when that is no dict."""
    if not isinstance(given, Mapping):
        raise Misuse(f"the fixture {fixture} must return a dict of options, not {shown(given)}")
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
        given = ", ".join(shown(argument) for argument in marker.args[:5])
        raise Misuse(f"the marker takes one exchange and named options, not ({given})")
    name = marker.args[0]
    return exchange_named(name).name
