"""An SDK on `httpx` whose host cannot be changed (here python-okx, left alone): it gets another transport.

Whatever host the SDK asks for, the simulator answers, in the same process and without a socket. python-okx is itself an
`httpx.Client`; an SDK that takes one gets `httpx.Client(transport=sim.httpx_transport())`.
"""

from okx.Funding import FundingAPI

from simulator import Simulator

sim = Simulator()  # nothing listens
account = sim.okx.account()
withdrawal = account.withdrawal("USDT", "10")

sdk = FundingAPI(account.api_key, account.api_secret, account.passphrase, flag="0")
sdk._transport = sim.httpx_transport()

assert str(sdk.base_url) == "https://www.okx.com"
assert sdk.cancel_withdrawal(withdrawal.id)["data"] == [{"wdId": withdrawal.id}]
assert withdrawal.state == "-3"
