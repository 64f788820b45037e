"""What is announced about proposals and monthly statements."""

from dataclasses import dataclass
from typing import ClassVar

from django.utils.translation import gettext_noop as _

from guixin.ledger import Event


@dataclass(frozen=True, kw_only=True)
class ProposalEvent(Event):
    """What every event about a proposal says; its words stand in the personal part."""

    proposal_id: int
    what: str  # standard, rule, authority, calendar, text or other
    by_id: int
    reviewer_id: int


@dataclass(frozen=True, kw_only=True)
class ChangeProposed(ProposalEvent):
    """Somebody who does the work proposes to change a standard or a parameter; its owner must answer."""

    kind: ClassVar[str] = "promise.change_proposed"
    sentence: ClassVar[str] = _("A change was proposed")


@dataclass(frozen=True, kw_only=True)
class TrialBegun(ProposalEvent):
    """A proposal is on trial; `version_id` is the version that holds for one department meanwhile, if one could be."""

    kind: ClassVar[str] = "promise.trial_begun"
    sentence: ClassVar[str] = _("The proposed change is on trial")
    version_id: int | None


@dataclass(frozen=True, kw_only=True)
class ProposalDecided(ProposalEvent):
    """A proposal was accepted or not; `version_id` is the version published by it, if it was a standard."""

    kind: ClassVar[str] = "promise.proposal_decided"
    sentence: ClassVar[str] = _("The proposed change was not accepted")
    accepted: bool
    version_id: int | None

    @classmethod
    def sentence_for(cls, facts: dict) -> str:
        return _("The proposed change was accepted") if facts.get("accepted") else cls.sentence


@dataclass(frozen=True, kw_only=True)
class ProposalWithdrawn(ProposalEvent):
    """Who proposed it does not want it any more."""

    kind: ClassVar[str] = "promise.proposal_withdrawn"
    sentence: ClassVar[str] = _("The proposed change was withdrawn")


@dataclass(frozen=True, kw_only=True)
class StatementDue(Event):
    """The first working day of the month: the head of a department must say what needs to change, or that nothing does."""

    kind: ClassVar[str] = "promise.statement_due"
    sentence: ClassVar[str] = _("The monthly statement is due")
    statement_id: int
    department_id: int
    holder_id: int
    month: str


@dataclass(frozen=True, kw_only=True)
class StatementMade(Event):
    """A department said that nothing needs to change, or what it proposed."""

    kind: ClassVar[str] = "promise.statement_made"
    sentence: ClassVar[str] = _("The monthly statement was made")
    statement_id: int
    department_id: int
    month: str
    nothing_to_change: bool
    proposals: list[int]


@dataclass(frozen=True, kw_only=True)
class TrialApplied(ProposalEvent):
    """What is tried holds from now on, by itself."""

    kind: ClassVar[str] = "promise.trial_applied"
    sentence: ClassVar[str] = _("The change on trial holds from now on")


@dataclass(frozen=True, kw_only=True)
class TrialEnded(ProposalEvent):
    """The trial is over; with `dropped` what held before holds again, unless somebody changed it meanwhile. Of what began in as
    long a span before and in the trial: how much ended, and how much of that well. `trouble`: why it could not begin."""

    kind: ClassVar[str] = "promise.trial_ended"
    sentence: ClassVar[str] = _(
        "The trial has ended, and what held before holds again; decide whether to keep it"
    )
    dropped: bool
    trouble: str
    ended_before: int
    kept_before: int
    ended_after: int
    kept_after: int

    @classmethod
    def sentence_for(cls, facts: dict) -> str:
        if facts.get("trouble"):
            return _("The trial could not begin")
        return cls.sentence if facts.get("dropped") else _("The trial has ended: what was tried stays")
