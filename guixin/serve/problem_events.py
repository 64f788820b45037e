"""What is announced about hard problems: asked, passed on, answered, withdrawn, kept in the handbook."""

from dataclasses import dataclass
from typing import ClassVar

from django.utils.translation import gettext_noop as _

from guixin.ledger import Event


@dataclass(frozen=True, kw_only=True)
class HardProblemEvent(Event):
    """What every event about a hard problem says."""

    problem_id: int
    skill: str
    expert_id: int
    asked_by_id: int


@dataclass(frozen=True, kw_only=True)
class HardProblemAsked(HardProblemEvent):
    """A hard problem of a case was put to an expert; the promise to answer it runs. The question is personal."""

    kind: ClassVar[str] = "serve.hard_problem_asked"
    sentence: ClassVar[str] = _("A hard problem was put to an expert: %(skill)s")


@dataclass(frozen=True, kw_only=True)
class HardProblemPassedOn(HardProblemEvent):
    """Another expert answers it; its deadline did not move."""

    kind: ClassVar[str] = "serve.hard_problem_passed_on"
    sentence: ClassVar[str] = _("The hard problem was passed on to another expert: %(skill)s")
    from_expert_id: int


@dataclass(frozen=True, kw_only=True)
class HardProblemAnswered(HardProblemEvent):
    """The expert concluded: cause, remedy, what the customer is told. They stand on the case, and are personal here."""

    kind: ClassVar[str] = "serve.hard_problem_answered"
    sentence: ClassVar[str] = _("The expert has concluded: %(skill)s")


@dataclass(frozen=True, kw_only=True)
class HardProblemWithdrawn(HardProblemEvent):
    """No expert is needed any more. `article_id` is what answered it instead, if anything did."""

    kind: ClassVar[str] = "serve.hard_problem_withdrawn"
    sentence: ClassVar[str] = _("No expert is needed any more: %(skill)s")
    article_id: int | None = None


@dataclass(frozen=True, kw_only=True)
class HardProblemKept(HardProblemEvent):
    """The conclusion became an article or a lesson of the handbook, linked to its case."""

    kind: ClassVar[str] = "serve.hard_problem_kept"
    sentence: ClassVar[str] = _("The conclusion became %(became)s of the handbook")
    became: str
    article_id: int


@dataclass(frozen=True, kw_only=True)
class ExpertSpared(Event):
    """Somebody about to ask an expert found the answer in the handbook: no expert was needed."""

    kind: ClassVar[str] = "serve.expert_spared"
    sentence: ClassVar[str] = _("The handbook answered it; no expert was needed")
    article_id: int
