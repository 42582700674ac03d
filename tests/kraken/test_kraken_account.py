"""Balance, BalanceEx, GetApiKeyInfo, GetWebSocketsToken, and the public methods that SDKs load."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from simulator import Request


def public(bench: Any, target: str) -> bytes:
    return bytes(bench.simulator.answer(Request("GET", "/0/public/" + target)).body)


def test_a_balance_is_net_of_pending_withdrawals_with_the_decimals_of_the_asset(bench: Any) -> None:
    account = bench.account(balances={"USD": "171288.6158", "BTC": "1011.19088779", "EUR": "0"})
    account.withdrawal("BTC", "1")
    assert bench.ask(account, "Balance").body == (
        b'{"error":[],"result":{"ZUSD":"171288.6158","XXBT":"1010.1906877900","ZEUR":"0.0000"}}'
    )
    assert bench.ask(account, "BalanceEx").body == (
        b'{"error":[],"result":{"ZUSD":{"balance":"171288.6158","hold_trade":"0.0000"},'
        b'"XXBT":{"balance":"1010.1906877900","hold_trade":"0.0000000000"},'
        b'"ZEUR":{"balance":"0.0000","hold_trade":"0.0000"}}}'
    )


def test_an_account_that_never_had_anything_has_an_empty_balance(bench: Any) -> None:
    account = bench.account(balances={})
    assert bench.ask(account, "Balance").body == b'{"error":[],"result":{}}'
    assert bench.ask(account, "BalanceEx").body == b'{"error":[],"result":{}}'


def test_zeros_behind_the_decimals_of_an_asset_are_left_away(bench: Any) -> None:
    account = bench.account(balances={"USD": "10.000000", "DOT": "0.00000000001"})
    assert bench.ask(account, "Balance").body == b'{"error":[],"result":{"ZUSD":"10.0000","DOT":"0.00000000001"}}'


def test_a_key_is_told_what_it_is(bench: Any) -> None:
    account = bench.account(
        name="treasury",
        nonce_window=15,
        expires=1_800_000_000_000,
        ip_allowlist=["127.0.0.1"],
        permissions=["query-ledger", "query-funds"],
    )
    account.advance(seconds=60)
    body = bench.ask(account, "GetApiKeyInfo", nonce=1772627060997).body.decode()
    [iban] = re.findall(r'"iban":"(AA\d\d(?: [A-Z]{4}){3})"', body)
    assert body == (
        f'{{"error":[],"result":{{"api_key_name":"treasury","api_key":"{account.api_key}","nonce":"1772627060997",'
        f'"nonce_window":"15","permissions":["query-funds","query-ledger"],"iban":"{iban}","valid_until":"1800000000",'
        '"query_from":"0","query_to":"0","created_time":"1700000000","modified_time":"1700000000",'
        '"ip_allowlist":["127.0.0.1"],"last_used":"1700000060"}}'
    )


def test_a_key_may_be_told_in_camel_case(bench: Any) -> None:
    account = bench.account(behavior={"key_info.case": "camel"}, permissions=[])
    info = json.loads(bench.ask(account, "GetApiKeyInfo", nonce=5).body)["result"]
    assert list(info) == [
        *("apiKeyName", "apiKey", "nonce", "nonceWindow", "permissions", "iban", "validUntil", "queryFrom"),
        *("queryTo", "createdTime", "modifiedTime", "ipAllowlist", "lastUsed"),
    ]
    assert (info["nonce"], info["nonceWindow"], info["permissions"], info["validUntil"]) == ("5", 0, [], "0")


def test_a_key_shows_its_highest_nonce_not_its_latest(bench: Any) -> None:
    account = bench.account(nonce_window=10)
    bench.ask(account, nonce=100)
    assert json.loads(bench.ask(account, "GetApiKeyInfo", nonce=95).body)["result"]["nonce"] == "100"


def test_a_token_is_the_one_of_the_documentation(bench: Any) -> None:
    account = bench.account(permissions=["create-ws-token"])
    assert bench.ask(account, "GetWebSocketsToken").body == (
        b'{"error":[],"result":{"token":"1Dwc4lzSwNWOAwkMdqhssNNFhs1ed606d1WcF3XfEMw","expires":900}}'
    )


def test_the_status_has_the_time_of_the_server(bench: Any) -> None:
    bench.clock.now_ms = 1_688_669_520_999
    expected = b'{"error":[],"result":{"status":"online","timestamp":"2023-07-06T18:52:00Z"}}'
    assert public(bench, "SystemStatus") == expected


@pytest.mark.parametrize("names", ["XBT,usd", "XXBT,ZUSD", "btc,+USD", "%58BT,USD"])
def test_assets_are_asked_for_by_all_their_names(bench: Any, names: str) -> None:
    assert public(bench, f"Assets?asset={names}&aclass=currency") == (
        b'{"error":[],"result":{"XXBT":{"aclass":"currency","altname":"XBT","decimals":10,"display_decimals":5,'
        b'"status":"enabled"},"ZUSD":{"aclass":"currency","altname":"USD","decimals":4,"display_decimals":2,'
        b'"status":"enabled"}}}'
    )


def test_all_assets_are_shown_when_none_is_named(bench: Any) -> None:
    shown = json.loads(public(bench, "Assets"))["result"]
    assert {id: row["altname"] for id, row in shown.items()} == {
        "USDT": "USDT",
        "USDC": "USDC",
        "XXBT": "XBT",
        "XETH": "ETH",
        "XXRP": "XRP",
        "XLTC": "LTC",
        "XXDG": "XDG",
        "XXLM": "XLM",
        "DOT": "DOT",
        "ZUSD": "USD",
        "ZEUR": "EUR",
        "ZGBP": "GBP",
        "ZCAD": "CAD",
        "ZJPY": "JPY",
    }
    assert public(bench, "Assets?aclass=tokenized_asset") == b'{"error":[],"result":{}}'


def test_a_pair_has_what_clients_index(bench: Any) -> None:
    assert public(bench, "AssetPairs?pair=XBTUSD") == (
        b'{"error":[],"result":{"XXBTZUSD":{"altname":"XBTUSD","wsname":"XBT/USD","aclass_base":"currency",'
        b'"base":"XXBT","aclass_quote":"currency","quote":"ZUSD","lot":"unit","cost_decimals":5,"pair_decimals":1,'
        b'"lot_decimals":8,"lot_multiplier":1,"leverage_buy":[],"leverage_sell":[],"fees":[[0,0.26]],'
        b'"fees_maker":[[0,0.16]],"fee_volume_currency":"ZUSD","margin_call":80,"margin_stop":40,'
        b'"ordermin":"0.00005","costmin":"0.5","tick_size":"0.1","status":"online"}}}'
    )


def test_every_pair_is_of_assets_that_exist(bench: Any) -> None:
    assets = json.loads(public(bench, "Assets"))["result"]
    pairs = json.loads(public(bench, "AssetPairs"))["result"]
    assert {row[side] for row in pairs.values() for side in ("base", "quote")} == set(assets)
    assert list(json.loads(public(bench, "AssetPairs?pair=XXBTZUSD,ethusd"))["result"]) == ["XXBTZUSD", "XETHZUSD"]


@pytest.mark.parametrize("query", ["asset=%ff", "asset=%", "asset", "=", "&&", "asset=XBT&asset=NOPE", "\udcff=\udcff"])
def test_a_broken_query_is_no_error_of_the_server(bench: Any, query: str) -> None:
    assert public(bench, "Assets?" + query).startswith(b'{"error":[')


@pytest.mark.parametrize("method", ["Balance", "BalanceEx", "GetApiKeyInfo", "GetWebSocketsToken", "WithdrawMethods"])
@pytest.mark.parametrize("mode", ["unavailable", "busy"])
def test_a_service_that_is_down_answers_no_method(bench: Any, method: str, mode: str) -> None:
    permissions = ["query-funds", "withdraw-funds", "create-ws-token"]
    account = bench.account(permissions=permissions, behavior={"service.mode": mode})
    assert bench.ask(account, method).body == b'{"error":["EService:' + mode.capitalize().encode() + b'"]}'
