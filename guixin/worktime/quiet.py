"""Quiet hours (免打扰时段): when nobody is to be disturbed, and the next instant at which somebody may be."""

from collections.abc import Iterable, Sequence
from datetime import datetime, time, timedelta, tzinfo

from guixin.worktime.calendars import WorkCalendar
from guixin.worktime.counting import NoWorkingTime, opens_next

Quiet = tuple[time, time]  # half-open by the clock on the wall; from > to goes over midnight
LONGEST_LOOK = 62  # days: longer than any holiday of a firm that still writes to its customers


class NoHourLeft(ValueError):
    """Working time and quiet hours together leave no instant."""


def next_allowed(at: datetime, calendar: WorkCalendar, quiet: Iterable[Quiet], zone: tzinfo) -> datetime:
    """The first instant not before `at` that is open in the calendar and in none of the quiet spans.

    at     aware datetime
    quiet  spans of the day in `zone`; equal ends hold no time
    Raises NoHourLeft if the next 62 days have none.

    >>> from datetime import UTC
    >>> from guixin.worktime import ALWAYS
    >>> next_allowed(datetime(2026, 3, 6, 22, tzinfo=UTC), ALWAYS, [(time(21), time(8))], UTC).isoformat()
    '2026-03-07T08:00:00+00:00'
    """
    spans = [each for each in quiet if each[0] != each[1]]
    found, until = at.astimezone(zone), at + timedelta(days=LONGEST_LOOK)
    while found <= until:
        try:
            opened = opens_next(calendar, found).astimezone(zone)
        except NoWorkingTime as shut:
            raise NoHourLeft(str(shut)) from shut
        ends = [end for each in spans if (end := _end_of(opened, each)) is not None]
        if not ends:
            return opened
        found = max(ends)
    raise NoHourLeft("no hour is left in the next weeks")


def leaves_an_hour(at: datetime, calendar: WorkCalendar, quiet: Sequence[Quiet], zone: tzinfo) -> bool:
    try:
        next_allowed(at, calendar, quiet, zone)
    except NoHourLeft:
        return False
    return True


def _end_of(at: datetime, quiet: Quiet) -> datetime | None:
    """When the quiet span around this instant ends; None outside of it."""
    begins, ends = quiet
    wall = at.time()
    inside = begins <= wall < ends if begins < ends else wall >= begins or wall < ends
    if not inside:
        return None
    day = at.date() + timedelta(days=1) if begins > ends and wall >= begins else at.date()
    end = datetime.combine(day, ends, at.tzinfo)
    # Where the clock was put back the end may lie before; the next hour is then looked at.
    return end if end > at else at + timedelta(hours=1)
