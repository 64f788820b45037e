"""Promises kept and broken in a span of time, by completion: a promise counts in the week in which it ended.

Promises that are broken and still not kept have not ended; they are said beside, never mixed in.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from django.db.models import Count, F, Q, QuerySet
from django.utils import timezone

from guixin.promise.models import Clock

ENOUGH = 5  # with fewer promises a share says nothing
JUDGED = (Clock.State.MET, Clock.State.MISSED)
READ_FOR_THE_WORST = 200  # broken promises looked at to find the latest few


@dataclass(frozen=True)
class Share:
    """How many promises ended, and how many of them were broken."""

    ended: int = 0
    missed: int = 0

    @property
    def kept(self) -> int:
        return self.ended - self.missed

    @property
    def is_enough(self) -> bool:
        return self.ended >= ENOUGH

    @property
    def percent_kept(self) -> int:
        """Rounded down: a single broken promise is never shown as 100 %."""
        return 100 * self.kept // self.ended if self.ended else 0

    @property
    def percent_missed(self) -> int:
        return 100 - self.percent_kept if self.ended else 0


@dataclass(frozen=True)
class Week:
    """Monday to Monday, where the firm is."""

    begins: datetime
    ends: datetime

    @classmethod
    def of(cls, now: datetime) -> "Week":
        today = timezone.localtime(now).date()
        monday = today - timedelta(days=today.weekday())
        begins, ends = (
            datetime.combine(day, time(), tzinfo=timezone.get_default_timezone())
            for day in (monday, monday + timedelta(days=7))
        )
        return cls(begins, ends)


def ended_in(week: Week, **whose: Any) -> QuerySet[Clock]:
    """The promises that ended in this week; `whose`: department_id=…, department_id__in=… or holder_id=…."""
    return Clock.objects.filter(
        state__in=JUDGED, stopped_at__gte=week.begins, stopped_at__lt=week.ends, **whose
    )


def missed_in(week: Week, **whose: Any) -> QuerySet[Clock]:
    return ended_in(week, **whose).filter(state=Clock.State.MISSED)


def broken_now(**whose: Any) -> QuerySet[Clock]:
    """Broken and still not kept."""
    return Clock.objects.open().filter(breached_at__isnull=False, **whose)


_ENDED, _MISSED = Count("pk"), Count("pk", filter=Q(state=Clock.State.MISSED))


def share_of_person(person_id: int, week: Week) -> Share:
    return Share(**ended_in(week, holder_id=person_id).aggregate(ended=_ENDED, missed=_MISSED))


def shares_of_departments(department_ids: Collection[int], week: Week) -> dict[int, Share]:
    """By the department that had to keep them; one walk of an index that holds all it asks for."""
    ended = ended_in(week, department_id__in=department_ids).values("department_id").order_by()
    rows = ended.annotate(ended=_ENDED, missed=_MISSED).values_list("department_id", "ended", "missed")
    return dict.fromkeys(department_ids, Share()) | {pk: Share(ended, missed) for pk, ended, missed in rows}


def worst_of(department_id: int, week: Week, now: datetime, count: int = 3) -> Sequence[Clock]:
    """The latest promises of a department, one a case (or other matter): broken and ended this week, or still broken."""
    ended = missed_in(week, department_id=department_id).order_by(F("due_at") - F("stopped_at"))
    still = broken_now(department_id=department_id).order_by("breached_at")
    found = [*ended[:READ_FOR_THE_WORST], *still[:READ_FOR_THE_WORST]]
    latest: dict[object, Clock] = {}
    for clock in sorted(found, key=lambda clock: lateness(clock, now), reverse=True):
        latest.setdefault(clock.case_id or clock.about, clock)
    return list(latest.values())[:count]


def lateness(clock: Clock, now: datetime) -> timedelta:
    """By how much it was, or is, late; nothing while it is not."""
    due = clock.breached_at or clock.due_at
    return max((clock.stopped_at or now) - due, timedelta()) if due else timedelta()
