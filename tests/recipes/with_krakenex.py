"""krakenex, Kraken Spot: its nonces are milliseconds, which repeat on a fast server, so its key has a nonce window."""

import krakenex

from simulator import Simulator

with Simulator() as sim, sim.kraken.account(nonce_window=60_000) as account:
    withdrawal = account.withdrawal("USDT", "10")

    api = krakenex.API(account.api_key, account.api_secret)
    api.uri = sim.url

    asked = {"asset": "USDT", "refid": withdrawal.id}
    assert api.query_private("WithdrawCancel", asked) == {"error": [], "result": True}
    assert withdrawal.stage == "cancelling"
    api.close()
