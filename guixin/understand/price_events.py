"""What is recorded about price studies. Prices that people name are facts of the answer, not of the ledger."""

from dataclasses import dataclass
from typing import ClassVar

from django.utils.translation import gettext_noop as _

from guixin.ledger import Event


@dataclass(frozen=True, kw_only=True)
class PriceStudyChanged(Event):
    """A price study was opened, described anew, closed or reopened. `about` is the study; `changed` names the fields, or
    is "opened", "closed" or "reopened"."""

    kind: ClassVar[str] = "understand.price_study_changed"
    sentence: ClassVar[str] = _("Price study %(study)s: %(changed)s")

    study: str
    changed: str


@dataclass(frozen=True, kw_only=True)
class PriceAnswersTakenIn(Event):
    """Answers to a price study were noted, by hand, from a file or by a program. `about` is the study."""

    kind: ClassVar[str] = "understand.price_answers_taken_in"
    sentence: ClassVar[str] = _("%(answers)s answers to the price study %(study)s were taken in")

    study: str
    answers: int
    source: str


@dataclass(frozen=True, kw_only=True)
class PriceAnswerNoted(Event):
    """A customer answered a price study. `about` is the customer; the prices stand on the answer."""

    kind: ClassVar[str] = "understand.price_answer_noted"
    sentence: ClassVar[str] = _("Answered the price study “%(name)s”")

    study: str
    name: str
    answer_id: int


@dataclass(frozen=True, kw_only=True)
class PriceAnswerStruckOut(Event):
    """An answer no longer counts; why stands on it. `about` is the study."""

    kind: ClassVar[str] = "understand.price_answer_struck_out"
    sentence: ClassVar[str] = _("An answer to the price study %(study)s was struck out")

    study: str
    answer_id: int


@dataclass(frozen=True, kw_only=True)
class PriceObservationsChanged(Event):
    """What was sold at which price was noted for a study, or one of these taken away. `about` is the study."""

    kind: ClassVar[str] = "understand.price_observations_changed"
    sentence: ClassVar[str] = _("Price study %(study)s: sales noted %(noted)s, removed %(removed)s")

    study: str
    noted: int
    removed: int
