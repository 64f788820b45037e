"""The lifecycle of the business and of each product line: counted by a worker in a few statements, read by pages.

A customer counts in a period in which they bought; what was taken back or corrected makes nobody active. Merged customers
count as the one that remains.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from guixin.understand.models import LifecyclePeriod
from guixin.understand.stages import Stage, Verdict, stage
from guixin.web import money
from guixin.web.intervals import wilson

Length = LifecyclePeriod.Length
PEN = 0x6C696665  # "life": the advisory lock of whoever counts
EVERY = timedelta(hours=1)
A_YEAR = {Length.MONTH: 12, Length.QUARTER: 4}
SHOWN = {Length.MONTH: 24, Length.QUARTER: 12}
WHICH = ("active", "new", "retained", "reactivated", "dormant", "cumulative")


# -- counting ------------------------------------------------------------------------------------------------------


@transaction.atomic
def count_next(now: datetime) -> bool:
    """Count again if an hour has passed and something was bought since, or a day began. Never says there is more."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [PEN])
        if not cursor.fetchone()[0]:
            return False
    last = LifecyclePeriod.objects.order_by("-counted_at").values_list("counted_at", flat=True).first()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT max(landed_at) FROM (SELECT landed_at FROM understand_purchase ORDER BY id DESC LIMIT 1) p"
        )
        landed = cursor.fetchone()[0]
    if landed is None or (last and last > now - EVERY):
        return False
    if last and last >= landed and timezone.localdate(last) == timezone.localdate(now):
        return False
    count_again(now)
    return False


def count_again(now: datetime) -> None:
    """Every period of the business and of every line anew."""
    asked = {
        "zone": str(timezone.get_default_timezone()), "currency": money.firm_currency(), "now": now,
    }  # fmt: skip
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM understand_lifecycleperiod")
        for length, step in ((Length.MONTH, "1 month"), (Length.QUARTER, "3 months")):
            for line, of_line in (
                ("''", ""),
                ("g.line", "JOIN understand_product g ON g.id = p.product_id AND g.line <> ''"),
            ):
                values: dict[str, Any] = {**asked, "length": length.value, "step": step}
                cursor.execute(_COUNT.format(line=line, of_line=of_line), values)


# One pass over the purchases: each customer's periods, and for each the one before it.
_COUNT = """
    WITH bought AS MATERIALIZED (
        SELECT {line} AS line, coalesce(c.merged_into_id, c.id) AS customer_id,
               date_trunc(%(length)s, p.bought_at AT TIME ZONE %(zone)s)::date AS begins,
               bool_or(p.kind = 'sale') AS is_active,
               coalesce(sum(p.amount) FILTER (WHERE p.currency = %(currency)s AND p.kind <> 'correction'), 0) AS net
        FROM understand_purchase p JOIN understand_customer c ON c.id = p.customer_id {of_line}
        WHERE p.bought_at <= %(now)s
        GROUP BY 1, 2, 3),
    followed AS (
        SELECT line, customer_id, begins, lag(begins) OVER (PARTITION BY line, customer_id ORDER BY begins) AS before
        FROM bought WHERE is_active),
    counted AS (
        SELECT line, begins, count(*) AS active, count(*) FILTER (WHERE before IS NULL) AS new,
               count(*) FILTER (WHERE before = (begins - %(step)s::interval)::date) AS retained,
               count(*) FILTER (WHERE before < (begins - %(step)s::interval)::date) AS reactivated
        FROM followed GROUP BY line, begins),
    worth AS (SELECT line, begins, sum(net) AS net FROM bought GROUP BY line, begins),
    spans AS (
        SELECT line, generate_series(min(begins), date_trunc(%(length)s, %(now)s::timestamptz AT TIME ZONE %(zone)s)::date,
               %(step)s::interval)::date AS begins FROM counted GROUP BY line)
    INSERT INTO understand_lifecycleperiod
        (line, length, begins, active, new, retained, reactivated, cumulative, net, counted_at)
    SELECT s.line, %(length)s, s.begins, coalesce(c.active, 0), coalesce(c.new, 0), coalesce(c.retained, 0),
           coalesce(c.reactivated, 0), sum(coalesce(c.new, 0)) OVER (PARTITION BY s.line ORDER BY s.begins),
           coalesce(w.net, 0), %(now)s
    FROM spans s LEFT JOIN counted c USING (line, begins) LEFT JOIN worth w USING (line, begins)
"""


# -- reading -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Period:
    """One period with its shares. `retention`: of those of the period before who bought again; with its interval."""

    row: LifecyclePeriod
    is_complete: bool
    retention: float | None
    interval: tuple[float, float] | None
    share_of_customers: float | None  # of the line in the business
    share_of_value: float | None


@dataclass(frozen=True)
class Course:
    """What is known of one line (blank: the business), the newest periods last."""

    line: str
    length: str
    periods: list[Period]
    verdict: Verdict

    @property
    def latest(self) -> Period | None:
        """The last complete period."""
        return next((each for each in reversed(self.periods) if each.is_complete), None)


def lines() -> list[str]:
    """The product lines somebody bought of, in the order of their names."""
    found = (
        LifecyclePeriod.objects.exclude(line="").order_by("line").values_list("line", flat=True).distinct()
    )
    return list(found)


def course(line: str, length: str, now: datetime) -> Course:
    """The periods of this line with their evidence and the stage they tell."""
    length = Length(length)
    rows = list(LifecyclePeriod.objects.filter(line=line, length=length).order_by("begins"))
    whole = {}
    if line:
        business = LifecyclePeriod.objects.filter(line="", length=length)
        whole = {each.begins: each for each in business}
    today = timezone.localdate(now)
    periods = []
    for place, row in enumerate(rows):
        before = rows[place - 1].active if place else 0
        all_of_it = whole.get(row.begins)
        periods.append(
            Period(
                row, end_of(row.begins, length) <= today,
                row.retained / before if before else None, wilson(row.retained, before) if before else None,
                row.active / all_of_it.active if all_of_it and all_of_it.active else None,
                row.net / all_of_it.net if all_of_it and all_of_it.net > 0 else None,
            )
        )  # fmt: skip
    complete = [each.row for each in periods if each.is_complete]
    verdict = stage([r.active for r in complete], [r.new for r in complete], a_year=A_YEAR[length])
    return Course(line, length, periods[-SHOWN[length] :], verdict)


def end_of(begins: date, length: str) -> date:
    """The first day after the period."""
    months = 1 if length == Length.MONTH else 3
    year, month = divmod(begins.year * 12 + begins.month - 1 + months, 12)
    return date(year, month + 1, 1)


def begin_before(begins: date, length: str) -> date:
    months = 1 if length == Length.MONTH else 3
    year, month = divmod(begins.year * 12 + begins.month - 1 - months, 12)
    return date(year, month + 1, 1)


# -- the customers behind a number ---------------------------------------------------------------------------------


def customers(
    which: str, line: str, length: str, begins: date, *, after: int = 0, size: int = 50
) -> list[int]:
    """Ids of exactly the customers counted, in the order of their ids, beginning after one of them."""
    window, conditions = _COUNTED[which]
    further = "".join(
        f" AND {sign}{_BOUGHT.format(first=first, last=last)}" for sign, first, last in conditions
    )
    asked: dict[str, Any] = {
        "line": line, "after": after, "size": size, "ever": _midnight(date(1900, 1, 1)),
        "begins": _midnight(begins), "ends": _midnight(end_of(begins, length)),
        "before": _midnight(begin_before(begins, length)),
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_CUSTOMERS.format(first=window[0], last=window[1], further=further), asked)
        return [pk for (pk,) in cursor.fetchall()]


# Among whom to look, and what else must hold of them: bought (or not) from … until before ….
_COUNTED: dict[str, tuple[tuple[str, str], list[tuple[str, str, str]]]] = {
    "active": (("begins", "ends"), []),
    "new": (("begins", "ends"), [("NOT ", "ever", "begins")]),
    "retained": (("begins", "ends"), [("", "before", "begins")]),
    "reactivated": (("begins", "ends"), [("NOT ", "before", "begins"), ("", "ever", "before")]),
    "dormant": (("ever", "begins"), [("NOT ", "begins", "ends")]),
    "cumulative": (("ever", "ends"), []),
}
_SALE = """p.kind = 'sale' AND p.bought_at >= %({first})s AND p.bought_at < %({last})s
    AND (%(line)s::text = '' OR g.line = %(line)s::text)"""
_CUSTOMERS = f"""
    SELECT c.id FROM (
        SELECT DISTINCT coalesce(o.merged_into_id, o.id) AS id FROM understand_purchase p
        JOIN understand_customer o ON o.id = p.customer_id LEFT JOIN understand_product g ON g.id = p.product_id
        WHERE {_SALE}) c
    WHERE c.id > %(after)s{{further}} ORDER BY c.id LIMIT %(size)s
"""  # noqa: S608
_BOUGHT = f"""EXISTS (SELECT FROM understand_purchase p LEFT JOIN understand_product g ON g.id = p.product_id
    WHERE (p.customer_id = c.id OR p.customer_id IN (SELECT o.id FROM understand_customer o WHERE o.merged_into_id = c.id))
    AND {_SALE})"""  # noqa: S608


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


__all__ = ["Course", "Period", "Stage", "count_again", "count_next", "course", "customers", "lines"]
