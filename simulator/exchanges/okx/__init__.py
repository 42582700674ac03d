"""OKX V5. The facts are those of the documentation and of real captures; see `errors` and `behavior` for what is not
known.

Read a request from top to bottom in `gateway`, a frame in `sockets`.
"""

from simulator.core.behavior import Unknowns, fields
from simulator.core.exchange import Exchange, Mode
from simulator.core.kept import Kept
from simulator.core.rows import conditions, rows
from simulator.exchanges.okx import gateway, restored
from simulator.exchanges.okx.assets import ASSETS
from simulator.exchanges.okx.behavior import Conditions, Fields
from simulator.exchanges.okx.endpoints import ENDPOINTS
from simulator.exchanges.okx.errors import Errors
from simulator.exchanges.okx.lifecycle import LIFECYCLE
from simulator.exchanges.okx.onboarding import ONBOARDING, PERMISSIONS, AccountDetails, WithdrawalDetails
from simulator.exchanges.okx.sockets import SOCKETS

OKX = Exchange(
    name="okx",
    title="OKX V5",
    roots=("/api/v5/", "/ws/v5/"),
    answer=gateway.answer,
    whose=lambda world, request: world.find_key(request.header("OK-ACCESS-KEY") or ""),
    endpoints=ENDPOINTS,
    lifecycle=LIFECYCLE,
    unknowns=Unknowns(rows(Errors), conditions(Conditions), fields(Fields)),
    assets=ASSETS,
    permissions=PERMISSIONS,
    onboarding=ONBOARDING,
    kept=Kept(
        account=AccountDetails,
        withdrawal=WithdrawalDetails,
        secrets=lambda key: (key.secret, key.passphrase),
        check=restored.check,
    ),
    modes={
        "maintenance": Mode(Errors.SERVICE_UNAVAILABLE, "doc", "docs-v5 error code table, 50001 with HTTP 503"),
        "busy": Mode(Errors.SYSTEMS_BUSY, "doc", "docs-v5 error code table, 50013 with HTTP 429"),
    },
    sockets=SOCKETS,
)
