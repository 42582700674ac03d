"""The neighbours of cancel through unmodified SDKs over HTTP: pybit with its retries and RSA, ccxt sync and async."""

from __future__ import annotations

import json
import logging
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import ccxt
import ccxt.async_support
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from pybit.exceptions import FailedRequestError, InvalidRequestError
from pybit.unified_trading import HTTP

from simulator import Simulator

EVM = "0x7c3f1cd65d8a3c3b1c7a9d3c5f0e2b4a6d8c0e11"


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    """A proxy of the surroundings must not get the calls to 127.0.0.1."""
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")


@pytest.fixture(autouse=True)
def quiet() -> Iterator[None]:
    """pybit logs every retry as an error."""
    logging.getLogger("pybit").setLevel(logging.CRITICAL)
    yield
    logging.getLogger("pybit").setLevel(logging.NOTSET)


@pytest.fixture
def account(simulator: Simulator) -> Iterator[Any]:
    with simulator.bybit.account(balances={"USDT": "100"}, wallets={"UTA": {"USDT": "200"}}) as opened:
        yield opened


@pytest.fixture
def slept(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """pybit's naps between its tries, not slept: they last 3 s each, and nothing here waits for a clock."""
    naps: list[float] = []
    monkeypatch.setattr("pybit._http_manager.time.sleep", naps.append)
    return naps


# --- pybit --------------------------------------------------------------------------------------------------------


def pybit(account: Any, **changed: Any) -> HTTP:
    session = HTTP(**{"api_key": account.api_key, "api_secret": account.api_secret, **changed})
    session.endpoint = account.url
    return session


def order(account: Any, **changed: Any) -> dict[str, Any]:
    settings = account.client_settings
    return {
        "coin": settings["asset"],
        "chain": settings["chain"],
        "address": settings["address"],
        "amount": settings["amount"],
        "timestamp": account.now_ms,
        "accountType": settings["account_type"],
        **changed,
    }


def test_pybit_creates_lists_and_cancels(account: Any) -> None:
    session = pybit(account)
    made = session.withdraw(**order(account))["result"]["id"]
    assert account.balance("USDT").held == 14
    assert (
        session.get_withdrawable_amount(coin="USDT")["result"]["withdrawableAmount"]["FUND"]["availableBalance"] == "86"
    )
    [row] = session.get_withdrawal_records(withdrawID=made)["result"]["rows"]
    assert (row["status"], row["amount"], row["withdrawFee"]) == ("SecurityCheck", "10", "4")
    assert session.cancel_withdrawal(id=made)["result"] == {"status": 1}
    assert account.balance("USDT").available == 300


def test_pybit_reads_coins_balances_addresses_and_its_key(account: Any) -> None:
    session = pybit(account)
    assert session.get_coin_info(coin="USDT")["result"]["rows"][0]["chains"][0]["withdrawFee"] == "4"
    funding = session.get_coins_balance(accountType="FUND")["result"]["balance"]
    assert [(one["coin"], one["transferBalance"]) for one in funding] == [("USDT", "100")]
    single = session.get_coin_balance(accountType="UNIFIED", coin="USDT")["result"]
    assert single["balance"]["walletBalance"] == "200"
    [wallet] = session.get_wallet_balance(accountType="UNIFIED")["result"]["list"]
    assert wallet["totalEquity"] == "200"
    assert session.get_api_key_information()["result"]["permissions"]["Wallet"]
    assert session.get_account_info()["result"]["unifiedMarginStatus"] == 6


def test_pybit_raises_with_the_code_of_a_refused_order(account: Any) -> None:
    with pytest.raises(InvalidRequestError) as raised:
        pybit(account).withdraw(**order(account, amount="1000"))
    assert (raised.value.status_code, raised.value.message) == (131001, "Account available balance insufficient")


def test_pybit_widens_its_window_until_the_third_try_gets_through(account: Any, slept: list[float]) -> None:
    """A server that is 8 s ahead: windows of 5 and 7.5 s are too narrow, 10 s are not."""
    account.set(skew_ms=8_000)
    assert pybit(account).get_withdrawal_records()["retCode"] == 0
    conditions = [entry.refused.condition if entry.refused else None for entry in account.requests("list")]
    assert conditions == ["auth.timestamp_outside_window"] * 2 + [None]
    windows = [dict(entry.request.headers)["X-BAPI-RECV-WINDOW"] for entry in account.requests("list")]
    assert windows == ["5000", "7500", "10000"]
    assert slept == [3, 3]


def test_pybit_gives_up_on_a_clock_that_is_ahead_and_never_shows_the_10002(account: Any, slept: list[float]) -> None:
    account.set(skew_ms=-60_000)
    with pytest.raises(FailedRequestError) as raised:
        pybit(account).get_withdrawal_records()
    assert raised.value.status_code == 400
    assert "retries exceeded maximum" in str(raised.value).lower()
    assert (len(account.requests("list")), slept) == (3, [3, 3, 3])


def test_pybit_waits_for_the_reset_that_a_10006_names_and_gets_through(
    simulator: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The nap is not slept; the account goes ahead by its length instead."""
    with simulator.bybit.account(limits=True) as account:
        naps: list[float] = []

        def nap(seconds: float) -> None:
            naps.append(seconds)
            account.advance(seconds=seconds + 1)

        monkeypatch.setattr("pybit._http_manager.time.sleep", nap)
        session = pybit(account)
        for _ in range(6):
            assert session.get_coin_info(coin="USDT")["retCode"] == 0
        assert len(account.requests("coins")) == 7
        assert len(naps) == 1
        assert 0 < naps[0] <= 1


def test_pybit_takes_a_403_for_a_breached_ip_limit(simulator: Simulator) -> None:
    with simulator.bybit.account(limits=True, behavior={"cancel.unknown_id": "IP_ACCESS_TOO_FREQUENT"}) as account:
        with pytest.raises(FailedRequestError, match="breached the ip rate limit") as raised:
            pybit(account).cancel_withdrawal(id="1")
        assert raised.value.status_code == 403


def test_pybit_signs_with_rsa(simulator: Simulator) -> None:
    private = rsa.generate_private_key(65537, 2048)
    public = private.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
    secret = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    with simulator.bybit.account(public_key=public) as account:
        withdrawal = account.withdrawal("USDT", "10")
        session = pybit(account, api_secret=secret, rsa_authentication=True)
        assert session.cancel_withdrawal(id=withdrawal.id)["result"] == {"status": 1}
        assert session.get_withdrawal_records(limit=1, coin="USDT")["retCode"] == 0
        another = rsa.generate_private_key(65537, 2048).private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        with pytest.raises(InvalidRequestError) as raised:
            pybit(account, api_secret=another.decode(), rsa_authentication=True).get_withdrawal_records()
        assert raised.value.status_code == 10004


# --- ccxt, sync ---------------------------------------------------------------------------------------------------


def pointed(exchange: Any, account: Any) -> Any:
    exchange.urls["api"] = dict.fromkeys(exchange.urls["api"], account.url)
    return exchange


def over_ccxt(account: Any, **changed: Any) -> Any:
    return pointed(ccxt.bybit({"apiKey": account.api_key, "secret": account.api_secret, **changed}), account)


def test_ccxt_loads_markets_and_knows_the_networks(account: Any) -> None:
    exchange = over_ccxt(account)
    assert exchange.load_markets() == {}
    networks = exchange.currencies["USDT"]["networks"]
    assert {network["id"]: network["fee"] for network in networks.values()}["TRX"] == 1
    assert networks["ERC20"]["limits"]["withdraw"]["min"] == 1
    assert [network["id"] for network in networks.values() if not network["withdraw"]] == ["KAVAEVM"]


def test_ccxt_withdraws_from_the_unified_wallet_sees_it_and_cancels_it(account: Any) -> None:
    exchange = over_ccxt(account)
    made = exchange.withdraw("USDT", 10, EVM, {"network": "ERC20"})
    [withdrawal] = account.withdrawals
    assert made["id"] == withdrawal.id
    assert [wallet for wallet, _ in withdrawal._withdrawal.details.shares] == ["UTA"]
    [listed] = exchange.fetch_withdrawals("USDT")
    assert [listed[name] for name in ("id", "status", "amount", "currency", "network", "addressTo")] == [
        withdrawal.id,
        "pending",
        10,
        "USDT",
        "ERC20",
        EVM,
    ]
    assert listed["fee"] == {"cost": 4, "currency": "USDT"}
    exchange.private_post_v5_asset_withdraw_cancel({"id": made["id"]})
    assert [one["status"] for one in exchange.fetch_withdrawals("USDT")] == ["canceled"]
    assert account.balance("USDT").available == 300


def test_ccxt_withdraws_from_the_funding_wallet_when_told_so(account: Any) -> None:
    over_ccxt(account).withdraw("USDT", 10, EVM, {"network": "ERC20", "accountType": "FUND"})
    [withdrawal] = account.withdrawals
    assert [wallet for wallet, _ in withdrawal._withdrawal.details.shares] == ["FUND"]


@pytest.mark.parametrize(
    ("state", "status"),
    [
        ("SecurityCheck", "pending"),
        ("Pending", "pending"),
        ("BlockchainConfirmed", "ok"),
        ("success", "ok"),
        ("CancelByUser", "canceled"),
        ("Reject", "rejected"),
        ("Fail", "failed"),
        ("MoreInformationRequired", "MoreInformationRequired"),
        ("Unknown", "Unknown"),
    ],
)
def test_ccxt_reads_every_public_status(account: Any, state: str, status: str) -> None:
    account.withdrawal("USDT", "10", state=state)
    assert [one["status"] for one in over_ccxt(account).fetch_withdrawals()] == [status]


def test_ccxt_pages_through_the_withdrawals_since_a_moment(account: Any) -> None:
    ids = [account.withdrawal("USDT", "1", network="TRX").id for _ in range(3)]
    found = over_ccxt(account).fetch_withdrawals("USDT", account.now_ms - 60_000, 2)
    assert {one["id"] for one in found} == set(ids[1:])  # the newest two; ccxt sorts them by the second


def test_ccxt_reads_both_wallets(account: Any) -> None:
    account.withdrawal("USDT", "10", account_type="FUND")
    exchange = over_ccxt(account)
    unified = exchange.fetch_balance()
    assert (unified["USDT"]["free"], unified["USDT"]["total"]) == (200, 200)
    funding = exchange.fetch_balance({"type": "funding"})
    assert (funding["USDT"]["free"], funding["USDT"]["used"], funding["USDT"]["total"]) == (86, 14, 100)


@pytest.mark.parametrize(
    ("changed", "error", "code"),
    [
        ({"address": "0xnew"}, ccxt.BadRequest, 131002),
        ({"amount": 1000}, ccxt.InsufficientFunds, 131001),
        ({"amount": 0.5}, ccxt.InsufficientFunds, 131001),  # 131001 is a catch-all; ccxt has one class for it
        ({"tag": "7"}, ccxt.ExchangeError, 131081),
    ],
)
def test_ccxt_raises_its_class_for_a_refused_order(
    account: Any, changed: dict[str, Any], error: type[Exception], code: int
) -> None:
    given = {"amount": 10, "address": EVM} | changed
    params = {"network": "ERC20"} | ({"tag": given["tag"]} if "tag" in given else {})
    with pytest.raises(error, match=f'"retCode":{code}'):
        over_ccxt(account).withdraw("USDT", given["amount"], given["address"], params)
    assert account.withdrawals == []


@pytest.mark.parametrize(
    ("row", "error"),
    [
        ("IP_ACCESS_TOO_FREQUENT", ccxt.RateLimitExceeded),
        ("UNAUTHORIZED", ccxt.AuthenticationError),
        ("NOT_FOUND", ccxt.ExchangeNotAvailable),
        ("FREQUENCY_PROTECTION", ccxt.RateLimitExceeded),
        ("TOO_MANY_VISITS", ccxt.RateLimitExceeded),
        ("PERMISSION_DENIED", ccxt.PermissionDenied),
    ],
)
def test_ccxt_raises_its_class_for_a_gateway_answer(account: Any, row: str, error: type[Exception]) -> None:
    account.set(behavior={"cancel.unknown_id": row})
    with pytest.raises(error) as raised:
        over_ccxt(account).private_post_v5_asset_withdraw_cancel({"id": "1"})
    assert type(raised.value) is error


def test_ccxt_adjusts_to_a_server_whose_clock_is_far_off(simulator: Simulator, account: Any) -> None:
    for whose in (simulator.bybit, account):  # the public time, and the account
        whose.set(skew_ms=-3_600_000)
    exchange = over_ccxt(account)
    with pytest.raises(ccxt.InvalidNonce):
        exchange.fetch_currencies()
    exchange.load_time_difference()
    assert "USDT" in exchange.fetch_currencies()


# --- ccxt, async --------------------------------------------------------------------------------------------------


async def test_ccxt_async_loads_withdraws_sees_and_cancels(account: Any) -> None:
    exchange = pointed(
        ccxt.async_support.bybit({"apiKey": account.api_key, "secret": account.api_secret, "enableRateLimit": False}),
        account,
    )
    try:
        assert await exchange.load_markets() == {}
        made = await exchange.withdraw("USDT", 10, EVM, {"network": "ERC20"})
        assert [one["status"] for one in await exchange.fetch_withdrawals("USDT")] == ["pending"]
        assert (await exchange.fetch_balance())["USDT"]["total"] == 200
        assert (await exchange.fetch_balance({"type": "funding"}))["USDT"]["free"] == 100
        answered = await exchange.private_post_v5_asset_withdraw_cancel({"id": made["id"]})
        assert answered["result"] == {"status": 1}
        with pytest.raises(ccxt.ExchangeError, match='"retCode":131099'):
            await exchange.private_post_v5_asset_withdraw_cancel({"id": made["id"]})
        assert [one["status"] for one in await exchange.fetch_withdrawals("USDT")] == ["canceled"]
    finally:
        await exchange.close()
    assert account.balance("USDT").available == 300


async def test_ccxt_async_raises_its_class_for_a_wrong_secret(account: Any) -> None:
    exchange = pointed(ccxt.async_support.bybit({"apiKey": account.api_key, "secret": "another"}), account)
    try:
        with pytest.raises(ccxt.AuthenticationError, match='"retCode":10004'):
            await exchange.private_post_v5_asset_withdraw_cancel({"id": "1"})
    finally:
        await exchange.close()


@pytest.mark.parametrize(
    ("row", "error"),
    [
        ("PARAMS_ERROR", ccxt.BadRequest),
        ("TIMESTAMP_OUTSIDE_WINDOW", ccxt.InvalidNonce),
        ("API_KEY_INVALID", ccxt.AuthenticationError),
        ("PERMISSION_DENIED", ccxt.PermissionDenied),
        ("TOO_MANY_VISITS", ccxt.RateLimitExceeded),
        ("IP_ACCESS_TOO_FREQUENT", ccxt.RateLimitExceeded),
        ("UNAUTHORIZED", ccxt.AuthenticationError),
        ("UNAUTHORIZED_TEXT", ccxt.AuthenticationError),
        ("NOT_FOUND", ccxt.ExchangeNotAvailable),
    ],
)
async def test_ccxt_async_raises_its_class_for_a_gateway_answer(account: Any, row: str, error: type[Exception]) -> None:
    account.set(behavior={"cancel.unknown_id": row})
    exchange = pointed(ccxt.async_support.bybit({"apiKey": account.api_key, "secret": account.api_secret}), account)
    try:
        with pytest.raises(error) as raised:
            await exchange.private_post_v5_asset_withdraw_cancel({"id": "1"})
        assert type(raised.value) is error
    finally:
        await exchange.close()


async def test_ccxt_async_raises_its_class_for_a_refused_order_and_for_a_lost_reply(account: Any) -> None:
    exchange = pointed(ccxt.async_support.bybit({"apiKey": account.api_key, "secret": account.api_secret}), account)
    withdrawal = account.withdrawal("USDT", "10")
    account.fault("lose_reply", endpoint="cancel")
    try:
        with pytest.raises(ccxt.InsufficientFunds, match='"retCode":131001'):
            await exchange.withdraw("USDT", 1000, EVM, {"network": "ERC20"})
        with pytest.raises(ccxt.BadRequest, match='"retCode":131002'):
            await exchange.withdraw("USDT", 10, "0xnew", {"network": "ERC20"})
        with pytest.raises(ccxt.NetworkError):
            await exchange.private_post_v5_asset_withdraw_cancel({"id": withdrawal.id})
    finally:
        await exchange.close()
    assert withdrawal.state == "CancelByUser"
    assert len(account.withdrawals) == 1


# --- the line to paste --------------------------------------------------------------------------------------------


def test_the_pasted_line_of_an_rsa_key_reads_the_private_key_from_a_file(simulator: Simulator, tmp_path: Path) -> None:
    for tool in ("sh", "curl", "openssl"):
        if shutil.which(tool) is None:
            pytest.skip(f"there is no {tool} on this machine")
    private = rsa.generate_private_key(65537, 2048)
    public = private.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
    (tmp_path / "private.pem").write_bytes(private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    with simulator.bybit.account(public_key=public) as account:
        withdrawal = account.withdrawal("USDT", "10")
        line = account._exchange.onboarding.paste(
            simulator.url, account._key, account._account.book.find(withdrawal.id)
        )
        told = subprocess.run(["sh", "-c", line], capture_output=True, check=True, cwd=tmp_path)
        assert json.loads(told.stdout)["result"] == {"status": 1}
