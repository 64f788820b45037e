"""A case names what its customer bought; that tells the price of what went wrong by itself."""

from decimal import Decimal

import pytest

from guixin.ledger.models import Entry
from guixin.serve import orders, stakes
from guixin.serve.models import CasePurchase
from guixin.serve.orders import CannotName
from guixin.serve.tests import make
from guixin.serve.tests.make import NOON
from guixin.understand.models import Product

pytestmark = pytest.mark.django_db


@pytest.fixture
def case():
    return make.case()


def name(case, *lines, quantity=None):
    return orders.name_purchases(
        case, dict.fromkeys([line.pk for line in lines], quantity), by=make.wang(), now=NOON
    )


def price(case) -> tuple[int, str] | None:
    found = stakes.price_of_cases([case.pk])
    return (found.amount, found.currency) if found else None


class TestNaming:
    def test_by_number_takes_every_line_of_the_order_once(self, case):
        make.purchase(case.customer, "D-7", 30_000)
        make.purchase(case.customer, "D-7", 5_000)

        made = orders.name_order(case, " D-7 ", by=make.wang(), now=NOON)
        orders.name_order(case, "D-7", by=make.wang(), now=NOON)

        assert len(made) == 2
        assert price(case) == (35_000, "CNY")
        assert CasePurchase.objects.count() == Entry.objects.filter(kind="serve.purchase_named").count() == 2

    def test_by_number_takes_the_line_of_the_cases_product_alone(self):
        zip_ = Product.objects.create(code="Z-5", name="5号尼龙拉链", added_at=NOON)
        case = make.case(product="5号尼龙拉链")
        line = make.purchase(case.customer, "D-7", 30_000, product=zip_)
        make.purchase(case.customer, "D-7", 5_000)
        [made] = orders.name_order(case, "D-7", by=make.wang(), now=NOON)
        assert made.purchase == line

    def test_another_number_of_pieces_is_named_anew(self, case):
        line = make.purchase(case.customer, "D-7", 30_000)
        name(case, line)
        name(case, line, quantity=Decimal(3))
        assert price(case) == (9_000, "CNY")
        assert case.named_purchases.count() == 2

    def test_is_taken_off_and_named_again_with_its_history(self, case):
        [named] = name(case, make.purchase(case.customer, "D-7"))

        orders.take_off(named, by=make.wang(), now=NOON)
        orders.take_off(named, by=make.wang(), now=NOON)
        assert price(case) is None
        orders.name_again(named, by=make.wang(), now=NOON)

        assert price(case) == (30_000, "CNY")
        kinds = list(
            Entry.objects.filter(kind__contains="purchase").order_by("pk").values_list("kind", flat=True)
        )
        assert kinds == ["serve.purchase_named", "serve.purchase_taken_off", "serve.purchase_named"]

    def test_is_undone_together(self, case):
        made = name(case, make.purchase(case.customer, "D-7"), make.purchase(case.customer, "D-8"))
        orders.take_back_naming(made[0], by=make.wang(), now=NOON)
        assert not case.named_purchases.standing()


class TestIsRefused:
    def test_what_another_customer_bought_in_the_words_for_what_nobody_did(self, case):
        line = make.purchase(make.customer("李四", "13900139000"), "D-7")
        with pytest.raises(CannotName, match="has no such purchase"):
            name(case, line)
        for order in ("D-7", "D-404"):
            with pytest.raises(CannotName, match=f"has no order “{order}”"):
                orders.name_order(case, order, by=make.wang(), now=NOON)

    def test_what_took_something_back_and_what_corrects_the_books(self, case):
        sale = make.purchase(case.customer, "D-7")
        back = make.purchase(case.customer, "R-7", -30_000, quantity=-10, kind="return", takes_back=sale)
        with pytest.raises(CannotName, match="took something back"):
            name(case, back)
        with pytest.raises(CannotName, match="took something back"):
            orders.name_order(case, "R-7", by=make.wang(), now=NOON)
        with pytest.raises(CannotName, match="corrects the books"):
            name(case, make.purchase(case.customer, "K-7", kind="correction"))

    def test_more_pieces_than_were_bought(self, case):
        line = make.purchase(case.customer, "D-7")
        for number in (Decimal(11), Decimal(0), Decimal(-1)):
            with pytest.raises(CannotName, match="10 were bought"):
                name(case, line, quantity=number)

    def test_an_order_of_two_sources_and_a_case_of_nobody(self, case):
        make.purchase(case.customer, "D-7")
        make.purchase(case.customer, "D-7", source="other")
        with pytest.raises(CannotName, match="Several sources"):
            orders.name_order(case, "D-7", by=make.wang(), now=NOON)
        with pytest.raises(CannotName, match="No customer is named"):
            orders.name_order(make.case(customer=None), "D-7", by=make.wang(), now=NOON)


class TestThePriceItTells:
    def test_is_less_what_came_back_never_more_than_is_left(self, case):
        line = make.purchase(case.customer, "D-7", 30_000)
        make.purchase(case.customer, "R-7", -12_000, quantity=-4, kind="return", takes_back=line)
        name(case, line)
        assert price(case) == (18_000, "CNY")
        name(case, line, quantity=Decimal(5))
        assert price(case) == (15_000, "CNY")
        name(case, line, quantity=Decimal(8))
        assert price(case) == (18_000, "CNY")

    def test_is_none_of_an_order_that_came_back_in_full(self, case):
        line = make.purchase(case.customer, "D-7", 30_000)
        make.purchase(case.customer, "R-7", -30_000, quantity=-10, kind="cancellation", takes_back=line)
        name(case, line)
        assert price(case) is None
        with pytest.raises(stakes.CannotState, match="came back in full"):
            stakes.state_price(case, None, "", order="D-7", by=make.wang(), now=NOON)

    def test_is_in_the_currency_of_the_order_named_first(self, case):
        dollars = make.purchase(case.customer, "U-7", 5_000, currency="USD")
        name(case, dollars, make.purchase(case.customer, "D-7", 30_000))
        assert price(case) == (5_000, "USD")

    def test_gives_way_to_what_somebody_states(self, case):
        name(case, make.purchase(case.customer, "D-7", 30_000))
        stakes.state_price(case, 1_000, "CNY", by=make.wang(), now=NOON)
        assert price(case) == (1_000, "CNY")
