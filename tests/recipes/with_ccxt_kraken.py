"""ccxt, Kraken Spot; the same goes for `ccxt.async_support`."""

import ccxt

from simulator import Simulator

with Simulator() as sim, sim.kraken.account() as account:
    withdrawal = account.withdrawal("USDT", "10")

    exchange = ccxt.kraken({"apiKey": account.api_key, "secret": account.api_secret})
    exchange.urls["api"] = dict.fromkeys(exchange.urls["api"], sim.url)

    asked = {"asset": "USDT", "refid": withdrawal.id}
    assert exchange.private_post_withdrawcancel(asked)["result"] is True  # ccxt has no word of its own
    assert withdrawal.stage == "cancelling"
