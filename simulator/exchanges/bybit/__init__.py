"""Bybit V5. The facts are those of the documentation and of real captures; see `errors` and `behavior` for what is
not known.

Read a request from top to bottom in `gateway`.
"""

from simulator.core.behavior import Unknowns, fields
from simulator.core.exchange import Exchange, Mode
from simulator.core.kept import Kept
from simulator.core.rows import conditions, rows
from simulator.exchanges.bybit import gateway, restored
from simulator.exchanges.bybit.assets import ASSETS
from simulator.exchanges.bybit.behavior import Conditions, Fields
from simulator.exchanges.bybit.details import AccountDetails, KeyDetails, WithdrawalDetails
from simulator.exchanges.bybit.endpoints import ENDPOINTS
from simulator.exchanges.bybit.errors import Errors
from simulator.exchanges.bybit.lifecycle import LIFECYCLE
from simulator.exchanges.bybit.limits import IpWindow
from simulator.exchanges.bybit.onboarding import ONBOARDING, PERMISSIONS

BYBIT = Exchange(
    name="bybit",
    title="Bybit V5",
    roots=("/v5/",),
    answer=gateway.answer,
    whose=lambda world, request: world.find_key(request.header("X-BAPI-API-KEY") or ""),
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
        counters=(IpWindow,),
        check=restored.check,
    ),
    modes={
        "maintenance": Mode(Errors.SYSTEM_ERROR, "inferred", "comment in ccxt bybit.py: the gateway's general fault"),
        "busy": Mode(Errors.SYSTEM_BUSY, "inferred", "docs v5/error lists the row, not when it comes"),
    },
)
