"""alphapoint-apex-api from npm, unmodified: AlphaPoint's own WebSocket client, run by node."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from simulator import Simulator

FOLDER = Path(__file__).parent.parent / "node"

pytestmark = pytest.mark.skipif(
    shutil.which("node") is None or not (FOLDER / "node_modules" / "alphapoint-apex-api").is_dir(),
    reason="needs node, and `npm install` in tests/node to have alphapoint-apex-api",
)

# The client's numbers begin with 0 and go on in twos; it puts OMSId beside everything when no payload is given. Only
# replies of type 1 resolve its promises, so that an unknown function, which is answered with type 5, never does.
SCRIPT = """
const { APEX } = require("alphapoint-apex-api");
const { url, username, password, ids, asked, unknown } = JSON.parse(process.argv[1]);
const events = [];
const apex = new APEX(url, {
  onopen: async () => {
    const told = {};
    told.ping = await apex.Ping();
    told.refused = await apex.CancelWithdraw(asked);
    told.login = await apex.WebAuthenticateUser({ UserName: username, Password: password });
    told.user = await apex.GetUserInfo({});
    told.positions = await apex.GetAccountPositions(ids);
    told.subscribed = await apex.SubscribeAccountEvents(ids);
    told.again = await apex.SubscribeAccountEvents(ids);
    told.before = await apex.GetWithdrawTickets(ids);
    told.frame = await apex.RPCPromise("CancelWithdraw", asked);
    told.second = await apex.CancelWithdraw(asked);
    told.unknown = await apex.CancelWithdraw(unknown);
    told.after = await apex.GetWithdrawTickets(ids);
    let settled = false;
    apex.GetOMSs({ OperatorId: 1 }).then(() => (settled = true), () => (settled = true));
    await apex.Ping();
    told.unknown_function_settled = settled;
    told.events = events;
    console.log(JSON.stringify(told));
    process.exit(0);
  },
  onclose: () => process.exit(3),
});
apex.ws.subscribe((frame) => frame.m === 3 && events.push([frame.i, frame.n, JSON.parse(frame.o)]));
"""


def run(account: Any) -> dict[str, Any]:
    credentials, withdrawal = account.credentials, account.withdrawal("USDT", "10")
    ids = {"OMSId": 1, "AccountId": credentials["account_id"]}
    asked = {**ids, "UserId": credentials["user_id"], "RequestCode": withdrawal.id}
    given = {
        "url": account.url.replace("http", "ws") + "/WSGateway/",
        "username": credentials["username"],
        "password": credentials["password"],
        "ids": ids,
        "asked": asked,
        "unknown": {**asked, "RequestCode": "7d77a2b1-7b3f-4a5e-8a3e-0d2f4f1c9b10"},
    }
    done = subprocess.run(
        ["node", "-e", SCRIPT, json.dumps(given)], cwd=FOLDER, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr + done.stdout
    told: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return told


def test_alphapoints_own_client_logs_in_cancels_and_hears_of_it(simulator: Simulator) -> None:
    with simulator.alphapoint.account(balances={"USDT": "100"}) as account:
        told = run(account)
        withdrawal = account.withdrawals[0]
        assert withdrawal.state == "UserCanceled"
        assert account.balance("USDT").available == 100
    assert told["ping"] == {"msg": "PONG"}
    assert told["refused"] == {"result": False, "errormsg": "Not Authorized", "errorcode": 20, "detail": None}
    assert told["login"]["Authenticated"] is True
    assert told["user"]["UserId"] == told["login"]["UserId"]
    assert (told["positions"][0]["Amount"], told["positions"][0]["Hold"]) == (100, 14)
    assert told["subscribed"] == {"Subscribed": True}
    assert (told["again"]["errorcode"], told["again"]["errormsg"]) == (909, "Already Subscribed.")
    assert [ticket["Status"] for ticket in told["before"]] == ["Pending2Fa"]
    frame = told["frame"]
    assert (frame["m"], frame["n"]) == (1, "CancelWithdraw")
    assert frame["o"] == f'{{"result":true,"errormsg":null,"errorcode":0,"detail":"{withdrawal.id}"}}'
    assert told["second"]["detail"] == "Withdraw ticket already processed"
    assert told["unknown"]["detail"] == "Withdraw Ticket not found for OmsId, AccountId, RequestCode"
    assert [ticket["Status"] for ticket in told["after"]] == ["UserCanceled"]
    assert [event[:2] for event in told["events"]] == [
        [2, "WithdrawTicketUpdateEvent"],
        [4, "AccountPositionEvent"],
    ]
    assert told["unknown_function_settled"] is False
