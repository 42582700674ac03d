"""The withdrawal history: its rows byte for byte, its filters, its order."""

from __future__ import annotations

import json
from typing import Any

import pytest

from simulator import Misuse

EMPTY = b'{"code":"0","data":[],"msg":""}'


def ids(bench: Any, account: Any, query: str = "") -> list[str]:
    """The ids of the rows, as they stand in the answer."""
    body = bench.history(account, query).body.decode()
    assert body.startswith('{"code":"0","data":[')
    return [part.partition('"')[0] for part in body.split('"wdId":"')[1:]]


def test_a_row_has_the_fields_of_the_documentation_in_its_order(bench: Any) -> None:
    account = bench.account(balances={"USDT": "100"})
    withdrawal = account.withdrawal("USDT", "10.50", network="USDT-TRC20", client_id="abc123", address="TN8abc")
    reply = bench.history(account)
    assert reply.status == 200
    assert reply.headers == (("Content-Type", "application/json"),)
    assert (
        reply.body
        == (
            b'{"code":"0","data":[{"note":"","chain":"USDT-TRC20","fee":"0.8","feeCcy":"USDT","ccy":"USDT",'
            b'"clientId":"abc123","toAddrType":"1","amt":"10.50","txId":"","from":"","areaCodeFrom":"","to":"TN8abc",'
            b'"areaCodeTo":"","state":"0","ts":"1700000000000","nonTradableAsset":false,"wdId":"%s"}],"msg":""}'
        )
        % withdrawal.id.encode()
    )


def test_the_newest_withdrawal_comes_first(bench: Any) -> None:
    account = bench.account()
    made = [account.withdrawal("BTC", "1").id for _ in range(3)]
    assert ids(bench, account) == made[::-1]


def test_a_limit_above_100_can_be_taken_for_100(bench: Any) -> None:
    account = bench.account(behavior={"list.limit_above_100": "clamped"})
    made = [account.withdrawal("BTC", "0.01").id for _ in range(101)]
    assert ids(bench, account, "?limit=101") == ids(bench, account, "?limit=9999") == made[:0:-1]
    assert bench.history(account, "?limit=0").body == b'{"code":"51000","data":[],"msg":"Parameter limit error."}'


def test_a_page_has_100_rows_unless_a_lower_limit_is_given(bench: Any) -> None:
    account = bench.account()
    made = [account.withdrawal("USDT", "1").id for _ in range(101)][::-1]
    assert ids(bench, account) == made[:100]
    assert ids(bench, account, "?limit=2") == made[:2]
    assert ids(bench, account, "?limit=") == made[:100]


def test_rows_are_chosen_by_currency_id_client_id_type_and_state(bench: Any) -> None:
    account = bench.account()
    first = account.withdrawal("BTC", "1", client_id="mine")
    second = account.withdrawal("USDT", "1", state="17")
    assert ids(bench, account, "?ccy=BTC") == [first.id]
    assert ids(bench, account, f"?wdId={second.id}") == [second.id]
    assert ids(bench, account, "?clientId=mine") == [first.id]
    assert ids(bench, account, "?clientId=Mine") == []
    assert ids(bench, account, "?state=17") == [second.id]
    assert ids(bench, account, "?state=-3") == []
    assert ids(bench, account, "?type=4") == [second.id, first.id]
    assert ids(bench, account, "?type=3") == []
    third = account.withdrawal("USDC", "1", internal=True, to_addr_type="2", address="12345678")
    assert ids(bench, account, "?type=3") == [third.id]
    assert ids(bench, account, "?type=4") == [second.id, first.id]
    assert ids(bench, account, "?toAddrType=2") == [third.id]
    assert ids(bench, account, "?toAddrType=1") == [second.id, first.id]
    assert ids(bench, account, "?ccy=BTC&state=17") == []


def test_after_means_earlier_and_before_means_later_both_strictly(bench: Any) -> None:
    account = bench.account()
    first = account.withdrawal("BTC", "1")
    account.advance(seconds=1)
    second = account.withdrawal("BTC", "1")
    assert ids(bench, account, "?after=1700000001000") == [first.id]
    assert ids(bench, account, "?after=1700000001001") == [second.id, first.id]
    assert ids(bench, account, "?before=1700000000000") == [second.id]
    assert ids(bench, account, "?before=1699999999999&after=1700000001000") == [first.id]


def test_a_range_written_as_in_the_documentations_own_example_is_empty(bench: Any) -> None:
    # The example has the two bounds the other way round than the parameter table.
    account = bench.account()
    account.withdrawal("BTC", "1")
    assert ids(bench, account, "?after=1654041600000&before=1700000000001") == []


def test_the_transaction_id_is_empty_until_the_broadcast_is_done(bench: Any) -> None:
    account = bench.account()
    withdrawal = account.withdrawal("BTC", "1", state="1")
    assert b'"txId":""' in bench.history(account).body
    withdrawal.event("validate")
    tx_id = bench.history(account).body.decode().partition('"txId":"')[2].partition('"')[0]
    assert len(tx_id) == 64
    assert ids(bench, account, f"?txId={tx_id}") == [withdrawal.id]
    assert ids(bench, account, "?txId=0000") == []


def shown_tx_id(bench: Any, account: Any) -> str:
    return str(bench.history(account).body.decode().partition('"txId":"')[2].partition('"')[0])


def test_a_failure_after_the_broadcast_keeps_the_transaction_id(bench: Any) -> None:
    account = bench.account()
    withdrawal = account.withdrawal("BTC", "1", state="15")
    tx_id = shown_tx_id(bench, account)
    assert len(tx_id) == 64
    withdrawal.event("fail")
    assert withdrawal.state == "-1"
    assert shown_tx_id(bench, account) == tx_id
    assert ids(bench, account, f"?txId={tx_id}") == [withdrawal.id]


@pytest.mark.parametrize("state", ["0", "17", "19", "10", "4", "7", "1", "16"])
def test_a_failure_before_the_broadcast_is_done_has_no_transaction_id(bench: Any, state: str) -> None:
    account = bench.account()
    account.withdrawal("BTC", "1", state=state).event("fail")
    assert b'"txId":"","from":"","areaCodeFrom":"","to":"' in bench.history(account, "?state=-1").body


def test_what_local_law_delays_has_no_transaction_id_until_it_has_arrived(bench: Any) -> None:
    account = bench.account()
    withdrawal = account.withdrawal("BTC", "1", state="7")
    withdrawal.event("delay")
    assert withdrawal.state == "16"
    assert shown_tx_id(bench, account) == ""
    withdrawal.event("complete")
    assert len(shown_tx_id(bench, account)) == 64


@pytest.mark.parametrize("state", ["-3", "-2", "-1", "16"])
def test_a_withdrawal_that_is_made_in_a_state_without_broadcast_has_no_transaction_id(bench: Any, state: str) -> None:
    account = bench.account()
    account.withdrawal("BTC", "1", state=state)
    assert shown_tx_id(bench, account) == ""


def test_an_evm_transaction_id_begins_with_0x(bench: Any) -> None:
    account = bench.account()
    account.withdrawal("ETH", "1", state="2")
    assert b'"txId":"0x' in bench.history(account).body


@pytest.mark.parametrize(
    "query", ["", "?wdId=1", "?state=0", "?ccy=BTC", "?after=1&before=2&limit=1&type=4&txId=x&clientId=y", "?a=b"]
)
def test_an_account_without_withdrawals_has_an_empty_list(bench: Any, query: str) -> None:
    assert bench.history(bench.account(), query).body == EMPTY


def test_unknown_parameters_and_empty_ones_are_ignored(bench: Any) -> None:
    account = bench.account()
    made = account.withdrawal("BTC", "1").id
    assert ids(bench, account, "?toAddrType=1&nonsense=1&ccy=") == [made]


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("?limit=0", b"limit"),
        ("?limit=101", b"limit"),
        ("?limit=-1", b"limit"),
        ("?limit=ten", b"limit"),
        ("?limit=" + "9" * 5000, b"limit"),
        ("?limit=%D9%A1", b"limit"),
        ("?after=now", b"after"),
        ("?before=1.5", b"before"),
        ("?type=5", b"type"),
        ("?state=99", b"state"),
        ("?state=internal 0", b"state"),
        ("?toAddrType=3", b"toAddrType"),
    ],
)
def test_a_parameter_without_a_valid_value_is_an_error_even_on_an_empty_list(
    bench: Any, query: str, name: bytes
) -> None:
    reply = bench.history(bench.account(), query)
    assert reply.status == 200
    assert reply.body == b'{"code":"51000","data":[],"msg":"Parameter %s error."}' % name


@pytest.mark.parametrize("query", ["?ccy=USDT&ccy=BTC", "?ccy=NOPE&ccy=BTC", "?ccy=BTC&ccy="])
def test_of_a_parameter_that_comes_twice_the_last_one_that_is_not_empty_counts(bench: Any, query: str) -> None:
    # [unknown]: no capture of such a query.
    account = bench.account()
    withdrawal = account.withdrawal("BTC", "1")
    account.withdrawal("USDT", "1")
    assert ids(bench, account, query) == [withdrawal.id]


def test_a_currency_that_nobody_knows_is_named_even_on_an_empty_list(bench: Any) -> None:
    reply = bench.history(bench.account(), "?ccy=a%22b")
    assert reply.body == b'{"code":"58006","data":[],"msg":"Service unavailable for token a\\"b."}'


def test_another_accounts_withdrawals_are_not_shown(bench: Any) -> None:
    other = bench.account()
    withdrawal = other.withdrawal("BTC", "1")
    assert ids(bench, bench.account(), f"?wdId={withdrawal.id}") == []


@pytest.mark.parametrize("client_id", ["", "a" * 33, "with blank", "ä"])
def test_a_client_id_is_up_to_32_letters_and_digits(bench: Any, client_id: str) -> None:
    with pytest.raises(Misuse, match="client_id"):
        bench.account().withdrawal("BTC", "1", client_id=client_id)


def test_withdrawals_of_one_millisecond_have_moments_of_their_own(bench: Any) -> None:
    account = bench.account()
    body = '{"ccy":"USDT","amt":"10","dest":"4","toAddr":"0x7c3f1cd65d8a3c3b1c7a9d3c5f0e2b4a6d8c0e11"}'
    for _ in range(3):
        assert bench.post(account, "asset/withdrawal", body).status == 200
    shown = json.loads(bench.history(account).body)["data"]
    assert [row["ts"] for row in shown] == ["1700000000002", "1700000000001", "1700000000000"]
    assert [row["wdId"] for row in shown] == [made.id for made in reversed(account.withdrawals)]


def test_a_page_by_before_has_the_rows_next_to_it_or_the_newest(bench: Any) -> None:
    account = bench.account()
    made = [account.withdrawal("BTC", "1").id for _ in range(5)]
    query = "?limit=2&before=1700000000000"
    assert ids(bench, account, query) == [made[2], made[1]]
    # An interval is paged through backwards.
    assert ids(bench, account, query + "&after=1700000000004") == [made[3], made[2]]
    account.set(behavior={"list.before_takes": "the newest"})
    assert ids(bench, account, query) == [made[4], made[3]]
