"""OKX's account/config: what clients ask to see whether a key works and what it may do.

Facts: docs-v5 Get account configuration; what has nothing to do with withdrawals is the documentation's example.
"""

from __future__ import annotations

from typing import Any

from simulator.exchanges.okx.calls import Call

_ORDER = ("read_only", "withdraw", "trade")
"""The order of `perm` in the documentation's example."""


def account_config(call: Call) -> list[dict[str, Any]]:
    """GET /api/v5/account/config: one row."""
    key = call.caller
    details = key.account.details
    return [
        {
            "uid": details.user_id,
            "mainUid": details.main_user_id,
            "acctLv": "2",
            "acctStpMode": "cancel_maker",
            "posMode": "net_mode",
            "autoLoan": False,
            "greeksType": "PA",
            "feeType": "0",
            "level": "Lv1",
            "levelTmp": "",
            "ctIsoMode": "automatic",
            "mgnIsoMode": "automatic",
            "spotOffsetType": "",
            "roleType": "0",
            "traderInsts": [],
            "spotRoleType": "0",
            "spotTraderInsts": [],
            "opAuth": "0",
            "kycLv": "3",
            "label": details.name,
            "ip": ",".join(key.ip_allowlist),
            "perm": ",".join(word for word in _ORDER if word in key.permissions),
            "liquidationGear": "-1",
            "enableSpotBorrow": False,
            "spotBorrowAutoRepay": False,
            "type": "1" if details.sub_account else "0",
            "settleCcy": "USD",
            "settleCcyList": ["USD"],
        }
    ]
