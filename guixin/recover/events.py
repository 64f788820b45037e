"""What is announced about recoveries: plans, their steps, and the rules that propose them."""

from dataclasses import dataclass
from typing import Any, ClassVar

from django.utils.translation import gettext_noop as _

from guixin.ledger import Event


@dataclass(frozen=True, kw_only=True)
class RecoveryRuleChanged(Event):
    """A rule that proposes recoveries was added, changed, retired or is used again. `says` is the whole of it from now on."""

    kind: ClassVar[str] = "recover.recovery_rule_changed"
    sentence: ClassVar[str] = _("Recovery rule %(rule)s was changed: version %(number)s")

    rule: str
    number: int
    says: dict[str, Any]
    retired: bool = False


@dataclass(frozen=True, kw_only=True)
class RecoveryEvent(Event):
    """What every event about a recovery says; `about` is the recovery."""

    recovery_id: int


@dataclass(frozen=True, kw_only=True)
class RecoveryBegun(RecoveryEvent):
    """The customer of a case is to be made whole: a plan was proposed by severity, fault, failure and grade, its promises run.

    `rule` is the rule that proposed it, blank where none fits; `owners` have a step to do."""

    kind: ClassVar[str] = "recover.recovery_begun"
    sentence: ClassVar[str] = _("A recovery plan was begun; fault: %(fault)s")

    fault: str
    severity: int
    grade: str
    failure: str
    rule: str
    rule_number: int | None
    steps: list[str]
    owners: list[int]
    promises: list[dict[str, Any]]  # [{"measure", "version", "due_at"}]


@dataclass(frozen=True, kw_only=True)
class RecoveryRaised(RecoveryEvent):
    """It is the second failure, and why: the recovery is one severity higher, the apology the next authority's."""

    kind: ClassVar[str] = "recover.recovery_raised"
    sentence: ClassVar[str] = _("The recovery was raised a level: %(again)s")

    again: str
    severity: int


@dataclass(frozen=True, kw_only=True)
class RecoveryFaultJudged(RecoveryEvent):
    """Whose fault it was is known, or known better. Steps that the rules propose for that were added; `owners` have them."""

    kind: ClassVar[str] = "recover.recovery_fault_judged"
    sentence: ClassVar[str] = _("Fault found to be: %(fault)s")

    fault: str
    failure: str
    steps: list[str]
    owners: list[int]


@dataclass(frozen=True, kw_only=True)
class RecoveryStepEvent(RecoveryEvent):
    """What every event about a step of a recovery says."""

    step_id: int
    step_kind: str
    owner_id: int


@dataclass(frozen=True, kw_only=True)
class RecoveryStepGiven(RecoveryStepEvent):
    """A step was added to a plan, or given to somebody else."""

    kind: ClassVar[str] = "recover.recovery_step_given"
    sentence: ClassVar[str] = _("Recovery: %(step_kind)s is to be done")


@dataclass(frozen=True, kw_only=True)
class RecoveryStepDone(RecoveryStepEvent):
    """A step was done. What was said is personal; of a tangible one the compensation says more."""

    kind: ClassVar[str] = "recover.recovery_step_done"
    sentence: ClassVar[str] = _("Recovery: %(step_kind)s done")


@dataclass(frozen=True, kw_only=True)
class RecoveryStepDropped(RecoveryStepEvent):
    """A step is not done after all; why is personal."""

    kind: ClassVar[str] = "recover.recovery_step_dropped"
    sentence: ClassVar[str] = _("Recovery: %(step_kind)s is left out")


@dataclass(frozen=True, kw_only=True)
class RecoveryJusticeSkipped(RecoveryEvent):
    """One of the three justices is consciously not addressed; why is personal."""

    kind: ClassVar[str] = "recover.recovery_justice_skipped"
    sentence: ClassVar[str] = _("Recovery: %(justice)s is consciously skipped")

    justice: str


@dataclass(frozen=True, kw_only=True)
class RecoveryFinished(RecoveryEvent):
    """The plan is done: every step is done or left out, and each justice addressed or consciously skipped."""

    kind: ClassVar[str] = "recover.recovery_finished"
    sentence: ClassVar[str] = _("The recovery is finished")

    steps_done: int
    skipped: list[str]


@dataclass(frozen=True, kw_only=True)
class RecoveryGivenUp(RecoveryEvent):
    """The plan is not followed any more; why is personal. What was promised in it stays promised."""

    kind: ClassVar[str] = "recover.recovery_given_up"
    sentence: ClassVar[str] = _("The recovery was given up")
