"""What the firm knows how to answer, as rows of a file: the handbook, and the hard problems its lessons came from."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from guixin.handbook.models import Article
from guixin.organisation.models import Person
from guixin.serve.models import HardProblem

Columns = list[tuple[str, Any]]


def articles(person: Person) -> QuerySet:
    return Article.objects.visible_to(person).select_related("owner")


def article_columns() -> Columns:
    return [
        ("pk", _("Number in Guixin")), ("code", _("Code")), ("kind", _("Kind")), ("state", _("State")),
        ("audience", _("Who reads it")), ("owner", _("Who answers for it")), ("topic", _("Topic")),
        ("category", _("Category of cases")), ("title_zh", _("Title in Chinese")), ("text_zh", _("Text in Chinese")),
        ("title_en", _("Title in English")), ("text_en", _("Text in English")),
        ("failed_zh", _("What failed, in Chinese")), ("instead_zh", _("What to do instead, in Chinese")),
        ("failed_en", _("What failed, in English")), ("instead_en", _("What to do instead, in English")),
        ("valid_from", _("Holds from")), ("valid_until", _("The last day it can be relied on")),
        ("review_on", _("Look at it again on")), ("version", _("Version")), ("published_at", _("Published at")),
        ("used", _("Times used")), ("helpful", _("“Yes, it was right”")), ("unhelpful", _("“No, it was not”")),
    ]  # fmt: skip


def article(row: Article, _reader: Any) -> dict[str, Any]:
    names = (
        "pk", "code", "topic", "category", "title_zh", "text_zh", "title_en", "text_en", "failed_zh", "instead_zh",
        "failed_en", "instead_en", "valid_from", "valid_until", "review_on", "version", "published_at", "used",
        "helpful", "unhelpful",
    )  # fmt: skip
    return {name: getattr(row, name) for name in names} | {
        "kind": row.get_kind_display(), "state": row.get_state_display(), "audience": row.get_audience_display(),
        "owner": row.owner.name if row.owner else "",
    }  # fmt: skip


def problems(person: Person) -> QuerySet:
    return HardProblem.objects.visible_to(person).select_related(
        "case", "skill", "asked_by", "expert", "article"
    )


def problem_columns() -> Columns:
    return [
        ("case", _("Case")), ("skill", _("Skill")), ("question", _("The question")), ("state", _("State")),
        ("asked_by", _("Who asked")), ("asked_at", _("Question put at")), ("expert", _("Which expert")),
        ("cause", _("What it comes from")), ("remedy", _("What to do")),
        ("tell_customer", _("What the customer is told")), ("ended_at", _("Ended at")),
        ("article", _("Article that came of it")),
    ]  # fmt: skip


def problem(row: HardProblem, _reader: Any) -> dict[str, Any]:
    names = ("question", "asked_at", "cause", "remedy", "tell_customer", "ended_at")
    return {name: getattr(row, name) for name in names} | {
        "case": row.case.number, "skill": row.skill.name, "state": row.get_state_display(),
        "asked_by": row.asked_by.name, "expert": row.expert.name, "article": row.article_id or "",
    }  # fmt: skip
