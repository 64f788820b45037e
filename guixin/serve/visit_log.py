"""They were here: what happened, what was promised, and the three follow-ups that are planned by it.

A follow-up is a contact (`understand/contacting.py`): it stands on its owner's desk on its day, is missed and goes up
the ladder when nobody makes it, goes along when work is handed over, and is cancelled only with a reason.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext as gettext_now
from django.utils.translation import gettext_lazy as _

from guixin.ledger import record
from guixin.organisation.models import Department, Person
from guixin.organisation.passing_on import Moving, sorts
from guixin.serve import visit_events as events
from guixin.serve.events import OwnerChanged
from guixin.serve.models import Visit, VisitFollowUp
from guixin.serve.routing import decide_departments
from guixin.serve.visit_rules import rules_of
from guixin.serve.visiting import LONG, CannotVisit, State, VisitSettled, facts, locked, save
from guixin.understand import contacting, needing
from guixin.understand.contact_days import calendar_for, closing, nth, working_day
from guixin.understand.models import Contact, ContactKind


@dataclass(frozen=True)
class Promised:
    """Something promised during the visit. For a department it becomes a task of the case; else a need of the customer."""

    what: str
    department: Department | None = None


@transaction.atomic
def took_place(
    visit: Visit, log: str, *, by: Person, now: datetime, attended: int | None = None, who_was_there: str = "",
    held_at: datetime | None = None, promises: Sequence[Promised] = (),
) -> Visit:  # fmt: skip
    """Write down what happened, once. Tasks and needs begin at once; the follow-ups are planned from the day they came.

    held_at   when they came, if not when it was agreed
    """
    visit = locked(visit)
    if visit.state != State.APPROVED:
        raise VisitSettled(
            _("Only an approved visit takes place; this one is: %s.") % visit.get_state_display()
        )
    came = held_at or min(visit.arrives_at or now, now)
    if came > now:
        raise CannotVisit(_("What has taken place lies in the past."))
    if came < visit.case.opened_at:
        raise CannotVisit(_("They cannot have come before they applied."))
    if not log.strip():
        raise CannotVisit(_("Say in a few words what happened."))
    if attended is not None and attended < 1:
        raise CannotVisit(_("Say how many people came; if nobody did, cancel the visit."))
    visit.state, visit.held_at, visit.attended = State.HELD, came, attended or visit.people
    visit.log, visit.who_was_there, visit.logged_by = log.strip(), who_was_there.strip()[:LONG], by
    save(visit, "state", "held_at", "attended", "log", "who_was_there", "logged_by")
    _keep_promises(visit, [each for each in promises if each.what.strip()], by, now)
    planned = plan_follow_ups(visit, by=by, now=now)
    record(
        events.VisitHeld(
            **facts(visit, by, came), attended=visit.attended or 0, host_id=visit.host_id,
            customer_id=visit.case.customer_id, follow_ups_on=[each.isoformat() for each in planned],
        )
    )  # fmt: skip
    return visit


def plan_follow_ups(visit: Visit, *, by: Person | None, now: datetime) -> list[date]:
    """After one, three and six months unless the rules say otherwise, each moved to a working day of the owner's. Without a customer nobody is asked.

    A visit that was written down so late that the day is over is followed up on the next working day.
    """
    if visit.case.customer is None or visit.held_at is None:
        return []
    owner, came = visit.case.owner, timezone.localtime(visit.held_at).date()
    hours, language = calendar_for(owner, now), visit.case.language
    rules = rules_of(visit.rules_id)
    purpose = rules.purpose(visit.purpose).shown(language)
    days = []
    for months in rules.follow_ups:
        on = working_day(hours, max(nth(came, 1, "months", months), timezone.localdate(now)))
        if closing(hours, on) <= now:
            on = working_day(hours, date.fromordinal(on.toordinal() + 1))
        subject = gettext_now("Follow-up %(n)s months after the visit: %(purpose)s") % {
            "n": months,
            "purpose": purpose,
        }
        contact = contacting.plan(
            visit.case.customer, ContactKind.CALL, on, owner=owner, by=by, now=now, subject=subject
        )
        VisitFollowUp.objects.create(visit=visit, months=months, contact=contact)
        days.append(on)
    return days


def _keep_promises(visit: Visit, promises: Sequence[Promised], by: Person, now: datetime) -> None:
    steps = [(each.department.pk, 1, each.what.strip()[:LONG]) for each in promises if each.department]
    if steps:
        decide_departments(visit.case, steps, by=by, reason=gettext_now("Promised during the visit"), now=now)
    for each in promises:
        if each.department is None:
            if visit.case.customer is None:
                raise CannotVisit(_("No customer is named in this case; give each promise a department."))
            needing.note(
                visit.case.customer, each.what.strip()[:80], source="case", words=each.what.strip(), by=by, now=now,
                evidence=("case", visit.case_id),
            )  # fmt: skip


# -- the share that is done on time --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class FollowedUp:
    """Of the follow-ups whose day has ended or that were made: how many were made by then. Cancelled ones are none."""

    due: int
    on_time: int
    late: int  # made after their day
    missed: int  # still to be made

    @property
    def share(self) -> float | None:
        return self.on_time / self.due if self.due else None


def followed_up(rows, now: datetime) -> FollowedUp:
    """Counted over these rows of VisitFollowUp."""
    made = Q(contact__state=Contact.State.MADE)
    in_time = Q(contact__missed_at=None)
    said = rows.aggregate(
        on_time=Count("pk", filter=made & in_time),
        late=Count("pk", filter=made & ~in_time),
        missed=Count("pk", filter=Q(contact__state=Contact.State.PLANNED, contact__due_at__lte=now)),
    )
    return FollowedUp(due=sum(said.values()), **said)


def go_with_the_owner(changed: Sequence[OwnerChanged]) -> None:
    """Reaction: a case has a new owner; the follow-ups of its visit that are still to come go along."""
    new = {event.case_id: event for event in changed if event.actor_id}
    rows = VisitFollowUp.objects.filter(visit__case__in=new, contact__state=Contact.State.PLANNED)
    for row in rows.select_related("visit", "contact"):
        event = new[row.visit.case_id]
        if row.contact.owner_id == event.old_owner_id:
            how = Moving(Person.objects.get(pk=event.actor_id), event.happened_at, event.part_of)
            sorts()["contact"].pass_on({row.contact_id: event.new_owner_id}, how)
