"""An order number in the words of a case names its purchase, where it is certain."""

import pytest

from guixin.serve import merging, orders, orders_in_words, replying
from guixin.serve.finding import find
from guixin.serve.stakes import price_of_cases
from guixin.serve.tests import make
from guixin.serve.tests.make import NOON
from guixin.understand import merging as customers
from guixin.understand.models import Customer

pytestmark = pytest.mark.django_db


def named(case) -> list[str]:
    return [each.purchase.order_key for each in case.named_purchases.standing()]


@pytest.fixture
def buyer() -> Customer:
    customer = make.customer()
    make.purchase(customer, "D-1001", 30_000)
    return customer


class TestANumberInTheWords:
    @pytest.mark.parametrize(
        "story",
        ["订单D-1001收到后褪色", "单号：Ｄ-1001。", "order d-1001, faded", "D-1000/D-1001都有", "（D-1001）"],
    )
    def test_names_the_purchase_as_the_case_comes_in(self, buyer, story):
        case = make.case(story=story)
        assert named(case) == ["D-1001"]
        assert case.named_purchases.get().how == "found"
        assert case.named_purchases.get().by is None

    def test_names_it_when_the_customer_adds_it_later(self, buyer):
        case = make.case()
        replying.customer_adds(case, "补充：订单号 D-1001", now=NOON)
        assert named(case) == ["D-1001"]

    @pytest.mark.parametrize("story", ["D-10011", "XD-1001", "D-1001-2", "1001", "客户号 D1001"])
    def test_names_nothing_that_is_not_the_whole_number(self, buyer, story):
        assert named(make.case(story=story)) == []

    def test_names_no_short_number_and_none_of_two_sources(self, buyer):
        make.purchase(buyer, "88", 100)
        make.purchase(buyer, "D-2002", 100)
        make.purchase(buyer, "D-2002", 100, source="other")
        assert named(make.case(story="买了88条，订单D-2002")) == []

    def test_never_names_what_somebody_else_bought(self, buyer):
        stranger = make.customer("李四", "13900139000")
        assert named(make.case(story="订单D-1001", customer=stranger)) == []
        assert named(make.case(story="订单D-1001", customer=None)) == []

    def test_leaves_what_somebody_took_off(self, buyer):
        case = make.case(story="订单D-1001")
        orders.take_off(case.named_purchases.get(), by=make.wang(), now=NOON)
        replying.customer_adds(case, "D-1001", now=NOON)
        assert named(case) == []

    def test_is_looked_for_in_one_text_so_often_and_no_more(self):
        text = " ".join(f"D-{number:06d}" for number in range(500))
        assert len(orders_in_words.order_numbers(text)) == orders_in_words.LOOKED_AT


class TestFindingACaseByItsOrder:
    def test_finds_the_case_that_names_it_and_the_cases_of_its_buyer(self, buyer):
        case, other = make.case(story="订单D-1001"), make.case(subject="问价", kind="enquiry")
        found = find("d-1001", make.wang())
        assert (found.cases[0].case, found.cases[0].why) == (case, "order")
        assert other in [each.case for each in found.cases]
        assert [each.customer for each in found.customers] == [buyer]

    def test_finds_nothing_for_who_may_not_see_the_case(self, buyer):
        make.case(story="订单D-1001", departments=[make.quality().pk])
        assert find("D-1001", make.li()).cases
        outside = find("D-1001", make.zhao())
        assert (outside.cases, outside.customers) == ([], [])


class TestCasesAndCustomersThatBecomeOne:
    def test_are_about_the_purchases_of_both_counted_once(self, buyer):
        make.purchase(buyer, "D-1002", 5_000)
        case, into = make.case(story="D-1001 D-1002"), make.case(story="D-1001", subject="又一次")
        merging.merge(case, into, by=make.wang(), now=NOON)
        assert sorted(named(into)) == ["D-1001", "D-1002"]
        assert price_of_cases([case.pk, into.pk]).amount == 35_000

    def test_are_copied_to_what_is_split_off(self, buyer):
        case = make.case(story="订单D-1001")
        fresh = merging.split(case, "第二件事", by=make.wang(), now=NOON)
        assert named(fresh) == ["D-1001"]
        assert fresh.named_purchases.get().how == "carried"
        assert price_of_cases([case.pk, fresh.pk]).amount == 30_000

    def test_part_with_what_is_another_customers_again(self, buyer):
        twin = make.customer("张叁", "13700137000")
        make.purchase(twin, "D-3003", 100)
        merge = customers.merge(twin, buyer, by=make.wang(), now=NOON)
        case = make.case(story="D-1001, D-3003")
        assert sorted(named(case)) == ["D-1001", "D-3003"]

        customers.undo(merge, by=make.wang(), now=NOON)

        assert named(case) == ["D-1001"]
