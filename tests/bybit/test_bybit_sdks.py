"""The unmodified SDKs over HTTP: pybit 5.17 and ccxt 4.5, and the line that a person pastes into a shell."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Iterator
from typing import Any

import ccxt
import pytest
import requests
from pybit.exceptions import FailedRequestError, InvalidRequestError
from pybit.unified_trading import HTTP

from simulator import Simulator


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    """A proxy of the surroundings must not get the calls to 127.0.0.1."""
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")


@pytest.fixture
def account(simulator: Simulator) -> Iterator[Any]:
    with simulator.bybit.account(balances={"USDT": "100"}) as opened:
        yield opened


# --- pybit --------------------------------------------------------------------------------------------------------


def pybit(account: Any, **changed: Any) -> HTTP:
    session = HTTP(**{"api_key": account.api_key, "api_secret": account.api_secret, **changed})
    session.endpoint = account.url
    return session


def test_pybit_cancels_and_sees_the_outcome(account: Any) -> None:
    withdrawal = account.withdrawal("USDT", "10")
    session = pybit(account)
    answered = session.cancel_withdrawal(id=withdrawal.id)
    assert list(answered) == ["retCode", "retMsg", "result", "retExtInfo", "time"]
    assert (answered["retCode"], answered["retMsg"], answered["result"]) == (0, "success", {"status": 1})
    [row] = session.get_withdrawal_records(withdrawID=withdrawal.id, withdrawType=2)["result"]["rows"]
    assert (row["withdrawId"], row["status"], row["txID"]) == (withdrawal.id, "CancelByUser", "")
    assert account.balance("USDT").available == 100


def test_pybit_sends_an_integer_id_as_an_integer(account: Any) -> None:
    withdrawal = account.withdrawal("USDT", "10")
    assert pybit(account).cancel_withdrawal(id=int(withdrawal.id))["result"] == {"status": 1}


def test_pybit_pages_through_the_records(account: Any) -> None:
    ids = [account.withdrawal("USDT", "1", network="TRX").id for _ in range(3)]
    session = pybit(account)
    seen: list[str] = []
    cursor = None
    while True:
        page = session.get_withdrawal_records(limit=2, cursor=cursor)["result"]
        if not page["rows"]:
            break
        seen += [row["withdrawId"] for row in page["rows"]]
        cursor = page["nextPageCursor"]
    assert seen == ids[::-1]


def test_pybit_raises_for_an_unknown_id(account: Any) -> None:
    with pytest.raises(InvalidRequestError) as raised:
        pybit(account).cancel_withdrawal(id="10197")
    assert (raised.value.status_code, raised.value.message) == (131002, "params error")


def test_pybit_raises_for_a_second_cancel(account: Any) -> None:
    withdrawal = account.withdrawal("USDT", "10")
    session = pybit(account)
    session.cancel_withdrawal(id=withdrawal.id)
    with pytest.raises(InvalidRequestError) as raised:
        session.cancel_withdrawal(id=withdrawal.id)
    assert (raised.value.status_code, raised.value.message) == (131099, "Hot wallet status can cancel the withdraw")


def test_pybit_raises_for_a_wrong_secret_and_the_text_shows_what_was_signed(account: Any) -> None:
    withdrawal = account.withdrawal("USDT", "10")
    with pytest.raises(InvalidRequestError) as raised:
        pybit(account, api_secret="another").cancel_withdrawal(id=withdrawal.id)
    assert raised.value.status_code == 10004
    assert raised.value.message.startswith("error sign! origin_string[1")
    assert raised.value.message.endswith(f'{account.api_key}5000{{"id": "{withdrawal.id}"}}]')
    assert withdrawal.state == "SecurityCheck"


def test_pybit_raises_for_a_key_without_the_permission(account: Any) -> None:
    withdrawal = account.withdrawal("USDT", "10")
    key = account.key(permissions=["AccountTransfer"])
    with pytest.raises(InvalidRequestError) as raised:
        pybit(account, api_key=key.api_key, api_secret=key.api_secret).cancel_withdrawal(id=withdrawal.id)
    assert raised.value.status_code == 10005


def test_pybit_takes_status_zero_for_a_success(simulator: Simulator) -> None:
    with simulator.bybit.account(behavior={"cancel.not_cancellable": "STATUS_ZERO"}) as account:
        withdrawal = account.withdrawal("USDT", "10", state="success")
        assert pybit(account).cancel_withdrawal(id=withdrawal.id)["result"] == {"status": 0}


def test_pybit_gives_up_on_a_rate_limit_without_failing_in_its_sleep(
    simulator: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It retries 10006 and sleeps until the reset that the reply names; a moment that has passed would raise."""
    slept: list[float] = []
    monkeypatch.setattr("pybit._http_manager.time.sleep", slept.append)
    with simulator.bybit.account(behavior={"cancel.unknown_id": "TOO_MANY_VISITS"}) as account:
        with pytest.raises(FailedRequestError, match="retries exceeded maximum"):
            pybit(account).cancel_withdrawal(id="1")
        assert len(account.requests("cancel")) == 3
    assert len(slept) == 3
    assert min(slept) > 0


def test_pybit_raises_its_connection_error_when_the_reply_is_lost_after_the_act(account: Any) -> None:
    withdrawal = account.withdrawal("USDT", "10")
    account.fault("lose_reply", endpoint="cancel")
    session = pybit(account)
    with pytest.raises(requests.exceptions.ConnectionError):
        session.cancel_withdrawal(id=withdrawal.id)
    [row] = session.get_withdrawal_records()["result"]["rows"]
    assert row["status"] == "CancelByUser"
    assert account.balance("USDT").available == 100


def test_pybit_reads_the_servers_time(account: Any) -> None:
    answered = pybit(account).get_server_time()
    assert answered["result"]["timeSecond"] == str(answered["time"] // 1000)


def test_pybit_raises_for_a_path_that_does_not_exist(account: Any) -> None:
    with pytest.raises(FailedRequestError) as raised:
        pybit(account).get_transferable_coin(fromAccountType="FUND", toAccountType="UNIFIED")
    assert raised.value.status_code == 404


# --- ccxt ---------------------------------------------------------------------------------------------------------


def over_ccxt(account: Any, **changed: Any) -> Any:
    exchange = ccxt.bybit({"apiKey": account.api_key, "secret": account.api_secret, **changed})
    exchange.urls["api"] = dict.fromkeys(exchange.urls["api"], account.url)
    return exchange


def test_ccxt_cancels_and_sees_the_outcome(account: Any) -> None:
    withdrawal = account.withdrawal("USDT", "10")
    exchange = over_ccxt(account)
    answered = exchange.private_post_v5_asset_withdraw_cancel({"id": withdrawal.id})
    assert (answered["retCode"], answered["result"]) == (0, {"status": 1})
    listed = exchange.private_get_v5_asset_withdraw_query_record({"withdrawID": withdrawal.id})
    assert [row["status"] for row in listed["result"]["rows"]] == ["CancelByUser"]
    assert account.balance("USDT").available == 100


def test_ccxt_raises_bad_request_for_an_unknown_id(account: Any) -> None:
    with pytest.raises(ccxt.BadRequest, match='"retCode":131002,"retMsg":"params error"'):
        over_ccxt(account).private_post_v5_asset_withdraw_cancel({"id": "10197"})


def test_ccxt_raises_exchange_error_for_a_second_cancel(account: Any) -> None:
    withdrawal = account.withdrawal("USDT", "10")
    exchange = over_ccxt(account)
    exchange.private_post_v5_asset_withdraw_cancel({"id": withdrawal.id})
    with pytest.raises(ccxt.ExchangeError, match='"retCode":131099') as raised:
        exchange.private_post_v5_asset_withdraw_cancel({"id": withdrawal.id})
    assert type(raised.value) is ccxt.ExchangeError


def test_ccxt_raises_authentication_error_for_a_wrong_secret(account: Any) -> None:
    withdrawal = account.withdrawal("USDT", "10")
    with pytest.raises(ccxt.AuthenticationError, match='"retCode":10004'):
        over_ccxt(account, secret="another").private_post_v5_asset_withdraw_cancel({"id": withdrawal.id})
    assert withdrawal.state == "SecurityCheck"


def test_ccxt_raises_invalid_nonce_for_a_clock_that_is_ahead(account: Any) -> None:
    exchange = over_ccxt(account)
    now_ms = exchange.milliseconds()
    exchange.nonce = lambda: now_ms + 60_000
    with pytest.raises(ccxt.InvalidNonce, match='"retCode":10002'):
        exchange.private_post_v5_asset_withdraw_cancel({"id": "10197"})


def test_ccxt_raises_a_network_error_when_the_reply_is_lost_after_the_act(account: Any) -> None:
    withdrawal = account.withdrawal("USDT", "10")
    account.fault("lose_reply", endpoint="cancel")
    with pytest.raises(ccxt.NetworkError):
        over_ccxt(account).private_post_v5_asset_withdraw_cancel({"id": withdrawal.id})
    assert withdrawal.state == "CancelByUser"


# --- the line to paste --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("chosen", [{}, {"api_key": "a$HOME`b\"c'", "api_secret": 'it\'s "$1" \\n secret'}])
def test_the_pasted_line_cancels_the_withdrawal(simulator: Simulator, chosen: dict[str, str]) -> None:
    for tool in ("sh", "curl", "openssl"):
        if shutil.which(tool) is None:
            pytest.skip(f"there is no {tool} on this machine")
    with simulator.bybit.account(**chosen) as account:
        withdrawal = account.withdrawal("USDT", "10")
        line = account._exchange.onboarding.paste(
            simulator.url, account._key, account._account.book.find(withdrawal.id)
        )
        told = subprocess.run(["sh", "-c", line], capture_output=True, check=True)
        assert json.loads(told.stdout)["result"] == {"status": 1}
        assert withdrawal.state == "CancelByUser"
