"""ccxt, AlphaPoint as NDAX runs it; `withdraw()` sends no amount, hence the behavior."""

import ccxt

from simulator import Simulator

with Simulator() as sim, sim.alphapoint.account(behavior={"create.without_amount": "one"}) as account:
    withdrawal = account.withdrawal("USDT", "10")
    given = account.credentials

    settings = {"apiKey": given["api_key"], "secret": given["api_secret"], "uid": str(given["user_id"])}
    exchange = ccxt.ndax({**settings, "login": given["username"], "password": given["password"]})
    exchange.urls["api"] = dict.fromkeys(exchange.urls["api"], sim.url + "/AP")

    ids = {"OMSId": given["oms_id"], "UserId": given["user_id"], "AccountId": given["account_id"]}
    cancelled = exchange.private_post_cancelwithdraw({**ids, "RequestCode": withdrawal.id})
    assert cancelled["result"] is True
    assert withdrawal.state == "UserCanceled"
