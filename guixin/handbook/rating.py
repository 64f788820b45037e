"""Was this right? Votes on what an article says now, and what they make of its place among others."""

from datetime import datetime

from django.db import transaction
from django.db.models import Count, Q

from guixin.handbook import events
from guixin.handbook.models import Article, ArticleState, ArticleVote
from guixin.handbook.writing import facts_of, locked
from guixin.ledger import record
from guixin.organisation.models import Person

PRIOR = 2  # votes for and against that everything is given before anybody has voted


def standing(helpful: int, unhelpful: int) -> float:
    """How likely the next reader is helped, in (0, 1): the mean of a beta distribution that began at (2, 2), so that
    one angry reader does not sink an article and one happy one does not crown it.

    >>> standing(0, 0), round(standing(9, 1), 2), round(standing(0, 1), 2)
    (0.5, 0.79, 0.4)
    """
    return (helpful + PRIOR) / (helpful + unhelpful + 2 * PRIOR)


@transaction.atomic
def rate(
    article: Article, helpful: bool, *, now: datetime, by: Person | None = None, case_id: int | None = None
) -> Article:
    """`by` none: a customer, of whom nothing is kept. One of our people has one vote on each version, and may change it."""
    article = locked(article, ArticleState.PUBLISHED)
    facts = {"helpful": helpful, "case_id": case_id, "at": now}
    if by is None:
        ArticleVote.objects.create(article=article, version=article.version, **facts)
    else:
        ArticleVote.objects.update_or_create(article=article, version=article.version, by=by, defaults=facts)
    votes = ArticleVote.objects.filter(article=article, version=article.version).aggregate(
        yes=Count("pk", filter=Q(helpful=True)), no=Count("pk", filter=Q(helpful=False))
    )
    article.helpful, article.unhelpful = votes["yes"], votes["no"]
    article.standing = standing(article.helpful, article.unhelpful)
    article.save(update_fields=["helpful", "unhelpful", "standing"])
    record(
        events.ArticleRated(
            **facts_of(article, by, now), case_id=case_id, version=article.version, helpful=helpful
        )
    )
    return article
