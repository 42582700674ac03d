"""A secret that a user supplied is shown nowhere, however a client wrote it: journal, export, log line.

The report of a failing test has its test where the plugin's reports have theirs."""

from __future__ import annotations

import base64
import json
import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator import Request, Simulator, logs
from simulator.server import control
from simulator.service.masking import Secrets

KRAKEN = "c2VjcmV0LXN1cHBsaWVkLWZvci1rcmFrZW4="
BY = "by secret+1"
PHRASE = "Pass+phrase!9"
ODD = 'q"uo\\te/é\U0001f512'

WRITTEN = [
    # For a URL, in either case of letters, with + and with %20, escaped once, all over, and once more.
    (KRAKEN, "c2VjcmV0LXN1cHBsaWVkLWZvci1rcmFrZW4%3D"),
    (KRAKEN, "c2VjcmV0LXN1cHBsaWVkLWZvci1rcmFrZW4%3d"),
    (KRAKEN, "c2VjcmV0LXN1cHBsaWVkLWZvci1rcmFrZW4%253D"),
    (BY, "by%20secret%2B1"),
    (BY, "by+secret%2b1"),
    (BY, "by secret 1"),
    (BY, "%62%79%20%73%65%63%72%65%74%2b%31"),
    (PHRASE, "Pass%2Bphrase%219"),
    (PHRASE, "Pass%2bphrase!9"),
    (ODD, "q%22uo%5Cte%2F%C3%A9%F0%9F%94%92"),
    (ODD, "q%22uo%5cte/%c3%a9%f0%9f%94%92"),
    ("50 per %", "50%20per%20%25"),
    # Inside JSON, and in JSON inside JSON.
    (BY, r"by secret\u002b1"),
    (BY, r"by\u0020secret\u002B1"),
    (ODD, r"q\"uo\\te/é" + "\U0001f512"),
    (ODD, r"q\"uo\\te\/\u00e9\ud83d\udd12"),
    (ODD, r"q\\\"uo\\\\te/\\u00E9\\uD83D\\uDD12"),
    # In base64, of either alphabet, with and without its end, alone and behind a name; and in hex.
    (PHRASE, "UGFzcytwaHJhc2UhOQ=="),
    (PHRASE, "UGFzcytwaHJhc2UhOQ"),
    (PHRASE, "UGFzcytwaHJhc2UhOQ%3D%3D"),
    (KRAKEN, "c2VjcmV0LXN1cHBsaWVkLWZvci1rcmFrZW4"),
    ("+/+/+/+/", "-_-_-_-_"),
    ("+/+/+/+/", "%2B%2F%2b%2f%2B%2F%2b%2f"),
    ("supplied-é/x?>", "c3VwcGxpZWQtw6kveD8+"),
    ("supplied-é/x?>", "c3VwcGxpZWQtw6kveD8-"),
    ("supplied-é/x?>", "c3VwcGxpZWQtw6kveD8%2B"),
    (PHRASE, "506173732b7068726173652139"),
    (PHRASE, "506173732B7068726173652139"),
    (KRAKEN, "7365637265742d737570706c6965642d666f722d6b72616b656e"),  # of the bytes that it stands for
]


def mask(text: str, *secrets: str) -> str:
    known = Secrets()
    for secret in secrets:
        known.add(secret)
    return known.text(text)


@pytest.mark.parametrize(("secret", "written"), WRITTEN)
def test_a_secret_is_masked_as_clients_write_it(secret: str, written: str) -> None:
    assert mask(f"x={written}&y=1", secret) == "x=***&y=1"


@pytest.mark.parametrize(
    ("around", "shown"),
    [
        ("u:{}", "dT***"),
        ("abc:{}tail", "YWJjO***0YWls"),
        ("u{}ta", "d***0YQ=="),
        ("uvw{}", "dXZ3***"),
        ("uv{}!!", "dX***ISE="),
    ],
)
def test_a_secret_in_base64_among_other_letters_is_masked_wherever_its_bits_fall(around: str, shown: str) -> None:
    written = base64.b64encode(around.format(PHRASE).encode()).decode()
    assert mask(written, PHRASE) == shown


@pytest.mark.parametrize("text", ["by-secret", "Ynkgc2VjcmV0", "6279207365637265", "by%20secret", "by secret"])
def test_what_is_no_secret_is_shown(text: str) -> None:
    assert mask(text, BY, "abc") == text


def _escaped(text: str) -> str:
    return json.dumps(text)[1:-1]


def _percent(text: str) -> str:
    return "".join(f"%{byte:02x}" for byte in text.encode())


WAYS: list[Callable[[str], str]] = [
    str,
    quote,
    quote_plus,
    _percent,
    _escaped,
    lambda text: _escaped(_escaped(text)),
    lambda text: quote(_escaped(text)),
    lambda text: _escaped(quote(text)),
    lambda text: quote(quote(text)),
    lambda text: base64.b64encode(text.encode()).decode(),
    lambda text: quote(base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")),
    lambda text: text.encode().hex(),
]


@given(
    st.text(st.characters(codec="utf-8", exclude_characters="*"), min_size=4, max_size=40),
    st.sampled_from(WAYS),
)
def test_any_secret_is_masked_in_any_of_these_ways(secret: str, way: Callable[[str], str]) -> None:
    assert mask(f"<{way(secret)}>", secret) == "<***>"


# --- the surfaces -----------------------------------------------------------------------------------------------------

LEAKS = (
    "Pass%20phrase",
    "Pass+phrase",
    "Pass phrase",
    "ok-secret",
    base64.b64encode(b"ok-secret-123").decode(),
    "by%20secret",
    "by secret",
    "u002b1",
    "c2VjcmV0LXN1",
)


def _calls(simulator: Simulator) -> list[Any]:
    """One account of each of three exchanges, and a client that puts their secrets where they do not belong."""
    okx = simulator.okx.account("o", api_key="ok-key", api_secret="ok-secret-123", passphrase="Pass phrase!9")
    bybit = simulator.bybit.account("b", api_key="by-key", api_secret=BY)
    kraken = simulator.kraken.account("k", api_key="kr-key", api_secret=KRAKEN)
    now = simulator.service.clock.now_ns() // 1_000_000
    simulator.answer(
        Request(
            "POST",
            "/api/v5/asset/cancel-withdrawal?p=Pass+phrase!9&q=Pass%20phrase%219",
            (
                ("OK-ACCESS-KEY", "ok-key"),
                ("OK-ACCESS-SIGN", base64.b64encode(b"ok-secret-123").decode()),
                ("OK-ACCESS-TIMESTAMP", str(now / 1000)),
                ("OK-ACCESS-PASSPHRASE", "Pass phrase!9"),
                ("Content-Type", "application/json"),
            ),
            b'{"wdId":"1","leak":"ok-secret-123"}',
        )
    )
    simulator.answer(
        Request(
            "POST",
            "/v5/asset/withdraw/cancel",
            (("X-BAPI-API-KEY", "by-key"), ("X-BAPI-TIMESTAMP", str(now)), ("X-BAPI-SIGN", BY)),
            rb'{"id":"by secret+1","u":"by%20secret%2B1","j":"by secret\u002b1"}',
        )
    )
    simulator.answer(
        Request(
            "POST",
            "/0/private/WithdrawCancel",
            (("API-Key", "kr-key"), ("API-Sign", KRAKEN), ("Content-Type", "application/x-www-form-urlencoded")),
            f"nonce={now}&x={KRAKEN.replace('=', '%3D')}".encode(),
        )
    )
    return [okx, bybit, kraken]


def _assert_masked(text: str) -> None:
    assert [leak for leak in LEAKS if leak in text] == []
    assert "***" in text


def test_journal_and_export_show_no_supplied_secret_however_it_is_written(tmp_path: Path) -> None:
    simulator = Simulator()
    for account in _calls(simulator):
        assert account.last_request().refused is not None
        path = f"{control.root}accounts/{account.id}/journal"
        document = control.answer(simulator.service, "http://here", Request("GET", path)).body.decode()
        _assert_masked(document)
        assert account.export_journal(tmp_path / account.id) == 1
        _assert_masked((tmp_path / account.id).read_text())


def test_log_lines_show_no_supplied_secret_however_it_is_written(caplog: pytest.LogCaptureFixture) -> None:
    simulator = Simulator()
    simulator.service.listeners.append(logs.listener)
    with caplog.at_level(logging.INFO, logger=logs.requests.name):
        _calls(simulator)
    turns = [record.__dict__["turn"] for record in caplog.records]
    assert len(turns) == 3
    _assert_masked(json.dumps(turns, ensure_ascii=False))
