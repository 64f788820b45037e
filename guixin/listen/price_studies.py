"""Four prices asked in a survey go to the price study they are for: from the answers to its curve without a file in between."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime

from django.db.models import Count
from django.utils import timezone
from django.utils.translation import gettext as _

from guixin.listen.models import PriceRefusal, Question, Response, Wave
from guixin.listen.questions import PRICES, Asked, CannotAsk, Sheet
from guixin.listen.several import TWO_LIKELIHOODS, prices
from guixin.understand import taking_in_prices
from guixin.understand.models import PriceAnswer, PriceStudy
from guixin.understand.price_questions import QUESTIONS, question
from guixin.understand.pricing import NotPossibleNow

Reason = PriceRefusal.Reason


def with_currencies(sheet: Sheet) -> Sheet:
    """Every price is asked in the currency of its study. Raises CannotAsk if there is no such study that still runs."""
    studies = _studies(sheet.questions)
    questions = []
    for one in sheet.questions:
        study = studies.get(one.study)
        if one.kind == PRICES and (study is None or study.closed_at):
            raise CannotAsk(
                _("%(name)s: there is no open price study “%(study)s” its answers could go to.")
                % {"name": one.label, "study": one.study}
            )
        questions.append(replace(one, currency=study.currency) if one.kind == PRICES and study else one)
    return replace(sheet, questions=tuple(questions))


def _studies(questions: Iterable[Asked]) -> dict[str, PriceStudy]:
    wanted = {each.study for each in questions if each.kind == PRICES}
    return {each.code: each for each in PriceStudy.objects.filter(code__in=wanted)} if wanted else {}


def wording(questions: Iterable[Asked], language: str) -> dict[str, list[tuple[str, str]]]:
    """By code of a question, what its study asks: each price or likelihood by name, in words."""
    questions = [each for each in questions if each.kind == PRICES]
    studies = _studies(questions)
    return {
        one.code: [(name, question(studies[one.study], name, language)) for name in QUESTIONS]
        for one in questions
        if one.study in studies
    }


def land(response: Response, sheet: Sheet, answers: Mapping[str, str], *, now: datetime) -> None:
    """What was answered about prices becomes an answer of its study, once. Where the study has ended, or has this customer's
    answer already, it stays with the response alone, with the reason."""
    studies = _studies(sheet.questions)
    for one in sheet.questions:
        said, study = answers.get(one.code), studies.get(one.study)
        if one.kind != PRICES or not said or study is None:
            continue
        units, likely = prices(said, one.currency)
        cheap, expensive = likely if len(likely) == TWO_LIKELIHOODS else (None, None)
        given = taking_in_prices.Given(
            1, (units[0], units[1], units[2], units[3]), cheap, expensive,
            respondent=f"survey-{response.pk}-{one.code}", customer_id=response.customer_id,
            answered_on=timezone.localdate(response.completed_at or now),
        )  # fmt: skip
        if reason := _refused(study, given, now):
            question = Question.objects.get(
                questionnaire=response.wave.version.questionnaire_id, code=one.code
            )
            PriceRefusal.objects.get_or_create(
                response=response, question=question, defaults={"study": study, "reason": reason}
            )


def _refused(study: PriceStudy, given: taking_in_prices.Given, now: datetime) -> str:
    """Why the study did not take the answer; blank where it did, or has it already."""
    try:
        done = taking_in_prices.take_in(study, [given], source=PriceAnswer.Source.SURVEY, by=None, now=now)
    except NotPossibleNow:
        return Reason.CLOSED
    doubt = next((each for each in done.doubts if not each.landed), None)
    if doubt is None:
        return ""
    return doubt.reason if doubt.reason in Reason.values else Reason.OTHER


# -- what was not taken ---------------------------------------------------------------------------------------------


def refused_by_wave(study: PriceStudy) -> list[tuple[Wave, str, str, int]]:
    """(wave, code of its question, reason in words, how many) of the answers of surveys a study did not take."""
    rows = (
        PriceRefusal.objects.filter(study=study)
        .values_list("response__wave", "question__code", "reason")
        .annotate(number=Count("pk"))
        .order_by("response__wave", "question__code", "reason")
    )
    waves = Wave.objects.in_bulk({row[0] for row in rows})
    return [(waves[wave], code, str(Reason(reason).label), number) for wave, code, reason, number in rows]


def refused_in(wave: Wave) -> dict[str, int]:
    """By code of a question, how many of its answers the study did not take. Nothing where the wave asks no prices."""
    if not any(each.kind == PRICES for each in wave.version.sheet.questions):
        return {}
    rows = PriceRefusal.objects.filter(response__in=wave.responses.counted())
    return dict(rows.values_list("question__code").annotate(number=Count("pk")))


def refusals_of(responses: Iterable[Response]) -> dict[int, dict[str, str]]:
    """By response and code of a question, why its study did not take the answer."""
    found: dict[int, dict[str, str]] = {}
    for row in PriceRefusal.objects.filter(response__in=list(responses)).select_related("question"):
        found.setdefault(row.response_id, {})[row.question.code] = str(Reason(row.reason).label)
    return found
