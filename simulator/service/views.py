"""Accounts, withdrawals and journal entries as JSON documents: what the control surface and the ready file show.

Credentials that the simulator made are not secrets; those that a user supplied are masked here in the documents of
accounts. Entries come masked as they were written (`masking`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from simulator.core.accounts import Account, Key, masked
from simulator.core.book import Change, Withdrawal
from simulator.core.diagnosis import Diagnosis
from simulator.core.exchange import Exchange
from simulator.core.faults import Fault
from simulator.core.journal import Entry, Journal, Refused
from simulator.core.ledger import Balance
from simulator.core.message import Frame, Reply, Request
from simulator.core.near_misses import NearMiss
from simulator.core.plans import Plan
from simulator.core.wire import encode
from simulator.core.world import World


def opened(exchange: Exchange, key: Key, url: str) -> dict[str, Any]:
    """What making an account or a key answers: everything that a client of it needs."""
    account = key.account
    return {
        "id": account.id,
        "exchange": exchange.name,
        "url": url,
        "credentials": credentials(exchange, key),
        "client_settings": dict(exchange.onboarding.client_settings(account)),
        "balances": {asset: plain(balance) for asset, balance in account.ledger.balances().items()},
    }


def credentials(exchange: Exchange, key: Key) -> dict[str, Any]:
    """A key's credentials, each under its common name; supplied secrets are masked."""
    return {
        name: masked if value in key.supplied else value for name, value in exchange.onboarding.credentials(key).items()
    }


def account(exchange: Exchange, shown: Account, url: str) -> dict[str, Any]:
    """An account as it is now."""
    return {
        "id": shown.id,
        "exchange": exchange.name,
        "url": url,
        "progress": shown.progress,
        "delays": _seconds(shown.delays),
        "polls": shown.polls,
        "skew_ms": shown.clock.skew_ms,
        "limits": shown.limited,
        "lead_ms": shown.lead_ms,
        "now_ms": shown.now_ms(),
        "behavior": dict(shown.behavior.changes),
        "keys": [{**credentials(exchange, key), "permissions": sorted(key.permissions)} for key in shown.keys],
        "client_settings": dict(exchange.onboarding.client_settings(shown)),
        "balances": {asset: plain(balance) for asset, balance in shown.ledger.balances().items()},
        "withdrawals": [withdrawal.id for withdrawal in shown.book],
    }


def exchange(shown: Exchange, world: World) -> dict[str, Any]:
    """What is set for an exchange as a whole: for calls of no account, and for accounts made from now on."""
    return {
        "exchange": shown.name,
        "title": shown.title,
        "skew_ms": world.skew_ms,
        "behavior": dict(world.behavior.changes),
    }


def _seconds(delays: Mapping[str, int]) -> dict[str, float]:
    return {state: ms / 1000 for state, ms in delays.items()}


def plain(balance: Balance) -> dict[str, str]:
    return {
        "available": format(balance.available, "f"),
        "held": format(balance.held, "f"),
        "spent": format(balance.spent, "f"),
    }


def withdrawal(shown: Withdrawal) -> dict[str, Any]:
    """A withdrawal with its history. `state` is the exchange's word, `internal_state` the name in its life-cycle.

    `progress` and `polls` are null, and `delays` (seconds by internal state) has no entry, where it goes on as its
    account does.
    `confirmation_code`, where there is one, is what the real exchange would have mailed to the user.
    """
    document: dict[str, Any] = {
        "id": shown.id,
        "state": shown.state.word,
        "internal_state": shown.state.name,
        "stage": shown.stage.value,
        "asset": shown.asset,
        "network": shown.network,
        "amount": format(shown.amount, "f"),
        "fee": format(shown.fee, "f"),
        "address": shown.address,
        "tag": shown.tag,
        "tx_id": shown.tx_id,
        "created_ms": shown.created_ms,
        "updated_ms": shown.updated_ms,
        "progress": shown.progress,
        "delays": _seconds(shown.delays),
        "polls": shown.polls,
        "plans": [plan(one) for one in shown.plans],
        "history": [
            {"at_ms": step.at_ms, "state": step.state, "event": step.event, "reason": step.reason}
            for step in shown.history
        ],
    }
    if shown.confirmation_code:
        document["confirmation_code"] = shown.confirmation_code
    return document


def plan(shown: Plan) -> dict[str, Any]:
    """A planned step: `when` is before or after; `because` says why it could not be taken ("" otherwise)."""
    return {
        "id": shown.id,
        "event": shown.event,
        "when": shown.when,
        "endpoint": shown.endpoint,
        "nth": shown.nth,
        "reason": shown.reason,
        "met": shown.met,
        "done": shown.done,
        "because": shown.because,
    }


def entry(shown: Entry) -> dict[str, Any]:
    """An entry of a journal."""
    return {
        "number": shown.number,
        "at_ms": shown.at_ms,
        "endpoint": shown.endpoint,
        "request": _request(shown.request),
        "reply": _reply(shown.frames if shown.reply is None else shown.reply),
        "sent": None if shown.sent is None else _reply(shown.sent),
        "refused": None if shown.refused is None else _refused(shown.refused),
        "unread": list(shown.unread),
        "near_misses": [near_miss(one) for one in shown.near_misses],
        "changes": [change(one) for one in shown.changes],
        "fault": shown.fault,
        "cut": shown.cut,
    }


def journal(shown: Journal, after: int = 0) -> dict[str, Any]:
    """A journal, newest entry last, of the entries with a number above `after`; of `count` that there ever were,
    `dropped` were pushed out by its bound.
    """
    entries = [entry(one) for one in shown if one.number > after]
    return {"entries": entries, "dropped": shown.dropped, "count": shown.count}


def json_lines(entries: Iterable[Mapping[str, Any]]) -> bytes:
    """Documents of entries as JSON Lines: one entry a line, in UTF-8."""
    return b"".join(encode(one) + b"\n" for one in entries)


def near_miss(shown: NearMiss) -> dict[str, str]:
    """An endpoint that a request nearly asked for, and `why` it does not fit."""
    return {
        "exchange": shown.exchange,
        "endpoint": shown.endpoint,
        "method": shown.method,
        "path": shown.path,
        "why": shown.why,
    }


def diagnosis(shown: Diagnosis) -> dict[str, str | None]:
    """A wrong signature, explained; `mistake` is null when no known one makes it."""
    return {
        "signed": shown.signed,
        "expected": shown.expected,
        "received": shown.received,
        "mistake": shown.mistake,
    }


def _refused(shown: Refused) -> dict[str, Any]:
    return {
        "condition": shown.condition,
        "check": shown.check,
        "row": shown.row,
        "because": shown.because,
        "diagnosis": None if shown.diagnosis is None else diagnosis(shown.diagnosis),
    }


def fault(shown: Fault) -> dict[str, Any]:
    """A fault, and how often it was met and happened."""
    return {
        "id": shown.id,
        "kind": shown.kind,
        "endpoint": shown.endpoint,
        "nth": shown.nth,
        "times": shown.times,
        "share": shown.share,
        **{option: getattr(shown, option) for option in shown.does.options},
        **({"row": shown.row} if shown.does.mode else {}),
        "met": shown.met,
        "fired": shown.fired,
    }


def change(shown: Change) -> dict[str, Any]:
    return {
        "account": shown.account,
        "withdrawal": shown.withdrawal,
        "from": shown.source,
        "to": shown.target,
        "event": shown.event,
        "at_ms": shown.at_ms,
        "reason": shown.reason,
    }


def _request(request: Request | Frame) -> dict[str, Any]:
    if isinstance(request, Frame):
        return {"frame": request.text, "target": request.target, "peer": request.peer}
    return {
        "method": request.method,
        "target": request.target,
        "headers": [list(pair) for pair in request.headers],
        "body": _text(request.body),
        "peer": request.peer,
    }


def _reply(reply: Reply | tuple[str, ...]) -> dict[str, Any]:
    if isinstance(reply, tuple):
        return {"frames": list(reply)}
    return {"status": reply.status, "headers": [list(pair) for pair in reply.headers], "body": _text(reply.body)}


def _text(body: bytes) -> str:
    return body.decode("utf-8", "backslashreplace")
