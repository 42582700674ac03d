"""websockets, AlphaPoint: any WebSocket client, at the same port."""

import json

from websockets.sync.client import connect

from simulator import Simulator

with Simulator() as sim, sim.alphapoint.account() as account:
    withdrawal = account.withdrawal("USDT", "10")
    given = account.credentials

    with connect(sim.url.replace("http", "ws") + "/WSGateway/", proxy=None) as socket:

        def call(number: int, name: str, payload: dict[str, object]) -> dict[str, object]:
            socket.send(json.dumps({"m": 0, "i": number, "n": name, "o": json.dumps(payload)}))
            answered: dict[str, object] = json.loads(json.loads(socket.recv())["o"])
            return answered

        login = call(2, "WebAuthenticateUser", {"UserName": given["username"], "Password": given["password"]})
        assert login["Authenticated"] is True
        ids = {"OMSId": given["oms_id"], "UserId": given["user_id"], "AccountId": given["account_id"]}
        assert call(4, "CancelWithdraw", {**ids, "RequestCode": withdrawal.id})["result"] is True
    assert withdrawal.state == "UserCanceled"
