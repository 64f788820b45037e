"""The working-out of a deadline: which stretches of which days were counted, and how to say so."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date as Date
from datetime import datetime, time, timedelta

from guixin.worktime.calendars import WorkCalendar
from guixin.worktime.counting import Pauses, unpaused
from guixin.worktime.openings import to_microseconds, to_moment

SHOWN_WHOLE = 6  # more than this and the middle is folded
SHOWN_FIRST, SHOWN_LAST = 3, 2


@dataclass(frozen=True)
class Stretch:
    """A span that counted in full, [from_, to) in the calendar's zone.

    counted  what passed in it, which is not `to - from_` across a clock change
    date     the day it begins on, in the calendar's zone
    """

    from_: datetime
    to: datetime
    counted: timedelta
    date: Date


def working_out(start: datetime, end: datetime, calendar: WorkCalendar, pauses: Pauses = ()) -> list[Stretch]:
    """What counted between `start` and `end`, in order: one stretch for each opening, cut where a pause lay.

    Shifts that touch or overlap are one opening. `counted` adds up to elapsed(start, end, calendar, pauses),
    and so, when `end` is the due time, to the budget.
    """
    begun, ended = to_microseconds(start), to_microseconds(end)
    if ended <= begun:
        return []
    stretches = []
    for first, last in unpaused(begun, ended, pauses):
        for opening, closing in _openings(calendar, start.year, first, last):
            from_ = to_moment(opening, calendar.zone)
            counted = timedelta(microseconds=closing - opening)
            stretches.append(Stretch(from_, to_moment(closing, calendar.zone), counted, from_.date()))
    return stretches


def _openings(calendar: WorkCalendar, year: int, begun: int, ended: int) -> Iterator[tuple[int, int]]:
    if calendar.always:
        yield begun, ended
        return
    table = calendar.openings.reaching(year, ended)
    for i in range(max(0, bisect_right(table.opens, begun) - 1), len(table.opens)):
        if table.opens[i] >= ended:
            return
        opening, closing = max(begun, table.opens[i]), min(ended, table.closes[i])
        if opening < closing:
            yield opening, closing


def working_out_in_words(stretches: Sequence[Stretch], language: str = "zh-hans") -> str:
    """The stretches as one line a customer could check with a calendar in hand.

    language  "zh-hans" (any "zh…") or "en" (anything else)

    Weekdays alone while they are unambiguous; with dates once the stretches reach over a week. Long lists
    keep their beginning and end, and the middle says how many days and how much time it holds.
    """
    if not stretches:
        return ""
    say = _Chinese() if language.lower().startswith("zh") else _English()
    with_dates = (stretches[-1].to.date() - stretches[0].date).days >= 7
    if len(stretches) <= SHOWN_WHOLE:
        return say.comma.join(say.stretch(each, with_dates) for each in stretches)
    folded = stretches[SHOWN_FIRST:-SHOWN_LAST]
    days = len({each.date for each in folded})
    middle = f"… {say.days(days)} {say.duration(sum((each.counted for each in folded), timedelta()))} …"
    return say.comma.join(
        [
            *(say.stretch(each, with_dates) for each in stretches[:SHOWN_FIRST]),
            middle,
            *(say.stretch(each, with_dates) for each in stretches[-SHOWN_LAST:]),
        ]
    )


class _English:
    comma, dash = ", ", "-"
    units = ("h", "min", "s")
    weekdays = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
    months = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
    less_than_a_second = "<1 s"

    def day(self, day: Date, with_date: bool) -> str:
        weekday = self.weekdays[day.weekday()]
        return f"{weekday} {day.day} {self.months[day.month - 1]}" if with_date else weekday

    def days(self, count: int) -> str:
        return f"{count} day" if count == 1 else f"{count} days"

    def stretch(self, stretch: Stretch, with_dates: bool) -> str:
        from_, to = stretch.from_, stretch.to
        last_day = to.date()
        if to.time() == time() and last_day > stretch.date:
            last_day -= timedelta(days=1)  # midnight belongs to the day it ends: 18:00-24:00
        ends = "24:00" if last_day < to.date() else _clock(to)
        if last_day != stretch.date:
            ends = f"{self.day(last_day, with_dates)} {ends}"
        begins = f"{self.day(stretch.date, with_dates)} {_clock(from_)}"
        return f"{begins}{self.dash}{ends} {self.duration(stretch.counted)}"

    def duration(self, duration: timedelta) -> str:
        """Hours, minutes, seconds; never days, because a working day is not 24 hours."""
        hours, rest = divmod(duration, timedelta(hours=1))
        minutes, seconds = divmod(int(rest.total_seconds()), 60)
        numbers = zip((hours, minutes, seconds), self.units, strict=True)
        return " ".join(f"{number} {unit}" for number, unit in numbers if number) or self.less_than_a_second


class _Chinese(_English):
    comma, dash = "，", "–"
    units = ("小时", "分钟", "秒")
    weekdays = ("周一", "周二", "周三", "周四", "周五", "周六", "周日")
    less_than_a_second = "不足 1 秒"

    def day(self, day: Date, with_date: bool) -> str:
        weekday = self.weekdays[day.weekday()]
        return f"{day.month}月{day.day}日{weekday}" if with_date else weekday

    def days(self, count: int) -> str:
        return f"{count} 天"


def _clock(moment: datetime) -> str:
    return f"{moment:%H:%M:%S}" if moment.second else f"{moment:%H:%M}"
