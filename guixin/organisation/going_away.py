"""Being away: planned, with a deputy, and over sooner if one is back sooner."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from guixin.ledger import record
from guixin.organisation.access import scope_of
from guixin.organisation.events import AbsenceEnded, AbsencePlanned
from guixin.organisation.ladder import Ladder
from guixin.organisation.models import Absence, Person
from guixin.web.refusals import Refused


class CannotGoAway(Refused):
    """The absence cannot be entered like that."""

    about_input = True


def may_plan_for(by: Person, person: Person, now: datetime) -> bool:
    """Oneself, those whose line one stands above, and everybody for an administrator."""
    if by.pk == person.pk:
        return True
    scope = scope_of(by, now)
    if scope.may_administrate:
        return True
    return person.pk in led_by(by, now)


def led_by(by: Person, now: datetime) -> set[int]:
    """Everybody with a lower rank in one's own department or below it."""
    ladder = Ladder.at(now)
    found: set[int] = set()
    for seat in ladder.seats_of(by.pk):
        below = ladder.departments_under(seat.department_id)
        found |= ladder.holders_below(below, seat.rank)
    return found - {by.pk}


@transaction.atomic
def plan_absence(
    person: Person, *, from_at: datetime, to_at: datetime, by: Person | None, now: datetime,
    deputy: Person | None = None, reason: str = "",
) -> Absence:  # fmt: skip
    """Somebody is away during [from_at, to_at); the ladder asks the deputy meanwhile."""
    if by is not None and not may_plan_for(by, person, now):
        raise CannotGoAway(_("An absence is entered by oneself, by somebody above, or by an administrator."))
    if to_at <= from_at:
        raise CannotGoAway(_("The absence ends before it begins."))
    if to_at <= now:
        raise CannotGoAway(_("The absence would be over already."))
    if deputy is not None and deputy.pk == person.pk:
        raise CannotGoAway(_("Nobody can be their own deputy."))
    if deputy is not None and not deputy.is_active:
        raise CannotGoAway(_("%(name)s no longer works here.") % {"name": deputy.name})
    Person.objects.select_for_update().get(pk=person.pk)
    if person.absences.filter(from_at__lt=to_at, to_at__gt=from_at).exists():
        raise CannotGoAway(_("They are already entered as away in that time."))
    if deputy is not None and _leads_back(deputy.pk, person.pk, from_at, to_at):
        raise CannotGoAway(
            _(
                "%(name)s is away then too, with them as deputy, directly or through others: a ring, where nobody "
                "decides. Choose another deputy."
            )
            % {"name": deputy.name}
        )
    made = Absence.objects.create(
        person=person, from_at=from_at, to_at=to_at, deputy=deputy, reason=reason.strip()
    )
    record(
        AbsencePlanned(
            absence_id=made.pk,
            from_at=from_at,
            to_at=to_at,
            deputy_id=deputy.pk if deputy else None,
            happened_at=now,
            actor_id=by.pk if by else None,
            about=("person", person.pk),
        )
    )
    return made


def _leads_back(start: int, goal: int, from_at: datetime, to_at: datetime) -> bool:
    """Whether the deputies of those away in that time lead from one person to the other."""
    rows = Absence.objects.filter(from_at__lt=to_at, to_at__gt=from_at, deputy__isnull=False)
    steps: dict[int, set[int]] = {}
    for person_id, deputy_id in rows.values_list("person_id", "deputy_id"):
        steps.setdefault(person_id, set()).add(deputy_id)
    seen: set[int] = set()
    todo = [start]
    while todo:
        at = todo.pop()
        if at == goal:
            return True
        if at not in seen:
            seen.add(at)
            todo += steps.get(at, ())
    return False


@transaction.atomic
def end_absence(absence: Absence, *, by: Person | None, now: datetime) -> bool:
    """Back now; an absence that has not begun is taken back whole. False if it was over already."""
    if by is not None and not may_plan_for(by, absence.person, now):
        raise CannotGoAway(_("An absence is entered by oneself, by somebody above, or by an administrator."))
    if absence.from_at >= now:
        done = Absence.objects.filter(pk=absence.pk).delete()[0]
    else:
        done = Absence.objects.filter(pk=absence.pk, to_at__gt=now).update(to_at=now)
    if not done:
        return False
    record(
        AbsenceEnded(
            absence_id=absence.pk,
            happened_at=now,
            actor_id=by.pk if by else None,
            about=("person", absence.person_id),
        )
    )
    return True
