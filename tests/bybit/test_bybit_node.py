"""bybit-api from npm, unmodified, in a Node of its own: what it sends, and what it makes of the answers."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from simulator import Simulator

NODE = Path(__file__).parent.parent / "node"

pytestmark = [
    pytest.mark.skipif(shutil.which("node") is None, reason="there is no node on this machine"),
    pytest.mark.skipif(
        not (NODE / "node_modules" / "bybit-api").is_dir(), reason="run npm install in tests/node to have bybit-api"
    ),
]

SCRIPT = """
const { RestClientV5 } = require('bybit-api');
const given = JSON.parse(process.env.GIVEN);
const client = new RestClientV5({ ...given.options, baseUrl: given.url });
(async () => {
  const told = [];
  for (const [method, ...rest] of given.calls) {
    try {
      told.push({ answered: await client[method](...rest) });
    } catch (error) {
      told.push({ thrown: { code: error.code, message: error.message, body: error.body, retCode: error.retCode } });
    }
  }
  console.log(JSON.stringify(told));
})();
"""


def run(account: Any, *calls: list[Any], **options: Any) -> list[dict[str, Any]]:
    """Make calls one after the other; each is either answered or thrown."""
    given = {
        "url": account.url,
        "options": {"key": account.api_key, "secret": account.api_secret, **options},
        "calls": calls,
    }
    # A proxy of the surroundings must not get the calls to 127.0.0.1.
    environment = {**os.environ, "GIVEN": json.dumps(given), "NO_PROXY": "127.0.0.1", "no_proxy": "127.0.0.1"}
    done = subprocess.run(
        ["node", "-e", SCRIPT], cwd=NODE, env=environment, capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode == 0, done.stderr
    told: list[dict[str, Any]] = json.loads(done.stdout)
    return told


@pytest.fixture
def account(simulator: Simulator) -> Iterator[Any]:
    with simulator.bybit.account(balances={"USDT": "100"}) as opened:
        yield opened


def test_bybit_api_creates_lists_and_cancels(account: Any) -> None:
    order = {
        "coin": "USDT",
        "chain": "ETH",
        "address": "0x7c3f1cd65d8a3c3b1c7a9d3c5f0e2b4a6d8c0e11",
        "amount": "10",
        "timestamp": account.now_ms,
        "accountType": "FUND",
        "forceChain": 1,
    }
    [made] = run(account, ["submitWithdrawal", order])
    [withdrawal] = account.withdrawals
    assert made["answered"]["result"] == {"id": withdrawal.id}
    listed, cancelled, again = run(
        account,
        ["getWithdrawalRecords", {"coin": "USDT", "withdrawType": 2}],
        ["cancelWithdrawal", withdrawal.id],
        ["getWithdrawalRecords", {"withdrawID": withdrawal.id}],
    )
    assert listed["answered"]["result"]["rows"][0]["status"] == "SecurityCheck"
    assert cancelled["answered"]["retCode"] == 0
    assert cancelled["answered"]["result"] == {"status": 1}
    assert [row["status"] for row in again["answered"]["result"]["rows"]] == ["CancelByUser"]
    assert account.balance("USDT").available == 100


def test_bybit_api_sends_the_cursor_percent_encoded_and_gets_the_next_page(account: Any) -> None:
    ids = [account.withdrawal("USDT", "1", network="TRX").id for _ in range(3)]
    [first] = run(account, ["getWithdrawalRecords", {"limit": 2}])
    cursor = first["answered"]["result"]["nextPageCursor"]
    [second] = run(account, ["getWithdrawalRecords", {"limit": 2, "cursor": cursor}])
    pages = [first["answered"]["result"]["rows"], second["answered"]["result"]["rows"]]
    assert [[row["withdrawId"] for row in page] for page in pages] == [ids[:0:-1], ids[:1]]
    assert "cursor=" in account.requests("list")[-1].request.target


def test_bybit_api_returns_a_refusal_as_data_and_does_not_throw(account: Any) -> None:
    withdrawal = account.withdrawal("USDT", "10")
    unknown, first, second = run(
        account, ["cancelWithdrawal", "10197"], ["cancelWithdrawal", withdrawal.id], ["cancelWithdrawal", withdrawal.id]
    )
    assert (unknown["answered"]["retCode"], unknown["answered"]["retMsg"]) == (131002, "params error")
    assert first["answered"]["retCode"] == 0
    assert (second["answered"]["retCode"], second["answered"]["result"]) == (131099, {})


def test_bybit_api_takes_status_zero_for_a_success(simulator: Simulator) -> None:
    with simulator.bybit.account(behavior={"cancel.fails": True}) as account:
        withdrawal = account.withdrawal("USDT", "10")
        [told] = run(account, ["cancelWithdrawal", withdrawal.id])
        assert (told["answered"]["retCode"], told["answered"]["result"]) == (0, {"status": 0})
        assert withdrawal.state == "SecurityCheck"


def test_bybit_api_returns_a_wrong_signature_and_a_missing_permission_as_data(account: Any) -> None:
    """Its own tests against the real exchange call cancel and create without the permission and expect 10005."""
    [wrong] = run(account, ["cancelWithdrawal", "1"], secret="another")
    assert wrong["answered"]["retCode"] == 10004
    key = account.key(permissions=["AccountTransfer"])
    refused = run(
        account,
        ["cancelWithdrawal", "fakeId"],
        ["submitWithdrawal", {"coin": "USDT", "address": "fake"}],
        key=key.api_key,
        secret=key.api_secret,
    )
    assert [told["answered"]["retCode"] for told in refused] == [10005, 10005]


def test_bybit_api_throws_refusals_where_it_is_told_to(account: Any) -> None:
    account.set(behavior={"cancel.unknown_id": "API_KEY_EXPIRED"})
    [told] = run(account, ["cancelWithdrawal", "10197"], throwExceptions=True)
    assert told == {"thrown": {"retCode": 33004}}


def test_bybit_api_returns_a_wrong_clock_and_a_refused_order_as_data(account: Any) -> None:
    poor = {"coin": "USDT", "chain": "ETH", "address": "0x7c3f1cd65d8a3c3b1c7a9d3c5f0e2b4a6d8c0e11", "amount": "1000"}
    [refused] = run(account, ["submitWithdrawal", {**poor, "timestamp": account.now_ms, "accountType": "FUND"}])
    assert (refused["answered"]["retCode"], refused["answered"]["retMsg"]) == (
        131001,
        "Account available balance insufficient",
    )
    account.set(skew_ms=60_000)
    [late] = run(account, ["cancelWithdrawal", "10197"])
    assert late["answered"]["retCode"] == 10002
    assert account.withdrawals == []


def test_bybit_api_shows_the_limit_headers(account: Any) -> None:
    [told] = run(account, ["cancelWithdrawal", "1"], parseAPIRateLimits=True)
    limits = told["answered"]["rateLimitApi"]
    assert (limits["remainingRequests"], limits["maxRequests"]) == (59, 60)


def test_bybit_api_throws_for_another_status_than_200(account: Any) -> None:
    account.set(behavior={"cancel.unknown_id": "IP_ACCESS_TOO_FREQUENT"})
    [told] = run(account, ["cancelWithdrawal", "1"])
    assert told["thrown"]["code"] == 403
    assert told["thrown"]["body"] == "access too frequent"


def test_bybit_api_throws_when_the_reply_is_lost_after_the_act(account: Any) -> None:
    withdrawal = account.withdrawal("USDT", "10")
    account.fault("lose_reply", endpoint="cancel")
    [told] = run(account, ["cancelWithdrawal", withdrawal.id])
    assert "thrown" in told
    assert withdrawal.state == "CancelByUser"


def test_bybit_api_reads_coins_balances_addresses_and_its_key(account: Any) -> None:
    time, coins, withdrawable, balance, addresses, vasps, key = run(
        account,
        ["getServerTime"],
        ["getCoinInfo", "USDT"],
        ["getWithdrawableAmount", {"coin": "USDT"}],
        ["getAllCoinsBalance", {"accountType": "FUND"}],
        ["getWithdrawalAddressList", {"coin": "USDT", "addressType": 2}],
        ["getExchangeEntities"],
        ["getQueryApiKey"],
    )
    assert time["answered"]["retMsg"] == "OK"
    assert coins["answered"]["result"]["rows"][0]["coin"] == "USDT"
    assert withdrawable["answered"]["result"]["withdrawableAmount"]["FUND"]["withdrawableAmount"] == "100"
    assert balance["answered"]["result"]["balance"][0]["walletBalance"] == "100"
    assert len(addresses["answered"]["result"]["rows"]) == 6
    assert vasps["answered"]["result"]["vasp"][-1]["vaspEntityId"] == "others"
    assert key["answered"]["result"]["apiKey"] == account.api_key


def test_bybit_api_signs_with_rsa(simulator: Simulator) -> None:
    private = rsa.generate_private_key(65537, 2048)
    public = private.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
    secret = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    with simulator.bybit.account(public_key=public) as account:
        withdrawal = account.withdrawal("USDT", "10")
        [told] = run(account, ["cancelWithdrawal", withdrawal.id], secret=secret)
        assert told["answered"]["result"] == {"status": 1}
