"""kraken-api 1.0.2 from npm, unmodified, over HTTP: its forms have no Content-Type, its nonces are ms times 1000."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from simulator import Simulator

FOLDER = Path(__file__).parent.parent / "node"

SCRIPT = """
const [url, key, secret, calls] = process.argv.slice(1);
const Kraken = require('kraken-api');
const client = new Kraken(key, secret, { url });
(async () => {
  const answers = [];
  for (const [method, params] of JSON.parse(calls)) {
    try { answers.push({ answer: await client.api(method, params) }); }
    catch (error) { answers.push({ name: error.name, message: error.message }); }
  }
  console.log(JSON.stringify(answers));
})();
"""


@pytest.fixture
def account(simulator: Simulator) -> Iterator[Any]:
    """Two calls within a millisecond have the same nonce, so this key has a window of a minute, in microseconds."""
    if shutil.which("node") is None or not (FOLDER / "node_modules" / "kraken-api").is_dir():
        pytest.skip("needs node, and npm install in tests/node")
    with simulator.kraken.account(balances={"USDT": "100"}, nonce_window=60_000_000) as opened:
        yield opened


def run(account: Any, *calls: tuple[str, dict[str, Any]], **changed: str) -> list[Any]:
    secret = changed.get("secret", account.api_secret)
    command = ["node", "-e", SCRIPT, account.url, account.api_key, secret, json.dumps(calls)]
    done = subprocess.run(command, cwd=FOLDER, capture_output=True, text=True, timeout=60, check=True)
    return list(json.loads(done.stdout))


def test_the_npm_client_withdraws_cancels_and_sees_the_outcome(account: Any) -> None:
    [withdrawn] = run(account, ("Withdraw", {"asset": "USDT", "key": "usdt-wallet", "amount": 10}))
    cancel = ("WithdrawCancel", {"asset": "USDT", "refid": withdrawn["answer"]["result"]["refid"]})
    true = {"answer": {"error": [], "result": True}}
    assert run(account, cancel, cancel) == [true, true]
    account.advance(minutes=1)
    listed, again = run(account, ("WithdrawStatus", {"asset": "USDT"}), cancel)
    assert listed["answer"]["result"][0]["status-prop"] == "canceled"
    assert again == {"answer": {"error": [], "result": False}}
    sent = account.requests("cancel")[0].request
    assert sent.header("content-type") is None
    assert sent.body.startswith(b"asset=USDT&refid=FT")


def test_the_npm_client_strips_the_e_of_an_error(account: Any) -> None:
    unknown, malformed, asset = run(
        account,
        ("WithdrawCancel", {"asset": "USDT", "refid": "FTQcuak-V6Za8qrWnhzTx67yYHz8Tg"}),
        ("WithdrawCancel", {"asset": "USDT", "refid": "x"}),
        ("WithdrawCancel", {"asset": "NOPE", "refid": "x"}),
    )
    assert unknown == {"name": "Error", "message": "Funding:Unknown reference id"}
    assert malformed == {"name": "Error", "message": "Funding:Invalid reference id"}
    assert asset == {"name": "Error", "message": "Funding:Unknown asset"}


def test_the_npm_client_with_a_wrong_secret_is_refused(account: Any) -> None:
    withdrawal = account.withdrawal("USDT", "10")
    cancel = ("WithdrawCancel", {"asset": "USDT", "refid": withdrawal.id})
    assert run(account, cancel, secret="d3Jvbmc=") == [{"name": "Error", "message": "API:Invalid signature"}]
    assert withdrawal.internal_state == "Initial"


def test_the_npm_client_asks_public_methods_with_post_which_has_not_worked_since_2024(account: Any) -> None:
    """npm-kraken-api#88 and #89: the real one answers 405 as well."""
    [answer] = run(account, ("Time", {}))
    assert answer == {"name": "HTTPError", "message": "Response code 405 (Not Allowed)"}


def test_the_npm_client_keeps_the_nonce_of_an_object_that_is_used_again(simulator: Simulator, account: Any) -> None:
    """npm-kraken-api#48: with a strict key the second call of the same object is refused."""
    script = SCRIPT.replace("JSON.parse(calls)", "(o => [o, o])(JSON.parse(calls)[0])")
    with simulator.kraken.account() as strict:
        call = json.dumps([("WithdrawStatus", {})])
        command = ["node", "-e", script, strict.url, strict.api_key, strict.api_secret, call]
        done = subprocess.run(command, cwd=FOLDER, capture_output=True, text=True, timeout=60, check=True)
        assert json.loads(done.stdout) == [
            {"answer": {"error": [], "result": []}},
            {"name": "Error", "message": "API:Invalid nonce"},
        ]


def test_the_npm_client_that_loses_the_reply_has_cancelled_all_the_same(account: Any) -> None:
    withdrawal = account.withdrawal("USDT", "10")
    account.fault("lose_reply", endpoint="cancel")
    [answer] = run(account, ("WithdrawCancel", {"asset": "USDT", "refid": withdrawal.id}))
    assert answer["name"] == "RequestError"
    assert withdrawal.internal_state == "Initial/cancel-pending"
