"""Calendars of working hours: added and changed. What that moves is worked out by whoever reacts."""

import re
from datetime import datetime, time
from itertools import pairwise
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from guixin.ledger import record
from guixin.organisation.arranging import free_code
from guixin.organisation.events import CalendarAdded, CalendarChanged
from guixin.organisation.models import Calendar, CalendarShift, HolidayList, Person
from guixin.organisation.models.calendar import valid_zone
from guixin.web.refusals import Refused

Hours = list[tuple[int, time, time]]  # (weekday 0 Monday - 6 Sunday, opens, closes)
_SPAN = re.compile(r"(\d{1,2})[:：](\d{2})\s*[-–—~～至到]\s*(\d{1,2})[:：](\d{2})")


class CannotKeep(Refused):
    """Nobody can work such hours."""

    about_input = True


def spans_in(text: str) -> list[tuple[time, time]]:
    """ "9:00-12:00 13:30-18:00" as openings; the lunch break is what lies between. Empty: shut that day."""
    found, rest = [], text.strip()
    while rest:
        match = _SPAN.match(rest)
        if match is None:
            raise CannotKeep(
                _("“%(text)s” is not understood. Write for example 9:00-12:00 13:30-18:00.") % {"text": rest}
            )
        found.append((_time(match[1], match[2]), _time(match[3], match[4])))
        rest = rest[match.end() :].lstrip(" ,，;；、")
    found.sort()
    for before, after in pairwise(found):
        if before[1] <= before[0] or after[0] < before[1]:
            raise CannotKeep(_("Two shifts of one day overlap."))
    return found


def as_text(spans: list[tuple[time, time]]) -> str:
    return " ".join(f"{opens:%H:%M}-{closes:%H:%M}" for opens, closes in spans)


def hours_of(calendar: Calendar) -> Hours:
    return [(shift.weekday, shift.opens, shift.closes) for shift in calendar.shifts.all()]


@transaction.atomic
def add_calendar(
    *, name: str, timezone: str, hours: Hours, by: Person | None, now: datetime, always: bool = False,
    holidays: HolidayList | None = None,
) -> Calendar:  # fmt: skip
    if not name.strip():
        raise CannotKeep(_("A calendar needs a name."))
    _check(timezone, hours, always)
    made = Calendar.objects.create(
        code=free_code(Calendar, name), name=name.strip(), timezone=timezone, always=always, holidays=holidays
    )
    _write(made, hours)
    record(CalendarAdded(code=made.code, **_who(made, by, now)))
    return made


@transaction.atomic
def change_calendar(
    calendar: Calendar, *, hours: Hours, by: Person | None, now: datetime, **values: Any
) -> bool:
    """Hours, name, zone, holidays, always. The event has every running promise counted in it worked out again."""
    Calendar.objects.select_for_update().get(pk=calendar.pk)
    if not str(values.get("name", calendar.name)).strip():
        raise CannotKeep(_("A calendar needs a name."))
    _check(values.get("timezone", calendar.timezone), hours, values.get("always", calendar.always))
    changed = [name for name, value in values.items() if getattr(calendar, name) != value]
    for name in changed:
        setattr(calendar, name, values[name])
    if changed:
        calendar.save(update_fields=changed)
    if sorted(hours) != sorted(hours_of(calendar)):
        calendar.shifts.all().delete()
        _write(calendar, hours)
        changed.append("hours")
    if not changed:
        return False
    record(
        CalendarChanged(
            code=calendar.code,
            calendar_id=calendar.pk,
            changed=", ".join(changed),
            **_who(calendar, by, now),
        )
    )
    return True


def _write(calendar: Calendar, hours: Hours) -> None:
    CalendarShift.objects.bulk_create(
        CalendarShift(calendar=calendar, weekday=weekday, opens=opens, closes=closes)
        for weekday, opens, closes in hours
    )


def _check(zone: str, hours: Hours, always: bool) -> None:
    try:
        valid_zone(zone)
    except ValidationError as wrong:
        raise CannotKeep(" ".join(wrong.messages)) from wrong
    if not always and not hours:
        raise CannotKeep(_("A calendar needs working hours on at least one day, or works round the clock."))


def _time(hours: str, minutes: str) -> time:
    if (hours, minutes) == ("24", "00"):
        return time(0)
    try:
        return time(int(hours), int(minutes))
    except ValueError:
        raise CannotKeep(_("%(time)s is not a time of day.") % {"time": f"{hours}:{minutes}"}) from None


def _who(calendar: Calendar, by: Person | None, now: datetime) -> dict:
    return {
        "happened_at": now,
        "actor_id": by.pk if by else None,
        "about": ("calendar", calendar.pk),
    }
