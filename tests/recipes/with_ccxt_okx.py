"""ccxt, OKX V5; not `set_sandbox_mode`, which asks for demo trading. The same goes for `ccxt.async_support`."""

import ccxt

from simulator import Simulator

with Simulator() as sim, sim.okx.account() as account:
    withdrawal = account.withdrawal("USDT", "10")

    exchange = ccxt.okx({"apiKey": account.api_key, "secret": account.api_secret, "password": account.passphrase})
    exchange.urls["api"]["rest"] = sim.url

    cancelled = exchange.private_post_asset_cancel_withdrawal({"wdId": withdrawal.id})  # ccxt has no word of its own
    assert cancelled["data"] == [{"wdId": withdrawal.id}]
    assert withdrawal.state == "-3"
