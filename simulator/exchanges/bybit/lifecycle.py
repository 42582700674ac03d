"""Bybit's withdrawal statuses: a table only.

The public words are those of the enum `withdrawStatus`; the internal states behind them are those of the V1
documentation (`withdraw_response_status`). Which follows which is concluded from the names. Delays are ours.
"""

from simulator.core.lifecycle import Due, Lifecycle, Stage, State

_MAP = "docs-legacy withdraw_response_status"
_ENUM = "docs v5/enum withdrawStatus"

STATES = (
    State("ToBeConfirmed", "SecurityCheck", Stage.PENDING, "doc", _MAP),
    State("UnderReview", "SecurityCheck", Stage.PENDING, "doc", _MAP),
    State("UnderFinalReview", "SecurityCheck", Stage.PENDING, "doc", _MAP),
    State("MoreInformationRequired", "MoreInformationRequired", Stage.PENDING, "doc", _ENUM),
    State("Pending", "Pending", Stage.PENDING, "doc", _MAP),
    State("Packed", "Pending", Stage.PENDING, "doc", _MAP),
    State("Download", "Pending", Stage.PENDING, "doc", _MAP),
    State("Broadcasted", "Pending", Stage.PENDING, "doc", _MAP),
    State("Processing", "Pending", Stage.PENDING, "doc", _MAP),
    State("BlockchainConfirmed", "BlockchainConfirmed", Stage.PROCESSED, "doc", _ENUM),
    State("Success", "success", Stage.PROCESSED, "doc", _MAP),
    State("CancelByUser", "CancelByUser", Stage.CANCELLED, "doc", _MAP),
    State("Reject", "Reject", Stage.FAILED, "doc", _MAP),
    State("AutoReject", "Reject", Stage.FAILED, "doc", _MAP),
    State("Expire", "Fail", Stage.FAILED, "doc", _MAP),
    State("Fail", "Fail", Stage.FAILED, "doc", _MAP),
)

MOVES = {
    "ToBeConfirmed": {"confirm": "UnderReview", "cancel": "CancelByUser", "expire": "Expire"},
    "UnderReview": {
        "pass_review": "UnderFinalReview",
        "require_information": "MoreInformationRequired",
        "cancel": "CancelByUser",
        "reject": "Reject",
        "auto_reject": "AutoReject",
    },
    "UnderFinalReview": {"approve": "Pending", "cancel": "CancelByUser", "reject": "Reject"},
    "MoreInformationRequired": {"provide_information": "UnderReview", "reject": "Reject", "expire": "Expire"},
    "Pending": {"pack": "Packed", "cancel": "CancelByUser", "fail": "Fail"},
    "Packed": {"hand_over": "Download", "cancel": "CancelByUser", "fail": "Fail"},
    "Download": {"broadcast": "Broadcasted", "cancel": "CancelByUser", "fail": "Fail"},
    "Broadcasted": {"process": "Processing", "fail": "Fail"},
    "Processing": {"confirm_on_chain": "BlockchainConfirmed", "fail": "Fail"},
    "BlockchainConfirmed": {"succeed": "Success"},
}

DUE = {
    "ToBeConfirmed": Due("confirm", 30_000),
    "UnderReview": Due("pass_review", 20 * 60_000),
    "UnderFinalReview": Due("approve", 60_000),
    "Pending": Due("pack", 10_000),
    "Packed": Due("hand_over", 5_000),
    "Download": Due("broadcast", 5_000),
    "Broadcasted": Due("process", 10_000),
    "Processing": Due("confirm_on_chain", 60_000),
    "BlockchainConfirmed": Due("succeed", 60_000),
}

ON_CHAIN = frozenset({"Broadcasted", "Processing", "BlockchainConfirmed", "Success"})
"""The states in which a record shows its transaction id."""

LIFECYCLE = Lifecycle(STATES, "UnderReview", MOVES, DUE)
