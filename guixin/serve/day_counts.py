"""What came in day by day, by category, product and department: counted by a worker, read by the alarm and its pages.

A day is counted again as long as its number of cases is not the one that was counted: today again and again, an earlier
day when somebody imports or takes in what arrived then.
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from django.utils import timezone

from guixin.ledger.bulk import fetch_rows, insert_rows
from guixin.serve.models import DayCount
from guixin.serve.models.surge import Dimension
from guixin.serve.surging import BASELINE, EVERYTHING, GUARD, Cell, Count, Report, Tallies, Tally

KEPT = timedelta(days=120)
LONGEST_VALUE = 200
_COLUMNS = {
    "day": "date", "dimension": "text", "value": "text", "cases": "integer", "quarters": "integer",
    "minutes": "integer",
}  # fmt: skip


def cells_of(category: str, product: str, department: str) -> tuple[Cell, ...]:
    """Where one case counts: with all, in its category and those above it, its product, its department."""
    steps = category.split("/") if category else []
    found = [EVERYTHING, *((Dimension.CATEGORY.value, "/".join(steps[: n + 1])) for n in range(len(steps)))]
    if called := " ".join(product.upper().split())[:LONGEST_VALUE]:
        found.append((Dimension.PRODUCT.value, called))
    if department:
        found.append((Dimension.DEPARTMENT.value, department))
    return tuple(found)


def midnight(day: date) -> datetime:
    """The first instant of a day, where the firm is."""
    return timezone.make_aware(datetime.combine(day, time.min))


def reports_of(day: date, until: datetime) -> list[Report]:
    """Every case that came in on this day up to then. Its hand is the channel with whoever answers for it from the first second, or
    the file it was imported from."""
    zone = timezone.get_default_timezone()
    rows = fetch_rows(_CASES, [midnight(day), midnight(day + timedelta(days=1)), until])
    return [
        Report(pk, at.astimezone(zone), hand, cells_of(category, product, department))
        for pk, at, hand, category, product, department in rows
    ]


_CASES = """
    SELECT c.id, c.opened_at, c.channel || ':' || c.owner_id || ':' || c.source, c.category, c.product, d.code
    FROM serve_case c JOIN organisation_department d ON d.id = coalesce(
        (SELECT t.department_id FROM serve_task t WHERE t.case_id = c.id ORDER BY t.stage, t.id LIMIT 1),
        c.department_id)
    WHERE c.opened_at >= %s AND c.opened_at < %s AND c.opened_at <= %s ORDER BY c.opened_at, c.id
"""


def bring_up_to_date(now: datetime) -> dict[date, dict[Cell, Tally]]:
    """Count the days that are not counted as they stand now. Returns what came in today and yesterday."""
    today = timezone.localdate(now)
    first = today - GUARD - BASELINE - timedelta(days=1)
    there = dict(fetch_rows(_NUMBERS, [str(timezone.get_default_timezone()), midnight(first), now]))
    counted = dict(
        DayCount.objects.filter(day__gte=first, day__lte=today, dimension=Dimension.ALL).values_list(
            "day", "cases"
        )
    )
    latest = {each: Tallies(reports_of(each, now)).cells for each in (today - timedelta(days=1), today)}
    for each in sorted(day for day in there.keys() | counted.keys() if there.get(day) != counted.get(day)):
        _keep(each, latest[each] if each in latest else Tallies(reports_of(each, now)).cells)
    DayCount.objects.filter(day__lt=today - KEPT).delete()
    return latest


_NUMBERS = """
    SELECT (opened_at AT TIME ZONE %s)::date AS day, count(*)::int FROM serve_case
    WHERE opened_at >= %s AND opened_at <= %s GROUP BY 1
"""


def _keep(day: date, found: Mapping[Cell, Tally]) -> None:
    DayCount.objects.filter(day=day).delete()
    insert_rows(
        "serve_daycount",
        _COLUMNS,
        [(day, *cell, len(each.keys), *each.count) for cell, each in found.items()],
    )


def first_day() -> date | None:
    """The first day with a case."""
    rows = fetch_rows("SELECT opened_at FROM serve_case ORDER BY opened_at, id LIMIT 1", [])
    return timezone.localdate(rows[0][0]) if rows else None


def past_of(cells: Iterable[Cell], until: date) -> dict[Cell, dict[date, Count]]:
    """The independent reports of these cells by day, as far back as a baseline of that day goes."""
    wanted = sorted({*cells, EVERYTHING})
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
