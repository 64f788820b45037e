"""Questionnaires everybody knows: a few scales with a condition, and the pair of expected and found."""

from typing import Any

from guixin.listen import building, taking_in, waves
from guixin.listen.models import (
    Answer,
    Questionnaire,
    QuestionnaireVersion,
    Response,
    Theme,
    ThemedAnswer,
    ThemeSet,
    Wave,
)
from guixin.organisation.tests.make import chen, he, li, wang, zhao
from guixin.understand.models import Customer, Identity, Membership, Segment
from guixin.understand.tests.make import NOON

__all__ = [
    "ASKS", "NOON", "chen", "everybody", "he", "li", "people", "published", "questionnaire", "themed", "wang", "wave",
    "words", "zhao",
]  # fmt: skip

ASKS = {
    "questions": [
        {"code": "overall", "label": "总体满意吗？", "label_en": "Satisfied?", "reads_as": "csat", "required": True},
        {"code": "why", "label": "为什么？", "kind": "choice", "choices": ["太慢", "结果不好"], "shown_if": "overall",
         "shown_values": ["1", "2"]},
        {"code": "words", "label": "还想说什么？", "kind": "text"},
    ]
}  # fmt: skip


def questionnaire(asks=None, *, code="pulse", **said) -> Questionnaire:
    """Chen's, drafted by He, who sees everything."""
    made = building.add(
        **{"code": code, "name": "季度满意度", "owner": chen(), "by": he(), "now": NOON, **said}
    )
    if not said.get("begin_from"):
        made = building.keep_draft(made, asks or ASKS, by=he(), now=NOON)
    return made


def published(asks=None, **said) -> QuestionnaireVersion:
    return building.publish(questionnaire(asks, **said), by=he(), now=NOON)


def wave(asks=None, **said) -> Wave:
    """March, of the questionnaire everybody knows, Chen's."""
    asked = published(asks).questionnaire
    return waves.open_wave(
        asked, **{"name": "三月", "code": "march", "owner": chen(), "by": he(), "now": NOON, **said}
    )


def people(*grades: str, mail: bool = True, now=NOON) -> list[Customer]:
    """A customer of each grade, with an address of their own, in the segment everybody is in."""
    made = Customer.objects.bulk_create(
        Customer(name=f"客户{n}", grade=grade or None, created_at=now) for n, grade in enumerate(grades)
    )
    if mail:
        Identity.objects.bulk_create(
            Identity(
                customer=each, kind="email", raw=f"c{each.pk}@example.com", normal=f"c{each.pk}@example.com"
            )
            for each in made
        )
    Membership.objects.bulk_create(Membership(customer=each, segment=everybody(), since=now) for each in made)
    return made


def everybody() -> Segment:
    segment, _made = Segment.objects.get_or_create(
        code="everybody", defaults={"name": "全体", "owner": chen(), "priority": 1, "published_at": NOON}
    )
    return segment


def words(wave, *said: str, points=None, code="words") -> None:
    """Responses to the end, each with these words, and a point of the first scale beside."""
    scale = next(each.code for each in wave.version.sheet.questions if each.kind == "scale")
    given = [
        taking_in.Given(
            n, {code: one, scale: str(points[n - 1] if points else 4)}, respondent=f"{wave.code}-{n}"
        )
        for n, one in enumerate(said, start=1)
    ]
    taking_in.take_in(wave, given, source="file", by=None, now=NOON)


OTHER_THEME = 900_001


def themed(wave) -> dict[str, Any]:
    """Two themes of a question, without a count, and one answer: what addresses need."""
    question = wave.version.questionnaire.questions.order_by(
        "-kind", "pk"
    ).first()  # their own words, if it asks for any
    response = Response.objects.create(
        wave=wave, key="r:themed", source="file", begun_at=NOON, completed_at=NOON
    )
    answer = Answer.objects.create(response=response, question=question, words="隔音不好")
    of = ThemeSet.objects.create(wave=wave, question=question, answers=1)
    theme = Theme.objects.create(of=of, words=["隔音"], weights=[{"隔音": 1}])
    Theme.objects.create(pk=OTHER_THEME, of=of, words=["早餐"], weights=[{"早餐": 1}])
    ThemedAnswer.objects.create(answer=answer, of=of, theme=theme)
    return {"theme": theme.pk, "open_question": question.code, "open_answer": answer.pk}
