"""An article is published, looked at again, given to somebody, withdrawn."""

from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from guixin.handbook import events
from guixin.handbook.models import Article, ArticleKind, ArticleState, Audience
from guixin.handbook.writing import ArticleSettled, CannotWrite, facts_of, locked, may_keep, says_something
from guixin.ledger import record
from guixin.organisation.models import Person

# How long something can be left alone, unless somebody says otherwise.
LOOK_AGAIN = {ArticleKind.POLICY: timedelta(days=365)}
LOOK_AGAIN_AT_THE_LATEST = timedelta(days=180)


def may_publish(article: Article, person: Person) -> bool:
    """The steward; whoever answers for it, as long as only our people read it."""
    is_owner = article.owner_id == person.pk and article.audience == Audience.STAFF
    return is_owner or may_keep(person)


@transaction.atomic
def publish(article: Article, *, by: Person | None, now: datetime, review_on: date | None = None) -> Article:
    """From now on it is relied upon; one that was withdrawn comes back. It must say something and belong to somebody."""
    article = locked(article, ArticleState.DRAFT, ArticleState.WITHDRAWN)
    if by is not None and not may_publish(article, by):
        raise ArticleSettled(
            _("What customers read is published by the knowledge steward.")
            if article.audience == Audience.CUSTOMERS
            else _("Whoever answers for it publishes it, or the knowledge steward.")
        )
    if not says_something(article):
        raise CannotWrite(_("Write what it says, in one language at least."))
    if article.valid_until and article.valid_until < timezone.localdate(now):
        raise CannotWrite(_("The day until which it holds has passed already."))
    article.state, article.published_at, article.published_by = ArticleState.PUBLISHED, now, by
    article.withdrawn_at, article.withdrawn_why = None, ""
    article.review_on = review_day(article, review_on, now)
    article.save(
        update_fields=[
            "state", "published_at", "published_by", "withdrawn_at", "withdrawn_why", "review_on",
        ]
    )  # fmt: skip
    record(
        events.ArticlePublished(
            **facts_of(article, by, now), version=article.version, audience=article.audience,
            review_on=article.review_on.isoformat(),
        )
    )  # fmt: skip
    return article


@transaction.atomic
def review(
    article: Article, *, by: Person, now: datetime, review_on: date | None = None,
    valid_until: date | None = None,
) -> Article:  # fmt: skip
    """Looked at again: it still holds. One that has expired is given a new last day."""
    article = _to_keep(article, by, ArticleState.PUBLISHED)
    today = timezone.localdate(now)
    if valid_until is not None:
        if valid_until < today:
            raise CannotWrite(_("The day until which it holds has passed already."))
        article.valid_until = valid_until
    elif article.valid_until and article.valid_until < today:
        raise CannotWrite(_("It has expired: say until when it holds, or that it no longer does."))
    article.review_on = review_day(article, review_on, now)
    article.reviewed_at, article.reviewed_by = now, by
    article.save(update_fields=["valid_until", "review_on", "reviewed_at", "reviewed_by"])
    record(events.ArticleReviewed(**facts_of(article, by, now), review_on=article.review_on.isoformat()))
    return article


@transaction.atomic
def withdraw(article: Article, why: str, *, by: Person, now: datetime) -> Article:
    """It no longer holds, or, a draft, is not worth publishing. It can still be read, and come back."""
    article = _to_keep(article, by, ArticleState.DRAFT, ArticleState.PUBLISHED)
    if not why.strip():
        raise CannotWrite(_("Say why it no longer holds, or is not worth publishing."))
    article.state, article.withdrawn_at, article.withdrawn_why = ArticleState.WITHDRAWN, now, why.strip()
    article.save(update_fields=["state", "withdrawn_at", "withdrawn_why"])
    record(events.ArticleWithdrawn(**facts_of(article, by, now)))
    return article


@transaction.atomic
def give_to(article: Article, owner: Person, *, by: Person, now: datetime) -> Article:
    """Somebody else answers for it."""
    article = _to_keep(article, by, ArticleState.DRAFT, ArticleState.PUBLISHED)
    if not owner.is_active:
        raise CannotWrite(_("%s does not work here any more.") % owner.name)
    if article.owner_id == owner.pk:
        raise CannotWrite(_("%s answers for it already.") % owner.name)
    article.owner = owner
    article.save(update_fields=["owner"])
    record(events.ArticleGivenTo(**facts_of(article, by, now), owner_id=owner.pk))
    return article


def review_day(article: Article, asked: date | None, now: datetime) -> date:
    """The day asked for; otherwise as long as its kind can be left alone, but not beyond the day it expires."""
    today = timezone.localdate(now)
    if asked is not None:
        if asked <= today:
            raise CannotWrite(_("The day on which it is looked at again lies ahead."))
        return asked
    day = today + LOOK_AGAIN.get(ArticleKind(article.kind), LOOK_AGAIN_AT_THE_LATEST)
    return min(day, article.valid_until) if article.valid_until and article.valid_until > today else day


def _to_keep(article: Article, by: Person, *states: str) -> Article:
    article = locked(article, *states)
    if article.owner_id != by.pk and article.written_by_id != by.pk and not may_keep(by):
        raise ArticleSettled(_("Whoever answers for it decides this, or the knowledge steward."))
    return article
