"""One product: what was bought of it and brought back, month by month, and by whom. Twelve months and the one we are in."""

from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from django.db import connection
from django.utils import timezone

from guixin.understand.models import Product
from guixin.web import money
from guixin.web.intervals import wilson

MONTHS = 12
LEAST_LINES = 20  # with fewer lines sold the share that came back is chance


@dataclass(frozen=True)
class Month:
    """`sold` and `back`: quantities, both positive."""

    begins: date
    sold: Decimal
    back: Decimal


@dataclass(frozen=True)
class ProductFacts:
    """Since `since`. Sums in minor units by currency, the firm's own first; nothing is converted. `buyers`: customers who
    bought it, `best` the ids of those with the highest net sum in the firm's currency, each with it."""

    since: datetime
    months: list[Month]
    lines_sold: int
    lines_back: int
    net: dict[str, int]
    buyers: int
    best: list[tuple[int, int]]
    last_bought_at: datetime | None

    @property
    def back_share(self) -> tuple[float, float, float] | None:
        """The share of lines that came back, with its 95 % interval; None where there is not enough data."""
        if self.lines_sold < LEAST_LINES:
            return None
        back = min(self.lines_back, self.lines_sold)
        return back / self.lines_sold, *wilson(back, self.lines_sold)


def facts_of(product: Product, now: datetime) -> ProductFacts:
    """What the purchases of this product say; a few statements over its index, however many customers there are."""
    today = timezone.localdate(now)
    begins = [_month_before(today.replace(day=1), number) for number in range(MONTHS, -1, -1)]
    since = timezone.make_aware(datetime.combine(begins[0], time.min))
    asked: dict[str, Any] = {
        "product": product.pk, "since": since, "until": now, "zone": timezone.get_default_timezone_name(),
        "currency": money.firm_currency(),
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_BY_MONTH, asked)
        rows = cursor.fetchall()
        cursor.execute(_BUYERS, asked)
        buyers, last = cursor.fetchone()
        cursor.execute(_BEST, asked)
        best = cursor.fetchall()
        cursor.execute(_NET, asked)
        net = dict(cursor.fetchall())
    sold = {month: quantity for month, is_sale, _n, quantity in rows if is_sale}
    back = {month: -quantity for month, is_sale, _n, quantity in rows if not is_sale}
    return ProductFacts(
        since=since,
        months=[Month(each, sold.get(each, Decimal(0)), back.get(each, Decimal(0))) for each in begins],
        lines_sold=sum(n for _month, is_sale, n, _q in rows if is_sale),
        lines_back=sum(n for _month, is_sale, n, _q in rows if not is_sale),
        net=dict(sorted(net.items(), key=lambda each: (each[0] != asked["currency"], each[0]))),
        buyers=buyers,
        best=best,
        last_bought_at=last,
    )


def _month_before(begins: date, number: int) -> date:
    year, month = divmod(begins.year * 12 + begins.month - 1 - number, 12)
    return date(year, month + 1, 1)


_OF_IT = """FROM understand_purchase p WHERE p.product_id = %(product)s AND p.bought_at >= %(since)s
    AND p.bought_at <= %(until)s AND p.kind <> 'correction'"""
_BY_MONTH = f"""
    SELECT date_trunc('month', p.bought_at AT TIME ZONE %(zone)s)::date, p.kind = 'sale', count(*), sum(p.quantity)
    {_OF_IT} GROUP BY 1, 2
"""
_NET = f"SELECT p.currency, sum(p.amount)::bigint {_OF_IT} GROUP BY 1"
_BUYERS = f"""
    SELECT count(DISTINCT coalesce(c.merged_into_id, c.id)), max(b.bought_at)
    FROM (SELECT p.customer_id, p.bought_at {_OF_IT} AND p.kind = 'sale') b
    LEFT JOIN understand_customer c ON c.id = b.customer_id
"""  # noqa: S608
_BEST = f"""
    SELECT coalesce(c.merged_into_id, c.id) AS id, sum(b.amount)::bigint AS net
    FROM (SELECT p.customer_id, p.amount {_OF_IT} AND p.currency = %(currency)s) b
    JOIN understand_customer c ON c.id = b.customer_id
    GROUP BY 1 HAVING sum(b.amount) > 0 ORDER BY net DESC, id LIMIT 10
"""  # noqa: S608
