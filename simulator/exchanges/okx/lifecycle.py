"""OKX's withdrawal states: tables only.

The numbers and stages are those of the documentation of `withdrawal-history`, which also says that 0, 17 and 19 can be
cancelled and no other. Which follows which is concluded from their texts. Delays are ours, except that 16 may take up
to 24 hours. An accepted cancel only leads to -3: the money is back at -2, or the cancel loses its race and the
withdrawal goes on. Internal transfers skip the states on chain: they have a path of their own, with the same words.
"""

from simulator.core.lifecycle import Due, Lifecycle, Stage, State

_DOC = "docs-v5 Get withdrawal history, state"
_REVIEWS = ("4", "5", "6", "8", "9", "12")
_MINUTE = 60_000

INTERNAL = "internal "
"""What the names of an internal transfer's states begin with; what is printed is the number alone."""

STATES = (
    State("0", "0", Stage.PENDING, "doc", _DOC + ": waiting withdrawal"),
    State("17", "17", Stage.PENDING, "doc", _DOC + ": pending response from Travel Rule vendor"),
    State("19", "19", Stage.PENDING, "doc", _DOC + ": insufficient balance in the hot wallet"),
    State("10", "10", Stage.PENDING, "doc", _DOC + ": waiting transfer"),
    *(State(number, number, Stage.PENDING, "doc", _DOC + ": waiting manual review") for number in _REVIEWS),
    State("7", "7", Stage.PENDING, "doc", _DOC + ": approved"),
    State("1", "1", Stage.PENDING, "doc", _DOC + ": broadcasting to chain"),
    State("15", "15", Stage.PENDING, "doc", _DOC + ": pending transaction validation"),
    State("16", "16", Stage.PENDING, "doc", _DOC + ": may take up to 24 hours by local law"),
    State("-3", "-3", Stage.CANCELLING, "doc", _DOC + ": canceling"),
    State("-2", "-2", Stage.CANCELLED, "doc", _DOC + ": canceled"),
    State("-1", "-1", Stage.FAILED, "doc", _DOC + ": failed"),
    State("2", "2", Stage.PROCESSED, "doc", _DOC + ": success"),
    State(INTERNAL + "0", "0", Stage.PENDING, "doc", _DOC + ": waiting withdrawal"),
    State(INTERNAL + "10", "10", Stage.PENDING, "inferred", _DOC + ": waiting transfer"),
    State(INTERNAL + "4", "4", Stage.PENDING, "doc", _DOC + ": waiting manual review"),
    State(INTERNAL + "7", "7", Stage.PENDING, "doc", _DOC + ": approved"),
    State(INTERNAL + "-3", "-3", Stage.CANCELLING, "unknown", _DOC + ": -3 is listed among the states on chain"),
)

MOVES = {
    "0": {
        "approve": "7",
        "review": "4",
        "ask_travel_rule_vendor": "17",
        "run_short": "19",
        "cancel": "-3",
        "fail": "-1",
    },
    "17": {"hear_from_vendor": "0", "cancel": "-3", "fail": "-1"},
    "19": {"refill": "0", "cancel": "-3", "fail": "-1"},
    "10": {"transfer": "7", "fail": "-1"},
    **{number: {"approve": "7", "fail": "-1"} for number in _REVIEWS},
    "7": {"broadcast": "1", "delay": "16", "fail": "-1"},
    "1": {"complete": "2", "validate": "15", "fail": "-1"},
    "15": {"complete": "2", "fail": "-1"},
    "16": {"complete": "2", "fail": "-1"},
    "-3": {"finish_cancel": "-2", "lose_race": "1"},
    INTERNAL + "0": {
        "approve": INTERNAL + "7",
        "review": INTERNAL + "4",
        "wait": INTERNAL + "10",
        "cancel": INTERNAL + "-3",
        "cancel_at_once": "-2",
        "fail": "-1",
    },
    INTERNAL + "10": {"transfer": INTERNAL + "7", "fail": "-1"},
    INTERNAL + "4": {"approve": INTERNAL + "7", "fail": "-1"},
    INTERNAL + "7": {"complete": "2", "fail": "-1"},
    INTERNAL + "-3": {"finish_cancel": "-2", "lose_race": INTERNAL + "7"},
}

DUE = {
    "0": Due("approve", 5 * _MINUTE),
    "17": Due("hear_from_vendor", 30 * _MINUTE),
    "19": Due("refill", 30 * _MINUTE),
    "10": Due("transfer", _MINUTE),
    **{number: Due("approve", 20 * _MINUTE) for number in _REVIEWS},
    "7": Due("broadcast", _MINUTE),
    "1": Due("complete", 5 * _MINUTE),
    "15": Due("complete", 5 * _MINUTE),
    "16": Due("complete", 24 * 60 * _MINUTE),
    "-3": Due("finish_cancel", 10_000),
    INTERNAL + "0": Due("approve", 5 * _MINUTE),
    INTERNAL + "10": Due("transfer", _MINUTE),
    INTERNAL + "4": Due("approve", 20 * _MINUTE),
    INTERNAL + "7": Due("complete", _MINUTE),
    INTERNAL + "-3": Due("finish_cancel", 10_000),
}

ON_CHAIN = frozenset({"15", "2"})
"""The states that come after a broadcast: a withdrawal that was in one of them has a transaction id and keeps it.

It is empty until the broadcast is done (docs-v5). 16 is no such state: it is entered from 7, without a broadcast. That,
and that a failure afterwards (15 to -1) does not take the id away, is concluded.
"""

_PENDING, _PROGRESS = "Pending withdrawal", "Withdrawal in progress"

SENTENCES = {
    "0": (_PENDING, "Waiting withdrawal"),
    "17": (_PENDING, "Pending response from Travel Rule vendor"),
    # The one sentence that the documentation shows; which state it stands for is concluded.
    "19": (_PENDING, "Wallet is under maintenance, please wait."),
    "10": (_PENDING, "Waiting transfer"),
    **dict.fromkeys(_REVIEWS, (_PENDING, "Waiting manual review")),
    "7": (_PENDING, "Approved"),
    "1": (_PROGRESS, "Broadcasting your transaction to chain"),
    "15": (_PROGRESS, "Pending transaction validation"),
    "16": (
        _PROGRESS,
        "Due to local laws and regulations, your withdrawal may take up to 24 hours to arrive",
    ),
    "-3": (_PROGRESS, "Canceling"),
    "-2": ("Cancellation complete", "Canceled"),
    "-1": ("Withdrawal complete", "Failed"),
    "2": ("Withdrawal complete", "Success"),
}
"""By the state's word: stage and sentence of `deposit-withdraw-status`; other sentences than that of 19 are unknown,
these are the texts of the states (docs-v5 Get withdrawal history).
"""

LIFECYCLE = Lifecycle(STATES, "0", MOVES, DUE)
