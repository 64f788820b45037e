"""Public holidays and make-up working days (调休) of the Chinese mainland, as the State Council publishes
them: the seed of a calendar that people then own and edit.

The list for a year appears in the autumn before it. Until then nobody knows it, and neither do we:
guessing looks right for ten months and is wrong for the make-up days.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from functools import lru_cache
from typing import NamedTuple

import chinese_calendar

from guixin.worktime.calendars import Shift


class YearNotPublished(Exception):
    """The holidays of this year are not in the table, which begins in 2004 and ends with the last
    announcement."""


class ChineseDay(NamedTuple):
    """A day that is not what its weekday says. `works`: a make-up working day; else a public holiday.
    `name` is the holiday it belongs to: 春节, and Spring Festival in `name_in_english`."""

    day: date
    works: bool
    name: str
    name_in_english: str


@lru_cache(maxsize=32)
def chinese_day_list(year: int) -> tuple[ChineseDay, ...]:
    """Every public holiday and every make-up working day of `year`, in order, with its name.

    Holidays that fall on a weekend are among them: a shop open on Saturdays is shut on those.
    Raises YearNotPublished.
    """
    if not is_published(year):
        raise YearNotPublished(f"The public holidays of {year} are not published, or not known here.")
    found = []
    day = date(year, 1, 1)
    while day.year == year:
        on_holiday, holiday = chinese_calendar.get_holiday_detail(day)
        if holiday is not None:  # ordinary weekends are holidays without a name
            name = chinese_calendar.Holiday(holiday).chinese
            found.append(ChineseDay(day, not on_holiday, name, holiday))
        day += timedelta(days=1)
    return tuple(found)


def chinese_days(year: int) -> dict[date, bool]:
    """The exceptions of `year` to Monday to Friday: True = make-up working day, False = public holiday.
    Raises YearNotPublished."""
    return {each.day: each.works for each in chinese_day_list(year)}


def chinese_exceptions(year: int, shifts: Sequence[Shift]) -> dict[date, tuple[Shift, ...]]:
    """The exceptions of `year` as WorkCalendar.days: shut on holidays, `shifts` on make-up working days.
    Raises YearNotPublished."""
    return {day: tuple(shifts) if works else () for day, works in chinese_days(year).items()}


def is_published(year: int) -> bool:
    """Whether the whole year is in the table. National Day stands for it: an announcement may reach a day
    or two into the next January, and that does not publish the year."""
    try:
        return chinese_calendar.get_holiday_detail(date(year, 10, 1))[1] is not None
    except (NotImplementedError, ValueError):
        return False
