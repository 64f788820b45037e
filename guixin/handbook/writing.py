"""Writing for the handbook: a draft begins, and every edit is a version that names the one it was made from."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from guixin.handbook import events
from guixin.handbook.models import Article, ArticleKind, ArticleState, ArticleVersion, Audience
from guixin.handbook.models.article import EVEN, WORDS, keeps_handbook
from guixin.ledger import record
from guixin.organisation.access import scope_of
from guixin.organisation.models import Person
from guixin.understand.folding import folded_name
from guixin.web.refusals import Refused

LONGEST_TITLE = 120
LONGEST_TEXT = 200_000
LONGEST_TOPIC = 80
FACTS = ("audience", "topic", "category", "valid_from", "valid_until")

# Asks whether a code is among the firm's categories, which are kept above this package (reactions.py says who answers).
_is_category: Callable[[str], bool] = lambda code: True  # noqa: E731


class CannotWrite(Refused):
    """It cannot be written like this."""

    about_input = True


class ArticleSettled(Refused):
    """It has gone on meanwhile, or is not this person's to decide."""


def categories_by(answer: Callable[[str], bool]) -> None:
    """Say who knows the firm's categories."""
    global _is_category
    _is_category = answer


def may_keep(person: Person) -> bool:
    """The steward: publishes for customers, withdraws, gives to others."""
    return keeps_handbook(scope_of(person))


def may_change(article: Article, person: Person) -> bool:
    """Whoever answers for it, whoever writes it while it is a draft, and the steward."""
    is_writer = article.written_by_id == person.pk and article.state == ArticleState.DRAFT
    return article.owner_id == person.pk or is_writer or may_keep(person)


@transaction.atomic
def begin(
    kind: str, words: Mapping[str, str], *, by: Person | None, now: datetime, owner: Person | None = None,
    origin: tuple[str, int] | None = None, code: str | None = None, **facts: Any,
) -> Article:  # fmt: skip
    """A draft. Whoever writes it answers for it, unless `owner` does.

    words     any of WORDS: title_zh, text_zh, title_en …; Markdown. One title at least.
    origin    the record it comes from: ("request", 12)
    facts     any of FACTS: audience (staff, customers), topic, category, valid_from, valid_until
    """
    if kind not in ArticleKind.values:
        raise CannotWrite(_("Say what it is: an article, a policy, a script or a lesson."))
    article = Article(
        kind=kind, owner=owner or by, written_by=by, written_at=now, code=code,
        origin_kind=origin[0] if origin else "", origin_id=origin[1] if origin else None,
    )  # fmt: skip
    _take(article, words, facts)
    article.save(force_insert=True)
    _keep_version(article, by, now)
    record(
        events.ArticleBegun(
            **facts_of(article, by, now), origin_kind=article.origin_kind, origin_id=article.origin_id
        )
    )
    return article


@transaction.atomic
def revise(
    article: Article, words: Mapping[str, str], *, read_at_version: int, by: Person | None, now: datetime,
    **facts: Any,
) -> Article:  # fmt: skip
    """It says something else, or is meant for others, from now on. A published one stays published; what people
    thought of the earlier version is not held against this one. Raises ArticleSettled if somebody was faster."""
    article = locked(article)
    if by is not None and not may_change(article, by):
        raise ArticleSettled(_("Whoever answers for it changes it, or the knowledge steward."))
    if article.version != read_at_version:
        raise ArticleSettled(
            _(
                "Somebody else has changed it since you read it. Your words still stand here; compare them with "
                "what it says now, and save again."
            )
        )
    before = {name: getattr(article, name) for name in (*WORDS, *FACTS)}
    _take(article, words, facts)
    if before == {name: getattr(article, name) for name in (*WORDS, *FACTS)}:
        raise CannotWrite(_("It says this already."))
    if (
        article.is_published
        and article.audience == Audience.CUSTOMERS
        and by is not None
        and not may_keep(by)
    ):
        raise ArticleSettled(_("What customers read is changed by the knowledge steward."))
    if article.is_published and not says_something(article):
        raise CannotWrite(_("Write what it says, in one language at least."))
    article.version += 1
    article.helpful, article.unhelpful, article.standing = 0, 0, EVEN
    article.written_by, article.written_at = by, now
    article.save(
        update_fields=[
            *WORDS, *FACTS, "topic_folded", "version", "helpful", "unhelpful", "standing", "written_by",
            "written_at",
        ]
    )  # fmt: skip
    _keep_version(article, by, now)
    record(events.ArticleRevised(**facts_of(article, by, now), version=article.version))
    return article


def says_something(article: Article) -> bool:
    names = (
        ("text_zh", "text_en", "instead_zh", "instead_en") if article.is_lesson else ("text_zh", "text_en")
    )
    return any(getattr(article, name) for name in names)


def topics(at_most: int = 50) -> list[str]:
    """Topics in use, so that the same is called the same."""
    rows = Article.objects.exclude(state=ArticleState.WITHDRAWN).exclude(topic="").order_by("topic")
    return list(rows.values_list("topic", flat=True).distinct()[:at_most])


def locked(article: Article, *states: str) -> Article:
    """The article as it is now, in one of these states if any are named."""
    article = Article.objects.select_for_update(of=("self",)).get(pk=article.pk)
    if states and article.state not in states:
        raise ArticleSettled(
            _("It has been withdrawn already.")
            if article.state == ArticleState.WITHDRAWN
            else _("It is published already.")
            if article.is_published
            else _("It must be published first.")
        )
    return article


def facts_of(article: Article, by: Person | None, now: datetime) -> dict[str, Any]:
    return {
        "happened_at": now, "actor_id": by.pk if by else None, "about": article.about, "article_id": article.pk,
        "article_kind": article.kind,
    }  # fmt: skip


def _take(article: Article, words: Mapping[str, str], facts: Mapping[str, Any]) -> None:
    """Put what was said on the article, refusing what cannot stand there."""
    for name, said in words.items():
        if name not in WORDS:
            raise CannotWrite(_("There is no part of an article called “%s”.") % name)
        is_title = name.startswith("title")
        said = " ".join(said.split()) if is_title else said.replace("\r\n", "\n").strip()
        if len(said) > (LONGEST_TITLE if is_title else LONGEST_TEXT):
            raise CannotWrite(
                _("A title has at most 120 characters.")
                if is_title
                else _("A text has at most 200,000 characters; divide it.")
            )
        setattr(article, name, said)
    if not article.title_zh and not article.title_en:
        raise CannotWrite(_("Give it a title, in one language at least."))
    for name, fact in facts.items():
        if name not in FACTS:
            raise TypeError(name)
        setattr(article, name, " ".join(fact.split()) if isinstance(fact, str) else fact)
    if article.audience not in Audience.values:
        raise CannotWrite(_("Say whether it is for our people or for customers too."))
    if article.is_lesson and article.audience != Audience.STAFF:
        raise CannotWrite(_("A lesson is for our people only; write an article for customers."))
    if len(article.topic) > LONGEST_TOPIC:
        raise CannotWrite(_("Give it a topic in a few words, the same for all of its sort."))
    if article.category and not _is_category(article.category):
        raise CannotWrite(_("There is no category called “%s”.") % article.category)
    if not _is_a_span(article.valid_from, article.valid_until):
        raise CannotWrite(_("It cannot end before it begins."))
    article.topic_folded = folded_name(article.topic)


def _is_a_span(begins: date | None, ends: date | None) -> bool:
    return begins is None or ends is None or begins <= ends


def _keep_version(article: Article, by: Person | None, now: datetime) -> None:
    ArticleVersion.objects.create(
        article=article, number=article.version, at=now, by=by, **{name: getattr(article, name) for name in WORDS}
    )  # fmt: skip
