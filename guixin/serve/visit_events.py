"""What is announced about customers who come to see us."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import ClassVar

from django.utils.translation import gettext_noop as _

from guixin.ledger import Event


@dataclass(frozen=True, kw_only=True)
class VisitEvent(Event):
    """What every event about a visit says."""

    visit_id: int


@dataclass(frozen=True, kw_only=True)
class VisitApplied(VisitEvent):
    """Customers want to come, or want to again after a refusal. `grade` is what the rules propose."""

    kind: ClassVar[str] = "serve.visit_applied"
    sentence: ClassVar[str] = _("A visit was applied for")
    purpose: str
    people: int
    wished_on: str
    grade: str
    by_customer: bool


@dataclass(frozen=True, kw_only=True)
class VisitChanged(VisitEvent):
    """Who comes, why or when was corrected before the decision."""

    kind: ClassVar[str] = "serve.visit_changed"
    sentence: ClassVar[str] = _("The application for a visit was changed")
    fields: list[str]


@dataclass(frozen=True, kw_only=True)
class VisitGraded(VisitEvent):
    """Somebody decided over the grade of reception that the rules proposed."""

    kind: ClassVar[str] = "serve.visit_graded"
    sentence: ClassVar[str] = _("The visit was given another grade of reception")
    grade: str
    was: str
    budget: int
    currency: str


@dataclass(frozen=True, kw_only=True)
class VisitApproved(VisitEvent):
    """The reception was approved, within somebody's authority. The customer is told."""

    kind: ClassVar[str] = "serve.visit_approved"
    sentence: ClassVar[str] = _("The visit was approved")
    arrives_at: datetime
    leaves_at: datetime
    host_id: int | None
    use_id: int
    budget: int
    currency: str


@dataclass(frozen=True, kw_only=True)
class VisitDeclined(VisitEvent):
    """They cannot come, and were told why and what else is possible."""

    kind: ClassVar[str] = "serve.visit_declined"
    sentence: ClassVar[str] = _("The visit was declined")


@dataclass(frozen=True, kw_only=True)
class VisitMoved(VisitEvent):
    """An approved visit has other hours, another place or another host."""

    kind: ClassVar[str] = "serve.visit_moved"
    sentence: ClassVar[str] = _("The visit was moved")
    arrives_at: datetime
    leaves_at: datetime
    host_id: int | None


@dataclass(frozen=True, kw_only=True)
class VisitCancelled(VisitEvent):
    """They do not come. `by_customer`: they said so themselves."""

    kind: ClassVar[str] = "serve.visit_cancelled"
    sentence: ClassVar[str] = _("The visit was cancelled")
    by_customer: bool


@dataclass(frozen=True, kw_only=True)
class VisitHeld(VisitEvent):
    """They were here. The follow-ups are planned for these days, after one, three and six months."""

    kind: ClassVar[str] = "serve.visit_held"
    sentence: ClassVar[str] = _("The visit took place")
    attended: int
    host_id: int | None
    customer_id: int | None
    follow_ups_on: list[str] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class AgendaChanged(VisitEvent):
    """A line of the reception plan was put down, changed or taken out."""

    kind: ClassVar[str] = "serve.agenda_changed"
    sentence: ClassVar[str] = _("The reception plan was changed")
    lines: int


@dataclass(frozen=True, kw_only=True)
class VisitRulesPublished(Event):
    """How visitors are received was published anew: purposes, grades, what each may cost, rules."""

    kind: ClassVar[str] = "serve.visit_rules_published"
    sentence: ClassVar[str] = _("The rules for visits were published, version %(number)s")
    number: int
