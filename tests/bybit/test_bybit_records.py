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


# --- times --------------------------------------------------------------------------------------------------------

DAY_MS = 24 * 3600 * 1000
NOW_MS = 1_700_000_000_000


def ages(at: Desk, query: str = "") -> list[int]:
    """How many days old the withdrawals are that the query shows."""
    now_ms = at.account.now_ms
    return [(now_ms - int(row["createTime"])) // DAY_MS for row in rows(at, query)]


def aged(desk: type[Desk]) -> Desk:
    """An account with withdrawals of 60, 31, 30, 10 and 0 days ago."""
    at = desk()
    for days in (29, 1, 20, 10, 0):
        at.account.withdrawal("USDT", "1")
        at.account.advance(hours=24 * days)
    return at


def test_the_last_thirty_days_are_shown_unless_times_are_given(desk: type[Desk]) -> None:
    assert ages(aged(desk)) == [0, 10, 30]


@pytest.mark.parametrize(
    ("start_days", "end_days", "shown"),
    [
        (60, None, [30, 31, 60]),  # 30 days from the start on
        (59, None, [30, 31]),
        (None, 30, [30, 31, 60]),  # 30 days back from the end
        (None, 31, [31, 60]),
        (31, 10, [10, 30, 31]),
        (30, 30, [30]),
        (5, 4, []),
    ],
)
def test_times_are_taken_literally_and_include_both_ends(
    desk: type[Desk], start_days: int | None, end_days: int | None, shown: list[int]
) -> None:
    at = aged(desk)
    now_ms = at.account.now_ms
    given = {"startTime": start_days, "endTime": end_days}
    query = "&".join(f"{name}={now_ms - days * DAY_MS}" for name, days in given.items() if days is not None)
    assert ages(at, query) == shown


@pytest.mark.parametrize(
    ("span_ms", "condition"),
    [(-1, "list.bad_interval"), (0, None), (30 * DAY_MS - 1, None), (30 * DAY_MS, "list.bad_interval")],
)
def test_less_than_thirty_days_may_be_asked_for(desk: type[Desk], span_ms: int, condition: str | None) -> None:
    at = desk()
    reply = at.list(f"startTime={NOW_MS}&endTime={NOW_MS + span_ms}")
    assert at.condition == condition
    if condition:
        assert b'"retMsg":"The interval between the startTime and endTime is incorrect"' in reply.body


@pytest.mark.parametrize("query", ["startTime=now", "endTime=-1", "startTime=1.5", "endTime=" + "9" * 33])
def test_a_time_that_is_no_number_is_a_parameter_error(desk: type[Desk], query: str) -> None:
    at = desk()
    at.list(query)
    assert at.condition == "list.bad_parameter"


# --- types --------------------------------------------------------------------------------------------------------


def test_internal_and_on_chain_withdrawals_partition_the_list(desk: type[Desk]) -> None:
    at = desk()
    outside, inside = at.account.withdrawal("USDT", "1"), at.account.withdrawal("USDT", "1", internal=True)
    shown = {kind: [row["withdrawId"] for row in rows(at, f"withdrawType={kind}")] for kind in "012"}
    assert shown == {"0": [outside.id], "1": [inside.id], "2": [inside.id, outside.id]}
    assert rows(at, f"withdrawID={inside.id}") == []  # without a type, internal ones are not seen at all
    [row] = rows(at, "withdrawType=1")
    assert [row[name] for name in ("chain", "toAddress", "withdrawFee", "withdrawType")] == [
        "internalAddressChain",
        "24617703",
        "0",
        1,
    ]


def test_an_internal_withdrawal_of_our_own_surfaces_goes_to_the_uid_that_is_named(desk: type[Desk]) -> None:
    at = desk()
    at.account.withdrawal("USDT", "1", internal=True, address="777", tag="9")
    [row] = rows(at, "withdrawType=1")
    assert (row["toAddress"], row["tag"]) == ("777", "9")


def test_a_sequence_of_pages_partitions_the_list_also_while_it_grows(desk: type[Desk]) -> None:
    at = desk()
    ids = [at.account.withdrawal("USDT", "1").id for _ in range(4)]
    first = json.loads(at.list("limit=2").body)["result"]
    at.account.withdrawal("USDT", "1")  # newer than the cursor: not on the next page
    second = json.loads(at.list(f"limit=2&cursor={first['nextPageCursor']}").body)["result"]
    seen = [row["withdrawId"] for page in (first, second) for row in page["rows"]]
    assert seen == ids[::-1]


def test_times_are_compared_in_the_seconds_that_a_record_shows(desk: type[Desk]) -> None:
    at = desk()
    at.clock.advance(999)
    made = at.account.withdrawal("USDT", "10")
    [row] = rows(at)
    assert row["createTime"] == "1700000000000"
    for query in (
        "endTime=1700000000000",
        "startTime=1700000000000",
        "startTime=1700000000000&endTime=1700000000000",
        "startTime=1700000000999",  # a client's own clock, just before it asked
        "endTime=1700000000500",
    ):
        assert [found["withdrawId"] for found in rows(at, query)] == [made.id]
    assert rows(at, "startTime=1700000001000") == rows(at, "endTime=1699999999999") == []
    at.account.set(behavior={"list.times_are_filtered": "to the ms"})
    assert rows(at, "endTime=1700000000000") == rows(at, "endTime=1700000000998") == []
    assert rows(at, "startTime=1700000000999&endTime=1700000000999") == [row]
