"""The unmodified SDKs over HTTP: krakenex 2.2, python-kraken-sdk 3.5 (sync and async, form and JSON) and ccxt 4.5."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import aiohttp
import ccxt
import krakenex
import pytest
import requests
from kraken import exceptions
from kraken.spot import Funding, SpotAsyncClient, SpotClient

from simulator import Simulator

REFID = "FTQcuak-V6Za8qrWnhzTx67yYHz8Tg"
WRONG_SECRET = "d3Jvbmcgc2VjcmV0"

# python-kraken-sdk marks its calls of the legacy funding endpoints, which are the only ones that cancel.
legacy = pytest.mark.filterwarnings("ignore:The '.*' function uses a deprecated Kraken endpoint:DeprecationWarning")


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    """A proxy of the surroundings must not get the calls to 127.0.0.1."""
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")


@pytest.fixture
def account(simulator: Simulator) -> Iterator[Any]:
    with simulator.kraken.account(balances={"USDT": "100"}) as opened:
        yield opened


# --- krakenex -----------------------------------------------------------------------------------------------------


@pytest.fixture
def windowed(simulator: Simulator) -> Iterator[Any]:
    """krakenex takes milliseconds for nonces and repeats them against a server this fast, so its key has a window."""
    with simulator.kraken.account(balances={"USDT": "100"}, nonce_window=60_000) as opened:
        yield opened


@pytest.fixture
def over_krakenex(windowed: Any) -> Iterator[krakenex.API]:
    api = krakenex.API(windowed.api_key, windowed.api_secret)
    api.uri = windowed.url
    yield api
    api.close()


def test_krakenex_cancels_and_sees_the_outcome(windowed: Any, over_krakenex: krakenex.API) -> None:
    withdrawal = windowed.withdrawal("USDT", "10")
    arguments = {"asset": "USDT", "refid": withdrawal.id}
    assert over_krakenex.query_private("WithdrawCancel", arguments) == {"error": [], "result": True}
    [row] = over_krakenex.query_private("WithdrawStatus", {"asset": "USDT"})["result"]
    assert (row["status"], row["status-prop"], row["txid"]) == ("Initial", "cancel-pending", None)
    windowed.advance(minutes=1)
    [row] = over_krakenex.query_private("WithdrawStatus", {"asset": "USDT"})["result"]
    assert (row["status"], row["status-prop"]) == ("Failure", "canceled")
    assert windowed.balance("USDT").available == 100


def test_krakenex_returns_what_an_unknown_id_is_answered(over_krakenex: krakenex.API) -> None:
    answered = over_krakenex.query_private("WithdrawCancel", {"asset": "USDT", "refid": REFID})
    assert answered == {"error": ["EFunding:Unknown reference id"]}


def test_krakenex_returns_true_for_a_second_cancel_and_false_once_it_is_done(
    windowed: Any, over_krakenex: krakenex.API
) -> None:
    withdrawal = windowed.withdrawal("USDT", "10")

    def cancel() -> Any:
        return over_krakenex.query_private("WithdrawCancel", {"asset": "USDT", "refid": withdrawal.id})

    assert [cancel(), cancel()] == [{"error": [], "result": True}] * 2
    windowed.advance(minutes=1)
    assert cancel() == {"error": [], "result": False}


def test_krakenex_returns_what_a_wrong_secret_is_answered(windowed: Any, over_krakenex: krakenex.API) -> None:
    over_krakenex.secret = WRONG_SECRET
    answered = over_krakenex.query_private("WithdrawCancel", {"asset": "USDT", "refid": REFID})
    assert answered == {"error": ["EAPI:Invalid signature"]}


def test_krakenex_signs_a_list_otherwise_than_it_sends_it(over_krakenex: krakenex.API) -> None:
    """krakenex#104: urlencode without doseq for the signature, with it on the wire."""
    answered = over_krakenex.query_private("WithdrawCancel", {"asset": "USDT", "refid": ["one", "two"]})
    assert answered == {"error": ["EAPI:Invalid signature"]}


def test_krakenex_calls_in_quick_succession_with_a_window(over_krakenex: krakenex.API) -> None:
    answers = [over_krakenex.query_private("WithdrawStatus") for _ in range(50)]
    assert answers == [{"error": [], "result": []}] * 50


def test_krakenex_raises_its_connection_error_when_the_reply_is_lost_after_the_act(
    windowed: Any, over_krakenex: krakenex.API
) -> None:
    withdrawal = windowed.withdrawal("USDT", "10")
    windowed.fault("lose_reply", endpoint="cancel")
    with pytest.raises(requests.exceptions.ConnectionError):
        over_krakenex.query_private("WithdrawCancel", {"asset": "USDT", "refid": withdrawal.id})
    [row] = over_krakenex.query_private("WithdrawStatus")["result"]
    assert row["status-prop"] == "cancel-pending"


def test_krakenex_raises_for_a_method_that_does_not_exist(over_krakenex: krakenex.API) -> None:
    with pytest.raises(requests.exceptions.HTTPError) as raised:
        over_krakenex.query_private("Withdrawcancel")
    assert raised.value.response.status_code == 404
    assert raised.value.response.json() == {"error": ["EGeneral:Unknown method"]}


def test_krakenex_reads_the_servers_time(over_krakenex: krakenex.API) -> None:
    answered = over_krakenex.query_public("Time")
    assert list(answered["result"]) == ["unixtime", "rfc1123"]


# --- python-kraken-sdk --------------------------------------------------------------------------------------------


def funding(account: Any, **changed: Any) -> Funding:
    return Funding(**{"key": account.api_key, "secret": account.api_secret, "url": account.url, **changed})


@legacy
def test_python_kraken_sdk_cancels_and_sees_the_outcome(account: Any) -> None:
    withdrawal = account.withdrawal("USDT", "10")
    client = funding(account)
    assert client.cancel_withdraw(asset="USDT", refid=withdrawal.id) is True
    [row] = client.get_recent_withdraw_status(asset="USDT")
    assert (row["status"], row["status-prop"]) == ("Initial", "cancel-pending")
    account.advance(minutes=1)
    page = client.get_recent_withdraw_status(cursor=True)
    assert [row["status-prop"] for row in page["withdrawals"]] == ["canceled"]
    assert page["next_cursor"] is None
    assert client.get_recent_withdraw_status(cursor=False) == page["withdrawals"]


@legacy
@pytest.mark.parametrize(
    ("refid", "error"),
    [(REFID, exceptions.KrakenUnknownReferenceIdError), ("abc", exceptions.KrakenInvalidReferenceIdError)],
)
def test_python_kraken_sdk_raises_for_an_unknown_id(account: Any, refid: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        funding(account).cancel_withdraw(asset="USDT", refid=refid)


@legacy
def test_python_kraken_sdk_returns_true_for_a_second_cancel_and_false_once_it_is_done(account: Any) -> None:
    withdrawal = account.withdrawal("USDT", "10")
    client = funding(account)
    assert [client.cancel_withdraw(asset="USDT", refid=withdrawal.id) for _ in range(2)] == [True, True]
    account.advance(minutes=1)
    assert client.cancel_withdraw(asset="USDT", refid=withdrawal.id) is False


@legacy
def test_python_kraken_sdk_raises_for_a_wrong_secret(account: Any) -> None:
    withdrawal = account.withdrawal("USDT", "10")
    with pytest.raises(exceptions.KrakenInvalidSignatureError):
        funding(account, secret=WRONG_SECRET).cancel_withdraw(asset="USDT", refid=withdrawal.id)
    assert withdrawal.internal_state == "Initial"


@legacy
def test_python_kraken_sdk_raises_for_a_wrong_key_and_a_missing_permission(account: Any) -> None:
    with pytest.raises(exceptions.KrakenInvalidAPIKeyError):
        funding(account, key="nobody's").cancel_withdraw(asset="USDT", refid=REFID)
    key = account.key(permissions=["query-funds"])
    with pytest.raises(exceptions.KrakenPermissionDeniedError):
        funding(account, key=key.api_key, secret=key.api_secret).cancel_withdraw(asset="USDT", refid=REFID)


@legacy
def test_python_kraken_sdk_returns_an_error_that_it_does_not_know_as_if_it_were_a_result(simulator: Simulator) -> None:
    with simulator.kraken.account(behavior={"service.mode": "error"}) as account:
        answered = funding(account).cancel_withdraw(asset="USDT", refid=REFID)
        assert answered == {"error": ["EGeneral:Internal error"]}


@legacy
def test_python_kraken_sdk_raises_its_connection_error_when_the_reply_is_lost_after_the_act(account: Any) -> None:
    withdrawal = account.withdrawal("USDT", "10")
    account.fault("lose_reply", endpoint="cancel")
    with pytest.raises(requests.exceptions.ConnectionError):
        funding(account).cancel_withdraw(asset="USDT", refid=withdrawal.id)
    assert withdrawal.internal_state == "Initial/cancel-pending"


def test_python_kraken_sdk_cancels_with_a_json_body(account: Any) -> None:
    withdrawal = account.withdrawal("USDT", "10")
    client = SpotClient(key=account.api_key, secret=account.api_secret, url=account.url)
    arguments = {"asset": "USDT", "refid": withdrawal.id}
    assert client.request("POST", "/0/private/WithdrawCancel", params=arguments, do_json=True) is True
    [entry] = account.requests("cancel")
    assert entry.request.header("content-type") == "application/json; charset=utf-8"
    assert entry.request.body.startswith(b'{"asset": "USDT", "refid": "FT')


@pytest.mark.parametrize("do_json", [False, True])
async def test_python_kraken_sdk_cancels_asynchronously(account: Any, do_json: bool) -> None:
    withdrawal = account.withdrawal("USDT", "10")
    arguments = {"asset": "USDT", "refid": withdrawal.id}
    async with SpotAsyncClient(key=account.api_key, secret=account.api_secret, url=account.url) as client:
        assert await client.request("POST", "/0/private/WithdrawCancel", params=arguments, do_json=do_json) is True
        account.advance(minutes=1)
        [row] = await client.request("POST", "/0/private/WithdrawStatus", do_json=do_json)
        assert (row["status"], row["status-prop"]) == ("Failure", "canceled")
        assert await client.request("POST", "/0/private/WithdrawCancel", params=arguments, do_json=do_json) is False


async def test_python_kraken_sdk_raises_asynchronously(account: Any) -> None:
    withdrawal = account.withdrawal("USDT", "10")

    def cancel(client: SpotAsyncClient, refid: str) -> Any:
        return client.request("POST", "/0/private/WithdrawCancel", params={"asset": "USDT", "refid": refid})

    async with SpotAsyncClient(key=account.api_key, secret=account.api_secret, url=account.url) as client:
        with pytest.raises(exceptions.KrakenUnknownReferenceIdError):
            await cancel(client, REFID)
        account.fault("lose_reply", endpoint="cancel")
        with pytest.raises(aiohttp.ClientError):
            await cancel(client, withdrawal.id)
    assert withdrawal.internal_state == "Initial/cancel-pending"
    async with SpotAsyncClient(key=account.api_key, secret=WRONG_SECRET, url=account.url) as client:
        with pytest.raises(exceptions.KrakenInvalidSignatureError):
            await cancel(client, REFID)


# --- ccxt ---------------------------------------------------------------------------------------------------------


def over_ccxt(account: Any, **changed: Any) -> Any:
    options = {"apiKey": account.api_key, "secret": account.api_secret, "enableRateLimit": False, **changed}
    exchange = ccxt.kraken(options)
    exchange.urls["api"] = dict.fromkeys(exchange.urls["api"], account.url)
    return exchange


def test_ccxt_cancels_and_sees_the_outcome(account: Any) -> None:
    withdrawal = account.withdrawal("USDT", "10")
    exchange = over_ccxt(account)
    answered = exchange.private_post_withdrawcancel({"asset": "USDT", "refid": withdrawal.id})
    assert answered == {"error": [], "result": True}
    account.advance(minutes=1)
    [row] = exchange.private_post_withdrawstatus({"asset": "USDT"})["result"]
    assert (row["status"], row["status-prop"], row["txid"]) == ("Failure", "canceled", None)
    assert account.balance("USDT").available == 100


def test_ccxt_raises_exchange_error_for_an_unknown_id(account: Any) -> None:
    with pytest.raises(ccxt.ExchangeError, match='"EFunding:Unknown reference id"') as raised:
        over_ccxt(account).private_post_withdrawcancel({"asset": "USDT", "refid": REFID})
    assert type(raised.value) is ccxt.ExchangeError


def test_ccxt_returns_true_for_a_second_cancel_and_false_once_it_is_done(account: Any) -> None:
    withdrawal = account.withdrawal("USDT", "10")
    exchange = over_ccxt(account)
    arguments = {"asset": "USDT", "refid": withdrawal.id}
    assert exchange.private_post_withdrawcancel(arguments)["result"] is True
    assert exchange.private_post_withdrawcancel(arguments)["result"] is True
    account.advance(minutes=1)
    assert exchange.private_post_withdrawcancel(arguments)["result"] is False


def test_ccxt_raises_exchange_error_for_a_wrong_secret_and_authentication_error_for_a_wrong_key(account: Any) -> None:
    arguments = {"asset": "USDT", "refid": REFID}
    with pytest.raises(ccxt.ExchangeError, match='"EAPI:Invalid signature"') as raised:
        over_ccxt(account, secret=WRONG_SECRET).private_post_withdrawcancel(arguments)
    assert type(raised.value) is ccxt.ExchangeError
    with pytest.raises(ccxt.AuthenticationError, match='"EAPI:Invalid key"'):
        over_ccxt(account, apiKey="nobody's").private_post_withdrawcancel(arguments)


def test_ccxt_raises_authentication_error_for_a_wrong_secret_where_kraken_calls_it_a_wrong_key(
    simulator: Simulator,
) -> None:
    with (
        simulator.kraken.account(behavior={"auth.wrong_signature": "INVALID_KEY"}) as account,
        pytest.raises(ccxt.AuthenticationError, match='"EAPI:Invalid key"'),
    ):
        over_ccxt(account, secret=WRONG_SECRET).private_post_withdrawcancel({"asset": "USDT", "refid": REFID})


def test_ccxt_raises_invalid_nonce_for_a_nonce_that_does_not_grow(account: Any) -> None:
    exchange = over_ccxt(account)
    exchange.nonce = lambda: 5
    arguments = {"asset": "USDT", "refid": account.withdrawal("USDT", "10").id}
    assert exchange.private_post_withdrawcancel(arguments)["result"] is True
    with pytest.raises(ccxt.InvalidNonce):
        over_ccxt(account, nonce=lambda: 5).private_post_withdrawcancel(arguments)


def test_ccxt_raises_ddos_protection_for_the_rate_limit_and_the_lockout(simulator: Simulator) -> None:
    arguments = {"asset": "USDT", "refid": REFID}
    for row in ("RATE_LIMIT_EXCEEDED", "TEMPORARY_LOCKOUT", "TOO_MANY_REQUESTS"):
        with (
            simulator.kraken.account(behavior={"cancel.unknown_refid": row}) as account,
            pytest.raises(ccxt.DDoSProtection),
        ):
            over_ccxt(account).private_post_withdrawcancel(arguments)


def test_ccxt_raises_a_network_error_when_the_reply_is_lost_after_the_act(account: Any) -> None:
    withdrawal = account.withdrawal("USDT", "10")
    account.fault("lose_reply", endpoint="cancel")
    with pytest.raises(ccxt.NetworkError):
        over_ccxt(account).private_post_withdrawcancel({"asset": "USDT", "refid": withdrawal.id})
    assert withdrawal.internal_state == "Initial/cancel-pending"


def test_ccxt_reads_the_servers_time(account: Any) -> None:
    exchange = over_ccxt(account)
    assert exchange.fetch_time() % 1000 == 0
