"""Working time as data: which hours of which days a department works."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time
from types import MappingProxyType
from typing import NamedTuple
from zoneinfo import ZoneInfo

from guixin.worktime.openings import DAY, Openings

SHUT_FOR_GOOD = 400 * DAY  # longer than any holiday, a little longer than a year of none


class Shift(NamedTuple):
    """From `opens` to `closes` on the wall clock; half-open. When `closes` is not after `opens` it is
    tomorrow's, so 22:00-06:00 is a night and 00:00-00:00 a whole day."""

    opens: time
    closes: time


@dataclass(frozen=True)
class WorkCalendar:
    """The hours in which a promise runs.

    weekly           weekday (0 = Monday) -> shifts; a weekday left out is shut
    days             the exceptions: () = shut (a holiday), shifts = worked (a make-up working day, 调休)
    published_until  last day of the last year whose holidays are published; None = needs no holidays
    always           round the clock; weekly and days are then not read

    Overlapping shifts count once. A shift belongs to the day it opens on: a holiday on Tuesday leaves the
    night that began on Monday alone. What exists of a shift is worked, so a night that began on a day the
    zone skipped (Apia, 30 December 2011) still ends in the morning.

    The openings are worked out year by year on first use and kept on the calendar: hold on to a calendar
    instead of making it anew for each count. Equal calendars have equal hashes, and pickling leaves the
    openings behind. The mappings are copied, so changing the originals changes nothing here.
    """

    zone: ZoneInfo
    weekly: Mapping[int, tuple[Shift, ...]]
    days: Mapping[date, tuple[Shift, ...]] = field(default_factory=dict)
    published_until: date | None = None
    always: bool = False
    name: str = ""
    openings: Openings = field(init=False, repr=False, compare=False)

    def __post_init__(self):
        weekly = {weekday: _shifts(shifts) for weekday, shifts in self.weekly.items()}
        days = {day: _shifts(shifts) for day, shifts in self.days.items()}
        if not set(weekly) <= set(range(7)):
            raise ValueError(f"Weekdays run from 0 (Monday) to 6 (Sunday), not {sorted(weekly)}.")
        keep = object.__setattr__  # frozen
        keep(self, "weekly", MappingProxyType(weekly))
        keep(self, "days", MappingProxyType(days))
        keep(self, "openings", Openings(self.zone, weekly, days, too_long=SHUT_FOR_GOOD))

    def __hash__(self):
        return hash((str(self.zone), frozenset(self.weekly.items()), len(self.days), self.always, self.name))

    def __reduce__(self):
        return WorkCalendar, (
            self.zone,
            dict(self.weekly),
            dict(self.days),
            self.published_until,
            self.always,
            self.name,
        )


def _shifts(shifts) -> tuple[Shift, ...]:
    shifts = tuple(Shift(*shift) for shift in shifts)
    for shift in shifts:
        if shift.opens.tzinfo or shift.closes.tzinfo:
            raise ValueError("A shift is read on the calendar's own clock; its times carry no zone.")
    return shifts


ALWAYS = WorkCalendar(zone=ZoneInfo("UTC"), weekly={}, always=True, name="always")

NINE_TO_SIX = WorkCalendar(
    zone=ZoneInfo("Asia/Shanghai"),
    weekly=dict.fromkeys(range(5), (Shift(time(9), time(18)),)),
    name="nine to six",
)
