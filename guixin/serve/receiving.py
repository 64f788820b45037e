"""The reception plan (接待方案): line by line when, where, by whom; what must be prepared goes out as tasks of the case."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as gettext_now
from django.utils.translation import gettext_lazy as _

from guixin.ledger import record
from guixin.organisation.models import Department, Person
from guixin.serve import visit_events as events
from guixin.serve.handling import withdraw
from guixin.serve.models import AgendaItem, Task, Visit
from guixin.serve.routing import decide_departments
from guixin.serve.visiting import LONG, SHORT, CannotVisit, VisitSettled, facts, locked

MOST_LINES = 60


@transaction.atomic
def plan_item(
    visit: Visit, what: str, begins_at: datetime, ends_at: datetime, *, by: Person, now: datetime, place: str = "",
    person: Person | None = None, department: Department | None = None, prepare: str = "",
) -> AgendaItem:  # fmt: skip
    """One line. With something to prepare, its department gets a task at once: it is accepted, done, or goes up."""
    visit = locked(visit)
    if not visit.is_open:
        raise VisitSettled(_("This visit is over already: %s.") % visit.get_state_display())
    if not what.strip():
        raise CannotVisit(_("Say what happens then."))
    if ends_at <= begins_at:
        raise CannotVisit(_("A line of the plan ends after it begins."))
    if (
        visit.arrives_at
        and visit.leaves_at
        and not (visit.arrives_at <= begins_at and ends_at <= visit.leaves_at)
    ):
        raise CannotVisit(_("This lies outside the hours they are here."))
    if prepare.strip() and department is None:
        raise CannotVisit(_("Say which department prepares it."))
    if visit.agenda.count() >= MOST_LINES:
        raise CannotVisit(_("A plan has at most %s lines.") % MOST_LINES)
    item = AgendaItem.objects.create(
        visit=visit, what=what.strip()[:SHORT], begins_at=begins_at, ends_at=ends_at, place=place.strip()[:SHORT],
        person=person, department=department, prepare=prepare.strip()[:LONG],
    )  # fmt: skip
    if department and item.prepare:
        begins = timezone.localtime(begins_at)
        words = gettext_now("%(prepare)s (for %(what)s, ready by %(when)s)") % {
            "prepare": item.prepare, "what": item.what, "when": f"{begins:%Y-%m-%d %H:%M}",
        }  # fmt: skip
        made = decide_departments(
            visit.case, [(department.pk, 1, words)], by=by, reason=gettext_now("Reception plan"), now=now
        )
        item.task = made[0]
        item.save(update_fields=["task"])
    _changed(visit, by, now)
    return item


@transaction.atomic
def take_out(item: AgendaItem, *, by: Person, now: datetime) -> None:
    """The line is no more. A task that went out for it and is still to be done is withdrawn."""
    visit = locked(item.visit)
    if not visit.is_open:
        raise VisitSettled(_("This visit is over already: %s.") % visit.get_state_display())
    task = Task.objects.unfinished().filter(pk=item.task_id).first() if item.task_id else None
    if task is not None:
        withdraw(task, by=by, reason=gettext_now("Taken out of the reception plan"), now=now)
    AgendaItem.objects.filter(pk=item.pk).delete()
    _changed(visit, by, now)


def _changed(visit: Visit, by: Person, now: datetime) -> None:
    record(events.AgendaChanged(**facts(visit, by, now), lines=visit.agenda.count()))
