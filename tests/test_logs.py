"""What `serve` tells of a request: one line, masked, and nothing that a terminal would obey."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest

from simulator import Request, Simulator, logs


@pytest.fixture
def told(simulator: Simulator) -> Iterator[list[dict[str, Any]]]:
    """The fields of every record, as they are written."""
    fields: list[dict[str, Any]] = []
    handler = logging.Handler()
    handler.emit = lambda record: fields.append(record.__dict__["turn"])  # type: ignore[method-assign]
    logs.requests.addHandler(handler)
    logs.requests.setLevel(logging.INFO)
    simulator.service.listeners.append(logs.listener)
    yield fields
    logs.requests.removeHandler(handler)


def test_a_supplied_password_is_masked_in_the_line(simulator: Simulator, told: list[dict[str, Any]]) -> None:
    simulator.alphapoint.account(username="bob", password="hunter2secret")
    login = json.dumps({"UserName": "bob", "Password": "hunter2secret"})
    simulator.open_socket("/WSGateway/").send(json.dumps({"m": 0, "i": 0, "n": "AuthenticateUser", "o": login}))
    simulator.open_socket("/WSGateway/").send(json.dumps({"m": 0, "i": 0, "n": "hunter2secret", "o": "{}"}))
    assert len(told) == 2
    assert "hunter2secret" not in str(told)
    assert all("***" in fields["asked"] for fields in told)


@pytest.mark.parametrize("before", [0, 5, 20])
def test_a_supplied_secret_where_the_line_is_cut_is_not_shown_in_part(
    simulator: Simulator, told: list[dict[str, Any]], before: int
) -> None:
    simulator.bybit.account(api_secret="Zk9Qw3Rt7Yx1Vb5Nm2Lp8Hg4Dc6Ja0Es")
    beginning = "GET /v5/" + "x" * (992 - before)
    simulator.answer(Request("GET", f"{beginning[4:]}Zk9Qw3Rt7Yx1Vb5Nm2Lp8Hg4Dc6Ja0Es{'y' * 100}"))
    assert told[0]["asked"] == f"{beginning}***{'y' * 100}"[:1000] + "…"


def test_a_frame_cannot_forge_lines_or_colours(simulator: Simulator, told: list[dict[str, Any]]) -> None:
    simulator.open_socket("/WSGateway/").send("\x1b[2J\nFAKE line")
    assert told[0]["asked"] == r"\x1b[2J\nFAKE line"


def test_a_long_text_is_cut(simulator: Simulator, told: list[dict[str, Any]]) -> None:
    simulator.answer(Request("GET", "/v5/" + "x" * 100_000))
    assert len(told[0]["asked"]) == len(told[0]["because"]) == 1001
    assert told[0]["asked"].endswith("x…")


@pytest.mark.parametrize(
    ("environment", "terminal", "coloured"),
    [
        ({}, True, True),
        ({}, False, False),
        ({"NO_COLOR": "1"}, True, False),
        ({"NO_COLOR": ""}, True, True),
        ({"FORCE_COLOR": "1"}, False, True),
        ({"FORCE_COLOR": "1", "NO_COLOR": "1"}, True, False),
        ({"TERM": "dumb"}, True, False),
    ],
)
def test_colours_are_for_terminals_and_for_those_who_ask(
    environment: dict[str, str], terminal: bool, coloured: bool
) -> None:
    assert logs.coloured(environment, terminal=terminal) is coloured


def test_serve_writes_text_without_colours_into_a_file_and_with_them_when_asked(
    simulator: Simulator, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    ours = logging.getLogger("exchange_simulator")
    kept = ours.handlers[:], ours.level, ours.propagate
    simulator.service.listeners.append(logs.listener)
    try:
        for wish in ("NO_COLOR", "FORCE_COLOR"):
            monkeypatch.delenv("NO_COLOR", raising=False)
            monkeypatch.setenv(wish, "1")
            logs.setup("text")
            simulator.answer(Request("GET", "/v5/market/time"))
    finally:
        ours.handlers[:], ours.level, ours.propagate = kept
    plain, coloured = capsys.readouterr().err.splitlines()
    assert plain.endswith("  bybit  GET /v5/market/time  200")
    assert coloured.endswith("  bybit  GET /v5/market/time  \x1b[32m200\x1b[0m")


def test_without_a_standard_error_there_is_a_log_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    """A daemon's may be closed."""
    ours = logging.getLogger("exchange_simulator")
    monkeypatch.setattr(ours, "handlers", [])
    monkeypatch.setattr(ours, "propagate", ours.propagate)
    monkeypatch.setattr("sys.stderr", None)
    logs.setup("text")
    logs.requests.info("a line that nobody reads")
