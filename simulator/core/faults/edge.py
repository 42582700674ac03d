"""The edge in front of the exchange answers instead of it, in HTML. With `acts` the exchange has acted all the same.

The pages are nginx's built-in ones and, for 520 and 525, Cloudflare's headings; what a given edge writes varies
[inferred]. Clients were told of a failure by such pages although the withdrawal had been executed (npm-kraken-api#37).
"""

from __future__ import annotations

from collections.abc import Callable

from simulator.core.faults.fault import Delivery, Fault, Kind
from simulator.core.message import Reply

PAGES = {
    429: "Too Many Requests",
    502: "Bad Gateway",
    503: "Service Temporarily Unavailable",
    504: "Gateway Time-out",
    520: "Web server is returning an unknown error",
    525: "SSL handshake failed",
}


def page(status: int) -> Reply:
    """The edge's page for a status."""
    title = f"{status} {PAGES[status]}"
    server = "cloudflare" if status >= 520 else "nginx"
    body = (
        f"<html>\r\n<head><title>{title}</title></head>\r\n<body>\r\n<center><h1>{title}</h1></center>\r\n"
        f"<hr><center>{server}</center>\r\n</body>\r\n</html>\r\n"
    )
    return Reply(status, (("Content-Type", "text/html"), ("Server", server)), body.encode())


def _instead(fault: Fault, _: Callable[[str], Reply]) -> Delivery:
    return Delivery(page(fault.status))


KIND = Kind(
    name="edge",
    says="the edge answers with an HTML page of `status`; with `acts` the exchange has acted all the same",
    options=("status", "acts"),
    instead=_instead,
)
