"""What is announced about listening: questionnaires, waves, and that answers came. What was answered is no fact of the ledger."""

from dataclasses import dataclass, field
from typing import Any, ClassVar

from django.utils.translation import gettext_noop as _

from guixin.ledger import Event


@dataclass(frozen=True, kw_only=True)
class QuestionnaireChanged(Event):
    """A questionnaire was added, described anew (name, opening words, owner), withdrawn, or is in use again. What it asks
    changes by a publication."""

    kind: ClassVar[str] = "listen.questionnaire_changed"
    sentence: ClassVar[str] = _("Questionnaire %(questionnaire)s: %(questionnaire_change)s")

    questionnaire: str
    questionnaire_change: str


@dataclass(frozen=True, kw_only=True)
class QuestionnairePublished(Event):
    """What a questionnaire asks from now on. A wave that began before goes on with the version it began with."""

    kind: ClassVar[str] = "listen.questionnaire_published"
    sentence: ClassVar[str] = _("Questionnaire %(questionnaire)s: version %(number)s is in force")

    questionnaire: str
    number: int
    questions: int
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class WaveChanged(Event):
    """A wave was opened, described anew, closed, takes answers again, or its results were shared with the departments it concerns.
    `about` is the wave."""

    kind: ClassVar[str] = "listen.wave_changed"
    sentence: ClassVar[str] = _("Survey wave %(wave)s: %(wave_change)s")

    wave: str
    wave_change: str


@dataclass(frozen=True, kw_only=True)
class CustomersInvited(Event):
    """Links to a wave were made, or withdrawn. `about` is the wave; the links themselves stand nowhere."""

    kind: ClassVar[str] = "listen.customers_invited"
    sentence: ClassVar[str] = _("Survey wave %(wave)s: %(made)s links made, %(withdrawn)s withdrawn")

    wave: str
    made: int
    withdrawn: int


@dataclass(frozen=True, kw_only=True)
class SampleDrawn(Event):
    """Those whom a wave asks were drawn, and will be invited. `frame`: how many people it could have been; `seed`: with it the
    same people would be drawn again. `about` is the wave."""

    kind: ClassVar[str] = "listen.sample_drawn"
    sentence: ClassVar[str] = _("Survey wave %(wave)s: %(drawn)s of %(frame)s people were drawn")

    wave: str
    frame: int
    drawn: int
    seed: int


@dataclass(frozen=True, kw_only=True)
class SendingChanged(Event):
    """Somebody stopped the sending of a wave's invitations, or let it go on. `about` is the wave."""

    kind: ClassVar[str] = "listen.sending_changed"
    sentence: ClassVar[str] = _("Survey wave %(wave)s: sending %(sending_change)s")

    wave: str
    sending_change: str


@dataclass(frozen=True, kw_only=True)
class WavePlanChanged(Event):
    """A standing plan, by which waves begin of themselves, was begun, changed, stopped or let run again. `says` is the whole of it
    from now on, `number` its version."""

    kind: ClassVar[str] = "listen.wave_plan_changed"
    sentence: ClassVar[str] = _("Standing plan %(plan)s: %(wave_plan_change)s")

    plan: str
    wave_plan_change: str
    number: int = 1
    says: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class WaveBegunByItself(Event):
    """A standing plan opened its wave and drew its sample, or could not (`trouble` says why). `about` is the wave, or the plan;
    `holder_id` answers for it and is told."""

    kind: ClassVar[str] = "listen.wave_begun_by_itself"
    sentence: ClassVar[str] = _("The survey wave of %(plan)s has begun. %(trouble)s")

    plan: str
    wave: str
    holder_id: int
    trouble: str


@dataclass(frozen=True, kw_only=True)
class CustomerAsked(Event):
    """An invitation to a survey left for a customer, or the one reminder (`again`). `about` is the customer."""

    kind: ClassVar[str] = "listen.customer_asked"
    sentence: ClassVar[str] = _("Was asked by the survey %(wave)s")

    wave: str
    again: bool


@dataclass(frozen=True, kw_only=True)
class WavePlaceChanged(Event):
    """A wave is asked at a place from now on, or no more. `about` is the wave."""

    kind: ClassVar[str] = "listen.wave_place_changed"
    sentence: ClassVar[str] = _("Survey wave %(wave)s: %(place)s %(wave_place_change)s")

    wave: str
    place: str
    wave_place_change: str


@dataclass(frozen=True, kw_only=True)
class PlaceFlooded(Event):
    """So many answers were sent at a place within an hour that nobody can tell which are real: what was taken in that hour counts
    no more (`left_out`). `about` is the wave."""

    kind: ClassVar[str] = "listen.place_flooded"
    sentence: ClassVar[str] = _(
        "Survey wave %(wave)s: too many answers at %(place)s within an hour, %(left_out)s of them count no more"
    )

    wave: str
    place: str
    left_out: int


@dataclass(frozen=True, kw_only=True)
class AskingRulesChanged(Event):
    """The firm's rules for all waves: nobody is invited twice within `quiet_days`, and no mail leaves in its quiet hours."""

    kind: ClassVar[str] = "listen.asking_rules_changed"
    sentence: ClassVar[str] = _("Nobody is asked twice within %(quiet_days)s days")

    quiet_days: int
    quiet_from: str
    quiet_to: str


@dataclass(frozen=True, kw_only=True)
class AnswersTakenIn(Event):
    """Responses to a wave arrived together, from a file or a program. `about` is the wave."""

    kind: ClassVar[str] = "listen.answers_taken_in"
    sentence: ClassVar[str] = _("Survey wave %(wave)s: %(responses)s responses were taken in")

    wave: str
    responses: int
    source: str


@dataclass(frozen=True, kw_only=True)
class CustomerAnswered(Event):
    """Somebody answered a survey to the end by their link, or at a place. `about` is the customer, or the wave where nobody is known; what
    they said stands on the response, which an anonymous wave does not name."""

    kind: ClassVar[str] = "listen.customer_answered"
    sentence: ClassVar[str] = _("Answered the survey %(wave)s")

    wave: str
    response_id: int | None


@dataclass(frozen=True, kw_only=True)
class ThemesCorrected(Event):
    """Somebody named a theme of open answers, merged two, or moved an answer. `about` is the wave."""

    kind: ClassVar[str] = "listen.themes_corrected"
    sentence: ClassVar[str] = _("Survey wave %(wave)s: %(theme_correction)s")

    wave: str
    question: str
    theme_correction: str
