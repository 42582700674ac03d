"""The record query: where a client sees what became of a withdrawal."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest

Desk = Any
ADDRESS = "0x7c3f1cd65d8a3c3b1c7a9d3c5f0e2b4a6d8c0e11"


def rows(at: Desk, query: str = "") -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(at.list(query).body)["result"]["rows"]
    return found


def test_a_cancelled_withdrawal_is_shown_byte_for_byte(desk: type[Desk]) -> None:
    at = desk()
    at.clock.advance(833)
    withdrawal = at.account.withdrawal("USDT", "10")
    at.account.advance(seconds=13)
    at.cancel(withdrawal.id)
    cursor = base64.b64encode(f'{{"minID":{withdrawal.id},"maxID":{withdrawal.id}}}'.encode()).decode()
    assert at.list().body.decode() == (
        '{"retCode":0,"retMsg":"success","result":{"rows":[{"coin":"USDT","chain":"ETH","amount":"10","txID":"",'
        f'"status":"CancelByUser","toAddress":"{ADDRESS}","tag":"","withdrawFee":"4","createTime":"1700000000000",'
        f'"updateTime":"1700000013000","withdrawId":"{withdrawal.id}","withdrawType":0,"fee":"","tax":"",'
        f'"taxRate":"","taxType":""}}],"nextPageCursor":"{cursor}"}},"retExtInfo":{{}},"time":1700000000833}}'
    )


def test_an_account_without_withdrawals_has_an_empty_page_and_no_cursor(desk: type[Desk]) -> None:
    assert desk().list().body == (
        b'{"retCode":0,"retMsg":"success","result":{"rows":[],"nextPageCursor":""},"retExtInfo":{},'
        b'"time":1700000000000}'
    )


@pytest.mark.parametrize(
    ("state", "has_tx_id"),
    [
        ("UnderReview", False),
        ("Pending", False),
        ("Download", False),
        ("Broadcasted", True),
        ("BlockchainConfirmed", True),
        ("Success", True),
        ("CancelByUser", False),
        ("Fail", False),
    ],
)
def test_a_transaction_id_is_shown_once_there_is_a_transaction(desk: type[Desk], state: str, has_tx_id: bool) -> None:
    at = desk()
    at.account.withdrawal("USDT", "10", state=state)
    [row] = rows(at)
    assert bool(row["txID"]) is has_tx_id
    if has_tx_id:
        assert [found["withdrawId"] for found in rows(at, "txID=" + row["txID"])] == [row["withdrawId"]]


def test_records_come_newest_first_and_pages_partition_them(desk: type[Desk]) -> None:
    at = desk()
    ids = [at.account.withdrawal("USDT", "1").id for _ in range(7)]
    seen, cursor = [], ""
    for _ in range(5):
        page = json.loads(at.list("limit=3" + (f"&cursor={cursor}" if cursor else "")).body)["result"]
        seen.append([row["withdrawId"] for row in page["rows"]])
        cursor = page["nextPageCursor"]
        if not cursor:
            break
    newest = ids[::-1]
    assert seen == [newest[:3], newest[3:6], newest[6:], []]
    assert newest == sorted(newest, key=int, reverse=True)


def test_a_page_holds_fifty_records_unless_told_otherwise(desk: type[Desk]) -> None:
    at = desk()
    for _ in range(51):
        at.account.withdrawal("USDT", "1")
    assert [len(rows(at, query)) for query in ("", "limit=50", "limit=1")] == [50, 50, 1]


def test_filters_choose_by_id_coin_and_type_and_unknown_keys_choose_nothing(desk: type[Desk]) -> None:
    at = desk()
    first, second = at.account.withdrawal("USDT", "1"), at.account.withdrawal("BTC", "1")
    newest = [second.id, first.id]
    expected = {
        f"withdrawID={first.id}": [first.id],
        f"withdrawId={first.id}": newest,  # another case is another key, and is ignored
        "withdrawID=1": [],
        "coin=BTC": [second.id],
        "coin=btc": [],
        "coin=": newest,
        "withdrawType=0": newest,
        "withdrawType=1": [],
        "withdrawType=2": newest,
        "coin=%42TC&withdrawType=2": [second.id],
    }
    assert {query: [row["withdrawId"] for row in rows(at, query)] for query in expected} == expected


@pytest.mark.parametrize(
    "query", ["limit=0", "limit=51", "limit=ten", "limit=-1", "limit=" + "9" * 5000, "limit=%D9%A1"]
)
def test_a_limit_that_is_no_number_from_1_to_50_is_a_parameter_error(desk: type[Desk], query: str) -> None:
    at = desk()
    at.list(query)
    assert at.condition == "list.bad_parameter"


def test_an_unknown_type_is_refused_also_when_there_is_nothing_to_list(desk: type[Desk]) -> None:
    at = desk()
    at.list("withdrawType=3")
    assert at.condition == "list.bad_parameter"


@pytest.mark.parametrize(
    "cursor",
    [
        "x",
        "====",
        "%FF",
        "\udcff",
        base64.b64encode(b"{}").decode(),
        base64.b64encode(b"[]").decode(),
        base64.b64encode(b"7").decode(),
        base64.b64encode(b"\xff").decode(),
        base64.b64encode(b'{"minID":"1"}').decode(),
        base64.b64encode(b'{"minID":true}').decode(),
        base64.b64encode(b"[" * 10_000).decode(),
    ],
)
def test_a_cursor_that_was_never_given_out_is_refused(desk: type[Desk], cursor: str) -> None:
    at = desk()
    at.account.withdrawal("USDT", "1")
    at.list("cursor=" + cursor)
    assert at.condition == "list.bad_cursor"


def test_an_account_sees_its_own_withdrawals_only(desk: type[Desk]) -> None:
    at = desk()
    at.simulator.bybit.account("other").withdrawal("USDT", "1")
    assert rows(at) == []
