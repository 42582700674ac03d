"""Unmodified clients along the whole way of a withdrawal: ccxt (ndax) sync and async, and the web UI's sequence."""

from __future__ import annotations

import json
import socket as sockets
import ssl
from collections.abc import Iterator
from contextlib import suppress
from decimal import Decimal
from typing import Any

import ccxt
import ccxt.async_support
import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

from contracts.dialects import alphapoint as dialect
from simulator import Simulator

ADDRESS = "bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq"


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    """A proxy of the surroundings must not get the calls to 127.0.0.1."""
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")


@pytest.fixture
def account(simulator: Simulator) -> Iterator[Any]:
    """Its user has two factors."""
    with simulator.alphapoint.account(balances={"BTC": "5", "USDT": "100"}, use_2fa=True) as opened:
        yield opened


def settings(account: Any, **changed: Any) -> dict[str, Any]:
    credentials = account.credentials
    return {
        "apiKey": account.api_key,
        "secret": account.api_secret,
        "uid": str(credentials["user_id"]),
        "login": credentials["username"],
        "password": credentials["password"],
        "twofa": credentials["totp_secret"],
        "enableRateLimit": False,
        **changed,
    }


def pointed(exchange: Any, account: Any) -> Any:
    exchange.urls["api"] = {"public": f"{account.url}/AP", "private": f"{account.url}/AP"}
    return exchange


def asked(account: Any, code: str) -> dict[str, Any]:
    credentials = account.credentials
    return {
        "OMSId": 1,
        "UserId": credentials["user_id"],
        "AccountId": credentials["account_id"],
        "RequestCode": code,
    }


# --- ccxt ---------------------------------------------------------------------------------------------------------


def test_ccxt_signs_in_with_two_factors_and_cancels_by_session(account: Any) -> None:
    exchange = pointed(ccxt.ndax(settings(account)), account)
    signed_in = exchange.sign_in()
    assert (signed_in["Authenticated"], signed_in["UserId"]) == (True, account.credentials["user_id"])
    assert exchange.options["sessionToken"] == exchange.options["pending2faToken"]
    withdrawal = account.withdrawal("BTC", "1")
    assert exchange.privatePostCancelWithdraw(asked(account, withdrawal.id))["result"] is True
    (record,) = exchange.fetch_withdrawals("BTC")
    assert (record["status"], record["amount"], record["currency"]) == ("canceled", 1, "BTC")
    assert [entry.endpoint for entry in account.journal][:3] == ["login", "second_factor", "cancel"]


def test_ccxt_cancels_by_hmac_without_signing_in(account: Any) -> None:
    exchange = pointed(ccxt.ndax(settings(account)), account)
    withdrawal = account.withdrawal("BTC", "1")
    assert exchange.privatePostCancelWithdraw(asked(account, withdrawal.id))["detail"] == withdrawal.id
    assert withdrawal.state == "UserCanceled"


def test_ccxt_with_another_totp_secret_stays_outside(account: Any) -> None:
    exchange = pointed(ccxt.ndax(settings(account, twofa="GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ")), account)
    assert exchange.sign_in() == {"Authenticated": False}
    assert exchange.options["sessionToken"] is None


def test_ccxt_withdraws_where_a_missing_amount_is_allowed(account: Any) -> None:
    exchange = pointed(ccxt.ndax(settings(account)), account)
    exchange.sign_in()
    with pytest.raises(ccxt.ExchangeError, match="ProductId, Amount, TemplateForm and TemplateType are Required"):
        exchange.withdraw("BTC", 1, ADDRESS)  # ccxt's Payload has no Amount
    account.set(behavior={"create.without_amount": "one"})
    told = exchange.withdraw("BTC", 1, ADDRESS)["info"]
    assert account.balance("BTC").held == Decimal("1.0002")
    (record,) = exchange.fetch_withdrawals()
    assert (record["info"]["WithdrawCode"], record["status"]) == (told["detail"], "pending")
    assert json.loads(record["info"]["TemplateForm"])["ExternalAddress"] == ADDRESS
    exchange.privatePostCancelWithdraw(asked(account, told["detail"]))
    assert account.balance("BTC").available == 5


def test_ccxt_without_a_wrapper_is_told_that_a_code_is_needed(account: Any) -> None:
    exchange = pointed(ccxt.ndax(settings(account)), account)
    with pytest.raises(ccxt.AuthenticationError, match="This endpoint requires 2FACode along with the payload"):
        exchange.privatePostCreateWithdrawTicket({"OMSId": 1})


def test_ccxt_reads_balance_markets_and_ledger(account: Any) -> None:
    exchange = pointed(ccxt.ndax(settings(account)), account)
    account.withdrawal("BTC", "1")
    balance = exchange.fetch_balance()
    assert (balance["BTC"]["total"], balance["BTC"]["used"], balance["BTC"]["free"]) == (5, 1.0002, 3.9998)
    assert sorted(exchange.markets) == ["BTC/USDT", "ETH/USDT", "USDC/USDT", "XRP/USDT"]
    assert exchange.currencies["BTC"]["precision"] == 1e-8
    account.advance(hours=1)
    assert {entry["info"]["TransactionType"] for entry in exchange.fetch_ledger()} == {"Other", "Fee"}
    assert exchange.fetch_balance()["BTC"]["total"] == 3.9998


def test_ccxt_sees_a_cancel_only_once_its_reads_have_caught_up(account: Any) -> None:
    account.set(behavior={"reads.lag_polls": 2})
    exchange = pointed(ccxt.ndax(settings(account)), account)
    withdrawal = account.withdrawal("BTC", "1")
    exchange.privatePostCancelWithdraw(asked(account, withdrawal.id))
    assert [exchange.fetch_withdrawals()[0]["status"] for _ in range(3)] == ["pending", "pending", "canceled"]


async def test_ccxt_async_signs_in_withdraws_and_cancels(account: Any) -> None:
    account.set(behavior={"create.without_amount": "one"})
    async with ccxt.async_support.ndax(settings(account)) as opened:
        exchange = pointed(opened, account)
        await exchange.sign_in()
        told = (await exchange.withdraw("BTC", 1, ADDRESS))["info"]
        cancelled = await exchange.privatePostCancelWithdraw(asked(account, told["detail"]))
        assert cancelled["result"] is True
        (record,) = await exchange.fetch_withdrawals()
        assert record["status"] == "canceled"
        with pytest.raises(ccxt.ExchangeError, match="Withdraw ticket already processed"):
            await exchange.privatePostCancelWithdraw(asked(account, told["detail"]))
    assert account.balance("BTC").available == 5


async def test_ccxt_async_cancels_by_hmac_and_with_a_wrong_secret_does_not(account: Any) -> None:
    withdrawal = account.withdrawal("BTC", "1")
    async with ccxt.async_support.ndax(settings(account, secret="wrong")) as opened:
        with pytest.raises(ccxt.AuthenticationError):
            await pointed(opened, account).privatePostCancelWithdraw(asked(account, withdrawal.id))
    assert withdrawal.state == "Pending2Fa"
    async with ccxt.async_support.ndax(settings(account)) as opened:
        await pointed(opened, account).privatePostCancelWithdraw(asked(account, withdrawal.id))
    assert withdrawal.state == "UserCanceled"


# --- a plain WebSocket client -------------------------------------------------------------------------------------


class Page:
    """The web UI's side of a socket: replies by number, events as they come."""

    def __init__(self, socket: ClientConnection) -> None:
        self.socket = socket
        self.number = -2
        self.events: list[tuple[int, str, Any]] = []

    def ask(self, function: str, payload: dict[str, Any] | None = None) -> Any:
        self.number += 2
        self.socket.send(dialect.frame(self.number, function, payload))
        while True:
            frame = json.loads(self.socket.recv(timeout=10))
            if frame["m"] == 1:
                assert (frame["i"], frame["n"]) == (self.number, function)
                return json.loads(frame["o"])
            self._note(frame)

    def wait(self, count: int) -> None:
        while len(self.events) < count:
            self._note(json.loads(self.socket.recv(timeout=10)))

    def _note(self, frame: dict[str, Any]) -> None:
        assert frame["m"] == 3
        self.events.append((frame["i"], frame["n"], json.loads(frame["o"])))


def _through_the_sequence(account: Any, page: Page) -> None:
    credentials = account.credentials
    ids = {"OMSId": 1, "AccountId": credentials["account_id"]}
    withdrawal = account.withdrawal("USDT", "10")

    password = {"UserName": credentials["username"], "Password": credentials["password"]}
    assert page.ask("WebAuthenticateUser", password)["Requires2FA"] is True
    code = dialect.totp(credentials["totp_secret"], account.now_ms // 1000)
    assert page.ask("Authenticate2FA", {"Code": code})["Authenticated"] is True
    assert page.ask("GetUserInfo", {})["Use2FA"] is True
    assert page.ask("GetUserAccounts", {"OMSId": 1}) == [credentials["account_id"]]
    assert page.ask("GetProducts", {"OMSId": 1})[0]["Product"] == "BTC"
    assert page.ask("SubscribeAccountEvents", ids) == {"Subscribed": True}
    (before,) = page.ask("GetWithdrawTickets", ids)
    assert before["Status"] == "Pending2Fa"

    assert page.ask("CancelWithdraw", asked(account, before["RequestCode"])) == {
        "result": True,
        "errormsg": None,
        "errorcode": 0,
        "detail": withdrawal.id,
    }
    page.wait(2)
    assert [(number, name) for number, name, _ in page.events] == [
        (2, "WithdrawTicketUpdateEvent"),
        (4, "AccountPositionEvent"),
    ]
    assert page.events[0][2]["Status"] == "UserCanceled"
    assert (page.events[1][2]["ProductSymbol"], page.events[1][2]["Hold"]) == ("USDT", 0)

    refused = page.ask("CancelWithdraw", asked(account, withdrawal.id))
    assert (refused["result"], refused["detail"]) == (False, "Withdraw ticket already processed")
    (after,) = page.ask("GetWithdrawTickets", ids)
    assert (after["Status"], after["UpdatedByUserName"]) == ("UserCanceled", credentials["username"])
    assert page.ask("LogOut", {})["result"] is True
    assert page.ask("GetWithdrawTickets", ids)["errormsg"] == "Not Authorized"


def test_the_web_ui_logs_in_subscribes_cancels_and_looks_again(account: Any) -> None:
    with connect(account.url.replace("http", "ws") + "/WSGateway/", proxy=None) as socket:
        _through_the_sequence(account, Page(socket))


def test_the_same_sequence_over_tls() -> None:
    with Simulator(tls=True) as simulator:
        context = ssl.create_default_context(cafile=str(simulator.tls_ca_file))
        url = simulator.tls_url.replace("https", "wss") + "/wsgateway/"
        with (
            simulator.alphapoint.account(use_2fa=True) as account,
            connect(url, ssl=context, proxy=None) as socket,
        ):
            _through_the_sequence(account, Page(socket))


def test_half_open_sockets_stop_nobody(simulator: Simulator, account: Any) -> None:
    """Clients that shook hands and went silent, or never finished, while another one works."""
    hands = [sockets.create_connection(("127.0.0.1", simulator.port), timeout=10) for _ in range(100)]
    try:
        for number, hand in enumerate(hands):
            shake = (
                b"GET /WSGateway/ HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n"
            )
            hand.sendall(shake[: 40 if number % 3 == 0 else len(shake)])
            if number % 3 == 1:
                hand.sendall(b"\x81\xfe")  # the beginning of a frame
        for hand in hands[2::3]:
            hand.close()
        with connect(account.url.replace("http", "ws") + "/WSGateway/", proxy=None) as socket:
            _through_the_sequence(account, Page(socket))
    finally:
        for hand in hands:
            hand.close()


@pytest.mark.parametrize("frame", ["x" * 1_000_000, '{"m":0,"i":0,"n":"Ping","o":' + "[" * 500_000])
def test_a_huge_frame_that_is_no_json_is_passed_over(account: Any, frame: str) -> None:
    with connect(account.url.replace("http", "ws") + "/WSGateway/", proxy=None) as socket:
        socket.send(frame)
        assert Page(socket).ask("Ping") == {"msg": "PONG"}


def test_a_frame_beyond_a_mebibyte_ends_its_own_socket_only(account: Any) -> None:
    url = account.url.replace("http", "ws") + "/WSGateway/"
    with connect(url, proxy=None) as calm, connect(url, proxy=None) as wild:
        with suppress(ConnectionClosed):  # while it still sends, if the server is quicker
            wild.send("x" * 2_000_000)
        with pytest.raises(ConnectionClosed):
            wild.recv(timeout=10)
        assert Page(calm).ask("Ping") == {"msg": "PONG"}
