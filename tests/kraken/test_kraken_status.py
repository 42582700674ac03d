"""WithdrawStatus: rows, filters and pages."""

from __future__ import annotations

import base64
import json
import re
from typing import Any

import pytest

JSON = "application/json"
INVALID_ARGUMENTS = b'{"error":["EGeneral:Invalid arguments"]}'


def test_a_row_has_the_keys_and_texts_of_the_captures(bench: Any) -> None:
    account = bench.account()
    withdrawal = account.withdrawal("BTC", "0.7248500000", state="Failure", status_prop="canceled")
    assert bench.ask(account, "WithdrawStatus").body == (
        b'{"error":[],"result":[{"method":"Bitcoin","aclass":"currency","asset":"XXBT","refid":"'
        + withdrawal.id.encode()
        + b'","txid":null,"info":"bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq","amount":"0.7248500000",'
        b'"fee":"0.00020000","time":1700000000,"status":"Failure","status-prop":"canceled","key":"btc-wallet",'
        b'"network":"Bitcoin"}]}'
    )


def test_a_row_without_a_property_has_no_such_key_and_a_txid_once_there_is_one(bench: Any) -> None:
    account = bench.account()
    withdrawal = account.withdrawal("USDT", "1996.5", state="Success", withdraw_key="poloniex")
    row = bench.rows(account)[0]
    assert row == {
        "method": "Tether USD (TRC20)",
        "aclass": "currency",
        "asset": "USDT",
        "refid": withdrawal.id,
        "txid": withdrawal._fresh().tx_id,
        "info": "TQmdxSuC16EhFg8FZWtYgrfFRosoRF7bCp",
        "amount": "1996.50000000",
        "fee": "2.50000000",
        "time": 1700000000,
        "status": "Success",
        "key": "poloniex",
        "network": "Tron",
    }
    assert len(row["txid"]) == 64


def test_rows_come_newest_first(bench: Any) -> None:
    account = bench.account()
    ids = [account.withdrawal("USDT", "10").id for _ in range(3)]
    assert [row["refid"] for row in bench.rows(account)] == ids[::-1]


@pytest.mark.parametrize(
    ("arguments", "amounts"),
    [
        ({}, [4, 3, 2, 1]),
        ({"asset": "XBT"}, [4, 3]),
        ({"asset": "btc"}, [4, 3]),
        ({"asset": "XXBT"}, [4, 3]),
        ({"asset": ""}, [4, 3, 2, 1]),
        ({"start": "", "end": "", "limit": ""}, [4, 3, 2, 1]),
        ({"method": "Bitcoin Lightning"}, [4]),
        ({"method": "Nothing"}, []),
        ({"start": "1700000010"}, [4, 3, 2]),
        ({"start": 1700000010.5}, [4, 3]),
        ({"end": 1700000010}, [2, 1]),
        ({"start": "1700000010", "end": "1700000020", "asset": "USDT"}, [2]),
        ({"limit": "2"}, [4, 3]),
        ({"limit": 1, "asset": "usdt", "aclass": "currency"}, [2]),
        ({"cursor": "False", "limit": None}, [4, 3, 2, 1]),
        ({"cursor": False}, [4, 3, 2, 1]),
        ({"cursor": ""}, [4, 3, 2, 1]),
    ],
)
def test_filters_narrow_the_list(bench: Any, arguments: dict[str, Any], amounts: list[int]) -> None:
    account = bench.account()
    for amount, asset in enumerate(("USDT", "USDT", "BTC"), 1):
        account.withdrawal(asset, amount)
        account.advance(seconds=10)
    account.withdrawal("BTC", 4, network="Lightning")
    rows = bench.ask(account, "WithdrawStatus", arguments, content_type=JSON).body
    assert [int(float(row["amount"])) for row in json.loads(rows)["result"]] == amounts


@pytest.mark.parametrize("cursor", [True, "true", "True"])
def test_pages_follow_each_other_by_their_cursors(bench: Any, cursor: object) -> None:
    account = bench.account()
    ids = [account.withdrawal("USDT", "10").id for _ in range(5)][::-1]

    def page(**arguments: Any) -> Any:
        return json.loads(bench.ask(account, "WithdrawStatus", arguments, content_type=JSON).body)["result"]

    first = page(cursor=cursor, limit=2)
    assert list(first) == ["withdrawals", "next_cursor"]
    # A cursor carries the limit of its page; a limit beside it wins.
    second = page(cursor=first["next_cursor"])
    assert [row["refid"] for row in second["withdrawals"]] == ids[2:4]
    rest = page(cursor=first["next_cursor"], limit=100)
    assert [row["refid"] for row in rest["withdrawals"]] == ids[2:]
    assert rest["next_cursor"] is None
    third = page(cursor=second["next_cursor"])
    assert ([row["refid"] for row in third["withdrawals"]], third["next_cursor"]) == (ids[4:], None)


def test_a_cursor_is_laid_out_as_the_captured_one(bench: Any) -> None:
    account = bench.account()
    last = [account.withdrawal("USDT", "10").id for _ in range(26)][1]
    page = bench.rows(account, cursor="true", limit="25")
    # The capture in ccxt's fetch_withdrawals, with another refid in it.
    captured = "HgAAAAAAAABGVFRSd3k1LVF4Y0JQY05Gd0xRY0NxenFndHpybkwBAQH2AwEBAAAAAQAAAAAAAAABAAAAAAAZAAAAAAAAAA=="
    expected = base64.b64decode(captured).replace(b"FTTRwy5-QxcBPcNFwLQcCqzqgtzrnL", last.encode())
    assert base64.b64decode(page["next_cursor"]) == expected


@pytest.mark.parametrize(
    "arguments",
    [
        {"limit": "0"},
        {"limit": "501"},
        {"limit": "1.5"},
        {"limit": "many"},
        {"limit": True},
        {"limit": [1]},
        {"limit": "٣"},
        {"limit": 10**400},
        {"start": "-1"},
        {"end": "1e5"},
        {"start": "9" * 31},
        {"asset": 7},
        {"method": ["Bitcoin"]},
        {"cursor": 1},
        {"cursor": "ü"},
        {"cursor": "AAAA"},
        {"cursor": base64.b64encode(b"\x1e" + bytes(69)).decode()},
    ],
)
def test_an_argument_without_a_valid_value_is_refused(bench: Any, arguments: dict[str, Any]) -> None:
    account = bench.account()
    account.withdrawal("USDT", "10")
    assert bench.ask(account, "WithdrawStatus", arguments, content_type=JSON).body == INVALID_ARGUMENTS


@pytest.mark.parametrize(("limit", "answered"), [(0, False), (1, True), (500, True), (501, False), (2**63, False)])
def test_a_forged_cursor_with_a_limit_that_no_page_has_is_refused(bench: Any, limit: int, answered: bool) -> None:
    account = bench.account()
    refid = account.withdrawal("USDT", "10").id
    flags = bytes.fromhex("010101f60301010000000100000000000000010000000000")
    token = bytes([30, 0, 0, 0, 0, 0, 0, 0]) + refid.encode() + flags + limit.to_bytes(8, "little")
    reply = bench.ask(account, "WithdrawStatus", {"cursor": base64.b64encode(token).decode()})
    last_page = b'{"error":[],"result":{"withdrawals":[],"next_cursor":null}}'
    assert reply.body == (last_page if answered else INVALID_ARGUMENTS)


@pytest.mark.parametrize(("network", "shape"), [("Ethereum", "0x[0-9a-f]{64}"), ("Tron", "[0-9a-f]{64}")])
def test_a_txid_has_the_prefix_of_its_network(bench: Any, network: str, shape: str) -> None:
    account = bench.account()
    account.withdrawal("USDT", "10", state="Success", network=network)
    assert re.fullmatch(shape, bench.rows(account)[0]["txid"])


@pytest.mark.parametrize("limit", [b"1e399", b"-1", b"2.0000000001"])
def test_a_number_that_json_alone_can_write_is_refused(bench: Any, limit: bytes) -> None:
    account = bench.account()
    body = b'{"nonce":1800000000000,"limit":' + limit + b"}"
    assert bench.ask(account, "WithdrawStatus", body=body, content_type=JSON).body == INVALID_ARGUMENTS


def test_one_account_does_not_see_the_withdrawals_of_another(bench: Any) -> None:
    bench.account().withdrawal("USDT", "10")
    assert bench.rows(bench.account()) == []


def test_amounts_keep_every_decimal_that_they_have(bench: Any) -> None:
    account = bench.account(balances={"USDT": "999999999999999999"})
    account.withdrawal("USDT", "123456789012345678.123456789012345678901234")
    assert bench.rows(account)[0]["amount"] == "123456789012345678.123456789012345678901234"
