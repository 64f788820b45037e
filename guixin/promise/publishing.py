"""What administrators do with standards (服务标准): define one, publish new terms, go back, withdraw.

Running clocks keep the version they were promised; what is published here holds for promises made from now on.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, ClassVar

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from guixin.ledger import Event, record
from guixin.organisation.models import Department, Person
from guixin.promise.models import Clock, Measure, Standard, StandardVersion
from guixin.web.refusals import Refused

TERMS = (
    "for_kind", "for_category", "for_severity", "for_grade", "for_channel", "for_department",
    "only_in_packages", "budget_minutes",
    "calendar", "pauses_for_customer", "warn_percent", "ladder_minutes", "repeat_minutes", "promise", "promise_en",
    "remedy", "remedy_en",
)  # fmt: skip
COUNTED = 1000  # promises that still run by an old version are counted no further


@dataclass(frozen=True, kw_only=True)
class StandardWithdrawn(Event):
    """A standard promises nothing any more; what was promised by it before is kept."""

    kind: ClassVar[str] = "promise.standard_withdrawn"
    sentence: ClassVar[str] = gettext_noop("Service standard %(standard)s version %(number)s was withdrawn")
    standard: str
    number: int


class CannotPublish(Refused):
    """The terms cannot be promised like this, and why."""

    about_input = True


class NothingToWithdraw(Refused):
    """The standard promises nothing already."""


def define(
    code: str, *, measure: str, name: str, name_en: str = "", owner: Department | None = None
) -> Standard:
    """A new standard. It promises nothing until its first terms are published, so both go into one transaction."""
    if Standard.objects.filter(code=code).exists():
        raise CannotPublish(_("There is a standard called “%s” already.") % code)
    if measure not in Measure.values:
        raise CannotPublish(_("There is no measure called “%s”.") % measure)
    return Standard.objects.create(code=code, measure=measure, name=name, name_en=name_en, owner=owner)


def terms_of(version: StandardVersion) -> dict[str, Any]:
    return {name: getattr(version, name) for name in TERMS}


def in_force(standard: Standard) -> StandardVersion | None:
    return standard.versions.filter(withdrawn_at__isnull=True).first()


def differing(version: StandardVersion | None, terms: Mapping[str, Any]) -> list[str]:
    """Names of the terms that are not as this version has them."""
    return [name for name, value in terms.items() if version is None or getattr(version, name) != value]


@transaction.atomic
def publish_terms(
    standard: Standard, terms: Mapping[str, Any], *, by: Person | None, now: datetime, reason: str = "",
    proposed_by: Person | None = None, review_on: date | None = None,
) -> StandardVersion:  # fmt: skip
    """The next version, with why, by whose proposal, and the day it is looked at again.

    Refuses terms that are in force already, a ladder that does not rise, and a review before it begins.
    """
    if not differing(in_force(standard), terms):
        raise CannotPublish(_("These terms are in force already; there is nothing to publish."))
    ladder = list(terms.get("ladder_minutes", []))
    if ladder != sorted(set(ladder)):
        raise CannotPublish(_("Each level of the ladder must follow later than the one before."))
    if review_on and review_on <= timezone.localdate(now):
        raise CannotPublish(_("The day the terms are looked at again must lie ahead."))
    return standard.publish(
        now=now, by_id=by.pk if by else None, reason=reason.strip(), proposed_by=proposed_by, review_on=review_on,
        **terms,
    )  # fmt: skip


def publish_again(version: StandardVersion, *, by: Person | None, now: datetime) -> StandardVersion:
    """Go back: a new version equal to an old one. Nothing that was published is ever changed."""
    return publish_terms(version.standard, terms_of(version), by=by, now=now)


@transaction.atomic
def withdraw(standard: Standard, *, by: Person | None, now: datetime) -> StandardVersion:
    """Promise this no more. What was promised already is kept."""
    version = standard.versions.select_for_update().filter(withdrawn_at__isnull=True).first()
    if version is None:
        raise NothingToWithdraw(_("“%s” is not in force.") % standard)
    StandardVersion.objects.filter(pk=version.pk).update(withdrawn_at=now)
    record(
        StandardWithdrawn(
            happened_at=now,
            actor_id=by.pk if by else None,
            about=("standard", standard.pk),
            standard=standard.code,
            number=version.number,
        )
    )
    return version


def due_for_review(today: date) -> list[StandardVersion]:
    """Versions in force whose day of review has come, the longest waiting first."""
    versions = StandardVersion.objects.filter(withdrawn_at__isnull=True, review_on__lte=today)
    return list(versions.select_related("standard").order_by("review_on", "pk"))


def still_running(standard: Standard) -> int:
    """Promises that run by this standard's terms now and will keep them; counted up to COUNTED."""
    running = Clock.objects.filter(version__standard=standard, next_at__isnull=False)
    return len(running.values_list("pk", flat=True)[:COUNTED])
