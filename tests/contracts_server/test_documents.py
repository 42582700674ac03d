"""What no exchange answers: JSON that is too deep, numbers beyond measure, members of another kind."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import pytest

from contracts.cli import main
from contracts.clients import CLIENTS, Unreadable
from contracts.documents import parsed
from contracts.stakes import replies_in
from contracts.targets.in_process import InProcess
from contracts.wire import EXCHANGES, HttpCall, HttpReply

DEEP = "[" * 200_000
NESTED = "[" * 5_000 + "]" * 5_000


@pytest.mark.parametrize("text", [DEEP, NESTED, '{"a":' * 102 + "0" + "}" * 102, "[" * 102 + "]" * 102])
def test_what_is_too_deep_is_no_document(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        parsed(text)
    with pytest.raises(ValueError, match=r"."):
        parsed(text.encode(), json.JSONDecoder(parse_float=Decimal).decode)


def test_a_hundred_levels_are_read() -> None:
    assert parsed("[" * 101 + "]" * 101) == json.loads("[" * 101 + "]" * 101)


def test_a_number_beyond_all_measure_is_no_document() -> None:
    with pytest.raises(ValueError, match="InvalidOperation"):
        parsed(b'{"amount":1e9999999999999999999999}', json.JSONDecoder(parse_float=Decimal).decode)


@pytest.mark.parametrize("exchange", EXCHANGES)
@pytest.mark.parametrize("text", [DEEP, NESTED, "null", "[]", "[1]", "{}", "\xff"])
def test_what_no_exchange_answers_is_unreadable_however_it_is_read(exchange: str, text: str) -> None:
    client = CLIENTS[exchange]
    for read in (client.answered, client.created):
        with pytest.raises(Unreadable):
            read(HttpReply(200, (), text.encode("latin-1")))


@pytest.mark.parametrize(
    ("exchange", "text"),
    [
        ("bybit", '{"retCode":0,"result":null}'),
        ("bybit", '{"retCode":0,"result":{"rows":[{"withdrawId":"1"}],"nextPageCursor":"","balance":[{}]}}'),
        ("okx", '{"code":"0","msg":"","data":[null]}'),
        ("okx", '{"code":"0","msg":"","data":[{"ccy":"USDT","availBal":"much"}]}'),
        ("kraken", '{"error":[],"result":null}'),
        ("kraken", '{"error":[],"result":{"USDT":"much"}}'),
        ("alphapoint", '[{"ProductSymbol":"USDT","Amount":"much","Hold":1}]'),
        ("alphapoint", "7"),
    ],
)
def test_members_of_another_kind_are_unreadable(exchange: str, text: str) -> None:
    client, reply = CLIENTS[exchange], HttpReply(200, (), text.encode())
    for read in (client.listed, client.available):
        with pytest.raises(Unreadable):
            read(reply)


def test_a_frame_that_is_too_deep_is_an_answer_as_it_is() -> None:
    (reply,) = replies_in([DEEP])
    assert reply.text == DEEP
    assert reply.member("SessionToken") is None


class Deep(InProcess):
    """Answers a few calls as it should, and then with nothing but brackets."""

    calls = 5

    def send(self, call: HttpCall) -> HttpReply:
        self.calls -= 1
        return super().send(call) if self.calls >= 0 else HttpReply(200, (), NESTED.encode())


@pytest.mark.parametrize("exchange", EXCHANGES)
@pytest.mark.parametrize("part", ["cases", "machine"])
def test_a_server_that_answers_with_brackets_alone_is_blamed_for_it(
    exchange: str, part: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("contracts.choice.InProcess", Deep)
    options = ["--parts", part, "--examples", "5", "--shrink", "1", "--scripts", str(tmp_path)]
    assert main(["server", "--exchange", exchange, *options]) == 1
    assert "failed: " in capsys.readouterr().out
