"""pybit, Bybit V5: it has no option for the address, but an attribute that may be changed after construction."""

from pybit.unified_trading import HTTP

from simulator import Simulator

with Simulator() as sim, sim.bybit.account() as account:
    withdrawal = account.withdrawal("USDT", "10")

    session = HTTP(api_key=account.api_key, api_secret=account.api_secret)
    session.endpoint = sim.url

    assert session.cancel_withdrawal(id=withdrawal.id)["result"] == {"status": 1}
    assert withdrawal.state == "CancelByUser"
