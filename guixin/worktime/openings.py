"""When a calendar is open, as instants: the wall clock is read here once, and never while counting.

Everything below is whole microseconds since 1970 in UTC, because Python subtracts two times of one zone by
the wall and would give or take the hour of a clock change.
"""

from bisect import bisect_right
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from itertools import chain

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
SECOND = 1_000_000
DAY = 86_400 * SECOND
LAST_YEAR = 9998  # datetime itself ends with 9999, and an overnight shift needs the next day
LONGEST_COUNT = 100  # years; 9999-12-31 in a file means "never", and counting its hours takes half a minute


class TooFarAway(ValueError):
    """A count over more than a hundred years, or at the end of time: some date is not meant as one."""


def to_microseconds(moment: datetime) -> int:
    """Microseconds since 1970. Refuses a naive moment: which instant it means is not known."""
    try:
        return (moment - EPOCH) // MICROSECOND
    except TypeError:  # asked afterwards, because asking first costs a second look into the zone
        raise ValueError(f"{moment!r} has no time zone, so it is not known which instant is meant.") from None


def to_moment(microseconds: int, zone: tzinfo) -> datetime:
    return (EPOCH + timedelta(microseconds=microseconds)).astimezone(zone)


def first_showing(wall: datetime, zone: tzinfo) -> int:
    """The first instant at which the clock on the wall shows `wall` or later.

    One rule for both edges of a shift. A time the clock skips becomes the first instant that exists; a time
    it shows twice is the first of the two (fold=0).
    """
    before_a_skip = to_microseconds(wall.replace(tzinfo=zone, fold=0))
    if to_moment(before_a_skip, zone).replace(tzinfo=None, fold=0) == wall:
        return before_a_skip
    # Skipped. The change lies after `shut` and not after `open_`; clocks change on whole seconds.
    shut = to_microseconds(wall.replace(tzinfo=zone, fold=1)) // SECOND
    open_ = -(-before_a_skip // SECOND)
    while open_ - shut > 1:
        middle = (shut + open_) // 2
        if to_moment(middle * SECOND, zone).replace(tzinfo=None) >= wall:
            open_ = middle
        else:
            shut = middle
    return open_ * SECOND


class Table:
    """Openings in order, none touching the next, with the working time before each: what bisect needs.

    opens, closes  half-open spans [opens[i], closes[i])
    before         working time in all the openings before i
    edge           everything earlier than this is known; nothing later is
    long_gap       somewhere it stays shut for 400 days, so a count has to look for it
    """

    __slots__ = ("before", "closes", "edge", "last_year", "long_gap", "opens", "total")

    def __init__(self, spans, *, begins: int, edge: int, last_year: int, too_long: int):
        opens: list[int] = []
        closes: list[int] = []
        for opening, closing in sorted(spans):
            closing = min(closing, edge)
            if closing <= opening:
                continue
            if closes and opening <= closes[-1]:
                closes[-1] = max(closes[-1], closing)
            else:
                opens.append(opening)
                closes.append(closing)
        before, total = [], 0
        for opening, closing in zip(opens, closes, strict=True):
            before.append(total)
            total += closing - opening
        self.opens, self.closes, self.before, self.total = opens, closes, before, total
        self.edge, self.last_year = edge, last_year
        shut_from = [begins, *closes]
        self.long_gap = any(o - c >= too_long for c, o in zip(shut_from, opens, strict=False))

    def worked(self, instant: int) -> int:
        """Working time from the beginning of the table to `instant`, which must not lie beyond the edge."""
        i = bisect_right(self.opens, instant) - 1
        if i < 0:
            return 0
        return self.before[i] + min(instant, self.closes[i]) - self.opens[i]


class Openings:
    """The tables of one calendar, made when first asked for and kept.

    One table for each year in which counts begin, so that one row with a year of 1011 costs one odd table
    and not nine centuries. A table grows by doubling when a count runs past its edge. Two threads may make
    the same table; both are right and the later one stays.
    """

    # Four days of the year before: a moment whose year is y in its own zone may be 30 December here.
    EARLIER = timedelta(days=4)

    def __init__(self, zone, weekly, days, *, too_long: int):
        self.zone, self.weekly, self.days, self.too_long = zone, weekly, days, too_long
        self.tables: dict[int, Table] = {}
        self._years: dict[int, list[tuple[int, int]]] = {}

    def table(self, year: int) -> Table:
        """The table for counts that begin in `year`."""
        return self.tables.get(year) or self._make(year, year)

    def longer(self, year: int) -> Table:
        """The same table reaching twice as far."""
        reaches = self.table(year).last_year
        furthest = min(LAST_YEAR, year + LONGEST_COUNT)
        if reaches >= furthest:
            raise TooFarAway(f"Working time is not counted from {year} to beyond {furthest}.")
        return self._make(year, min(furthest, reaches + (reaches - year + 1)))

    def reaching(self, year: int, instant: int) -> Table:
        """The table for `year`, long enough to know about everything before `instant`."""
        table = self.table(year)
        while table.edge < instant:
            table = self.longer(year)
        return table

    def _make(self, year: int, last_year: int) -> Table:
        if year > LAST_YEAR:
            raise TooFarAway(f"Working time is not counted beyond {LAST_YEAR}.")
        first = date(year, 1, 1)
        earlier = first - self.EARLIER if year > 1 else first
        table = Table(
            chain(
                self._spans(earlier, first),
                *(self._spans_of_year(each) for each in range(year, last_year + 1)),
            ),
            begins=to_microseconds(datetime.combine(earlier, time(), tzinfo=UTC)),
            edge=first_showing(datetime(last_year + 1, 1, 1), self.zone),  # noqa: DTZ001 - a wall clock
            last_year=last_year,
            too_long=self.too_long,
        )
        self.tables[year] = table
        return table

    def _spans_of_year(self, year: int) -> list[tuple[int, int]]:
        if year not in self._years:
            self._years[year] = list(self._spans(date(year, 1, 1), date(year + 1, 1, 1)))
        return self._years[year]

    def _spans(self, first: date, end: date) -> Iterator[tuple[int, int]]:
        day = first
        while day < end:
            shifts = self.days.get(day)
            if shifts is None:
                shifts = self.weekly.get(day.weekday(), ())
            tomorrow = day + timedelta(days=1)
            for opens, closes in shifts:
                last_day = day if closes > opens else tomorrow
                yield (
                    first_showing(datetime.combine(day, opens), self.zone),
                    first_showing(datetime.combine(last_day, closes), self.zone),
                )
            day = tomorrow
