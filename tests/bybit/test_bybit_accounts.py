"""What Bybit tells of coins, addresses, balances and keys, byte for byte where that is short."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest

from simulator.exchanges.bybit import BYBIT
from simulator.exchanges.bybit.assets import ASSETS

Desk = Any
EVM = "0x7c3f1cd65d8a3c3b1c7a9d3c5f0e2b4a6d8c0e11"
COINS = "asset/transfer/query-account-coins-balance"
COIN = "asset/transfer/query-account-coin-balance"
ADDRESSES = "asset/withdraw/query-address"


def result(at: Desk, path: str, query: str = "") -> Any:
    reply = at.get(path, query)
    assert at.condition is None
    return json.loads(reply.body)["result"]


def test_every_endpoint_is_limited_as_documented(desk: type[Desk]) -> None:
    """docs v5/rate-limit, 2026-07; the two public ones are limited by IP alone."""
    limits = {
        endpoint.path: None if endpoint.limit is None else (endpoint.limit.calls, endpoint.limit.window_ms)
        for endpoint in BYBIT.endpoints
    }
    assert limits == {
        "/v5/market/time": None,
        "/v5/asset/withdraw/cancel": (60, 60_000),
        "/v5/asset/withdraw/query-record": (300, 60_000),
        "/v5/asset/withdraw/create": (5, 1_000),
        "/v5/asset/withdraw/withdrawable-amount": (300, 1_000),
        "/v5/asset/withdraw/query-address": (300, 1_000),
        "/v5/asset/withdraw/vasp/list": (1, 1_000),
        "/v5/asset/coin/query-info": (5, 1_000),
        "/v5/asset/transfer/query-account-coins-balance": (5, 1_000),
        "/v5/asset/transfer/query-account-coin-balance": (450, 1_000),
        "/v5/account/wallet-balance": (50, 1_000),
        "/v5/account/info": (50, 1_000),
        "/v5/user/query-api": (10, 1_000),
        "/v5/market/instruments-info": None,
    }


@pytest.mark.parametrize("endpoint", [one for one in BYBIT.endpoints if one.limit], ids=lambda one: one.name)
def test_one_call_more_than_the_limit_is_refused_with_a_reset_in_the_future(desk: type[Desk], endpoint: Any) -> None:
    at = desk(limits=True)

    def call() -> Any:
        path = endpoint.path
        return at.post(b"{}", target=path) if endpoint.method == "POST" else at.get(path.removeprefix("/v5/"))

    for left in reversed(range(endpoint.limit.calls)):
        reply = call()
        assert reply.header("X-Bapi-Limit") == str(endpoint.limit.calls)
        assert reply.header("X-Bapi-Limit-Status") == str(left)
    reply = call()
    assert b'{"retCode":10006,"retMsg":"Too many visits. Exceeded the API Rate Limit.",' in reply.body
    reset_ms = int(reply.header("X-Bapi-Limit-Reset-Timestamp"))
    assert reset_ms == 1_700_000_000_000 + endpoint.limit.window_ms
    at.account.advance(seconds=endpoint.limit.window_ms / 1000)
    assert call().header("X-Bapi-Limit-Status") == str(endpoint.limit.calls - 1)


def test_a_reset_is_a_second_away_at_least(desk: type[Desk]) -> None:
    """A moment that has passed when the client reads it makes pybit fail in its sleep."""
    at = desk(limits=True)
    at.get("asset/withdraw/vasp/list")
    at.account.advance(seconds=0.999)
    assert at.get("asset/withdraw/vasp/list").header("X-Bapi-Limit-Reset-Timestamp") == "1700000001000"


def test_calls_by_ip_are_counted_for_each_ip_and_account(desk: type[Desk]) -> None:
    at = desk(limits=True)
    for _ in range(601):
        at.get("market/time")
    assert at.condition == "limit.ip_exceeded"
    at.get("market/time", peer="192.0.2.1")
    assert at.condition is None
    other = at.simulator.bybit.account("other", limits=True)
    at.get("market/time", api_key=other.api_key, api_secret=other.api_secret)
    assert at.condition is None
    at.account.set(limits=False)
    at.get("market/time")
    assert at.condition is None


def test_six_hundred_calls_in_any_five_seconds_are_taken(desk: type[Desk]) -> None:
    at = desk(limits=True)
    for moment in range(4):
        for _ in range(300):
            at.get("market/time")
            assert at.condition is None, moment
        at.clock.advance(2_500)


PRIVATE = [endpoint for endpoint in BYBIT.endpoints if endpoint.permission is not None]


@pytest.mark.parametrize("endpoint", PRIVATE, ids=lambda one: one.name)
def test_a_private_endpoint_wants_a_signature_and_its_permission(desk: type[Desk], endpoint: Any) -> None:
    at = desk(permissions=["AccountTransfer"])
    path = endpoint.path
    for secret in ("another", None):
        if endpoint.method == "POST":
            at.post(b"{}", target=path, api_secret=secret)
        else:
            at.get(path.removeprefix("/v5/"), api_secret=secret)
        if secret:
            assert at.condition == "auth.wrong_signature"
        else:
            assert (at.condition == "auth.no_permission") is (endpoint.permission == "Withdraw")
    assert {one.name for one in PRIVATE if one.permission == "Withdraw"} == {"cancel", "create", "addresses"}


# --- coins --------------------------------------------------------------------------------------------------------


def test_a_coin_is_shown_with_its_chains_byte_for_byte(desk: type[Desk]) -> None:
    assert desk().get("asset/coin/query-info", "coin=XRP").body == (
        b'{"retCode":0,"retMsg":"success","result":{"rows":[{"name":"XRP","coin":"XRP","remainAmount":"100000000",'
        b'"chains":[{"chainType":"XRP","confirmation":"1","withdrawFee":"0.2","depositMin":"0","withdrawMin":"2",'
        b'"chain":"XRP","chainDeposit":"1","chainWithdraw":"1","minAccuracy":"6","withdrawPercentageFee":"0",'
        b'"contractAddress":"","safeConfirmNumber":"1","withdrawMax":"-1"}]}]},"retExtInfo":{},"time":1700000000000}'
    )


def test_all_coins_are_shown_unless_one_is_asked_for(desk: type[Desk]) -> None:
    at = desk()
    assert [row["coin"] for row in result(at, "asset/coin/query-info")["rows"]] == ["USDT", "USDC", "BTC", "ETH", "XRP"]
    assert result(at, "asset/coin/query-info", "coin=usdt")["rows"] == []


def test_a_closed_chain_has_no_fee_and_every_figure_is_a_text(desk: type[Desk]) -> None:
    rows = result(desk(), "asset/coin/query-info")["rows"]
    chains = [chain for row in rows for chain in row["chains"]]
    assert all(isinstance(value, str) for chain in chains for value in chain.values())
    assert {chain["chain"] for chain in chains if chain["chainWithdraw"] == "0"} == {"KAVAEVM"}
    assert {chain["chain"] for chain in chains if chain["withdrawFee"] == ""} == {"KAVAEVM"}
    assert {chain["withdrawMax"] for chain in chains} == {"-1", "5000000"}


def test_every_chain_of_the_table_has_both_halves() -> None:
    for asset in ASSETS.table:
        assert [network.name for network in asset.networks] == list(asset.details.chains)


def test_the_list_of_vasps_ends_with_the_others(desk: type[Desk]) -> None:
    vasps = result(desk(), "asset/withdraw/vasp/list")["vasp"]
    assert [list(vasp) for vasp in vasps] == [["vaspEntityId", "vaspName"]] * len(vasps)
    assert vasps[-1]["vaspEntityId"] == "others"


# --- addresses ----------------------------------------------------------------------------------------------------

BOOK = [
    {"coin": "USDT", "chain": "ETH", "address": "0xa", "remark": "first"},
    {"chain": "TRX", "address": "Tb", "tag": "7", "verified": False, "new": True},
    {"coin": "USDT", "address": "555", "internal": True},
]


def test_an_address_is_shown_byte_for_byte(desk: type[Desk]) -> None:
    cursor = base64.b64encode(b'{"minID":2,"maxID":2}').decode()
    assert desk(address_book=BOOK).get(ADDRESSES, "coin=baseCoin").body.decode() == (
        '{"retCode":0,"retMsg":"success","result":{"rows":[{"coin":"baseCoin","chain":"TRX","address":"Tb","tag":"7",'
        '"remark":"","status":1,"addressType":0,"verified":0,"createdAt":"1700000000"}],'
        f'"nextPageCursor":"{cursor}"}},"retExtInfo":{{}},"time":1700000000000}}'
    )


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["Tb", "0xa"]),
        ("addressType=0", ["Tb", "0xa"]),
        ("addressType=1", ["555"]),
        ("addressType=2", ["555", "Tb", "0xa"]),
        ("coin=USDT&addressType=2", ["555", "0xa"]),
        ("chain=TRX", ["Tb"]),
        ("coin=BTC", []),
        ("limit=1&addressType=2", ["555"]),
    ],
)
def test_addresses_are_chosen_by_coin_chain_and_type(desk: type[Desk], query: str, found: list[str]) -> None:
    assert [row["address"] for row in result(desk(address_book=BOOK), ADDRESSES, query)["rows"]] == found


def test_pages_of_addresses_partition_the_book(desk: type[Desk]) -> None:
    at = desk(address_book=BOOK)
    seen, cursor = [], ""
    while True:
        page = result(at, ADDRESSES, "addressType=2&limit=2" + (f"&cursor={cursor}" if cursor else ""))
        seen.append([row["address"] for row in page["rows"]])
        cursor = page["nextPageCursor"]
        if not cursor:
            break
    assert seen == [["555", "Tb"], ["0xa"], []]


def test_an_account_that_says_nothing_has_every_chain_and_one_uid_in_its_book(desk: type[Desk]) -> None:
    rows = result(desk(), ADDRESSES, "addressType=2")["rows"]
    assert [row["address"] for row in rows if row["addressType"] == 1] == ["24617703"]
    chains = [(asset.code, network.name) for asset in ASSETS.table for network in asset.networks]
    assert {(row["coin"], row["chain"]) for row in rows if row["addressType"] == 0} == set(chains)
    assert {row["status"] for row in rows} == {0}


@pytest.mark.parametrize("query", ["limit=0", "limit=51", "limit=x", "addressType=3", "addressType=-1"])
def test_a_wrong_parameter_of_the_address_query_is_refused(desk: type[Desk], query: str) -> None:
    at = desk()
    at.get(ADDRESSES, query)
    assert at.condition == "addresses.bad_parameter"


# --- balances -----------------------------------------------------------------------------------------------------


def rich(desk: type[Desk]) -> Desk:
    at = desk(balances={"USDT": "100"}, wallets={"UTA": {"USDT": "50", "BTC": "0.5"}, "EARN": {"USDT": "7"}})
    at.create(accountType="FUND")
    assert at.condition is None
    return at


def test_the_withdrawable_amount_is_shown_by_wallet_byte_for_byte(desk: type[Desk]) -> None:
    assert rich(desk).get("asset/withdraw/withdrawable-amount", "coin=USDT").body == (
        b'{"retCode":0,"retMsg":"success","result":{"limitAmountUsd":"999999990","withdrawableAmount":{'
        b'"FUND":{"coin":"USDT","withdrawableAmount":"86","availableBalance":"86"},'
        b'"UTA":{"coin":"USDT","withdrawableAmount":"50","availableBalance":"50"},'
        b'"EARN":{"coin":"USDT","withdrawableAmount":"7","availableBalance":"7"}}},"retExtInfo":{},"time":1700000000000}'
    )


def test_earn_is_left_out_where_there_is_none_of_the_coin(desk: type[Desk]) -> None:
    assert list(result(rich(desk), "asset/withdraw/withdrawable-amount", "coin=BTC")["withdrawableAmount"]) == [
        "FUND",
        "UTA",
    ]


def test_the_coins_of_a_wallet_are_shown_byte_for_byte(desk: type[Desk]) -> None:
    at = rich(desk)
    member = at.account.credentials["user_id"]
    assert at.get(COINS, "accountType=FUND").body.decode() == (
        f'{{"retCode":0,"retMsg":"success","result":{{"memberId":"{member}","accountType":"FUND","balance":['
        '{"coin":"USDT","transferBalance":"86","walletBalance":"100","bonus":""}]},"retExtInfo":{},"time":1700000000000}'
    )


@pytest.mark.parametrize(
    ("query", "balances"),
    [
        ("accountType=FUND&coin=BTC,USDT", [("BTC", "0"), ("USDT", "100")]),
        ("accountType=UNIFIED&coin=USDT,BTC", [("USDT", "50"), ("BTC", "0.5")]),
        ("accountType=UNIFIED&coin=ETH&withBonus=0", [("ETH", "0")]),
    ],
)
def test_coins_that_are_asked_for_are_shown_also_when_there_is_none(
    desk: type[Desk], query: str, balances: list[tuple[str, str]]
) -> None:
    shown = result(rich(desk), COINS, query)["balance"]
    assert [(one["coin"], one["walletBalance"]) for one in shown] == balances


def test_a_bonus_is_shown_where_it_is_asked_for(desk: type[Desk]) -> None:
    assert result(rich(desk), COINS, "accountType=FUND&withBonus=1")["balance"][0]["bonus"] == "0"


@pytest.mark.parametrize(
    ("path", "query", "condition"),
    [
        (COINS, "", "balances.account_type"),
        (COINS, "accountType=CONTRACT", "balances.account_type"),
        (COINS, "accountType=fund", "balances.account_type"),
        (COINS, "accountType=UNIFIED", "balances.coins"),
        (COINS, "accountType=UNIFIED&coin=" + ",".join(["BTC"] * 11), "balances.coins"),
        (COINS, "accountType=FUND&coin=usdt", "balances.bad_parameter"),
        (COINS, "accountType=FUND&coin=,", "balances.bad_parameter"),
        (COINS, "accountType=FUND&withBonus=2", "balances.bad_parameter"),
        (COINS, "accountType=FUND&memberId=x", "balances.member"),
        (COIN, "coin=USDT", "balances.account_type"),
        (COIN, "accountType=FUND", "balances.bad_parameter"),
        (COIN, "accountType=FUND&coin=USDT&withTransferSafeAmount=yes", "balances.bad_parameter"),
        ("account/wallet-balance", "", "wallet.account_type"),
        ("account/wallet-balance", "accountType=FUND", "wallet.account_type"),
        ("asset/withdraw/withdrawable-amount", "coin=usdt", "withdrawable.coin"),
    ],
)
def test_a_wrong_parameter_of_a_balance_query_is_refused(
    desk: type[Desk], path: str, query: str, condition: str
) -> None:
    at = desk()
    at.get(path, query)
    assert at.condition == condition


def test_eleven_coins_of_the_funding_wallet_may_be_asked_for(desk: type[Desk]) -> None:
    assert len(result(desk(), COINS, "accountType=FUND&coin=" + ",".join(["BTC"] * 11))["balance"]) == 11


def test_one_coin_of_a_wallet_is_shown_byte_for_byte(desk: type[Desk]) -> None:
    at = rich(desk)
    member = at.account.credentials["user_id"]
    assert at.get(COIN, f"accountType=FUND&coin=USDT&memberId={member}").body.decode() == (
        f'{{"retCode":0,"retMsg":"success","result":{{"accountType":"FUND","bizType":1,"accountId":"{member}",'
        f'"memberId":"{member}","balance":{{"coin":"USDT","walletBalance":"100","transferBalance":"86","bonus":"",'
        '"transferSafeAmount":"","ltvTransferSafeAmount":""}},"retExtInfo":{},"time":1700000000000}'
    )
    asked = "accountType=FUND&coin=USDT&withBonus=1&withTransferSafeAmount=1&withLtvTransferSafeAmount=1"
    balance = result(at, COIN, asked)["balance"]
    assert [balance[name] for name in ("bonus", "transferSafeAmount", "ltvTransferSafeAmount")] == ["0", "86", "86"]


def test_the_unified_wallet_is_shown_with_its_worth(desk: type[Desk]) -> None:
    at = rich(desk)
    at.create(accountType="UTA")
    [wallet] = result(at, "account/wallet-balance", "accountType=UNIFIED")["list"]
    assert wallet["accountType"] == "UNIFIED"
    assert wallet["totalWalletBalance"] == "30050"
    usdt, btc = wallet["coin"]
    assert [usdt[name] for name in ("coin", "walletBalance", "locked", "usdValue")] == ["USDT", "50", "14", "50"]
    assert [btc[name] for name in ("coin", "walletBalance", "locked", "usdValue")] == ["BTC", "0.5", "0", "30000"]
    asked = result(at, "account/wallet-balance", "accountType=UNIFIED&coin=ETH,USDX")["list"][0]["coin"]
    assert [one["coin"] for one in asked] == ["ETH"]


# --- keys ---------------------------------------------------------------------------------------------------------


def test_a_key_tells_of_itself_byte_for_byte(desk: type[Desk]) -> None:
    at = desk(api_key="testkey0123456789A", permissions=["Withdraw", "AccountTransfer"], read_only=True)
    details = at.account._key.details
    member = at.account.credentials["user_id"]
    assert at.get("user/query-api").body.decode() == (
        f'{{"retCode":0,"retMsg":"","result":{{"id":"{details.number}","note":"desk","apiKey":"testkey0123456789A",'
        '"readOnly":1,"secret":"","permissions":{"ContractTrade":[],"Spot":[],"Wallet":["AccountTransfer","Withdraw"],'
        '"Options":[],"Derivatives":[],"CopyTrading":[],"BlockTrade":[],"Exchange":[],"NFT":[],"Affiliate":[],'
        '"Earn":[],"FiatP2P":[],"FiatBitPay":[],"FiatConvertBroker":[]},"ips":["*"],"type":1,"deadlineDay":-2,'
        '"expiredAt":"1970-01-01T00:00:00Z","createdAt":"2023-11-14T22:13:20Z","unified":0,"uta":1,'
        f'"userID":{member},"inviterID":0,"vipLevel":"No VIP","mktMakerLevel":"0","affiliateID":0,"rsaPublicKey":"",'
        '"isMaster":true,"parentUid":"0","kycLevel":"LEVEL_1","kycRegion":""},"retExtInfo":{},"time":1700000000000}'
    )


def test_a_key_that_is_bound_expires_and_belongs_to_a_sub_account_says_so(desk: type[Desk]) -> None:
    at = desk(sub_account=True, expires="2023-11-16T22:13:19Z", ip_allowlist=["127.0.0.1", "192.0.2.1"])
    told = result(at, "user/query-api")
    assert (told["ips"], told["deadlineDay"], told["expiredAt"]) == (
        ["127.0.0.1", "192.0.2.1"],
        1,
        "2023-11-16T22:13:19Z",
    )
    assert (told["isMaster"], told["parentUid"]) == (False, str(told["userID"] + 1))


def test_a_key_that_expires_after_the_end_of_the_calendar_is_shown_with_its_last_day(desk: type[Desk]) -> None:
    assert result(desk(expires=10**18), "user/query-api")["expiredAt"] == "9999-12-31T23:59:59Z"


def test_the_account_info_comes_without_two_keys_of_the_envelope(desk: type[Desk]) -> None:
    assert desk().get("account/info").body == (
        b'{"retCode":0,"retMsg":"OK","result":{"unifiedMarginStatus":6,"marginMode":"REGULAR_MARGIN",'
        b'"isMasterTrader":false,"spotHedgingStatus":"OFF","updatedTime":"1700000000000"}}'
    )


@pytest.mark.parametrize("category", ["spot", "linear", "inverse", "option"])
def test_there_are_no_instruments(desk: type[Desk], category: str) -> None:
    told = result(desk(), "market/instruments-info", f"category={category}&limit=1000")
    assert told == {"category": category, "list": [], "nextPageCursor": ""}


def test_a_sub_accounts_key_may_withdraw_unless_it_is_made_without(desk: type[Desk]) -> None:
    at = desk(sub_account=True)
    at.cancel("1")
    assert at.condition == "account.sub_account"
    at = desk(sub_account=True, permissions=["AccountTransfer"])
    at.cancel("1")
    assert at.condition == "auth.no_permission"
