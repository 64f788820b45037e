"""Articles somebody answers for, when their work is handed over for good."""

from collections.abc import Sequence

from django.utils.translation import ngettext

from guixin.handbook import events
from guixin.handbook.models import Article, ArticleState
from guixin.handbook.writing import facts_of
from guixin.ledger import record
from guixin.organisation.passing_on import Moving, Wanted, rows

STANDING = (ArticleState.DRAFT, ArticleState.PUBLISHED)


def _articles(n: int) -> str:
    return ngettext("%(n)s article of the handbook", "%(n)s articles of the handbook", n) % {"n": n}


def _moved(found: Sequence[Article], wanted: Wanted, how: Moving) -> None:
    record(
        *(
            events.ArticleGivenTo(**facts_of(each, how.by, how.now), owner_id=wanted[each.pk])
            for each in found
        )
    )


def offer() -> None:
    standing = Article.objects.filter
    rows("article", lambda: standing(state__in=STANDING), "owner_id", _moved, _articles, for_good=True)
