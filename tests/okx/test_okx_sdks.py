"""The unmodified SDKs over HTTP: what their users see when they cancel."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import ccxt
import httpx
import okx.Funding
import okx.PublicData
import pytest

from simulator import Simulator


@pytest.fixture
def account(simulator: Simulator) -> Iterator[Any]:
    with simulator.okx.account(balances={"BTC": "10"}) as opened:
        yield opened


@pytest.fixture
def funding(account: Any) -> Iterator[Any]:
    """python-okx for the account, for real trading (its default flag means demo)."""
    with client(account) as api:
        yield api


def client(account: Any, **changes: str) -> Any:
    given = {"secret": account.api_secret, "passphrase": account.passphrase, "flag": "0", **changes}
    return okx.Funding.FundingAPI(
        account.api_key, given["secret"], given["passphrase"], None, given["flag"], account.url, False
    )


@pytest.fixture
def exchange(account: Any) -> Iterator[Any]:
    """ccxt for the account."""
    made = ccxt.okx({"apiKey": account.api_key, "secret": account.api_secret, "password": account.passphrase})
    made.urls["api"]["rest"] = account.url
    yield made
    made.session.close()


# httpx deprecates data=<str>, which is how python-okx 0.4 sends every body.
python_okx = pytest.mark.filterwarnings(
    "ignore:Use 'content=<...>' to upload raw bytes/text content:DeprecationWarning"
)


@python_okx
def test_python_okx_cancels_and_sees_the_outcome(account: Any, funding: Any) -> None:
    withdrawal = account.withdrawal("BTC", "1", client_id="mine")
    assert funding.cancel_withdrawal(withdrawal.id) == {"code": "0", "data": [{"wdId": withdrawal.id}], "msg": ""}
    row = funding.get_withdrawal_history(wdId=withdrawal.id)["data"][0]
    assert (row["state"], row["amt"], row["fee"], row["clientId"]) == ("-3", "1", "0.00005", "mine")
    assert account.balance("BTC").held > 0
    account.advance(seconds=10)
    assert funding.get_withdrawal_history(ccy="BTC", state="-2")["data"][0]["wdId"] == withdrawal.id
    assert account.balance("BTC").available == 10


@python_okx
def test_python_okx_returns_what_a_second_cancel_is_told(account: Any, funding: Any) -> None:
    withdrawal = account.withdrawal("BTC", "1")
    told = {"code": "58220", "data": [], "msg": "Withdrawal request already canceled."}
    funding.cancel_withdrawal(withdrawal.id)
    assert funding.cancel_withdrawal(withdrawal.id) == told
    account.advance(seconds=10)
    assert funding.cancel_withdrawal(withdrawal.id) == told


@python_okx
def test_python_okx_sees_an_accepted_cancel_lose_its_race(account: Any, funding: Any) -> None:
    withdrawal = account.withdrawal("BTC", "1")
    assert funding.cancel_withdrawal(withdrawal.id)["code"] == "0"
    withdrawal.event("lose_race")
    account.advance(minutes=5)
    row = funding.get_withdrawal_history(wdId=withdrawal.id)["data"][0]
    assert row["state"] == "2"
    assert len(row["txId"]) == 64
    assert funding.cancel_withdrawal(withdrawal.id)["code"] == "58216"


@python_okx
def test_python_okx_returns_errors_and_never_raises(account: Any, funding: Any) -> None:
    assert funding.cancel_withdrawal("1123456") == {"code": "58215", "data": [], "msg": "Withdrawal ID does not exist."}
    assert funding.cancel_withdrawal() == {"code": "50014", "data": [], "msg": "Parameter wdId can not be empty."}
    assert funding.get_withdrawal_history(ccy="NOPE")["code"] == "58006"
    with client(account, secret="22582BD0CFF14C41EDBF1AB98506286D") as wrong:
        assert wrong.cancel_withdrawal("1123456") == {"msg": "Invalid Sign", "code": "50113"}
    with client(account, passphrase="wrong") as wrong:
        assert wrong.cancel_withdrawal("1123456") == {
            "msg": "Request header OK-ACCESS-PASSPHRASE incorrect.",
            "code": "50105",
        }


@python_okx
def test_python_okx_takes_an_id_as_a_number_too(account: Any, funding: Any) -> None:
    withdrawal = account.withdrawal("BTC", "1")
    assert funding.cancel_withdrawal(int(withdrawal.id))["data"] == [{"wdId": withdrawal.id}]


@python_okx
def test_python_okx_means_demo_trading_unless_told_otherwise(simulator: Simulator, account: Any) -> None:
    demo = {"code": "50038", "data": [], "msg": "This feature is unavailable in demo trading"}
    with okx.Funding.FundingAPI(account.api_key, account.api_secret, account.passphrase, domain=account.url) as api:
        assert api.cancel_withdrawal("1")["code"] == "50101"
    with simulator.okx.account(demo=True) as other, client(other, flag="1") as api:
        assert api.cancel_withdrawal("1") == demo
        assert api.get_withdrawal_history() == {"code": "0", "data": [], "msg": ""}


@python_okx
def test_python_okx_signs_a_value_unencoded_and_fails_where_http_encodes_it(funding: Any) -> None:
    assert funding.get_withdrawal_history(txId="a b/é") == {"msg": "Invalid Sign", "code": "50113"}
    assert funding.get_withdrawal_history(txId="a,b")["code"] == "0"


@python_okx
def test_python_okx_loses_the_reply_but_the_withdrawal_is_cancelled(account: Any, funding: Any) -> None:
    withdrawal = account.withdrawal("BTC", "1")
    account.fault("lose_reply", endpoint="cancel")
    with pytest.raises((httpx.RemoteProtocolError, httpx.ReadError)):
        funding.cancel_withdrawal(withdrawal.id)
    assert withdrawal.state == "-3"
    assert funding.cancel_withdrawal(withdrawal.id)["code"] == "58220"


@python_okx
def test_python_okx_raises_no_error_of_its_own_for_a_page_of_the_edge(account: Any, funding: Any) -> None:
    withdrawal = account.withdrawal("BTC", "1")
    account.fault("edge", status=504, acts=True)
    with pytest.raises(json.JSONDecodeError):
        funding.cancel_withdrawal(withdrawal.id)
    assert withdrawal.state == "-3"


def test_python_okx_reads_the_public_time_without_a_key(simulator: Simulator) -> None:
    with okx.PublicData.PublicAPI(domain=simulator.url, flag="1") as api:
        answer = api.get_system_time()
    assert answer["code"] == "0"
    assert len(answer["data"][0]["ts"]) == 13


def test_ccxt_cancels_and_sees_the_outcome(account: Any, exchange: Any) -> None:
    withdrawal = account.withdrawal("BTC", "1")
    answer = exchange.private_post_asset_cancel_withdrawal({"wdId": withdrawal.id})
    assert answer == {"code": "0", "data": [{"wdId": withdrawal.id}], "msg": ""}
    row = exchange.private_get_asset_withdrawal_history({"wdId": withdrawal.id})["data"][0]
    assert row["state"] == "-3"
    account.advance(seconds=10)
    row = exchange.private_get_asset_withdrawal_history({"ccy": "BTC", "type": "4"})["data"][0]
    assert (row["wdId"], row["state"]) == (withdrawal.id, "-2")


def test_ccxt_raises_its_plain_error_with_the_raw_body_for_an_unknown_id_and_a_second_cancel(
    account: Any, exchange: Any
) -> None:
    with pytest.raises(ccxt.ExchangeError) as caught:
        exchange.private_post_asset_cancel_withdrawal({"wdId": "1123456"})
    assert type(caught.value) is ccxt.ExchangeError
    assert str(caught.value) == 'okx {"code":"58215","data":[],"msg":"Withdrawal ID does not exist."}'
    withdrawal = account.withdrawal("BTC", "1")
    exchange.private_post_asset_cancel_withdrawal({"wdId": withdrawal.id})
    with pytest.raises(ccxt.ExchangeError) as caught:
        exchange.private_post_asset_cancel_withdrawal({"wdId": withdrawal.id})
    assert type(caught.value) is ccxt.ExchangeError
    assert str(caught.value) == 'okx {"code":"58220","data":[],"msg":"Withdrawal request already canceled."}'


@pytest.mark.parametrize(
    ("change", "value", "error", "told"),
    [
        ("secret", "wrong", ccxt.AuthenticationError, 'okx {"msg":"Invalid Sign","code":"50113"}'),
        (
            "password",
            "wrong",
            ccxt.AuthenticationError,
            'okx {"msg":"Request header OK-ACCESS-PASSPHRASE incorrect.","code":"50105"}',
        ),
        ("apiKey", "wrong", ccxt.AuthenticationError, 'okx {"msg":"Invalid OK-ACCESS-KEY","code":"50111"}'),
    ],
)
def test_ccxt_raises_its_own_error_for_wrong_credentials(
    exchange: Any, change: str, value: str, error: type[Exception], told: str
) -> None:
    setattr(exchange, change, value)
    with pytest.raises(error) as caught:
        exchange.private_post_asset_cancel_withdrawal({"wdId": "1123456"})
    assert str(caught.value) == told


@pytest.mark.parametrize(
    ("row", "error"),
    [
        ("TIMESTAMP_EXPIRED", ccxt.InvalidNonce),
        ("IP_NOT_LISTED", ccxt.PermissionDenied),
        ("ENVIRONMENT", ccxt.AuthenticationError),
        ("TOO_MANY_REQUESTS", ccxt.RateLimitExceeded),
        ("SERVICE_UNAVAILABLE", ccxt.OnMaintenance),
        ("SYSTEMS_BUSY", ccxt.ExchangeNotAvailable),
        ("CODE_50004", ccxt.RequestTimeout),
        ("PARAMETER_EMPTY", ccxt.BadRequest),
        ("NO_ADDRESS", ccxt.InvalidAddress),
        ("ACCOUNT_BLOCKED", ccxt.AccountSuspended),
        ("KEY_UNKNOWN", ccxt.ExchangeError),
        ("NOT_FOUND", ccxt.ExchangeError),
    ],
)
def test_ccxt_raises_the_exception_that_it_has_for_a_code(
    account: Any, exchange: Any, row: str, error: type[Exception]
) -> None:
    account.fault("error", row=row)
    with pytest.raises(error) as caught:
        exchange.private_post_asset_cancel_withdrawal({"wdId": "1"})
    assert type(caught.value) is error


def test_ccxt_takes_a_page_of_the_edge_for_an_exchange_that_is_not_there(account: Any, exchange: Any) -> None:
    account.fault("edge", status=502)
    with pytest.raises(ccxt.ExchangeNotAvailable):
        exchange.private_post_asset_cancel_withdrawal({"wdId": "1"})


def test_ccxt_raises_for_a_key_without_permission(account: Any, exchange: Any) -> None:
    key = account.key(permissions=["read_only"])
    exchange.apiKey, exchange.secret, exchange.password = key.api_key, key.api_secret, key.passphrase
    with pytest.raises(ccxt.ExchangeError) as caught:
        exchange.private_post_asset_cancel_withdrawal({"wdId": "1"})
    told = 'okx {"msg":"This API key doesn\'t have permission to use this function","code":"50120"}'
    assert str(caught.value) == told


def test_ccxt_raises_its_own_error_for_too_many_calls(
    account: Any, exchange: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    account.set(limits=True)
    # With account time standing still, all calls fall into one window however slow the machine is.
    monkeypatch.setattr(account._account, "now_ms", lambda: 1_700_000_000_000)
    exchange.enableRateLimit = False
    for _ in range(6):
        with pytest.raises(ccxt.ExchangeError, match="58215"):
            exchange.private_post_asset_cancel_withdrawal({"wdId": "1"})
    with pytest.raises(ccxt.RateLimitExceeded) as caught:
        exchange.private_post_asset_cancel_withdrawal({"wdId": "1"})
    assert str(caught.value) == 'okx {"msg":"Too Many Requests","code":"50011"}'


def test_ccxt_without_parameters_sends_no_body_and_is_told_so(exchange: Any) -> None:
    with pytest.raises(ccxt.BadRequest, match="50000"):
        exchange.private_post_asset_cancel_withdrawal()


def test_ccxt_loses_the_reply_but_the_withdrawal_is_cancelled(account: Any, exchange: Any) -> None:
    withdrawal = account.withdrawal("BTC", "1")
    account.fault("lose_reply", endpoint="cancel")
    with pytest.raises(ccxt.NetworkError):
        exchange.private_post_asset_cancel_withdrawal({"wdId": withdrawal.id})
    assert withdrawal.state == "-3"


def test_ccxt_in_sandbox_mode_sends_the_demo_header(simulator: Simulator, exchange: Any) -> None:
    with simulator.okx.account(demo=True) as account:
        exchange.apiKey, exchange.secret, exchange.password = account.api_key, account.api_secret, account.passphrase
        exchange.set_sandbox_mode(True)
        exchange.urls["api"]["rest"] = account.url
        with pytest.raises(ccxt.ExchangeError, match="50038"):
            exchange.private_post_asset_cancel_withdrawal({"wdId": "1"})
