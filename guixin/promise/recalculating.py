"""A calendar changed: every open deadline counted in it is worked out again, in the same transaction."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from guixin.ledger import record
from guixin.ledger.models import Entry
from guixin.organisation.events import CalendarChanged, HolidaysChanged
from guixin.organisation.models import Calendar, HolidayDay, HolidayList, HolidayYear
from guixin.promise.events import ClockMoved
from guixin.promise.holding import hold
from guixin.promise.models import Clock
from guixin.promise.moving import recompute
from guixin.web.refusals import Refused

_AT_ONCE = 5000


class CannotPublish(Refused):
    """This list of days cannot be the year's, and why."""

    about_input = True


@dataclass(frozen=True)
class Day:
    """A day unlike its weekday."""

    on: date
    works: bool
    name: str = ""


@transaction.atomic
def calendar_changed(
    calendar_ids: Iterable[int], reason: str, *, now: datetime, actor_id: int | None = None
) -> int:
    """Work out the open clocks of these calendars again. Returns how many deadlines moved.

    Chunks keep memory flat; one transaction keeps everybody from seeing half of the firm under the old
    calendar and half under the new.
    """
    counted_in_them = Clock.objects.open().filter(calendar_id__in=list(calendar_ids)).order_by("pk")
    # All cases at once, in their order: chunk by chunk would cross with whoever merges two of them.
    hold(set(counted_in_them.values_list("case_id", flat=True)))
    ids = list(counted_in_them.values_list("pk", flat=True))
    return sum(
        recompute([Clock(pk=pk) for pk in ids[first : first + _AT_ONCE]], reason, now, actor_id)
        for first in range(0, len(ids), _AT_ONCE)
    )


@transaction.atomic
def publish_holidays(
    holidays: HolidayList, year: int, days: Sequence[Day], *, now: datetime, published: bool = True,
    source: str = "", actor_id: int | None = None,
) -> int:  # fmt: skip
    """Set the days of one year of a holiday list. Returns how many running deadlines moved by it."""
    if outside := next((day for day in days if day.on.year != year), None):
        raise CannotPublish(_("%(day)s does not lie in %(year)s.") % {"day": outside.on, "year": year})
    if len({day.on for day in days}) < len(days):
        raise CannotPublish(_("A day stands in the list twice."))
    HolidayList.objects.select_for_update().get(pk=holidays.pk)  # two people publishing take turns
    row, _fresh = HolidayYear.objects.update_or_create(
        list=holidays, year=year, defaults={"published": published, "source": source}
    )
    row.days.all().delete()
    HolidayDay.objects.bulk_create(
        HolidayDay(year=row, on=day.on, works=day.works, name=day.name) for day in days
    )
    calendars = Calendar.objects.filter(holidays=holidays).values_list("pk", flat=True)
    moved = calendar_changed(calendars, f"holidays {year}", now=now, actor_id=actor_id)
    record(
        HolidaysChanged(
            list=holidays.code,
            year=year,
            days=len(days),
            published=published,
            moved=moved,
            happened_at=now,
            actor_id=actor_id,
            about=("holidayyear", row.pk),
        )
    )
    return moved


def promises_that_would_move(act: Callable[[], object], *, now: datetime) -> int:
    """How many running deadlines an act on calendars would move: it is done at `now`, counted and taken back."""
    with transaction.atomic():
        last = Entry.objects.aggregate(last=Max("id"))["last"] or 0
        act()
        moved = Entry.objects.filter(id__gt=last, kind=ClockMoved.kind, happened_at=now).count()
        transaction.set_rollback(True)
    return moved


def work_out_again(events: Sequence[CalendarChanged]) -> None:
    """Working hours changed: the deadlines counted in them follow."""
    for event in events:
        calendar_changed(
            [event.calendar_id], f"calendar {event.code}", now=event.happened_at, actor_id=event.actor_id
        )
