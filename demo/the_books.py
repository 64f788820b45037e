"""What the firm's customers bought in the last fifteen months, as it comes from the books: three times lately, each time
everybody is graded by it and sorted into segments. Nobody is given a grade here; the rules tell it from the lines."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from random import Random
from typing import Any

from django.db import connection
from django.utils import timezone

from demo.ninety_days import customers_file
from guixin.understand import grading, sorting
from guixin.understand.models import Customer
from guixin.understand.purchase_lines import Terms, read_line
from guixin.understand.taking_in_purchases import batch_for_now, land, put_aside

SOURCE = "books"
CLOSED_AGO = (
    88,
    53,
    18,
)  # days: five weeks apart, so each is in a month of its own, as the rules of grades ask
LAST_AGO = 1  # what was bought since then has come in yesterday
REACHES_BACK = 460
# By the letter in customers.toml: days between two orders, and what one is worth in yuan.
HABITS = {"A": ((9, 22), (16_000, 60_000)), "B": ((24, 45), (6_000, 20_000)), "": ((40, 90), (1_500, 9_000))}
Order = dict[str, Any]


def orders_of(customer: Customer, letter: str, now: datetime) -> Iterator[Order]:
    """What one customer bought, the same for the same customer and day."""
    chance = Random(f"账 {customer.name}")
    (soonest, latest), (least, most) = HABITS[letter]
    usual = chance.uniform(soonest, latest)
    ago = chance.uniform(REACHES_BACK * 0.5, REACHES_BACK)
    stops = chance.uniform(120, 200) if not letter and chance.random() < 0.3 else 0  # some have left us
    while ago > max(stops, LAST_AGO):
        yield order(chance, customer, now - timedelta(days=ago), chance.uniform(least, most))
        ago -= usual * chance.uniform(0.6, 1.4)


def order(chance: Random, customer: Customer, at: datetime, yuan: float) -> Order:
    at = timezone.localtime(at).replace(
        hour=8 + chance.randrange(9), minute=chance.randrange(60)
    )  # no buyer orders at night
    product = chance.choice(customers_file()["products"])
    each = chance.choice([45, 60, 85, 120])  # yuan a hundred
    return {
        "customer_id": customer.pk, "order": f"X{at:%y%m%d}-{customer.pk}", "bought_at": at, "product": product,
        "product_line": product.lstrip("0123456789号").removesuffix("拉链") or "尼龙",
        "quantity": f"{yuan / each:.0f}", "unit_price": str(each),
    }  # fmt: skip


def tell(customers: Sequence[Customer], besides: Sequence[Order], now: datetime) -> None:
    """Land every line when it came in; grade and sort when the books were closed. `besides`: the orders of a story."""
    known = customers_file()["companies"]
    letters = {name: letter for name, _phone, letter in known}
    orders = [
        *besides,
        *(
            one
            for customer in customers
            if customer.name in letters
            for one in orders_of(customer, letters[customer.name], now)
        ),
    ]
    orders.sort(key=lambda one: one["bought_at"])
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [sorting.PEN])  # a worker may be at work beside us
    since = now - timedelta(days=REACHES_BACK + 1)
    for ago in CLOSED_AGO:
        closed = now - timedelta(days=ago)
        _land([one for one in orders if since <= one["bought_at"] < closed], closed)
        grading.grade_when_due(closed)
        sorting.run_next(closed)
        since = closed
    until = now - timedelta(days=LAST_AGO)
    _land([one for one in orders if since <= one["bought_at"] < until], until)


def _land(orders: Sequence[Order], now: datetime) -> None:
    batch, terms = batch_for_now(), Terms(currency="CNY")
    put_aside(batch, (line for n, one in enumerate(orders, 1) if (line := read_line(n, one, terms, now)[0])))
    land(batch, SOURCE, now=now)
