"""What a key may ask about itself and its account. Facts: docs v5/user/apikey-info, v5/account/account-info."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from simulator.core.accounts import Key
from simulator.exchanges.bybit.call import Call

_GROUPS = (
    "ContractTrade",
    "Spot",
    "Wallet",
    "Options",
    "Derivatives",
    "CopyTrading",
    "BlockTrade",
    "Exchange",
    "NFT",
    "Affiliate",
    "Earn",
    "FiatP2P",
    "FiatBitPay",
    "FiatConvertBroker",
)


def api_key_info(call: Call) -> tuple[Any, str]:
    """GET /v5/user/query-api: about the key itself; it needs no permission. `retMsg` is empty."""
    key, account = call.caller, call.caller.account
    return {
        "id": key.details.number,
        "note": account.name,
        "apiKey": key.api_key,
        "readOnly": int(key.details.read_only),
        "secret": "",
        "permissions": {group: sorted(key.permissions) if group == "Wallet" else [] for group in _GROUPS},
        "ips": list(key.ip_allowlist) or ["*"],
        "type": 1,
        "deadlineDay": _days_left(key),
        "expiredAt": _iso(key.expires_ms or 0),
        "createdAt": _iso(key.details.created_ms),
        "unified": 0,
        "uta": 1,
        "userID": int(account.details.user_id),
        "inviterID": 0,
        "vipLevel": "No VIP",
        "mktMakerLevel": "0",
        "affiliateID": 0,
        "rsaPublicKey": key.details.pem,
        "isMaster": not account.details.sub_account,
        "parentUid": str(int(account.details.user_id) + 1) if account.details.sub_account else "0",
        "kycLevel": "LEVEL_1",
        "kycRegion": "",
    }, ""


def account_info(call: Call) -> tuple[Any, str]:
    """GET /v5/account/info, whose answer comes without `retExtInfo` and `time` (docs; rs_bybit PR#5)."""
    call.is_bare = True
    return {
        "unifiedMarginStatus": 6,
        "marginMode": "REGULAR_MARGIN",
        "isMasterTrader": False,
        "spotHedgingStatus": "OFF",
        "updatedTime": str(call.caller.details.created_ms),
    }, "OK"


def _days_left(key: Key) -> int:
    """Whole days until the key expires; -2 for one that does not."""
    if key.expires_ms is None:
        return -2
    return max(0, key.expires_ms - key.account.now_ms()) // (24 * 3600 * 1000)


def _iso(ms: int) -> str:
    """Seconds in UTC with a Z; what no calendar has (a key may expire in any ms) is shown as the last day it has."""
    last_ms = 253_402_300_799_000
    return datetime.fromtimestamp(max(0, min(ms, last_ms)) / 1000, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
