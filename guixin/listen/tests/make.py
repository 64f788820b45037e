"""Questionnaires everybody knows: a few scales with a condition, and the pair of expected and found."""

from guixin.listen import building
from guixin.listen.models import Questionnaire, QuestionnaireVersion
from guixin.organisation.tests.make import chen, he, li, wang, zhao
from guixin.understand.tests.make import NOON

__all__ = ["ASKS", "NOON", "chen", "he", "li", "published", "questionnaire", "wang", "zhao"]

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
