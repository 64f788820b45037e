"""Which working time applies to a department: its own calendar, or the nearest one above it."""

from datetime import date
from zoneinfo import ZoneInfo

from guixin.organisation.models.calendar import Calendar, HolidayDay
from guixin.organisation.models.department import Department
from guixin.organisation.revisions import cached_until_changed
from guixin.worktime import ALWAYS, Shift, WorkCalendar


def calendar_of(department_id: int | None) -> WorkCalendar:
    """The working time a department promises in. Without any calendar on its line: round the clock.

    Round the clock is the choice that cannot hide lateness: it gives the earliest deadline.
    """
    calendar_id = _calendar_id_of(department_id) if department_id is not None else None
    return ALWAYS if calendar_id is None else calendar_numbered(calendar_id)


def calendar_named(code: str) -> WorkCalendar:
    """The calendar with this code; Calendar.DoesNotExist if there is none."""
    return calendar_numbered(_calendar_id_named(code))


@cached_until_changed("calendars")
def calendar_numbered(calendar_id: int) -> WorkCalendar:
    return _as_worktime(Calendar.objects.select_related("holidays").get(pk=calendar_id))


@cached_until_changed("calendars")
def _calendar_id_named(code: str) -> int:
    return Calendar.objects.values_list("pk", flat=True).get(code=code)


@cached_until_changed("organisation")
def _calendar_id_of(department_id: int) -> int | None:
    line = Department.objects.get(pk=department_id).line()
    chosen = dict(Department.objects.filter(pk__in=line).values_list("pk", "calendar_id"))
    return next((chosen[pk] for pk in reversed(line) if chosen[pk] is not None), None)


def _as_worktime(calendar: Calendar) -> WorkCalendar:
    weekly: dict[int, tuple[Shift, ...]] = {}
    for shift in calendar.shifts.all():
        weekly[shift.weekday] = (*weekly.get(shift.weekday, ()), Shift(shift.opens, shift.closes))
    return WorkCalendar(
        zone=ZoneInfo(calendar.timezone),
        weekly=weekly,
        days={} if calendar.always else _days(calendar, weekly),
        published_until=calendar.published_until(),
        always=calendar.always,
        name=calendar.code,
    )


def _days(calendar: Calendar, weekly: dict[int, tuple[Shift, ...]]) -> dict[date, tuple[Shift, ...]]:
    """Holidays are shut; a make-up working day is worked like the first working weekday of the week."""
    if calendar.holidays_id is None or not weekly:
        return {}
    ordinary = weekly[min(weekly)]
    days = HolidayDay.objects.filter(year__list=calendar.holidays_id).values_list("on", "works")
    return {on: (weekly.get(on.weekday()) or ordinary) if works else () for on, works in days}
