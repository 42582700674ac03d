"""Ledgers and QueryLedgers: the debit of a withdrawal, the reversal of one that did not happen, filters and pages."""

from __future__ import annotations

import json
import re
from decimal import Decimal
from typing import Any

import pytest

JSON = "application/json"
INVALID_ARGUMENTS = b'{"error":["EGeneral:Invalid arguments"]}'
LEDGER_ID = re.compile("L[A-Z2-7]{5}-[A-Z2-7]{5}-[A-Z2-7]{6}")


def ledgers(bench: Any, account: Any, **arguments: Any) -> Any:
    document = json.loads(bench.ask(account, "Ledgers", arguments, content_type=JSON).body)
    assert document["error"] == []
    return document["result"]


def amounts(bench: Any, account: Any, **arguments: Any) -> list[str]:
    return [row["amount"] for row in ledgers(bench, account, **arguments)["ledger"].values()]


def test_a_canceled_withdrawal_is_booked_back_with_a_negative_fee(bench: Any) -> None:
    """The amounts of a capture of 2023 (BittyTax#287)."""
    account = bench.account(balances={"EUR": "5.004"})
    withdrawal = account.withdrawal("EUR", "4.91")
    account.advance(seconds=1.5)
    bench.cancel(account, withdrawal, "EUR")
    account.advance(seconds=30)
    body = bench.ask(account, "Ledgers").body.decode()
    ids = LEDGER_ID.findall(body)
    deposit = re.findall("Q[A-Z2-7]{6}-[A-Z2-7]{6}-[A-Z2-7]{6}", body)
    assert body == (
        '{"error":[],"result":{"ledger":{'
        f'"{ids[0]}":{{"refid":"{withdrawal.id}","time":1700000031.5,"type":"withdrawal","subtype":"",'
        '"aclass":"currency","asset":"ZEUR","amount":"4.9100","fee":"-0.0900","balance":"5.0040"},'
        f'"{ids[1]}":{{"refid":"{withdrawal.id}","time":1700000000,"type":"withdrawal","subtype":"",'
        '"aclass":"currency","asset":"ZEUR","amount":"-4.9100","fee":"0.0900","balance":"0.0040"},'
        f'"{ids[2]}":{{"refid":"{deposit[0]}","time":1700000000,"type":"deposit","subtype":"",'
        '"aclass":"currency","asset":"ZEUR","amount":"5.0040","fee":"0.0000","balance":"5.0040"}},"count":3}}'
    )
    assert len(set(ids)) == 3


def test_a_withdrawal_that_failed_is_booked_back_and_one_that_left_is_not(bench: Any) -> None:
    account = bench.account(balances={"USDT": "100"})
    failed, left = account.withdrawal("USDT", "10"), account.withdrawal("USDT", "20")
    failed.event("fail")
    account.advance(hours=1)
    assert left.stage == "processed"
    assert amounts(bench, account, type="withdrawal") == ["10.00000000", "-20.00000000", "-10.00000000"]


@pytest.mark.parametrize(
    ("state", "lines"),
    [("Initial", 1), ("Pending/cancel-pending", 1), ("Success", 1), ("Failure", 2), ("Failure/canceled", 2)],
)
def test_a_withdrawal_that_begins_in_a_state_is_booked_as_that_state_says(bench: Any, state: str, lines: int) -> None:
    account = bench.account(balances={"USDT": "100"})
    account.withdrawal("USDT", "10", state=state)
    assert amounts(bench, account, type="withdrawal") == ["10.00000000", "-10.00000000"][-lines:]


def test_a_transfer_is_booked_as_one_without_a_fee(bench: Any) -> None:
    account = bench.account(balances={"USDT": "100"})
    account.withdrawal("USDT", "10", internal=True)
    [line] = ledgers(bench, account, type="transfer")["ledger"].values()
    assert (line["type"], line["amount"], line["fee"], line["balance"]) == (
        "transfer",
        "-10.00000000",
        "0.00000000",
        "90.00000000",
    )


def test_the_order_of_one_millisecond_is_that_of_events(bench: Any) -> None:
    account = bench.account(balances={"USDT": "12.5"})
    for _ in range(3):
        account.withdrawal("USDT", "10").event("fail")
    balances = [row["balance"] for row in ledgers(bench, account)["ledger"].values()]
    assert balances == ["12.50000000", "0.00000000"] * 3 + ["12.50000000"]


def test_an_account_without_money_has_an_empty_ledger(bench: Any) -> None:
    account = bench.account(balances={"USDT": "0"})
    assert bench.ask(account, "Ledgers").body == b'{"error":[],"result":{"ledger":{},"count":0}}'


def test_an_entry_keeps_its_id(bench: Any) -> None:
    account = bench.account(balances={"USDT": "100"})
    withdrawal = account.withdrawal("USDT", "10")
    before = list(ledgers(bench, account)["ledger"])
    withdrawal.event("fail")
    account.withdrawal("USDT", "10")
    assert [id for id in ledgers(bench, account)["ledger"] if id in before] == before


@pytest.mark.parametrize(
    ("arguments", "found"),
    [
        ({}, [3, 2, 1, 0]),
        ({"asset": "all", "type": "all", "aclass": "currency"}, [3, 2, 1, 0]),
        ({"asset": "usdt"}, [3, 2, 1, 0]),
        ({"asset": "XBT"}, []),
        ({"asset": "XBT,USDT"}, [3, 2, 1, 0]),
        ({"aclass": "tokenized_asset"}, []),
        ({"type": "deposit"}, [0]),
        ({"type": "trade"}, []),
        ({"ofs": 2}, [1, 0]),
        ({"ofs": "1", "type": "withdrawal"}, [2, 1]),
        ({"ofs": 100}, []),
        ({"start": 1700000000}, [3, 2]),
        ({"start": "1700000009.999"}, [3, 2]),
        ({"start": 1700000010}, [3]),
        ({"end": "1700000010"}, [2, 1, 0]),
        ({"end": 1700000009.5}, [1, 0]),
        ({"start": 1700000000, "end": 1700000010}, [2]),
        ({"start": 1700000010, "end": 1700000000}, []),
        ({"start": "", "end": None, "ofs": ""}, [3, 2, 1, 0]),
    ],
)
def test_entries_are_filtered(bench: Any, arguments: dict[str, Any], found: list[int]) -> None:
    account = bench.account(balances={"USDT": "100"})
    for amount in (1, 2, 3):
        account.withdrawal("USDT", amount)
        account.advance(seconds=10)
    listed = [int(float(amount)) for amount in amounts(bench, account, **arguments)]
    assert listed == [100 if number == 0 else -number for number in found]


def test_an_entry_may_be_the_bound_start_without_it_end_with_it(bench: Any) -> None:
    account = bench.account(balances={"USDT": "100"})
    for amount in (1, 2, 3):
        account.withdrawal("USDT", amount)
    newest_first = list(ledgers(bench, account)["ledger"])
    assert list(ledgers(bench, account, start=newest_first[2])["ledger"]) == newest_first[:2]
    assert list(ledgers(bench, account, end=newest_first[2])["ledger"]) == newest_first[2:]


def test_pages_of_fifty_visit_every_entry_once(bench: Any) -> None:
    account = bench.account()
    for _ in range(60):
        account.withdrawal("DOT", "1")
    pages = [ledgers(bench, account, ofs=offset, asset="DOT") for offset in (0, 50, 100)]
    assert [(len(page["ledger"]), page["count"]) for page in pages] == [(50, 61), (11, 61), (0, 61)]
    assert len({id for page in pages for id in page["ledger"]}) == 61


@pytest.mark.parametrize("without", [True, "true", "True", "1"])
def test_the_count_may_be_left_away(bench: Any, without: object) -> None:
    assert list(ledgers(bench, bench.account(), without_count=without)) == ["ledger"]
    assert list(ledgers(bench, bench.account(), without_count=False)) == ["ledger", "count"]


@pytest.mark.parametrize(
    "arguments",
    [
        {"type": "nothing"},
        {"type": 1},
        {"ofs": "1.5"},
        {"ofs": "-1"},
        {"ofs": [1]},
        {"start": "yesterday"},
        {"start": "LAAAAA-AAAAA-AAAAAA"},
        {"end": True},
        {"end": {"a": 1}},
        {"asset": 5},
        {"without_count": "maybe"},
        {"without_count": 2},
    ],
)
def test_an_argument_without_a_valid_value_is_refused(bench: Any, arguments: dict[str, Any]) -> None:
    assert bench.ask(bench.account(), "Ledgers", arguments, content_type=JSON).body == INVALID_ARGUMENTS


def test_entries_are_asked_for_by_id_in_the_order_asked(bench: Any) -> None:
    account = bench.account(balances={"USDT": "100"})
    account.withdrawal("USDT", "10")
    entries = ledgers(bench, account)["ledger"]
    ids = list(reversed(entries))
    asked = ", ".join([*ids, "LAAAAA-AAAAA-AAAAAA", ids[0]])
    answered = json.loads(bench.ask(account, "QueryLedgers", {"id": asked, "trades": "False"}).body)["result"]
    assert list(answered) == ids
    assert answered == entries


def test_the_entries_of_another_account_are_left_out(bench: Any) -> None:
    [id, *_] = ledgers(bench, bench.account(balances={"USDT": "100"}))["ledger"]
    assert bench.ask(bench.account(), "QueryLedgers", {"id": id}).body == b'{"error":[],"result":{}}'


@pytest.mark.parametrize("id", ["", None, 5, ["L"], True])
def test_an_id_is_text(bench: Any, id: object) -> None:
    assert bench.ask(bench.account(), "QueryLedgers", {"id": id}, content_type=JSON).body == INVALID_ARGUMENTS


@pytest.mark.parametrize(("method", "passed"), [("Ledgers", 7), ("QueryLedgers", 7), ("Balance", 15)])
def test_a_ledger_method_costs_two_on_the_call_counter(bench: Any, method: str, passed: int) -> None:
    account = bench.account(limits=True)
    bodies = [bench.ask(account, method, {"id": "L"}).body for _ in range(20)]
    assert bodies.count(b'{"error":["EAPI:Rate limit exceeded"]}') == 20 - passed


def test_amounts_less_fees_are_the_balance(bench: Any) -> None:
    account = bench.account(balances={"USDT": "100", "DOT": "7"})
    account.withdrawal("USDT", "10").event("fail")
    account.withdrawal("USDT", "1.23456789", state="Success")
    account.withdrawal("DOT", "3.00000000000000001")
    totals: dict[str, Decimal] = {}
    for row in ledgers(bench, account)["ledger"].values():
        totals[row["asset"]] = totals.get(row["asset"], Decimal()) + Decimal(row["amount"]) - Decimal(row["fee"])
    shown = json.loads(bench.ask(account, "Balance").body)["result"]
    assert totals == {asset: Decimal(text) for asset, text in shown.items()}
