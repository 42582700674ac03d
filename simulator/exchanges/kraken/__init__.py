"""Kraken Spot REST. The facts are those of the documentation and of real captures; see `errors` and `behavior` for what
is not known, and that is much: there is no testnet.

Read a request from top to bottom in `gateway`.
"""

from simulator.core.behavior import Unknowns, fields
from simulator.core.exchange import Exchange, Mode
from simulator.core.kept import Kept
from simulator.core.rows import conditions, rows
from simulator.exchanges.kraken import gateway, restored
from simulator.exchanges.kraken.assets import ASSETS
from simulator.exchanges.kraken.behavior import Conditions, Fields
from simulator.exchanges.kraken.endpoints import ENDPOINTS
from simulator.exchanges.kraken.entries import WithdrawalDetails
from simulator.exchanges.kraken.errors import Errors
from simulator.exchanges.kraken.lifecycle import LIFECYCLE
from simulator.exchanges.kraken.onboarding import ONBOARDING, AccountDetails, KeyDetails, secrets
from simulator.exchanges.kraken.permissions import PERMISSIONS

KRAKEN = Exchange(
    name="kraken",
    title="Kraken Spot REST",
    roots=("/0/",),
    answer=gateway.answer,
    whose=lambda world, request: world.find_key(request.header("API-Key") or ""),
    endpoints=ENDPOINTS,
    lifecycle=LIFECYCLE,
    unknowns=Unknowns(rows(Errors), conditions(Conditions), fields(Fields)),
    assets=ASSETS,
    permissions=PERMISSIONS,
    onboarding=ONBOARDING,
    kept=Kept(
        account=AccountDetails,
        withdrawal=WithdrawalDetails,
        key=KeyDetails,
        secrets=secrets,
        check=restored.check,
    ),
    modes={
        "maintenance": Mode(Errors.SERVICE_UNAVAILABLE, "doc", "docs.kraken.com/exchange/guides/general/errors"),
        "busy": Mode(Errors.SERVICE_BUSY, "doc", "support.kraken.com/articles/360001491786"),
    },
)
