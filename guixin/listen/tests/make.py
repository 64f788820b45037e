"""Questionnaires everybody knows: a few scales with a condition, and the pair of expected and found."""

from guixin.listen import building, waves
from guixin.listen.models import Questionnaire, QuestionnaireVersion, Wave
from guixin.organisation.tests.make import chen, he, li, wang, zhao
from guixin.understand.models import Customer, Identity, Membership, Segment
from guixin.understand.tests.make import NOON

__all__ = [
    "ASKS", "NOON", "chen", "everybody", "he", "li", "people", "published", "questionnaire", "wang", "wave", "zhao",
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
