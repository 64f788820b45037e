"""What the acts on a visit share: why they refuse, its locks and versions, the facts of its events, its hours and its place."""

from datetime import datetime
from typing import Any

from django.db.models import F
from django.utils import timezone
from django.utils.formats import date_format

from guixin.organisation.models import Person
from guixin.serve.models import Visit
from guixin.serve.routing import locked_open
from guixin.web.refusals import Refused

State = Visit.State
LONGEST_AHEAD = 365  # days
SHORT, LONG = 120, 4000


class CannotVisit(Refused):
    """The visit cannot be like this, and why."""

    about_input = True


class VisitSettled(Refused):
    """It was decided, cancelled or held meanwhile."""


def overlapping(visit: Visit, arrives_at: datetime | None = None, leaves_at: datetime | None = None,
                place: str | None = None) -> list[Visit]:  # fmt: skip
    """Others at the same place at the same time: a warning, no refusal. Without a place nothing is said."""
    begins, ends = arrives_at or visit.arrives_at, leaves_at or visit.leaves_at
    where = visit.place if place is None else place
    if not (begins and ends and where):
        return []
    there = Visit.objects.filter(
        state__in=[State.ASKED, State.APPROVED],
        place__iexact=where,
        arrives_at__lt=ends,
        leaves_at__gt=begins,
    )
    return list(there.exclude(pk=visit.pk).select_related("case").order_by("arrives_at")[:10])


def hours(visit: Visit) -> str:
    """When they come, in the reader's language and the firm's zone."""
    if not visit.arrives_at or not visit.leaves_at:
        return ""
    begins, ends = timezone.localtime(visit.arrives_at), timezone.localtime(visit.leaves_at)
    day = f"{date_format(begins, 'DATE_FORMAT')} {begins:%H:%M}"
    return (
        f"{day}–{ends:%H:%M}"
        if begins.date() == ends.date()
        else f"{day} – {date_format(ends, 'DATE_FORMAT')} {ends:%H:%M}"
    )


def locked(visit: Visit) -> Visit:
    """Its case, open and locked, then the visit. A case that was merged or closed refuses in its own words."""
    case = locked_open(visit.case)
    rows = Visit.objects.select_related("request__to_person", "use", "host")
    fresh = rows.select_for_update(of=("self",)).get(pk=visit.pk)
    fresh.case = case
    return fresh


def save(visit: Visit, *fields: str) -> None:
    """The version moves with every change."""
    visit.save(update_fields=fields)
    Visit.objects.filter(pk=visit.pk).update(version=F("version") + 1)
    visit.version += 1


def facts(visit: Visit, by: Person | None, now: datetime) -> dict[str, Any]:
    return {
        "happened_at": now, "actor_id": by.pk if by else None, "about": visit.case.about, "case_id": visit.case_id,
        "visit_id": visit.pk,
    }  # fmt: skip
