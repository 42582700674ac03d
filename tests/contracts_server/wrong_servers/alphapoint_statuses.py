"""Wrong servers that call themselves AlphaPoint: what a cancel does in each status."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from simulator.core.accounts import Account
from simulator.core.behavior import Behavior
from simulator.core.rows import Refusal
from simulator.exchanges.alphapoint import calls, cancel
from simulator.exchanges.alphapoint.behavior import Conditions, Fields
from simulator.exchanges.alphapoint.lifecycle import LIFECYCLE, MOVES, NUMBERED, OFFERED
from wrong_servers.alphapoint_patches import answers, cancels_by, field
from wrong_servers.mutant import Mutant, Patch
from wrong_servers.patches import both, entry, skip, wrap

_mutant = partial(Mutant, "alphapoint")


# What a cancel does in each status.


def _cancels(status: str) -> Patch:
    """A status that cannot be cancelled is."""

    def around(check: Callable[..., Any], account: Any, withdrawal: Any) -> None:
        if withdrawal.state.name != status:
            check(account, withdrawal)

    moves = {**MOVES.get(status, {}), "cancel": "UserCanceled", "receive_cancel": "UserCanceled"}
    return both(entry(LIFECYCLE.moves, status, moves), wrap(cancel, "_check_cancellable", around))


def _refuses(status: str) -> Patch:
    """A status that can be cancelled is refused."""

    def around(check: Callable[..., Any], account: Any, withdrawal: Any) -> None:
        if withdrawal.state.name == status:
            raise Refusal(Conditions.NOT_CANCELLABLE, "a whim")
        check(account, withdrawal)

    return wrap(cancel, "_check_cancellable", around)


def _again(cancel_withdraw: Callable[..., Any], call: Any) -> Any:
    try:
        return cancel_withdraw(call)
    except Refusal as refusal:
        if refusal.condition is not Conditions.ALREADY_CANCELLED:
            raise
        return calls.done(calls.parameters(call)["requestcode"])


def _leads(status: str, event: str, target: str) -> Patch:
    return entry(LIFECYCLE.moves[status], event, target)


def _does_nothing(move: Callable[..., Any], account: Any, withdrawal: Any, event: str, *rest: Any) -> None:
    if event != "cancel":
        move(account, withdrawal, event, *rest)


def _receipt(seconds: int) -> Patch:
    def around(number: Callable[..., Any], behavior: Any, field: Any) -> Any:
        return seconds if field is Fields.CANCEL_RECEIPT_SECONDS else number(behavior, field)

    return wrap(Behavior, "number", around)


_CANCELLABLE = tuple(status for status in NUMBERED if "cancel" in MOVES.get(status, {}))
_DEFAULT_REFUSED = tuple(status for status in NUMBERED if status not in OFFERED and status != "UserCanceled")

STATUSES = (
    *(
        _mutant(f"cancels-{status}", f"cancels a ticket that is {status}", _cancels(status))
        for status in _DEFAULT_REFUSED
    ),
    *(
        _mutant(f"does-not-cancel-{status}", f"refuses to cancel a ticket that is {status}", _refuses(status))
        for status in _CANCELLABLE
    ),
    *(
        _mutant(
            f"{status}-to-AdminCanceled",
            f"cancels a ticket that is {status} in the operator's name",
            _leads(status, "cancel", "AdminCanceled"),
        )
        for status in _CANCELLABLE
    ),
    *(
        _mutant(
            f"{status}-cancelled-at-once",
            f"lets a later cancel of {status} take effect at once",
            _leads(status, "receive_cancel", "UserCanceled"),
        )
        for status in _CANCELLABLE
    ),
    *(
        _mutant(
            f"{status}-late-to-AdminCanceled",
            f"ends a later cancel of {status} in the operator's name",
            _leads(f"{status}:cancelling", "finish_cancel", "AdminCanceled"),
        )
        for status in _CANCELLABLE
    ),
    *(
        _mutant(
            f"{status}-lost-to-Failed",
            f"lets a ticket that was {status} fail where a cancel is lost",
            _leads(f"{status}:cancelling", "lose_cancel", "Failed"),
        )
        for status in _CANCELLABLE
    ),
    _mutant(
        "cancels-again",
        "answers a second cancel as the first",
        cancels_by(partial(_again, cancel.cancel_withdraw)),
    ),
    _mutant("status-not-checked", "looks at no status", both(*(_cancels(status) for status in _DEFAULT_REFUSED))),
    _mutant("accepted-and-nothing-done", "accepts a cancel and does nothing", wrap(Account, "move", _does_nothing)),
    _mutant("always-later", "lets every cancel take effect later", field(Fields.CANCEL_TAKES_EFFECT, "later")),
    _mutant("always-at-once", "lets every cancel take effect at once", field(Fields.CANCEL_TAKES_EFFECT, "at_once")),
    _mutant("receipt-too-short", "ends a received cancel after a second", _receipt(1)),
    _mutant("receipt-too-long", "ends a received cancel after a minute", _receipt(60)),
    _mutant("nobodys-doing", "does not say who cancelled", skip(cancel, "sign_off")),
    _mutant("refused-by-101-alone", "refuses without saying why", answers("cancel.already_cancelled", detail=None)),
    _mutant(
        "refused-in-capitals",
        "writes Withdraw Ticket already processed",
        answers("cancel.final", detail="Withdraw Ticket already processed"),
    ),
    _mutant(
        "not-cancellable-with-106",
        "does not support a cancel of some statuses",
        answers("cancel.not_cancellable", code=106, text="Operation Not Supported", detail=None),
    ),
    _mutant(
        "second-cancel-in-process",
        "answers a second cancel with 107",
        answers("cancel.being_cancelled", code=107, text="Operation In Process", detail=None),
    ),
)


MUTANTS = (*STATUSES,)
