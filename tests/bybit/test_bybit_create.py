"""Creating a withdrawal over the API: what it takes and costs, where the money comes from, which check is first."""

from __future__ import annotations

import json
from decimal import Decimal
from itertools import combinations
from typing import Any

import pytest

from simulator import Misuse
from simulator.core.ledger import Balance

Desk = Any
EVM = "0x7c3f1cd65d8a3c3b1c7a9d3c5f0e2b4a6d8c0e11"
XRP = "rEb8TK3gBgk5auZkwc6sHnwrGVJH8DuaLh"


def made(at: Desk, *without: str, **changed: Any) -> Any:
    """The withdrawal that the call made."""
    result = json.loads(at.create(*without, **changed).body)["result"]
    assert at.condition is None
    return next(one for one in at.account.withdrawals if one.id == result["id"])


def test_a_withdrawal_is_answered_with_its_id_and_holds_amount_and_fee(desk: type[Desk]) -> None:
    at = desk(balances={"USDT": "100"})
    reply = at.create()
    [withdrawal] = at.account.withdrawals
    assert reply.body.decode() == (
        f'{{"retCode":0,"retMsg":"success","result":{{"id":"{withdrawal.id}"}},"retExtInfo":{{}},"time":1700000000000}}'
    )
    assert (withdrawal.state, withdrawal.amount, withdrawal.fee) == ("SecurityCheck", 10, 4)
    assert at.account.balance("USDT") == Balance(Decimal(86), Decimal(14), Decimal(0))
    [change] = at.last.changes
    assert (change.withdrawal, change.source, change.target) == (withdrawal.id, "", "UnderReview")


def test_what_was_created_over_the_api_is_listed_cancelled_and_refunded(desk: type[Desk]) -> None:
    at = desk(balances={"USDT": "100"})
    withdrawal = made(at)
    [row] = json.loads(at.list().body)["result"]["rows"]
    assert (row["withdrawId"], row["chain"], row["toAddress"], row["withdrawType"]) == (withdrawal.id, "ETH", EVM, 0)
    assert at.cancel(withdrawal.id).body.startswith(b'{"retCode":0,"retMsg":"success","result":{"status":1}')
    assert at.account.balance("USDT") == Balance(Decimal(100))


def test_a_withdrawal_that_is_never_cancelled_spends_the_money(desk: type[Desk]) -> None:
    at = desk(balances={"USDT": "100"})
    withdrawal = made(at)
    at.account.advance(hours=1)
    assert withdrawal.state == "success"
    assert at.account.balance("USDT") == Balance(Decimal(86), Decimal(0), Decimal(14))


def test_an_account_that_is_immediate_is_done_at_once(desk: type[Desk]) -> None:
    assert made(desk(progress="immediate")).state == "success"


# --- the fee ------------------------------------------------------------------------------------------------------

# USDT on ETH costs 4; USDC on ETH costs 4 and 0.1 %. (docs v5/asset/withdraw, the four formulas)
FEES = [
    ("USDT", "10", 0, "10", "4"),
    ("USDT", "10", 1, "6", "4"),
    ("USDC", "999", 0, "999", "5"),
    ("USDC", "1004", 1, "999", "5"),
    ("USDC", "10.5", 0, "10.5", "4.010511"),
    ("USDC", "10.5", 1, "6.4935", "4.0065"),
]


@pytest.mark.parametrize(("coin", "amount", "fee_type", "arrives", "fee"), FEES)
def test_the_fee_is_that_of_the_documented_formula(
    desk: type[Desk], coin: str, amount: str, fee_type: int, arrives: str, fee: str
) -> None:
    at = desk(balances={coin: "10000"})
    withdrawal = made(at, coin=coin, amount=amount, feeType=fee_type)
    assert (withdrawal.amount, withdrawal.fee) == (Decimal(arrives), Decimal(fee))
    [row] = json.loads(at.list().body)["result"]["rows"]
    assert (row["amount"], row["withdrawFee"]) == (arrives, fee)


# --- the wallets --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("account_type", "shares"),
    [
        ("FUND", None),
        ("UTA", None),
        ("EARN", [("EARN", "34")]),
        ("FUND,UTA", [("FUND", "20"), ("UTA", "14")]),
        ("UTA,FUND", [("FUND", "20"), ("UTA", "14")]),  # the order is Bybit's, not the caller's
        ("FUND,UTA,EARN", [("FUND", "20"), ("UTA", "14")]),
        ("UTA,EARN", [("UTA", "15"), ("EARN", "19")]),
    ],
)
def test_money_comes_from_the_wallets_that_are_named_in_the_documented_order(
    desk: type[Desk], account_type: str, shares: list[tuple[str, str]] | None
) -> None:
    at = desk(balances={"USDT": "20"}, wallets={"UTA": {"USDT": "15"}, "EARN": {"USDT": "50"}})
    at.create(amount="30", accountType=account_type)
    if shares is None:
        assert at.condition == "create.balance"
        assert at.account.balance("USDT") == Balance(Decimal(85))
        return
    [withdrawal] = at.account.withdrawals
    assert withdrawal._withdrawal.details.shares == tuple((wallet, Decimal(share)) for wallet, share in shares)
    assert at.account.balance("USDT").held == 34


def test_every_wallet_gets_its_share_back(desk: type[Desk]) -> None:
    at = desk(balances={"USDT": "20"}, wallets={"UTA": {"USDT": "15"}})
    withdrawal = made(at, amount="30", accountType="FUND,UTA")
    assert wallets(at) == {"FUND": "0", "UTA": "1"}
    at.cancel(withdrawal.id)
    assert wallets(at) == {"FUND": "20", "UTA": "15"}


def wallets(at: Desk) -> dict[str, str]:
    body = json.loads(at.get("asset/withdraw/withdrawable-amount", "coin=USDT").body)
    return {wallet: amounts["availableBalance"] for wallet, amounts in body["result"]["withdrawableAmount"].items()}


@pytest.mark.parametrize("given", ["", "SPOT", "FUND,", "FUND,FUND", "fund", "FUND, UTA", "CONTRACT", 1, ["FUND"]])
def test_what_names_no_wallet_is_refused(desk: type[Desk], given: Any) -> None:
    at = desk()
    at.create(accountType=given)
    assert at.condition == ("create.parameter_missing" if given == "" else "create.parameter_malformed")


def test_a_withdrawal_of_our_own_surfaces_draws_on_all_wallets_or_on_those_that_are_named(desk: type[Desk]) -> None:
    at = desk(balances={"USDT": "20"}, wallets={"UTA": {"USDT": "15"}})
    at.account.withdrawal("USDT", "10", account_type="UTA")
    assert wallets(at) == {"FUND": "20", "UTA": "1"}
    with pytest.raises(Misuse, match="UTA have 1 USDT, but the withdrawal takes 14"):
        at.account.withdrawal("USDT", "10", account_type="UTA")
    with pytest.raises(Misuse, match="account_type 'SPOT' is not one or several of FUND,UTA,EARN"):
        at.account.withdrawal("USDT", "10", account_type="SPOT")
    at.account.withdrawal("USDT", "17")
    assert wallets(at) == {"FUND": "0", "UTA": "0"}


# --- parameters ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["coin", "chain", "address", "amount", "timestamp", "accountType"])
def test_a_required_parameter_that_is_missing_empty_or_null_is_refused(desk: type[Desk], name: str) -> None:
    at = desk()
    at.create(name)
    assert at.condition == "create.parameter_missing"
    for nothing in ("", None):
        at.create(**{name: nothing})
        assert at.condition == "create.parameter_missing"


@pytest.mark.parametrize(
    "changed",
    [
        {"coin": 1},
        {"chain": 1},
        {"address": ["x"]},
        {"tag": 7},
        {"amount": 10},
        {"amount": "0"},
        {"amount": "-10"},
        {"amount": "1e1"},
        {"amount": "10."},
        {"amount": " 10"},
        {"amount": "٣"},
        {"amount": "9" * 5000},
        {"timestamp": "1700000000000"},
        {"timestamp": 1700000000000.5},
        {"timestamp": True},
        {"timestamp": -1},
        {"timestamp": 10**19},
        {"forceChain": "1"},
        {"forceChain": 3},
        {"forceChain": True},
        {"feeType": 2},
        {"feeType": "0"},
        {"requestId": "a-b"},
        {"requestId": "a" * 33},
        {"requestId": "ä"},
        {"requestId": 1},
        {"transactionPurpose": "nineteen characters"},
        {"transactionPurpose": 1},
        {"questionnaire": "x" * 16385},
        {"questionnaire": {}},
        {"beneficiary": "x"},
    ],
)
def test_a_parameter_of_another_type_or_value_is_refused(desk: type[Desk], changed: dict[str, Any]) -> None:
    at = desk()
    at.create(**changed)
    assert at.condition == "create.parameter_malformed"
    assert at.account.withdrawals == []


@pytest.mark.parametrize(
    "changed",
    [
        {"requestId": "a" * 32},
        {"transactionPurpose": "exactly twenty chars"},
        {"questionnaire": "x" * 16384},
        {"beneficiary": {"vaspEntityId": "others"}},
        {"forceChain": 0},
        {"forceChain": 1},
        {"feeType": 0},
        {"tag": ""},
        {"something": "else"},
        {"amount": "10.000000"},
    ],
)
def test_a_documented_value_is_taken_and_what_is_not_documented_is_ignored(
    desk: type[Desk], changed: dict[str, Any]
) -> None:
    made(desk(), **changed)


@pytest.mark.parametrize(
    ("chain", "condition"),
    [
        ("Arbitrum One", "create.chain_is_a_name"),
        ("eth", "create.chain_is_a_name"),
        ("TRC20", "create.unknown_chain"),
        ("BTC", "create.unknown_chain"),
        ("KAVAEVM", "create.chain_closed"),
    ],
)
def test_a_chain_is_named_by_its_code(desk: type[Desk], chain: str, condition: str) -> None:
    at = desk()
    at.create(chain=chain)
    assert at.condition == condition


# --- the address book ---------------------------------------------------------------------------------------------


def test_an_address_must_agree_with_the_book_in_letter_case_coin_and_chain(desk: type[Desk]) -> None:
    at = desk()
    for changed in ({"address": EVM.upper()}, {"address": EVM, "chain": "TRX"}, {"address": XRP}):
        at.create(**changed)
        assert at.condition == "create.address_not_in_book"
    made(at, chain="ARBI")


@pytest.mark.parametrize(
    ("tag", "condition"),
    [(None, "create.tag_not_equal"), ("10002", "create.tag_not_equal"), ("10001", None)],
)
def test_the_tag_must_be_the_one_of_the_book(desk: type[Desk], tag: str | None, condition: str | None) -> None:
    at = desk()
    at.create(coin="XRP", chain="XRP", address=XRP, **({} if tag is None else {"tag": tag}))
    assert at.condition == condition
    assert [one._withdrawal.tag for one in at.account.withdrawals] == ([] if condition else ["10001"])


def test_an_address_with_two_tags_is_two_entries(desk: type[Desk]) -> None:
    entry = {"coin": "XRP", "chain": "XRP", "address": XRP}
    at = desk(address_book=[{**entry, "tag": "1"}, {**entry, "tag": "2"}])
    for tag in ("1", "2"):
        made(at, coin="XRP", chain="XRP", address=XRP, tag=tag)


def test_a_new_address_is_barred_for_a_day(desk: type[Desk]) -> None:
    at = desk(address_book=[{"coin": "USDT", "chain": "ETH", "address": EVM, "new": True}])
    at.account.advance(hours=23.9)
    at.create()
    assert at.condition == "create.address_new"
    at.account.advance(hours=0.1)
    made(at)


def test_a_universal_address_is_good_for_every_coin_of_its_chain(desk: type[Desk]) -> None:
    at = desk(address_book=[{"chain": "ETH", "address": EVM}])
    made(at)
    made(at, coin="USDC")
    at.create(chain="ARBI")
    assert at.condition == "create.address_not_in_book"


@pytest.mark.parametrize(
    ("entry", "sentence"),
    [
        ({"coin": "USDX", "chain": "ETH"}, "there is no asset 'USDX'; did you mean"),
        ({"coin": "USDX", "internal": True}, "there is no asset 'USDX'; did you mean"),
        (
            {"coin": "USDT", "chain": "ERC20"},
            "USDT has no network 'ERC20'; known are ARBI, ETH, KAVAEVM, SOL, TON, TRX",
        ),
        (
            {"chain": "ERC20"},
            "address_book has the chain 'ERC20'; known are ARBI, BTC, ETH, KAVAEVM, SOL, TON, TRX, XRP",
        ),
    ],
)
def test_a_book_entry_that_no_withdrawal_could_name_is_refused_in_one_sentence(
    desk: type[Desk], entry: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(Misuse, match=sentence):
        desk(address_book=[{"address": EVM, **entry}])


def test_a_withdrawal_of_our_own_surfaces_is_internal_or_has_a_network(desk: type[Desk]) -> None:
    with pytest.raises(Misuse, match="an internal withdrawal touches no chain, but there is network 'ETH'"):
        desk().account.withdrawal("USDT", "10", internal=True, network="ETH")


def test_a_book_entry_on_chain_needs_a_chain(desk: type[Desk]) -> None:
    with pytest.raises(Misuse, match="address_book has 'x' without a chain; only internal entries have none"):
        desk(address_book=[{"address": "x"}])


# --- internal transfers -------------------------------------------------------------------------------------------


def test_a_transfer_to_a_uid_needs_no_chain_and_costs_nothing(desk: type[Desk]) -> None:
    at = desk(balances={"USDT": "100"})
    withdrawal = made(at, "chain", forceChain=2, address="24617703")
    assert (withdrawal.internal_state, withdrawal.fee) == ("UnderReview/internal", 0)
    assert json.loads(at.list().body)["result"]["rows"] == []  # the default is on-chain alone
    [row] = json.loads(at.list("withdrawType=1").body)["result"]["rows"]
    assert [row[name] for name in ("chain", "toAddress", "withdrawFee", "withdrawType", "txID")] == [
        "internalAddressChain",
        "24617703",
        "0",
        1,
        "",
    ]
    at.account.advance(seconds=13)
    [row] = json.loads(at.list("withdrawType=2").body)["result"]["rows"]
    assert row["status"] == "success"
    assert row["txID"]
    assert at.account.balance("USDT") == Balance(Decimal(90), Decimal(0), Decimal(10))


@pytest.mark.parametrize(
    ("force_chain", "chain", "address"),
    [(0, "internalAddressChain", "24617799"), (1, "ETH", EVM)],
)
def test_the_deposit_address_of_a_bybit_account_is_internal_unless_the_chain_is_forced(
    desk: type[Desk], force_chain: int, chain: str, address: str
) -> None:
    at = desk(address_book=[{"coin": "USDT", "chain": "ETH", "address": EVM, "bybit_uid": "24617799"}])
    withdrawal = made(at, forceChain=force_chain)._withdrawal
    assert (withdrawal.network, withdrawal.address) == (chain, address)


# --- rules over time ----------------------------------------------------------------------------------------------


def test_a_coin_leaves_on_a_chain_once_in_ten_seconds(desk: type[Desk]) -> None:
    at = desk(limits=True)
    made(at)
    at.account.advance(seconds=9.999)
    at.create()
    assert at.condition == "create.ten_seconds"
    made(at, chain="TRX", address="TXYZopYRdj2D9XRtbG411XZZ3kM5VkAeBf")
    made(at, "chain", forceChain=2, address="24617703")
    at.account.advance(seconds=0.001)
    made(at)


def test_without_limits_withdrawals_need_no_waiting(desk: type[Desk]) -> None:
    at = desk()
    assert made(at).id != made(at).id


def test_the_sixth_create_in_a_second_is_one_too_many(desk: type[Desk]) -> None:
    at = desk(limits=True)
    for _ in range(5):
        at.create("coin")
    reply = at.create("coin")
    assert at.condition == "limit.exceeded"
    assert [reply.header(name) for name in ("X-Bapi-Limit", "X-Bapi-Limit-Status")] == ["5", "0"]
    assert reply.header("X-Bapi-Limit-Reset-Timestamp") == "1700000001000"


def test_the_limit_of_the_day_counts_what_left_and_not_what_came_back(desk: type[Desk]) -> None:
    at = desk(limit_amount_usd="25")
    first = made(at)
    made(at)
    at.create()
    assert at.condition == "create.verification_limit"
    at.cancel(first.id)
    made(at)
    at.create(amount="5.000001")
    assert at.condition == "create.verification_limit"
    at.account.advance(hours=24)
    made(at, amount="25")


def test_a_request_id_makes_one_withdrawal_also_while_the_next_would_have_to_wait(desk: type[Desk]) -> None:
    at = desk(limits=True)
    first = made(at, requestId="abc")
    assert made(at, requestId="abc").id == first.id
    at.create(requestId="abd")
    assert at.condition == "create.ten_seconds"
    at.cancel(first.id)
    assert made(at, requestId="abc").id == first.id  # also when it was cancelled


# --- who may ------------------------------------------------------------------------------------------------------


def test_a_key_without_the_permission_is_refused_before_the_body_is_looked_at(desk: type[Desk]) -> None:
    """bybit-api's tests against the real one create to a nonsense address and expect 10005 on HTTP 200."""
    at = desk(permissions=["AccountTransfer"])
    reply = at.create(address="fakeAddress")
    assert (reply.status, at.condition) == (200, "auth.no_permission")


@pytest.mark.parametrize(("option", "condition"), [("demo", "account.demo"), ("sub_account", "account.sub_account")])
def test_only_a_master_account_of_the_real_exchange_withdraws(desk: type[Desk], option: str, condition: str) -> None:
    at = desk(**{option: True})
    at.create()
    assert at.condition == condition


# --- which check comes first --------------------------------------------------------------------------------------

# In the order of precedence; what two spoilers would both set, the earlier one sets.
SPOILERS: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
    ("account.demo", {}, {"demo": True}),
    ("account.sub_account", {}, {"sub_account": True}),
    ("create.parameter_missing", {"accountType": None}, {}),
    ("create.parameter_malformed", {"feeType": 7}, {}),
    ("create.timestamp_outside_window", {"timestamp": 1}, {}),
    ("create.unknown_coin", {"coin": "USDX"}, {}),
    ("create.chain_is_a_name", {"chain": "Ethereum"}, {}),
    ("create.unknown_chain", {"chain": "BTC"}, {}),
    ("create.chain_closed", {"chain": "KAVAEVM"}, {}),
    ("create.amount_accuracy", {"amount": "0.0000001"}, {}),
    ("create.amount_too_small", {"amount": "0.5"}, {}),
    ("create.tag_not_taken", {"tag": "1"}, {}),
    ("create.address_not_in_book", {"address": "0xnew"}, {}),
    ("create.address_new", {}, {"address_book": [{"chain": "ETH", "address": EVM, "new": True}]}),
    ("create.verification_limit", {}, {"limit_amount_usd": "0"}),
    ("create.balance", {}, {"balances": {}}),
]


def refused_by(desk: type[Desk], spoilers: list[tuple[str, dict[str, Any], dict[str, Any]]]) -> str | None:
    changed: dict[str, Any] = {}
    options: dict[str, Any] = {}
    for _, parts, account in reversed(spoilers):
        changed |= parts
        options |= account
    at = desk(**options)
    at.create(**changed)
    refused: str | None = at.condition
    return refused


@pytest.mark.parametrize("pair", list(combinations(SPOILERS, 2)), ids=lambda pair: f"{pair[0][0]} before {pair[1][0]}")
def test_the_earlier_of_two_faults_of_an_order_is_answered(desk: type[Desk], pair: Any) -> None:
    assert refused_by(desk, list(pair)) == pair[0][0]


def test_repairing_the_first_fault_of_an_order_each_time_walks_down_the_column(desk: type[Desk]) -> None:
    met = [refused_by(desk, SPOILERS[index:]) for index in range(len(SPOILERS) + 1)]
    assert met == [*(condition for condition, _, _ in SPOILERS), None]


def test_the_ten_second_rule_comes_before_the_limit_of_the_day_and_the_balance(desk: type[Desk]) -> None:
    at = desk(limits=True, limit_amount_usd="10", balances={"USDT": "14"})
    made(at)
    at.create()
    assert at.condition == "create.ten_seconds"


def test_a_wallet_that_does_not_exist_is_refused_by_name(desk: type[Desk]) -> None:
    for name in ("SPOT", "FUND"):
        with pytest.raises(
            Misuse, match=f"option 'wallets' has '{name}'; it is UTA or EARN, and balances are those of"
        ):
            desk(wallets={name: {"USDT": "1"}})
