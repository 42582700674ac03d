"""UpdateWithdrawTicket: how an operator accepts, rejects, puts off, cancels or resubmits a ticket.

Facts: APEX documentation UpdateWithdrawTicket: the ticket is sent back whole and found by its RequestCode, comments
only grow; AlphaPoint's own example bot sends the event's object with Status as a name, the documentation a number.
Which statuses follow which is our life-cycle table.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from simulator.core.accounts import Account
from simulator.core.book import Withdrawal
from simulator.core.ledger import Overdrawn
from simulator.core.rows import Refusal
from simulator.exchanges.alphapoint.behavior import Conditions
from simulator.exchanges.alphapoint.calls import Call, Parameters, done, integer, is_absent, parameters, require, text
from simulator.exchanges.alphapoint.comments import ADDED_MAX, STEPS_MAX, Added, known_ids
from simulator.exchanges.alphapoint.lifecycle import LIFECYCLE, NUMBERED
from simulator.exchanges.alphapoint.permissions import check_operator, check_permission
from simulator.exchanges.alphapoint.tickets import sign_off
from simulator.exchanges.alphapoint.users import users

_TEXT_MAX = 1024
"""How much of a comment or a reason is kept."""

_CLIENTS = frozenset({"receive_cancel"})
"""Steps that only a client's own call takes."""


def update_withdraw_ticket(call: Call) -> Any:
    """UpdateWithdrawTicket: Status, RejectReason and new Comments count; the rest of the ticket is not looked at."""
    given = parameters(call)
    require(given, ("OMSId", "OperatorId", "RequestCode"), Conditions.UPDATE_FIELD_MISSING)
    oms_id, operator_id = integer(given, "OMSId"), integer(given, "OperatorId")
    code = text(given, "RequestCode").lower()
    check_permission(call)
    check_operator(oms_id, operator_id)
    account, withdrawal = _find(call, code)
    event = _event(withdrawal, _status(given))
    if event is not None:
        _take(call, account, withdrawal, event)
    _write(call, account, withdrawal, given)
    return done(None)


def _find(call: Call, code: str) -> tuple[Account, Withdrawal]:
    for account, _ in users(call.world):
        withdrawal = account.book.find(code)
        if withdrawal is not None:
            account.catch_up_one(withdrawal)
            return account, withdrawal
    raise Refusal(Conditions.UPDATE_UNKNOWN, f"there is no withdrawal {code!r}")


def _status(given: Parameters) -> str | None:
    """The name of a status that came as a name or a number."""
    if is_absent(given, "Status"):
        return None
    value = given["status"]
    if isinstance(value, str) and value in NUMBERED:
        return value
    number = integer(given, "Status")
    if not 0 <= number < len(NUMBERED):
        raise Refusal(Conditions.WRONG_TYPE, f"there is no status {number}")
    return NUMBERED[number]


def _event(withdrawal: Withdrawal, status: str | None) -> str | None:
    """The step that leads to `status`; None when the ticket has it already."""
    if status is None or status == withdrawal.state.word:
        return None
    moves = LIFECYCLE.moves.get(withdrawal.state.name, {})
    if len(withdrawal.history) >= STEPS_MAX:
        raise Refusal(Conditions.UPDATE_IMPOSSIBLE, f"the ticket has taken {STEPS_MAX} steps, and takes no more")
    for event, target in moves.items():
        if target == status and event not in _CLIENTS:
            return event
    raise Refusal(Conditions.UPDATE_IMPOSSIBLE, f"no step leads from {withdrawal.state.name} to {status}")


def _take(call: Call, account: Account, withdrawal: Withdrawal, event: str) -> None:
    before = withdrawal.details
    sign_off(withdrawal, call.caller)
    try:
        account.move(withdrawal, event)
    except Overdrawn:
        withdrawal.details = before
        available = account.ledger.balance(withdrawal.asset).available
        told = f"{withdrawal.gross} {withdrawal.asset} would be held again; {available} are available"
        raise Refusal(Conditions.UPDATE_BALANCE, told) from None


def _write(call: Call, account: Account, withdrawal: Withdrawal, given: Parameters) -> None:
    """What may change besides the status. What a bot sends back of the event it got changes nothing."""
    details = withdrawal.details
    reason = given.get("rejectreason")
    if isinstance(reason, str):
        details = replace(details, reject_reason=reason[:_TEXT_MAX])
    user_id = call.caller.account.details.user_id
    texts = list(_new_comments(given.get("comments"), known_ids(withdrawal)))[: ADDED_MAX - len(details.added)]
    added = tuple(Added(one[:_TEXT_MAX], account.now_ms(), user_id) for one in texts)
    withdrawal.details = replace(details, added=details.added + added)


def _new_comments(given: object, known: frozenset[int]) -> list[str]:
    """The texts of the comments that the ticket does not have yet."""
    found = []
    for one in given if isinstance(given, list) else []:
        fields = {name.lower(): value for name, value in one.items()} if isinstance(one, dict) else {}
        comment, number = fields.get("comment"), fields.get("commentid")
        if isinstance(comment, str) and comment and not (isinstance(number, int) and number in known):
            found.append(comment)
    return found
