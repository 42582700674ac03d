"""The unmodified SDKs along the whole way of a withdrawal: python-okx, ccxt sync and async, okx-api from npm."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import ccxt
import ccxt.async_support
import okx.Account
import okx.Funding
import pytest

from simulator import Simulator

ADDRESS = "17DKe3kkkkiiiiTvAKKi2vMPbm1Bz3CMKw"
RIPPLE = "rUzWJkXyEtT8ekSSxkBYPqCvHpngcy6Fks"
NODE = Path(__file__).parent.parent / "node"

needs_node = pytest.mark.skipif(
    not shutil.which("node") or not (NODE / "node_modules" / "okx-api").is_dir(),
    reason="needs node and `npm install` in tests/node",
)
# httpx deprecates data=<str>, which is how python-okx 0.4 sends every body.
python_okx = pytest.mark.filterwarnings(
    "ignore:Use 'content=<...>' to upload raw bytes/text content:DeprecationWarning"
)


@pytest.fixture
def account(simulator: Simulator) -> Iterator[Any]:
    with simulator.okx.account(balances={"BTC": "10", "XRP": "100"}) as opened:
        yield opened


@pytest.fixture
def funding(account: Any) -> Iterator[Any]:
    with okx.Funding.FundingAPI(*secrets(account), None, "0", account.url, False) as api:
        yield api


def secrets(account: Any) -> list[str]:
    return [account.api_key, account.api_secret, account.passphrase]


@python_okx
def test_python_okx_withdraws_cancels_and_sees_its_money_again(account: Any, funding: Any) -> None:
    answer = funding.withdrawal("BTC", "0.1", "4", ADDRESS, clientId="mine")
    (row,) = answer["data"]
    assert row == {"amt": "0.1", "wdId": row["wdId"], "ccy": "BTC", "clientId": "mine", "chain": "BTC-Bitcoin"}
    assert funding.get_balances("BTC")["data"][0]["availBal"] == "9.89995"
    assert funding.get_deposit_withdraw_status(wdId=row["wdId"])["data"][0]["state"].startswith("Pending withdrawal: ")
    assert funding.cancel_withdrawal(row["wdId"])["code"] == "0"
    account.advance(seconds=10)
    assert funding.get_withdrawal_history(clientId="mine")["data"][0]["state"] == "-2"
    assert [bill["type"] for bill in funding.get_bills(ccy="BTC")["data"]] == ["222", "13", "221", "2", "1"]
    assert funding.get_balances()["data"][0]["bal"] == "10"


@python_okx
def test_python_okx_returns_why_a_withdrawal_is_refused(funding: Any) -> None:
    assert funding.withdrawal("BTC", "0.1", "4", "1BoatSLRHtKNngkdXEeobR76b53LETtpyT")["code"] == "58207"
    assert funding.withdrawal("BTC", "11", "4", ADDRESS)["code"] == "58350"
    assert funding.withdrawal("XRP", "11", "4", RIPPLE)["code"] == "58221"
    assert funding.withdrawal("XRP", "11", "4", RIPPLE + ":1")["code"] == "0"
    assert funding.withdrawal_lightning("BTC", "lnbc")["code"] == "58352"


@python_okx
def test_python_okx_transfers_to_another_user(account: Any, funding: Any) -> None:
    assert funding.withdrawal("BTC", "0.1", "3", "13800000000", areaCode="86")["code"] == "0"
    row = funding.get_withdrawal_history(type="3", toAddrType="1")["data"][0]
    assert (row["to"], row["areaCodeTo"], row["fee"], row["txId"]) == ("13800000000", "86", "0", "")


def test_python_okx_reads_currencies_and_the_configuration(account: Any, funding: Any) -> None:
    assert {row["chain"] for row in funding.get_currencies("BTC,XRP")["data"]} == {
        "BTC-Bitcoin",
        "BTC-Lightning",
        "XRP-Ripple",
    }
    with okx.Account.AccountAPI(*secrets(account), None, "0", account.url, False) as api:
        assert api.get_account_config()["data"][0]["perm"] == "read_only,withdraw,trade"


def settings(account: Any) -> dict[str, str]:
    return dict(zip(("apiKey", "secret", "password"), secrets(account), strict=True))


@pytest.fixture
def exchange(account: Any) -> Iterator[Any]:
    made = ccxt.okx(settings(account))
    made.urls["api"]["rest"] = account.url
    yield made
    made.session.close()


def test_ccxt_withdraws_cancels_and_fetches(account: Any, exchange: Any) -> None:
    made = exchange.withdraw("BTC", 0.1, ADDRESS, {"network": "BTC"})
    assert json.loads(account.requests("create")[0].request.body) == {
        "ccy": "BTC",
        "toAddr": ADDRESS,
        "dest": "4",
        "amt": "0.1",
        "chain": "BTC-Bitcoin",
        "fee": "0.00005",
    }
    fetched = exchange.fetch_withdrawal(made["id"])
    assert (fetched["id"], fetched["status"], fetched["amount"]) == (made["id"], "pending", 0.1)
    assert fetched["fee"] == {"currency": "BTC", "cost": 0.00005}
    assert fetched["network"] == "BTC"
    exchange.private_post_asset_cancel_withdrawal({"wdId": made["id"]})
    account.advance(seconds=10)
    (listed,) = exchange.fetch_withdrawals("BTC", since=fetched["timestamp"])
    assert (listed["id"], listed["status"]) == (made["id"], "canceled")
    assert exchange.fetch_withdrawals("BTC", None, 10, {"until": fetched["timestamp"]}) == []
    assert exchange.fetch_balance({"type": "funding"})["BTC"]["free"] == 10.0


def test_ccxt_loads_no_markets_but_every_currency(exchange: Any) -> None:
    assert exchange.load_markets() == {}
    assert exchange.currencies["BTC"]["networks"]["BTC"]["fee"] == 0.00005
    assert exchange.currencies["USDT"]["networks"]["TRC20"]["withdraw"] is True


def test_ccxt_raises_its_own_errors_for_refused_withdrawals(exchange: Any) -> None:
    with pytest.raises(ccxt.InvalidAddress) as caught:
        exchange.withdraw("BTC", 0.1, "1BoatSLRHtKNngkdXEeobR76b53LETtpyT", {"network": "BTC"})
    assert str(caught.value) == (
        'okx {"code":"58207","data":[],"msg":"Withdrawal address is not allowlisted for verification exemption"}'
    )
    with pytest.raises(ccxt.InsufficientFunds, match="58350"):
        exchange.withdraw("BTC", 11, ADDRESS, {"network": "BTC"})


def test_ccxt_fetches_nothing_for_an_unknown_id(exchange: Any) -> None:
    assert exchange.fetch_withdrawal("1")["id"] is None


async def test_async_ccxt_withdraws_cancels_and_fetches(account: Any) -> None:
    exchange = ccxt.async_support.okx(settings(account))
    exchange.urls["api"]["rest"] = account.url
    try:
        made = await exchange.withdraw("XRP", 10, RIPPLE, {"tag": "123456"})
        answer = await exchange.private_post_asset_cancel_withdrawal({"wdId": made["id"]})
        assert answer == {"code": "0", "data": [{"wdId": made["id"]}], "msg": ""}
        assert (await exchange.fetch_withdrawal(made["id"]))["status"] == "pending"
        with pytest.raises(ccxt.ExchangeError, match="58220"):
            await exchange.private_post_asset_cancel_withdrawal({"wdId": made["id"]})
        account.advance(seconds=10)
        fetched = await exchange.fetch_withdrawal(made["id"])
        assert (fetched["status"], fetched["addressTo"]) == ("canceled", RIPPLE)
        # ccxt 4.5 takes the tag's value for a name of a key, so that its own tagTo stays empty.
        assert fetched["info"]["tag"] == "123456"
        account.fault("error", row="TIMESTAMP_EXPIRED")
        with pytest.raises(ccxt.InvalidNonce, match="50102"):
            await exchange.fetch_withdrawals("XRP")
        # A POST, since aiohttp itself sends a GET again whose connection broke.
        account.fault("lose_reply", endpoint="cancel")
        with pytest.raises(ccxt.NetworkError):
            await exchange.private_post_asset_cancel_withdrawal({"wdId": made["id"]})
        with pytest.raises(ccxt.InvalidAddress, match="58207"):
            await exchange.withdraw("BTC", 0.1, "1BoatSLRHtKNngkdXEeobR76b53LETtpyT", {"network": "BTC"})
        exchange.secret = "wrong"
        with pytest.raises(ccxt.AuthenticationError, match="50113"):
            await exchange.fetch_withdrawals("XRP")
    finally:
        await exchange.close()


OKX_API = """
import { RestClient } from 'okx-api';

const [apiKey, apiSecret, apiPass, baseUrl, address] = process.argv.slice(1);
const client = new RestClient({ apiKey, apiSecret, apiPass, baseUrl });
const wrong = new RestClient({ apiKey, apiSecret: 'wrong', apiPass, baseUrl });
const done = [];
async function step(name, call) {
  try { done.push([name, 'resolved', await call()]); } catch (error) { done.push([name, 'rejected', error]); }
  return done[done.length - 1][2];
}
const wish = { ccy: 'BTC', amt: '0.1', dest: '4', toAddr: address };
const [made] = await step('withdraw', () => client.submitWithdraw(wish));
await step('cancel', () => client.cancelWithdrawal({ wdId: made.wdId }));
await step('again', () => client.cancelWithdrawal({ wdId: made.wdId }));
await step('unknown', () => client.cancelWithdrawal({ wdId: '1' }));
await step('history', () => client.getWithdrawalHistory({ wdId: made.wdId }));
await step('balances', () => client.getBalances({ ccy: 'BTC' }));
await step('time', () => client.getSystemTime());
await step('wrong', () => wrong.cancelWithdrawal({ wdId: made.wdId }));
console.log(JSON.stringify(done));
"""


def run_okx_api(account: Any, script: str = OKX_API) -> dict[str, tuple[str, Any]]:
    command = ["node", "--input-type=module", "-e", script, *secrets(account), account.url, ADDRESS]
    finished = subprocess.run(command, cwd=NODE, capture_output=True, text=True, timeout=60, check=True)
    return {name: (how, what) for name, how, what in json.loads(finished.stdout)}


@needs_node
def test_okx_api_withdraws_cancels_and_rejects_with_the_raw_body(account: Any) -> None:
    told = run_okx_api(account)
    (made,) = account.withdrawals
    assert told["withdraw"] == (
        "resolved",
        [{"amt": "0.1", "wdId": made.id, "ccy": "BTC", "clientId": "", "chain": "BTC-Bitcoin"}],
    )
    assert told["cancel"] == ("resolved", [{"wdId": made.id}])
    assert told["again"] == (
        "rejected",
        {"code": "58220", "data": [], "msg": "Withdrawal request already canceled."},
    )
    assert told["unknown"] == ("rejected", {"code": "58215", "data": [], "msg": "Withdrawal ID does not exist."})
    assert told["history"][1][0]["state"] == "-3"
    assert told["balances"] == (
        "resolved",
        [{"availBal": "9.89995", "bal": "9.89995", "ccy": "BTC", "frozenBal": "0"}],
    )
    # The call goes out with the headers of the call before, which a public call must ignore.
    assert told["time"][0] == "resolved"
    assert told["wrong"] == ("rejected", {"msg": "Invalid Sign", "code": "50113"})
    assert made.state == "-3"


@needs_node
def test_okx_api_rejects_with_the_text_of_a_page_of_the_edge(account: Any) -> None:
    account.fault("edge", endpoint="cancel", status=502)
    told = run_okx_api(account)
    assert told["cancel"][0] == "rejected"
    assert told["cancel"][1].startswith("<html>")
    assert told["again"] == ("resolved", [{"wdId": account.withdrawals[0].id}])


@needs_node
def test_okx_api_loses_the_reply_but_the_withdrawal_is_cancelled(account: Any) -> None:
    account.fault("lose_reply", endpoint="cancel")
    told = run_okx_api(account)
    assert told["cancel"][0] == "rejected"
    assert told["again"][1]["code"] == "58220"
    assert account.withdrawals[0].state == "-3"
