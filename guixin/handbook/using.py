"""An article meets a case: it answered it, its words went into a reply, it kept somebody from a known mistake."""

from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from guixin.handbook import events
from guixin.handbook.models import Article, ArticleCase, ArticleState
from guixin.handbook.writing import ArticleSettled, facts_of, locked
from guixin.ledger import record
from guixin.organisation.models import Person

How = ArticleCase.How


@transaction.atomic
def use(article: Article, case_id: int, how: str, *, by: Person | None, now: datetime) -> ArticleCase:
    """Note how it met this case; a second time the same way changes nothing. What no longer holds is not used."""
    if how != How.TAUGHT:
        article = locked(article, ArticleState.PUBLISHED)
    met, is_new = ArticleCase.objects.get_or_create(
        article=article, case_id=case_id, how=how, defaults={"version": article.version, "by": by, "at": now}
    )
    if is_new:
        if how != How.TAUGHT:
            Article.objects.filter(pk=article.pk).update(used=F("used") + 1)
        record(
            events.ArticleUsed(
                **facts_of(article, by, now), case_id=case_id, version=article.version, how=str(how)
            )
        )
    return met


def prevent(article: Article, case_id: int, *, by: Person, now: datetime) -> ArticleCase:
    """Somebody read the lesson in time: this case was kept from the same mistake."""
    if not article.is_lesson:
        raise ArticleSettled(_("Only a lesson keeps from a mistake."))
    return use(article, case_id, How.PREVENTED, by=by, now=now)
