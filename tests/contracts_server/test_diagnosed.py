"""What the suite signs wrongly, the simulator explains: the mistakes of Bybit's and OKX's dialects are named in the
journal. Knows both sides, as only a test may.
"""

from __future__ import annotations

from typing import Any

import pytest

from contracts.cases import load
from contracts.dialects import DIALECTS
from contracts.runner import hold
from contracts.targets.in_process import InProcess
from contracts.wire import Exchange

NOT_NAMED = {
    "secret_and_text_swapped": "no client is known that takes the one for the other",
    "base64_in_lower_case": "no client is known whose way changes the letters of a value",
}
"""Mistakes that the diagnosis does not try, each with its reason."""

REFUSED_EARLIER = {"seconds_for_milliseconds", "credentials_in_query", "milliseconds_sent", "local_time_sent"}
"""Mistakes that never get as far as the signature."""


def _mistakes(exchange: Exchange) -> dict[str, list[str | None]]:
    """Of each mistake that ends in a wrong signature, what the journal names in the cases that make it."""
    named: dict[str, list[str | None]] = {}
    target = InProcess()
    entries: list[Any] = []
    target.simulator.service.listeners.append(lambda _, account, entry: entries.append(entry))
    for _, case in load(exchange):
        if case.when.call is None or case.when.call.signed not in DIALECTS[exchange].mistakes:
            continue
        entries.clear()
        hold(exchange, case, target)
        diagnoses = [entry.refused.diagnosis for entry in entries if entry.refused is not None]
        named.setdefault(case.when.call.signed, []).extend(one.mistake for one in diagnoses if one is not None)
    return named


@pytest.mark.parametrize("exchange", ["bybit", "okx"])
def test_the_journal_names_the_mistake_that_a_client_made(exchange: Exchange) -> None:
    named = _mistakes(exchange)
    unnamed = {name for name, sentences in named.items() if None in sentences or not sentences}
    assert named.keys() == DIALECTS[exchange].mistakes.keys()
    assert unnamed == (NOT_NAMED.keys() | REFUSED_EARLIER) & named.keys()
