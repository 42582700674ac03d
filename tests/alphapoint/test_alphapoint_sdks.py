"""Unmodified clients over the network: ccxt 4.5 (ndax), a plain WebSocket client, and the line that a person pastes."""

from __future__ import annotations

import http.client
import json
import shutil
import subprocess
from collections.abc import Iterator
from typing import Any

import ccxt
import pytest
from websockets.exceptions import ConnectionClosedError
from websockets.sync.client import ClientConnection, connect

from contracts.dialects import alphapoint as dialect
from simulator import Simulator

UNKNOWN = "7d77a2b1-7b3f-4a5e-8a3e-0d2f4f1c9b10"
ALREADY = {
    "result": False,
    "errormsg": "Operation Failed",
    "errorcode": 101,
    "detail": "Withdraw ticket already processed",
}
NOT_FOUND = {
    "result": False,
    "errormsg": "Operation Failed",
    "errorcode": 101,
    "detail": "Withdraw Ticket not found for OmsId, AccountId, RequestCode",
}


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    """A proxy of the surroundings must not get the calls to 127.0.0.1."""
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")


@pytest.fixture
def account(simulator: Simulator) -> Iterator[Any]:
    with simulator.alphapoint.account(balances={"USDT": "100"}) as opened:
        yield opened


def asked(account: Any, code: str) -> dict[str, Any]:
    credentials = account.credentials
    return {
        "OMSId": 1,
        "UserId": credentials["user_id"],
        "AccountId": credentials["account_id"],
        "RequestCode": code,
    }


# --- ccxt ---------------------------------------------------------------------------------------------------------


def ndax(account: Any, **changed: Any) -> Any:
    credentials = account.credentials
    exchange = ccxt.ndax(
        {
            "apiKey": account.api_key,
            "secret": account.api_secret,
            "uid": str(credentials["user_id"]),
            "login": credentials["username"],
            "password": credentials["password"],
            **changed,
        }
    )
    exchange.urls["api"] = {"public": f"{account.url}/AP", "private": f"{account.url}/AP"}
    return exchange


@pytest.fixture(params=["by signature", "by session"])
def exchange(request: pytest.FixtureRequest, account: Any) -> Any:
    opened = ndax(account)
    if request.param == "by session":
        assert opened.sign_in()["Authenticated"] is True
    return opened


def test_ccxt_cancels_and_sees_the_outcome(account: Any, exchange: Any) -> None:
    withdrawal = account.withdrawal("USDT", "10")
    call = asked(account, withdrawal.id)
    answered = exchange.privatePostCancelWithdraw(call)
    assert answered == {"result": True, "errormsg": None, "errorcode": 0, "detail": withdrawal.id}
    [record] = exchange.privateGetGetWithdraws({"omsId": 1, "AccountId": call["AccountId"]})
    assert (record["WithdrawCode"], record["TicketStatus"]) == (withdrawal.id, "UserCanceled")
    assert exchange.parse_transaction(record)["status"] == "canceled"
    assert account.balance("USDT").available == 100


def test_ccxt_raises_for_a_code_that_nobody_has(account: Any, exchange: Any) -> None:
    with pytest.raises(ccxt.ExchangeError) as raised:
        exchange.privatePostCancelWithdraw(asked(account, UNKNOWN))
    assert type(raised.value) is ccxt.ExchangeError
    assert json.loads(str(raised.value).removeprefix("ndax ")) == NOT_FOUND


def test_ccxt_raises_for_a_second_cancel(account: Any, exchange: Any) -> None:
    withdrawal = account.withdrawal("USDT", "10")
    exchange.privatePostCancelWithdraw(asked(account, withdrawal.id))
    with pytest.raises(ccxt.ExchangeError) as raised:
        exchange.privatePostCancelWithdraw(asked(account, withdrawal.id))
    assert json.loads(str(raised.value).removeprefix("ndax ")) == ALREADY


def test_ccxt_takes_a_wrong_secret_for_an_authentication_error(account: Any) -> None:
    withdrawal = account.withdrawal("USDT", "10")
    with pytest.raises(ccxt.AuthenticationError, match=r"^ndax NOT FOUND$"):
        ndax(account, secret="wrong").privatePostCancelWithdraw(asked(account, withdrawal.id))
    assert withdrawal.state == "Pending2Fa"
    refused = account.requests("cancel")[0].refused
    assert refused.condition == "auth.wrong_signature"


def test_ccxt_raises_for_a_wrong_password(account: Any) -> None:
    with pytest.raises(ccxt.ExchangeError, match="Invalid username or password"):
        ndax(account, password="wrong").sign_in()


def test_ccxt_takes_an_ended_session_for_an_authentication_error(simulator: Simulator, account: Any) -> None:
    exchange = ndax(account)
    exchange.sign_in()
    connection = http.client.HTTPConnection("127.0.0.1", simulator.port, timeout=10)
    connection.request("POST", "/AP/LogOut", headers={"aptoken": exchange.options["sessionToken"]})
    assert json.loads(connection.getresponse().read())["result"] is True
    connection.close()
    with pytest.raises(ccxt.AuthenticationError):
        exchange.privateGetGetWithdraws({"omsId": 1, "AccountId": account.credentials["account_id"]})


def test_ccxt_takes_a_guarded_cancel_for_an_authentication_error(account: Any, exchange: Any) -> None:
    account.set(behavior={"two_factor.guards_cancel": True})
    withdrawal = account.withdrawal("USDT", "10")
    call = asked(account, withdrawal.id)
    with pytest.raises(ccxt.AuthenticationError, match="This endpoint requires 2FACode along with the payload"):
        exchange.privatePostCancelWithdraw(call)
    code = exchange.totp(account.credentials["totp_secret"])
    exchange.privatePostCancelWithdraw({"TfaType": "Google", "TFaCode": code, "Payload": exchange.json(call)})
    assert withdrawal.state == "UserCanceled"


def test_ccxt_raises_a_network_error_when_the_reply_is_lost_after_the_act(account: Any, exchange: Any) -> None:
    withdrawal = account.withdrawal("USDT", "10")
    account.fault("lose_reply", endpoint="cancel")
    with pytest.raises(ccxt.NetworkError):
        exchange.privatePostCancelWithdraw(asked(account, withdrawal.id))
    assert withdrawal.state == "UserCanceled"


# --- a plain WebSocket client -------------------------------------------------------------------------------------


@pytest.fixture(params=["/WSGateway/", "/wsgateway"])
def socket(request: pytest.FixtureRequest, account: Any) -> Iterator[ClientConnection]:
    with connect(account.url.replace("http", "ws") + request.param, proxy=None) as opened:
        yield opened


def ask(socket: ClientConnection, number: int, function: str, payload: dict[str, Any]) -> Any:
    socket.send(dialect.frame(number, function, payload))
    frame = json.loads(socket.recv(timeout=10))
    assert (frame["m"], frame["i"], frame["n"]) == (1, number, function)
    return json.loads(frame["o"])


def test_a_socket_logs_in_cancels_and_sees_the_outcome(account: Any, socket: ClientConnection) -> None:
    withdrawal = account.withdrawal("USDT", "10")
    call, credentials = asked(account, withdrawal.id), account.credentials
    login = ask(
        socket, 0, "AuthenticateUser", {"UserName": credentials["username"], "Password": credentials["password"]}
    )
    assert (login["Authenticated"], login["Requires2FA"]) == (True, False)
    assert login["User"]["AccountId"] == credentials["account_id"]
    cancelled = ask(socket, 2, "CancelWithdraw", call)
    assert cancelled == {"result": True, "errormsg": None, "errorcode": 0, "detail": withdrawal.id}
    ticket = ask(socket, 4, "GetWithdrawTicket", call)
    assert (ticket["RequestCode"], ticket["Status"]) == (withdrawal.id, "UserCanceled")
    assert ask(socket, 6, "CancelWithdraw", call) == ALREADY
    assert ask(socket, 8, "CancelWithdraw", asked(account, UNKNOWN)) == NOT_FOUND
    assert account.balance("USDT").available == 100


def test_a_socket_with_a_wrong_password_cancels_nothing(account: Any, socket: ClientConnection) -> None:
    withdrawal = account.withdrawal("USDT", "10")
    login = ask(socket, 0, "AuthenticateUser", {"UserName": account.credentials["username"], "Password": "wrong"})
    assert login == {"Authenticated": False, "Locked": False, "errormsg": "Invalid username or password"}
    refused = ask(socket, 2, "CancelWithdraw", asked(account, withdrawal.id))
    assert refused == {"result": False, "errormsg": "Not Authorized", "errorcode": 20, "detail": None}
    assert withdrawal.state == "Pending2Fa"


def test_a_socket_takes_up_the_session_of_an_http_login(account: Any, socket: ClientConnection) -> None:
    token = ndax(account).sign_in()["SessionToken"]
    login = ask(socket, 0, "WebAuthenticateUser", {"SessionToken": token})
    assert login == {
        "Authenticated": True,
        "SessionToken": token,
        "UserId": account.credentials["user_id"],
        "twoFAToken": "",
    }
    withdrawal = account.withdrawal("USDT", "10")
    assert ask(socket, 2, "CancelWithdraw", asked(account, withdrawal.id))["result"] is True


def test_a_socket_stays_open_after_text_that_is_no_json(account: Any, socket: ClientConnection) -> None:
    socket.send("no JSON")
    socket.send(dialect.frame(0, "NoSuchFunction"))
    assert socket.recv(timeout=10) == '{"m":5,"i":0,"n":"NoSuchFunction","o":"Endpoint Not Found"}'
    assert ask(socket, 2, "Ping", {}) == {"msg": "PONG"}


def test_a_socket_breaks_when_the_reply_is_lost_after_the_act(account: Any, socket: ClientConnection) -> None:
    withdrawal = account.withdrawal("USDT", "10")
    account.fault("lose_reply", endpoint="cancel")
    socket.send(dialect.hello(account.credentials))
    socket.recv(timeout=10)
    socket.send(dialect.frame(2, "CancelWithdraw", asked(account, withdrawal.id)))
    with pytest.raises(ConnectionClosedError):
        socket.recv(timeout=10)
    assert withdrawal.state == "UserCanceled"


def test_both_doors_give_the_same_objects(simulator: Simulator, account: Any, socket: ClientConnection) -> None:
    """Over the network, where decimals keep their digits: compared as text, not as parsed numbers."""
    withdrawal = account.withdrawal("USDT", "10.500")
    call = asked(account, withdrawal.id)
    socket.send(dialect.hello(account.credentials))
    socket.recv(timeout=10)
    connection = http.client.HTTPConnection("127.0.0.1", simulator.port, timeout=10)
    proof = dialect.proof(account.credentials, "1")
    for function in ("Ping", "GetWithdraws", "GetWithdrawTicket"):
        connection.request("POST", f"/AP/{function}", json.dumps(call), proof)
        reply = connection.getresponse()
        over_http = reply.read().decode()
        assert reply.getheader("Server") is None
        socket.send(dialect.frame(2, function, call))
        assert json.loads(socket.recv(timeout=10))["o"] == over_http
    connection.close()


# --- the line to paste --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("chosen", [{}, {"api_key": "a$HOME`b\"c'", "api_secret": 'it\'s "$1" \\n secret'}])
def test_the_pasted_line_cancels_the_withdrawal(simulator: Simulator, chosen: dict[str, str]) -> None:
    for tool in ("sh", "curl", "openssl"):
        if shutil.which(tool) is None:
            pytest.skip(f"there is no {tool} on this machine")
    with simulator.alphapoint.account(**chosen) as account:
        withdrawal = account.withdrawal("USDT", "10")
        line = account._exchange.onboarding.paste(
            simulator.url, account._key, account._account.book.find(withdrawal.id)
        )
        told = subprocess.run(["sh", "-c", line], capture_output=True, check=True)
        assert json.loads(told.stdout)["detail"] == withdrawal.id
        assert withdrawal.state == "UserCanceled"
