"""ccxt, Bybit V5: every entry of its addresses is overwritten; the same goes for `ccxt.async_support`."""

import ccxt

from simulator import Simulator

with Simulator() as sim, sim.bybit.account() as account:
    withdrawal = account.withdrawal("USDT", "10")

    exchange = ccxt.bybit({"apiKey": account.api_key, "secret": account.api_secret})
    exchange.urls["api"] = dict.fromkeys(exchange.urls["api"], sim.url)

    cancelled = exchange.private_post_v5_asset_withdraw_cancel({"id": withdrawal.id})  # ccxt has no word of its own
    assert cancelled["result"] == {"status": 1}
    assert withdrawal.state == "CancelByUser"
