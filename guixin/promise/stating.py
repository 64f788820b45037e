"""The monthly statement of each department: due on the first working day, chased like every other promise."""

from collections.abc import Collection, Sequence
from datetime import date, datetime, time
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from guixin.ledger import record
from guixin.organisation.access import scope_of
from guixin.organisation.ladder import Ladder
from guixin.organisation.models import Department, Person
from guixin.promise import proposal_events as events
from guixin.promise.book import Circumstances
from guixin.promise.indispensable import always_promised
from guixin.promise.keeping import Promise, Stop, start, stop
from guixin.promise.matters import Matter
from guixin.promise.models import Measure, Proposal, Statement
from guixin.promise.terms import all_calendars, calendar_of_department
from guixin.web.refusals import Refused
from guixin.worktime import NoWorkingTime, TooFarAway, opens_next

_ONE_AT_A_TIME = 0x73746174  # advisory lock: two workers do not open the same month
BEGUN_LATE = 5  # days into the month after which a firm that has just begun waits for the next one


class CannotState(Refused):
    """The statement cannot be made like this, and why."""

    about_input = True


@transaction.atomic
def open_due(now: datetime) -> int:
    """Open this month's statements where its first working day has begun. Any number of workers may call this."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_ONE_AT_A_TIME])
        if not cursor.fetchone()[0]:
            return 0
    today = timezone.localtime(now).date()
    month = today.replace(day=1)
    there = set(Statement.objects.filter(month=month).values_list("department_id", flat=True))
    is_new_here = not Statement.objects.filter(month__lt=month).exists()
    if is_new_here and not there and today.day > BEGUN_LATE:
        return 0
    made = 0
    calendars, in_force = all_calendars(), calendar_of_department()
    ladder = Ladder.at(now)
    staffed = {seat.department_id for _person_id, seat in ladder.everybody()}
    for department in Department.objects.filter(is_active=True, pk__in=staffed - there).order_by("path"):
        calendar_id = in_force.get(department.pk)
        if calendar_id is None:
            continue
        calendar = calendars[calendar_id]
        try:
            opens = opens_next(calendar, datetime.combine(month, time(), calendar.zone))
        except (NoWorkingTime, TooFarAway):
            continue
        if opens <= now:
            _open(department, month, opens, ladder)
            made += 1
    return made


def _open(department: Department, month: date, opens: datetime, ladder: Ladder) -> Statement:
    holder_id = ladder.head_of(department.pk)
    statement = Statement.objects.create(
        department=department, month=month, holder_id=holder_id, opened_at=opens
    )
    start(
        [
            Promise(
                about=statement.about, case_id=None,
                version=always_promised(Measure.STATEMENT, Circumstances(department_id=department.pk), opens),
                department_id=department.pk, holder_id=holder_id, started_at=opens,
            )
        ]
    )  # fmt: skip
    record(
        events.StatementDue(
            happened_at=opens, about=statement.about, statement_id=statement.pk, department_id=department.pk,
            holder_id=holder_id, month=f"{month:%Y-%m}",
        )
    )  # fmt: skip
    return statement


def may_state(statement: Statement, person: Person, now: datetime) -> bool:
    """The head, whoever stands in, and those above who look after the department."""
    ladder = Ladder.at(now)
    if person.pk in (
        statement.holder_id,
        ladder.stand_in(statement.holder_id),
        ladder.head_of(statement.department_id),
    ):
        return True
    scope = scope_of(person, now)
    return scope.sees_everything or (
        statement.department_id in scope.department_ids
        and scope.rank > max(_ranks(ladder, statement), default=0)
    )


def _ranks(ladder: Ladder, statement: Statement) -> list[int]:
    return [
        seat.rank
        for seat in ladder.seats_of(statement.holder_id)
        if seat.department_id == statement.department_id
    ]


@transaction.atomic
def state(
    statement: Statement, *, nothing_to_change: bool, by: Person, now: datetime, words: str = "",
    proposals: Sequence[Proposal] = (),
) -> Statement:  # fmt: skip
    """Say that nothing needs to change, or name the proposals that say what does. Late is better than never."""
    statement = Statement.objects.select_for_update().get(pk=statement.pk)
    if statement.said_at is not None:
        raise CannotState(_("The statement of this month has been made."))
    if not may_state(statement, by, now):
        raise CannotState(_("This statement waits for %s.") % statement.holder.name)
    if nothing_to_change and proposals:
        raise CannotState(_("Either nothing needs to change, or these proposals say what does."))
    if not nothing_to_change and not proposals:
        raise CannotState(_("Name the proposals that say what should change, or say that nothing does."))
    statement.nothing_to_change, statement.words = nothing_to_change, words.strip()
    statement.said_at, statement.said_by = now, by
    statement.save(update_fields=["nothing_to_change", "words", "said_at", "said_by"])
    statement.proposals.set(proposals)
    stop([Stop(statement.about, Measure.STATEMENT, now)], now, by.pk)
    record(
        events.StatementMade(
            happened_at=now, actor_id=by.pk, about=statement.about, statement_id=statement.pk,
            department_id=statement.department_id, month=f"{statement.month:%Y-%m}",
            nothing_to_change=nothing_to_change, proposals=sorted(each.pk for each in proposals),
            personal={"words": statement.words} if statement.words else {},
        )
    )  # fmt: skip
    return statement


def proposals_of(statement: Statement) -> list[Proposal]:
    """What people of the department proposed since the statement before this one, and what is still open."""
    last = (
        Statement.objects.filter(department=statement.department, month__lt=statement.month)
        .order_by("-month")
        .first()
    )
    since = last.opened_at if last else datetime.combine(statement.month, time(), statement.opened_at.tzinfo)
    ladder_people = [
        person_id
        for person_id, seat in Ladder.at(statement.opened_at).everybody()
        if seat.department_id == statement.department_id
    ]
    recent = Proposal.objects.filter(by__in=ladder_people, at__gte=since)
    still = Proposal.objects.filter(by__in=ladder_people, state__in=Proposal.OPEN)
    return list(
        (recent | still).exclude(state=Proposal.State.WITHDRAWN).distinct().order_by("-at", "-pk")[:50]
    )


def seen_by(ids: Collection[int], person: Any) -> QuerySet:
    return Statement.objects.visible_to(person).filter(pk__in=ids).select_related("department")


def as_matters(rows: Sequence[Any]) -> dict[int, Matter]:
    return {
        row.pk: Matter(
            subject=str(_("Monthly statement %(month)s · %(department)s"))
            % {"month": f"{row.month:%Y-%m}", "department": row.department.name},
            address=f"/statements/{row.pk}",
        )
        for row in rows
    }
