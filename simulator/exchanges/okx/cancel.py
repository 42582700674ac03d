"""OKX's cancel-withdrawal: an accepted cancel is not a cancelled withdrawal.

Facts: docs-v5 Cancel withdrawal and the states of Get withdrawal history; the codes of its refusals are concluded.
"""

from __future__ import annotations

from typing import Any

from simulator.core.accounts import Account
from simulator.core.book import Withdrawal
from simulator.core.lifecycle import Stage
from simulator.core.rows import Refusal
from simulator.exchanges.okx.assets import LIGHTNING
from simulator.exchanges.okx.behavior import Conditions, Fields
from simulator.exchanges.okx.calls import Call, check_funding_write, find_withdrawal, is_digits


def cancel_withdrawal(call: Call) -> list[dict[str, Any]]:
    """POST /api/v5/asset/cancel-withdrawal: accepted is not cancelled, the state goes to -3 and no money moves yet."""
    account = call.account
    (withdrawal_id,) = call.required(("wdId",), Conditions.ID_MISSING, Conditions.ID_MALFORMED)
    check_funding_write(account, Conditions.DEMO, Conditions.ACCOUNT_BLOCKED, Conditions.SUB_ACCOUNT)
    if not is_digits(withdrawal_id):
        raise Refusal(Conditions.ID_NOT_NUMERIC, f"wdId {withdrawal_id[:100]!r} is not all digits")
    withdrawal = find_withdrawal(call.world, account, withdrawal_id, Conditions.UNKNOWN_ID, Conditions.FOREIGN_ID)
    call.told |= {"token": withdrawal.asset, "chain": withdrawal.network}
    _check_cancellable(account, withdrawal)
    if withdrawal.stage is not Stage.CANCELLING:
        at_once = withdrawal.details.internal and account.behavior.get(Fields.INTERNAL_CANCELLING) is False
        account.move(withdrawal, "cancel_at_once" if at_once else "cancel")
    return [{"wdId": withdrawal.id}]


def _check_cancellable(account: Account, withdrawal: Withdrawal) -> None:
    state = withdrawal.state
    if withdrawal.network == LIGHTNING:
        raise Refusal(Conditions.LIGHTNING, f"withdrawal {withdrawal.id} is on Lightning")
    if state.stage is Stage.CANCELLING:
        if account.behavior.get(Fields.REPEAT_WHILE_CANCELLING) == "accepted":
            return
        raise Refusal(Conditions.STILL_CANCELLING, f"withdrawal {withdrawal.id} is being cancelled (-3) already")
    if state.stage is Stage.CANCELLED:
        raise Refusal(Conditions.ALREADY_CANCELLED, f"withdrawal {withdrawal.id} was cancelled (-2) before")
    if not account.book.lifecycle.allows(state.name, "cancel"):
        raise Refusal(
            Conditions.NOT_CANCELLABLE, f"withdrawal {withdrawal.id} is in state {state.word}; 0, 17 and 19 can be"
        )
