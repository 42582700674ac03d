"""Withdraw, WithdrawInfo, WithdrawMethods, WithdrawAddresses and WalletTransfer: bytes, money, the address book."""

from __future__ import annotations

import json
import re
from decimal import Decimal
from typing import Any

import pytest

from simulator import Misuse

JSON = "application/json"
TRON = "TQmdxSuC16EhFg8FZWtYgrfFRosoRF7bCp"
ORDER = {"asset": "USDT", "key": "usdt-wallet", "amount": "10"}
INVALID_AMOUNT = b'{"error":["EFunding:Invalid amount"]}'
INVALID_ARGUMENTS = b'{"error":["EGeneral:Invalid arguments"]}'
DENIED = b'{"error":["EGeneral:Permission denied"]}'


def refid_of(reply: Any) -> str:
    found = re.fullmatch(rb'\{"error":\[\],"result":\{"refid":"(FT[A-Za-z0-9]{5}-[A-Za-z0-9]{22})"\}\}', reply.body)
    assert found, reply.body
    return found[1].decode()


def pots(account: Any, asset: str = "USDT") -> tuple[str, str, str]:
    balance = account.balance(asset)
    return tuple(format(pot.normalize(), "f") for pot in (balance.available, balance.held, balance.spent))  # type: ignore[return-value]


def test_a_withdrawal_takes_amount_and_fee_together_and_sends_what_is_left(bench: Any) -> None:
    account = bench.account(balances={"USDT": "100"})
    refid = refid_of(bench.ask(account, "Withdraw", ORDER))
    assert pots(account) == ("90", "10", "0")
    assert bench.ask(account, "WithdrawStatus").body == (
        b'{"error":[],"result":[{"method":"Tether USD (TRC20)","aclass":"currency","asset":"USDT","refid":"'
        + refid.encode()
        + b'","txid":null,"info":"TQmdxSuC16EhFg8FZWtYgrfFRosoRF7bCp","amount":"7.50000000","fee":"2.50000000",'
        b'"time":1700000000,"status":"Initial","key":"usdt-wallet","network":"Tron"}]}'
    )
    [withdrawal] = account.withdrawals
    assert (withdrawal.amount, withdrawal.fee) == (Decimal("7.5"), Decimal("2.5"))


def test_a_withdrawal_that_a_client_asked_for_is_cancelled_and_gives_all_back(bench: Any) -> None:
    account = bench.account(balances={"USDT": "100"})
    refid = refid_of(bench.ask(account, "Withdraw", ORDER))
    answer = bench.ask(account, arguments={"asset": "USDT", "refid": refid}).body
    assert answer == b'{"error":[],"result":true}'
    assert pots(account) == ("90", "10", "0")
    account.advance(seconds=30)
    assert pots(account) == ("100", "0", "0")


def test_a_withdrawal_that_nobody_cancels_leaves(bench: Any) -> None:
    account = bench.account(balances={"USDT": "100"})
    bench.ask(account, "Withdraw", ORDER)
    account.advance(hours=1)
    assert pots(account) == ("90", "0", "10")
    assert [row["status"] for row in bench.rows(account)] == ["Success"]


@pytest.mark.parametrize("amount", ["100", 100, 100.0, "100.00000000000"])
def test_an_amount_may_be_text_or_a_number_and_all_that_is_there(bench: Any, amount: object) -> None:
    account = bench.account(balances={"USDT": "100"})
    refid_of(bench.ask(account, "Withdraw", {**ORDER, "amount": amount}, content_type=JSON))
    assert pots(account) == ("0", "100", "0")


@pytest.mark.parametrize(
    "more",
    [
        {"address": TRON},
        {"address": ""},
        {"max_fee": "2.5"},
        {"max_fee": 3},
        {"max_fee": ""},
        {"aclass": "currency"},
        {"rebase_multiplier": "rebased"},
        {"asset": "usdt"},
        {"key": "usdt-wallet-ethereum", "amount": "15"},
    ],
)
def test_what_may_be_said_besides(bench: Any, more: dict[str, Any]) -> None:
    refid_of(bench.ask(bench.account(), "Withdraw", {**ORDER, **more}, content_type=JSON))


@pytest.mark.parametrize("asset", ["XBT", "XXBT", "BTC", "xbt"])
def test_an_asset_goes_by_all_its_names(bench: Any, asset: str) -> None:
    account = bench.account()
    refid_of(bench.ask(account, "Withdraw", {"asset": asset, "key": "btc-wallet", "amount": "0.725"}))
    [row] = bench.rows(account, asset="BTC")
    assert (row["asset"], row["amount"], row["fee"]) == ("XXBT", "0.72480000", "0.00020000")


@pytest.mark.parametrize(
    ("changed", "answer"),
    [
        ({"amount": "-10"}, INVALID_AMOUNT),
        ({"amount": "abc"}, INVALID_AMOUNT),
        ({"amount": "NaN"}, INVALID_AMOUNT),
        ({"amount": "1e1"}, INVALID_AMOUNT),
        ({"amount": "٣"}, INVALID_AMOUNT),
        ({"amount": "9" * 31}, INVALID_AMOUNT),
        ({"amount": "9" * 30}, INVALID_AMOUNT),
        ({"amount": 0}, INVALID_AMOUNT),
        ({"amount": "0.1"}, INVALID_AMOUNT),
        ({"amount": True}, INVALID_ARGUMENTS),
        ({"amount": [10]}, INVALID_ARGUMENTS),
        ({"amount": {"a": 1}}, INVALID_ARGUMENTS),
        ({"amount": None}, INVALID_ARGUMENTS),
        ({"key": 7}, INVALID_ARGUMENTS),
        ({"asset": ["USDT"]}, INVALID_ARGUMENTS),
        ({"address": [1]}, INVALID_ARGUMENTS),
        ({"max_fee": "-1"}, INVALID_ARGUMENTS),
        ({"max_fee": False}, INVALID_ARGUMENTS),
        ({"aclass": "tokenized_asset"}, b'{"error":["EFunding:Unknown asset"]}'),
        ({"key": "USDT-WALLET"}, b'{"error":["EFunding:Unknown withdraw key"]}'),
    ],
)
@pytest.mark.parametrize("method", ["Withdraw", "WithdrawInfo"])
def test_a_bad_argument_takes_nothing(bench: Any, method: str, changed: dict[str, Any], answer: bytes) -> None:
    account = bench.account(balances={"USDT": "100"})
    reply = bench.ask(account, method, {**ORDER, **changed}, content_type=JSON).body
    knows = method == "Withdraw" or not {"address", "max_fee"} & set(changed)
    # WithdrawInfo knows neither address nor max_fee, and promises no balance.
    if knows and not (method == "WithdrawInfo" and changed == {"amount": "9" * 30}):
        assert reply == answer
    assert (pots(account), account.withdrawals) == (("100", "0", "0"), [])


@pytest.mark.parametrize("amount", ["7.5", "7.500001", "99.99999999", "100"])
def test_every_amount_between_minimum_and_balance_is_sent_whole(bench: Any, amount: str) -> None:
    account = bench.account(balances={"USDT": "100"})
    refid_of(bench.ask(account, "Withdraw", {**ORDER, "amount": amount}))
    assert account.balance("USDT").held == Decimal(amount)


def test_information_says_what_a_withdrawal_would_be_and_takes_nothing(bench: Any) -> None:
    account = bench.account(balances={"BTC": "332.00976139"})
    asked = {"asset": "XBT", "key": "btc-wallet", "amount": "0.72505"}
    assert bench.ask(account, "WithdrawInfo", asked).body == (
        b'{"error":[],"result":{"method":"Bitcoin","limit":"332.00956139","amount":"0.72485000","fee":"0.00020000"}}'
    )
    assert pots(account, "BTC") == ("332.00976139", "0", "0")
    poor = bench.account(balances={"BTC": "0.0001"})
    assert json.loads(bench.ask(poor, "WithdrawInfo", asked).body)["result"]["limit"] == "0.00000000"


def test_methods_are_those_of_the_documentation(bench: Any) -> None:
    account = bench.account()
    assert bench.ask(account, "WithdrawMethods", {"asset": "XBT"}).body == (
        b'{"error":[],"result":[{"asset":"XXBT","method":"Bitcoin","network":"Bitcoin","minimum":"0.0004"},'
        b'{"asset":"XXBT","method":"Bitcoin Lightning","network":"Lightning","minimum":"0.00001"}]}'
    )


@pytest.mark.parametrize(
    ("arguments", "methods"),
    [
        ({"network": "Lightning"}, ["Bitcoin Lightning"]),
        ({"network": "Ethereum", "asset": "USDT"}, ["Tether USD (ERC20)"]),
        ({"network": "Nothing"}, []),
        ({"asset": "DOGE", "aclass": "currency"}, ["Dogecoin"]),
        ({"asset": "DOGE", "aclass": "tokenized_asset"}, []),
        ({"asset": "DOT,XLM"}, ["Polkadot", "Stellar XLM"]),
    ],
)
def test_methods_are_filtered(bench: Any, arguments: dict[str, str], methods: list[str]) -> None:
    rows = json.loads(bench.ask(bench.account(), "WithdrawMethods", arguments).body)["result"]
    assert [row["method"] for row in rows] == methods


def test_methods_may_come_with_ids_and_fees(bench: Any) -> None:
    account = bench.account(behavior={"methods.ids_and_fee": True})
    [row] = json.loads(bench.ask(account, "WithdrawMethods", {"asset": "DOT"}).body)["result"]
    assert re.fullmatch("[0-9a-f-]{36}", row["method_id"])
    assert row["method_id"] != row["network_id"]
    assert row["fee"] == {"aclass": "currency", "asset": "DOT", "fee": "0.05000000"}


def test_addresses_have_the_alternative_name_of_the_asset(bench: Any) -> None:
    assert bench.ask(bench.account(), "WithdrawAddresses", {"asset": "XXBT", "method": "Bitcoin"}).body == (
        b'{"error":[],"result":[{"address":"bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq","asset":"XBT",'
        b'"method":"Bitcoin","key":"btc-wallet","verified":true}]}'
    )


BOOK = [
    {"key": "first", "asset": "XRP", "tag": "12345"},
    {"key": "second", "asset": "XLM", "address": "GABC", "memo": "hello", "verified": False},
    {"key": "third", "asset": "USDT", "network": "Ethereum"},
]


@pytest.mark.parametrize(
    ("arguments", "keys"),
    [
        ({}, ["first", "second", "third"]),
        ({"verified": "True"}, ["first", "third"]),
        ({"verified": True}, ["first", "third"]),
        ({"verified": "0"}, ["second"]),
        ({"verified": ""}, ["first", "second", "third"]),
        ({"key": "third"}, ["third"]),
        ({"key": "nothing"}, []),
        ({"method": "Stellar XLM"}, ["second"]),
        ({"asset": "XXRP"}, ["first"]),
        ({"aclass": "tokenized_asset"}, []),
    ],
)
def test_an_account_may_have_an_address_book_of_its_own(bench: Any, arguments: dict[str, Any], keys: list[str]) -> None:
    account = bench.account(addresses=BOOK)
    rows = json.loads(bench.ask(account, "WithdrawAddresses", arguments, content_type=JSON).body)["result"]
    assert [row["key"] for row in rows] == keys


def test_tags_and_memos_are_shown_and_sent_along(bench: Any) -> None:
    account = bench.account(addresses=BOOK)
    rows = json.loads(bench.ask(account, "WithdrawAddresses").body)["result"]
    assert [list(row.items())[2:] for row in rows] == [
        [("method", "XRP"), ("key", "first"), ("verified", True), ("tag", "12345")],
        [("method", "Stellar XLM"), ("key", "second"), ("verified", False), ("memo", "hello")],
        [("method", "Tether USD (ERC20)"), ("key", "third"), ("verified", True)],
    ]
    refid_of(bench.ask(account, "Withdraw", {"asset": "XRP", "key": "first", "amount": "50"}))
    [withdrawal] = account.withdrawals
    assert withdrawal._fresh().tag == "12345"


@pytest.mark.parametrize(
    ("book", "sentence"),
    [
        ([{"key": "a", "asset": "XBT"}], "there is no asset 'XBT'; did you mean 'BTC'"),
        ([{"key": "a", "asset": "BTC", "network": "Tron"}], "BTC has no network 'Tron'"),
        ([{"asset": "BTC"}], "the option 'key' is missing"),
        ("btc-wallet", "option 'addresses' must be a list"),
    ],
)
def test_an_address_book_without_sense_is_refused_in_one_sentence(bench: Any, book: Any, sentence: str) -> None:
    with pytest.raises(Misuse, match=re.escape(sentence)):
        bench.account(addresses=book)


def test_one_wrong_word_is_no_switch(bench: Any) -> None:
    assert bench.ask(bench.account(), "WithdrawAddresses", {"verified": "yes"}).body == INVALID_ARGUMENTS


TRANSFER = {"asset": "USDT", "from": "Spot Wallet", "to": "Futures Wallet", "amount": "10"}


def test_a_transfer_takes_the_amount_without_a_fee_and_is_cancelled_without_a_permission(bench: Any) -> None:
    account = bench.account(balances={"USDT": "100"}, permissions=["query-funds"])
    refid = refid_of(bench.ask(account, "WalletTransfer", TRANSFER))
    assert pots(account) == ("90", "10", "0")
    answer = bench.ask(account, arguments={"asset": "USDT", "refid": refid}).body
    assert answer == b'{"error":[],"result":true}'
    account.advance(seconds=30)
    assert pots(account) == ("100", "0", "0")


@pytest.mark.parametrize("missing", list(TRANSFER))
@pytest.mark.parametrize("value", [None, "", [1]])
def test_a_transfer_needs_all_its_arguments(bench: Any, missing: str, value: object) -> None:
    account = bench.account(balances={"USDT": "100"})
    asked = {**TRANSFER, missing: value}
    assert bench.ask(account, "WalletTransfer", asked, content_type=JSON).body == INVALID_ARGUMENTS
    assert account.withdrawals == []


@pytest.mark.parametrize(
    ("source", "target", "named"),
    [
        ("Futures Wallet", "Spot Wallet", "from"),
        ("Spot Wallet", "spot wallet", "to"),
        ("spot wallet", "Futures Wallet", "from"),
        ("Spot Wallet", "Spot Wallet", "to"),
    ],
)
def test_a_transfer_has_one_direction(bench: Any, source: str, target: str, named: str) -> None:
    account = bench.account(behavior={"arguments.names_field": True})
    asked = {**TRANSFER, "from": source, "to": target}
    expected = b'{"error":["EGeneral:Invalid arguments:' + named.encode() + b'"]}'
    assert bench.ask(account, "WalletTransfer", asked).body == expected


@pytest.mark.parametrize("amount", ["0", "-1", "10.000000001", "abc", "100.00000001", "1e1"])
def test_a_transfer_of_a_bad_amount_takes_nothing(bench: Any, amount: str) -> None:
    account = bench.account(balances={"USDT": "100"})
    assert bench.ask(account, "WalletTransfer", {**TRANSFER, "amount": amount}).body == INVALID_AMOUNT
    assert pots(account) == ("100", "0", "0")


@pytest.mark.parametrize(
    ("method", "permissions"),
    [
        ("Withdraw", ["withdraw-funds"]),
        ("WithdrawInfo", ["query-funds", "withdraw-funds"]),
        ("WithdrawMethods", ["query-funds", "withdraw-funds"]),
        ("WithdrawAddresses", ["query-funds", "withdraw-funds"]),
        ("WalletTransfer", ["query-funds"]),
        ("Balance", ["query-funds"]),
        ("BalanceEx", ["query-funds"]),
        ("Ledgers", ["query-ledger"]),
        ("QueryLedgers", ["query-ledger"]),
        ("GetApiKeyInfo", []),
        ("GetWebSocketsToken", ["create-ws-token"]),
    ],
)
def test_a_method_needs_its_permissions_and_no_others(bench: Any, method: str, permissions: list[str]) -> None:
    every = ["query-funds", "withdraw-funds", "query-ledger", "create-ws-token", "export-data"]
    assert bench.ask(bench.account(permissions=permissions), method).body != DENIED
    for missing in permissions:
        others = [word for word in every if word != missing]
        assert bench.ask(bench.account(permissions=others), method).body == DENIED


def test_a_key_with_an_otp_withdraws_with_it_and_not_without(bench: Any) -> None:
    # RFC 6238's test key; its code at 59 s ends in 287082.
    account = bench.account(totp_secret="GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ")
    bench.clock.now_ms = 59_000
    assert bench.ask(account, "Withdraw", ORDER).body == DENIED
    refid_of(bench.ask(account, "Withdraw", {**ORDER, "otp": "287082"}))
