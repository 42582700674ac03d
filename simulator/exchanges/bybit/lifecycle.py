"""Bybit's withdrawal statuses: a table only.

The public words are those of the enum `withdrawStatus`; the internal states behind them are those of the V1
documentation (`withdraw_response_status`). Which follows which is concluded from the names. Delays are ours. That a
state has the event `cancel` says that it could be cancelled; for some a field of the behavior decides (see `cancel`).
"""

from simulator.core.lifecycle import Due, Lifecycle, Stage, State

_MAP = "docs-legacy withdraw_response_status"
_ENUM = "docs v5/enum withdrawStatus"
_INTERNAL = "the example of docs v5/asset/withdraw/withdraw-record: created and done within 13 s, no chain between"

STATES = (
    State("ToBeConfirmed", "SecurityCheck", Stage.PENDING, "doc", _MAP),
    State("UnderReview", "SecurityCheck", Stage.PENDING, "doc", _MAP),
    State("UnderFinalReview", "SecurityCheck", Stage.PENDING, "doc", _MAP),
    State("UnderReview/internal", "SecurityCheck", Stage.PENDING, "inferred", _INTERNAL),
    State("MoreInformationRequired", "MoreInformationRequired", Stage.PENDING, "doc", _ENUM),
    State("Pending", "Pending", Stage.PENDING, "doc", _MAP),
    State("Packed", "Pending", Stage.PENDING, "doc", _MAP),
    State("Download", "Pending", Stage.PENDING, "doc", _MAP),
    State("Broadcasted", "Pending", Stage.PENDING, "doc", _MAP),
    State("Processing", "Pending", Stage.PENDING, "doc", _MAP),
    State("Unknown", "Unknown", Stage.PENDING, "doc", _ENUM + "; the Chinese page calls it the fallback"),
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
    "UnderReview/internal": {"transfer": "Success", "cancel": "CancelByUser", "reject": "Reject", "fail": "Fail"},
    "MoreInformationRequired": {
        "provide_information": "UnderReview",
        "cancel": "CancelByUser",
        "reject": "Reject",
        "expire": "Expire",
    },
    "Pending": {"pack": "Packed", "cancel": "CancelByUser", "fail": "Fail"},
    "Packed": {"hand_over": "Download", "cancel": "CancelByUser", "fail": "Fail"},
    "Download": {"broadcast": "Broadcasted", "cancel": "CancelByUser", "fail": "Fail"},
    "Broadcasted": {"process": "Processing", "cancel": "CancelByUser", "fail": "Fail"},
    "Processing": {"confirm_on_chain": "BlockchainConfirmed", "cancel": "CancelByUser", "fail": "Fail"},
    "Unknown": {"succeed": "Success", "fail": "Fail"},
    "BlockchainConfirmed": {"succeed": "Success"},
}

DUE = {
    "ToBeConfirmed": Due("confirm", 30_000),
    "UnderReview": Due("pass_review", 20 * 60_000),
    "UnderFinalReview": Due("approve", 60_000),
    "UnderReview/internal": Due("transfer", 13_000),
    "Pending": Due("pack", 10_000),
    "Packed": Due("hand_over", 5_000),
    "Download": Due("broadcast", 5_000),
    "Broadcasted": Due("process", 10_000),
    "Processing": Due("confirm_on_chain", 60_000),
    "BlockchainConfirmed": Due("succeed", 60_000),
}

ON_CHAIN = frozenset({"Broadcasted", "Processing", "BlockchainConfirmed", "Success"})
"""The states in which a record shows its transaction id."""

INTERNAL = "UnderReview/internal"
"""Where a transfer to another Bybit account begins; it goes through no state of a chain."""

INTERNAL_CHAIN = "internalAddressChain"
"""What a record shows for the chain of such a transfer."""

LIFECYCLE = Lifecycle(STATES, "UnderReview", MOVES, DUE)
