"""Days everyone can check on a calendar. March 2026: the 6th is a Friday, the 9th a Monday."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from guixin.worktime import Shift, WorkCalendar

SHANGHAI = ZoneInfo("Asia/Shanghai")
NEW_YORK = ZoneInfo("America/New_York")

HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)

DAY_SHIFT = Shift(time(9), time(18))
NIGHT_SHIFT = Shift(time(22), time(6))
WHOLE_DAY = Shift(time(0), time(0))


def shanghai(*moment):
    return datetime(*moment, tzinfo=SHANGHAI)


def new_york(*moment):
    return datetime(*moment, tzinfo=NEW_YORK)


def utc(*moment):
    return datetime(*moment, tzinfo=UTC)


def make_calendar(*shifts, weekdays=range(5), zone=SHANGHAI, **rest):
    """Monday to Friday, 09:00-18:00 in Shanghai, unless told otherwise."""
    return WorkCalendar(zone=zone, weekly=dict.fromkeys(weekdays, shifts or (DAY_SHIFT,)), **rest)
