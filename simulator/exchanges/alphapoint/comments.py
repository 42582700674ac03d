"""The comments of a ticket: what AlphaPoint writes beside a step, and what operators add.

Facts: the literal comments of captured tickets (APEX 4.3), typing errors included; that the steps of users and
operators have one like the captured "Status updated to ..." is concluded. Numbers of comments are ours.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from simulator.core.book import Withdrawal
from simulator.exchanges.alphapoint.glimpses import Glimpse
from simulator.exchanges.alphapoint.scalars import iso, ticks
from simulator.exchanges.alphapoint.users import OMS_ID

_UPDATED = "Status updated to ({status}) by user {user}"

_BY_EVENT = {
    **dict.fromkeys(
        ("confirm", "review", "accept", "reject", "put_on_pending", "cancel", "cancel_by_admin", "finish_cancel"),
        _UPDATED,
    ),
    **dict.fromkeys(("resubmit", "cancel_failed", "confirm_by_hand"), _UPDATED),
    "auto_accept": "Auto accepting the ticket and Amount is less then AutoWithdrawThreshold",
    "queue": "Status as new because RejectReason is not OverLimitRejected",
    "fail": "Withdraw Failed: Withdraw_Submission_Failed",
}

_PER_TICKET = 1000
_FIRST_ADDED = 900
STEPS_MAX = 800
"""Steps number their comments from 1. Operators could lead a ticket round for ever: here it ends."""

ADDED_MAX = 64
"""How many comments operators may add to one ticket."""


@dataclass(frozen=True, slots=True)
class Hand:
    """Whose doing a step was: `step` counts from 1. Steps that nobody is named for were the operator's own."""

    step: int
    user_id: int
    username: str


@dataclass(frozen=True, slots=True)
class Added:
    """A comment that an operator added."""

    text: str
    at_ms: int
    user_id: int


def comments(glimpse: Glimpse, operator_id: int) -> list[dict[str, Any]]:
    """The Comments of a ticket: those of its steps, then those that were added, each in their order."""
    details = glimpse.withdrawal.details
    hands = {hand.step: hand for hand in details.hands}
    told: list[tuple[int, str, int, int]] = []
    for number, step in enumerate(glimpse.history, start=1):
        if step.event in _BY_EVENT:
            # A cancel that took effect later is the doing of whoever asked for it.
            asked_at = number - 1 if step.event == "finish_cancel" else number
            hand = hands.get(asked_at, Hand(number, operator_id, "admin"))
            text = _BY_EVENT[step.event].format(status=step.state, user=hand.username)
            told.append((number, text, step.at_ms, hand.user_id))
    for number, added in enumerate(details.added, start=_FIRST_ADDED):
        told.append((number, added.text, added.at_ms, added.user_id))
    return [
        {
            "CommentId": details.number * _PER_TICKET + number,
            "EnteredBy": user_id,
            "EnteredDateTime": iso(ticks(at_ms)),
            "EnteredDateTimeTick": ticks(at_ms),
            "Comment": text,
            "OperatorId": operator_id,
            "OMSId": OMS_ID,
            "TicketCode": glimpse.withdrawal.id,
            "TicketId": details.number,
        }
        for number, text, at_ms, user_id in told
    ]


def known_ids(withdrawal: Withdrawal) -> frozenset[int]:
    """The ids of the comments that a ticket has or may have had."""
    first = withdrawal.details.number * _PER_TICKET
    return frozenset(range(first + 1, first + _FIRST_ADDED + len(withdrawal.details.added)))
