"""What expectations are held against: the simulator in this process, one over HTTP, or somebody's server without a
control surface. Each says what it can do; what a case needs beyond that is skipped and reported, never dropped.
"""

from contracts.targets.target import (
    Ability,
    ControlRefused,
    Limited,
    ReplyLost,
    Target,
    TargetAccount,
    TargetDown,
    TargetSocket,
    lacking,
)

__all__ = [
    "Ability",
    "ControlRefused",
    "Limited",
    "ReplyLost",
    "Target",
    "TargetAccount",
    "TargetDown",
    "TargetSocket",
    "lacking",
]
