"""POST /0/private/Ledgers, newest first and fifty at a time, and QueryLedgers, by id."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from simulator.core.rows import Refusal
from simulator.core.wire import number
from simulator.exchanges.kraken import body, filters, money, statement
from simulator.exchanges.kraken.assets import ASSETS
from simulator.exchanges.kraken.behavior import Conditions
from simulator.exchanges.kraken.call import Call, check_service
from simulator.exchanges.kraken.statement import Line

_lines_at_most = 50
_ids_at_most = 20

_KINDS = frozenset(
    {
        *("all", "trade", "deposit", "withdrawal", "transfer", "margin", "adjustment", "rollover", "credit"),
        *("settled", "staking", "dividend", "sale", "nft_rebate"),
    }
)
"""What `type` may be; only deposits, withdrawals and transfers happen here."""


def ledgers(call: Call) -> Any:
    """`start` is exclusive and `end` inclusive, each a time in seconds or a ledger id (docs get-ledgers-info)."""
    arguments = call.arguments
    asset_name, aclass = filters.asset(arguments)
    kind = body.text(arguments, "type") or "all"
    if kind not in _KINDS:
        raise Refusal(Conditions.LIST_ARGUMENT, f"there is no type {kind[:40]!r}", argument="type")
    offset = _offset(arguments)
    without_count = filters.flag(arguments, "without_count")
    lines = statement.lines(call.caller.account)
    first, last = _bound(arguments, "start", lines, 0), _bound(arguments, "end", lines, len(lines))
    check_service(call)
    named = "" if asset_name.lower() == "all" else asset_name
    tickers = {asset.ticker for asset in filters.assets(named, aclass, Conditions.LEDGERS_UNKNOWN_ASSET)}
    found = [line for line in reversed(lines[first:last]) if line.asset in tickers and kind in ("all", line.kind)]
    document: dict[str, Any] = {"ledger": {line.id: _row(line) for line in found[offset : offset + _lines_at_most]}}
    if not without_count:
        document["count"] = len(found)
    return document


def query_ledgers(call: Call) -> Any:
    """The entries of the ids that are the caller's; others are left out."""
    wanted = body.text(call.arguments, "id")
    if not wanted:
        raise Refusal(Conditions.LEDGER_ID_MISSING, "id is absent or empty", argument="id")
    ids = [part.strip() for part in wanted.split(",")]
    if len(ids) > _ids_at_most:
        raise Refusal(Conditions.LEDGER_TOO_MANY_IDS, f"{len(ids)} ids are more than {_ids_at_most}", argument="id")
    check_service(call)
    by_id = {line.id: line for line in statement.lines(call.caller.account)}
    return {id: _row(by_id[id]) for id in ids if id in by_id}


def _offset(arguments: dict[str, Any]) -> int:
    offset = body.number(arguments, "ofs", Conditions.LIST_ARGUMENT) or Decimal(0)
    if offset != int(offset):
        raise Refusal(Conditions.LIST_ARGUMENT, f"ofs {offset} is not a whole number", argument="ofs")
    return int(offset)


def _bound(arguments: dict[str, Any], name: str, lines: list[Line], default: int) -> int:
    """How many entries are up to and including a time in seconds, or a ledger id."""
    given = arguments.get(name)
    for position, line in enumerate(lines, 1):
        if line.id == given:
            return position
    seconds = body.number(arguments, name, Conditions.LIST_ARGUMENT)
    return default if seconds is None else sum(line.at_ms <= seconds * 1000 for line in lines)


def _row(line: Line) -> dict[str, Any]:
    asset = ASSETS.named(line.asset)
    return {
        "refid": line.refid,
        "time": number(Decimal(line.at_ms) / 1000),
        "type": line.kind,
        "subtype": "",
        "aclass": "currency",
        "asset": asset.code,
        "amount": money.balance(line.amount, asset.decimals),
        "fee": money.balance(line.fee, asset.decimals),
        "balance": money.balance(line.balance, asset.decimals),
    }
