"""python-okx, OKX V5 over HTTP: without flag="0" it asks for demo trading, which has no withdrawals."""

from okx.Funding import FundingAPI

from simulator import Simulator

with Simulator() as sim, sim.okx.account() as account:
    withdrawal = account.withdrawal("USDT", "10")

    funding = FundingAPI(account.api_key, account.api_secret, account.passphrase, flag="0", domain=sim.url)

    assert funding.cancel_withdrawal(withdrawal.id)["data"] == [{"wdId": withdrawal.id}]
    assert withdrawal.state == "-3"  # canceling: accepted is not cancelled
