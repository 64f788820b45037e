"""What waits for somebody of promises without a case: requests above a limit, proposals and statements, strategies."""

from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from guixin.desks.day_lines import LISTED, Line, Part, Read, bounded
from guixin.ledger.reading import Reading
from guixin.organisation.models import Person
from guixin.promise import strategies
from guixin.promise.authorising import waiting_requests
from guixin.promise.matters import matters_for
from guixin.promise.models import Proposal, Statement


def requests(person: Person, now: datetime, shown: int, read: Read) -> Part:
    """Requests for something above somebody's limit that wait for them, or for somebody they stand in for."""
    rows = list(waiting_requests(person, now).order_by("asked_at", "pk")[: LISTED + 1])
    named = matters_for(person, [row.about for row in rows[:shown]])
    lines = [
        Line(named[row.about].address, "", named[row.about].subject, since=row.asked_at)
        for row in rows[:shown]
        if row.about in named
    ]
    return Part("requests", _("Requests that wait for you"), bounded(lines, rows), lines, "/requests")


STATEMENTS = Reading(
    lambda person_id: (
        Statement.objects.filter(holder_id=person_id, said_at__isnull=True)
        .select_related("department")
        .order_by("opened_at", "pk")[: LISTED + 1]
    )
)
PROPOSALS = Reading(
    lambda person_id: Proposal.objects.filter(reviewer_id=person_id, state__in=Proposal.OPEN).order_by(
        "at", "pk"
    )[: LISTED + 1]
)


def proposals(person: Person, now: datetime, shown: int, read: Read) -> Part:
    """Proposals they must answer, and monthly statements they must make."""
    rows: list[Any] = [*read(STATEMENTS), *read(PROPOSALS)]
    named = matters_for(person, [row.about for row in rows[:shown]])
    lines = [
        Line(named[row.about].address, "", named[row.about].subject,
             since=row.opened_at if isinstance(row, Statement) else row.at)
        for row in rows[:shown]
        if row.about in named
    ]  # fmt: skip
    return Part(
        "proposals", _("Proposals and statements"), bounded(lines, rows), lines, "/proposals?which=mine"
    )


def steps_due(person: Person, now: datetime, shown: int, read: Read) -> Part:
    """Steps and tasks of strategies that are due within the week, the latest first."""
    found = strategies.waiting_for(person, now + timedelta(days=7))
    lines = [Line(matter.address, "", matter.subject, due=due) for due, matter in found[:LISTED]]
    return Part("strategies", _("Steps of strategies due this week"), bounded(lines, found), lines[:shown])


READ_AT_ONCE = (STATEMENTS, PROPOSALS)
