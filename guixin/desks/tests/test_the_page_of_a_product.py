"""A product: what was bought of it and brought back, by whom, and its cases."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from guixin.channels.api.tests import make as api
from guixin.desks.tests.desk import noon, signed_in
from guixin.serve.tests import make
from guixin.understand.models import Product, Purchase
from guixin.understand.product_facts import facts_of

__all__ = ["noon"]
pytestmark = pytest.mark.usefixtures("noon")


@pytest.fixture
def zipper() -> Product:
    product = Product.objects.create(code="FS-5", name="5号防水拉链", line="防水", added_at=make.NOON)
    buyer, other = make.customer("海蓝服饰", "13800138000"), make.customer("雪岭户外", "13800138001")
    bought(product, buyer, 1, quantity=300, amount=24_000)
    bought(product, other, 40, quantity=100, amount=9_000)
    bought(product, buyer, 1, quantity=-50, amount=-4_000, kind="return")
    bought(product, buyer, 1, quantity=10, amount=1_000, currency="USD")
    bought(product, buyer, 4, quantity=-7, amount=-700, kind="correction")
    bought(product, buyer, 500, quantity=999, amount=99_900)
    return product


def bought(product, customer, days_ago, **line):
    number = Purchase.objects.count()
    return Purchase.objects.create(
        product=product, customer=customer, bought_at=make.NOON - timedelta(days=days_ago), source="books",
        order_key=f"D-{number}", line_key=f"{number}", landed_at=make.NOON, **{"currency": "CNY", **line},
    )  # fmt: skip


class TestTheFactsOfAProduct:
    def test_are_counted_month_by_month_without_corrections_and_what_is_older(self, zipper):
        facts = facts_of(zipper, make.NOON)

        by_month = {f"{each.begins:%Y-%m}": (each.sold, each.back) for each in facts.months}
        assert len(by_month) == 13
        assert by_month["2026-03"] == (Decimal(310), Decimal(50))
        assert by_month["2026-01"] == (Decimal(100), Decimal(0))
        assert sum(sold for sold, _back in by_month.values()) == Decimal(410)
        assert (facts.lines_sold, facts.lines_back, facts.buyers) == (3, 1, 2)

    def test_keep_currencies_apart(self, zipper):
        facts = facts_of(zipper, make.NOON)

        assert facts.net == {"CNY": 29_000, "USD": 1_000}
        assert [net for _customer, net in facts.best] == [20_000, 9_000]

    def test_judge_nothing_by_a_few_lines(self, zipper):
        assert facts_of(zipper, make.NOON).back_share is None

        for _number in range(17):
            bought(zipper, None, 5, quantity=1, amount=100)

        share, low, high = facts_of(zipper, make.NOON).back_share
        assert share == 1 / 20
        assert low < share < high


class TestThePageOfAProduct:
    def test_shows_who_bought_what_came_back_and_the_cases_that_name_it(self, zipper):
        case = make.case(product="5号防水拉链", subject="拉头漏水")
        make.case(product="3号尼龙拉链", subject="别的事")

        said = signed_in(make.wang()).get(f"/products/{zipper.pk}").content.decode()

        assert f'href="/customers/{Purchase.objects.order_by("pk")[0].customer_id}"' in said
        assert case.number in said
        assert "别的事" not in said
        assert "Not enough data for the share that came back" in said

    def test_asks_the_database_little(self, zipper):
        make.case(product="FS-5")
        client = signed_in(make.wang())
        client.get(f"/products/{zipper.pk}")

        with CaptureQueriesContext(connection) as asked:
            client.get(f"/products/{zipper.pk}")

        assert len(asked) <= 30

    def test_is_reached_from_the_purchases_and_found_by_code_name_or_line(self, zipper):
        client = signed_in(make.wang())

        assert f'href="/products/{zipper.pk}"' in client.get("/purchases").content.decode()
        for find in ("fs-5", "防水拉链", "防水"):
            assert f'href="/products/{zipper.pk}"' in client.get("/products", {"find": find}).content.decode()
        assert "No product was found" in client.get("/products", {"find": "金属"}).content.decode()

    def test_is_not_there_for_a_department(self, zipper):
        client = signed_in(make.li())

        assert client.get(f"/products/{zipper.pk}").status_code == 404
        assert client.get("/products").status_code == 404


class TestAProgram:
    def test_reads_the_same(self, zipper):
        make.case(product="FS-5")
        program = api.program(make.wang())

        [found] = program.get("/products?find=FS-5").said
        said = program.get(f"/products/{found['id']}").said

        assert (said["lines_sold"], said["lines_back"], said["cases"]) == (3, 1, 1)
        assert said["net"] == {"CNY": 29_000, "USD": 1_000}
        assert api.program(make.li()).get("/products").said == []
        assert api.program(make.li()).get(f"/products/{zipper.pk}").status_code == 404
