"""Counting working time: when a promise falls due, how much of it is used, when the doors open next."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from datetime import UTC, datetime, time, timedelta

from guixin.worktime.calendars import SHUT_FOR_GOOD, WorkCalendar
from guixin.worktime.openings import (
    DAY,
    MICROSECOND,
    Table,
    first_showing,
    to_microseconds,
    to_moment,
)

Pauses = Iterable[tuple[datetime, datetime | None]]
NOTHING = timedelta(0)
NOT_ENDED = 1 << 63  # later than any datetime


class NoWorkingTime(Exception):
    """The calendar stays shut for 400 days: a promise in it would never fall due."""


class StillPaused(Exception):
    """The clock stands still and nobody has said until when, so there is no due time yet."""


def due_at(start: datetime, budget: timedelta, calendar: WorkCalendar, pauses: Pauses = ()) -> datetime:
    """When a promise of `budget` working time, begun at `start`, falls due.

    start     aware datetime, any zone
    budget    timedelta >= 0, counted in working time, not on the wall clock
    calendar  WorkCalendar of the department that made the promise
    pauses    half-open aware spans (from, to) that do not count, in any order, overlapping if they like;
              to = None is a pause that has not ended; one that ends before it begins holds no time

    Returns an aware datetime in the calendar's zone: the first instant by which the whole budget has
    passed. Outside opening hours the count waits for the next opening; a budget used up at closing time is
    due at closing time, not the next morning. A budget of zero is due at `start` itself, open or not.
    Raises NoWorkingTime if the calendar stays shut for 400 days, StillPaused if an unended pause began
    before the budget had passed (one that began later changes nothing), ValueError for a naive moment, and
    its kind TooFarAway for a count of over a hundred years.
    Openings are half-open, [opens, closes), and are added up in UTC, so a clock change neither gives nor
    takes an hour. Exact to the microsecond. Source: catalogue P4 and S4.

    >>> friday = datetime(2026, 3, 6, 17, tzinfo=ZoneInfo("Asia/Shanghai"))
    >>> due_at(friday, timedelta(hours=2), NINE_TO_SIX).isoformat()   # 1 h Friday, 1 h Monday
    '2026-03-09T10:00:00+08:00'
    """
    if budget <= NOTHING:
        if budget < NOTHING:
            raise ValueError("A promise cannot be shorter than nothing.")
        return to_moment(to_microseconds(start), calendar.zone)
    if not pauses:
        if calendar.always and start.utcoffset() is not None:
            return (start.astimezone(UTC) + budget).astimezone(calendar.zone)
        begun = to_microseconds(start)
        return to_moment(_passed(calendar, start.year, begun, budget // MICROSECOND), calendar.zone)

    counted_from, left = to_microseconds(start), budget // MICROSECOND
    for paused_from, paused_to in in_order(pauses):
        if paused_to <= counted_from:
            continue
        if paused_from > counted_from:
            used = _worked(calendar, start.year, counted_from, paused_from)
            if used >= left:
                break
            left -= used
        if paused_to == NOT_ENDED:
            raise StillPaused("The clock is paused and the end of the pause is not known.")
        counted_from = paused_to
    return to_moment(_passed(calendar, start.year, counted_from, left), calendar.zone)


def elapsed(start: datetime, end: datetime, calendar: WorkCalendar, pauses: Pauses = ()) -> timedelta:
    """Working time in [start, end) that was not paused; zero if `end` is not after `start`.

    A pause that has not ended (to = None) reaches to `end`. Pauses and TooFarAway as in due_at.
    """
    begun, ended = to_microseconds(start), to_microseconds(end)
    if ended <= begun:
        return NOTHING
    total = sum(_worked(calendar, start.year, a, b) for a, b in unpaused(begun, ended, pauses))
    return timedelta(microseconds=total)


def opens_next(calendar: WorkCalendar, at: datetime) -> datetime:
    """The first working instant not before `at`, in the calendar's zone; `at` itself when open."""
    instant = to_microseconds(at)
    if not calendar.always:
        # The first microsecond of work has passed one microsecond after it began.
        instant = _passed(calendar, at.year, instant, 1) - 1
    return to_moment(instant, calendar.zone)


def is_provisional(calendar: WorkCalendar, due: datetime) -> bool:
    """Whether `due` rests on a year whose holidays are not published yet. Midnight after the last
    published day rests on published days alone."""
    instant = to_microseconds(due)
    if calendar.always or calendar.published_until is None:
        return False
    day_after = calendar.published_until + timedelta(days=1)
    return instant > first_showing(datetime.combine(day_after, time()), calendar.zone)


def in_order(pauses: Pauses) -> list[tuple[int, int]]:
    """Pauses that hold time, by their beginning, in microseconds; one not ended ends at NOT_ENDED."""
    spans = sorted(
        (to_microseconds(from_), NOT_ENDED if to is None else to_microseconds(to)) for from_, to in pauses
    )
    return [span for span in spans if span[0] < span[1]]


def unpaused(begun: int, ended: int, pauses: Pauses) -> list[tuple[int, int]]:
    """What is left of [begun, ended) without the pauses, in microseconds."""
    left = []
    for paused_from, paused_to in in_order(pauses):
        if paused_from >= ended:
            break
        if paused_from > begun:
            left.append((begun, paused_from))
        begun = max(begun, paused_to)
    if begun < ended:
        left.append((begun, ended))
    return left


def _worked(calendar: WorkCalendar, year: int, begun: int, ended: int) -> int:
    if calendar.always:
        return ended - begun
    table = calendar.openings.reaching(year, ended)
    return table.worked(ended) - table.worked(begun)


def _passed(calendar: WorkCalendar, year: int, begun: int, budget: int) -> int:
    """The first instant by which `budget` > 0 has passed. This is the loop imports and recomputes live in:
    two bisections in a table, and nothing else once the table is there."""
    if calendar.always:
        return begun + budget
    openings = calendar.openings
    table = openings.tables.get(year) or openings.table(year)
    while True:
        opens, before = table.opens, table.before
        at = bisect_right(opens, begun) - 1
        goal = budget
        if at >= 0:
            closes = table.closes[at]
            goal += before[at] - opens[at] + (begun if begun < closes else closes)
        if goal <= table.total:
            i = bisect_left(before, goal) - 1
            if table.long_gap:
                _refuse_a_long_gap(table, at, i, begun)
            return opens[i] + goal - before[i]
        shut_since = max(begun, table.closes[-1]) if opens else begun
        if table.edge - shut_since >= SHUT_FOR_GOOD:
            name = f" “{calendar.name}”" if calendar.name else ""
            raise NoWorkingTime(f"The calendar{name} has no working time within {SHUT_FOR_GOOD // DAY} days.")
        table = openings.longer(year)


def _refuse_a_long_gap(table: Table, at: int, last: int, begun: int) -> None:
    shut_since = begun if at < 0 else max(begun, table.closes[at])
    for i in range(at + 1, last + 1):
        if table.opens[i] - shut_since >= SHUT_FOR_GOOD:
            raise NoWorkingTime(f"The calendar stays shut for {SHUT_FOR_GOOD // DAY} days.")
        shut_since = table.closes[i]
