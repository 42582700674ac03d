"""AlphaPoint (APEX), as NDAX, Foxbit, Bitazza, Notbank and others run it: one set of functions over HTTP and WebSocket.

The facts are those of the documentation (alphapoint.github.io/slate and a licensee's copy of version 4.3), of SDKs
and of a probe of a live gateway; see `errors` and `behavior` for what is not known. Read a call from top to bottom in
`gateway`.
"""

from simulator.core.behavior import Unknowns, fields
from simulator.core.exchange import Exchange, Mode, Sockets
from simulator.core.kept import Kept
from simulator.core.rows import conditions, rows
from simulator.exchanges.alphapoint import gateway, restored, users
from simulator.exchanges.alphapoint.assets import ASSETS
from simulator.exchanges.alphapoint.behavior import Conditions, Fields
from simulator.exchanges.alphapoint.endpoints import ENDPOINTS, SOCKET_FUNCTIONS
from simulator.exchanges.alphapoint.errors import Errors
from simulator.exchanges.alphapoint.lifecycle import LIFECYCLE
from simulator.exchanges.alphapoint.onboarding import ONBOARDING, PERMISSIONS, secrets
from simulator.exchanges.alphapoint.subscriptions import push
from simulator.exchanges.alphapoint.tickets import Ticket

ALPHAPOINT = Exchange(
    name="alphapoint",
    title="AlphaPoint (APEX)",
    roots=("/ap/", "/ap", "/wsgateway/", "/wsgateway"),
    answer=gateway.answer,
    whose=users.whose,
    endpoints=ENDPOINTS,
    lifecycle=LIFECYCLE,
    unknowns=Unknowns(rows(Errors), conditions(Conditions), fields(Fields)),
    assets=ASSETS,
    permissions=PERMISSIONS,
    onboarding=ONBOARDING,
    kept=Kept(
        account=users.User,
        withdrawal=Ticket,
        secrets=secrets,
        check=restored.check,
        session=restored.KeptSession,
        sessions=restored.kept_sessions,
        take_up=restored.take_up,
    ),
    modes={
        "maintenance": Mode(Errors.SERVER_ERROR, "unknown", "the documented answer of a failure inside; no capture"),
        "busy": Mode(Errors.SERVER_ERROR, "unknown", "the same; AlphaPoint has no documented word for it"),
    },
    sockets=Sockets(
        gateway.serves_sockets,
        gateway.open_socket,
        gateway.receive,
        gateway.meant,
        tuple(dict.fromkeys(endpoint.name for endpoint in SOCKET_FUNCTIONS.values())),
        push,
        refuse=gateway.refuse,
    ),
    forget=users.forget,
    folds_case=True,
)
