"""The unmodified SDKs over HTTP, around the cancellation: withdraw, look, transfer, balances, ledgers, public data."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from typing import Any

import ccxt
import ccxt.async_support
import krakenex
import pytest
import requests
from kraken import exceptions
from kraken.spot import Funding, Market, SpotAsyncClient, User

from simulator import Simulator

# python-kraken-sdk marks its calls of the legacy funding endpoints, which are the only ones that cancel.
legacy = pytest.mark.filterwarnings("ignore:The '.*' function uses a deprecated Kraken endpoint:DeprecationWarning")
OLD_REFID = "AUBZC2T-6WMDG2-HYWFC7"


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    """A proxy of the surroundings must not get the calls to 127.0.0.1."""
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")


@pytest.fixture
def account(simulator: Simulator) -> Iterator[Any]:
    with simulator.kraken.account(balances={"USDT": "100", "BTC": "1"}) as opened:
        yield opened


# --- krakenex -----------------------------------------------------------------------------------------------------


@pytest.fixture
def over_krakenex(simulator: Simulator) -> Iterator[tuple[Any, krakenex.API]]:
    """krakenex takes milliseconds for nonces and repeats them against a server this fast, so its key has a window."""
    with simulator.kraken.account(balances={"USDT": "100"}, nonce_window=60_000) as opened:
        api = krakenex.API(opened.api_key, opened.api_secret)
        api.uri = opened.url
        yield opened, api
        api.close()


def test_krakenex_withdraws_cancels_and_finds_both_entries_in_the_ledger(
    over_krakenex: tuple[Any, krakenex.API],
) -> None:
    account, api = over_krakenex
    order = {"asset": "USDT", "key": "usdt-wallet", "amount": "10"}
    information = api.query_private("WithdrawInfo", dict(order))["result"]
    assert information == {
        "method": "Tether USD (TRC20)",
        "limit": "97.50000000",
        "amount": "7.50000000",
        "fee": "2.50000000",
    }
    refid = api.query_private("Withdraw", dict(order))["result"]["refid"]
    assert api.query_private("Balance")["result"] == {"USDT": "90.00000000"}
    assert api.query_private("WithdrawCancel", {"asset": "USDT", "refid": refid})["result"] is True
    account.advance(minutes=1)
    ledger = api.query_private("Ledgers", {"asset": "USDT", "type": "withdrawal"})["result"]["ledger"]
    assert [(line["refid"], line["amount"], line["fee"]) for line in ledger.values()] == [
        (refid, "7.50000000", "-2.50000000"),
        (refid, "-7.50000000", "2.50000000"),
    ]
    assert api.query_private("QueryLedgers", {"id": ",".join(ledger)})["result"] == ledger
    assert api.query_private("Balance")["result"] == {"USDT": "100.00000000"}


def test_krakenex_with_a_strict_key_is_refused_a_nonce_that_it_repeats(account: Any) -> None:
    """Its nonce is the time in milliseconds: here two calls of one millisecond, as a fast server provokes."""
    api = krakenex.API(account.api_key, account.api_secret)
    api.uri = account.url
    api._nonce = lambda: 1_700_000_000_000
    answers = [api.query_private("Balance")["error"] for _ in range(2)]
    api.close()
    assert answers == [[], ["EAPI:Invalid nonce"]]


def test_krakenex_adds_the_nonce_to_the_callers_own_dictionary(over_krakenex: tuple[Any, krakenex.API]) -> None:
    arguments: dict[str, Any] = {"asset": "USDT"}
    over_krakenex[1].query_private("WithdrawStatus", arguments)
    assert set(arguments) == {"asset", "nonce"}


def test_krakenex_reads_what_is_public(over_krakenex: tuple[Any, krakenex.API]) -> None:
    api = over_krakenex[1]
    assert api.query_public("SystemStatus")["result"]["status"] == "online"
    assert api.query_public("Assets", {"asset": "XBT"})["result"]["XXBT"]["altname"] == "XBT"
    assert api.query_public("Assets", {"asset": "NOPE"}) == {"error": ["EQuery:Unknown asset"]}


# --- python-kraken-sdk --------------------------------------------------------------------------------------------


def client(kind: Any, account: Any, **changed: Any) -> Any:
    return kind(**{"key": account.api_key, "secret": account.api_secret, "url": account.url, **changed})


@legacy
def test_python_kraken_sdk_withdraws_cancels_and_sees_the_refund(account: Any) -> None:
    funding, user = client(Funding, account), client(User, account)
    assert funding.get_withdrawal_info(asset="XBT", key="btc-wallet", amount="0.5")["amount"] == "0.49980000"
    refid = funding.withdraw_funds(asset="XBT", key="btc-wallet", amount=0.5, max_fee="0.001")["refid"]
    assert user.get_account_balance()["XXBT"] == "0.5000000000"
    assert funding.cancel_withdraw(asset="BTC", refid=refid) is True
    account.advance(minutes=1)
    [row] = funding.get_recent_withdraw_status(asset="XXBT", method="Bitcoin", start="0")
    assert (row["status"], row["status-prop"], row["key"]) == ("Failure", "canceled", "btc-wallet")
    assert user.get_balance("XBT") == {"currency": "XXBT", "balance": 1.0, "available_balance": 1.0}
    lines = user.get_ledgers_info(asset="XBT", type_="withdrawal")
    assert [line["fee"] for line in lines["ledger"].values()] == ["-0.0002000000", "0.0002000000"]
    assert user.get_ledgers(id_=list(lines["ledger"])) == lines["ledger"]


@legacy
def test_python_kraken_sdk_reads_methods_and_addresses(account: Any) -> None:
    funding = client(Funding, account)
    assert [row["method"] for row in funding.withdraw_methods(asset="XBT")] == ["Bitcoin", "Bitcoin Lightning"]
    assert [row["key"] for row in funding.withdraw_addresses(asset="XBT", verified=True)] == [
        "btc-wallet",
        "btc-wallet-lightning",
    ]
    assert funding.withdraw_addresses(verified=False) == []


@legacy
def test_python_kraken_sdk_transfers_in_one_direction(account: Any) -> None:
    funding = client(Funding, account)
    transfer = {"asset": "USDT", "from_": "Spot Wallet", "to_": "Futures Wallet", "amount": 10}
    refid = funding.wallet_transfer(**transfer)["refid"]
    assert funding.cancel_withdraw(asset="USDT", refid=refid) is True
    with pytest.raises(exceptions.KrakenInvalidArgumentsError):
        funding.wallet_transfer(**{**transfer, "from_": "Futures Wallet", "to_": "Spot Wallet"})


@legacy
@pytest.mark.parametrize(
    ("changed", "error"),
    [
        ({"key": "nothing"}, exceptions.KrakenUnknownWithdrawKeyError),
        ({"amount": "1000"}, exceptions.KrakenInvalidAmountError),
        ({"max_fee": "0.1"}, exceptions.KrakenMaxFeeExceededError),
        ({"asset": "NOPE"}, exceptions.KrakenUnknownAssetError),
        ({"key": ""}, exceptions.KrakenInvalidArgumentsError),
    ],
)
def test_python_kraken_sdk_raises_for_what_withdraw_refuses(
    account: Any, changed: dict[str, Any], error: type[Exception]
) -> None:
    with pytest.raises(error):
        client(Funding, account).withdraw_funds(**{"asset": "USDT", "key": "usdt-wallet", "amount": "10", **changed})
    assert account.withdrawals == []


@legacy
@pytest.mark.parametrize(
    "row", ["INSUFFICIENT_FUNDS", "SERVICE_THROTTLED", "INTERNAL_ERROR", "CANADIAN_LIMIT", "BELOW_MINIMUM"]
)
def test_python_kraken_sdk_returns_errors_that_it_does_not_know_as_if_they_were_results(
    simulator: Simulator, row: str
) -> None:
    """A caller that looks for `refid` in what Withdraw returns must look for `error` as well."""
    with simulator.kraken.account(behavior={"withdraw.insufficient_funds": row}) as account:
        answered = client(Funding, account).withdraw_funds(asset="USDT", key="usdt-wallet", amount="1000000")
        assert list(answered) == ["error"]


@legacy
def test_python_kraken_sdk_that_loses_the_reply_of_a_withdrawal_finds_it_in_the_list(account: Any) -> None:
    funding = client(Funding, account)
    account.fault("lose_reply", endpoint="create")
    with pytest.raises(requests.exceptions.ConnectionError):
        funding.withdraw_funds(asset="USDT", key="usdt-wallet", amount="10")
    [row] = funding.get_recent_withdraw_status(asset="USDT")
    assert funding.cancel_withdraw(asset="USDT", refid=row["refid"]) is True


@legacy
def test_python_kraken_sdk_cancels_a_withdrawal_of_the_old_style(simulator: Simulator) -> None:
    with simulator.kraken.account(behavior={"refid.style": "old"}) as account:
        funding = client(Funding, account)
        refid = funding.withdraw_funds(asset="USDT", key="usdt-wallet", amount="10")["refid"]
        assert (refid[0], len(refid)) == ("A", len(OLD_REFID))
        assert funding.cancel_withdraw(asset="USDT", refid=refid) is True
        # What its author saw live (commit 8f49422) was Invalid reference id, for a refid of that style.
        with pytest.raises(exceptions.KrakenUnknownReferenceIdError):
            funding.cancel_withdraw(asset="XLM", refid=OLD_REFID)
        with pytest.raises(exceptions.KrakenInvalidReferenceIdError):
            funding.cancel_withdraw(asset="XLM", refid=refid)


def test_python_kraken_sdk_reads_what_is_public(account: Any) -> None:
    market = Market(url=account.url)
    assert market.get_system_status()["status"] == "online"
    assert list(market.get_assets(assets=["XBT", "DOT"])) == ["XXBT", "DOT"]
    with pytest.raises(exceptions.KrakenUnknownAssetError):
        market.get_assets(assets="NOPE")
    # "EQuery:Unknown asset" is part of the other text, and the first that it finds decides.
    with pytest.raises(exceptions.KrakenUnknownAssetError):
        market.get_asset_pairs(pair="NOPE")


@pytest.mark.parametrize("do_json", [False, True])
async def test_python_kraken_sdk_withdraws_asynchronously(account: Any, do_json: bool) -> None:
    async with client(SpotAsyncClient, account) as spot:

        async def ask(method: str, **arguments: Any) -> Any:
            return await spot.request("POST", f"/0/private/{method}", params=arguments, do_json=do_json)

        refid = (await ask("Withdraw", asset="USDT", key="usdt-wallet", amount="10"))["refid"]
        assert await ask("WithdrawCancel", asset="USDT", refid=refid) is True
        account.advance(minutes=1)
        page = await ask("WithdrawStatus", cursor=True)
        assert [row["status-prop"] for row in page["withdrawals"]] == ["canceled"]
        assert (await ask("BalanceEx"))["USDT"] == {"balance": "100.00000000", "hold_trade": "0.00000000"}
        assert (await ask("GetApiKeyInfo"))["api_key"] == account.api_key
        with pytest.raises(exceptions.KrakenUnknownWithdrawKeyError):
            await ask("Withdraw", asset="USDT", key="nothing", amount="10")


def run_cli(account: Any, verb: str, method: str, data: str = "") -> subprocess.CompletedProcess[str]:
    """The `kraken` command of python-kraken-sdk."""
    credentials = ["--api-key", account.api_key, "--secret-key", account.api_secret]
    arguments = ["spot", "-X", verb, *(["-d", data] if data else []), *credentials, f"{account.url}/0/{method}"]
    command = [sys.executable, "-c", "from kraken.cli import cli; cli()", *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)


def test_the_command_of_python_kraken_sdk_cancels(account: Any) -> None:
    withdrawal = account.withdrawal("USDT", "10")
    data = f'{{"asset": "USDT", "refid": "{withdrawal.id}"}}'
    done = run_cli(account, "POST", "private/WithdrawCancel", data)
    assert (done.returncode, done.stdout) == (0, "True\n")
    [row] = ast.literal_eval(run_cli(account, "POST", "private/WithdrawStatus").stdout)
    assert row["status-prop"] == "cancel-pending"
    account.advance(minutes=1)
    assert run_cli(account, "POST", "private/WithdrawCancel", data).stdout == "False\n"


def test_the_command_of_python_kraken_sdk_fails_for_an_unknown_id_and_reads_the_time(account: Any) -> None:
    data = '{"asset": "USDT", "refid": "FTQcuak-V6Za8qrWnhzTx67yYHz8Tg"}'
    failed = run_cli(account, "POST", "private/WithdrawCancel", data)
    assert (failed.returncode, failed.stdout) == (1, "")
    assert "EFunding:Unknown reference id" in failed.stderr
    assert list(ast.literal_eval(run_cli(account, "GET", "public/Time").stdout)) == ["unixtime", "rfc1123"]


# --- ccxt ---------------------------------------------------------------------------------------------------------


def over_ccxt(kind: Any, account: Any, **changed: Any) -> Any:
    exchange = kind({"apiKey": account.api_key, "secret": account.api_secret, "enableRateLimit": False, **changed})
    exchange.urls["api"] = dict.fromkeys(exchange.urls["api"], account.url)
    return exchange


def test_ccxt_withdraws_cancels_and_reads_the_outcome(account: Any) -> None:
    exchange = over_ccxt(ccxt.kraken, account)
    made = exchange.withdraw("BTC", 0.5, "", params={"key": "btc-wallet"})
    assert exchange.fetch_balance()["BTC"]["total"] == 0.5
    assert exchange.private_post_withdrawcancel({"asset": "XXBT", "refid": made["id"]})["result"] is True
    [row] = exchange.fetch_withdrawals("BTC")
    assert (row["id"], row["status"], row["amount"], row["fee"]["cost"]) == (made["id"], "pending", 0.4998, 0.0002)
    account.advance(minutes=1)
    [row] = exchange.fetch_withdrawals("BTC")
    # A canceled withdrawal is a failed one to ccxt, in whose vocabulary `canceled` exists: status-prop is in `info`.
    assert (row["status"], row["info"]["status-prop"]) == ("failed", "canceled")
    assert exchange.fetch_balance()["BTC"] == {"free": 1.0, "used": 0.0, "total": 1.0}
    ledger = exchange.fetch_ledger("BTC")
    assert [(line["type"], line["direction"], line["amount"], line["fee"]["cost"]) for line in ledger] == [
        ("transaction", "in", 1.0, 0.0),
        ("transaction", "out", 0.4998, 0.0002),
        ("transaction", "in", 0.4998, -0.0002),
    ]
    assert exchange.fetch_ledger_entry(ledger[1]["id"])["referenceId"] == made["id"]


def test_ccxt_shows_an_on_hold_withdrawal_as_pending_and_one_that_was_denied_as_it_goes_on(account: Any) -> None:
    exchange = over_ccxt(ccxt.kraken, account)
    account.withdrawal("USDT", "10", status_prop="onhold")
    account.withdrawal("USDT", "11", state="Success/cancel-denied")
    rows = {row["amount"]: row["status"] for row in exchange.fetch_withdrawals("USDT")}
    assert rows == {10.0: "pending", 11.0: "ok"}


def test_ccxt_pages_through_withdrawals_by_cursor(account: Any) -> None:
    exchange = over_ccxt(ccxt.kraken, account)
    made = [account.withdrawal("USDT", "1").id for _ in range(5)]
    rows = exchange.fetch_withdrawals(params={"paginate": True, "limit": 2})
    assert sorted(row["id"] for row in rows) == sorted(made)
    assert len(account.requests("list")) == 3


def test_ccxt_loads_markets_currencies_and_status(account: Any) -> None:
    exchange = over_ccxt(ccxt.kraken, account)
    markets = exchange.load_markets()
    assert markets["BTC/USD"]["id"] == "XXBTZUSD"
    assert (exchange.currencies["BTC"]["id"], exchange.currencies["DOGE"]["id"]) == ("XXBT", "XXDG")
    assert exchange.fetch_status()["status"] == "ok"


@pytest.mark.parametrize(
    ("arguments", "params", "error"),
    [
        (("BTC", 0.5, ""), {"key": "nothing"}, ccxt.InvalidAddress),
        (("BTC", 5, ""), {"key": "btc-wallet"}, ccxt.InsufficientFunds),
        (("BTC", 0.5, "bc1qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqq"), {"key": "btc-wallet"}, ccxt.ExchangeError),
    ],
)
def test_ccxt_raises_for_what_withdraw_refuses(
    account: Any, arguments: tuple[Any, ...], params: dict[str, str], error: type[Exception]
) -> None:
    with pytest.raises(error) as raised:
        over_ccxt(ccxt.kraken, account).withdraw(*arguments, params=params)
    assert type(raised.value) is error
    assert account.withdrawals == []


def test_ccxt_writes_a_small_number_with_an_exponent_which_is_no_amount(account: Any) -> None:
    """It sends Python's text of a float; that Kraken refuses it is not known."""
    with pytest.raises(ccxt.InsufficientFunds, match="EFunding:Invalid amount"):
        over_ccxt(ccxt.kraken, account).withdraw("BTC", 0.00001, "", params={"key": "btc-wallet-lightning"})


def test_ccxt_transfers_to_the_futures_wallet(account: Any) -> None:
    exchange = over_ccxt(ccxt.kraken, account)
    made = exchange.transfer("USDT", 10, "spot", "swap")
    assert exchange.private_post_withdrawcancel({"asset": "USDT", "refid": made["id"]})["result"] is True


@pytest.mark.parametrize(
    ("row", "error"),
    [
        ("PERMISSION_DENIED", ccxt.PermissionDenied),
        ("SERVICE_UNAVAILABLE", ccxt.ExchangeNotAvailable),
        ("SERVICE_BUSY", ccxt.ExchangeNotAvailable),
        ("INTERNAL_ERROR", ccxt.ExchangeNotAvailable),
        ("UNKNOWN_ASSET", ccxt.BadSymbol),
        ("TEMPORARY_LOCKOUT", ccxt.DDoSProtection),
        ("INVALID_NONCE", ccxt.InvalidNonce),
        ("SERVICE_THROTTLED", ccxt.ExchangeError),
    ],
)
def test_ccxt_has_an_exception_for_each_text(simulator: Simulator, row: str, error: type[Exception]) -> None:
    with (
        simulator.kraken.account(behavior={"cancel.refid_malformed": row}) as account,
        pytest.raises(error) as raised,
    ):
        over_ccxt(ccxt.kraken, account).private_post_withdrawcancel({"asset": "XBT", "refid": "x"})
    assert type(raised.value) is error


@pytest.fixture
async def over_async_ccxt(account: Any) -> AsyncIterator[Any]:
    exchange = over_ccxt(ccxt.async_support.kraken, account)
    yield exchange
    await exchange.close()


async def test_ccxt_withdraws_and_cancels_asynchronously(account: Any, over_async_ccxt: Any) -> None:
    exchange = over_async_ccxt
    made = await exchange.withdraw("USDT", 10, "", params={"key": "usdt-wallet"})
    cancel = {"asset": "USDT", "refid": made["id"]}
    assert (await exchange.private_post_withdrawcancel(cancel))["result"] is True
    assert [row["status"] for row in await exchange.fetch_withdrawals("USDT")] == ["pending"]
    account.advance(minutes=1)
    assert [row["status"] for row in await exchange.fetch_withdrawals("USDT")] == ["failed"]
    assert (await exchange.private_post_withdrawcancel(cancel))["result"] is False
    assert (await exchange.fetch_balance())["USDT"]["total"] == 100.0


async def test_ccxt_raises_asynchronously(account: Any, over_async_ccxt: Any) -> None:
    exchange = over_async_ccxt
    with pytest.raises(ccxt.ExchangeError, match="EFunding:Invalid reference id"):
        await exchange.private_post_withdrawcancel({"asset": "USDT", "refid": "x"})
    withdrawal = account.withdrawal("USDT", "10")
    account.fault("lose_reply", endpoint="cancel")
    with pytest.raises(ccxt.NetworkError):
        await exchange.private_post_withdrawcancel({"asset": "USDT", "refid": withdrawal.id})
    assert withdrawal.internal_state == "Initial/cancel-pending"
