"""The tables of codes: every documented one has a row, and every row can be brought to the wire, byte for byte.

`documented_codes.json` is a transcript of the documentation's table: code, HTTP status, text with its blanks.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from simulator.core.rows import Row, conditions, rows
from simulator.exchanges.okx.behavior import Conditions
from simulator.exchanges.okx.errors import Errors

DOCUMENTED = json.loads((Path(__file__).parent / "documented_codes.json").read_text())
ROWS = rows(Errors)
BY_CODE = {code: [row for row in ROWS if row.code == code] for code, *_ in DOCUMENTED}

ON_THE_WIRE = {
    50011: {200, 429},
    50014: {400},
    50101: {401},
    50119: {401},  # documented as 200, seen as 401
    50120: {401},  # the same
}
"""Codes whose status is known from the wire."""

REWORDED = {
    50014: "Parameter transId cant be empty. and Parameter instId can not be empty. were seen",
    50071: "the example behind the documented text is none of its own",
    50102: "seen without the full stop",
    50103: "seen without quotes and with 'can not'",
    50104: "worded after 50103",
    50105: "seen without quotes",
    50106: "worded after 50103",
    50107: "worded after 50103",
    50110: "seen with the key in it",
    50111: "seen without the full stop",
    50112: "seen without the full stop",
    50113: "seen as Invalid Sign",
    50114: "seen as Invalid Authority",
    50115: "worded after the others of the gateway",
}
"""Codes whose text on the wire is another than the documented one, and why."""


def plain(text: str) -> str:
    """A text with its blanks left out."""
    return re.sub(r"\{[^}]*\}", "{}", text)


@pytest.mark.parametrize(("code", "status", "text"), DOCUMENTED, ids=[str(code) for code, *_ in DOCUMENTED])
def test_a_documented_code_has_a_row_with_its_text(code: int, status: int, text: str) -> None:
    found = BY_CODE[code]
    assert found
    assert status in {row.status for row in found} or {row.status for row in found} == ON_THE_WIRE[code]
    if code in REWORDED:
        assert all(row.evidence != "doc" or code == 50071 for row in found)
    else:
        assert plain(text) in {plain(row.text) for row in found}


def test_codes_that_are_no_documented_ones_are_those_of_the_socket_and_the_edge() -> None:
    known = {code for code, *_ in DOCUMENTED}
    assert {row.code for row in ROWS if row.code not in known and row.shape not in ("event", "notice", "close")} == {
        404,
        500,
        51000,
    }


SOCKET_CODES = (
    "60004 60005 60006 60007 60008 60009 60011 60012 60013 60014 60018 60019 60023 60024 60026 60027 60028 60031 60032 "
    "63999 64001 64002 64003 64007"
)


def test_the_sockets_codes_have_rows() -> None:
    assert sorted({str(row.code) for row in ROWS if row.shape == "event"}) == SOCKET_CODES.split()
    assert [row.code for row in ROWS if row.shape == "notice"] == [64008]
    assert {row.code for row in ROWS if row.shape == "close"} == {1001, 1009, *range(4001, 4010)}


KEY = "b68428e0-6ea2-4dd8-9de2-af7f6114ecb8"
TOLD = {"name": "wdId", "ip": "127.0.0.1", "api_key": KEY}
"""What a cancel of an unknown withdrawal can tell of itself."""
NOT_TOLD = {
    "other limit token chain parameters fee daily_limit monthly_limit quota_remaining symbol": "no withdrawal is found",
    "text op arg channel": "there is no frame",
    "region behavior min_num business_type inst_family instrument endpoint tr_id sub_account days months source target "
    "percentage ccy amount": "nothing here knows of such things",
}
"""Blanks that stay empty in its answer, and why."""


def filled(row: Row, told: dict[str, str], not_told: dict[str, str]) -> str:
    return row.text.format(**told, **dict.fromkeys(" ".join(not_told).split(), ""))


def expected(row: Row) -> dict[str, Any]:
    """The document that carries a row over HTTP to a cancel of an unknown withdrawal."""
    text = filled(row, TOLD, NOT_TOLD)
    if row.shape == "edge":
        return {
            "code": row.code,
            "data": {},
            "detailMsg": "",
            "error_code": str(row.code),
            "error_message": text,
            "msg": text,
        }
    if row.shape == "service":
        return {"code": str(row.code), "data": [], "msg": text}
    return {"msg": text, "code": str(row.code)}


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_a_behavior_brings_every_row_to_the_wire_in_its_shape_and_status(bench: Any, row: Row) -> None:
    account = bench.account(behavior={"cancel.unknown_id": row.name}, api_key=KEY)
    reply = bench.cancel(account, "1")
    assert reply.status == row.status
    document = json.loads(reply.body)
    assert (document, list(document)) == (expected(row), list(expected(row)))


@pytest.mark.parametrize("row", [row for row in ROWS if row.shape != "close"], ids=lambda row: row.name)
def test_a_behavior_brings_every_row_to_the_socket(bench: Any, row: Row) -> None:
    socket = bench.socket(bench.account(behavior={"channel.unknown": row.name}, api_key=KEY))
    asked = '{"op":"subscribe","args":[{"channel":"tickers"}]}'
    (frame,) = socket.send(asked)
    of_the_frame = {"text": asked, "op": "subscribe", "arg": "channel:tickers", "channel": "tickers"}
    not_told = {key: why for key, why in NOT_TOLD.items() if key != "text op arg channel"}
    text = filled(row, {**TOLD, "name": "channel", **of_the_frame}, not_told)
    document = json.loads(frame)
    assert list(document) == ["event", "msg", "code", "connId"]
    # 64008 was captured as an event of its own, every other code as an error.
    event = "notice" if row.name == "SERVICE_UPGRADE" else "error"
    assert (document["event"], document["msg"], document["code"]) == (event, text, str(row.code))


@pytest.mark.parametrize(
    ("row", "status", "body"),
    [
        ("METHOD_INVALID_SERVICE", 405, b'{"code":"50115","data":[],"msg":"Invalid request method"}'),
        (
            "BODY_EMPTY_SERVICE",
            400,
            b'{"code":"50000","data":[],"msg":"Body for POST request cannot be empty."}',
        ),
        ("JSON_SYNTAX_SERVICE", 400, b'{"code":"50002","data":[],"msg":"JSON syntax error"}'),
        (
            "CONTENT_TYPE_SERVICE",
            400,
            b'{"code":"50006","data":[],"msg":"Invalid Content-Type. Please use \\"application/JSON\\"."}',
        ),
        ("PARAMETER_ERROR_400", 400, b'{"code":"51000","data":[],"msg":"Parameter wdId error"}'),
        ("NO_ASSETS", 200, b'{"code":"58008","data":[],"msg":"You do not have assets in this currency."}'),
        (
            "DEMO_UNAVAILABLE_2023",
            200,
            b'{"code":"50038","data":[],"msg":"This feature is temporarily unavailable in demo trading"}',
        ),
        (
            "ADDRESS_NOT_VERIFIED_2023",
            200,
            b'{"code":"58207","data":[],"msg":"Withdrawal address is not whitelisted for verification exemption"}',
        ),
        ("CODE_58403", 200, b'{"code":"58403","data":[],"msg":"Transaction cannot be canceled"}'),
        (
            "CODE_50035",
            403,
            b'{"code":"50035","data":[],"msg":"This endpoint requires that APIKey must be bound to IP"}',
        ),
        (
            "CODE_50121",
            200,
            b'{"msg":"You can\'t access our services through the IP address (127.0.0.1)","code":"50121"}',
        ),
    ],
)
def test_rows_that_only_a_behavior_brings_are_written_out(bench: Any, row: str, status: int, body: bytes) -> None:
    reply = bench.cancel(bench.account(behavior={"cancel.unknown_id": row}), "1")
    assert (reply.status, reply.body) == (status, body)


def test_every_condition_belongs_to_a_room_whose_tests_break_all_of_them() -> None:
    rooms = {condition.name.partition(".")[0] for condition in conditions(Conditions)}
    of_the_gateway = {"route", "auth", "limit", "body", "cancel"}
    of_reading = {"list", "status", "currencies", "instruments"}
    of_the_socket = {"socket", "frame", "login", "channel"}
    assert rooms == of_the_gateway | of_reading | of_the_socket | {"create", "lightning"}
