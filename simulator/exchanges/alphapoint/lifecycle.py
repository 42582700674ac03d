"""AlphaPoint's withdraw-ticket statuses: a table only.

The 23 names are those of the documentation's status table, and what is on the wire. The usual path is concluded from
the comments and the event of captured tickets: Pending2Fa, Confirmed2Fa, AutoAccepted, ..., FullyProcessed. Delays
are ours. The states with ":cancelling" exist only where an account lets an accepted cancel take effect later; they
show the status that they began with, since AlphaPoint has no word for them.
"""

from simulator.core.lifecycle import Due, Lifecycle, Stage, State
from simulator.exchanges.alphapoint.behavior import Fields

_TABLE = "APEX documentation, withdraw-ticket statuses"
_RECEIPT = "APEX documentation CancelWithdraw: the reply tells of receipt only"

_FAILED = f"{_TABLE}; that the money is back at once is our reading [inferred]: an operator may submit it again"
_LOST = f"{_RECEIPT}; a cancel that loses its race leaves the ticket to its status's own next step"

_STAGES = {
    "New": Stage.PENDING,
    "AdminProcessing": Stage.PENDING,
    "Accepted": Stage.PENDING,
    "Rejected": Stage.FAILED,
    "SystemProcessing": Stage.PENDING,
    "FullyProcessed": Stage.PROCESSED,
    "Failed": Stage.FAILED,
    "Pending": Stage.PENDING,
    "Pending2Fa": Stage.PENDING,
    "AutoAccepted": Stage.PENDING,
    "Delayed": Stage.PENDING,
    "UserCanceled": Stage.CANCELLED,
    "AdminCanceled": Stage.CANCELLED,
    "AmlProcessing": Stage.PENDING,
    "AmlAccepted": Stage.PENDING,
    "AmlRejected": Stage.FAILED,
    "AmlFailed": Stage.FAILED,
    "LimitsAccepted": Stage.PENDING,
    "LimitsRejected": Stage.FAILED,
    "Submitted": Stage.PENDING,
    "Confirmed": Stage.PENDING,
    "ManuallyConfirmed": Stage.PROCESSED,
    "Confirmed2Fa": Stage.PENDING,
}
"""In the order of the documentation's numbers, 0 to 22. The money is held until ManuallyConfirmed or FullyProcessed
debits it, whichever is first.
"""

NUMBERED = tuple(_STAGES)
"""The names by the documentation's numbers."""

OFFERED = frozenset({"Pending", "Pending2Fa"})
"""Where the official web UI offers its Cancel button."""

_FORWARD = {
    "New": {"review": "AdminProcessing", "accept": "Accepted", "reject": "Rejected", "put_on_pending": "Pending"},
    "AdminProcessing": {"accept": "Accepted", "reject": "Rejected", "put_on_pending": "Pending"},
    "Pending": {"review": "AdminProcessing", "accept": "Accepted", "reject": "Rejected"},
    "Pending2Fa": {"confirm": "Confirmed2Fa", "reject": "Rejected"},
    "Confirmed2Fa": {"auto_accept": "AutoAccepted", "queue": "New"},
    "AutoAccepted": {"check_aml": "AmlProcessing", "delay": "Delayed"},
    "Accepted": {"check_aml": "AmlProcessing", "delay": "Delayed"},
    "Delayed": {"find_funds": "AutoAccepted"},
    "AmlProcessing": {"pass_aml": "AmlAccepted", "reject_aml": "AmlRejected", "fail_aml": "AmlFailed"},
    "AmlAccepted": {"pass_limits": "LimitsAccepted", "reject_limits": "LimitsRejected"},
    "LimitsAccepted": {"process": "SystemProcessing"},
}
"""The statuses before the funds are with the provider; each of them also has the cancels below.

The first event of a row is its own next step: the one that a lost cancel was too late for [inferred].
"""

_WITH_PROVIDER = {
    "SystemProcessing": {"submit": "Submitted", "fail": "Failed"},
    "Submitted": {"confirm_on_chain": "Confirmed", "confirm_by_hand": "ManuallyConfirmed", "fail": "Failed"},
    "Confirmed": {"complete": "FullyProcessed"},
    "ManuallyConfirmed": {"complete": "FullyProcessed"},
}

_AFTERWARDS = {
    # An operator's steps (ResubmitFailedWithdrawTicket, CancelFailedWithdrawTicket): the first holds the money again.
    # That a resubmitted ticket is Accepted is concluded from the key Reaccepted of GetWithdraws.
    "Failed": {"resubmit": "Accepted", "cancel_failed": "AdminCanceled"},
}

STATES = (
    *(State(name, name, stage, "doc", _FAILED if name == "Failed" else _TABLE) for name, stage in _STAGES.items()),
    *(State(f"{name}:cancelling", name, Stage.CANCELLING, "inferred", _LOST) for name in _FORWARD),
)

MOVES = {
    **{
        name: {
            **moves,
            "cancel": "UserCanceled",
            "cancel_by_admin": "AdminCanceled",
            "receive_cancel": f"{name}:cancelling",
        }
        for name, moves in _FORWARD.items()
    },
    **_WITH_PROVIDER,
    **_AFTERWARDS,
    **{
        f"{name}:cancelling": {"finish_cancel": "UserCanceled", "lose_cancel": next(iter(moves.values()))}
        for name, moves in _FORWARD.items()
    },
}

_FINISHED = Due("finish_cancel", 2_000, after_s_by=Fields.CANCEL_RECEIPT_SECONDS)

DUE = {
    "Pending2Fa": Due("confirm", 300_000),
    "Confirmed2Fa": Due("auto_accept", 5_000),
    "AutoAccepted": Due("check_aml", 5_000),
    "Accepted": Due("check_aml", 5_000),
    "AmlProcessing": Due("pass_aml", 30_000),
    "AmlAccepted": Due("pass_limits", 5_000),
    "LimitsAccepted": Due("process", 5_000),
    "SystemProcessing": Due("submit", 10_000),
    "Submitted": Due("confirm_on_chain", 60_000),
    "Confirmed": Due("complete", 60_000),
    "ManuallyConfirmed": Due("complete", 10_000),
    **{f"{name}:cancelling": _FINISHED for name in _FORWARD},
}
"""New, AdminProcessing, Pending and Delayed wait for a person or for funds: nothing falls due there."""

ON_CHAIN = frozenset({"Submitted", "Confirmed", "ManuallyConfirmed", "FullyProcessed"})
"""The statuses in which a ticket shows its transaction id."""

# Pending2Fa, since that is what the captured creation of a ticket gives, and since the web UI lets one cancel there.
LIFECYCLE = Lifecycle(STATES, "Pending2Fa", MOVES, DUE)
