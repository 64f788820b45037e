"""Answered while the customer was still there: opened, told and closed in one breath, the first contact the last."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef

from guixin.handbook import using
from guixin.handbook.models import Article, ArticleCase
from guixin.organisation.models import Person
from guixin.serve.closing import close
from guixin.serve.intake import Arrival, open_case
from guixin.serve.models import Case, FirstContact
from guixin.serve.models.case import CaseQuerySet
from guixin.serve.replying import reply

RECENTLY = timedelta(days=30)


@transaction.atomic
def answer_at_once(
    arrival: Arrival, words: str, *, by: Person, now: datetime, article: Article | None = None,
    opening: Callable[..., Case] = open_case, **closing: Any,
) -> Case:  # fmt: skip
    """Take in a case that needs nobody else. Refused like a reply and a closing are, and then nothing happened.

    words     what the customer was told, by the channel they came by
    article   what answered it, in the version that holds now
    opening   takes the case in, `open_case` or with its form
    closing   the classification, as `closing.close` takes it
    """
    case = opening(replace(arrival, departments=None), now=now, by=by)
    met = using.use(article, case.pk, ArticleCase.How.ANSWERED, by=by, now=now) if article else None
    reply(case, words, by=by, now=now)
    close(case, by=by, now=now, **closing)
    FirstContact.objects.create(
        case=case, by=by, at=now, article=article, article_version=met.version if met else None
    )
    case.refresh_from_db()
    return case


@dataclass(frozen=True)
class FirstContactShare:
    """Of the cases that came in since a moment, how many their first contact ended."""

    since: datetime
    at_once: int
    all: int

    @property
    def percent(self) -> int | None:
        return round(100 * self.at_once / self.all) if self.all else None


def came_in(person: Person, since: datetime) -> CaseQuerySet:
    """The cases the share is of: those this person may see that came in since then, except what was merged away."""
    return Case.objects.visible_to(person).filter(opened_at__gte=since).exclude(state=Case.State.MERGED)


def ended_at_once(cases: CaseQuerySet) -> CaseQuerySet:
    """Those of them that were answered and closed at once and never opened again."""
    return cases.filter(Exists(FirstContact.objects.filter(case=OuterRef("pk"))), generation=1)


def first_contact_share(person: Person, *, now: datetime, within: timedelta = RECENTLY) -> FirstContactShare:
    cases = came_in(person, now - within)
    return FirstContactShare(now - within, ended_at_once(cases).count(), cases.count())
