"""What came in day by day, by category, product and department, and what was found out, by quality point and cause: counted
by a worker, read by the alarm and its pages.

A case comes in on the day it is opened and is classified on the day it is closed, so these are two streams, each with its
days. A day is counted again as long as its number of cases is not the one that was counted: today again and again, an
earlier day when somebody imports or takes in what arrived then.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.utils import timezone

from guixin.ledger.bulk import fetch_rows, insert_rows
from guixin.serve.models import DayCount
from guixin.serve.models.surge import Dimension
from guixin.serve.surging import BASELINE, CLASSIFIED, EVERYTHING, GUARD, Cell, Count, Report, Tallies, Tally

KEPT = timedelta(days=120)
LONGEST_VALUE = 200
_COLUMNS = {
    "day": "date", "dimension": "text", "value": "text", "cases": "integer", "quarters": "integer",
    "minutes": "integer",
}  # fmt: skip


def cells_of(category: str, product: str, department: str) -> tuple[Cell, ...]:
    """Where one case counts: with all, in its category and those above it, its product, its department."""
    found = [EVERYTHING, *_with_those_above(Dimension.CATEGORY, category)]
    if called := " ".join(product.upper().split())[:LONGEST_VALUE]:
        found.append((Dimension.PRODUCT.value, called))
    if department:
        found.append((Dimension.DEPARTMENT.value, department))
    return tuple(found)


def cells_of_closing(quality_point: str, cause: str) -> tuple[Cell, ...]:
    """Where its classification counts: with all, in its quality point and its cause, and those above them."""
    found = [CLASSIFIED, *_with_those_above(Dimension.QUALITY_POINT, quality_point)]
    return (*found, *_with_those_above(Dimension.CAUSE, cause))


def _with_those_above(dimension: Dimension, code: str) -> list[Cell]:
    steps = code.split("/") if code else []
    return [(dimension.value, "/".join(steps[: n + 1])) for n in range(len(steps))]


def midnight(day: date) -> datetime:
    """The first instant of a day, where the firm is."""
    return timezone.make_aware(datetime.combine(day, time.min))


@dataclass(frozen=True)
class Stream:
    """What is counted together.

    whole    the cell that holds all of it
    cells    those a row counts in, from what stands in it after (id, moment, hand)
    rows     SELECT of [from, to) up to a moment: (id, moment, hand, …)
    numbers  SELECT of how many there are by day, by the zone, of [from, up to a moment]
    first    SELECT of the first moment
    """

    whole: Cell
    cells: Callable[..., tuple[Cell, ...]]
    rows: str
    numbers: str
    first: str

    def reports_of(self, day: date, until: datetime) -> list[Report]:
        """Everything of this day up to then."""
        zone = timezone.get_default_timezone()
        rows = fetch_rows(self.rows, [midnight(day), midnight(day + timedelta(days=1)), until])
        return [Report(pk, at.astimezone(zone), hand, self.cells(*facts)) for pk, at, hand, *facts in rows]

    def first_day(self) -> date | None:
        """The first day with anything."""
        rows = fetch_rows(self.first, [])
        return timezone.localdate(rows[0][0]) if rows else None


# Whose hand: the channel with whoever answers for the case from the first second, or the file it was imported from.
_CASES = """
    SELECT c.id, c.opened_at, c.channel || ':' || c.owner_id || ':' || c.source, c.category, c.product, d.code
    FROM serve_case c JOIN organisation_department d ON d.id = coalesce(
        (SELECT t.department_id FROM serve_task t WHERE t.case_id = c.id ORDER BY t.stage, t.id LIMIT 1),
        c.department_id)
    WHERE c.opened_at >= %s AND c.opened_at < %s AND c.opened_at <= %s ORDER BY c.opened_at, c.id
"""


_NUMBERS = """
    SELECT (opened_at AT TIME ZONE %s)::date AS day, count(*)::int FROM serve_case
    WHERE opened_at >= %s AND opened_at <= %s GROUP BY 1
"""
# The words that make an index of its own serve these; a case that is closed twice on a day was found out once.
_CLOSINGS = """
    SELECT DISTINCT ON (l.case_id) l.case_id, l.at, 'closing:' || coalesce(l.by_id, 0), l.quality_point, l.cause
    FROM serve_closing l WHERE l.at >= %s AND l.at < %s AND l.at <= %s
      AND (NOT (l.quality_point = '') OR NOT (l.cause = '')) ORDER BY l.case_id, l.at DESC
"""
_NUMBERS_CLOSED = """
    SELECT (at AT TIME ZONE %s)::date AS day, count(DISTINCT case_id)::int FROM serve_closing
    WHERE at >= %s AND at <= %s AND (NOT (quality_point = '') OR NOT (cause = '')) GROUP BY 1
"""
_FIRST_CLOSED = """
    SELECT at FROM serve_closing WHERE NOT (quality_point = '') OR NOT (cause = '') ORDER BY at LIMIT 1
"""
OPENED = Stream(
    EVERYTHING, cells_of, _CASES, _NUMBERS, "SELECT opened_at FROM serve_case ORDER BY opened_at, id LIMIT 1"
)
FOUND_OUT = Stream(CLASSIFIED, cells_of_closing, _CLOSINGS, _NUMBERS_CLOSED, _FIRST_CLOSED)
STREAMS = (OPENED, FOUND_OUT)
_OF_CLOSINGS = (Dimension.CLASSIFIED, Dimension.QUALITY_POINT, Dimension.CAUSE)


def whole_of(dimension: str) -> Cell:
    """The cell of everything that is counted like this one."""
    return CLASSIFIED if dimension in _OF_CLOSINGS else EVERYTHING


def bring_up_to_date(stream: Stream, now: datetime) -> dict[date, dict[Cell, Tally]]:
    """Count the days that are not counted as they stand now. Returns what came in today and yesterday."""
    today = timezone.localdate(now)
    first = today - GUARD - BASELINE - timedelta(days=1)
    there = dict(fetch_rows(stream.numbers, [str(timezone.get_default_timezone()), midnight(first), now]))
    of_days = DayCount.objects.filter(day__gte=first, day__lte=today, dimension=stream.whole[0])
    counted = dict(of_days.values_list("day", "cases"))
    latest = {
        each: Tallies(stream.reports_of(each, now)).cells for each in (today - timedelta(days=1), today)
    }
    for each in sorted(day for day in there.keys() | counted.keys() if there.get(day) != counted.get(day)):
        _keep(stream, each, latest[each] if each in latest else Tallies(stream.reports_of(each, now)).cells)
    DayCount.objects.filter(day__lt=today - KEPT).delete()
    return latest


def _keep(stream: Stream, day: date, found: Mapping[Cell, Tally]) -> None:
    of_day = DayCount.objects.filter(day=day)
    is_found_out = stream is FOUND_OUT
    (of_day.filter if is_found_out else of_day.exclude)(dimension__in=_OF_CLOSINGS).delete()
    insert_rows(
        "serve_daycount",
        _COLUMNS,
        [(day, *cell, len(each.keys), *each.count) for cell, each in found.items()],
    )


def past_of(cells: Collection[Cell], until: date) -> dict[Cell, dict[date, Count]]:
    """The independent reports of these cells by day, as far back as a baseline of that day goes."""
    wanted = sorted({*cells, *(whole_of(cell[0]) for cell in cells)})
    asked: list[Any] = [
        [cell[0] for cell in wanted],
        [cell[1] for cell in wanted],
        until - GUARD - BASELINE,
        until,
    ]
    found: dict[Cell, dict[date, Count]] = {}
    for dimension, value, day, *count in fetch_rows(_PAST, asked):
        found.setdefault((dimension, value), {})[day] = Count(*count)
    return found


_PAST = """
    SELECT d.dimension, d.value, d.day, d.quarters, d.minutes FROM unnest(%s::text[], %s::text[]) AS asked (dimension, value)
    JOIN serve_daycount d ON d.dimension = asked.dimension AND d.value = asked.value
    WHERE d.day >= %s::date AND d.day < %s::date
"""
