"""OKX's deposit-withdraw-status: one withdrawal in a sentence, with the moment it is expected to be done.

Facts: docs-v5 Get deposit withdraw status, whose example gives one sentence and the form of the time (UTC+8).
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from simulator.core.accounts import Account
from simulator.core.book import Withdrawal
from simulator.core.rows import Refusal
from simulator.exchanges.okx.behavior import Conditions
from simulator.exchanges.okx.calls import Call, currency, find_withdrawal
from simulator.exchanges.okx.lifecycle import SENTENCES
from simulator.exchanges.okx.records import tx_id


def deposit_withdraw_status(call: Call) -> list[dict[str, Any]]:
    """GET /api/v5/asset/deposit-withdraw-status by `wdId`, or by `txId` with `ccy`, `to` and `chain`."""
    account, query = call.account, call.query()
    if "wdId" in query and "txId" in query:
        raise Refusal(Conditions.BOTH_IDS, "the query has wdId and txId", name="wdId", other="txId")
    if "wdId" in query:
        withdrawal = find_withdrawal(
            call.world, account, query["wdId"], Conditions.STATUS_UNKNOWN_ID, Conditions.STATUS_UNKNOWN_ID
        )
    elif "txId" in query:
        withdrawal = _by_transaction(account, query)
    else:
        raise Refusal(Conditions.NEITHER_ID, "the query has neither wdId nor txId", name="wdId", other="txId")
    stage, sentence = SENTENCES[withdrawal.state.word]
    return [
        {
            "wdId": withdrawal.id,
            "txId": tx_id(withdrawal),
            "state": f"{stage}: {sentence}",
            "estCompleteTime": written(_estimate_ms(account, withdrawal)),
        }
    ]


def _by_transaction(account: Account, query: dict[str, str]) -> Withdrawal:
    for name in ("ccy", "to", "chain"):
        if name not in query:
            raise Refusal(Conditions.STATUS_PARAMETER_MISSING, f"a query by txId needs {name}", name=name)
    wanted = (query["txId"], currency(query["ccy"]), query["to"], query["chain"])
    for one in account.book:
        if (tx_id(one), one.asset, one.address, one.network) == wanted:
            return one
    raise Refusal(Conditions.STATUS_UNKNOWN_ID, f"no withdrawal has ccy, to, chain and txId {query['txId']!r}")


def _estimate_ms(account: Account, withdrawal: Withdrawal) -> int:
    """When it will be done if nothing but what falls due happens; when it was done, if it is."""
    lifecycle, state, at_ms = account.book.lifecycle, withdrawal.state.name, withdrawal.updated_ms
    while (due := account.due(withdrawal, state)) is not None:
        at_ms += due.after_ms
        state = lifecycle.after(state, due.event).name
    return at_ms


def written(at_ms: int) -> str:
    """`01/09/2023, 8:10:48 PM`: UTC+8, the hour without a zero before it."""
    moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=at_ms, hours=8)
    clock = f"{moment.hour % 12 or 12}:{moment:%M:%S} {'PM' if moment.hour >= 12 else 'AM'}"
    return f"{moment:%m/%d/}{moment.year:04}, {clock}"
