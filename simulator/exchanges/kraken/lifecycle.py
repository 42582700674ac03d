"""Kraken's withdrawals: a table only. A state is the pair of `status` and `status-prop`, written "Pending/onhold".

Words and their meaning: docs get-status-of-recent-withdrawals and the support article on transaction statuses. An
accepted cancel is a request; its outcome comes later. Which state follows which is concluded; delays are ours.
"""

from simulator.core.lifecycle import Due, Lifecycle, Stage, State
from simulator.core.rows import Evidence
from simulator.exchanges.kraken.behavior import Fields

_DOCS = "docs.kraken.com/api-reference/funding/get-status-of-recent-withdrawals"
_PAIR = _DOCS + ": each word by itself; that the two come together is concluded"
_GOES_ON = "a denied cancellation lets the withdrawal go on; that the property stays is concluded"
_HELD_GOES_ON = _GOES_ON + ", and so is that it ends a hold for review: status-prop has room for one word"


def _state(name: str, stage: Stage, evidence: Evidence = "doc", source: str = _DOCS) -> State:
    return State(name, name.partition("/")[0], stage, evidence, source)


STATES = (
    _state("Initial", Stage.PENDING),
    _state("Initial/onhold", Stage.PENDING, "inferred", _PAIR),
    _state("Initial/cancel-pending", Stage.CANCELLING, "inferred", _PAIR),
    _state("Initial/cancel-denied", Stage.PENDING, "inferred", _HELD_GOES_ON),
    _state("Pending", Stage.PENDING),
    _state("Pending/onhold", Stage.PENDING, "inferred", _PAIR),
    _state("Pending/cancel-pending", Stage.CANCELLING, "inferred", _PAIR),
    _state("Pending/cancel-denied", Stage.PENDING, "inferred", _HELD_GOES_ON),
    _state("Pending/return", Stage.PENDING, "inferred", _PAIR),
    _state("Settled", Stage.PROCESSED),
    _state("Settled/cancel-denied", Stage.PROCESSED, "inferred", _GOES_ON),
    _state("Settled/return", Stage.PROCESSED, "inferred", "a return goes on as a withdrawal does"),
    _state("Success", Stage.PROCESSED),
    _state("Success/cancel-denied", Stage.PROCESSED, "inferred", _GOES_ON),
    _state("Success/return", Stage.PROCESSED, "inferred", "a return goes on as a withdrawal does"),
    _state("Failure", Stage.FAILED),
    _state("Failure/canceled", Stage.CANCELLED),
)

PROPS = {state.name: state.name.partition("/")[2] for state in STATES}
"""The `status-prop` of each state; "" where the key is absent."""

MOVES = {
    "Initial": {"approve": "Pending", "hold": "Initial/onhold", "cancel": "Initial/cancel-pending", "fail": "Failure"},
    "Initial/onhold": {"release": "Initial", "cancel": "Initial/cancel-pending", "fail": "Failure"},
    "Initial/cancel-pending": {"complete_cancel": "Failure/canceled", "deny_cancel": "Initial/cancel-denied"},
    "Initial/cancel-denied": {"approve": "Pending/cancel-denied", "fail": "Failure"},
    "Pending": {"settle": "Settled", "hold": "Pending/onhold", "cancel": "Pending/cancel-pending", "fail": "Failure"},
    "Pending/onhold": {"release": "Pending", "cancel": "Pending/cancel-pending", "fail": "Failure"},
    "Pending/cancel-pending": {"complete_cancel": "Failure/canceled", "deny_cancel": "Pending/cancel-denied"},
    "Pending/cancel-denied": {"settle": "Settled/cancel-denied", "fail": "Failure"},
    "Pending/return": {"settle": "Settled/return", "fail": "Failure"},
    "Settled": {"succeed": "Success", "deny_cancel": "Settled/cancel-denied"},
    "Settled/cancel-denied": {"succeed": "Success/cancel-denied"},
    "Settled/return": {"succeed": "Success/return"},
}

_CANCELLED = Due("complete_cancel", 30_000, event_by=Fields.CANCEL_OUTCOME, after_s_by=Fields.CANCEL_SECONDS)

DUE = {
    "Initial": Due("approve", 60_000),
    "Initial/cancel-pending": _CANCELLED,
    "Initial/cancel-denied": Due("approve", 60_000),
    "Pending": Due("settle", 120_000),
    "Pending/cancel-pending": _CANCELLED,
    "Pending/cancel-denied": Due("settle", 120_000),
    "Pending/return": Due("settle", 120_000),
    "Settled": Due("succeed", 600_000),
    "Settled/cancel-denied": Due("succeed", 600_000),
    "Settled/return": Due("succeed", 600_000),
}

LIFECYCLE = Lifecycle(STATES, "Initial", MOVES, DUE)
