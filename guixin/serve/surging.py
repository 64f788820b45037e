"""When do more cases come in than the day of the week and chance explain? The rule of the surge alarm, without a database.

For each cell (a category, a product, a department, all together) and day: how many independent reports came, against
what the same weekdays of the eight weeks before make likely. The week just before counts for nothing, or a surge that
grows would be its own yardstick.

* The expected number knows the day of the week: each cell has its own weekday profile, drawn towards the firm's where
  the cell has seen little.
* How likely so many or more are is the tail of the gamma-Poisson (negative binomial) prediction from all reports of those
  weeks, which stays right where they were few. Limits of three sigma do not.
* Days scatter more than chance alone in most firms. As in Laney's u'-chart the moving range of the standardised days
  measures by how much, and the tail is widened by it.
* Thousands of cells are looked at every day: Benjamini and Hochberg's step decides which are too unlikely to be chance.
* A batch is no surge. Somebody who types in a list brings one case every minute or two, all of a kind; callers in a storm come
  all day long and to everybody. So what one hand enters into one cell within a quarter of an hour counts once, here and
  in the weeks before. Where so many are usual that quarters of an hour would all be full anyway, and a list does not
  matter any more, it is a minute.

Sources: Brown, Cai & DasGupta on predictive limits; Laney 2002; Benjamini & Hochberg 1995; docs/classification.md.
"""

from collections.abc import Callable, Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import NamedTuple

Cell = tuple[str, str]  # (dimension, value): ("category", "quality/colour")
EVERYTHING: Cell = ("all", "")
CLASSIFIED: Cell = ("classified", "")

GUARD = timedelta(days=7)  # the week before says nothing about what is usual
BASELINE = timedelta(days=56)  # the eight weeks before that do
LEAST_DAYS = 28  # of them, or nothing is said
LEAST = 5  # fewer independent reports a day are never a surge
LEAST_TIMES = 1.5  # nor is less than this times the usual: real perhaps, but nobody would act on it
BY_CHANCE = 0.001  # at most this share of days with a false alarm, over all cells
DRAWN_BY = 20.0  # reports' worth of the firm's weekdays in the profile of a cell
BUSY = 50.0  # from so many usual a day on, a minute takes the place of a quarter of an hour
QUARTER = 15  # minutes
SHARED = 0.5  # two alarms that have more than this of their cases in common are one


@dataclass(frozen=True, slots=True)
class Report:
    """One case as it came in. `at` in the firm's zone; `hand`: through whom or what, a batch has one."""

    key: Hashable
    at: datetime
    hand: str
    cells: tuple[Cell, ...]


class Count(NamedTuple):
    """Independent reports: those of one hand within a quarter of an hour counted once, or within a minute."""

    quarters: int
    minutes: int


NONE = Count(0, 0)


@dataclass(slots=True)
class Tally:
    """One cell on one day."""

    keys: list[Hashable] = field(default_factory=list)
    quarters: set[tuple[str, int]] = field(default_factory=set)  # hand, and which of the day
    minutes: set[tuple[str, int]] = field(default_factory=set)

    @property
    def count(self) -> Count:
        return Count(len(self.quarters), len(self.minutes))


class Tallies:
    """The cells of one day as its reports come in."""

    def __init__(self, reports: Iterable[Report] = ()):
        self.cells: dict[Cell, Tally] = {}
        for report in reports:
            self.add(report)

    def add(self, report: Report) -> None:
        minute = report.at.hour * 60 + report.at.minute
        for cell in report.cells:
            of_cell = self.cells.setdefault(cell, Tally())
            of_cell.keys.append(report.key)
            of_cell.minutes.add((report.hand, minute))
            of_cell.quarters.add((report.hand, minute // QUARTER))

    def counts(self) -> dict[Cell, Count]:
        return {cell: each.count for cell, each in self.cells.items()}


@dataclass(frozen=True)
class Usual:
    """What is usual for one cell on one day, from the weeks before it."""

    seen: float  # reports in those weeks
    exposure: float  # of those days, in days of average weight
    weight: float  # of the day in question
    scatter: float  # 1: as chance has it; 4: twice as wide
    by_minute: bool  # whether minutes are counted rather than quarters of an hour

    @property
    def expected(self) -> float:
        return (self.seen + 0.5) * self.weight / self.exposure

    def chance_of(self, number: float) -> float:
        """How likely so many or more are.

        The tail of NegBin(seen + 1/2, exposure / (exposure + weight)), its counts divided by the scatter: the incomplete
        beta function takes them as they are.
        """
        from scipy.special import betainc

        if number <= 0:
            return 1.0
        share = self.weight / (self.exposure + self.weight)
        return float(betainc(number / self.scatter, (self.seen + 0.5) / self.scatter, share))

    def limit(self, chance: float) -> int:
        """The smallest number at least that unlikely, and worth a word."""
        low = max(LEAST, -int(-self.expected * LEAST_TIMES // 1))
        high = low
        while self.chance_of(high) > chance:
            low, high = high + 1, high * 2
        while low < high:
            middle = (low + high) // 2
            low, high = (low, middle) if self.chance_of(middle) <= chance else (middle + 1, high)
        return high


@dataclass(frozen=True)
class Found:
    """A surge: `observed` independent reports where `limit` would have been enough."""

    cell: Cell
    observed: int
    usual: Usual
    limit: int
    chance: float


class Baseline:
    """What is usual on one day, from the days before.

    past    the reports of each cell by day; days without any may be left out
    since   the first day with records; before it nothing is known
    whole   the cell that holds all of them, and tells how heavy each weekday is
    """

    def __init__(
        self, day: date, past: Mapping[Cell, Mapping[date, Count]], since: date, whole: Cell = EVERYTHING
    ):
        first = max(day - GUARD - BASELINE, since)
        self.day, self.past = day, past
        self.days = [first + timedelta(days=n) for n in range(max((day - GUARD - first).days, 0))]
        self.profile = [1.0] * 7
        if self.is_enough:
            everything = past.get(whole, {})
            self.profile = self._weights(
                {day: count.minutes for day, count in everything.items()}, self.profile
            )
        self._usual: dict[Cell, Usual] = {}

    @property
    def is_enough(self) -> bool:
        return len(self.days) >= LEAST_DAYS

    def _weights(self, counts: Mapping[date, int], drawn_to: Sequence[float]) -> list[float]:
        """How heavy each weekday is, Monday first; 1 is an average day."""
        rate = sum(counts.get(day, 0) for day in self.days) / len(self.days)
        seen, days = [0.0] * 7, [0] * 7
        for day in self.days:
            seen[day.weekday()] += counts.get(day, 0)
            days[day.weekday()] += 1
        return [(seen[of] + DRAWN_BY * drawn_to[of]) / (rate * days[of] + DRAWN_BY) for of in range(7)]

    def usual(self, cell: Cell) -> Usual:
        if cell not in self._usual:
            seen = self.past.get(cell, {})
            by_minute = self._worked_out({day: count.minutes for day, count in seen.items()}, by_minute=True)
            self._usual[cell] = (
                by_minute
                if by_minute.expected >= BUSY
                else self._worked_out({day: count.quarters for day, count in seen.items()}, by_minute=False)
            )
        return self._usual[cell]

    def _worked_out(self, counts: Mapping[date, int], *, by_minute: bool) -> Usual:
        weights = self._weights(counts, self.profile)
        seen = float(sum(counts.get(day, 0) for day in self.days))
        exposure = sum(weights[day.weekday()] for day in self.days)
        scatter = _scatter(
            [(counts.get(day, 0), seen * weights[day.weekday()] / exposure) for day in self.days]
        )
        return Usual(seen, exposure, weights[self.day.weekday()], scatter, by_minute)

    def surges(self, today: Mapping[Cell, Count]) -> list[Found]:
        """The cells with too many reports so far today, the most unlikely first.

        Counts of a day that is not over are held against the whole day: that can only be late, never wrong.
        """
        if not self.is_enough:
            return []
        tested = []
        for cell, count in today.items():
            if count.minutes < LEAST:
                continue
            usual = self.usual(cell)
            observed = count.minutes if usual.by_minute else count.quarters
            if observed >= LEAST and observed >= usual.expected * LEAST_TIMES:
                tested.append((usual.chance_of(observed), cell, observed, usual))
        tested.sort(key=lambda one: one[:2])
        alone = BY_CHANCE / max(len(today), 1)
        last = max((rank for rank, one in enumerate(tested, start=1) if one[0] <= alone * rank), default=0)
        return [
            Found(cell, observed, usual, min(usual.limit(alone * last), observed), chance)
            for chance, cell, observed, usual in tested[:last]
        ]


def _scatter(days: Sequence[tuple[int, float]]) -> float:
    """By how much days vary more than chance: the square of Laney's sigma of the standardised counts; at least 1."""
    standardised = [(seen - expected) / expected**0.5 for seen, expected in days if expected > 0]
    if len(standardised) < 2:
        return 1.0
    ranges = [abs(one - before) for before, one in pairwise(standardised)]
    return max((sum(ranges) / len(ranges) / 1.128) ** 2, 1.0)


def apart(
    found: Sequence[Found], keys_of: Callable[[Cell], Collection[Hashable]],
    known: Collection[Cell] = (), told: Collection[Hashable] = (),
) -> list[Found]:  # fmt: skip
    """One alarm for one thing: of cells that mostly hold the same cases only the most concentrated is left; of two that are
    equally so, the one that holds nothing besides.

    known   cells that have an alarm already; they stay
    told    the cases of those
    """
    kept: list[Found] = []
    spoken_of = set(told)
    held = {each.cell: set(keys_of(each.cell)) for each in found}

    def how_concentrated(each: Found) -> tuple:
        return -each.observed / each.usual.expected, each.chance, len(held[each.cell]), each.cell

    for one in sorted(found, key=how_concentrated):
        keys = held[one.cell]
        # A list that somebody typed in makes a cell larger, and no surge of its own.
        if one.cell in known or len(keys & spoken_of) <= SHARED * min(len(keys), one.observed):
            kept.append(one)
            spoken_of |= keys
    return kept
