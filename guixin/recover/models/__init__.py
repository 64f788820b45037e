"""Rules that propose a recovery, the recoveries of cases with their steps, and what was counted of their effect."""

from guixin.recover.models.effect import EffectCount
from guixin.recover.models.recovery import (
    Again,
    Fault,
    Justice,
    Recovery,
    RecoveryStep,
    SkippedJustice,
    StepKind,
)
from guixin.recover.models.rule import RecoveryRule

__all__ = [
    "Again",
    "EffectCount",
    "Fault",
    "Justice",
    "Recovery",
    "RecoveryRule",
    "RecoveryStep",
    "SkippedJustice",
    "StepKind",
]
