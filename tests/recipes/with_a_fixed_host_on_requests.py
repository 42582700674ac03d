"""An SDK on `requests` whose host cannot be changed (here pybit, left alone): its session gets another transport.

Whatever host the SDK asks for, the simulator answers, in the same process and without a socket. All that is needed is
the SDK's session, wherever it keeps it: `client` in pybit, `session` in most.
"""

from pybit.unified_trading import HTTP

from simulator import Simulator

sim = Simulator()  # nothing listens
account = sim.bybit.account()
withdrawal = account.withdrawal("USDT", "10")

sdk = HTTP(api_key=account.api_key, api_secret=account.api_secret)
sdk.client.mount("https://", sim.requests_adapter())

assert sdk.endpoint == "https://api.bybit.com"
assert sdk.cancel_withdrawal(id=withdrawal.id)["result"] == {"status": 1}
assert withdrawal.state == "CancelByUser"
