"""POST /v5/asset/withdraw/cancel: an accepted cancel is a cancelled withdrawal, refunded in the same step.

Facts: docs v5/asset/withdraw/cancel-withdraw; the checks are those of the V1 error list.
"""

from __future__ import annotations

from typing import Any

from simulator.core.accounts import Account
from simulator.core.behavior import Field
from simulator.core.book import Withdrawal
from simulator.core.lifecycle import Stage
from simulator.core.rows import Refusal
from simulator.core.world import World
from simulator.exchanges.bybit.behavior import Conditions, Fields
from simulator.exchanges.bybit.call import Call, body_object, master_account
from simulator.exchanges.bybit.cursors import is_digits

_ONLY_BY_FIELD: dict[str, Field] = {
    "MoreInformationRequired": Fields.INFORMATION_CANCELLABLE,
    "Pending": Fields.EARLY_PENDING_CANCELLABLE,
    "Packed": Fields.EARLY_PENDING_CANCELLABLE,
    "Download": Fields.EARLY_PENDING_CANCELLABLE,
    "Broadcasted": Fields.LATE_PENDING_CANCELLABLE,
    "Processing": Fields.LATE_PENDING_CANCELLABLE,
}
"""States that the documentation does not call cancellable: there a field of the behavior decides."""


def cancel_withdrawal(call: Call) -> tuple[Any, str]:
    """Account, body, id, whose withdrawal it is, its state; in this order."""
    account = master_account(call)
    withdrawal = _find(call.world, account, _withdrawal_id(body_object(call)))
    _check_cancellable(account, withdrawal)
    if account.behavior.get(Fields.CANCEL_FAILS) is True:
        raise Refusal(Conditions.CANCEL_FAILED, f"the behavior has every cancel fail; {withdrawal.id} stays as it is")
    account.move(withdrawal, "cancel")
    return {"status": 1}, "success"


def _withdrawal_id(body: dict[str, Any]) -> str:
    """The `id` of the body. A string of digits or, as the official Postman collection sends it, an integer."""
    given = body.get("id")
    if given is None:
        raise Refusal(Conditions.ID_MISSING, f"the body has no id; its keys are {list(body)}")
    if given == "":
        raise Refusal(Conditions.ID_EMPTY, "the id is an empty text")
    text = str(given) if type(given) is int else given
    if not isinstance(text, str) or not is_digits(text):
        raise Refusal(Conditions.ID_MALFORMED, f"id {given!r} is neither a string of digits nor an integer")
    return text


def _find(world: World, account: Account, withdrawal_id: str) -> Withdrawal:
    withdrawal = account.book.find(withdrawal_id)
    if withdrawal is not None:
        return withdrawal
    for other in world.accounts.values():
        if other.book.find(withdrawal_id) is not None:
            raise Refusal(Conditions.FOREIGN_ID, f"withdrawal {withdrawal_id} is another account's")
    raise Refusal(Conditions.UNKNOWN_ID, f"there is no withdrawal {withdrawal_id}")


def _check_cancellable(account: Account, withdrawal: Withdrawal) -> None:
    state = withdrawal.state
    if state.stage is Stage.CANCELLED:
        raise Refusal(Conditions.ALREADY_CANCELLED, f"withdrawal {withdrawal.id} was cancelled before")
    field = _ONLY_BY_FIELD.get(state.name)
    may = field is None or account.behavior.get(field) is True
    if not may or not account.book.lifecycle.allows(state.name, "cancel"):
        raise Refusal(Conditions.NOT_CANCELLABLE, f"withdrawal {withdrawal.id} is {state.word} ({state.name})")
