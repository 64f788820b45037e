"""Files that go with an article, kept the one way all files are kept (`web.kept_files`)."""

import dataclasses
from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Sum
from django.utils.translation import gettext_lazy as _

from guixin.handbook import events
from guixin.handbook.models import Article, ArticleFile
from guixin.handbook.writing import ArticleSettled, facts_of, locked, may_change
from guixin.ledger import record
from guixin.organisation.models import Person
from guixin.web.kept_files import MEGABYTE, CannotAttach, Kept

IN_AN_ARTICLE, LARGEST_ARTICLE = 50, 200 * MEGABYTE


@transaction.atomic
def add(article: Article, kept: Sequence[Kept], *, by: Person | None, now: datetime) -> list[ArticleFile]:
    """Give files that were kept their place with the article, in the order they were chosen."""
    if not kept:
        raise CannotAttach(_("Choose a file first."))
    article = locked(article)
    if by is not None and not may_change(article, by):
        raise ArticleSettled(_("Whoever answers for it changes it, or the knowledge steward."))
    held = article.files.aggregate(size=Sum("size"))["size"] or 0
    if article.files.count() + len(kept) > IN_AN_ARTICLE:
        raise CannotAttach(_("An article holds at most %(count)s files.") % {"count": IN_AN_ARTICLE})
    if held + sum(one.size for one in kept) > LARGEST_ARTICLE:
        raise CannotAttach(
            _("The files of an article may have %(size)s MB together.")
            % {"size": LARGEST_ARTICLE // MEGABYTE}
        )
    made = ArticleFile.objects.bulk_create(
        ArticleFile(
            article=article, by=by, at=now + timedelta(microseconds=order), **dataclasses.asdict(one)
        )
        for order, one in enumerate(kept)
    )  # fmt: skip
    record(events.ArticleFilesChanged(**facts_of(article, by, now), added=len(made), removed=0))
    return made


@transaction.atomic
def remove(article: Article, which: UUID, *, by: Person, now: datetime) -> None:
    """It no longer goes with the article; the sweep removes the bytes."""
    article = locked(article)
    if not may_change(article, by):
        raise ArticleSettled(_("Whoever answers for it changes it, or the knowledge steward."))
    if article.files.filter(pk=which).delete()[0]:
        record(events.ArticleFilesChanged(**facts_of(article, by, now), added=0, removed=1))
