"""The parameters that OKX's endpoints take, by endpoint: the table only, from docs-v5 and from what SDKs send.

For the journal, which lists what a client sent and nothing read. A refused call has not looked at all of them, and some
are documented, or sent by every client of a kind, and change nothing here.
"""

from __future__ import annotations

_PAGED = ("after", "before", "limit")

PARAMETERS: dict[str, frozenset[str]] = {
    "instruments": frozenset({"instType", "uly", "instFamily", "instId"}),
    # okx-api adds a `tag` to every body; `fee` and `pwd` are of older documentation, and still sent by ccxt and bots.
    "cancel": frozenset({"wdId", "tag"}),
    "create": frozenset(
        {
            *("ccy", "amt", "dest", "toAddr", "toAddrType", "chain", "areaCode", "clientId", "rcvrInfo"),
            *("fee", "pwd", "tag"),
        }
    ),
    "lightning": frozenset({"ccy", "invoice", "memo", "rcvrInfo", "tag"}),
    "list": frozenset({"ccy", "wdId", "clientId", "txId", "type", "state", "toAddrType", *_PAGED}),
    "status": frozenset({"wdId", "txId", "ccy", "to", "chain"}),
    "currencies": frozenset({"ccy"}),
    "balances": frozenset({"ccy"}),
    "bills": frozenset({"ccy", "type", "clientId", *_PAGED}),
    "bills_history": frozenset({"ccy", "type", "clientId", "pagingType", *_PAGED}),
}
"""An endpoint without any is not listed."""
