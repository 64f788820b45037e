"""Who may see what. Each noun decides in its own `visible_to`, and every `visible_to` asks here."""

from dataclasses import dataclass, field
from datetime import datetime

from django.http import Http404
from django.utils import timezone

from guixin.organisation.ladder import Ladder
from guixin.organisation.models.position import Duty, Sees


@dataclass(frozen=True)
class Scope:
    """What somebody's posts allow them to see. Their own cases they always see; that is for the case to say."""

    person_id: int | None
    sees_everything: bool = False
    department_ids: frozenset[int] = frozenset()
    duties: frozenset[str] = frozenset()
    rank: int = 0
    own_department_ids: frozenset[int] = field(default=frozenset())

    @property
    def is_front_desk(self) -> bool:
        return Duty.FRONT_DESK in self.duties or Duty.COORDINATOR in self.duties

    @property
    def may_administrate(self) -> bool:
        """Set the firm up: pages and API ask the same."""
        return self.sees_everything or Duty.ADMINISTRATOR in self.duties

    def has_duty(self, duty: str) -> bool:
        return duty in self.duties


NOTHING = Scope(person_id=None)


def scope_of(person, now: datetime | None = None) -> Scope:
    """What this person's posts let them see. Anonymous and inactive people see nothing."""
    if person is None or not getattr(person, "pk", None) or not person.is_active:
        return NOTHING
    ladder = Ladder.at(now or timezone.now())
    seats = ladder.seats_of(person.pk)
    seen: set[int] = set()
    for seat in seats:
        if seat.sees == Sees.DEPARTMENT:
            seen.add(seat.department_id)
        elif seat.sees == Sees.SUBTREE:
            seen |= ladder.departments_under(seat.department_id)
    return Scope(
        person_id=person.pk,
        sees_everything=any(seat.sees == Sees.EVERYTHING for seat in seats),
        department_ids=frozenset(seen),
        duties=frozenset(duty for seat in seats for duty in seat.duties),
        rank=max((seat.rank for seat in seats), default=0),
        own_department_ids=frozenset(seat.department_id for seat in seats),
    )


def get_visible_or_404(queryset, person, **lookup):
    """The one row this person may see. What they may not see does not exist for them."""
    try:
        return queryset.visible_to(person).get(**lookup)
    except (queryset.model.DoesNotExist, ValueError, TypeError, OverflowError) as missing:
        raise Http404(queryset.model._meta.verbose_name) from missing
