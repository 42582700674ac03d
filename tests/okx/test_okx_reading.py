"""What is read besides the history: status, currencies, balances, bills, configuration, and what SDKs load."""

from __future__ import annotations

import json
from typing import Any

import pytest

from simulator import Request
from simulator.core.rows import conditions
from simulator.exchanges.okx import OKX
from simulator.exchanges.okx.behavior import Conditions

EMPTY = b'{"code":"0","data":[],"msg":""}'
BUSY = b'{"code":"50013","data":[],"msg":"Systems are busy. Please try again later."}'


def rows(reply: Any) -> list[dict[str, Any]]:
    document = json.loads(reply.body)
    assert (reply.status, document["code"], document["msg"]) == (200, "0", "")
    found: list[dict[str, Any]] = document["data"]
    return found


def refused(bench: Any) -> str:
    return str(bench.entries[-1].refused.condition)


REFUSALS = [
    (
        "list.bad_parameter",
        "asset/bills?limit=0",
        {},
        200,
        b'{"code":"51000","data":[],"msg":"Parameter limit error."}',
    ),
    (
        "list.unknown_currency",
        "asset/currencies?ccy=BTC,NOPE",
        {},
        200,
        b'{"code":"58006","data":[],"msg":"Service unavailable for token NOPE."}',
    ),
    (
        "list.too_many_currencies",
        "asset/balances?ccy=" + ",".join(["BTC"] * 21),
        {},
        200,
        b'{"code":"50025","data":[],"msg":"Parameter ccy count exceeds the limit 20."}',
    ),
    (
        "status.unknown_id",
        "asset/deposit-withdraw-status?wdId=1",
        {},
        200,
        b'{"code":"58215","data":[],"msg":"Withdrawal ID does not exist."}',
    ),
    (
        "status.both_ids",
        "asset/deposit-withdraw-status?wdId=1&txId=2",
        {},
        200,
        b'{"code":"50024","data":[],"msg":"Parameter wdId and txId can not exist at the same time."}',
    ),
    (
        "status.neither_id",
        "asset/deposit-withdraw-status?wdId=",
        {},
        400,
        b'{"code":"50015","data":[],"msg":"Either parameter wdId or txId is required"}',
    ),
    (
        "status.parameter_missing",
        "asset/deposit-withdraw-status?txId=1&ccy=BTC&chain=BTC-Bitcoin",
        {},
        400,
        b'{"code":"50014","data":[],"msg":"Parameter to can not be empty."}',
    ),
    (
        "currencies.demo",
        "asset/currencies",
        {"demo": True},
        200,
        b'{"code":"50038","data":[],"msg":"This feature is unavailable in demo trading"}',
    ),
]

PUBLIC_REFUSALS = [
    (
        "instruments.type_missing",
        "public/instruments",
        400,
        b'{"code":"50014","data":[],"msg":"Parameter instType can not be empty."}',
    ),
    (
        "instruments.no_underlying",
        "public/instruments?instType=OPTION",
        400,
        b'{"code":"50015","data":[],"msg":"Either parameter uly or instFamily is required"}',
    ),
]


@pytest.mark.parametrize(("condition", "path", "options", "status", "body"), REFUSALS)
def test_a_broken_check_answers_its_row(
    bench: Any, condition: str, path: str, options: dict[str, Any], status: int, body: bytes
) -> None:
    headers = {"x-simulated-trading": "1"} if options.get("demo") else {}
    reply = bench.ask(bench.account(**options), "GET", "/api/v5/" + path, headers=headers)
    assert (reply.status, reply.body) == (status, body)
    assert refused(bench) == condition
    other = bench.account(behavior={condition: "SYSTEMS_BUSY"}, **options)
    assert bench.ask(other, "GET", "/api/v5/" + path, headers=headers).body == BUSY


@pytest.mark.parametrize(("condition", "path", "status", "body"), PUBLIC_REFUSALS)
def test_a_broken_check_of_a_public_call_answers_its_row(
    bench: Any, condition: str, path: str, status: int, body: bytes
) -> None:
    reply = bench.simulator.answer(Request("GET", "/api/v5/" + path))
    assert (reply.status, reply.body) == (status, body)
    assert refused(bench) == condition
    bench.simulator.okx.set(behavior={condition: "SYSTEMS_BUSY"})
    assert bench.simulator.answer(Request("GET", "/api/v5/" + path)).body == BUSY


def test_the_conditions_of_reading_are_all_here_in_the_order_of_the_table() -> None:
    broken = [condition for condition, *_ in (*REFUSALS, *PUBLIC_REFUSALS)]
    rooms = ("list.", "status.", "currencies.", "instruments.")
    assert broken == [one.name for one in conditions(Conditions) if one.name.startswith(rooms)]


def test_a_status_is_a_sentence_with_the_expected_end_in_utc_plus_8(bench: Any) -> None:
    account = bench.account()
    made = account.withdrawal("BTC", "1", state="19")
    assert bench.get(account, f"asset/deposit-withdraw-status?wdId={made.id}").body == (
        b'{"code":"0","data":[{"wdId":"%s","txId":"","state":"Pending withdrawal: Wallet is under maintenance, please '
        b'wait.","estCompleteTime":"11/15/2023, 6:54:20 AM"}],"msg":""}' % made.id.encode()
    )


@pytest.mark.parametrize(
    ("state", "sentence", "end"),
    [
        ("0", "Pending withdrawal: Waiting withdrawal", "11/15/2023, 6:24:20 AM"),
        ("4", "Pending withdrawal: Waiting manual review", "11/15/2023, 6:39:20 AM"),
        ("1", "Withdrawal in progress: Broadcasting your transaction to chain", "11/15/2023, 6:18:20 AM"),
        ("-3", "Withdrawal in progress: Canceling", "11/15/2023, 6:13:30 AM"),
        ("-2", "Cancellation complete: Canceled", "11/15/2023, 6:13:20 AM"),
        ("-1", "Withdrawal complete: Failed", "11/15/2023, 6:13:20 AM"),
        ("2", "Withdrawal complete: Success", "11/15/2023, 6:13:20 AM"),
    ],
)
def test_every_stage_has_its_sentence(bench: Any, state: str, sentence: str, end: str) -> None:
    account = bench.account()
    made = account.withdrawal("BTC", "1", state=state)
    (row,) = rows(bench.get(account, f"asset/deposit-withdraw-status?wdId={made.id}"))
    assert (row["state"], row["estCompleteTime"]) == (sentence, end)


@pytest.mark.parametrize("state", [state.word for state in OKX.lifecycle.states])
def test_every_state_has_a_status(bench: Any, state: str) -> None:
    account = bench.account()
    made = account.withdrawal("BTC", "1", state=state)
    (row,) = rows(bench.get(account, f"asset/deposit-withdraw-status?wdId={made.id}"))
    assert ": " in row["state"]


@pytest.mark.parametrize(("hours", "end"), [(6, "12:13:20 PM"), (18, "12:13:20 AM"), (14, "8:13:20 PM")])
def test_the_hour_is_written_from_1_to_12(bench: Any, hours: int, end: str) -> None:
    account = bench.account()
    account.advance(hours=hours)
    made = account.withdrawal("BTC", "1", state="2")
    (row,) = rows(bench.get(account, f"asset/deposit-withdraw-status?wdId={made.id}"))
    assert row["estCompleteTime"].endswith(", " + end)


def test_a_status_is_found_by_its_transaction_too(bench: Any) -> None:
    account = bench.account()
    made = account.withdrawal("BTC", "1", state="2", address="17DK")
    tx_id = rows(bench.history(account))[0]["txId"]
    path = f"asset/deposit-withdraw-status?txId={tx_id}&ccy=BTC&to=17DK&chain=BTC-Bitcoin"
    assert rows(bench.get(account, path))[0]["wdId"] == made.id
    for old, new in (("to=17DK", "to=17DX"), ("-Bitcoin", "-Lightning"), (tx_id, "0" * 64)):
        assert bench.get(account, path.replace(old, new)).body == (
            b'{"code":"58215","data":[],"msg":"Withdrawal ID does not exist."}'
        )
        assert refused(bench) == "status.unknown_id"
    assert json.loads(bench.get(account, path.replace("ccy=BTC", "ccy=NOPE")).body)["code"] == "58006"


def test_the_status_of_nobodys_and_of_anothers_withdrawal_is_unknown(bench: Any) -> None:
    other = bench.account().withdrawal("BTC", "1")
    account = bench.account()
    for given, because in (
        ("1", "there is no withdrawal '1'"),
        (other.id, f"withdrawal {other.id} is another account's"),
    ):
        reply = bench.get(account, f"asset/deposit-withdraw-status?wdId={given}")
        assert json.loads(reply.body)["code"] == "58215"
        assert (refused(bench), bench.entries[-1].refused.because) == ("status.unknown_id", because)


def test_a_row_of_currencies_has_the_fields_of_the_documentation_in_its_order(bench: Any) -> None:
    reply = bench.get(bench.account(), "asset/currencies?ccy=XRP")
    assert reply.body == (
        b'{"code":"0","data":[{"burningFeeRate":"","canDep":true,"canInternal":true,"canWd":true,"ccy":"XRP",'
        b'"chain":"XRP-Ripple","ctAddr":"","depEstOpenTime":"","depQuotaFixed":"","depQuoteDailyLayer2":"",'
        b'"fee":"0.1","logoLink":"https://static.coinall.ltd/cdn/oksupport/asset/currency/icon/xrp.png",'
        b'"mainNet":true,"maxFee":"0.1","maxFeeForCtAddr":"","maxWd":"4800000","minDep":"1",'
        b'"minDepArrivalConfirm":"1","minFee":"0.1","minFeeForCtAddr":"","minInternal":"0.0001","minWd":"1",'
        b'"minWdUnlockConfirm":"1","name":"XRP","needTag":true,"usedDepQuotaFixed":"","usedWdQuota":"0",'
        b'"wdEstOpenTime":"","wdQuota":"10000000","wdTickSz":"6"}],"msg":""}'
    )


def test_only_balances_take_no_more_than_20_currencies_at_once(bench: Any) -> None:
    account = bench.account()
    assert len(rows(bench.get(account, "asset/currencies?ccy=" + ",".join(["BTC"] * 21)))) == 2
    assert len(rows(bench.get(account, "asset/balances?ccy=" + ",".join(["BTC"] * 20)))) == 1


def test_currencies_have_a_row_for_each_chain_one_of_them_the_main_one(bench: Any) -> None:
    account = bench.account(suspended_chains=["USDT-TRC20"], delisted_chains=["USDC-ERC20"])
    found = rows(bench.get(account, "asset/currencies"))
    assert {row["ccy"] for row in found} == {asset.code for asset in OKX.assets.table}
    for asset in OKX.assets.table:
        mine = [row for row in found if row["ccy"] == asset.code]
        assert [row["chain"] for row in mine] == [network.name for network in asset.networks]
        assert [row["mainNet"] for row in mine] == [True] + [False] * (len(mine) - 1)
    assert {row["chain"] for row in found if not row["canWd"]} == {"USDT-TRC20", "USDC-ERC20"}
    assert {row["chain"] for row in found if not row["canDep"]} == {"USDC-ERC20"}
    btc = next(row for row in found if row["chain"] == "BTC-Bitcoin")
    assert (btc["fee"], btc["minWd"], btc["maxWd"], btc["minInternal"]) == ("0.00005", "0.0005", "500", "0.0001")


@pytest.mark.parametrize("query", ["?ccy=BTC,ETH", "?ccy=BTC%2CETH", "?ccy=ETH, BTC".replace(" ", "%20")])
def test_currencies_are_chosen_by_a_comma_list_however_it_is_written(bench: Any, query: str) -> None:
    found = rows(bench.get(bench.account(), "asset/currencies" + query))
    assert [row["chain"] for row in found] == ["BTC-Bitcoin", "BTC-Lightning", "ETH-ERC20"]


def test_balances_show_what_there_is_of_currencies_that_there_are_any_of(bench: Any) -> None:
    account = bench.account(balances={"USDT": "100", "BTC": "2.50", "ETH": "0"})
    account.withdrawal("USDT", "10")
    reply = bench.get(account, "asset/balances")
    assert reply.body == (
        b'{"code":"0","data":[{"availBal":"2.5","bal":"2.5","ccy":"BTC","frozenBal":"0"},'
        b'{"availBal":"87","bal":"87","ccy":"USDT","frozenBal":"0"}],"msg":""}'
    )
    assert [row["ccy"] for row in rows(bench.get(account, "asset/balances?ccy=USDT,ETH"))] == ["USDT"]


def test_a_pending_withdrawal_can_be_frozen_instead_of_debited(bench: Any) -> None:
    account = bench.account(balances={"USDT": "100"}, behavior={"money.debited": "at completion"})
    made = account.withdrawal("USDT", "10")
    assert rows(bench.get(account, "asset/balances")) == [
        {"availBal": "87", "bal": "100", "ccy": "USDT", "frozenBal": "13"}
    ]
    assert [row["type"] for row in rows(bench.get(account, "asset/bills"))] == ["1"]
    account.advance(hours=1)
    assert made.state == "2"
    assert [(row["type"], row["bal"]) for row in rows(bench.get(account, "asset/bills"))] == [
        ("221", "87"),
        ("2", "90"),
        ("1", "100"),
    ]
    cancelled = account.withdrawal("USDT", "10")
    bench.cancel(account, cancelled.id)
    account.advance(seconds=10)
    assert len(rows(bench.get(account, "asset/bills"))) == 3


def test_bills_are_booked_at_creation_and_given_back_when_the_cancel_is_done(bench: Any) -> None:
    account = bench.account(balances={"USDT": "100"})
    made = account.withdrawal("USDT", "10", client_id="mine")
    number = made.id.encode()
    head = b'"ccy":"USDT","clientId":"mine",'
    assert bench.get(account, "asset/bills?clientId=mine").body == (
        b'{"code":"0","data":[{"billId":"%s2",%s"balChg":"-3","bal":"87","type":"221","ts":"1700000000001","notes":""},'
        b'{"billId":"%s1",%s"balChg":"-10","bal":"90","type":"2","ts":"1700000000000","notes":""}],"msg":""}'
        % (number, head, number, head)
    )
    bench.cancel(account, made.id)
    account.advance(seconds=9)
    assert len(rows(bench.get(account, "asset/bills"))) == 3
    account.advance(seconds=1)
    found = rows(bench.get(account, "asset/bills"))
    assert [(row["type"], row["balChg"], row["bal"], row["ts"]) for row in found] == [
        ("222", "3", "100", "1700000010001"),
        ("13", "10", "97", "1700000010000"),
        ("221", "-3", "87", "1700000000001"),
        ("2", "-10", "90", "1700000000000"),
        ("1", "100", "100", "1699999999999"),
    ]


def test_a_failed_withdrawal_is_given_back_and_an_internal_one_has_no_fee(bench: Any) -> None:
    account = bench.account(balances={"USDT": "100"})
    account.withdrawal("USDT", "10").event("fail")
    account.withdrawal("USDT", "10", internal=True)
    assert [row["type"] for row in rows(bench.get(account, "asset/bills"))] == ["2", "222", "13", "221", "2", "1"]


def test_bills_are_chosen_by_currency_type_and_moment(bench: Any) -> None:
    account = bench.account(balances={"USDT": "100", "BTC": "1"})
    account.advance(seconds=1)
    account.withdrawal("USDT", "10")

    def types(query: str) -> list[str]:
        return [row["type"] for row in rows(bench.get(account, "asset/bills" + query))]

    assert types("?ccy=BTC") == ["1"]
    assert types("?type=2") == ["2"]
    assert types("?type=13") == []
    assert types("?after=1700000001000") == ["1", "1"]
    assert types("?before=1700000000000") == ["221", "2"]
    assert types("?limit=1") == ["221"]
    for query in ("?type=x", "?ccy=NOPE", "?limit=101", "?after=x"):
        assert json.loads(bench.get(account, "asset/bills" + query).body)["code"] in ("51000", "58006")


def test_the_history_of_bills_can_be_paged_by_the_bill(bench: Any) -> None:
    account = bench.account(balances={"USDT": "100"})
    for _ in range(4):
        account.withdrawal("USDT", "1").event("fail")
    seen: list[str] = []
    query = "asset/bills-history?pagingType=2&limit=3"
    while found := rows(bench.get(account, query + (f"&after={seen[-1]}" if seen else ""))):
        seen += [row["billId"] for row in found]
    assert len(seen) == len(set(seen)) == 17
    assert seen == sorted(seen, key=int, reverse=True)
    assert [row["billId"] for row in rows(bench.get(account, query + f"&before={seen[2]}"))] == seen[:2]
    by_moment = rows(bench.get(account, "asset/bills-history?pagingType=1"))
    assert by_moment == rows(bench.get(account, "asset/bills"))
    assert json.loads(bench.get(account, "asset/bills-history?pagingType=3").body)["code"] == "51000"


def test_the_configuration_says_who_the_key_is_and_what_it_may(bench: Any) -> None:
    account = bench.account(name="mine", permissions=["withdraw", "read_only"], ip_allowlist=["127.0.0.1", "::1"])
    uid = account.credentials["user_id"].encode()
    assert bench.get(account, "account/config").body == (
        b'{"code":"0","data":[{"uid":"%s","mainUid":"%s","acctLv":"2","acctStpMode":"cancel_maker","posMode":"net_mode",'
        b'"autoLoan":false,"greeksType":"PA","feeType":"0","level":"Lv1","levelTmp":"","ctIsoMode":"automatic",'
        b'"mgnIsoMode":"automatic","spotOffsetType":"","roleType":"0","traderInsts":[],"spotRoleType":"0",'
        b'"spotTraderInsts":[],"opAuth":"0","kycLv":"3","label":"mine","ip":"127.0.0.1,::1","perm":"read_only,withdraw",'
        b'"liquidationGear":"-1","enableSpotBorrow":false,"spotBorrowAutoRepay":false,"type":"0","settleCcy":"USD",'
        b'"settleCcyList":["USD"]}],"msg":""}' % (uid, uid)
    )
    (row,) = rows(bench.get(bench.account(), "account/config"))
    assert (row["perm"], row["ip"]) == ("read_only,withdraw,trade", "")


def test_a_sub_account_has_a_main_account(bench: Any) -> None:
    account = bench.account(sub_account=True)
    (row,) = rows(bench.get(account, "account/config"))
    assert (row["type"], row["uid"]) == ("1", account.credentials["user_id"])
    assert row["mainUid"] != row["uid"]


READING = [endpoint for endpoint in OKX.endpoints if endpoint.permission == "read_only"]


@pytest.mark.parametrize("endpoint", READING, ids=lambda endpoint: endpoint.name)
def test_reading_takes_the_permission_to_read(bench: Any, endpoint: Any) -> None:
    reply = bench.ask(bench.account(permissions=["trade", "withdraw"]), "GET", endpoint.path, headers={})
    assert reply.status == 401
    assert refused(bench) == "auth.no_permission"


@pytest.mark.parametrize("kind", ["SPOT", "FUTURES", "SWAP", "MARGIN", "OPTION&uly=BTC-USD", "OPTION&instFamily=x"])
def test_there_are_no_instruments_of_any_type(bench: Any, kind: str) -> None:
    assert bench.simulator.answer(Request("GET", f"/api/v5/public/instruments?instType={kind}")).body == EMPTY


def test_an_unknown_type_of_instruments_is_an_error(bench: Any) -> None:
    reply = bench.simulator.answer(Request("GET", "/api/v5/public/instruments?instType=STOCK"))
    assert reply.body == b'{"code":"51000","data":[],"msg":"Parameter instType error."}'


def test_the_exchange_list_is_public(bench: Any) -> None:
    assert bench.simulator.answer(Request("GET", "/api/v5/asset/exchange-list")).body == (
        b'{"code":"0","data":[{"exchId":"did:ethr:0xfeb4f99829a9acdf52979abee87e83addf22a7e1","exchName":"1xbet"}],'
        b'"msg":""}'
    )


LIMITS = {
    "time": (10, 2000),
    "instruments": (20, 2000),
    "exchanges": (6, 1000),
    "cancel": (6, 1000),
    "create": (6, 1000),
    "lightning": (2, 1000),
    "list": (6, 1000),
    "status": (1, 2000),
    "currencies": (6, 1000),
    "balances": (6, 1000),
    "bills": (6, 1000),
    "bills_history": (1, 1000),
    "config": (5, 2000),
}


def test_every_endpoint_has_its_documented_limit() -> None:
    assert {one.name: (one.limit.calls, one.limit.window_ms) for one in OKX.endpoints if one.limit} == LIMITS


@pytest.mark.parametrize("endpoint", [one for one in OKX.endpoints if one.permission], ids=lambda one: one.name)
def test_a_limit_is_counted_by_endpoint_in_windows_aligned_with_the_clock(bench: Any, endpoint: Any) -> None:
    calls, window_ms = LIMITS[endpoint.name]
    account = bench.account(limits=True)
    bench.clock.advance(window_ms - 1)
    for expected in (False, True):
        codes = [json.loads(bench.ask(account, endpoint.method, endpoint.path).body)["code"] for _ in range(calls + 1)]
        assert [code == "50011" for code in codes] == [False] * calls + [True]
        bench.clock.advance(1 if not expected else window_ms)


def test_public_calls_are_counted_by_ip_when_the_exchange_is_told_to(bench: Any) -> None:
    def statuses(path: str, times: int, peer: str = "10.0.0.1") -> list[int]:
        return [bench.simulator.answer(Request("GET", "/api/v5/" + path, peer=peer)).status for _ in range(times)]

    assert statuses("public/time", 30) == [200] * 30
    bench.simulator.okx.set(behavior={"limit.public": True})
    assert statuses("public/time", 11) == [200] * 10 + [429]
    assert bench.entries[-1].reply.body == b'{"msg":"Too Many Requests","code":"50011"}'
    assert statuses("public/time", 1, "10.0.0.2") == [200]
    assert statuses("asset/exchange-list", 7) == [200] * 6 + [429]
    assert statuses("public/instruments?instType=SPOT", 21) == [200] * 20 + [429]
    assert statuses("public/instruments?instType=SWAP", 1) == [200]
    bench.clock.advance(2000)
    assert statuses("public/time", 1) == [200]


def test_counters_of_public_calls_do_not_grow_without_bound(bench: Any) -> None:
    bench.simulator.okx.set(behavior={"limit.public": True, "limit.window": "sliding"})
    for number in range(300):
        bench.simulator.answer(Request("GET", "/api/v5/public/time", peer=f"10.0.{number // 250}.{number % 250}"))
    assert len(bench.simulator.service.worlds["okx"].details) == 256


@pytest.mark.parametrize(("insists", "third"), [(False, 200), (True, 429)])
def test_whether_refused_calls_count_in_a_sliding_window_is_a_field(bench: Any, insists: bool, third: int) -> None:
    account = bench.account(limits=True, behavior={"limit.window": "sliding", "limit.counts_refused": insists})

    def asked() -> int:
        return int(bench.get(account, "asset/bills-history").status)

    assert asked() == 200
    bench.clock.advance(600)
    assert asked() == 429
    bench.clock.advance(600)
    assert asked() == third


@pytest.mark.parametrize(("condition", "path", "options"), [refusal[:3] for refusal in REFUSALS])
def test_whichever_row_answers_it_has_the_blanks_that_can_be_filled_here(
    bench: Any, holes: Any, condition: str, path: str, options: dict[str, Any]
) -> None:
    headers = {"x-simulated-trading": "1"} if options.get("demo") else {}
    for row in holes.rest:
        account = bench.account(behavior={condition: row.name}, **options)
        bench.ask(account, "GET", "/api/v5/" + path, headers=headers)
        assert bench.entries[-1].refused.row == row.name
        holes.check(condition, row)


@pytest.mark.parametrize(("condition", "path"), [refusal[:2] for refusal in PUBLIC_REFUSALS])
def test_whichever_row_answers_a_public_call_it_has_the_blanks_that_can_be_filled_here(
    bench: Any, holes: Any, condition: str, path: str
) -> None:
    for row in holes.rest:
        bench.simulator.okx.set(behavior={condition: row.name})
        bench.simulator.answer(Request("GET", "/api/v5/" + path))
        holes.check(condition, row)
