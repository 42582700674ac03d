"""python-kraken-sdk, Kraken Spot; the asynchronous `SpotAsyncClient` takes `url` too."""

import warnings

from kraken.spot import Funding

from simulator import Simulator

with Simulator() as sim, sim.kraken.account() as account:
    withdrawal = account.withdrawal("USDT", "10")

    funding = Funding(key=account.api_key, secret=account.api_secret, url=sim.url)

    with warnings.catch_warnings():  # the SDK marks the only endpoints that cancel as deprecated
        warnings.simplefilter("ignore", DeprecationWarning)
        assert funding.cancel_withdraw(asset="USDT", refid=withdrawal.id) is True
    assert withdrawal.stage == "cancelling"
