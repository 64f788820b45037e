"""Lessons (负面案例): what failed, what to do instead, which cases taught it, and which it has prevented since."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Count, Q
from django.utils.translation import gettext_lazy as _

from guixin.handbook import publishing, using, writing
from guixin.handbook.models import Article, ArticleCase, ArticleKind
from guixin.organisation.models import Person

How = ArticleCase.How


@dataclass(frozen=True)
class Score:
    """Numbers of cases, each counted once."""

    taught: int
    prevented: int


@transaction.atomic
def teach(
    case_ids: Collection[int], words: Mapping[str, str], *, by: Person, now: datetime, publish: bool = False,
    owner: Person | None = None, origin: tuple[str, int] | None = None, **facts: Any,
) -> Article:  # fmt: skip
    """Write down what cases taught, in one step; `publish` makes it count at once.

    words     title_zh, failed_zh (what failed), instead_zh (what to do instead), text_zh (the story), and in English
    origin    the record whose conclusion it is: ("request", 12)
    """
    for language in ("zh", "en"):
        if words.get(f"failed_{language}", "").strip() and not words.get(f"instead_{language}", "").strip():
            raise writing.CannotWrite(_("A lesson says what to do instead."))
    lesson = writing.begin(ArticleKind.LESSON, words, by=by, now=now, owner=owner, origin=origin, **facts)
    for case_id in sorted(set(case_ids)):
        add_case(lesson, case_id, by=by, now=now)
    return publishing.publish(lesson, by=by, now=now) if publish else lesson


def add_case(lesson: Article, case_id: int, *, by: Person, now: datetime) -> ArticleCase:
    """One more case taught it."""
    if not lesson.is_lesson:
        raise writing.ArticleSettled(_("Only a lesson is taught by cases."))
    return using.use(lesson, case_id, How.TAUGHT, by=by, now=now)


def scores(lesson_ids: Collection[int]) -> dict[int, Score]:
    """For each lesson: the cases that taught it, and those in which it was heeded since."""
    heeded = Q(how__in=(How.PREVENTED, How.ANSWERED, How.INSERTED))
    rows = ArticleCase.objects.filter(article__in=lesson_ids).values_list("article").annotate(
        taught=Count("case_id", filter=Q(how=How.TAUGHT), distinct=True),
        prevented=Count("case_id", filter=heeded, distinct=True),
    )  # fmt: skip
    found = {article: Score(taught, prevented) for article, taught, prevented in rows.order_by("article")}
    return {pk: found.get(pk, Score(0, 0)) for pk in lesson_ids}
