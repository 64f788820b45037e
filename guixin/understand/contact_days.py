"""On which days somebody can make a contact: the working days of their main post's calendar."""

import calendar as months
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.utils import timezone

from guixin.organisation.ladder import Ladder
from guixin.organisation.models import Person
from guixin.organisation.working_hours import calendar_of
from guixin.worktime import Shift, WorkCalendar

LONGEST_SHUT = 60  # days; a calendar that is shut for longer has no working days to speak of


def calendar_for(owner: Person, now: datetime) -> WorkCalendar:
    seats = Ladder.at(now).seats_of(owner.pk)
    return calendar_of(seats[0].department_id if seats else None)


def shifts_on(calendar: WorkCalendar, day: date) -> tuple[Shift, ...]:
    """What is worked on this day; nothing on a holiday."""
    if calendar.always:
        return (Shift(time(0), time(0)),)
    return calendar.days.get(day, calendar.weekly.get(day.weekday(), ()))


def working_day(calendar: WorkCalendar, day: date) -> date:
    """This day, or the next one that is worked."""
    for later in range(LONGEST_SHUT):
        if shifts_on(calendar, day + timedelta(days=later)):
            return day + timedelta(days=later)
    return day


def zone_of(calendar: WorkCalendar) -> ZoneInfo:
    """Round the clock has no place of its own; then the firm's."""
    return timezone.get_default_timezone() if calendar.always else calendar.zone


def end_of_day(owner: Person, day: date, now: datetime) -> datetime:
    """When the working day ends on which a contact planned for `day` has to be made: that day, or the next worked."""
    return closing(calendar_for(owner, now), day)


def closing(calendar: WorkCalendar, day: date) -> datetime:
    day = working_day(calendar, day)
    shifts = shifts_on(calendar, day) or (Shift(time(0), time(0)),)
    last = max(shifts, key=lambda shift: (shift.closes <= shift.opens, shift.closes))
    ends_on = day + timedelta(days=1) if last.closes <= last.opens else day
    return datetime.combine(ends_on, last.closes, zone_of(calendar))


def instant_of(owner: Person, day: date, at: time, now: datetime) -> datetime:
    return datetime.combine(day, at, zone_of(calendar_for(owner, now)))


def nth(first_on: date, every: int, unit: str, number: int) -> date:
    """The day of a series before holidays are looked at: the 31st of a month without one is its last day.

    >>> nth(date(2026, 1, 31), 1, "months", 1)
    datetime.date(2026, 2, 28)
    """
    if unit == "days":
        return first_on + timedelta(days=every * number)
    if unit == "weeks":
        return first_on + timedelta(weeks=every * number)
    month = first_on.month - 1 + every * number
    year, month = first_on.year + month // 12, month % 12 + 1
    return date(year, month, min(first_on.day, months.monthrange(year, month)[1]))
