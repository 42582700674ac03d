"""notbank 2.5.0 from PyPI, unmodified, over TLS: it speaks https and wss only.

Its pins (requests 2.27, urllib3 1.26, idna 3.3 ...) exclude those of the other clients, so that it lives in an
environment of its own; NOTBANK_PYTHON names that environment's interpreter. Without it these tests skip.
"""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterator
from typing import Any

import pytest

from simulator import Simulator

PYTHON = os.environ.get("NOTBANK_PYTHON", "")

pytestmark = pytest.mark.skipif(
    not PYTHON, reason="needs NOTBANK_PYTHON, the interpreter of an environment with notbank==2.5.0 of its own"
)

# The SDK has no cancel of its own: its connection's generic request takes any function.
SCRIPT = """
import json, queue, sys
from notbank_python_sdk.client_connection_factory import new_rest_client_connection, new_websocket_client_connection
from notbank_python_sdk.core.endpoint_category import EndpointCategory
from notbank_python_sdk.error import NotbankException
from notbank_python_sdk.notbank_client import NotbankClient
from notbank_python_sdk.requests_models import AuthenticateRequest, SubscribeAccountEventsRequest
from notbank_python_sdk.requests_models import GetAccountPositionsRequest

given = json.loads(sys.argv[1])

def attempt(work):
    try:
        return work()
    except NotbankException as error:
        return [error.code.name, str(error)]

def cancel(connection, asked):
    return connection.request("CancelWithdraw", EndpointCategory.AP, asked, lambda answer: answer)

told = {}
rest = new_rest_client_connection(given["host"])
told["outside"] = attempt(lambda: cancel(rest, given["first"]))
wrong = AuthenticateRequest(given["api_key"], "wrong", given["user_id"])
told["wrong"] = attempt(lambda: new_rest_client_connection(given["host"]).authenticate(wrong).authenticated)
right = AuthenticateRequest(given["api_key"], given["api_secret"], given["user_id"])
told["login"] = rest.authenticate(right).authenticated
told["cancelled"] = cancel(rest, given["first"])
told["twice"] = attempt(lambda: cancel(rest, given["first"]))
positions = NotbankClient(rest).get_account_positions(GetAccountPositionsRequest(given["account_id"]))
told["hold"] = str(positions[0].hold)

failures = []
socket = new_websocket_client_connection(given["host"], request_timeout=10, on_failure=lambda e: failures.append(e))
socket.connect()
told["unauthorized"] = attempt(lambda: cancel(socket, given["second"]))
told["socket_login"] = socket.authenticate(right).authenticated
heard = queue.Queue()
NotbankClient(socket).subscribe_account_events(
    SubscribeAccountEventsRequest(given["account_id"]), account_position_handler=lambda one: heard.put(str(one.hold))
)
told["socket_cancelled"] = cancel(socket, given["second"])
told["heard"] = heard.get(timeout=10)
socket.close()
print(json.dumps(told))
"""


@pytest.fixture
def simulator() -> Iterator[Simulator]:
    with Simulator(tls=True) as running:
        yield running


def run(simulator: Simulator, account: Any) -> dict[str, Any]:
    credentials = account.credentials
    made = [account.withdrawal("USDT", amount) for amount in ("10", "20")]
    ids = {"OMSId": 1, "UserId": credentials["user_id"], "AccountId": credentials["account_id"]}
    given = {
        "host": simulator.tls_url.removeprefix("https://"),
        **{name: credentials[name] for name in ("api_key", "api_secret", "user_id", "account_id")},
        "first": {**ids, "RequestCode": made[0].id},
        "second": {**ids, "RequestCode": made[1].id},
    }
    environment = {
        **os.environ,
        "NO_PROXY": "127.0.0.1",
        "REQUESTS_CA_BUNDLE": str(simulator.tls_ca_file),
        "WEBSOCKET_CLIENT_CA_BUNDLE": str(simulator.tls_ca_file),
    }
    done = subprocess.run(
        [PYTHON, "-c", SCRIPT, json.dumps(given)],
        env=environment,
        capture_output=True,
        text=True,
        timeout=90,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    told: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return told


def test_notbank_cancels_over_https_and_over_a_socket(simulator: Simulator) -> None:
    with simulator.alphapoint.account(balances={"USDT": "100"}) as account:
        told = run(simulator, account)
        first, second = account.withdrawals
        assert (first.state, second.state) == ("UserCanceled", "UserCanceled")
    success = {"result": True, "errormsg": None, "errorcode": 0}
    assert told == {
        "outside": ["SERVER_ERROR", "http error. (code=404) NOT FOUND"],
        "wrong": ["OPERATION_FAILED", "Invalid username or password"],
        "login": True,
        "cancelled": {**success, "detail": first.id},
        "twice": ["OPERATION_FAILED", "Operation Failed. Withdraw ticket already processed"],
        "hold": "24",
        "unauthorized": ["NOT_AUTHORIZED", "Not Authorized. "],
        "socket_login": True,
        "socket_cancelled": {**success, "detail": second.id},
        "heard": "0",
    }
